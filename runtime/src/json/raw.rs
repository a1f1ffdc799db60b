//! Values that go out as they came, cut to what is declared.

use std::borrow::Cow;
use std::fmt;

use crate::json::check_object::{ReadMember, Seen};
use crate::json::decode::Decode;
use crate::json::field::Field;
use crate::json::reader::Reader;
use crate::json::rule::{Kind, Rule};
use crate::json::scan::{Cursor, MAX_DEPTH};

/// A JSON value carried as text: checked by its rule and cut to its declared members. It borrows from the body
/// unless something was cut.
#[derive(Clone)]
pub struct Raw<'a> {
    pub(crate) text: Cow<'a, str>,
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
    /// Reads an object that goes out whole and is looked into as well: checks and cuts it by its rule, and calls
    /// `member` with the name and the rule of each declared member, the reader in front of its value. What `member`
    /// does not read is skipped. It has been checked: `member` need not look at the rules again.
    pub fn object_with_raw(
        &mut self,
        rule: &Rule,
        mut member: impl FnMut(&mut Reader<'a>, &'static str, &'static Rule),
    ) -> Option<Raw<'a>> {
        let start = self.cursor.pos;
        let mut heir = Some(rule);
        loop {
            heir = match heir.map(|rule| &rule.kind) {
                Some(Kind::Tagged(tagged)) => self.tagged(tagged),
                Some(Kind::AnyOf(members)) => match self.fitting(members) {
                    Some(rule) => Some(rule),
                    None => break,
                },
                _ => break,
            };
        }
        let usable = match heir.map(|rule| (rule, &rule.kind)) {
            Some((rule, Kind::Object(object))) => {
                self.check_object(object, Some(&mut member), &mut Seen::default()) && self.check_allowed(rule, start)
            }
            Some((rule, _)) => self.check(rule),
            None => false,
        };
        self.last_object = start;
        self.take_raw(start, usable)
    }

    /// Hands the value that begins at `value` and was just checked to `read`, and goes on behind it.
    pub(crate) fn read_again(&mut self, value: usize, field: &Field, read: &mut ReadMember<'_, 'a>) {
        let end = std::mem::replace(&mut self.cursor.pos, value);
        // What is cut of the parts that are carried as text is theirs; the same bytes are noted here already.
        let (rules, cuts) = (std::mem::replace(&mut self.rules, false), std::mem::take(&mut self.cuts));
        let quiet = std::mem::replace(&mut self.lenient.quiet, true);
        let rule = match field.rule.kind {
            Kind::Of(rule) => rule,
            _ => field.rule,
        };
        read(self, field.name(), rule);
        (self.rules, self.cuts) = (rules, cuts);
        self.lenient.quiet = quiet;
        self.cursor.pos = end;
    }

    /// The text from `start` to here without what was cut of it.
    fn take_raw(&mut self, start: usize, usable: bool) -> Option<Raw<'a>> {
        let text = self.cursor.slice(start, self.cursor.pos);
        if self.cuts.is_empty() {
            return usable.then_some(Raw { text: Cow::Borrowed(text) });
        }
        let lost: usize = self.cuts.iter().map(|cut| cut.1 - cut.0).sum();
        let mut out = String::with_capacity(text.len().saturating_sub(lost));
        let mut from = start;
        for (cut, behind) in self.cuts.drain(..) {
            out.push_str(self.cursor.slice(from, cut));
            from = behind;
        }
        out.push_str(self.cursor.slice(from, self.cursor.pos));
        usable.then_some(Raw { text: Cow::Owned(out) })
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'a> Decode<'a> for Raw<'a> {
    const CHECKS_ALL: bool = true;

    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        let start = r.cursor.pos;
        let usable = r.check(rule);
        r.take_raw(start, usable)
    }
}
