//! Arguments of hooks and named shapes: what fits by its parts is made into the wanted type.

use super::by_type::{self, Want};
use super::demand::is_free;
use super::expr::{adapt, check, coerce};
use super::ir::{TExpr, TKind};
use super::promise;
use super::scope::{Env, Scope};
use super::ty::{self, Ty, TyKind};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::expr::ast::{Expr, ExprKind};
use crate::schema::{Kind, Property, SchemaId, Schemas};
use crate::source::Span;

/// Who takes an argument.
pub struct Taker<'a> {
    /// `the hook `label``
    pub owner: String,
    /// The name of the argument.
    pub argument: &'a str,
    /// Where the owner is declared.
    pub span: Span,
    /// Whether what it is given goes out as its schema says.
    pub promises: bool,
}

/// Why a value does not fit: where in it, and what is wrong there.
struct Misfit {
    path: String,
    why: Why,
}

enum Why {
    /// A required member is not declared; of the object of this name.
    Missing {
        object: SchemaId,
        wanted: Span,
    },
    /// A member may be absent, or null, and must not be.
    Absent(Option<Span>),
    Null,
    /// Another kind of value.
    Kind {
        found: Ty,
        wanted: Ty,
    },
    /// An object that holds itself, or one of several: only a value of the same schema fits.
    Own(SchemaId),
}

/// Checks an argument and makes it fit: an object by its fields, a list by its items, a map by its values.
pub fn accept(env: &mut Env, scope: &mut Scope, expr: &Expr, want: &Ty, taker: &Taker) -> TExpr {
    match (&expr.kind, &want.bare().kind) {
        (ExprKind::Map(entries), TyKind::Object(object))
            if !is_free(&env.specs.schemas, *object) && entries.iter().all(|(key, ..)| text(key).is_some()) =>
        {
            let made = written(env, scope, expr.span, entries, *object, taker);
            return if made.ty.is_error() { made } else { adapt(made, want) };
        }
        (ExprKind::List(items), TyKind::List(item))
            if items.iter().any(|(item, _)| is_written(item)) && !items.iter().any(|(_, optional)| *optional) =>
        {
            env.demand.items(want.bare());
            let items: Vec<TExpr> = items.iter().map(|(each, _)| accept(env, scope, each, item, taker)).collect();
            if items.iter().any(|item| item.ty.is_error()) {
                return TExpr::error(expr.span);
            }
            let ty = Ty::list(Ty { schema: None, ..item.as_ref().clone() });
            return adapt(TExpr { ty, kind: TKind::List(items), span: expr.span }, want);
        }
        (ExprKind::Map(entries), TyKind::Map(item))
            if entries.iter().any(|(_, value, _)| is_written(value))
                && entries.iter().all(|(key, _, optional)| text(key).is_some() && !optional) =>
        {
            env.demand.items(want.bare());
            let mut made = Vec::new();
            for (at, (key, value, _)) in entries.iter().enumerate() {
                if entries[..at].iter().any(|(known, ..)| text(known) == text(key)) {
                    env.diags.push(Diagnostic::error("BFF0430", "this key comes twice", key.span));
                }
                made.push((check(env, scope, key), accept(env, scope, value, item, taker)));
            }
            if made.iter().any(|(_, value)| value.ty.is_error()) {
                return TExpr::error(expr.span);
            }
            let ty = Ty::table(Ty::string(), Ty { schema: None, ..item.as_ref().clone() });
            let table = TExpr { ty, kind: TKind::Table(made), span: expr.span };
            let ty = Ty { ..want.bare().clone() };
            let map = TExpr { ty, kind: TKind::Convert(Box::new(table)), span: expr.span };
            return adapt(map, want);
        }
        _ => {}
    }
    let value = check(env, scope, expr);
    let found = compare(&env.specs.schemas, &value.ty, want, &mut Vec::new());
    if taker.promises
        && found.is_ok()
        && let Some((path, schema)) = promise::unproved(&env.specs.schemas, &value, want)
    {
        let inner = format!("`{}{path}`", taker.argument);
        let message = format!("{} publishes {inner} as its schema says, and this value need not be so", taker.owner);
        env.diags.push(
            Diagnostic::error("BFF0405", message, value.span)
                .label(env.specs.schemas.get(schema).span, "published so")
                .label(taker.span, "declared here")
                .help("declare it without what this value need not keep (`enum`, `minimum` ...), or give one of that schema"),
        );
        return TExpr::error(expr.span);
    }
    match found {
        Ok(false) => {
            env.demand.meets(&value.ty, want);
            coerce(env, value, want, &format!("`{}` of {}", taker.argument, taker.owner))
        }
        Ok(true) => {
            needs(env, &value.ty, want);
            let span = value.span;
            TExpr { ty: want.clone(), kind: TKind::Convert(Box::new(value)), span }
        }
        Err(misfit) => {
            tell(env, &value, want, misfit, taker);
            TExpr::error(expr.span)
        }
    }
}

/// Whether it is an object that is written out, or holds one.
fn is_written(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Map(_) => true,
        ExprKind::List(items) => items.iter().any(|(item, _)| is_written(item)),
        _ => false,
    }
}

fn text(key: &Expr) -> Option<&str> {
    match &key.kind {
        ExprKind::Str(text) => Some(text),
        _ => None,
    }
}

/// An object that is written out: `{"id": o.id, ?"note": o.?note}`.
fn written(
    env: &mut Env,
    scope: &mut Scope,
    span: Span,
    entries: &[(Expr, Expr, bool)],
    object: SchemaId,
    taker: &Taker,
) -> TExpr {
    let declared = properties(&env.specs.schemas, object);
    let mut fields: Vec<(String, TExpr)> = Vec::new();
    let mut whole = true;
    let mut meant: Vec<String> = Vec::new();
    for (key, value, optional) in entries {
        let Some(name) = text(key) else { continue };
        let Some(property) = declared.iter().find(|property| property.name == name) else {
            let message = format!("`{}` of {} has no field `{name}`", taker.argument, taker.owner);
            let mut diag = Diagnostic::error("BFF0404", message, key.span).label(taker.span, "declared here");
            if let Some(near) = did_you_mean(name, declared.iter().map(|property| property.name.as_str())) {
                meant.push(near.name.to_owned());
                diag = diag.help(format!("did you mean `{near}`?"));
            }
            env.diags.push(diag);
            whole = false;
            continue;
        };
        if fields.iter().any(|(known, _)| known == name) {
            env.diags.push(Diagnostic::error("BFF0430", "this key comes twice", key.span));
            whole = false;
            continue;
        }
        let ty = ty::of_schema(&env.specs.schemas, property.schema);
        let ty = if property.required { ty } else { ty.optional() };
        let argument = format!("{}.{name}", taker.argument);
        let inner = Taker { owner: taker.owner.clone(), argument: &argument, ..*taker };
        // Where it goes out whole, too, its fields are written twice.
        let made = match taker.promises || env.specs.schemas.get(object).component {
            true => {
                scope.without_hooks("an object that is written out", |scope| accept(env, scope, value, &ty, &inner))
            }
            false => accept(env, scope, value, &ty, &inner),
        };
        whole &= !made.ty.is_error();
        if *optional && property.required && whole {
            let message = format!("`{argument}` of {} is always there", taker.owner);
            let diag = Diagnostic::error("BFF0406", message, key.span).label(property.span, "`required` names it");
            env.diags.push(diag.help("leave out the `?`, and give a value for when it is absent: `.orValue(...)`"));
            whole = false;
        }
        fields.push((name.to_owned(), made));
    }
    for property in declared.iter().filter(|property| property.required) {
        let given = entries.iter().any(|(key, ..)| text(key) == Some(property.name.as_str()));
        if !given && !meant.contains(&property.name) {
            let message = format!("`{}` is missing here", property.name);
            let at = property.required_span.unwrap_or(property.span);
            let why = format!("`{}` of {} requires it", taker.argument, taker.owner);
            env.diags.push(Diagnostic::error("BFF0415", message, span).label(at, why));
            whole = false;
        }
    }
    if !whole {
        return TExpr::error(span);
    }
    env.demand.made(object);
    let ty = Ty { kind: TyKind::Object(object), schema: Some(object) };
    TExpr { ty, kind: TKind::Made { object, fields }, span }
}

fn properties(schemas: &Schemas, object: SchemaId) -> Vec<Property> {
    match &schemas.get(object).kind {
        Kind::Object(rules) => rules.properties.clone(),
        _ => Vec::new(),
    }
}

/// Whether a value of one type can be made into one of the other: `true` where its Rust type is another one.
fn compare(schemas: &Schemas, from: &Ty, to: &Ty, open: &mut Vec<(SchemaId, SchemaId)>) -> Result<bool, Misfit> {
    use TyKind::*;
    let here = |why: Why| Err(Misfit { path: String::new(), why });
    match (&from.kind, &to.kind) {
        (Error | Never, _) | (_, Error) | (Any, Any) => Ok(false),
        (Optional(a), Optional(b)) | (Nullable(a), Nullable(b)) => compare(schemas, a, b, open),
        (Optional(_), _) => here(Why::Absent(None)),
        (_, Optional(b)) => compare(schemas, from, b, open),
        (_, Any) if writable(from) => Ok(true),
        (Null, Null | Nullable(_)) => Ok(false),
        (Nullable(_), _) => here(Why::Null),
        (_, Nullable(b)) => compare(schemas, from, b, open),
        (List(a), List(b)) => compare(schemas, a, b, open).map_err(|misfit| misfit.within("[]")),
        (Table(_, a), Map(_)) if matches!(a.kind, Never) => Ok(false),
        (Map(a), Map(b)) => {
            let made = compare(schemas, a, b, open).map_err(|misfit| misfit.within("[...]"))?;
            Ok(made || unlike(a, b))
        }
        (Table(key, a), Map(b)) if matches!(key.kind, Str) => {
            compare(schemas, a, b, open).map_err(|misfit| misfit.within("[...]"))?;
            Ok(true)
        }
        (Object(a), Object(b)) if a == b => Ok(false),
        (Object(_) | Map(_) | Table(..), Object(b)) if is_free(schemas, *b) && writable(from) => Ok(true),
        (Object(a), Object(b)) => {
            if open.contains(&(*a, *b)) {
                return here(Why::Own(*b));
            }
            open.push((*a, *b));
            let has = properties(schemas, *a);
            for wanted in properties(schemas, *b) {
                let Some(given) = has.iter().find(|given| given.name == wanted.name) else {
                    if wanted.required {
                        let why = Why::Missing { object: *a, wanted: wanted.span };
                        return Err(Misfit { path: format!(".{}", wanted.name), why });
                    }
                    continue;
                };
                let path = format!(".{}", wanted.name);
                if wanted.required && !given.required {
                    return Err(Misfit { path, why: Why::Absent(Some(given.span)) });
                }
                let (given, wanted) = (ty::of_schema(schemas, given.schema), ty::of_schema(schemas, wanted.schema));
                compare(schemas, &given, &wanted, open).map_err(|misfit| misfit.within(&path))?;
            }
            open.pop();
            Ok(true)
        }
        (Union(a), Union(b)) if a != b => here(Why::Own(*b)),
        _ if ty::fits(from, to) => Ok(false),
        _ => here(Why::Kind { found: from.clone(), wanted: to.clone() }),
    }
}

/// Whether a value that fits is another one in Rust.
pub fn is_made(schemas: &Schemas, from: &Ty, to: &Ty) -> bool {
    !matches!(compare(schemas, from, to, &mut Vec::new()), Ok(false)) || unlike(from, to)
}

/// Whether two types that fit are two in Rust: at any depth, a value and one that may be absent or null.
fn unlike(from: &Ty, to: &Ty) -> bool {
    use TyKind::*;
    match (&from.kind, &to.kind) {
        (Error | Never, _) => false,
        (Optional(a), Optional(b)) | (Nullable(a), Nullable(b)) | (List(a), List(b)) | (Map(a), Map(b)) => unlike(a, b),
        (_, Optional(_) | Nullable(_)) => true,
        _ => ty::differs(from, to),
    }
}

/// Whether a value has one JSON text that any JSON can be made of.
fn writable(ty: &Ty) -> bool {
    match &ty.kind {
        TyKind::List(inner) | TyKind::Map(inner) | TyKind::Table(_, inner) | TyKind::Nullable(inner) => writable(inner),
        TyKind::Object(_) | TyKind::Union(_) | TyKind::Any | TyKind::Null | TyKind::Never => true,
        _ => ty.is_scalar(),
    }
}

impl Misfit {
    fn within(mut self, step: &str) -> Misfit {
        self.path.insert_str(0, step);
        self
    }
}

/// Notes what is read of a value that is made into another.
fn needs(env: &mut Env, from: &Ty, to: &Ty) {
    use TyKind::*;
    match (&from.kind, &to.kind) {
        (Optional(a) | Nullable(a), Optional(b) | Nullable(b)) => needs(env, a, b),
        (_, Optional(b) | Nullable(b)) => needs(env, from, b),
        (Any, Any) => {}
        (_, Any) => env.demand.whole(from),
        (_, Object(b)) if is_free(&env.specs.schemas, *b) => {
            env.demand.whole(from);
            env.demand.whole(to);
        }
        (List(a), List(b)) | (Map(a) | Table(_, a), Map(b)) => {
            if from.schema != to.schema {
                env.demand.items(from);
                env.demand.items(to);
            }
            needs(env, a, b);
        }
        (Object(a), Object(b)) if a != b => {
            env.demand.made(*b);
            let has = properties(&env.specs.schemas, *a);
            for wanted in properties(&env.specs.schemas, *b) {
                let Some(given) = has.iter().find(|given| given.name == wanted.name) else { continue };
                env.demand.field(*a, &wanted.name);
                let schemas = &env.specs.schemas;
                let (given, wanted) = (ty::of_schema(schemas, given.schema), ty::of_schema(schemas, wanted.schema));
                needs(env, &given, &wanted);
            }
        }
        _ => {}
    }
}

fn tell(env: &mut Env, value: &TExpr, want: &Ty, misfit: Misfit, taker: &Taker) {
    let Misfit { path, why } = misfit;
    let schemas = &env.specs.schemas;
    let whole = format!("`{}` of {}", taker.argument, taker.owner);
    let inner = format!("`{}{path}`", taker.argument);
    let owner = &taker.owner;
    let code = match why {
        Why::Absent(_) => "BFF0406",
        Why::Null => "BFF0407",
        _ => "BFF0405",
    };
    if path.is_empty() && matches!(why, Why::Absent(_) | Why::Null | Why::Kind { .. }) {
        return top(env, value, want, code, &whole);
    }
    let write = "or write the object out: `{\"name\": value, ...}`";
    let diag = match why {
        Why::Missing { object, wanted } => {
            let object = schemas.get(object);
            let message = format!("{owner} wants {inner}, which `{}` does not have", object.name);
            Diagnostic::error(code, message, value.span)
                .label(wanted, "wanted here")
                .label(object.span, "its schema")
                .help(format!("give an object that has it, take it out of `required` of {owner}, {write}"))
        }
        Why::Absent(at) => {
            let message = format!("{owner} wants {inner}, which may be absent here");
            let diag = Diagnostic::error(code, message, value.span);
            let diag = match at {
                Some(at) => diag.label(at, "optional: `required` of its schema does not name it"),
                None => diag,
            };
            diag.help(format!("take it out of `required` of {owner}, {write}"))
        }
        Why::Null => Diagnostic::error(code, format!("{owner} wants {inner}, which may be null here"), value.span)
            .help(format!("let it be null where {owner} declares it, {write}")),
        Why::Kind { found, wanted } => {
            let (found, wanted) = (found.describe(schemas), wanted.describe(schemas));
            Diagnostic::error(code, format!("{owner} wants {wanted} as {inner}, this has {found} there"), value.span)
        }
        Why::Own(schema) => {
            let schema = schemas.get(schema);
            let what = match schema.kind {
                Kind::Union(_) => "one of several",
                _ => "an object that holds itself",
            };
            let message = format!("{inner} of {owner} is {what}: only a value of the very same schema fits");
            Diagnostic::error(code, message, value.span).label(schema.span, "its schema").help(
                "make it a component of the document, and declare it by reference: `shop#/components/schemas/Name`",
            )
        }
    };
    env.diags.push(diag.label(taker.span, "declared here"));
}

/// The value as a whole is none of the wanted type.
fn top(env: &mut Env, value: &TExpr, want: &Ty, code: &'static str, who: &str) {
    let schemas = &env.specs.schemas;
    let present = compare(schemas, value.ty.bare(), want.bare(), &mut Vec::new()).is_ok();
    let (found, wanted) = (value.ty.describe(schemas), want.describe(schemas));
    let diag = match present {
        true if value.ty.is_optional() => {
            let message = format!("{who} wants {wanted}, but this value may be absent");
            Diagnostic::error("BFF0406", message, value.span).help(super::expr::remedy(value))
        }
        true => Diagnostic::error(code, format!("{who} wants {wanted}, but this value may be null"), value.span)
            .help(super::expr::remedy(value)),
        false => {
            let diag = Diagnostic::error("BFF0405", format!("{who} wants {wanted}, this is {found}"), value.span);
            match (&want.bare().kind, &value.ty.bare().kind) {
                (TyKind::Union(_), _) => diag
                    .help("only a value of the very same schema fits: declare it by reference, or as any JSON (`{}`)"),
                (TyKind::Map(_), TyKind::Table(key, _)) if !matches!(key.kind, TyKind::Str) => {
                    diag.help("the keys of what it wants are strings")
                }
                (TyKind::Map(_), TyKind::Keyed(..)) => diag.help(
                    "the values of a keyed call are lent one by one: give it a list, `list.map(x, products[x.id])`",
                ),
                _ => diag,
            }
        }
    };
    let diag = super::expr::schema_label(env, diag, &value.ty);
    env.diags.push(diag);
    if !present {
        by_type::misfit(env, value.span, value, Want::Ty(want.clone()));
    }
}
