//! Bodies of parts as they are checked before they are sent: the members and which files there are, and how long these
//! are. What is in a file is never looked at.

use super::content::{Content, Multipart};
use super::request::Request;
use super::sendable::Sendable;
use crate::json::{DecodeOptions, JsonBuffer, Raw, Rule, Violation, Violations, decode, escape_into, examine};
use std::ops::RangeInclusive;

/// What holds of the files of one name.
#[derive(Clone, Copy, Debug)]
pub struct FileRule {
    name: &'static str,
    length: (u64, u64),
    items: (u64, u64),
}

impl FileRule {
    /// Any files.
    pub const fn new(name: &'static str) -> FileRule {
        FileRule { name, length: (0, u64::MAX), items: (0, u64::MAX) }
    }

    /// Each has at least so many bytes.
    pub const fn min_length(mut self, bytes: u64) -> FileRule {
        self.length.0 = bytes;
        self
    }

    /// Each has at most so many bytes.
    pub const fn max_length(mut self, bytes: u64) -> FileRule {
        self.length.1 = bytes;
        self
    }

    /// There are at least so many, if any.
    pub const fn min_items(mut self, files: u64) -> FileRule {
        self.items.0 = files;
        self
    }

    /// There are at most so many.
    pub const fn max_items(mut self, files: u64) -> FileRule {
        self.items.1 = files;
        self
    }

    /// `lengths`: how many bytes each of them has.
    fn check(&self, lengths: &[u64], found: &mut Violations) {
        let mut broken = |rule, expected| found.add(Violation::of(Some(self.name), rule, expected));
        for bytes in lengths {
            if let Some((rule, expected)) = outside(*bytes, self.length) {
                broken(rule, expected);
            }
        }
        let count = lengths.len() as u64;
        if count > 0 && count < self.items.0 {
            broken("minItems", format!("at least {} files", self.items.0));
        }
        if count > self.items.1 {
            broken("maxItems", format!("at most {} files", self.items.1));
        }
    }
}

/// The keyword that a number of bytes breaks, and what was expected.
pub(crate) fn outside(bytes: u64, (least, most): (u64, u64)) -> Option<(&'static str, String)> {
    match bytes {
        bytes if bytes < least => Some(("minLength", format!("at least {least} bytes"))),
        bytes if bytes > most => Some(("maxLength", format!("at most {most} bytes"))),
        _ => None,
    }
}

/// The rule is that of all parts together. For it, a file is there and no more.
impl Sendable for Multipart {
    fn violations(&self, rule: &'static Rule, options: &DecodeOptions) -> Violations {
        match (self.files.as_slice(), self.is_made) {
            (_, false) => Violations::default(),
            ([], true) if !self.members.is_empty() => self.members.violations(rule, options),
            (files, true) => examine(parts(&self.members, files).as_bytes(), rule, options),
        }
    }
}

/// The parts as an object.
fn parts(members: &JsonBuffer, files: &[(String, u64)]) -> JsonBuffer {
    let mut all = JsonBuffer::with_capacity(members.len() + 64);
    let mut object = all.object();
    if let Ok(members) = decode::<Raw>(members.as_bytes(), &Rule::ANY, &DecodeOptions::input()) {
        object.spread(&members.value, &[]);
    }
    for (at, (name, _)) in files.iter().enumerate() {
        if !files[..at].iter().any(|(known, _)| known == name) {
            object.field(&quoted(name), "");
        }
    }
    object.end();
    all
}

/// A name as it stands between the quotes of JSON.
fn quoted(name: &str) -> String {
    let mut text = Vec::new();
    escape_into(name, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

impl<T> Request<'_, T> {
    /// Checks how many bytes a body has. One that has other ones is not sent: the call fails with `invalid_argument`, and
    /// the log says so.
    pub fn check_length(self, body: &Content, bytes: RangeInclusive<u64>) -> Self {
        let broken = body.length().and_then(|length| outside(length, bytes.into_inner()));
        let found = broken.map(|(rule, expected)| Violation::of(None, rule, expected).into()).unwrap_or_default();
        self.with_body(&found)
    }

    /// Checks a body of parts by the rule of the operation's request body, and its files by what is said of each. One
    /// that breaks them is not sent: the call fails with `invalid_argument`, and the log says where.
    pub fn check_parts(self, body: &Multipart, rule: &'static Rule, files: &[FileRule]) -> Self {
        let mut found = body.violations(rule, &self.sent());
        for file in files {
            let own = body.files.iter().filter(|(name, _)| name == file.name);
            file.check(&own.map(|(_, bytes)| *bytes).collect::<Vec<_>>(), &mut found);
        }
        self.with_body(&found)
    }
}
