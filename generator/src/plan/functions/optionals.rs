//! Functions of values that may be absent.

use super::{arity, made, unknown};
use crate::expr::ast::{Expr, ExprKind};
use crate::plan::expr::{adapt, check, coerce, mismatch};
use crate::plan::ir::{Function, TExpr, TKind};
use crate::plan::scope::{Env, Scope};
use crate::plan::ty::{self, Ty, TyKind};
use crate::source::{Span, Spanned};

/// What a method is called on. `a.?b` that was asked for before is there: for these methods it is optional still.
pub fn target(env: &mut Env, scope: &mut Scope, target: &Expr, method: &str) -> TExpr {
    let value = check(env, scope, target);
    let written = matches!(&target.kind, ExprKind::Select { optional: true, .. });
    let wanted = matches!(method, "orValue" | "or" | "value" | "hasValue" | "optMap" | "optFlatMap");
    let plain = !matches!(value.ty.kind, TyKind::Optional(_) | TyKind::Nullable(_) | TyKind::Error);
    if !(written && wanted && plain) {
        return value;
    }
    let span = value.span;
    TExpr { ty: value.ty.clone().optional(), kind: TKind::Some(Box::new(value)), span }
}

/// `optional.of(x)`, `optional.none()`, `optional.unwrap(list)`.
pub fn namespace(env: &mut Env, span: Span, function: &Spanned<String>, mut args: Vec<TExpr>) -> TExpr {
    if super::any_error(&args) {
        return TExpr::error(span);
    }
    match (function.value.as_str(), args.len()) {
        ("none", 0) => TExpr { ty: Ty::new(TyKind::Never).optional(), kind: TKind::Absent, span },
        ("of", 1) => {
            let value = args.remove(0);
            if value.ty.is_optional() {
                return mismatch(env, &value, "`optional.of` takes a value that is there");
            }
            TExpr { ty: value.ty.clone().optional(), kind: TKind::Some(Box::new(value)), span }
        }
        ("unwrap", 1) => unwrap(env, span, args.remove(0), function),
        ("of" | "unwrap", _) => arity(env, function, "with one argument", span),
        _ => unknown(env, function, &["none", "of", "unwrap"], span),
    }
}

/// `list.unwrapOpt()`: the items that are there.
pub fn unwrap(env: &mut Env, span: Span, list: TExpr, function: &Spanned<String>) -> TExpr {
    match &list.ty.kind {
        TyKind::List(item) if item.is_optional() => {
            let ty = Ty::list(item.present().clone());
            made(ty, Function::Present, vec![list], span)
        }
        _ => mismatch(env, &list, &format!("`{}` is for a list of optional values", function.value)),
    }
}

/// Whether a method is one of values that may be absent.
pub fn is_method(name: &str, target: &Ty) -> bool {
    match name {
        "orValue" | "hasValue" | "value" => true,
        "or" => target.is_optional(),
        _ => false,
    }
}

/// `x.hasValue()`, `x.orValue(y)`, `x.or(y)`, `x.value()`.
pub fn method(env: &mut Env, span: Span, target: TExpr, function: &Spanned<String>, mut args: Vec<TExpr>) -> TExpr {
    let name = function.value.as_str();
    let never = matches!(target.ty.present().kind, TyKind::Never);
    // What is certainly there stands for itself.
    if let TKind::Some(value) = &target.kind {
        match (name, args.len()) {
            ("hasValue", 0) => return TExpr { ty: Ty::bool(), kind: TKind::Bool(true), span },
            ("value", 0) => return value.as_ref().clone(),
            ("orValue", 1) => {
                if let Some(ty) = ty::join(&value.ty, &args[0].ty).filter(|ty| !ty.is_optional()) {
                    return adapt(value.as_ref().clone(), &ty);
                }
            }
            _ => {}
        }
    }
    match (name, &target.ty.kind, args.len()) {
        ("hasValue", TyKind::Optional(_), 0) if never => TExpr { ty: Ty::bool(), kind: TKind::Bool(false), span },
        ("hasValue", TyKind::Optional(_), 0) => TExpr { ty: Ty::bool(), kind: TKind::HasValue(Box::new(target)), span },
        ("orValue", TyKind::Optional(_), 1) if never && !args[0].ty.is_optional() => args.remove(0),
        ("orValue", TyKind::Optional(_) | TyKind::Nullable(_), _) => or_value(env, span, target, function, args),
        ("or", TyKind::Optional(_), 1) => or(env, span, target, args.remove(0)),
        ("value", TyKind::Optional(inner), 0) if !never => {
            made(inner.as_ref().clone(), Function::Value, vec![target], span)
        }
        ("value", TyKind::Optional(_), 0) => mismatch(env, &target, "`value` is for a value that may be there"),
        ("hasValue" | "value", TyKind::Optional(_), _) => arity(env, function, "without arguments", span),
        ("or", ..) => arity(env, function, "`value.or(other)`", span),
        _ => mismatch(env, &target, &format!("`{name}` is for a value that may be absent or null")),
    }
}

fn or(env: &mut Env, span: Span, target: TExpr, other: TExpr) -> TExpr {
    let joined = ty::join(&target.ty, &other.ty).filter(|_| other.ty.is_optional());
    let Some(ty) = joined else {
        let want = target.ty.clone();
        return coerce(env, other, &want, "`or`");
    };
    env.demand.joined(&target.ty, &ty);
    env.demand.joined(&other.ty, &ty);
    let args = vec![adapt(target, &ty), adapt(other, &ty)];
    // What is never there changes nothing.
    if let Some(at) = args.iter().position(|side| matches!(side.kind, TKind::Absent)) {
        return args.into_iter().nth(1 - at).unwrap_or_else(|| TExpr::error(span));
    }
    made(ty, Function::Or, args, span)
}

fn or_value(env: &mut Env, span: Span, target: TExpr, function: &Spanned<String>, mut args: Vec<TExpr>) -> TExpr {
    if args.len() != 1 {
        return arity(env, function, "`value.orValue(other)`", span);
    }
    let other = args.remove(0);
    let inner = match &target.ty.kind {
        TyKind::Optional(inner) | TyKind::Nullable(inner) => inner.as_ref().clone(),
        _ => return TExpr::error(span),
    };
    // Of a value that may be absent or null, both are replaced, unless the other may be null itself.
    let inner = match inner.kind {
        TyKind::Nullable(inner) if !matches!(other.ty.kind, TyKind::Nullable(_) | TyKind::Null) => *inner,
        kind => Ty { kind, schema: inner.schema },
    };
    let Some(ty) = ty::join(&inner, &other.ty).filter(|ty| !ty.is_optional()) else {
        return coerce(env, other, &inner, "`orValue`");
    };
    // The value that is there must have the Rust type of the joined type: only a scalar can be widened there.
    if !ty::fits(&ty, &Ty { schema: None, ..inner.clone() }) {
        return coerce(env, other, &inner, "`orValue`");
    }
    env.demand.joined(&inner, &ty);
    env.demand.joined(&other.ty, &ty);
    let other = adapt(other, &ty);
    TExpr { ty, kind: TKind::OrValue(Box::new(target), Box::new(other)), span }
}
