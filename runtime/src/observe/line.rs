//! One line of the log: JSON, written by hand into one buffer.

use std::fmt::{Display, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::ops::time::date_of;

/// A JSON object on one line.
pub(crate) struct Line {
    text: String,
}

impl Line {
    /// A line of an event, with the time of now.
    pub(crate) fn new(level: &str, event: &str) -> Line {
        let mut line = Line { text: String::with_capacity(384) };
        line.text.push_str("{\"time\":\"");
        write_time(&mut line.text, SystemTime::now());
        line.text.push('"');
        line.text("level", level).text("event", event);
        line
    }

    /// A member with a text.
    pub(crate) fn text(&mut self, key: &str, value: &str) -> &mut Line {
        self.key(key);
        write_string(&mut self.text, value);
        self
    }

    /// A member with a number or truth value.
    pub(crate) fn plain(&mut self, key: &str, value: impl Display) -> &mut Line {
        self.key(key);
        let _ = write!(self.text, "{value}");
        self
    }

    /// A member with a duration in milliseconds.
    pub(crate) fn millis(&mut self, key: &str, value: Duration) -> &mut Line {
        self.plain(key, Millis(value))
    }

    /// A member with an array of objects.
    pub(crate) fn list<T>(&mut self, key: &str, items: impl IntoIterator<Item = T>, write: impl Fn(&mut Line, T)) {
        self.key(key);
        self.text.push('[');
        for (index, item) in items.into_iter().enumerate() {
            self.text.push_str(if index == 0 { "{" } else { ",{" });
            write(self, item);
            self.text.push('}');
        }
        self.text.push(']');
    }

    /// The finished line.
    pub(crate) fn end(mut self) -> String {
        self.text.push_str("}\n");
        self.text
    }

    fn key(&mut self, key: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        write_string(&mut self.text, key);
        self.text.push(':');
    }
}

/// A duration as milliseconds with three decimals.
pub(crate) struct Millis(pub(crate) Duration);

impl Display for Millis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let micros = self.0.as_micros();
        write!(f, "{}.{:03}", micros / 1000, micros % 1000)
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' || c == '\u{7f}' || c == '\u{2028}' || c == '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A time as RFC 3339 in UTC with milliseconds.
pub(super) fn rfc_3339(time: SystemTime) -> String {
    let mut text = String::with_capacity(24);
    write_time(&mut text, time);
    text
}

/// RFC 3339 in UTC with milliseconds.
fn write_time(out: &mut String, time: SystemTime) {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, second) = ((since.as_secs() / 86_400) as i64, since.as_secs() % 86_400);
    let (year, month, day) = date_of(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let millis = since.subsec_millis();
    let _ = write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (4_102_444_800, "2100-01-01T00:00:00.000Z"),
        ] {
            let mut text = String::new();
            write_time(&mut text, UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn a_text_cannot_leave_its_quotes() {
        let mut line = Line::new("info", "test");
        line.text("path", "/a\"b\\c\n\u{2028}").millis("ms", Duration::from_micros(1234)).plain("slow", true);
        line.list("calls", ["x"], |line, name| {
            line.text("name", name);
        });
        let line = line.end();
        assert!(
            line.ends_with(
                "\"path\":\"/a\\\"b\\\\c\\u000a\\u2028\",\"ms\":1.234,\"slow\":true,\"calls\":[{\"name\":\"x\"}]}\n"
            ),
            "{line}"
        );
    }
}
