//! From JSON to Rust: the front door, and how each type reads itself.

use std::collections::HashSet;

use crate::json::canonical::Items;
use crate::json::number::Number;
use crate::json::reader::{DecodeOptions, Reader};
use crate::json::rule::{Additional, Kind, Rule};
use crate::json::scan::Digits;
use crate::json::text::Str;
use crate::json::value::Map;
use crate::json::violation::{DecodeFailure, Violations};
use crate::nullable::Nullable;

/// A type that reads itself from JSON.
pub trait Decode<'a>: Sized {
    /// Whether reading it checks all of its rule anyway: then a body that is to be checked whole is walked once.
    const CHECKS_ALL: bool = false;

    /// Reads the value that comes next and steps behind it. `None`: it is not usable, and the reader knows why.
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self>;
}

/// A value that was read, with what was let pass.
#[derive(Clone, Debug)]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// Broken rules where they are only reported, and what passed leniently.
    pub reported: Violations,
}

/// Reads a whole body: one JSON value, as `rule` says, with nothing behind it.
pub fn decode<'a, T: Decode<'a>>(
    body: &'a [u8],
    rule: &Rule,
    options: &DecodeOptions,
) -> Result<Decoded<T>, DecodeFailure> {
    let text = utf8(body)?;
    let mut reader = Reader::new(text, options);
    if options.full && !T::CHECKS_ALL {
        crate::json::check::check(&mut reader, rule);
        if reader.cursor.broken.is_some() || reader.is_fatal() {
            return Err(failure(reader));
        }
        // All rules are checked; what is left is to read.
        let types_only = DecodeOptions { rules: false, full: false, ..*options };
        let value = decode_text(text, rule, &types_only)?.value;
        return Ok(Decoded { value, reported: reader.finish()? });
    }
    read(reader, rule)
}

/// [`decode`], for a text.
pub fn decode_text<'a, T: Decode<'a>>(
    text: &'a str,
    rule: &Rule,
    options: &DecodeOptions,
) -> Result<Decoded<T>, DecodeFailure> {
    match options.full && !T::CHECKS_ALL {
        true => decode(text.as_bytes(), rule, options),
        false => read(Reader::new(text, options), rule),
    }
}

fn read<'a, T: Decode<'a>>(mut reader: Reader<'a>, rule: &Rule) -> Result<Decoded<T>, DecodeFailure> {
    let value = T::decode(&mut reader, rule);
    match value {
        Some(value) if !reader.is_fatal() => Ok(Decoded { value, reported: reader.finish()? }),
        _ => Err(failure(reader)),
    }
}

fn failure(reader: Reader<'_>) -> DecodeFailure {
    match reader.finish() {
        Ok(violations) => DecodeFailure::Invalid(violations),
        Err(broken) => broken.into(),
    }
}

pub(crate) fn utf8(body: &[u8]) -> Result<&str, DecodeFailure> {
    simdutf8::compat::from_utf8(body)
        .map_err(|error| DecodeFailure::Syntax { offset: error.valid_up_to(), problem: "the text is not UTF-8" })
}

/// A member that is being read: not met yet, met but not usable, or there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Slot<T> {
    /// Not met.
    #[default]
    Absent,
    /// Met, but not usable; the violation is noted.
    Invalid,
    /// Met as a null that stands for no value.
    Null,
    /// The value.
    Value(T),
}

impl<T> Slot<T> {
    /// Reads the value; a second one is a `duplicate` violation.
    #[inline]
    pub fn read<'a>(&mut self, r: &mut Reader<'a>, rule: &Rule)
    where
        T: Decode<'a>,
    {
        *self = match self {
            Slot::Absent => T::decode(r, rule).map_or(Slot::Invalid, Slot::Value),
            _ => {
                r.duplicate();
                Slot::Invalid
            }
        };
    }

    /// The same for a member that may be absent, but not null: a null may count as absent.
    #[inline]
    pub fn read_optional<'a>(&mut self, r: &mut Reader<'a>, rule: &Rule)
    where
        T: Decode<'a>,
    {
        let (first, start) = (matches!(self, Slot::Absent), r.cursor.pos);
        self.read(r, rule);
        if first && matches!(self, Slot::Invalid) && r.is_null_for_absent(start) {
            *self = Slot::Null;
        }
    }

    /// The value; its absence is a violation of the object that was read last.
    #[inline]
    pub fn required(self, r: &mut Reader<'_>, key: &'static str) -> Option<T> {
        match self {
            Slot::Value(value) => Some(value),
            Slot::Invalid | Slot::Null => None,
            Slot::Absent => {
                r.missing(key);
                None
            }
        }
    }

    /// The value, if it was there.
    #[inline]
    pub fn optional(self) -> Option<T> {
        match self {
            Slot::Value(value) => Some(value),
            Slot::Invalid | Slot::Null | Slot::Absent => None,
        }
    }
}

impl<'a> Reader<'a> {
    /// For types whose rule is a union: checks the value by the table, and stays in front of it. Returns whether
    /// it can be read now.
    #[inline(always)]
    fn fits_union(&mut self, rule: &Rule) -> bool {
        !matches!(rule.kind, Kind::AnyOf(_) | Kind::OneOf(_) | Kind::Never) || self.fits_table(rule)
    }

    #[inline(never)]
    fn fits_table(&mut self, rule: &Rule) -> bool {
        let (pos, cuts) = (self.cursor.pos, self.cuts.len());
        let usable = self.check(rule);
        self.cuts.truncate(cuts);
        if usable {
            self.cursor.pos = pos;
        }
        usable
    }

    /// Reads a number and checks the rule.
    #[inline]
    fn number(&mut self, rule: &Rule, expected: &'static str) -> Option<Digits> {
        if !self.fits_union(rule) {
            return None;
        }
        if !matches!(self.cursor.peek(), b'-' | b'0'..=b'9') {
            return self.wrong_type(expected);
        }
        let digits = self.cursor.number()?;
        let mut usable = true;
        match &rule.kind {
            Kind::Integer(number) | Kind::Number(number) => {
                let integer = matches!(rule.kind, Kind::Integer(_));
                if integer && digits.small().is_none() && !self.is_integral(digits.start, digits.end) {
                    self.type_violation(digits.start, "type", || "an integer".into());
                    return None;
                }
                usable = !number.any || !self.rules || self.number_rules(number, digits);
            }
            _ => {}
        }
        (usable && self.check_allowed(rule, digits.start)).then_some(digits)
    }
}

impl<'a> Decode<'a> for bool {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        if !r.fits_union(rule) {
            return None;
        }
        let start = r.cursor.pos;
        let value = match r.cursor.peek() {
            b't' => r.cursor.literal("true").map(|()| true),
            b'f' => r.cursor.literal("false").map(|()| false),
            _ => r.wrong_type("true or false"),
        }?;
        r.check_allowed(rule, start).then_some(value)
    }
}

impl<'a> Decode<'a> for i64 {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        let digits = r.number(rule, "an integer")?;
        digits.small().or_else(|| r.other_integer(digits, matches!(rule.kind, Kind::Integer(_))))
    }
}

impl<'a> Decode<'a> for Number<'a> {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        let digits = r.number(rule, "a number")?;
        Some(Number::from_json(r.cursor.slice(digits.start, digits.end)))
    }
}

impl<'a> Decode<'a> for f64 {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        let digits = r.number(rule, "a number")?;
        let value = Number::from_json(r.cursor.slice(digits.start, digits.end)).get();
        if !value.is_finite() {
            r.type_violation(digits.start, "type", || "a number within the range of a double".into());
            return None;
        }
        Some(value)
    }
}

impl<'a> Decode<'a> for Str<'a> {
    #[inline]
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        if !r.fits_union(rule) {
            return None;
        }
        let start = r.cursor.pos;
        if r.cursor.peek() != b'"' {
            return r.wrong_type("a string");
        }
        let quoted = r.cursor.string()?;
        if let Kind::String(string) = &rule.kind
            && !string.surely_takes(&quoted)
            && r.rules
            && !r.string_rules(string, quoted)
        {
            return None;
        }
        let text = Str::from_json(r.cursor.slice(quoted.start, quoted.end), quoted.escaped);
        r.check_allowed(rule, start).then_some(text)
    }
}

impl<'a> Decode<'a> for String {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        Str::decode(r, rule).map(|text| text.as_str().into_owned())
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Nullable<T> {
    #[inline]
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        if r.cursor.peek() == b'n' {
            let start = r.cursor.pos;
            r.cursor.literal("null")?;
            return (rule.null_is_free || r.check_clauses(rule, start)).then_some(Nullable::Null);
        }
        T::decode(r, rule).map(Nullable::Value)
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Box<T> {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        T::decode(r, rule).map(Box::new)
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Vec<T> {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        if !r.fits_union(rule) {
            return None;
        }
        let start = r.cursor.pos;
        let limits = if let Kind::Array(array) = &rule.kind { Some(array) } else { None };
        let (mut list, mut texts, mut count, mut usable) = (Vec::new(), Items::new(), 0u64, true);
        r.array(|r| {
            let start = r.cursor.pos;
            match T::decode(r, limits.map_or(&Rule::ANY, |limits| limits.items)) {
                Some(item) => list.push(item),
                None => usable = false,
            }
            count += 1;
            if limits.is_some_and(|limits| limits.unique) {
                texts.push(start, r.cursor.pos);
            }
        })?;
        if let Some(limits) = limits {
            usable &= r.array_rules(limits, start, count, &texts);
        }
        (usable && r.check_allowed(rule, start)).then_some(list)
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Map<'a, T> {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        if !r.fits_union(rule) {
            return None;
        }
        let start = r.cursor.pos;
        let limits = if let Kind::Object(object) = &rule.kind { Some(object) } else { None };
        let values = match limits.map(|limits| limits.additional) {
            Some(Additional::Values(values)) => values,
            _ => &Rule::ANY,
        };
        let (mut entries, mut keys, mut usable) = (Vec::new(), HashSet::new(), true);
        r.members(|r, key| {
            if !keys.insert(key) {
                usable = r.duplicate();
                return;
            }
            match T::decode(r, values) {
                Some(value) => entries.push((key, value)),
                None => usable = false,
            }
        })?;
        if let Some(limits) = limits.filter(|_| r.rules) {
            let count = keys.len() as u64;
            if count < limits.min_properties {
                let expected = || format!("at least {} members", limits.min_properties);
                usable &= r.rule_violation(start, "minProperties", expected);
            }
            if count > limits.max_properties {
                let expected = || format!("at most {} members", limits.max_properties);
                usable &= r.rule_violation(start, "maxProperties", expected);
            }
        }
        (usable && r.check_allowed(rule, start)).then_some(Map { entries })
    }
}
