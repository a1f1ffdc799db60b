//! Values that were written as JSON, taken apart for what is not JSON: styles, forms, parts.

use crate::json::{Decode, DecodeOptions, JsonBuffer, JsonType, Raw, Reader, Rule};
use crate::style::{Encoding, How, ParamValue};
use std::borrow::Cow;

/// A reader of something that this BFF has written.
fn reader(json: &JsonBuffer) -> Reader<'_> {
    let text = str::from_utf8(json.as_bytes()).unwrap_or_default();
    Reader::new(text, &DecodeOptions { rules: false, depth: 128, ..DecodeOptions::input() })
}

/// The value as the styles see it. Nothing written, and `null`: absent.
pub(super) fn value(json: &JsonBuffer) -> ParamValue<'static> {
    next(&mut reader(json))
}

/// A member of an object that becomes a form or parts.
pub(super) enum Member {
    /// A value as the styles see it.
    Styled(ParamValue<'static>, How),
    /// Texts, one an item where it is a list; whether each is JSON.
    Texts(Vec<(String, bool)>),
}

/// Calls `take` with each member of an object. `false`: it is no object.
pub(super) fn of_object(json: &JsonBuffer, encodings: &[Encoding<'_>], take: &mut dyn FnMut(&str, Member)) -> bool {
    let mut reader = reader(json);
    if reader.peek() != Some(JsonType::Object) {
        return false;
    }
    let read = reader.object(|reader, name| {
        let member = match (Encoding::find(encodings, name), reader.peek()) {
            (Some(how @ How::Style(..)), _) => Member::Styled(next(reader), how),
            (Some(How::Json), Some(JsonType::Null)) => return,
            (Some(How::Json), _) => Member::Texts(vec![(raw(reader), true)]),
            (None, Some(JsonType::Array)) => {
                let mut items = Vec::new();
                let _ = reader.array(|reader| items.extend(usual(reader)));
                Member::Texts(items)
            }
            (None, _) => Member::Texts(usual(reader).into_iter().collect()),
        };
        take(name, member);
    });
    read.is_some()
}

/// The next value as a text: objects and lists are JSON (OpenAPI 3.0.4, "Encoding Object"), `null` is left out.
fn usual(reader: &mut Reader<'_>) -> Option<(String, bool)> {
    match reader.peek() {
        Some(JsonType::Object | JsonType::Array) => Some((raw(reader), true)),
        _ => match next(reader) {
            ParamValue::Text(text) => Some((text.into_owned(), false)),
            _ => None,
        },
    }
}

fn raw(reader: &mut Reader<'_>) -> String {
    Raw::decode(reader, &Rule::ANY).map(|raw| raw.as_json().to_owned()).unwrap_or_default()
}

/// The value that comes next; numbers keep their text.
fn next(reader: &mut Reader<'_>) -> ParamValue<'static> {
    let text = |text: String| ParamValue::Text(Cow::Owned(text));
    match reader.peek() {
        Some(JsonType::Object) => {
            let mut members = Vec::new();
            let _ = reader.object(|reader, key| {
                let key = Cow::Owned(key.to_owned());
                members.push((key, next(reader)));
            });
            ParamValue::Object(members)
        }
        Some(JsonType::Array) => {
            let mut items = Vec::new();
            let _ = reader.array(|reader| items.push(next(reader)));
            ParamValue::List(items)
        }
        Some(JsonType::String) => String::decode(reader, &Rule::ANY).map_or(ParamValue::Absent, text),
        Some(JsonType::Number | JsonType::Boolean) => text(raw(reader)),
        Some(JsonType::Null) | None => {
            reader.skip();
            ParamValue::Absent
        }
    }
}
