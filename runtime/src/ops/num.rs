//! Integer arithmetic that fails instead of wrapping, and integers beside doubles.

use std::cmp::Ordering;

use super::EvalError;

/// `a + b`
pub fn add(a: i64, b: i64) -> Result<i64, EvalError> {
    a.checked_add(b).ok_or(EvalError::OVERFLOW)
}

/// `a - b`
pub fn sub(a: i64, b: i64) -> Result<i64, EvalError> {
    a.checked_sub(b).ok_or(EvalError::OVERFLOW)
}

/// `a * b`
pub fn mul(a: i64, b: i64) -> Result<i64, EvalError> {
    a.checked_mul(b).ok_or(EvalError::OVERFLOW)
}

/// `a / b`, towards zero.
pub fn div(a: i64, b: i64) -> Result<i64, EvalError> {
    if b == 0 { Err(EvalError::DIVISION_BY_ZERO) } else { a.checked_div(b).ok_or(EvalError::OVERFLOW) }
}

/// `a % b`, with the sign of `a`.
pub fn rem(a: i64, b: i64) -> Result<i64, EvalError> {
    if b == 0 { Err(EvalError::DIVISION_BY_ZERO) } else { a.checked_rem(b).ok_or(EvalError::OVERFLOW) }
}

/// `-a`
pub fn neg(a: i64) -> Result<i64, EvalError> {
    a.checked_neg().ok_or(EvalError::OVERFLOW)
}

/// Compares an integer with a double by their exact values; NaN with nothing.
pub fn compare_mixed(a: i64, b: f64) -> Option<Ordering> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if b.is_nan() {
        return None;
    }
    if b >= LIMIT {
        return Some(Ordering::Less);
    }
    if b < -LIMIT {
        return Some(Ordering::Greater);
    }
    let whole = b.trunc();
    // What is cut off decides where the whole parts are equal.
    Some(a.cmp(&(whole as i64)).then_with(|| 0.0f64.total_cmp(&(b - whole + 0.0))))
}

/// `a == b`
pub fn eq_mixed(a: i64, b: f64) -> bool {
    compare_mixed(a, b).is_some_and(Ordering::is_eq)
}

/// `a < b`
pub fn lt_mixed(a: i64, b: f64) -> bool {
    compare_mixed(a, b).is_some_and(Ordering::is_lt)
}

/// `a <= b`
pub fn le_mixed(a: i64, b: f64) -> bool {
    compare_mixed(a, b).is_some_and(Ordering::is_le)
}

/// `a > b`
pub fn gt_mixed(a: i64, b: f64) -> bool {
    compare_mixed(a, b).is_some_and(Ordering::is_gt)
}

/// `a >= b`
pub fn ge_mixed(a: i64, b: f64) -> bool {
    compare_mixed(a, b).is_some_and(Ordering::is_ge)
}
