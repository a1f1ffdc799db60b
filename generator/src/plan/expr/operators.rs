//! Binary operators.

use super::conditions::{bound_value, conjunction, negated_clause};
use super::fit::schema_label;
use super::{adapt, check, check_as, coerce, null_conditions};
use crate::diag::Diagnostic;
use crate::expr::ast::{BinaryOp, Expr, ExprKind};
use crate::plan::by_type::{self, Want};
use crate::plan::fails::fallible;
use crate::plan::ir::{Clause, Function, Native, TExpr, TKind};
use crate::plan::scope::{Env, Scope};
use crate::plan::ty::{self, Ty, TyKind};
use crate::source::{Span, Spanned};

pub(super) fn binary(
    env: &mut Env,
    scope: &mut Scope,
    expr: &Expr,
    op: &Spanned<BinaryOp>,
    left: &Expr,
    right: &Expr,
) -> TExpr {
    let span = expr.span;
    match op.value {
        BinaryOp::And => return conjunction(env, scope, expr),
        BinaryOp::Or => {
            // `x == null || f(x)`: where the right side runs, x is there.
            let (left, bind) = negated_clause(env, scope, left);
            let right = match &bind {
                Some((path, variable, ty)) => {
                    scope.proved.push((path.clone(), variable.clone(), ty.clone()));
                    let right = check_as(env, scope, right, &Ty::bool(), "`||`");
                    scope.proved.pop();
                    right
                }
                None => check_as(env, scope, right, &Ty::bool(), "`||`"),
            };
            if let (Some((_, variable, _)), Some(value)) = (bind, bound_value(&left)) {
                let clauses = vec![Clause::Bind { value, variable }];
                let otherwise = Box::new(TExpr { ty: Ty::bool(), kind: TKind::Bool(true), span });
                return TExpr { ty: Ty::bool(), kind: TKind::Cond { clauses, then: Box::new(right), otherwise }, span };
            }
            let left = coerce(env, left, &Ty::bool(), "`||`");
            // What cannot fail is asked first: in CEL, one that is true decides, whatever fails.
            let (left, right) = if fallible(&left) && !fallible(&right) { (right, left) } else { (left, right) };
            let kind = TKind::Binary { op: BinaryOp::Or, left: Box::new(left), right: Box::new(right) };
            return TExpr { ty: Ty::bool(), kind, span };
        }
        _ => {}
    }
    tell_of_date(env, expr, op.value, left, right);
    if let Some(found) = null_conditions::of_absent(env, scope, expr) {
        return found;
    }
    let left = check(env, scope, left);
    let right = check(env, scope, right);
    if left.ty.is_error() || right.ty.is_error() {
        for (side, other) in [(&left, &right), (&right, &left)] {
            if let Some(want) = beside(op.value, other).filter(|_| side.ty.is_error()) {
                by_type::wanted(env, side.span, want);
            }
        }
        return TExpr::error(span);
    }
    match op.value {
        BinaryOp::Eq | BinaryOp::Ne => equality(env, span, op.value, left, right),
        BinaryOp::In => membership(env, span, left, right),
        BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => match ty::join(&left.ty, &right.ty) {
            Some(ty) if ty.is_ordered() => comparison(op.value, left, right, &ty, span),
            _ => operands(env, span, op, &left, &right),
        },
        BinaryOp::Add if matches!((&left.ty.kind, &right.ty.kind), (TyKind::List(_), TyKind::List(_))) => {
            concat(env, span, op, left, right)
        }
        BinaryOp::Add | BinaryOp::Sub if let Some((result, native, swapped)) = of_times(op.value, &left, &right) => {
            let args = if swapped { vec![right, left] } else { vec![left, right] };
            TExpr { ty: Ty::new(result), kind: TKind::Function(Function::Native(native), args), span }
        }
        BinaryOp::Div | BinaryOp::Rem if matches!((&left.ty.kind, &right.kind), (TyKind::Int, TKind::Int(0))) => {
            let diag = Diagnostic::error("BFF0430", "a division by zero", op.span);
            env.diags.push(diag.help("it would fail whenever it is evaluated"));
            TExpr::error(span)
        }
        BinaryOp::Add if matches!((&left.ty.kind, &right.ty.kind), (TyKind::Str, TyKind::Str)) => {
            let kind = TKind::Binary { op: op.value, left: Box::new(left), right: Box::new(right) };
            TExpr { ty: Ty::string(), kind, span }
        }
        _ => match ty::join(&left.ty, &right.ty).map(|ty| ty.kind) {
            Some(TyKind::Int) => arithmetic(op.value, left, right, Ty::int(), span),
            Some(TyKind::Double) if op.value != BinaryOp::Rem => arithmetic(op.value, left, right, Ty::double(), span),
            _ => operands(env, span, op, &left, &right),
        },
    }
}

/// `2026-01-31` without quotes is a subtraction.
fn tell_of_date(env: &mut Env, expr: &Expr, op: BinaryOp, left: &Expr, right: &Expr) {
    let ExprKind::Binary { op: inner, left: year, right: month } = &left.kind else { return };
    let (ExprKind::Int(year), ExprKind::Int(month), ExprKind::Int(day)) = (&year.kind, &month.kind, &right.kind) else {
        return;
    };
    let is_date = (op, inner.value) == (BinaryOp::Sub, BinaryOp::Sub)
        && expr.span.end - expr.span.start == "2026-01-31".len() as u32
        && (1000..=9999).contains(year)
        && (1..=12).contains(month)
        && (1..=31).contains(day);
    if is_date {
        let date = format!("{year}-{month:02}-{day:02}");
        let message = format!("`{date}` is a subtraction here: {}", year - month - day);
        let help = format!("a date is a text, in quotes: `'{date}'`; a time is `timestamp('{date}T00:00:00Z')`");
        env.diags.push(Diagnostic::warning("BFF0332", message, expr.span).help(help));
    }
}

fn arithmetic(op: BinaryOp, left: TExpr, right: TExpr, ty: Ty, span: Span) -> TExpr {
    let (left, right) = (adapt(left, &ty), adapt(right, &ty));
    TExpr { ty, kind: TKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }
}

/// Adding and subtracting times and bytes: the result, how, and whether the sides change places.
fn of_times(op: BinaryOp, left: &TExpr, right: &TExpr) -> Option<(TyKind, Native, bool)> {
    use TyKind::{Bytes, Duration, Timestamp};
    let native = |path| Native { path, fails: true };
    Some(match (op, &left.ty.kind, &right.ty.kind) {
        (BinaryOp::Add, Timestamp, Duration) => (Timestamp, native(".plus"), false),
        (BinaryOp::Add, Duration, Timestamp) => (Timestamp, native(".plus"), true),
        (BinaryOp::Add, Duration, Duration) => (Duration, native(".plus"), false),
        (BinaryOp::Sub, Timestamp, Timestamp) => (Duration, native(".since"), false),
        (BinaryOp::Sub, Timestamp, Duration) => (Timestamp, native(".minus"), false),
        (BinaryOp::Sub, Duration, Duration) => (Duration, native(".minus"), false),
        (BinaryOp::Add, Bytes, Bytes) => (Bytes, Native { path: "conv::concat_bytes", fails: false }, false),
        _ => return None,
    })
}

/// `list + list`
fn concat(env: &mut Env, span: Span, op: &Spanned<BinaryOp>, left: TExpr, right: TExpr) -> TExpr {
    let Some(ty) = ty::join(&left.ty, &right.ty) else { return operands(env, span, op, &left, &right) };
    let ty = Ty { schema: None, ..ty };
    for side in [&left, &right] {
        env.demand.items(&side.ty);
        env.demand.joined(&side.ty, &ty);
    }
    let args = vec![adapt(left, &ty), adapt(right, &ty)];
    // What is empty adds nothing.
    if let Some(at) = args.iter().position(|side| matches!(&side.kind, TKind::List(items) if items.is_empty())) {
        let other = args.into_iter().nth(1 - at);
        return other.map_or(TExpr::error(span), |side| TExpr { ty, span, ..side });
    }
    TExpr { ty, kind: TKind::Function(Function::Concat, args), span }
}

fn comparison(op: BinaryOp, left: TExpr, right: TExpr, ty: &Ty, span: Span) -> TExpr {
    // An integer that is computed is compared with a number by its exact value, which a double may not hold.
    let computed = |side: &TExpr| matches!(side.ty.kind, TyKind::Int) && !matches!(side.kind, TKind::Int(_));
    if matches!(ty.kind, TyKind::Double) && (computed(&left) || computed(&right)) {
        let kind = TKind::Binary { op, left: Box::new(left), right: Box::new(right) };
        return TExpr { ty: Ty::bool(), kind, span };
    }
    let (left, right) = (adapt(left, ty), adapt(right, ty));
    TExpr { ty: Ty::bool(), kind: TKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }
}

fn equality(env: &mut Env, span: Span, op: BinaryOp, left: TExpr, right: TExpr) -> TExpr {
    let negated = op == BinaryOp::Ne;
    match (&left.ty.kind, &right.ty.kind) {
        (TyKind::Nullable(_), TyKind::Null) => {
            return TExpr { ty: Ty::bool(), kind: TKind::IsNull { value: Box::new(left), negated }, span };
        }
        (TyKind::Null, TyKind::Nullable(_)) => {
            return TExpr { ty: Ty::bool(), kind: TKind::IsNull { value: Box::new(right), negated }, span };
        }
        (TyKind::Null, TyKind::Null) => return TExpr { ty: Ty::bool(), kind: TKind::Bool(!negated), span },
        (_, TyKind::Null) | (TyKind::Null, _) => {
            let value = if matches!(left.ty.kind, TyKind::Null) { &right } else { &left };
            let found = value.ty.describe(&env.specs.schemas);
            let message = match matches!(value.ty.present().kind, TyKind::Nullable(_)) {
                true => format!("only what is there is compared with null: this is {found}"),
                false => format!("this is never null: it is {found}"),
            };
            let help = match value.ty.is_optional() {
                true => "absent and null are different things: ask with `has(...)` or `.hasValue()`",
                false => "remove the comparison: its result is always the same",
            };
            let diag = Diagnostic::error("BFF0405", message, value.span).help(help);
            let diag = schema_label(env, diag, &value.ty);
            env.diags.push(diag);
            return TExpr::error(span);
        }
        // A nullable scalar against a scalar: null equals nothing else.
        (TyKind::Nullable(inner), _) if inner.is_ordered() && right.ty.is_ordered() => {
            return nullable_equality(env, span, op, left, right);
        }
        (_, TyKind::Nullable(inner)) if inner.is_ordered() && left.ty.is_ordered() => {
            return nullable_equality(env, span, op, right, left);
        }
        _ => {}
    }
    match ty::join(&left.ty, &right.ty) {
        Some(ty) if ty.is_ordered() => comparison(op, left, right, &ty, span),
        Some(ty) if ty.is_comparable() && left.ty.is_optional() == right.ty.is_optional() => {
            let ty = Ty { schema: None, ..ty };
            for side in [&left, &right] {
                env.demand.items(&side.ty);
                env.demand.joined(&side.ty, &ty);
            }
            match is_never(&ty) {
                true => TExpr { ty: Ty::bool(), kind: TKind::Bool(!negated), span },
                false => {
                    let (left, right) = (adapt(left, &ty), adapt(right, &ty));
                    let kind = TKind::Binary { op, left: Box::new(left), right: Box::new(right) };
                    TExpr { ty: Ty::bool(), kind, span }
                }
            }
        }
        _ => operands(env, span, &Spanned::new(op, span), &left, &right),
    }
}

/// Lists, maps and optional values that are always empty: all are alike.
fn is_never(ty: &Ty) -> bool {
    match &ty.kind {
        TyKind::Never => true,
        TyKind::List(inner) | TyKind::Table(_, inner) | TyKind::Optional(inner) => is_never(inner),
        _ => false,
    }
}

fn nullable_equality(env: &mut Env, span: Span, op: BinaryOp, nullable: TExpr, other: TExpr) -> TExpr {
    let TyKind::Nullable(inner) = nullable.ty.kind.clone() else { return nullable };
    let variable = "value".to_string();
    let local = TExpr { ty: *inner, kind: TKind::Local(variable.clone()), span: nullable.span };
    let then = equality(env, span, op, local, other);
    let otherwise = TExpr { ty: Ty::bool(), kind: TKind::Bool(op == BinaryOp::Ne), span };
    let clauses = vec![Clause::Bind { value: nullable, variable }];
    TExpr { ty: Ty::bool(), kind: TKind::Cond { clauses, then: Box::new(then), otherwise: Box::new(otherwise) }, span }
}

fn membership(env: &mut Env, span: Span, left: TExpr, right: TExpr) -> TExpr {
    let (left, right) = match &right.ty.kind {
        TyKind::List(item) if matches!(item.kind, TyKind::Never) => {
            return TExpr { ty: Ty::bool(), kind: TKind::Bool(false), span };
        }
        TyKind::Table(key, _) if matches!(key.kind, TyKind::Never) => {
            return TExpr { ty: Ty::bool(), kind: TKind::Bool(false), span };
        }
        TyKind::List(item) if item.is_ordered() && ty::join(&left.ty, item).is_some_and(|t| t.is_ordered()) => {
            let item = Ty { schema: None, ..item.as_ref().clone() };
            env.demand.items(&right.ty);
            // An integer is looked for among numbers as a number, a number among integers by its value.
            let joined = ty::join(&left.ty, &item).unwrap_or(item);
            (adapt(left, &joined), adapt(right, &Ty::list(joined)))
        }
        TyKind::Map(_) if matches!(left.ty.kind, TyKind::Str) => {
            env.demand.items(&right.ty);
            (left, right)
        }
        TyKind::Keyed(key, _) | TyKind::Table(key, _) if ty::fits(&left.ty, key) => (left, right),
        _ => return operands(env, span, &Spanned::new(BinaryOp::In, span), &left, &right),
    };
    TExpr {
        ty: Ty::bool(),
        kind: TKind::Binary { op: BinaryOp::In, left: Box::new(left), right: Box::new(right) },
        span,
    }
}

fn operands(env: &mut Env, span: Span, op: &Spanned<BinaryOp>, left: &TExpr, right: &TExpr) -> TExpr {
    let symbol = symbol(op.value);
    let schemas = &env.specs.schemas;
    let (l, r) = (left.ty.describe(schemas), right.ty.describe(schemas));
    let mut diag = Diagnostic::error("BFF0405", format!("`{symbol}` does not go between {l} and {r}"), op.span)
        .label(left.span, l)
        .label(right.span, r);
    let there = between(op.value, left.ty.bare(), right.ty.bare());
    let absent = left.ty.is_optional() || right.ty.is_optional();
    let null = [left, right].iter().any(|side| matches!(side.ty.present().kind, TyKind::Nullable(_)));
    if there && absent {
        let or_null = if null { " or null" } else { "" };
        diag = diag.help(format!("a value that may be absent{or_null} needs `.orValue(...)` first"));
    } else if there && null {
        diag = diag.help("a value that may be null needs a check first: `x != null && ...`, or `.orValue(...)`");
    } else if ty::fits(&left.ty, &right.ty) && matches!(op.value, BinaryOp::Eq | BinaryOp::Ne) {
        diag = diag.help("objects are not compared; compare their fields");
    }
    env.diags.push(diag);
    for (side, other) in [(left, right), (right, left)].into_iter().filter(|_| !there) {
        if let Some(want) = beside(op.value, other) {
            by_type::misfit(env, op.span, side, want);
        }
    }
    TExpr::error(span)
}

/// Whether an operator goes between values of two types, both there.
fn between(op: BinaryOp, left: &Ty, right: &Ty) -> bool {
    let joined = ty::join(left, right);
    match op {
        BinaryOp::In => match &right.kind {
            TyKind::List(item) => ty::join(left, item.bare()).is_some_and(|ty| ty.is_ordered()),
            TyKind::Map(_) => matches!(left.kind, TyKind::Str),
            TyKind::Keyed(key, _) | TyKind::Table(key, _) => ty::fits(left, key),
            _ => false,
        },
        BinaryOp::Eq | BinaryOp::Ne => joined.is_some_and(|ty| ty.is_comparable()),
        BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => joined.is_some_and(|ty| ty.is_ordered()),
        BinaryOp::Add => joined.is_some_and(|ty| {
            matches!(ty.kind, TyKind::Int | TyKind::Double | TyKind::Str | TyKind::Bytes | TyKind::List(_))
        }),
        _ => joined.is_some_and(|ty| matches!(ty.kind, TyKind::Int | TyKind::Double)),
    }
}

/// What goes beside a value, if that is one type.
fn beside(op: BinaryOp, other: &TExpr) -> Option<Want> {
    let kind = &other.ty.bare().kind;
    let number = matches!(kind, TyKind::Int | TyKind::Double);
    match op {
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div if number => Some(Want::Ty(Ty::double())),
        BinaryOp::Rem if number => Some(Want::Ty(Ty::int())),
        BinaryOp::Add if matches!(kind, TyKind::Str) => Some(Want::Ty(Ty::string())),
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => match kind {
            TyKind::Int | TyKind::Double => Some(Want::Ty(Ty::double())),
            TyKind::Str | TyKind::Bool => Some(Want::Ty(Ty::new(kind.clone()))),
            _ => None,
        },
        _ => None,
    }
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::In => "in",
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
    }
}
