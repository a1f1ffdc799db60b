//! Comparisons with null of what may be absent: what to ask instead.

use super::check;
use super::members::absent_from;
use crate::diag::Diagnostic;
use crate::expr::ast::{BinaryOp, Expr, ExprKind};
use crate::plan::ir::TExpr;
use crate::plan::scope::{Env, Scope, path_of};
use crate::plan::ty::TyKind;

/// `a.b == null` where `b` may be absent: one finding that says what to ask, instead of one for each part.
pub fn of_absent(env: &mut Env, scope: &mut Scope, expr: &Expr) -> Option<TExpr> {
    let (op, subject) = null_test(expr)?;
    let ExprKind::Select { base, field, optional } = &subject.kind else { return None };
    let found = env.diags.len();
    let value = check(env, scope, subject);
    let absent = matches!(env.diags.get(found..), Some([one]) if one.code == "BFF0406");
    env.diags.truncate(found);
    let read = match optional {
        true => value,
        false if value.ty.is_error() && absent => {
            let kind = ExprKind::Select { base: base.clone(), field: field.clone(), optional: true };
            check(env, scope, &Expr { span: subject.span, kind })
        }
        false => return None,
    };
    let TyKind::Optional(inner) = &read.ty.kind else {
        env.diags.truncate(found);
        return None;
    };
    let nullable = matches!(inner.kind, TyKind::Nullable(_));
    // `a.?b == null` of what is never null says so itself.
    if *optional && !nullable {
        return None;
    }
    let name = &field.value;
    let base = path_of(base).unwrap_or_else(|| "x".into());
    let diag = match nullable {
        true => {
            let message = format!("`{name}` may be absent, too: only what is there is compared with null");
            let (there, both) = match op {
                BinaryOp::Eq => ("!has", "||"),
                _ => ("has", "&&"),
            };
            let sign = if op == BinaryOp::Eq { "==" } else { "!=" };
            Diagnostic::error("BFF0406", message, subject.span).help(format!(
                "ask for both, `{there}({base}.{name}) {both} {base}.{name} {sign} null`, or give one value for both: `{base}.?{name}.orValue(...)`"
            ))
        }
        false => {
            let message = format!("`{name}` is never null: it may be absent");
            let not = if op == BinaryOp::Eq { "!" } else { "" };
            Diagnostic::error("BFF0406", message, subject.span)
                .help(format!("absent and null are two things: ask `{not}has({base}.{name})`"))
        }
    };
    let diag = match absent_from(env, &read) {
        Some(at) => diag.label(at, "optional: `required` of its schema does not name it"),
        None => diag,
    };
    env.diags.push(diag);
    Some(TExpr::error(expr.span))
}

/// What is compared with null.
pub fn null_test(expr: &Expr) -> Option<(BinaryOp, &Expr)> {
    let ExprKind::Binary { op, left, right } = &expr.kind else { return None };
    if !matches!(op.value, BinaryOp::Eq | BinaryOp::Ne) {
        return None;
    }
    match (&left.kind, &right.kind) {
        (ExprKind::Null, ExprKind::Null) => None,
        (_, ExprKind::Null) => Some((op.value, left)),
        (ExprKind::Null, _) => Some((op.value, right)),
        _ => None,
    }
}
