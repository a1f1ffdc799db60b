//! The writer: one buffer, objects and lists as scopes, no tree in between.

use crate::json::escape::escape_into;
use crate::json::raw::Raw;

/// JSON text being written.
#[derive(Clone, Debug, Default)]
pub struct JsonBuffer {
    bytes: Vec<u8>,
}

/// Something that has a JSON form.
pub trait WriteJson {
    /// Writes exactly one value.
    fn write_json(&self, json: &mut JsonBuffer);
}

impl JsonBuffer {
    /// An empty buffer.
    pub const fn new() -> JsonBuffer {
        JsonBuffer { bytes: Vec::new() }
    }

    /// An empty buffer with room for as many bytes.
    pub fn with_capacity(bytes: usize) -> JsonBuffer {
        JsonBuffer { bytes: Vec::with_capacity(bytes) }
    }

    /// Begins an object.
    pub fn object(&mut self) -> ObjectWriter<'_> {
        self.bytes.push(b'{');
        ObjectWriter { json: self, first: true }
    }

    /// Begins a list.
    pub fn array(&mut self) -> ArrayWriter<'_> {
        self.bytes.push(b'[');
        ArrayWriter { json: self, first: true }
    }

    /// Writes a value.
    pub fn value(&mut self, value: &(impl WriteJson + ?Sized)) {
        value.write_json(self);
    }

    /// The place for a value.
    pub fn place(&mut self) -> Place<'_> {
        Place { json: self, first: None, key: None }
    }

    /// What was written so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many bytes were written.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Text that is JSON already.
    #[inline]
    pub(crate) fn push_json(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A text as a JSON string.
    pub(crate) fn push_text(&mut self, text: &str) {
        self.bytes.reserve(text.len() + 2);
        self.bytes.push(b'"');
        escape_into(text, &mut self.bytes);
        self.bytes.push(b'"');
    }

    /// The inside of a JSON string.
    pub(crate) fn push_quoted(&mut self, inside: &str) {
        self.bytes.reserve(inside.len() + 2);
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(inside.as_bytes());
        self.bytes.push(b'"');
    }
}

/// An object being written. Keys are the insides of JSON strings: what needs escapes has them already.
#[derive(Debug)]
#[must_use = "an object is complete after `end`"]
pub struct ObjectWriter<'j> {
    json: &'j mut JsonBuffer,
    first: bool,
}

impl ObjectWriter<'_> {
    #[inline]
    fn key(&mut self, key: &str) {
        let bytes = &mut self.json.bytes;
        bytes.reserve(key.len() + 4);
        if !self.first {
            bytes.push(b',');
        }
        self.first = false;
        bytes.push(b'"');
        bytes.extend_from_slice(key.as_bytes());
        bytes.extend_from_slice(b"\":");
    }

    /// Writes a member.
    #[inline]
    pub fn field(&mut self, key: &str, value: &(impl WriteJson + ?Sized)) {
        self.key(key);
        value.write_json(self.json);
    }

    /// Writes a member if there is a value.
    #[inline]
    pub fn optional(&mut self, key: &str, value: &Option<impl WriteJson>) {
        if let Some(value) = value {
            self.field(key, value);
        }
    }

    /// Begins a member that is an object.
    pub fn object(&mut self, key: &str) -> ObjectWriter<'_> {
        self.key(key);
        self.json.object()
    }

    /// Begins a member that is a list.
    pub fn array(&mut self, key: &str) -> ArrayWriter<'_> {
        self.key(key);
        self.json.array()
    }

    /// The place of a member, which is there once a value is written.
    pub fn place<'p>(&'p mut self, key: &'p str) -> Place<'p> {
        Place { json: self.json, first: Some(&mut self.first), key: Some(key) }
    }

    /// Copies the members of an object, but for those named in `omit` (keys decoded). What is no object has none.
    pub fn spread(&mut self, raw: &Raw<'_>, omit: &[&str]) {
        let text = raw.as_json();
        let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        match inside {
            Some(inside) if omit.is_empty() => {
                if !inside.trim_ascii().is_empty() {
                    self.copy(inside);
                }
            }
            _ => self.spread_where(raw, |key| !omit.contains(&key)),
        }
    }

    /// Copies those members of an object that are named in `pick` (keys decoded).
    pub fn spread_only(&mut self, raw: &Raw<'_>, pick: &[&str]) {
        self.spread_where(raw, |key| pick.contains(&key));
    }

    fn spread_where(&mut self, raw: &Raw<'_>, wanted: impl Fn(&str) -> bool) {
        let text = raw.as_json();
        // Neighbours go in one piece.
        let mut piece: Option<std::ops::Range<usize>> = None;
        let _ = raw.members(|key, member| {
            if wanted(key) {
                let start = piece.take().map_or(member.start, |piece| piece.start);
                piece = Some(start..member.end);
            } else if let Some(done) = piece.take() {
                self.copy(&text[done]);
            }
        });
        if let Some(done) = piece {
            self.copy(&text[done]);
        }
    }

    fn copy(&mut self, members: &str) {
        if !self.first {
            self.json.bytes.push(b',');
        }
        self.first = false;
        self.json.push_json(members);
    }

    /// Ends the object.
    #[inline]
    pub fn end(self) {
        self.json.bytes.push(b'}');
    }
}

/// A list being written.
#[derive(Debug)]
#[must_use = "a list is complete after `end`"]
pub struct ArrayWriter<'j> {
    json: &'j mut JsonBuffer,
    first: bool,
}

impl ArrayWriter<'_> {
    #[inline]
    fn comma(&mut self) {
        if !self.first {
            self.json.bytes.push(b',');
        }
        self.first = false;
    }

    /// Writes an item.
    #[inline]
    pub fn value(&mut self, value: &(impl WriteJson + ?Sized)) {
        self.comma();
        value.write_json(self.json);
    }

    /// Begins an item that is an object.
    pub fn object(&mut self) -> ObjectWriter<'_> {
        self.comma();
        self.json.object()
    }

    /// Begins an item that is a list.
    pub fn array(&mut self) -> ArrayWriter<'_> {
        self.comma();
        self.json.array()
    }

    /// The place of an item, which is there once a value is written.
    pub fn place(&mut self) -> Place<'_> {
        Place { json: self.json, first: Some(&mut self.first), key: None }
    }

    /// Ends the list.
    #[inline]
    pub fn end(self) {
        self.json.bytes.push(b']');
    }
}

/// A place for one value of any kind, or none.
#[derive(Debug)]
pub struct Place<'p> {
    json: &'p mut JsonBuffer,
    /// In an object or a list: whether nothing stands there yet.
    first: Option<&'p mut bool>,
    /// In an object: the inside of a JSON string.
    key: Option<&'p str>,
}

impl<'p> Place<'p> {
    fn begin(self) -> &'p mut JsonBuffer {
        if let Some(first) = self.first
            && !std::mem::replace(first, false)
        {
            self.json.bytes.push(b',');
        }
        if let Some(key) = self.key {
            self.json.push_quoted(key);
            self.json.bytes.push(b':');
        }
        self.json
    }

    /// Writes the value.
    pub fn value(self, value: &(impl WriteJson + ?Sized)) {
        value.write_json(self.begin());
    }

    /// Begins an object.
    pub fn object(self) -> ObjectWriter<'p> {
        self.begin().object()
    }

    /// Begins a list.
    pub fn array(self) -> ArrayWriter<'p> {
        self.begin().array()
    }
}
