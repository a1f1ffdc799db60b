//! The functions of `math`, as in cel-go's extension.

use super::EvalError;

/// `math.abs(a)` of an integer.
pub fn abs(a: i64) -> Result<i64, EvalError> {
    a.checked_abs().ok_or(EvalError::OVERFLOW)
}

/// `math.sign(a)` of a double: -1, 0 or 1; NaN of NaN.
pub fn sign(a: f64) -> f64 {
    if a == 0.0 || a.is_nan() { a } else { a.signum() }
}

/// `math.least(a, b)` of doubles; NaN only where both are.
pub fn least(a: f64, b: f64) -> f64 {
    if b < a || a.is_nan() { b } else { a }
}

/// `math.greatest(a, b)` of doubles; NaN only where both are.
pub fn greatest(a: f64, b: f64) -> f64 {
    if b > a || a.is_nan() { b } else { a }
}

/// `math.bitShiftLeft(a, by)`; beyond 63 nothing is left.
pub fn shift_left(a: i64, by: i64) -> Result<i64, EvalError> {
    let by = u32::try_from(by).map_err(|_| EvalError::SHIFT)?;
    Ok(a.checked_shl(by).unwrap_or(0))
}

/// `math.bitShiftRight(a, by)`; zeros come in from the left.
pub fn shift_right(a: i64, by: i64) -> Result<i64, EvalError> {
    let by = u32::try_from(by).map_err(|_| EvalError::SHIFT)?;
    Ok(a.cast_unsigned().checked_shr(by).unwrap_or(0).cast_signed())
}

/// `math.bitAnd(a, b)`
pub fn bit_and(a: i64, b: i64) -> i64 {
    a & b
}

/// `math.bitOr(a, b)`
pub fn bit_or(a: i64, b: i64) -> i64 {
    a | b
}

/// `math.bitXor(a, b)`
pub fn bit_xor(a: i64, b: i64) -> i64 {
    a ^ b
}

/// `math.bitNot(a)`
pub fn bit_not(a: i64) -> i64 {
    !a
}
