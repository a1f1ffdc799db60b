//! Numbers that keep the text they came with.

use std::cmp::Ordering;
use std::fmt;

use crate::json::decimal::Decimal;

/// A number of a body: its text goes out untouched (`1.10` stays `1.10`), its value is there when asked for. Or one
/// that an expression computed.
#[derive(Clone, Copy)]
pub struct Number<'a> {
    held: Held<'a>,
}

#[derive(Clone, Copy)]
enum Held<'a> {
    Text(&'a str),
    Value(f64),
}

impl<'a> Number<'a> {
    /// The text of a JSON number, known to be right.
    pub(crate) fn from_json(text: &'a str) -> Number<'a> {
        Number { held: Held::Text(text) }
    }

    /// A number that was computed.
    pub const fn computed(value: f64) -> Number<'a> {
        Number { held: Held::Value(value) }
    }

    /// A constant of generated code: the text of a JSON number.
    pub const fn constant(text: &'static str) -> Number<'static> {
        Number { held: Held::Text(text) }
    }

    /// The nearest double; infinite beyond its range.
    pub fn get(&self) -> f64 {
        match self.held {
            Held::Text(text) => text.parse().unwrap_or(f64::NAN),
            Held::Value(value) => value,
        }
    }

    /// The text as it came; none of one that was computed.
    pub fn text(&self) -> Option<&'a str> {
        match self.held {
            Held::Text(text) => Some(text),
            Held::Value(_) => None,
        }
    }
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.held {
            Held::Text(text) => f.pad(text),
            Held::Value(value) => fmt::Display::fmt(&value, f),
        }
    }
}

impl fmt::Debug for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Number<'_>) -> bool {
        match (self.text(), other.text()) {
            (Some(a), Some(b)) => a == b || self.cmp(other) == Ordering::Equal,
            _ => self.cmp(other) == Ordering::Equal,
        }
    }
}

impl Eq for Number<'_> {}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number<'_> {
    /// By value, exactly where both have a text: not by way of doubles.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.text(), other.text()) {
            (Some(a), Some(b)) => Decimal::new(a).compare(&Decimal::new(b)),
            _ => {
                let (a, b) = (self.get(), other.get());
                a.partial_cmp(&b).unwrap_or_else(|| a.total_cmp(&b))
            }
        }
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
