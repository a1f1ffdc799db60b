//! What `paginate` wires: the page that is wanted, and how many items it has.

use super::batch;
use super::expr::{check, mismatch};
use super::inputs;
use super::ir::{Function, Native, TExpr, TKind, TShape, TShapeKind};
use super::operations::Resolved;
use super::paginate::{At, Is, Parameters, Slot, bare, names_page, takes_integer};
use super::scope::{Env, Scope};
use super::ty::{Ty, TyKind};
use crate::composition::ast::{Call, Endpoint, InputPlace, Pages, PagesOf, Paginate, Shape, ShapeField, ShapeKind};
use crate::diag::Diagnostic;
use crate::expr::ast::{Expr, ExprKind};
use crate::schema::{Kind, Schema, SchemaId, Schemas, StringRules};
use crate::source::{Span, Spanned};

/// The name of the page in the arguments of a call that is made for each.
pub const AT: &str = "the page";

/// The runtime's function that reads the number of a page from a client's token.
pub const NUMBER: &str = "paging::number";

/// What it is set to; the size as `with` or `body` says it, where they do.
#[derive(Clone, Debug, Default)]
pub struct Wired {
    /// The page.
    pub page: Option<TExpr>,
    /// How many items it has.
    pub size: Option<TExpr>,
}

/// The call with what pagination puts into its body; none where that is nothing. What names the page is [`AT`].
pub fn with_fields(env: &Env, call: &Call, found: &Parameters) -> Option<Call> {
    let paginate = call.paginate.as_ref()?;
    let field = |slot: &Option<Slot>| match slot {
        Some(Slot { at: At::Field(field), schema }) => Some((field.clone(), *schema)),
        _ => None,
    };
    let (page, size) = (field(&found.page), field(&found.size));
    if page.is_none() && size.is_none() {
        return None;
    }
    let mut made = call.clone();
    let empty = || Shape { span: paginate.span, kind: ShapeKind::Object(Box::default()) };
    let ShapeKind::Object(object) = &mut made.body.get_or_insert_with(empty).kind else { return None };
    let mut put = |name: Spanned<String>, kind: ShapeKind| {
        if !object.fields.iter().any(|field| field.name.value == name.value) {
            let shape = Shape { span: name.span, kind };
            object.fields.push(ShapeField { name, shape });
        }
    };
    if let Some((name, _)) = page {
        let named = Expr { span: name.span, kind: ExprKind::Ident(AT.into()) };
        put(name, ShapeKind::Expr(named));
    }
    if let Some((name, schema)) = size
        && let Some(size) = greatest(env, paginate, schema)
    {
        put(name, ShapeKind::Literal(size.into()));
    }
    Some(made)
}

/// The type of [`AT`] where the call itself reads it.
pub fn at_type(env: &Env, call: &Call, found: &Parameters) -> Option<Ty> {
    let paginate = call.paginate.as_ref()?;
    found.page.as_ref().filter(|slot| matches!(slot.at, At::Field(_)))?;
    let ty = if takes_integer(env, found) { Ty::int() } else { Ty::string() };
    let by_count = matches!(paginate.pages, Pages::Page { .. } | Pages::Offset { .. });
    let gathered = matches!(paginate.of, PagesOf::Gathered { .. });
    Some(if by_count && gathered { ty } else { ty.optional() })
}

/// The size of pages that are gathered: as large as they may be.
fn greatest(env: &Env, paginate: &Paginate, schema: SchemaId) -> Option<i64> {
    let PagesOf::Gathered { max, .. } = &paginate.of else { return None };
    Some(bounds(&env.specs.schemas, schema).0?.min(i64::from(max.value)))
}

/// The schema of a token that comes from the client: of the parameter, or a text of digits.
pub fn token_schema(env: &mut Env, paginate: &Paginate, resolved: &Resolved) -> Option<SchemaId> {
    let name = names_page(&paginate.pages)?;
    let parameters = &resolved.operation.parameters;
    let (schema, span, text) = match inputs::find_parameter(parameters, &name.value) {
        Some(at) => {
            let param = &parameters[at];
            (param.schema, param.span, inputs::input_schema(env, param))
        }
        None => {
            let field = batch::property(env, resolved.sends.as_ref()?.schema, name.value.strip_prefix("body.")?)?;
            let (schema, span) = (field.schema, field.span);
            let text = match env.specs.schemas.get(schema).kind {
                Kind::Nullable(inner) => inner,
                _ => schema,
            };
            (schema, span, text)
        }
    };
    if bare(&env.specs.schemas, schema) == Some(Is::Text) {
        return Some(text);
    }
    let counts_from_one = matches!(paginate.pages, Pages::Page { first: 1, .. });
    let pattern = if counts_from_one { "^[1-9][0-9]{0,14}$" } else { "^(0|[1-9][0-9]{0,14})$" };
    let rules = StringRules { pattern: Some(pattern.into()), ..StringRules::default() };
    Some(env.specs.schemas.add(Schema::new(span, "token", Kind::String(rules))))
}

/// What pagination wires: the page, and the size of one where `with` and `body` say nothing. `args`: what `with` says;
/// `body`: as it was made, with [`with_fields`].
pub fn wire(
    env: &mut Env,
    scope: &mut Scope,
    call: &Call,
    found: &Parameters,
    args: &mut Vec<(usize, TExpr)>,
    body: &mut Option<TShape>,
) -> Wired {
    let Some(paginate) = &call.paginate else { return Wired::default() };
    let mut wired = Wired::default();
    if let Some(slot) = &found.page {
        let is_integer = takes_integer(env, found);
        let ty = if is_integer { Ty::int() } else { Ty::string() };
        wired.page = match (&paginate.of, &paginate.pages) {
            (PagesOf::Token(token), _) => {
                let token = self::token(env, scope, token);
                match is_integer {
                    _ if token.ty.is_error() => None,
                    true => Some(native(NUMBER, ty.optional(), vec![token])),
                    false => Some(token),
                }
            }
            (_, Pages::Page { .. } | Pages::Offset { .. }) => Some(local(ty, paginate.span)),
            _ => Some(local(ty.optional(), paginate.span)),
        };
        match (&slot.at, &wired.page) {
            (At::Parameter(at), Some(page)) => args.push((*at, page.clone())),
            (At::Field(name), Some(page)) => {
                if let Some(field) = field_of(body, &name.value) {
                    field.kind = TShapeKind::Expr(page.clone());
                }
            }
            (_, None) => {}
        }
    }
    if let Some(slot) = &found.size {
        let literal = |size: i64| TExpr { ty: Ty::int(), kind: TKind::Int(size), span: paginate.span };
        match &slot.at {
            At::Parameter(at) => {
                let given = args.iter().find(|(wired, _)| wired == at).map(|(_, size)| size.clone());
                wired.size = given.or_else(|| {
                    let size = literal(greatest(env, paginate, slot.schema)?);
                    args.push((*at, size.clone()));
                    Some(size)
                });
            }
            At::Field(name) => {
                wired.size = match field_of(body, &name.value).map(|field| &field.kind) {
                    Some(TShapeKind::Expr(size)) => Some(size.clone()),
                    Some(TShapeKind::Literal(size)) => size.as_i64().map(literal),
                    _ => None,
                };
            }
        }
    }
    args.sort_by_key(|(at, _)| *at);
    wired
}

/// A field of a body.
fn field_of<'b>(body: &'b mut Option<TShape>, name: &str) -> Option<&'b mut TShape> {
    match &mut body.as_mut()?.kind {
        TShapeKind::Object { fields, .. } => {
            fields.iter_mut().find(|field| field.name == name).map(|field| &mut field.shape)
        }
        _ => None,
    }
}

fn local(ty: Ty, span: Span) -> TExpr {
    TExpr { ty, kind: TKind::Local(AT.into()), span }
}

/// A function of the runtime.
pub fn native(path: &'static str, ty: Ty, args: Vec<TExpr>) -> TExpr {
    let span = args[0].span;
    TExpr { ty, kind: TKind::Function(Function::Native(Native { path, fails: false }), args), span }
}

/// The client's token: an input that is a string, and need not be sent.
fn token(env: &mut Env, scope: &mut Scope, token: &Expr) -> TExpr {
    let value = scope.without_hooks("`token`", |scope| check(env, scope, token));
    match (&value.ty.present().kind, &value.kind) {
        (TyKind::Error, _) => value,
        (TyKind::Str, TKind::Input(at)) if !scope.inputs[*at].required => value,
        (TyKind::Str, TKind::Input(at)) => {
            let message = "the first page has no token, and this input must always be sent";
            let diag = Diagnostic::error("BFF0451", message, value.span);
            env.diags.push(match scope.inputs[*at].place {
                InputPlace::Path => diag.help("take the token from the query: `query.after`"),
                _ => diag.help("take `required: true` out of its declaration"),
            });
            TExpr::error(value.span)
        }
        (_, TKind::Input(_)) => mismatch(env, &value, "`token` is an input that is a string"),
        _ => {
            let message = "`token` is an input, like `query.after`";
            let help = "it is what the client sends of the answer before: `meta.<call>.next` there";
            env.diags.push(Diagnostic::error("BFF0451", message, value.span).help(help));
            TExpr::error(value.span)
        }
    }
}

/// Calls that are turned by one token: where their pages are told apart in different ways, it cannot be one of both.
pub fn shared_tokens(env: &mut Env, endpoint: &Endpoint) {
    let mut known: Vec<(InputPlace, String, Span, &Pages)> = Vec::new();
    for paginate in endpoint.calls.iter().filter_map(|call| call.paginate.as_ref()) {
        let PagesOf::Token(token) = &paginate.of else { continue };
        let Some((place, name, span)) = inputs::plain_input(token) else { continue };
        let same = |other: &&(InputPlace, String, Span, &Pages)| {
            other.0 == place && inputs::same_name(place, &other.1, &name) && !alike(other.3, &paginate.pages)
        };
        if let Some((_, _, first, _)) = known.iter().find(same) {
            let message = "one token cannot turn the pages of two calls that tell them apart in different ways";
            let diag = Diagnostic::error("BFF0451", message, span).label(*first, "the other call's token");
            env.diags.push(diag.help("take another input for this call: `query.otherPage`"));
        }
        known.push((place, name, span, &paginate.pages));
    }
}

fn alike(a: &Pages, b: &Pages) -> bool {
    match (a, b) {
        (Pages::Page { first, .. }, Pages::Page { first: other, .. }) => first == other,
        (Pages::Offset { .. }, Pages::Offset { .. }) => true,
        (Pages::Cursor { .. }, Pages::Cursor { .. }) => true,
        (Pages::Link { param }, Pages::Link { param: other }) => {
            param.as_ref().map(|param| &param.value) == other.as_ref().map(|param| &param.value)
        }
        _ => false,
    }
}

/// The greatest value that a parameter takes, where its schema says it, else its default; and the default.
fn bounds(schemas: &Schemas, id: SchemaId) -> (Option<i64>, Option<i64>) {
    let schema = schemas.get(id);
    let default = schema.default.as_ref().and_then(|default| default.as_i64());
    let rules = match &schema.kind {
        Kind::Nullable(inner) => return bounds(schemas, *inner),
        Kind::Integer(rules) => rules,
        _ => return (default, default),
    };
    let greatest = rules.maximum.as_ref().and_then(|maximum| maximum.parse().ok());
    (greatest.or(default), default)
}

/// How many items a page has where nothing is sent.
pub fn default_size(env: &Env, slot: &Slot) -> Option<i64> {
    bounds(&env.specs.schemas, slot.schema).1
}
