//! What is wrong with a body: told as values, with pointers, and never with the data itself.

use std::fmt;

use crate::json::scan::{Broken, Cursor, MAX_DEPTH};

/// One rule that a value breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON Pointer (RFC 6901) of the value; of the missing member for `required`.
    pub pointer: String,
    /// The keyword of JSON Schema (`type`, `required`, `enum`, `maxLength` ...), or `duplicate`.
    pub rule: &'static str,
    /// What was expected, in words; never the value.
    pub expected: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "(the whole body)" } else { &self.pointer };
        write!(f, "{pointer}: expected {} ({})", self.expected, self.rule)
    }
}

/// The violations of one body: the first 16, and how many more there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations {
    pub(crate) list: Vec<Violation>,
    pub(crate) more: usize,
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

    /// Those that were kept, by value.
    pub fn into_vec(self) -> Vec<Violation> {
        self.list
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

/// The violation, its pointer made by walking the text again.
pub(crate) fn resolve(text: &str, found: Found) -> Violation {
    let mut pointer = pointer_to(text, found.offset);
    if let Some(member) = found.member {
        push_segment(&mut pointer, member);
    }
    Violation { pointer, rule: found.rule, expected: found.expected }
}

/// The JSON Pointer of the value that begins at `offset`.
fn pointer_to(text: &str, offset: usize) -> String {
    let mut cursor = Cursor::new(text, MAX_DEPTH);
    cursor.pos = if text.starts_with('\u{feff}') { 3 } else { 0 };
    cursor.space();
    let mut pointer = String::new();
    while cursor.pos < offset && enter(&mut cursor, offset, &mut pointer).is_some() {}
    pointer
}

/// Moves from a container to its member or item that holds `offset`.
fn enter(cursor: &mut Cursor<'_>, offset: usize, pointer: &mut String) -> Option<()> {
    let object = match cursor.peek() {
        b'{' => true,
        b'[' => false,
        _ => return None,
    };
    let close = if object { b'}' } else { b']' };
    let mut more = cursor.open(close)?;
    let mut index = 0usize;
    while more {
        let key = if object { Some(cursor.key()?) } else { None };
        let mut behind = cursor.clone();
        if behind.skip().is_none() || offset < behind.pos {
            match key {
                Some(key) => push_segment(pointer, &cursor.string_text(key)),
                None => push_segment(pointer, &index.to_string()),
            }
            return Some(());
        }
        *cursor = behind;
        index += 1;
        more = cursor.next(close)?;
    }
    None
}

fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    for c in segment.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}
