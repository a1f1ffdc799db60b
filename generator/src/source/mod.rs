//! Source files and the tree of nodes, each of which knows where it stands.

mod bytes;
pub mod decimal;
mod duplicates;
mod json;
pub mod pieces;
mod place;
pub mod pointer;
mod properties;
mod scalar;
mod value;
mod yaml;
mod yaml_spans;

pub use bytes::{MAX_BYTES, add_bytes};
pub use place::Place;
pub use value::{json_text, to_json};

use crate::diag::{Diagnostic, Severity};

/// Arrays and objects inside each other, at most.
pub const MAX_DEPTH: usize = 256;

/// Broken JSON up to this size is tried as YAML, in bytes.
const MAX_SECOND_TRY: usize = 8 * 1024 * 1024;

/// A file of the compilation, by position in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// A byte range in a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

/// A value and the place where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// One file: its path as the user wrote or would recognise it, and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path relative to where the command runs, with `/`.
    pub path: String,
    /// The whole text, UTF-8, a byte order mark left in place.
    pub text: String,
    /// Where lines begin; made for the first place that is asked for.
    lines: std::sync::OnceLock<Vec<u32>>,
}

/// All files read so far. Order of insertion, nothing is removed.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and returns its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(self.files.len() as u32);
        self.files.push(SourceFile { path: path.into(), text: text.into(), lines: std::sync::OnceLock::new() });
        id
    }

    /// The file of an id.
    pub fn file(&self, id: SourceId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Every file, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, file)| (SourceId(i as u32), file))
    }
}

/// A node of the tree that JSON and YAML are read into.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value stands (for a string: with its quotes).
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as JSON text (integers beyond `i64` and decimals keep their digits).
    Number(Box<str>),
    /// A string.
    String(Text),
    /// A sequence.
    Array(Vec<Node>),
    /// A mapping, in the order of the file; duplicate keys are reported by the reader, the last wins.
    Object(Vec<Member>),
}

/// A string with what is needed to find a character of it in the file.
#[derive(Clone, Debug)]
pub struct Text {
    /// The decoded text.
    pub value: Box<str>,
    /// Offset in the file of the first byte of `value`, where the text stands in the file byte for
    /// byte (plain and quoted scalars without escapes or folds); none where it was decoded.
    pub verbatim_at: Option<u32>,
    /// Where a decoded text stands, piece by piece, where that is known.
    pub pieces: Option<pieces::Pieces>,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key, decoded; YAML keys that are numbers, booleans or null as their text.
    pub key: Box<str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|m| &m.value)
    }

    /// Key and value, if this is an object that has the key.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.as_object()?.iter().find(|m| &*m.key == key)
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if this is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(&text.value),
            _ => None,
        }
    }

    /// The flag, if this is a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// The number, if this is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.value {
            Value::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// What this is, in the words of JSON: `null`, `boolean`, `number`, `string`, `array`, `object`.
    pub fn type_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        }
    }
}

impl Span {
    /// The smallest span that holds both; both are of one file.
    pub fn to(self, other: Span) -> Span {
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl<T> Spanned<T> {
    /// A value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Spanned { value, span }
    }
}

/// Reads a file as JSON or YAML. What it is, its content decides: a text that starts like a JSON object
/// or array is JSON, everything else is YAML 1.2. No node where nothing could be read; a finding says why.
pub fn parse(sources: &Sources, id: SourceId) -> (Option<Node>, Vec<Diagnostic>) {
    let text = &sources.file(id).text;
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    if !json::looks_like_json(&text[start..]) {
        let (node, mut found) = yaml::parse(text, start, id);
        if node.is_none() && found.is_empty() {
            let span = Span { source: id, start: 0, end: 0 };
            found.push(
                Diagnostic::error("BFF0109", "the file is empty", span)
                    .help("Write a document into it, or name another file."),
            );
        }
        return (node, found);
    }
    let (node, mut found) = json::parse(text, start, id);
    // a flow mapping of YAML may look like JSON at first, and differ from it by a comma at the end
    let syntax = found.last().is_some_and(|error| node.is_none() && error.code == "BFF0104");
    if syntax
        && text.len() <= MAX_SECOND_TRY
        && let (Some(node), mut again) = yaml::parse(text, start, id)
    {
        if let Some(mut error) = found.pop().filter(|_| !is_yaml(&sources.file(id).path)) {
            error.severity = Severity::Warning;
            error.help =
                vec!["It is valid YAML and was read as such. Mend it, as other tools will refuse it.".to_owned()];
            again.push(error);
        }
        return (Some(node), again);
    }
    (node, found)
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}
