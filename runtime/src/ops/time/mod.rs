//! Timestamps and durations, as CEL has them: nanoseconds, from the year 1 to 9999.

mod duration;
mod fields;
mod timestamp;

use super::EvalError;
use crate::json::Text;

pub use duration::Duration;
pub use fields::Offset;
pub use timestamp::Timestamp;
pub(crate) use timestamp::date_of;

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;

/// `timestamp("2024-01-31T10:00:00Z")`: RFC 3339, any offset.
pub fn timestamp(text: &(impl Text + ?Sized)) -> Result<Timestamp, EvalError> {
    Timestamp::parse(text)
}

/// `timestamp(seconds)`: since 1970.
pub fn timestamp_of(seconds: i64) -> Result<Timestamp, EvalError> {
    Timestamp::from_seconds(seconds)
}

/// `duration("1h30m")`
pub fn duration(text: &(impl Text + ?Sized)) -> Result<Duration, EvalError> {
    Duration::parse(text)
}

/// `UTC`, `+02:00` or `-09:30`: where a timestamp's parts are asked for.
pub fn offset(text: &(impl Text + ?Sized)) -> Result<Offset, EvalError> {
    Offset::parse(text)
}

/// UTC.
pub const UTC: Offset = Offset::UTC;
