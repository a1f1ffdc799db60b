//! Integer arithmetic that fails instead of wrapping.

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
