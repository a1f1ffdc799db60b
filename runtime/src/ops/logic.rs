//! `&&` and `||` of which both sides can fail: as in CEL, the side that decides counts, whatever the other does.

use super::EvalError;

type Side = Result<bool, EvalError>;

/// `a && b`: one false decides.
pub fn and(a: impl FnOnce() -> Side, b: impl FnOnce() -> Side) -> Side {
    match a() {
        Ok(false) => Ok(false),
        Ok(true) => b(),
        Err(error) => {
            if b()? {
                Err(error)
            } else {
                Ok(false)
            }
        }
    }
}

/// `a || b`: one true decides.
pub fn or(a: impl FnOnce() -> Side, b: impl FnOnce() -> Side) -> Side {
    match a() {
        Ok(true) => Ok(true),
        Ok(false) => b(),
        Err(error) => {
            if b()? {
                Ok(true)
            } else {
                Err(error)
            }
        }
    }
}
