//! `paginate`: which parameters it sets, and to what.

use super::arguments;
use super::expr::{check, mismatch};
use super::inputs;
use super::ir::{Function, Native, TExpr, TKind};
use super::operations::Resolved;
use super::scope::{Env, Scope};
use super::ty::{Ty, TyKind};
use crate::composition::ast::{Call, Pages, PagesOf, Paginate};
use crate::diag::Diagnostic;
use crate::expr::ast::Expr;
use crate::openapi::Parameter;
use crate::schema::{Kind, Schema, SchemaId, Schemas, StringRules};
use crate::source::{Span, Spanned};

/// The name of the page in the arguments of a call that is made for each.
pub const AT: &str = "the page";

/// The parameters that pagination sets, by position.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// What names the page: none for links that are followed.
    pub page: Option<usize>,
    /// How many items a page has.
    pub size: Option<usize>,
}

impl Parameters {
    /// Whether it sets a parameter.
    pub fn sets(&self, at: usize) -> bool {
        self.page == Some(at) || self.size == Some(at)
    }
}

/// Finds the parameters; what cannot be together is said.
pub fn parameters(env: &mut Env, call: &Call, resolved: &Resolved) -> Option<Parameters> {
    let paginate = call.paginate.as_ref()?;
    let mut fine = true;
    for (what, span) in [
        ("`each`", call.each.as_ref().map(|each| each.variable.span)),
        ("`stream`", call.stream.as_ref().map(|stream| stream.span)),
    ] {
        if let Some(span) = span {
            let message = format!("`paginate` does not go with {what}");
            let diag = Diagnostic::error("BFF0451", message, paginate.span).label(span, "which stands here");
            env.diags.push(diag.help("pages are the pages of one call, which are read: make it a call of its own"));
            fine = false;
        }
    }
    let schemas = |env: &Env, at: usize| bare(&env.specs.schemas, resolved.operation.parameters[at].schema);
    let mut found = Parameters::default();
    let named = match &paginate.pages {
        Pages::Page { param, .. } | Pages::Offset { param } => Some((param, true)),
        Pages::Cursor { param, .. } | Pages::Link { param: Some(param) } => Some((param, false)),
        Pages::Link { param: None } => None,
    };
    if let Some((name, is_number)) = named {
        found.page = arguments::find(env, resolved, name);
        fine &= found.page.is_some();
        if let Some(at) = found.page {
            let kind = schemas(env, at);
            let fits = if is_number { kind == Some(Is::Integer) } else { kind.is_some() };
            let wanted = if is_number { "an integer" } else { "a string or an integer" };
            fine &= fits || refuse(env, resolved, at, name, &format!("names a page, which is {wanted}"));
            if let Some((wired, _)) = call
                .with
                .iter()
                .find(|(with, _)| inputs::find_parameter(&resolved.operation.parameters, &with.value) == Some(at))
            {
                let message = format!("`{}` is set by `paginate`", name.value);
                let diag = Diagnostic::error("BFF0451", message, wired.span).label(name.span, "here");
                env.diags.push(diag.help("take it out of `with`"));
                fine = false;
            }
        }
    }
    if let Some(name) = &paginate.size {
        found.size = arguments::find(env, resolved, name);
        fine &= found.size.is_some();
        if let Some(at) = found.size {
            let fits = schemas(env, at) == Some(Is::Integer);
            fine &= fits || refuse(env, resolved, at, name, "is the size of a page, which is an integer");
        }
    }
    fine.then_some(found)
}

fn refuse(env: &mut Env, resolved: &Resolved, at: usize, name: &Spanned<String>, why: &str) -> bool {
    let message = format!("the parameter `{}` {why}", name.value);
    let span = resolved.operation.parameters[at].span;
    env.diags.push(Diagnostic::error("BFF0451", message, name.span).label(span, "declared here as something else"));
    false
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Integer,
    Text,
}

/// What a parameter that can name a page is.
fn bare(schemas: &Schemas, id: SchemaId) -> Option<Is> {
    match &schemas.get(id).kind {
        Kind::Nullable(inner) => bare(schemas, *inner),
        Kind::Integer(_) => Some(Is::Integer),
        Kind::String(_) => Some(Is::Text),
        _ => None,
    }
}

/// The schema of a token that comes from the client: of the parameter, or a text of digits.
pub fn token_schema(env: &mut Env, paginate: &Paginate, resolved: &Resolved) -> Option<SchemaId> {
    let (param, first) = match &paginate.pages {
        Pages::Page { param, first } => (param, *first),
        Pages::Offset { param } | Pages::Cursor { param, .. } | Pages::Link { param: Some(param) } => (param, 0),
        Pages::Link { param: None } => return None,
    };
    let at = inputs::find_parameter(&resolved.operation.parameters, &param.value)?;
    let param: &Parameter = &resolved.operation.parameters[at];
    if bare(&env.specs.schemas, param.schema) == Some(Is::Text) {
        return Some(inputs::input_schema(env, param));
    }
    let pattern = if first == 1 { "^[1-9][0-9]{0,14}$" } else { "^(0|[1-9][0-9]{0,14})$" };
    let rules = StringRules { pattern: Some(pattern.into()), ..StringRules::default() };
    Some(env.specs.schemas.add(Schema::new(param.span, "token", Kind::String(rules))))
}

/// What pagination wires: the page, and the size of one where `with` says nothing. `args`: what `with` says.
pub fn wire(
    env: &mut Env,
    scope: &mut Scope,
    call: &Call,
    resolved: &Resolved,
    found: &Parameters,
    args: &mut Vec<(usize, TExpr)>,
) {
    let Some(paginate) = &call.paginate else { return };
    let parameters = &resolved.operation.parameters;
    if let Some(at) = found.page {
        let is_integer = bare(&env.specs.schemas, parameters[at].schema) == Some(Is::Integer);
        let ty = if is_integer { Ty::int() } else { Ty::string() };
        let value = match (&paginate.of, &paginate.pages) {
            (PagesOf::Token(token), _) => {
                let token = self::token(env, scope, token);
                match is_integer {
                    _ if token.ty.is_error() => None,
                    true => Some(native("paging::number", ty.optional(), vec![token])),
                    false => Some(token),
                }
            }
            (_, Pages::Page { .. } | Pages::Offset { .. }) => Some(local(ty, paginate.span)),
            _ => Some(local(ty.optional(), paginate.span)),
        };
        args.extend(value.map(|value| (at, value)));
    }
    // Pages that are gathered are as large as they may be.
    if let (Some(at), PagesOf::Gathered { max, .. }) = (found.size, &paginate.of)
        && !args.iter().any(|(wired, _)| *wired == at)
        && let Some(size) = bounds(&env.specs.schemas, parameters[at].schema).0
    {
        let size = size.min(i64::from(max.value));
        args.push((at, TExpr { ty: Ty::int(), kind: TKind::Int(size), span: paginate.span }));
    }
    args.sort_by_key(|(at, _)| *at);
}

fn local(ty: Ty, span: Span) -> TExpr {
    TExpr { ty, kind: TKind::Local(AT.into()), span }
}

/// A function of the runtime.
pub fn native(path: &'static str, ty: Ty, args: Vec<TExpr>) -> TExpr {
    let span = args[0].span;
    TExpr { ty, kind: TKind::Function(Function::Native(Native { path, fails: false }), args), span }
}

/// The client's token: an input that is a string.
fn token(env: &mut Env, scope: &mut Scope, token: &Expr) -> TExpr {
    let value = scope.without_hooks("`token`", |scope| check(env, scope, token));
    match (&value.ty.present().kind, &value.kind) {
        (TyKind::Str, TKind::Input(_)) | (TyKind::Error, _) => value,
        (_, TKind::Input(_)) => mismatch(env, &value, "`token` is an input that is a string"),
        _ => {
            let message = "`token` is an input, like `query.after`";
            let help = "it is what the client sends of the answer before: `meta.<call>.next` there";
            env.diags.push(Diagnostic::error("BFF0451", message, value.span).help(help));
            TExpr::error(value.span)
        }
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

/// Whether the parameter that names a page is an integer.
pub fn takes_integer(env: &Env, resolved: &Resolved, found: &Parameters) -> bool {
    let of = |at: usize| bare(&env.specs.schemas, resolved.operation.parameters[at].schema);
    found.page.is_some_and(|at| of(at) == Some(Is::Integer))
}

/// How many items a page has where nothing is sent.
pub fn default_size(env: &Env, resolved: &Resolved, at: usize) -> Option<i64> {
    bounds(&env.specs.schemas, resolved.operation.parameters[at].schema).1
}
