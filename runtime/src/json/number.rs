//! Numbers that keep the text they came with.

use std::cmp::Ordering;
use std::fmt;

use crate::json::decimal::Decimal;

/// A number of a body: its text goes out untouched (`1.10` stays `1.10`), its value is there when asked for.
#[derive(Clone, Copy)]
pub struct Number<'a> {
    text: &'a str,
}

impl<'a> Number<'a> {
    /// The text of a JSON number, known to be right.
    pub(crate) fn from_json(text: &'a str) -> Number<'a> {
        Number { text }
    }

    /// A constant of generated code: the text of a JSON number.
    pub const fn constant(text: &'static str) -> Number<'static> {
        Number { text }
    }

    /// The nearest double; infinite beyond its range.
    pub fn get(&self) -> f64 {
        self.text.parse().unwrap_or(f64::NAN)
    }

    /// The text as it came.
    pub fn as_json(&self) -> &'a str {
        self.text
    }
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text)
    }
}

impl fmt::Debug for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Number<'_>) -> bool {
        self.text == other.text || self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number<'_> {}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number<'_> {
    /// By value, exactly: not by way of doubles.
    fn cmp(&self, other: &Self) -> Ordering {
        Decimal::new(self.text).compare(&Decimal::new(other.text))
    }
}

impl PartialEq<f64> for Number<'_> {
    fn eq(&self, other: &f64) -> bool {
        self.get() == *other
    }
}

impl PartialOrd<f64> for Number<'_> {
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        self.get().partial_cmp(other)
    }
}
