//! Durations: signed nanoseconds in 64 bits, about 292 years either way.

use std::fmt;

use super::SECOND;
use crate::json::{JsonBuffer, Text, WriteJson};
use crate::ops::EvalError;

/// A span of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    pub(super) nanos: i64,
}

/// Units of a duration's text, with their nanoseconds. Longest first where one begins another.
const UNITS: [(&str, i64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3600 * SECOND),
];

impl Duration {
    /// So many nanoseconds.
    pub const fn from_nanos(nanos: i64) -> Duration {
        Duration { nanos }
    }

    /// `duration("1h30m")`: numbers with the units `h`, `m`, `s`, `ms`, `us` and `ns`, and a sign before all.
    pub fn parse(text: &(impl Text + ?Sized)) -> Result<Duration, EvalError> {
        read(&text.text()).ok_or(EvalError::CONVERSION)
    }

    /// `a + b`
    pub fn plus(self, other: Duration) -> Result<Duration, EvalError> {
        self.nanos.checked_add(other.nanos).map(Duration::from_nanos).ok_or(EvalError::OVERFLOW)
    }

    /// `a - b`
    pub fn minus(self, other: Duration) -> Result<Duration, EvalError> {
        self.nanos.checked_sub(other.nanos).map(Duration::from_nanos).ok_or(EvalError::OVERFLOW)
    }

    /// `d.getHours()`: all of it in whole hours.
    pub fn hours(self) -> i64 {
        self.nanos / (3600 * SECOND)
    }

    /// `d.getMinutes()`: all of it in whole minutes.
    pub fn minutes(self) -> i64 {
        self.nanos / (60 * SECOND)
    }

    /// `d.getSeconds()`: all of it in whole seconds.
    pub fn seconds(self) -> i64 {
        self.nanos / SECOND
    }

    /// `d.getMilliseconds()`: what is beyond whole seconds, in whole milliseconds.
    pub fn milliseconds(self) -> i64 {
        self.nanos % SECOND / 1_000_000
    }
}

fn read(text: &str) -> Option<Duration> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(Duration::default());
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0i128;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, behind) = rest.split_at(end);
        let (unit, nanos) =
            UNITS.iter().filter(|(unit, _)| behind.starts_with(unit)).max_by_key(|(unit, _)| unit.len())?;
        total = total.checked_add(amount(number, *nanos)?)?;
        rest = &behind[unit.len()..];
        if total > i128::from(u64::MAX) {
            return None;
        }
    }
    i64::try_from(if negative { -total } else { total }).ok().map(Duration::from_nanos)
}

/// `1.5` of so many nanoseconds; what is smaller than one is cut off.
fn amount(number: &str, unit: i64) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()?.into() };
    // More digits than a nanosecond of an hour has change nothing.
    let digits = &fraction[..fraction.len().min(18)];
    let part = match digits.parse::<i128>() {
        Ok(value) => value * i128::from(unit) / 10i128.pow(digits.len() as u32),
        Err(_) => 0,
    };
    whole.checked_mul(unit.into())?.checked_add(part)
}

impl fmt::Display for Duration {
    /// Seconds: `3.5s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (size, nanos) = (self.nanos.unsigned_abs(), self.nanos.unsigned_abs() % SECOND.unsigned_abs());
        let sign = if self.nanos < 0 { "-" } else { "" };
        write!(f, "{sign}{}", size / SECOND.unsigned_abs())?;
        if nanos > 0 {
            write!(f, ".{}", format!("{nanos:09}").trim_end_matches('0'))?;
        }
        f.write_str("s")
    }
}

impl WriteJson for Duration {
    fn write_json(&self, json: &mut JsonBuffer) {
        json.push_text(&self.to_string());
    }
}
