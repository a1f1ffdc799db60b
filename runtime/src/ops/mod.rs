//! What expressions need beyond Rust's operators: checked, without panics, with CEL's meaning.

use std::cmp::Ordering;
use std::fmt;

pub mod conv;
pub mod list;
pub mod logic;
pub mod math;
pub mod num;
pub mod paging;
pub mod table;
pub mod text;
pub mod time;

pub use table::Table;
pub use time::{Duration, Offset, Timestamp};

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvalError {
    code: &'static str,
    text: &'static str,
}

impl EvalError {
    /// A result beyond 64 bits.
    pub const OVERFLOW: EvalError = EvalError::new("overflow", "the result is beyond the range of 64-bit integers");
    /// A division by zero.
    pub const DIVISION_BY_ZERO: EvalError = EvalError::new("division_by_zero", "a division by zero");
    /// A position that a list or text does not have.
    pub const INDEX: EvalError = EvalError::new("index", "there is nothing at this position");
    /// A key that a map does not have.
    pub const NO_SUCH_KEY: EvalError = EvalError::new("no_such_key", "there is no such key");
    /// A value that cannot be converted.
    pub const CONVERSION: EvalError = EvalError::new("conversion", "the value cannot be converted");
    /// A header that an upstream's document promises, and that it did not send, or not so.
    pub const HEADER: EvalError = EvalError::new("header", "a header that was promised is missing or unusable");
    /// The least or greatest of no values.
    pub const EMPTY: EvalError = EvalError::new("empty", "an empty list has no least or greatest item");

    /// A shift by a negative number of bits.
    pub const SHIFT: EvalError = EvalError::new("shift", "bits are not shifted by a negative number");
    /// A key that a map would have twice.
    pub const DUPLICATE_KEY: EvalError = EvalError::new("duplicate_key", "a key comes twice in a map");
    /// A list that would be too long.
    pub const TOO_LONG: EvalError = EvalError::new("too_long", "the list would be too long");
    /// A value that was asked for and is absent.
    pub const ABSENT: EvalError = EvalError::new("absent", "the value is absent");

    /// An error: a stable code in snake case, and words for people.
    pub const fn new(code: &'static str, text: &'static str) -> EvalError {
        EvalError { code, text }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What went wrong, in words.
    pub const fn text(&self) -> &'static str {
        self.text
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl std::error::Error for EvalError {}

/// Orders any two values, for sorting: what cannot be compared with itself (NaN) comes last, and what cannot be
/// compared with each other is equal.
pub fn compare<T: PartialOrd + ?Sized>(a: &T, b: &T) -> Ordering {
    a.partial_cmp(b).unwrap_or_else(|| {
        let odd = |value: &T| value.partial_cmp(value).is_none();
        odd(a).cmp(&odd(b))
    })
}
