//! Equality of JSON values as JSON Schema means it: numbers by value, objects without order.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::json::decimal::Decimal;
use crate::json::escape::escape_into;
use crate::json::scan::{Cursor, MAX_DEPTH};

/// Whether a value is one of `allowed`; all are JSON texts, known to be right.
pub(crate) fn is_one_of(value: &str, allowed: &[&str]) -> bool {
    if allowed.contains(&value) {
        return true;
    }
    let value = canonical(value);
    allowed.iter().any(|other| canonical(other) == value)
}

/// The items of a list that must differ, each as the range of its text: of most lists few, which need no memory of their own.
pub(crate) struct Items {
    few: [(usize, usize); FEW],
    count: usize,
    many: Vec<(usize, usize)>,
    /// The lengths of their texts, a bit each, modulo 64; and whether one came twice.
    lengths: u64,
    same_length: bool,
}

/// How many items are kept aside without memory of their own, and compared each with each.
const FEW: usize = 8;

impl Items {
    pub(crate) fn new() -> Items {
        Items { few: [(0, 0); FEW], count: 0, many: Vec::new(), lengths: 0, same_length: false }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, start: usize, end: usize) {
        match self.few.get_mut(self.count) {
            Some(place) => *place = (start, end),
            None => self.push_many((start, end)),
        }
        self.count += 1;
        let length = 1 << ((end - start) % 64);
        self.same_length |= self.lengths & length != 0;
        self.lengths |= length;
    }

    #[inline(never)]
    fn push_many(&mut self, item: (usize, usize)) {
        if self.many.is_empty() {
            self.many.extend(self.few);
        }
        self.many.push(item);
    }

    /// Whether no two of them are equal.
    pub(crate) fn all_different(&self, text: &str) -> bool {
        let few = self.few.get(..self.count).unwrap_or_default();
        let is_plain = |(start, end): &(usize, usize)| {
            text.get(*start..*end).is_some_and(|item| item.starts_with('"') && !item.contains('\\'))
        };
        // Strings without escapes, as tags are: mostly their lengths suffice.
        if self.count <= FEW && few.iter().all(is_plain) {
            return !self.same_length || written_differently(few, text);
        }
        let items = if self.count > FEW { &self.many } else { few };
        let mut seen = HashSet::with_capacity(items.len());
        items.iter().all(|(start, end)| seen.insert(canonical(text.get(*start..*end).unwrap_or_default())))
    }
}

fn written_differently(texts: &[(usize, usize)], all: &str) -> bool {
    let text = |index: usize| all.get(texts[index].0..texts[index].1);
    (1..texts.len()).all(|index| (0..index).all(|other| text(index) != text(other)))
}

/// One text for each value: equal values have equal ones, others have others.
pub(crate) fn canonical(value: &str) -> Cow<'_, str> {
    match value.as_bytes().first() {
        Some(b'"') if !value.contains('\\') => Cow::Borrowed(value),
        Some(b't' | b'f' | b'n') => Cow::Borrowed(value),
        _ => {
            let mut out = Vec::with_capacity(value.len());
            write(&mut Cursor::new(value, MAX_DEPTH), &mut out);
            Cow::Owned(String::from_utf8(out).unwrap_or_default())
        }
    }
}

fn write(cursor: &mut Cursor<'_>, out: &mut Vec<u8>) -> Option<()> {
    let start = cursor.pos;
    match cursor.peek() {
        b'{' => write_object(cursor, out),
        b'[' => {
            out.push(b'[');
            let mut more = cursor.open(b']')?;
            while more {
                write(cursor, out)?;
                out.push(b',');
                more = cursor.next(b']')?;
            }
            out.push(b']');
            Some(())
        }
        b'"' => {
            let quoted = cursor.string()?;
            write_string(&cursor.string_text(quoted), out);
            Some(())
        }
        b'-' | b'0'..=b'9' => {
            let digits = cursor.number()?;
            let mut text = String::new();
            Decimal::new(cursor.slice(digits.start, digits.end)).write_canonical(&mut text);
            out.extend_from_slice(text.as_bytes());
            Some(())
        }
        _ => {
            cursor.skip()?;
            out.extend_from_slice(cursor.slice(start, cursor.pos).as_bytes());
            Some(())
        }
    }
}

/// The members in the order of their keys; of several with one key, the last.
fn write_object(cursor: &mut Cursor<'_>, out: &mut Vec<u8>) -> Option<()> {
    let mut members = std::collections::BTreeMap::new();
    let mut more = cursor.open(b'}')?;
    while more {
        let key = cursor.key()?;
        let mut value = Vec::new();
        write(cursor, &mut value)?;
        members.insert(cursor.string_text(key), value);
        more = cursor.next(b'}')?;
    }
    out.push(b'{');
    for (key, value) in members {
        write_string(&key, out);
        out.push(b':');
        out.extend_from_slice(&value);
        out.push(b',');
    }
    out.push(b'}');
    Some(())
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    escape_into(text, out);
    out.push(b'"');
}
