//! JSON into types, and what is wrong with it without what is in it.

use crate::pointer::push;
use http::HeaderValue;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

/// U+FEFF in UTF-8. JSON must not begin with it (RFC 8259, 8.1).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Decodes JSON. `Err`: a JSON Pointer, and what is wrong there.
pub(super) fn from_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, (String, String)> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        if json.starts_with(BYTE_ORDER_MARK) {
            return (String::new(), "it is not JSON (it begins with a byte order mark)".to_owned());
        }
        let mut place = String::new();
        error.path().iter().for_each(|segment| add(&mut place, segment));
        (place, without_values(error.inner()))
    })?;
    reader.end().map_err(|error| (String::new(), without_values(&error)))?;
    Ok(value)
}

/// Adds a part of a JSON Pointer.
fn add(place: &mut String, segment: &Segment) {
    match segment {
        Segment::Seq { index } => push(place, &index.to_string()),
        Segment::Map { key } => push(place, key),
        // Serde's names of variants stand nowhere in the JSON.
        Segment::Enum { .. } | Segment::Unknown => {}
    }
}

/// What serde says, without the value that it quotes.
pub(super) fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match error.classify() {
        serde_json::error::Category::Syntax => format!("it is not JSON ({text})"),
        serde_json::error::Category::Eof => "the JSON ends too early".to_owned(),
        serde_json::error::Category::Io | serde_json::error::Category::Data => of_data(&text),
    }
}

/// The part of a message of serde that holds no value: names of the document, and what is expected.
pub(super) fn of_data(text: &str) -> String {
    let text = text.rsplit_once(" at line ").map_or(text, |(text, _)| text);
    if text.starts_with("missing field `") || text.starts_with("duplicate field `") {
        return text.to_owned();
    }
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => match text.strip_prefix(super::union::MARK) {
            Some(own) => own.to_owned(),
            None => "it has not the declared form".to_owned(),
        },
    }
}

/// The message, with the content type where that is the likely reason.
pub(super) fn message_of(message: String, content_type: Option<HeaderValue>) -> String {
    let media = content_type.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if message.starts_with("it is not JSON") && !media.is_empty() && !media.ends_with("json") {
        return format!("{message}; its content type is `{media}`");
    }
    message
}
