//! JSON that is made of values rather than taken from a body.

use std::borrow::Cow;

use crate::json::raw::Raw;
use crate::json::write::{JsonBuffer, WriteJson};

/// An object that is made of members, one after the other.
#[derive(Debug)]
#[must_use = "an object is complete after `end`"]
pub struct RawObject {
    json: JsonBuffer,
    first: bool,
}

impl Raw<'static> {
    /// The JSON text of a value.
    pub fn of<T: WriteJson + ?Sized>(value: &T) -> Raw<'static> {
        let mut json = JsonBuffer::new();
        value.write_json(&mut json);
        Raw { text: Cow::Owned(text_of(json)) }
    }

    /// An object without members yet.
    pub fn object() -> RawObject {
        let mut json = JsonBuffer::new();
        json.push_json("{");
        RawObject { json, first: true }
    }
}

impl RawObject {
    /// The same with a member. The key is the inside of a JSON string: what needs escapes has them already.
    pub fn field(mut self, key: &str, value: &(impl WriteJson + ?Sized)) -> RawObject {
        if !self.first {
            self.json.push_json(",");
        }
        self.first = false;
        self.json.push_quoted(key);
        self.json.push_json(":");
        value.write_json(&mut self.json);
        self
    }

    /// The same with a member, if there is a value.
    pub fn optional(self, key: &str, value: &Option<impl WriteJson>) -> RawObject {
        match value {
            Some(value) => self.field(key, value),
            None => self,
        }
    }

    /// The object.
    pub fn end(mut self) -> Raw<'static> {
        self.json.push_json("}");
        Raw { text: Cow::Owned(text_of(self.json)) }
    }
}

/// Written JSON is UTF-8: all that is written is made of texts.
fn text_of(json: JsonBuffer) -> String {
    String::from_utf8(json.into_bytes()).unwrap_or_default()
}
