//! Values that go out as they came, cut to what is declared.

use std::borrow::Cow;
use std::fmt;

use crate::json::decode::Decode;
use crate::json::reader::Reader;
use crate::json::rule::Rule;
use crate::json::scan::{Cursor, MAX_DEPTH};

/// A JSON value carried as text: checked by its rule and cut to its declared members. It borrows from the body
/// unless something was cut.
#[derive(Clone)]
pub struct Raw<'a> {
    text: Cow<'a, str>,
}

impl Raw<'_> {
    /// The JSON text.
    pub fn as_json(&self) -> &str {
        &self.text
    }

    /// Calls `member` with each member of the object: key (decoded), the whole member as it stands, and where the
    /// member lies in the text.
    pub(crate) fn members(&self, mut member: impl FnMut(&str, std::ops::Range<usize>)) -> Option<()> {
        let mut cursor = Cursor::new(&self.text, MAX_DEPTH);
        if cursor.peek() != b'{' {
            return None;
        }
        let mut more = cursor.open(b'}')?;
        while more {
            let start = cursor.pos;
            let key = cursor.key()?;
            cursor.skip()?;
            member(&cursor.string_text(key), start..cursor.pos);
            more = cursor.next(b'}')?;
        }
        Some(())
    }
}

impl<'a> Reader<'a> {
    /// Reads a value that goes out whole and is looked into as well: checks and cuts it by its rule, then
    /// hands it to `read` with the reader in front of it again. It is not checked twice.
    pub fn with_raw<T>(&mut self, rule: &Rule, read: impl FnOnce(&mut Self, Raw<'a>) -> Option<T>) -> Option<T> {
        let start = self.cursor.pos;
        let raw = Raw::decode(self, rule)?;
        let end = std::mem::replace(&mut self.cursor.pos, start);
        let rules = std::mem::replace(&mut self.rules, false);
        let value = read(self, raw);
        self.rules = rules;
        self.cursor.pos = end;
        value
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'a> Decode<'a> for Raw<'a> {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        let start = r.cursor.pos;
        let usable = r.check(rule);
        let text = r.cursor.slice(start, r.cursor.pos);
        if r.keep_undeclared {
            r.cuts.clear();
        }
        if r.cuts.is_empty() {
            return usable.then_some(Raw { text: Cow::Borrowed(text) });
        }
        let lost: usize = r.cuts.iter().map(|cut| cut.1 - cut.0).sum();
        let mut out = String::with_capacity(text.len().saturating_sub(lost));
        let mut from = start;
        for (cut, behind) in r.cuts.drain(..) {
            out.push_str(r.cursor.slice(from, cut));
            from = behind;
        }
        out.push_str(r.cursor.slice(from, r.cursor.pos));
        usable.then_some(Raw { text: Cow::Owned(out) })
    }
}
