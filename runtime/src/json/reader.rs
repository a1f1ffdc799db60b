//! The reader: one pass over a body, with the rules and the violations at hand.

use std::borrow::Cow;

use crate::json::canonical::canonical;
use crate::json::decimal::Decimal;
use crate::json::key::Key;
use crate::json::lenient::{Leniencies, Leniency, Lenient};
use crate::json::order::Orders;
use crate::json::scan::{Broken, Cursor};
use crate::json::text::Str;
use crate::json::violation::{Found, Violations, resolve};

/// How many violations are kept; the others are counted.
pub(crate) const KEPT: usize = 16;

/// How a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeOptions {
    /// Check the rules (`validate: used`, the default). `false` (`validate: off`): only types, `required` and duplicates.
    pub rules: bool,
    /// Check the whole body by its rule first (`validate: full`), also what is not read.
    pub full: bool,
    /// Let values that break a rule pass, and report it (`on_invalid: report`). Wrong types never pass.
    pub report_invalid: bool,
    /// What passes against the rules, and is counted (`lenient`).
    pub lenient: Leniencies,
    /// Keep members that are not declared in what is carried as text (`open: true` on a call).
    pub keep_undeclared: bool,
    /// A schema that names no `type`, but speaks of objects, takes objects only, and so on: what people mean, and what
    /// the types of generated code say. `false`: by the letter of JSON Schema, values of other types pass.
    pub implied_types: bool,
    /// Check `format`.
    pub formats: bool,
    /// How many levels objects and lists may be nested; at most 128.
    pub depth: u32,
}

impl DecodeOptions {
    /// For what an upstream sends: rules checked, leniently.
    pub const fn response() -> DecodeOptions {
        DecodeOptions {
            rules: true,
            full: false,
            report_invalid: false,
            lenient: Leniencies::ALL,
            keep_undeclared: false,
            implied_types: true,
            formats: true,
            depth: 64,
        }
    }

    /// For what a client sends: rules checked, by the letter.
    pub const fn input() -> DecodeOptions {
        DecodeOptions { lenient: Leniencies::LETTER, ..DecodeOptions::response() }
    }
}

impl Default for DecodeOptions {
    fn default() -> Self {
        DecodeOptions::response()
    }
}

/// What comes next in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `{`
    Object,
    /// `[`
    Array,
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`
    Null,
}

impl JsonType {
    fn from_first_byte(byte: u8) -> Option<JsonType> {
        Some(match byte {
            b'{' => JsonType::Object,
            b'[' => JsonType::Array,
            b'"' => JsonType::String,
            b'-' | b'0'..=b'9' => JsonType::Number,
            b't' | b'f' => JsonType::Boolean,
            b'n' => JsonType::Null,
            _ => return None,
        })
    }
}

/// Reads one body. Every read starts at a value and ends behind it, also when the value is not what was expected:
/// then the violation is noted and the value skipped, so that all violations are found. Once the text turns
/// out not to be JSON, every read returns at once.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(crate) cursor: Cursor<'a>,
    pub(crate) rules: bool,
    pub(crate) report: bool,
    pub(crate) keep_undeclared: bool,
    pub(crate) implied_types: bool,
    pub(crate) formats: bool,
    /// Trying a member of a union: nothing is recorded, and the first violation ends the attempt.
    pub(crate) probing: bool,
    /// Lists of clauses that are being checked, one within the other.
    pub(crate) nested: u32,
    /// Bytes that members of unions, and clauses, may still be tried on.
    pub(crate) budget: usize,
    /// Ranges to leave out of what is carried as text, in order.
    pub(crate) cuts: Vec<(usize, usize)>,
    /// The order in which members came.
    pub(crate) orders: Orders,
    /// Where the object that was read last begins.
    pub(crate) last_object: usize,
    /// What may pass against the rules, and what did.
    pub(crate) lenient: Lenient,
    found: Vec<Found>,
    more: usize,
    /// How many of them must not pass.
    fatal: usize,
    /// Those that were noted last, all of one value.
    last: Last,
}

/// What is wrong with a text in front of which a byte order mark stands.
const BYTE_ORDER_MARK: &str = "a byte order mark stands in front, which JSON must not have";

impl<'a> Reader<'a> {
    /// A reader at the first value of a text.
    pub fn new(text: &'a str, options: &DecodeOptions) -> Reader<'a> {
        let mut cursor = Cursor::new(text, options.depth);
        // RFC 8259, 8.1: nobody may send one. A parser may ignore it; whoever takes the body for something else may not.
        if text.starts_with('\u{feff}') {
            let _: Option<()> = cursor.fail(0, BYTE_ORDER_MARK);
        }
        cursor.space();
        Reader {
            cursor,
            rules: options.rules,
            report: options.report_invalid,
            keep_undeclared: options.keep_undeclared,
            implied_types: options.implied_types,
            formats: options.formats,
            probing: false,
            nested: 0,
            budget: text.len().saturating_mul(64).saturating_add(1 << 16),
            cuts: Vec::new(),
            orders: Orders::recall(),
            last_object: 0,
            lenient: Lenient::new(options.lenient),
            found: Vec::new(),
            more: 0,
            fatal: 0,
            last: Last::default(),
        }
    }

    /// Reads the members of an object that have one of the keys: calls `member` at each such value with its key. All others,
    /// and what `member` does not read, are passed over by structure. `None`: it is no object, or no JSON.
    #[inline]
    pub fn object_of(&mut self, keys: &[Key], mut member: impl FnMut(&mut Reader<'a>, &'static str)) -> Option<()> {
        let start = self.cursor.pos;
        if self.cursor.peek() != b'{' {
            return self.wrong_type("an object");
        }
        let (mut more, mut expected) = (self.cursor.open(b'}')?, 0);
        while more {
            let Some(index) = self.cursor.seek(keys, expected)? else { break };
            let value = self.cursor.pos;
            member(self, keys[index].name);
            if self.cursor.pos == value {
                self.cursor.pass()?;
            }
            expected = index + 1;
            more = self.cursor.next(b'}')?;
        }
        self.last_object = start;
        Some(())
    }

    /// Reads an object: calls `member` at each value with its key. What `member` does not read is passed over by structure.
    /// `None`: it is no object, or no JSON.
    pub fn object(&mut self, mut member: impl FnMut(&mut Reader<'a>, &str)) -> Option<()> {
        self.members(|r, key| match key.plain_wire() {
            Some(key) => member(r, key),
            None => member(r, &key.as_str()),
        })
    }

    pub(crate) fn members(&mut self, mut member: impl FnMut(&mut Reader<'a>, Str<'a>)) -> Option<()> {
        let start = self.cursor.pos;
        if self.cursor.peek() != b'{' {
            return self.wrong_type("an object");
        }
        let mut more = self.cursor.open(b'}')?;
        while more {
            let key = self.cursor.key()?;
            let value = self.cursor.pos;
            member(self, Str::from_json(self.cursor.slice(key.start, key.end), key.escaped));
            if self.cursor.pos == value {
                self.cursor.pass()?;
            }
            more = self.cursor.next(b'}')?;
        }
        self.last_object = start;
        Some(())
    }

    /// Reads a list: calls `item` at each value. What `item` does not read is skipped. `None`: it is no list, or no JSON.
    pub fn array(&mut self, mut item: impl FnMut(&mut Reader<'a>)) -> Option<()> {
        if self.cursor.peek() != b'[' {
            return self.wrong_type("a list");
        }
        let mut more = self.cursor.open(b']')?;
        while more {
            let value = self.cursor.pos;
            item(self);
            if self.cursor.pos == value {
                self.cursor.pass()?;
            }
            more = self.cursor.next(b']')?;
        }
        Some(())
    }

    /// Passes over a value: that it ends, and that its brackets match, is all that is checked.
    #[inline]
    pub fn skip(&mut self) {
        let _ = self.cursor.pass();
    }

    /// What comes next, without reading it; `None` if it is no JSON.
    pub fn peek(&self) -> Option<JsonType> {
        JsonType::from_first_byte(self.cursor.peek())
    }

    /// The text of a member of the object that comes next, without reading the object: for telling members of
    /// unions apart. `None`: no object, no such member, or no string.
    pub fn peek_text(&self, name: &'static str) -> Option<Str<'a>> {
        let mut ahead = self.ahead_at(name)?;
        if ahead.peek() != b'"' {
            return None;
        }
        let text = ahead.string()?;
        Some(Str::from_json(ahead.slice(text.start, text.end), text.escaped))
    }

    /// The same, decoded, of a member that decides how the object is read: that it is there twice is noted.
    pub fn peek_tag(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        let text = self.peek_text(name)?;
        self.note_second(name);
        Some(text.as_str())
    }

    /// The same for a member that may be no string: its JSON text. Of numbers that are equal, it is the same.
    pub fn peek_constant(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        let mut ahead = self.ahead_at(name)?;
        let start = ahead.pos;
        ahead.skip()?;
        self.note_second(name);
        let text = ahead.slice(start, ahead.pos);
        Some(match text.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => Decimal::new(text).plain().map_or(Cow::Borrowed(text), Cow::Owned),
            _ => canonical(text),
        })
    }

    /// Notes a member that the object which comes next has twice.
    fn note_second(&mut self, name: &'static str) {
        let second = || {
            let mut ahead = self.ahead_at(name)?;
            ahead.pass()?;
            if !ahead.next(b'}')? {
                return None;
            }
            ahead.seek(&Key::all([name]), 0)?.map(|_| ahead.pos)
        };
        if let Some(offset) = second() {
            self.type_violation(offset, "duplicate", || "this member only once".into());
        }
    }

    /// Whether the object that comes next has a member.
    pub fn peek_member(&self, name: &'static str) -> bool {
        self.ahead_at(name).is_some()
    }

    /// Whether an integer comes next.
    pub fn peek_integer(&self) -> bool {
        let mut ahead = self.cursor.clone();
        let digits = if matches!(ahead.peek(), b'-' | b'0'..=b'9') { ahead.number() } else { None };
        digits.is_some_and(|digits| Decimal::new(ahead.slice(digits.start, digits.end)).is_integer())
    }

    /// A cursor at the value of a member of the object that comes next.
    fn ahead_at(&self, name: &'static str) -> Option<Cursor<'a>> {
        let mut ahead = self.cursor.clone();
        if ahead.peek() != b'{' || !ahead.open(b'}')? {
            return None;
        }
        ahead.seek(&Key::all([name]), 0)?.map(|_| ahead)
    }

    /// Notes that the value which comes next is not as expected, and skips it: for unions and other types that
    /// decide for themselves. Returns `None`, to be returned.
    pub fn wrong_type<T>(&mut self, expected: &'static str) -> Option<T> {
        self.type_violation(self.cursor.pos, "type", || expected.into());
        self.cursor.skip()?;
        None
    }

    /// Notes that the object which was read last lacks a member.
    pub(crate) fn missing(&mut self, member: &'static str) {
        self.missing_in(self.last_object, member);
    }

    pub(crate) fn missing_in(&mut self, object: usize, member: &'static str) {
        if !self.probing {
            let expected = || "this member to be there".into();
            self.note(Note { offset: object, member: Some(member), rule: "required", fatal: true }, expected);
        }
    }

    /// Notes that an object lacks a member by a rule. Returns whether the value is usable all the same.
    pub(crate) fn lacks(&mut self, object: usize, member: &'static str, rule: &'static str) -> bool {
        if self.probing {
            return false;
        }
        let expected = || "this member to be there".into();
        self.note(Note { offset: object, member: Some(member), rule, fatal: !self.report }, expected);
        self.report
    }

    /// Notes something that no setting lets pass. Returns `false`: the value is not usable.
    pub(crate) fn type_violation(
        &mut self,
        offset: usize,
        rule: &'static str,
        expected: impl FnOnce() -> String,
    ) -> bool {
        if !self.probing {
            self.note(Note { offset, member: None, rule, fatal: true }, expected);
        }
        false
    }

    /// Notes a broken rule. Returns whether the value is usable all the same.
    pub(crate) fn rule_violation(
        &mut self,
        offset: usize,
        rule: &'static str,
        expected: impl FnOnce() -> String,
    ) -> bool {
        if self.probing {
            return false;
        }
        self.note(Note { offset, member: None, rule, fatal: !self.report }, expected);
        self.report
    }

    /// Notes a value that an enum does not list. Returns whether the value is usable all the same.
    pub(crate) fn unlisted(&mut self, offset: usize, allowed: &[&str], closed: bool) -> bool {
        let expected = || match allowed {
            [only] => format!("the value {only}"),
            all => format!("one of {}", all.join(", ")),
        };
        // A constant is what tells the members of a union apart: there it is never open.
        let constant = self.probing && allowed.len() == 1;
        let open = !closed && !constant && self.lean(Leniency::UnknownEnumMembers, offset, "enum", expected);
        open || self.rule_violation(offset, "enum", expected)
    }

    #[cold]
    fn note(&mut self, note: Note, expected: impl FnOnce() -> String) {
        if self.cursor.broken.is_some() {
            return;
        }
        let Note { offset, member, rule, fatal } = note;
        let expected = (self.found.len() < KEPT).then(expected);
        // A rule and a clause may say the same of a value.
        let known = self.found.iter().any(|found| {
            let same = (found.offset, found.member, found.rule) == (offset, member, rule);
            same && (rule == "type" || expected.as_ref().is_none_or(|expected| *expected == found.expected))
        });
        let (count, fatal) = (usize::from(!known), usize::from(fatal));
        self.fatal += fatal;
        self.last = match self.last {
            Last { offset: at, count: before, fatal: fatal_before } if at == offset => {
                Last { offset, count: before + count, fatal: fatal_before + fatal }
            }
            _ => Last { offset, count, fatal },
        };
        match expected {
            _ if known => {}
            Some(expected) => self.found.push(Found { offset, member, rule, expected }),
            None => self.more += 1,
        }
    }

    /// Takes back what was noted last, where that is of the value at `offset`.
    pub(crate) fn forgive(&mut self, offset: usize) {
        if self.last.offset != offset {
            return;
        }
        let Last { count, fatal, .. } = std::mem::take(&mut self.last);
        let counted = count.min(self.more);
        self.more -= counted;
        self.found.truncate(self.found.len().saturating_sub(count - counted));
        self.fatal -= fatal;
    }

    /// Whether something was noted that must not pass.
    pub(crate) fn is_fatal(&self) -> bool {
        self.fatal > 0
    }

    /// Checks that nothing follows the value, and tells what was found.
    pub(crate) fn finish(mut self) -> Result<Violations, Broken> {
        self.orders.keep();
        self.cursor.space();
        let pos = self.cursor.pos;
        if self.cursor.broken.is_none() && pos < self.cursor.text.len() {
            let _: Option<()> = self.cursor.fail(pos, "there is something behind the end of the value");
        }
        if let Some(broken) = self.cursor.broken {
            return Err(broken);
        }
        if self.found.is_empty() && self.lenient.found.is_empty() {
            return Ok(Violations::default());
        }
        let text = self.cursor.text;
        let Lenient { found: passed, counts, .. } = self.lenient;
        let (leniencies, passed): (Vec<_>, Vec<_>) = passed.into_iter().unzip();
        let lenient = leniencies.into_iter().zip(resolve(text, passed)).collect();
        Ok(Violations { list: resolve(text, self.found), more: self.more, lenient, lenient_counts: counts })
    }
}

/// How many violations were noted last of one value, and how many of them must not pass.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    offset: usize,
    count: usize,
    fatal: usize,
}

/// A violation to be noted, but for the words.
struct Note {
    offset: usize,
    member: Option<&'static str>,
    rule: &'static str,
    fatal: bool,
}
