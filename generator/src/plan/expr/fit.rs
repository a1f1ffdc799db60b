//! Makes a value fit a wanted type, or says why it does not.

use crate::diag::Diagnostic;
use crate::plan::by_type::{self, Want};
use crate::plan::ir::{Clause, MacroOp, TExpr, TKind};
use crate::plan::scope::Env;
use crate::plan::ty::TyKind::{Any, Keyed, Map, Nullable, Object, Table, Union};
use crate::plan::ty::{self, Ty, TyKind};
use crate::schema::Kind;
use crate::source::Span;

/// Makes a value fit a wanted type, or says why it does not.
pub fn coerce(env: &mut Env, value: TExpr, want: &Ty, who: &str) -> TExpr {
    if value.ty.is_error() {
        by_type::wanted(env, value.span, Want::Ty(want.clone()));
    }
    if ty::fits(&value.ty, want) {
        return adapt(value, want);
    }
    let schemas = &env.specs.schemas;
    let (found, wanted) = (value.ty.describe(schemas), want.describe(schemas));
    let present = ty::fits(value.ty.bare(), want.bare());
    let mut diag = Diagnostic::error("BFF0405", format!("{who} wants {wanted}, this is {found}"), value.span);
    if present && value.ty.is_optional() {
        diag = Diagnostic::error("BFF0406", format!("{who} wants {wanted}, but this value may be absent"), value.span)
            .help(remedy(&value));
    } else if present {
        diag = Diagnostic::error("BFF0407", format!("{who} wants {wanted}, but this value may be null"), value.span)
            .help(remedy(&value));
    }
    let diag = schema_label(env, diag, &value.ty);
    env.diags.push(diag);
    if !present {
        by_type::misfit(env, value.span, &value, Want::Ty(want.clone()));
    }
    TExpr::error(value.span)
}

/// Wraps a value that fits so that its Rust type is the wanted one.
pub fn adapt(value: TExpr, want: &Ty) -> TExpr {
    let span = value.span;
    let wrap = |ty: Ty, kind: TKind| TExpr { ty, kind, span };
    match (&value.ty.kind, &want.kind) {
        (TyKind::Error, _) | (_, TyKind::Error | TyKind::Any) => value,
        // What is empty is of any type that it meets.
        _ if is_empty(&value.kind) && ty::fits(&value.ty, want) && !want.is_optional() && !is_nullable(want) => {
            wrap(Ty { schema: None, ..want.clone() }, value.kind)
        }
        (TyKind::Optional(inner), TyKind::Optional(_)) if matches!(inner.kind, TyKind::Never) => {
            wrap(Ty { schema: None, ..want.clone() }, value.kind)
        }
        (TyKind::Optional(inner), TyKind::Optional(wanted)) if ty::differs(inner, wanted) => {
            let variable = "value".to_string();
            let local = wrap(inner.as_ref().clone(), TKind::Local(variable.clone()));
            let body = Box::new(adapt(local, wanted));
            wrap(want.clone(), TKind::OptMap { value: Box::new(value), variable, body })
        }
        (TyKind::Optional(_), _) => value,
        (_, TyKind::Optional(inner)) => {
            let value = adapt(value, inner);
            wrap(value.ty.clone().optional(), TKind::Some(Box::new(value)))
        }
        (TyKind::Null, TyKind::Nullable(_)) => wrap(Ty { schema: None, ..want.clone() }, value.kind),
        (TyKind::Nullable(inner), TyKind::Nullable(wanted)) if ty::differs(inner, wanted) => {
            let variable = "value".to_string();
            let local = wrap(inner.as_ref().clone(), TKind::Local(variable.clone()));
            let then = adapt(adapt(local, wanted), want);
            let otherwise = wrap(Ty { schema: None, ..want.clone() }, TKind::Null);
            let clauses = vec![Clause::Bind { value, variable }];
            wrap(want.clone(), TKind::Cond { clauses, then: Box::new(then), otherwise: Box::new(otherwise) })
        }
        (TyKind::Nullable(_), TyKind::Nullable(_)) => value,
        (_, TyKind::Nullable(inner)) => {
            let value = adapt(value, inner);
            wrap(Ty::new(TyKind::Nullable(Box::new(value.ty.clone()))), TKind::NotNull(Box::new(value)))
        }
        (TyKind::Int, TyKind::Double) => wrap(Ty::double(), TKind::Widen(Box::new(value))),
        (TyKind::List(item), TyKind::List(wanted)) if ty::differs(item, wanted) => match value.kind {
            TKind::Cond { clauses, then, otherwise } => {
                let (then, otherwise) = (Box::new(adapt(*then, want)), Box::new(adapt(*otherwise, want)));
                wrap(Ty::list(wanted.as_ref().clone()), TKind::Cond { clauses, then, otherwise })
            }
            TKind::List(items) => {
                let items = items.into_iter().map(|item| adapt(item, wanted)).collect();
                wrap(Ty::list(wanted.as_ref().clone()), TKind::List(items))
            }
            _ => {
                let variable = "value".to_string();
                let local = wrap(item.as_ref().clone(), TKind::Local(variable.clone()));
                let body = Box::new(adapt(local, wanted));
                let ty = Ty::list(wanted.as_ref().clone());
                let list = Box::new(value);
                wrap(ty, TKind::Macro { op: MacroOp::Map, list, variable, filter: None, body })
            }
        },
        _ => value,
    }
}

/// `[]` and `{}`
fn is_empty(kind: &TKind) -> bool {
    match kind {
        TKind::List(items) => items.is_empty(),
        TKind::Table(entries) => entries.is_empty(),
        _ => false,
    }
}

fn is_nullable(ty: &Ty) -> bool {
    matches!(ty.kind, TyKind::Nullable(_))
}

/// A construct that the language has, or will have, and this version has not.
pub fn unsupported(env: &mut Env, span: Span, what: &str) -> TExpr {
    env.diags.push(
        Diagnostic::error("BFF0413", format!("{what} is not supported yet"), span)
            .help("say it with what `docs/language.md` lists, or write it as a hook"),
    );
    TExpr::error(span)
}

/// A value of a wanted type, or a list, is not there: says so, unless the value is poisoned already.
pub fn wants(env: &mut Env, value: &TExpr, want: Want, rule: &str) -> TExpr {
    let there = want.takes(value.ty.bare());
    let counted = matches!(want, Want::List) && matches!(value.ty.bare().kind, Map(_) | Keyed(..) | Table(..));
    match value.ty.is_error() {
        true => by_type::wanted(env, value.span, want),
        false if there || counted => {}
        false => by_type::misfit(env, value.span, value, want),
    }
    unless_there(env, value, rule, |_| there)
}

/// A type mismatch, unless the value is poisoned already.
pub fn mismatch(env: &mut Env, value: &TExpr, rule: &str) -> TExpr {
    unless_there(env, value, rule, |_| false)
}

/// A type mismatch; where a value of the type would do if it were there, says how to get one.
pub fn unless_there(env: &mut Env, value: &TExpr, rule: &str, would: impl Fn(&Ty) -> bool) -> TExpr {
    if let (Any, Some(schema)) = (&value.ty.bare().kind, value.ty.bare().schema)
        && let Kind::Unsupported { what, span } = &env.specs.schemas.get(schema).kind
    {
        let message = format!("this cannot be read: its schema uses {what}");
        let diag = Diagnostic::error("BFF0413", message, value.span).label(*span, "its schema");
        env.diags.push(diag);
        return TExpr::error(value.span);
    }
    if !value.ty.is_error() {
        let found = value.ty.describe(&env.specs.schemas);
        let mut diag = Diagnostic::error("BFF0405", format!("{rule}, this is {found}"), value.span);
        if would(value.ty.bare()) {
            diag = diag.help(remedy(value));
        } else if let Some(how) = iterated(value) {
            diag = diag.help(how);
        }
        let diag = schema_label(env, diag, &value.ty);
        env.diags.push(diag);
    }
    TExpr::error(value.span)
}

/// What to do with a value that may not be there where one is wanted.
pub fn remedy(value: &TExpr) -> String {
    let ty = &value.ty;
    // `has` is for fields.
    let there = if matches!(value.kind, TKind::Field { .. }) { "has(...)" } else { "x.hasValue()" };
    let null = matches!(ty.present().kind, Nullable(_));
    let (when, ask) = match (ty.is_optional(), null) {
        (true, true) => ("absent or null", format!("{there} && x != null ? ... : ...")),
        (true, false) => ("absent", format!("{there} ? ... : ...")),
        _ => ("null", "x != null ? ... : ...".to_owned()),
    };
    match ty.bare().kind {
        Object(_) | Union(_) | Any => format!("it may be {when}: ask first, `{ask}`"),
        _ => format!("it may be {when}: give a value for that with `.orValue(...)`, or ask first: `{ask}`"),
    }
}

/// How to come by the parts of what is no list, or no object.
fn iterated(value: &TExpr) -> Option<&'static str> {
    Some(match value.ty.bare().kind {
        Keyed(..) => {
            "it has a value for each key: go over the list of its `each`, and read it by key: `list.map(x, products[x.id])`"
        }
        Map(_) | Table(..) => "a map is gone over by its keys: `map.map(key, ...)` gives a list, `map[?key]` a value",
        _ => return None,
    })
}

/// Shows where the schema of a value stands.
pub fn schema_label(env: &Env, diag: Diagnostic, ty: &Ty) -> Diagnostic {
    let schema = ty.schema.or(match &ty.kind {
        TyKind::Optional(inner) => inner.schema,
        _ => None,
    });
    match schema {
        Some(id) => diag.label(env.specs.schemas.get(id).span, "its schema"),
        None => diag,
    }
}
