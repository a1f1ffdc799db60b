//! Conditions and what they prove.

use super::{adapt, check, check_as};
use crate::diag::Diagnostic;
use crate::expr::ast::{BinaryOp, Expr, ExprKind};
use crate::plan::fails::fallible;
use crate::plan::ir::{Clause, TExpr, TKind};
use crate::plan::scope::{Env, Scope, path_of};
use crate::plan::ty::{self, Ty, TyKind};
use crate::source::{Span, Spanned};

/// Checks a condition and the branches of a ternary; the first branch sees what the condition proves.
pub(super) fn ternary(
    env: &mut Env,
    scope: &mut Scope,
    span: Span,
    condition: &Expr,
    then: &Expr,
    otherwise: &Expr,
) -> TExpr {
    // `x == null ? a : b` is `x != null ? b : a`.
    let (condition, then, otherwise) = match swapped(condition) {
        Some(condition) => (condition, otherwise, then),
        None => (condition.clone(), then, otherwise),
    };
    let (clauses, then) = under(env, scope, Some(&condition), |env, scope| check(env, scope, then));
    let otherwise = check(env, scope, otherwise);
    let Some(ty) = ty::join(&then.ty, &otherwise.ty) else {
        let schemas = &env.specs.schemas;
        let (a, b) = (then.ty.describe(schemas), otherwise.ty.describe(schemas));
        let same = a == b;
        let diag = Diagnostic::error("BFF0405", "both sides of `? :` are of one type", span)
            .label(then.span, a)
            .label(otherwise.span, b);
        let diag = match same {
            true => {
                diag.help("these are of two schemas: choose between their fields, or between two shapes with `$when`")
            }
            false => diag,
        };
        env.diags.push(diag);
        return TExpr::error(span);
    };
    env.demand.joined(&then.ty, &ty);
    env.demand.joined(&otherwise.ty, &ty);
    let (then, otherwise) = (Box::new(adapt(then, &ty)), Box::new(adapt(otherwise, &ty)));
    TExpr { ty, kind: TKind::Cond { clauses, then, otherwise }, span }
}

fn swapped(condition: &Expr) -> Option<Expr> {
    match &condition.kind {
        ExprKind::Binary { op, left, right } if op.value == BinaryOp::Eq => {
            let null = |e: &Expr| matches!(e.kind, ExprKind::Null);
            (null(left) != null(right)).then(|| {
                let op = Spanned::new(BinaryOp::Ne, op.span);
                let kind = ExprKind::Binary { op, left: left.clone(), right: right.clone() };
                Expr { span: condition.span, kind }
            })
        }
        ExprKind::Not(inner) if presence(inner).is_some() => Some(inner.as_ref().clone()),
        _ => None,
    }
}

pub(super) fn conjunction(env: &mut Env, scope: &mut Scope, expr: &Expr) -> TExpr {
    let span = expr.span;
    let depth = scope.proved.len();
    let mut clauses = Vec::new();
    collect_clauses(env, scope, expr, &mut clauses);
    scope.proved.truncate(depth);
    let mut clauses = ordered(clauses);
    if !clauses.iter().any(|clause| matches!(clause, Clause::Bind { .. })) {
        return all_of(clauses, span).unwrap_or(TExpr::error(span));
    }
    // What comes last is the result, so that no condition only returns `true`.
    let last = match clauses.pop() {
        Some(Clause::Test(test)) => test,
        Some(bind @ Clause::Bind { .. }) => {
            clauses.push(bind);
            TExpr { ty: Ty::bool(), kind: TKind::Bool(true), span }
        }
        None => TExpr::error(span),
    };
    let otherwise = Box::new(TExpr { ty: Ty::bool(), kind: TKind::Bool(false), span });
    TExpr { ty: Ty::bool(), kind: TKind::Cond { clauses, then: Box::new(last), otherwise }, span }
}

/// The tests among some clauses as one.
pub fn all_of(clauses: Vec<Clause>, span: Span) -> Option<TExpr> {
    let tests = clauses.into_iter().filter_map(|clause| match clause {
        Clause::Test(test) => Some(test),
        Clause::Bind { .. } => None,
    });
    tests.reduce(|left, right| {
        let kind = TKind::Binary { op: BinaryOp::And, left: Box::new(left), right: Box::new(right) };
        TExpr { ty: Ty::bool(), kind, span }
    })
}

/// Clauses so that what can fail comes last, as one: in CEL, one that is false decides, whatever fails.
fn ordered(clauses: Vec<Clause>) -> Vec<Clause> {
    let can_fail = |clause: &Clause| matches!(clause, Clause::Test(test) if fallible(test));
    if !clauses.iter().any(can_fail) {
        return clauses;
    }
    let (failing, mut ordered): (Vec<Clause>, Vec<Clause>) = clauses.into_iter().partition(can_fail);
    if let Some(first) = failing.first().map(|clause| match clause {
        Clause::Test(test) | Clause::Bind { value: test, .. } => test.span,
    }) {
        ordered.extend(all_of(failing, first).map(Clause::Test));
    }
    ordered
}

/// Checks something where a condition holds; gives what the condition asks for.
pub fn under<T>(
    env: &mut Env,
    scope: &mut Scope,
    condition: Option<&Expr>,
    check: impl FnOnce(&mut Env, &mut Scope) -> T,
) -> (Vec<Clause>, T) {
    let depth = scope.proved.len();
    let mut clauses = Vec::new();
    if let Some(condition) = condition {
        collect_clauses(env, scope, condition, &mut clauses);
    }
    let checked = check(env, scope);
    scope.proved.truncate(depth);
    (ordered(clauses), checked)
}

/// Whether a condition asks if something is there.
pub fn proving(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Binary { op, left, right } if op.value == BinaryOp::And => proving(left) || proving(right),
        _ => presence(condition).is_some_and(|subject| path_of(&subject).is_some()),
    }
}

/// Splits a condition at `&&`; each part is checked with what the parts before it proved.
fn collect_clauses(env: &mut Env, scope: &mut Scope, expr: &Expr, clauses: &mut Vec<Clause>) {
    if let ExprKind::Binary { op, left, right } = &expr.kind
        && op.value == BinaryOp::And
    {
        collect_clauses(env, scope, left, clauses);
        collect_clauses(env, scope, right, clauses);
        return;
    }
    if let Some(found) = super::null_conditions::of_absent(env, scope, expr) {
        // What is read where it was meant to be there has been told.
        if let Some(path) = super::null_conditions::null_test(expr).and_then(|(_, subject)| path_of(subject)) {
            let variable = fresh(scope, path.rsplit('.').next().unwrap_or(&path));
            scope.proved.push((path, variable, Ty::error()));
        }
        clauses.push(Clause::Test(found));
        return;
    }
    if let Some(subject) = presence(expr)
        && let Some(path) = path_of(&subject)
    {
        let found = env.diags.len();
        let value = check(env, scope, &subject);
        let inner = match (&value.ty.kind, is_null_test(expr)) {
            (TyKind::Optional(inner), false) | (TyKind::Nullable(inner), true) => Some(inner.as_ref().clone()),
            _ => None,
        };
        if let Some(inner) = inner {
            let variable = fresh(scope, path.rsplit('.').next().unwrap_or(&path));
            scope.proved.push((path, variable.clone(), inner));
            clauses.push(Clause::Bind { value, variable });
            return;
        }
        if value.ty.is_error() {
            clauses.push(Clause::Test(value));
            return;
        }
        // It is checked once more as a part of the condition.
        env.diags.truncate(found);
    }
    clauses.push(Clause::Test(check_as(env, scope, expr, &Ty::bool(), "a condition")));
}

/// A variable name for something proved that hides no other.
pub fn fresh(scope: &Scope, base: &str) -> String {
    let taken = |name: &str| {
        scope.locals.iter().any(|(n, _)| n == name)
            || scope.proved.iter().any(|(_, n, _)| n == name)
            || scope.calls.iter().any(|(n, _)| n == name)
    };
    let mut name = base.to_string();
    let mut count = 2;
    while taken(&name) {
        name = format!("{base}_{count}");
        count += 1;
    }
    name
}

/// What a condition says is there: `x != null`, `has(a.b)`, `x.hasValue()`.
fn presence(expr: &Expr) -> Option<Expr> {
    match &expr.kind {
        ExprKind::Binary { op, left, right } if op.value == BinaryOp::Ne => match (&left.kind, &right.kind) {
            (ExprKind::Null, ExprKind::Null) => None,
            (_, ExprKind::Null) => Some(left.as_ref().clone()),
            (ExprKind::Null, _) => Some(right.as_ref().clone()),
            _ => None,
        },
        ExprKind::Call { target: None, function, args } if function.value == "has" => match args.as_slice() {
            [Expr { kind: ExprKind::Select { base, field, .. }, span }] => {
                let kind = ExprKind::Select { base: base.clone(), field: field.clone(), optional: true };
                Some(Expr { span: *span, kind })
            }
            _ => None,
        },
        ExprKind::Call { target: Some(target), function, args } if function.value == "hasValue" && args.is_empty() => {
            Some(target.as_ref().clone())
        }
        _ => None,
    }
}

fn is_null_test(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary { .. })
}

type Bound = Option<(String, String, Ty)>;

/// `x == null` or `!has(a.b)` on the left of `||`: the checked value, and what holds on the right.
pub(super) fn negated_clause(env: &mut Env, scope: &mut Scope, left: &Expr) -> (TExpr, Bound) {
    if let Some(positive) = swapped(left)
        && let Some(subject) = presence(&positive)
        && let Some(path) = path_of(&subject)
    {
        let found = env.diags.len();
        let value = check(env, scope, &subject);
        let inner = match (&value.ty.kind, is_null_test(&positive)) {
            (TyKind::Optional(inner), false) | (TyKind::Nullable(inner), true) => Some(inner.as_ref().clone()),
            _ => None,
        };
        if let Some(inner) = inner {
            let variable = fresh(scope, path.rsplit('.').next().unwrap_or(&path));
            let kind = TKind::HasValue(Box::new(value));
            return (TExpr { ty: Ty::bool(), kind, span: left.span }, Some((path, variable, inner)));
        }
        env.diags.truncate(found);
    }
    (check(env, scope, left), None)
}

pub(super) fn bound_value(left: &TExpr) -> Option<TExpr> {
    match &left.kind {
        TKind::HasValue(value) => Some(value.as_ref().clone()),
        _ => None,
    }
}
