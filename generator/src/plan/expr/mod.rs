//! Checks expressions: gives every node a type, and records what is read.

mod conditions;
mod fit;
mod literals;
mod members;
mod names;
mod null_conditions;
mod operators;

use super::by_type::Want;
use super::functions;
use super::ir::{TExpr, TKind};
use super::scope::{Env, Scope, path_of};
use super::ty::{Ty, TyKind};
use crate::expr::ast::{Expr, ExprKind};
use crate::source::Spanned;

pub use conditions::{all_of, fresh, proving, under};
pub use fit::{adapt, coerce, mismatch, remedy, schema_label, unless_there, unsupported, wants};
pub use members::property;

/// Checks an expression.
pub fn check(env: &mut Env, scope: &mut Scope, expr: &Expr) -> TExpr {
    if let Some(path) = path_of(expr)
        && let Some((_, local, ty)) = scope.proved.iter().rev().find(|(p, _, _)| *p == path)
    {
        return TExpr { ty: ty.clone(), kind: TKind::Local(local.clone()), span: expr.span };
    }
    if let Some(found) = super::meta::read(env, scope, expr) {
        return found;
    }
    let made = |ty: Ty, kind: TKind| TExpr { ty, kind, span: expr.span };
    match &expr.kind {
        ExprKind::Broken => TExpr::error(expr.span),
        ExprKind::Null => made(Ty::new(TyKind::Null), TKind::Null),
        ExprKind::Bool(b) => made(Ty::bool(), TKind::Bool(*b)),
        ExprKind::Int(i) => made(Ty::int(), TKind::Int(*i)),
        ExprKind::Double(d) => made(Ty::double(), TKind::Double(*d)),
        ExprKind::Str(s) => made(Ty::string(), TKind::Str(s.clone())),
        ExprKind::Bytes(bytes) => made(Ty::new(TyKind::Bytes), TKind::Bytes(bytes.clone())),
        ExprKind::Map(entries) => literals::map(env, scope, expr.span, entries),
        ExprKind::List(items) => literals::list(env, scope, expr.span, items),
        ExprKind::Ident(name) => names::ident(env, scope, expr.span, name),
        ExprKind::Select { base, field, optional } => {
            if let Some(found) = names::input(env, scope, base, &field.value, expr.span) {
                return found;
            }
            let base = check(env, scope, base);
            members::select(env, base, field, *optional, expr.span)
        }
        ExprKind::Index { base, index, optional } => {
            if let ExprKind::Str(name) = &index.kind {
                if let Some(found) = names::input(env, scope, base, name, expr.span) {
                    return found;
                }
                let base = check(env, scope, base);
                if matches!(base.ty.bare().kind, TyKind::Object(_)) {
                    let field = Spanned::new(name.clone(), index.span);
                    return members::select(env, base, &field, *optional, expr.span);
                }
                let index = check(env, scope, index);
                return members::element(env, base, index, *optional, expr.span);
            }
            let base = check(env, scope, base);
            let index = check(env, scope, index);
            members::element(env, base, index, *optional, expr.span)
        }
        ExprKind::Call { target, function, args } => {
            functions::call(env, scope, expr.span, target.as_deref(), function, args)
        }
        ExprKind::Not(inner) => {
            let inner = check_as(env, scope, inner, &Ty::bool(), "`!`");
            made(Ty::bool(), TKind::Not(Box::new(inner)))
        }
        ExprKind::Negate(inner) => {
            let inner = check(env, scope, inner);
            match inner.ty.kind {
                TyKind::Int | TyKind::Double => made(Ty::new(inner.ty.kind.clone()), TKind::Negate(Box::new(inner))),
                _ => wants(env, &inner, Want::Ty(Ty::double()), "`-` wants a number"),
            }
        }
        ExprKind::Binary { op, left, right } => operators::binary(env, scope, expr, op, left, right),
        ExprKind::Ternary { condition, then, otherwise } => {
            conditions::ternary(env, scope, expr.span, condition, then, otherwise)
        }
    }
}

/// Checks an expression whose type is given.
pub fn check_as(env: &mut Env, scope: &mut Scope, expr: &Expr, want: &Ty, who: &str) -> TExpr {
    let found = check(env, scope, expr);
    coerce(env, found, want, who)
}

/// Names for a message, at most eight.
pub fn backticked(names: &[&str]) -> String {
    let mut text = names.iter().take(8).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    if names.len() > 8 {
        text.push_str(&format!(" and {} more", names.len() - 8));
    }
    text
}
