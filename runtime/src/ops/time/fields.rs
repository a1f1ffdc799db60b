//! The parts of a timestamp, in UTC or at an offset.

use super::Timestamp;
use super::timestamp::days_of;
use crate::json::Text;
use crate::ops::EvalError;

/// Seconds east of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offset(i64);

impl Offset {
    /// None.
    pub const UTC: Offset = Offset(0);

    /// `UTC`, `+02:00`, `-09:30` or `02:00`.
    pub fn parse(text: &(impl Text + ?Sized)) -> Result<Offset, EvalError> {
        read(&text.text()).map(Offset).ok_or(EvalError::CONVERSION)
    }
}

fn read(text: &str) -> Option<i64> {
    if matches!(text, "UTC" | "Z" | "") {
        return Some(0);
    }
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str| (text.len() == 2).then(|| text.parse::<u8>().ok())?.map(i64::from);
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let size = (hours * 60 + minutes) * 60;
    (hours < 24 && minutes < 60).then_some(if negative { -size } else { size })
}

impl Timestamp {
    fn second_of_day(self, offset: Offset) -> i64 {
        (self.seconds() + offset.0).rem_euclid(86_400)
    }

    /// `t.getFullYear()`
    pub fn year(self, offset: Offset) -> i64 {
        self.date_at(offset.0).0
    }

    /// `t.getMonth()`: January is 0.
    pub fn month(self, offset: Offset) -> i64 {
        self.date_at(offset.0).1 - 1
    }

    /// `t.getDate()`: day of the month, from 1.
    pub fn date(self, offset: Offset) -> i64 {
        self.date_at(offset.0).2
    }

    /// `t.getDayOfMonth()`: from 0.
    pub fn day_of_month(self, offset: Offset) -> i64 {
        self.date(offset) - 1
    }

    /// `t.getDayOfWeek()`: Sunday is 0.
    pub fn day_of_week(self, offset: Offset) -> i64 {
        // 1970-01-01 was a Thursday.
        ((self.seconds() + offset.0).div_euclid(86_400) + 4).rem_euclid(7)
    }

    /// `t.getDayOfYear()`: from 0.
    pub fn day_of_year(self, offset: Offset) -> i64 {
        let (year, month, day) = self.date_at(offset.0);
        days_of(year, month, day) - days_of(year, 1, 1)
    }

    /// `t.getHours()`
    pub fn hours(self, offset: Offset) -> i64 {
        self.second_of_day(offset) / 3600
    }

    /// `t.getMinutes()`
    pub fn minutes(self, offset: Offset) -> i64 {
        self.second_of_day(offset) / 60 % 60
    }

    /// `t.getSeconds()`
    pub fn seconds_of_minute(self, offset: Offset) -> i64 {
        self.second_of_day(offset) % 60
    }

    /// `t.getMilliseconds()`: of the second.
    pub fn milliseconds(self) -> i64 {
        i64::from(self.nanos()) / 1_000_000
    }
}
