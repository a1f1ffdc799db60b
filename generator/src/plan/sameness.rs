//! Values that are the same as written, and conditions that cannot change because of it.

use super::ir::{Clause, Function, TExpr, TKind};
use super::lints::varies;
use crate::diag::Diagnostic;
use crate::expr::ast::BinaryOp;

/// A comparison of a value with itself, of constants, or of a length with what none is.
pub fn comparison(e: &TExpr) -> Option<Diagnostic> {
    let TKind::Binary { op, left, right } = &e.kind else { return None };
    let always = |holds: bool, why: &str| {
        let message = format!("this is always {holds}: {why}");
        Diagnostic::warning("BFF0448", message, e.span).help("take it out, or what it never lets happen")
    };
    let with_equal = matches!(op, BinaryOp::Eq | BinaryOp::Le | BinaryOp::Ge);
    if same(left, right) && varies(left) {
        // A number that is none is not equal to itself.
        let number = matches!(left.ty.bare().kind, super::ty::TyKind::Double);
        return (!number).then(|| always(with_equal, "both sides are the same"));
    }
    if !varies(left) && !varies(right) {
        let message = "this is always the same: nothing in it depends on the request or a call";
        return Some(Diagnostic::warning("BFF0448", message, e.span).help("take it out, or what it never lets happen"));
    }
    let (op, number) = match (size(left), &right.kind, size(right), &left.kind) {
        (true, TKind::Int(number), ..) => (*op, *number),
        (_, _, true, TKind::Int(number)) => (turned(*op), *number),
        _ => return None,
    };
    let holds = match (op, number) {
        (BinaryOp::Ge, ..=0) | (BinaryOp::Gt | BinaryOp::Ne, ..0) => true,
        (BinaryOp::Lt, ..=0) | (BinaryOp::Le | BinaryOp::Eq, ..0) => false,
        _ => return None,
    };
    Some(always(holds, "a size is never less than 0"))
}

fn size(e: &TExpr) -> bool {
    match &e.kind {
        TKind::Function(Function::SizeList | Function::SizeMap, _) => true,
        TKind::Function(Function::Native(native), _) => native.path.ends_with("::size"),
        _ => false,
    }
}

/// The operator with its sides changed.
fn turned(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::Le => BinaryOp::Ge,
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::Ge => BinaryOp::Le,
        other => other,
    }
}

/// `x == 1 && x == 2`, `x > 3 && x < 2`; `x != 1 || x != 2`.
pub fn conjunction(e: &TExpr) -> Option<Diagnostic> {
    let TKind::Binary { op: whole @ (BinaryOp::And | BinaryOp::Or), left, right } = &e.kind else { return None };
    let mut parts = Vec::new();
    split(*whole, left, &mut parts);
    let before = parts.len();
    split(*whole, right, &mut parts);
    let and = *whole == BinaryOp::And;
    let pairs = (0..before).flat_map(|a| (before..parts.len()).map(move |b| (a, b)));
    let (first, second) = pairs.map(|(a, b)| (parts[a], parts[b])).find(|(a, b)| excluded(a, b, and))?;
    let message = match and {
        true => "these are never both true",
        false => "one of these is always true",
    };
    let diag = Diagnostic::warning("BFF0448", message, e.span).label(first.span, "this").label(second.span, "and this");
    Some(diag.help("take one of them out, or write `||` for `&&`"))
}

/// The same for the conditions of a conditional.
pub fn clauses(clauses: &[Clause]) -> Option<Diagnostic> {
    let tests: Vec<&TExpr> = clauses
        .iter()
        .filter_map(|clause| match clause {
            Clause::Test(test) => Some(test),
            Clause::Bind { .. } => None,
        })
        .collect();
    let pairs = (0..tests.len()).flat_map(|a| (a + 1..tests.len()).map(move |b| (a, b)));
    let (first, second) = pairs.map(|(a, b)| (tests[a], tests[b])).find(|(a, b)| excluded(a, b, true))?;
    let diag = Diagnostic::warning("BFF0448", "this is never true together with what is before it", second.span);
    Some(diag.label(first.span, "this").help("take one of them out, or write `||` for `&&`"))
}

fn split<'e>(op: BinaryOp, e: &'e TExpr, parts: &mut Vec<&'e TExpr>) {
    match &e.kind {
        TKind::Binary { op: inner, left, right } if *inner == op => {
            split(op, left, parts);
            split(op, right, parts);
        }
        _ => parts.push(e),
    }
}

/// Whether two comparisons of one value with constants cannot both be true (`and`), or cannot both be false.
fn excluded(a: &TExpr, b: &TExpr, and: bool) -> bool {
    let (Some((x, one, c)), Some((y, other, d))) = (against(a), against(b)) else { return false };
    if !same(x, y) || !varies(x) {
        return false;
    }
    match and {
        true => disjoint(one, c, other, d),
        // Both false: neither holds where the opposites do.
        false => disjoint(opposite(one), c, opposite(other), d),
    }
}

fn opposite(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Eq => BinaryOp::Ne,
        BinaryOp::Ne => BinaryOp::Eq,
        BinaryOp::Lt => BinaryOp::Ge,
        BinaryOp::Ge => BinaryOp::Lt,
        BinaryOp::Gt => BinaryOp::Le,
        BinaryOp::Le => BinaryOp::Gt,
        other => other,
    }
}

/// A comparison with a constant: the value, the operator, the constant.
fn against(e: &TExpr) -> Option<(&TExpr, BinaryOp, &TKind)> {
    let TKind::Binary { op, left, right } = &e.kind else { return None };
    let constant = |e: &TExpr| matches!(e.kind, TKind::Int(_) | TKind::Str(_));
    match (constant(left), constant(right)) {
        (false, true) => Some((left, *op, &right.kind)),
        (true, false) => Some((right, turned(*op), &left.kind)),
        _ => None,
    }
}

fn disjoint(one: BinaryOp, c: &TKind, other: BinaryOp, d: &TKind) -> bool {
    use BinaryOp::{Eq, Ge, Gt, Le, Lt, Ne};
    let (c, d) = match (c, d) {
        (TKind::Str(c), TKind::Str(d)) => {
            return matches!((one, other), (Eq, Eq) if c != d) || matches!((one, other), (Eq, Ne) | (Ne, Eq) if c == d);
        }
        (TKind::Int(c), TKind::Int(d)) => (i128::from(*c), i128::from(*d)),
        _ => return false,
    };
    let range = |op: BinaryOp, at: i128| match op {
        Eq => Some((at, at)),
        Lt => Some((i128::MIN, at - 1)),
        Le => Some((i128::MIN, at)),
        Gt => Some((at + 1, i128::MAX)),
        Ge => Some((at, i128::MAX)),
        _ => None,
    };
    match (range(one, c), range(other, d)) {
        (Some((a, b)), Some((c, d))) => b < c || d < a,
        _ => matches!((one, other), (Eq, Ne) | (Ne, Eq)) && c == d,
    }
}

/// `c ? x : x`
pub fn sides(e: &TExpr, then: &TExpr, otherwise: &TExpr) -> Option<Diagnostic> {
    let constant = |side: &TExpr| matches!(side.kind, TKind::Bool(_));
    (same(then, otherwise) && !constant(then)).then(|| {
        Diagnostic::warning("BFF0448", "both sides of this condition are the same", e.span)
            .help("take the condition out, or write what was meant on one side")
    })
}

/// Whether two values are the same as written: reading both gives the same.
fn same(a: &TExpr, b: &TExpr) -> bool {
    let all = |a: &[TExpr], b: &[TExpr]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (&a.kind, &b.kind) {
        (TKind::Null, TKind::Null) | (TKind::Absent, TKind::Absent) => true,
        (TKind::Bool(a), TKind::Bool(b)) => a == b,
        (TKind::Int(a), TKind::Int(b)) => a == b,
        (TKind::Double(a), TKind::Double(b)) => a == b,
        (TKind::Str(a), TKind::Str(b)) | (TKind::Local(a), TKind::Local(b)) => a == b,
        (TKind::Input(a), TKind::Input(b)) | (TKind::Call(a), TKind::Call(b)) => a == b,
        (TKind::Field { base: a, name: n, .. }, TKind::Field { base: b, name: m, .. }) => n == m && same(a, b),
        (TKind::Index { base: a, index: i, .. }, TKind::Index { base: b, index: j, .. }) => same(a, b) && same(i, j),
        (TKind::List(a), TKind::List(b)) => all(a, b),
        (TKind::Function(f, a), TKind::Function(g, b)) => f == g && all(a, b),
        (TKind::Binary { op, left: a, right: b }, TKind::Binary { op: other, left: c, right: d }) => {
            op == other && same(a, c) && same(b, d)
        }
        (TKind::OrValue(a, b), TKind::OrValue(c, d)) => same(a, c) && same(b, d),
        (TKind::Not(a), TKind::Not(b))
        | (TKind::Negate(a), TKind::Negate(b))
        | (TKind::HasValue(a), TKind::HasValue(b))
        | (TKind::Widen(a), TKind::Widen(b))
        | (TKind::Some(a), TKind::Some(b))
        | (TKind::NotNull(a), TKind::NotNull(b)) => same(a, b),
        (TKind::Cond { clauses: c, then: a, otherwise: b }, TKind::Cond { clauses: d, then: e, otherwise: f }) => {
            let tests = |clauses: &[Clause]| clauses.iter().all(|clause| matches!(clause, Clause::Test(_)));
            let test = |(a, b): (&Clause, &Clause)| matches!((a, b), (Clause::Test(a), Clause::Test(b)) if same(a, b));
            tests(c) && c.len() == d.len() && c.iter().zip(d).all(test) && same(a, e) && same(b, f)
        }
        _ => false,
    }
}
