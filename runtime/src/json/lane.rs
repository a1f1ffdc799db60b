//! The quick lane: values as they mostly come, told to be right by a look at their bytes.
//!
//! It only takes: scalars without escapes or an exponent, and lists of them, that keep all of their rule, whatever the options
//! are. Everything else, and everything that is wrong, is left to the walk (`check.rs`), which finds out what to say of it.
//! No state but a place in the text is needed, so it stays in registers. Lists are one level more: the caller must have it.

use crate::json::block::{QUARTER, special};
use crate::json::canonical::{Items, is_one_of};
use crate::json::decimal::Short;
use crate::json::field::Field;
use crate::json::rule::{ArrayRule, Kind, NumberRule, Rule, StringRule};

/// How many fields have a bit in `seen`.
const FIELDS: usize = 64;

/// Members of an object that were taken.
#[derive(Clone, Copy)]
pub(crate) struct Members {
    /// Behind the last of them, or behind the comma that follows it.
    pub place: usize,
    /// Behind the last of them.
    pub behind: usize,
    /// Which field is expected next.
    pub expected: usize,
    /// Those that were met.
    pub seen: u64,
}

impl Members {
    /// Takes members as long as they come in the order of `fields`, without white space. Returns whether it stands behind
    /// a value, with no member after it that it could look at; else it stands where a key should.
    #[inline(never)]
    pub(crate) fn take(&mut self, text: &str, fields: &[Field]) -> bool {
        let Members { mut place, mut behind, expected: first, seen } = *self;
        // The fields from there on that were not met so far.
        let left = seen.checked_shr(first as u32).map_or(0, |seen| seen.trailing_zeros() as usize);
        let left = left.min(FIELDS.saturating_sub(first)).min(fields.len().saturating_sub(first));
        let (mut taken, mut behind_value) = (0, false);
        for field in fields.get(first..first + left).unwrap_or_default() {
            let Some(start) = field.key.value_at(text, place) else { break };
            let Some(end) = value(text, start, field.rule) else { break };
            taken += 1;
            (place, behind) = (end, end);
            if at(text, end) != b',' {
                behind_value = true;
                break;
            }
            place += 1;
        }
        let expected = first + taken;
        *self = Members { place, behind, expected, seen: seen | bits(expected) & !bits(first) };
        behind_value
    }
}

/// The lowest bits, so many.
fn bits(count: usize) -> u64 {
    1u64.checked_shl(count as u32).map_or(u64::MAX, |bit| bit - 1)
}

/// Whether values of a rule are worth a look.
#[inline]
pub(crate) fn may_take(rule: &Rule) -> bool {
    rule.kind.is_scalar() || matches!(rule.kind, Kind::Array(_))
}

/// The end of the value at `start`, if a look shows that it is as `rule` says.
#[inline(always)]
pub(crate) fn value(text: &str, start: usize, rule: &Rule) -> Option<usize> {
    match &rule.kind {
        Kind::String(string) if rule.text => of_string(text, start, string),
        kind if rule.plain => of_kind(text, start, kind),
        _ => of_more(text, start, rule),
    }
}

/// Of a rule that says more than its kind does.
#[inline(never)]
fn of_more(text: &str, start: usize, rule: &Rule) -> Option<usize> {
    if !rule.clauses.is_empty() {
        return None;
    }
    if rule.nullable && at(text, start) == b'n' {
        return word(text, start, "null");
    }
    let end = of_kind(text, start, &rule.kind)?;
    let fits = rule.allowed.is_empty() || is_one_of(text.get(start..end)?, rule.allowed);
    fits.then_some(end)
}

#[inline(always)]
fn of_kind(text: &str, start: usize, kind: &Kind) -> Option<usize> {
    match kind {
        Kind::String(rule) => of_string(text, start, rule),
        Kind::Integer(rule) => number(text, start, rule, true),
        Kind::Number(rule) => number(text, start, rule, false),
        Kind::Boolean if at(text, start) == b't' => word(text, start, "true"),
        Kind::Boolean => word(text, start, "false"),
        Kind::Array(rule) => list(text, start, rule),
        _ => None,
    }
}

/// A list of scalars.
#[inline(never)]
fn list(text: &str, start: usize, rule: &ArrayRule) -> Option<usize> {
    if at(text, start) != b'[' || !rule.items.kind.is_scalar() {
        return None;
    }
    let (mut place, mut count) = (start + 1, 0u64);
    // The lengths of their texts, a bit each, modulo 64; and whether one came twice.
    let (mut lengths, mut same_length) = (0u64, false);
    let mut more = at(text, place) != b']';
    while more {
        let end = value(text, place, rule.items)?;
        let length = 1 << ((end - place) % 64);
        same_length |= lengths & length != 0;
        lengths |= length;
        count += 1;
        more = match at(text, end) {
            b',' => true,
            b']' => false,
            _ => return None,
        };
        place = if more { end + 1 } else { end };
    }
    let fits = rule.min_items <= count && count <= rule.max_items;
    // Strings without escapes are mostly told apart by their lengths.
    let differ =
        || !same_length && matches!(rule.items.kind, Kind::String(_)) || all_differ(text, start + 1, count, rule.items);
    (fits && (!rule.unique || count == 0 || differ())).then_some(place + 1)
}

/// Whether so many items from `place` on differ, which were taken already.
#[cold]
fn all_differ(text: &str, mut place: usize, count: u64, rule: &Rule) -> bool {
    let mut items = Items::new();
    for _ in 0..count {
        let Some(end) = value(text, place, rule) else { return false };
        items.push(place, end);
        place = end + 1;
    }
    items.all_different(text)
}

#[inline(always)]
fn of_string(text: &str, start: usize, rule: &StringRule) -> Option<usize> {
    let rest = text.as_bytes().get(start..)?;
    let [b'"', chunk @ ..] = rest.first_chunk::<{ 1 + QUARTER }>()? else { return None };
    let found = special(chunk);
    let bytes = if found != 0 {
        let bytes = found.trailing_zeros() as usize % QUARTER;
        (chunk[bytes] == b'"').then_some(bytes)?
    } else {
        long(rest)?
    };
    let end = start + 1 + bytes;
    let surely = rule.only_lengths && rule.surely_enough <= bytes as u64 && bytes as u64 <= rule.max_length;
    (surely || is_taken(text, start + 1, end, rule)).then_some(end + 1)
}

/// Of a string of which more is said than how long it may be, or that is near to that.
#[inline(never)]
fn is_taken(text: &str, start: usize, end: usize, rule: &StringRule) -> bool {
    text.get(start..end).is_some_and(|text| rule.takes(text, true))
}

/// How many bytes a string has that does not end in its first quarter of a block.
#[inline(always)]
fn long(rest: &[u8]) -> Option<usize> {
    let mut bytes = QUARTER;
    loop {
        let chunk = rest.get(1 + bytes..)?.first_chunk::<QUARTER>()?;
        let found = special(chunk);
        if found != 0 {
            let place = found.trailing_zeros() as usize % QUARTER;
            return (chunk[place] == b'"').then_some(bytes + place);
        }
        bytes += QUARTER;
    }
}

#[inline(always)]
fn number(text: &str, start: usize, rule: &NumberRule, integer: bool) -> Option<usize> {
    let negative = at(text, start) == b'-';
    let first = start + usize::from(negative);
    let mut digits = 0i64;
    let mut end = run(text, first, &mut digits);
    let mut count = end - first;
    if count == 0 || (count > 1 && at(text, first) == b'0') {
        return None;
    }
    let mut places = 0;
    if at(text, end) == b'.' {
        let point = end + 1;
        end = run(text, point, &mut digits);
        places = end - point;
        count += places;
        if integer || places == 0 {
            return None;
        }
    }
    if count > Short::DIGITS || matches!(at(text, end), b'e' | b'E') {
        return None;
    }
    let digits = if negative { digits.wrapping_neg() } else { digits };
    (!rule.any || rule.surely_takes(Short { digits, places })).then_some(end)
}

/// The end of a run of digits, which are put behind those of `value`.
#[inline(always)]
fn run(text: &str, start: usize, value: &mut i64) -> usize {
    let mut end = start;
    loop {
        let digit = at(text, end).wrapping_sub(b'0');
        if digit > 9 {
            return end;
        }
        *value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
        end += 1;
    }
}

#[inline(always)]
fn word(text: &str, start: usize, word: &'static str) -> Option<usize> {
    let rest = text.as_bytes().get(start..)?;
    rest.starts_with(word.as_bytes()).then_some(start + word.len())
}

/// The byte at `place`; 0 behind the end.
#[inline(always)]
fn at(text: &str, place: usize) -> u8 {
    text.as_bytes().get(place).copied().unwrap_or(0)
}
