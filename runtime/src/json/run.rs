//! Patterns as identifiers have them, a beginning and a run of characters: `^prd_[0-9a-z]{6,12}$`.

use std::ops::RangeInclusive;

/// Texts that begin so, and go on with characters of a set, so many of them.
///
/// A byte is looked up by itself. In a table of states (`automaton.rs`) each look-up waits for the one before.
#[derive(Debug)]
pub(crate) struct Run {
    beginning: Vec<u8>,
    set: Box<[bool; 256]>,
    counts: RangeInclusive<usize>,
}

impl Run {
    /// `None`: the pattern is another, or has more to it than letters, digits, `_` and `-`.
    pub(crate) fn new(source: &str) -> Option<Run> {
        let inner = source.strip_prefix('^')?.strip_suffix('$')?;
        let (beginning, rest) = inner.split_once('[')?;
        let (class, count) = rest.split_once(']')?;
        if !beginning.bytes().all(is_plain) {
            return None;
        }
        Some(Run { beginning: beginning.into(), set: set(class.as_bytes())?, counts: counts(count)? })
    }

    #[inline]
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        let Some(rest) = text.strip_prefix(self.beginning.as_slice()) else { return false };
        self.counts.contains(&rest.len()) && rest.iter().all(|byte| self.set[usize::from(*byte)])
    }
}

/// Whether a character stands for itself everywhere but between two others in brackets.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What stands in brackets: characters and ranges. `-` is itself at either end only.
fn set(class: &[u8]) -> Option<Box<[bool; 256]>> {
    let mut set = Box::new([false; 256]);
    let mut rest = class;
    loop {
        let (first, last, behind) = match rest {
            [] => return (!class.is_empty()).then_some(set),
            [first, b'-', last, behind @ ..] if *first != b'-' && *last != b'-' => (*first, *last, behind),
            [b'-', behind @ ..] if !behind.is_empty() && behind.len() + 1 < class.len() => return None,
            [only, behind @ ..] => (*only, *only, behind),
        };
        if !is_plain(first) || !is_plain(last) || first > last {
            return None;
        }
        set[usize::from(first)..=usize::from(last)].fill(true);
        rest = behind;
    }
}

/// How many of them: `+`, `*`, `{3}`, `{3,}`, `{3,5}`, or one.
fn counts(text: &str) -> Option<RangeInclusive<usize>> {
    match text {
        "" => return Some(1..=1),
        "+" => return Some(1..=usize::MAX),
        "*" => return Some(0..=usize::MAX),
        _ => {}
    }
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let (least, most) = inner.split_once(',').unwrap_or((inner, inner));
    let number = |text: &str| text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    Some(number(least)?..=if most.is_empty() { usize::MAX } else { number(most)? })
}
