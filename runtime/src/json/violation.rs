//! What is wrong with a body: told as values, with pointers, and never with the data itself.

use std::fmt;

use crate::json::lenient::Leniency;
use crate::json::pointer::{Pointer, pointers};
use crate::json::reader::KEPT;
use crate::json::scan::Broken;

/// One rule that a value breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON Pointer (RFC 6901) of the value; of the missing member for `required`.
    pub pointer: String,
    /// The keyword of JSON Schema (`type`, `required`, `enum`, `maxLength` ...), or `duplicate`.
    pub rule: &'static str,
    /// What was expected, in words; never the value.
    pub expected: String,
    /// The pointer with `*` for every place in a list.
    pub(crate) form: String,
}

impl Violation {
    /// Of a member of the body, or of the body itself.
    pub(crate) fn of(member: Option<&str>, rule: &'static str, expected: String) -> Violation {
        let mut pointer = Pointer::default();
        member.into_iter().for_each(|name| pointer.push(name));
        Violation { pointer: pointer.exact, rule, expected, form: pointer.form }
    }

    /// Of a body that is no JSON, from a byte on.
    pub(crate) fn no_json(offset: usize, problem: &str) -> Violation {
        Violation::of(None, "json", format!("a body that is JSON (byte {offset}: {problem})"))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "(the whole body)" } else { &self.pointer };
        write!(f, "{pointer}: expected {} ({})", self.expected, self.rule)
    }
}

/// The violations of one body: the first 16, and how many more there are. Beside them, what passed leniently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations {
    pub(crate) list: Vec<Violation>,
    pub(crate) more: usize,
    pub(crate) lenient: Vec<(Leniency, Violation)>,
    pub(crate) lenient_counts: [u32; 5],
}

impl Violations {
    /// Those that were kept, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.list.iter()
    }

    /// How many there are that were only counted.
    pub fn more(&self) -> usize {
        self.more
    }

    /// How many there are, kept or not.
    pub fn total(&self) -> usize {
        self.list.len() + self.more
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What is against the rules and passed leniently: the first 16 places. They are no violations.
    pub fn lenient(&self) -> &[(Leniency, Violation)] {
        &self.lenient
    }

    /// Whether there is a violation, or anything passed leniently.
    pub(crate) fn says_anything(&self) -> bool {
        !self.is_empty() || self.lenient_counts.iter().any(|count| *count > 0)
    }

    /// How often a leniency was needed.
    pub fn lenient_count(&self, leniency: Leniency) -> u32 {
        self.lenient_counts[leniency as usize]
    }

    /// Adds one; beyond as many as are kept, it is counted.
    pub(crate) fn add(&mut self, violation: Violation) {
        match self.list.len() < KEPT {
            true => self.list.push(violation),
            false => self.more += 1,
        }
    }

    /// Those that were kept, by value.
    pub fn into_vec(self) -> Vec<Violation> {
        self.list
    }
}

impl From<Violation> for Violations {
    fn from(only: Violation) -> Self {
        Violations { list: vec![only], ..Violations::default() }
    }
}

impl<'v> IntoIterator for &'v Violations {
    type Item = &'v Violation;
    type IntoIter = std::slice::Iter<'v, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.list.iter().enumerate() {
            write!(f, "{}{violation}", if index > 0 { "; " } else { "" })?;
        }
        if self.more > 0 { write!(f, "; and {} more", self.more) } else { Ok(()) }
    }
}

/// Why a body could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeFailure {
    /// It is not JSON, or nested too deeply.
    Syntax {
        /// Byte offset of the problem.
        offset: usize,
        /// What is wrong, in words.
        problem: &'static str,
    },
    /// It is JSON, but not as the rules say.
    Invalid(Violations),
}

impl fmt::Display for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeFailure::Syntax { offset, problem } => write!(f, "not valid JSON at byte {offset}: {problem}"),
            DecodeFailure::Invalid(violations) => violations.fmt(f),
        }
    }
}

impl std::error::Error for DecodeFailure {}

impl From<Broken> for DecodeFailure {
    fn from(broken: Broken) -> Self {
        DecodeFailure::Syntax { offset: broken.offset, problem: broken.problem }
    }
}

/// A violation as the reader notes it: pointers cost nothing until somebody asks.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Where the value begins.
    pub offset: usize,
    /// The member of that value that is meant, if not the value itself.
    pub member: Option<&'static str>,
    pub rule: &'static str,
    pub expected: String,
}

/// The violations, their pointers made by walking the text again.
pub(crate) fn resolve(text: &str, found: Vec<Found>) -> Vec<Violation> {
    let offsets: Vec<usize> = found.iter().map(|found| found.offset).collect();
    let pointers = pointers(text, &offsets);
    let resolved = found.into_iter().zip(pointers).map(|(found, mut pointer)| {
        if let Some(member) = found.member {
            pointer.push(member);
        }
        let Pointer { exact, form } = pointer;
        Violation { pointer: exact, rule: found.rule, expected: found.expected, form }
    });
    resolved.collect()
}
