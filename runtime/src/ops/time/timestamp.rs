//! Timestamps: points in time from the year 1 to 9999, in nanoseconds.

use std::fmt;

use super::{Duration, SECOND};
use crate::json::{JsonBuffer, Text, WriteJson};
use crate::ops::EvalError;

/// A point in time: nanoseconds since 1970, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

/// 0001-01-01T00:00:00Z
const FIRST: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z
const LAST: i64 = 253_402_300_799;

impl Timestamp {
    /// `timestamp("2024-01-31T10:00:00Z")`: RFC 3339, any offset.
    pub fn parse(text: &(impl Text + ?Sized)) -> Result<Timestamp, EvalError> {
        read(&text.text()).ok_or(EvalError::CONVERSION)
    }

    /// `timestamp(seconds)`: since 1970.
    pub fn from_seconds(seconds: i64) -> Result<Timestamp, EvalError> {
        if (FIRST..=LAST).contains(&seconds) { Ok(Timestamp { seconds, nanos: 0 }) } else { Err(EvalError::OVERFLOW) }
    }

    /// `int(t)`: seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds of the second.
    pub fn nanos(self) -> u32 {
        self.nanos
    }

    fn total(self) -> i128 {
        i128::from(self.seconds) * i128::from(SECOND) + i128::from(self.nanos)
    }

    fn of_total(total: i128) -> Result<Timestamp, EvalError> {
        let second = i128::from(SECOND);
        let seconds = i64::try_from(total.div_euclid(second)).map_err(|_| EvalError::OVERFLOW)?;
        let nanos = u32::try_from(total.rem_euclid(second)).map_err(|_| EvalError::OVERFLOW)?;
        Timestamp::from_seconds(seconds).map(|timestamp| Timestamp { nanos, ..timestamp })
    }

    /// `t + d`
    pub fn plus(self, span: Duration) -> Result<Timestamp, EvalError> {
        Timestamp::of_total(self.total() + i128::from(span.nanos))
    }

    /// `t - d`
    pub fn minus(self, span: Duration) -> Result<Timestamp, EvalError> {
        Timestamp::of_total(self.total() - i128::from(span.nanos))
    }

    /// `t - u`
    pub fn since(self, other: Timestamp) -> Result<Duration, EvalError> {
        i64::try_from(self.total() - other.total()).map(Duration::from_nanos).map_err(|_| EvalError::OVERFLOW)
    }

    /// Year, month and day in UTC.
    pub(super) fn date_at(self, offset: i64) -> (i64, i64, i64) {
        date_of((self.seconds + offset).div_euclid(86_400))
    }
}

/// Days since 1970 of a date of the proleptic Gregorian calendar.
pub(super) fn days_of(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the day that leap years add is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day since 1970: year, month and day, from 1. Howard Hinnant's `civil_from_days`.
pub(crate) fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn read(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let number = |start: usize, count: usize| -> Option<i64> {
        let digits = text.get(start..start + count)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let mark = |at: usize, marks: &[u8]| bytes.get(at).is_some_and(|byte| marks.contains(byte)).then_some(());
    mark(4, b"-")?;
    mark(7, b"-")?;
    mark(10, b"Tt")?;
    mark(13, b":")?;
    mark(16, b":")?;
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    let date = days_of(year, month, day);
    if !(1..=12).contains(&month) || date_of(date) != (year, month, day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut at = 19;
    let mut nanos = 0;
    if bytes.get(at) == Some(&b'.') {
        let count = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = text.get(at + 1..at + 1 + count.min(9))?;
        nanos = digits.parse::<u32>().ok()? * 10u32.pow(9 - digits.len() as u32);
        at += 1 + count;
    }
    let offset = match &bytes[at..] {
        b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (number(at + 1, 2)?, number(at + 4, 2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let size = (hours * 60 + minutes) * 60;
            if *sign == b'+' { size } else { -size }
        }
        _ => return None,
    };
    let seconds = date * 86_400 + hour * 3600 + minute * 60 + second - offset;
    Timestamp::from_seconds(seconds).ok().map(|timestamp| Timestamp { nanos, ..timestamp })
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC: `2024-01-31T10:00:00Z`, with as many decimals of a second as there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date_at(0);
        let second = self.seconds.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos > 0 {
            write!(f, ".{}", format!("{:09}", self.nanos).trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl WriteJson for Timestamp {
    fn write_json(&self, json: &mut JsonBuffer) {
        json.push_text(&self.to_string());
    }
}
