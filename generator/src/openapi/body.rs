//! Request bodies, responses and their media types.

use super::encoding::encoding;
use super::header::headers;
use super::operation::Reading;
use super::{At, Media, RequestBody, Response, StatusKey};
use crate::diag::{Diagnostic, Severity};
use crate::schema::Json;
use crate::source::{Node, Value, to_json};

/// A node of the wrong type. `lint`: it is left out, and nothing that is used depends on it.
pub(crate) fn malformed(node: &Node, what: &str, expected: &str, lint: bool) -> Diagnostic {
    let severity = if lint { Severity::Warning } else { Severity::Error };
    let message = format!("{what} must be {} {expected}, and this is {}", article(expected), described(node));
    Diagnostic::new("BFF0205", severity, message, Some(node.span)).help("Mend the document.")
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

fn described(node: &Node) -> String {
    match node.type_name() {
        "null" => "empty".to_owned(),
        name => format!("{} {name}", article(name)),
    }
}

/// `requestBody`.
pub(super) fn request_body<'a>(reading: &mut Reading<'a, '_>, at: At<'a>, operation: &str) -> Option<RequestBody> {
    let (at, name) = reading.follow(at, "the request body")?;
    let name = name.map_or_else(|| format!("{operation} request"), |name| format!("{name} request"));
    Some(RequestBody {
        required: at.node.get("required").and_then(Node::as_bool).unwrap_or(false),
        content: content(reading, at, &name),
        description: text(at.node, "description"),
        span: at.node.span,
    })
}

/// `responses`, in the order of the document.
pub(super) fn responses<'a>(reading: &mut Reading<'a, '_>, at: At<'a>, operation: &str) -> Vec<Response> {
    let Some(members) = at.node.as_object() else {
        reading.found.push(malformed(at.node, "`responses`", "object", false));
        return Vec::new();
    };
    let mut named_success = false;
    let mut all = Vec::new();
    for member in members.iter().filter(|m| !m.key.starts_with("x-")) {
        let Some(status) = status(&member.key) else {
            let message = format!("`{}` is no status: `200`, `2XX` or `default` is expected", member.key);
            let lint = Diagnostic::warning("BFF0205", message, member.key_span).help("This response is left out.");
            reading.found.push(lint);
            continue;
        };
        let Some((at, name)) = reading.follow(at.to(&member.value), "the response") else { continue };
        if at.node.as_object().is_none() {
            reading.found.push(malformed(at.node, "a response", "object", false));
            continue;
        }
        let success = matches!(status, StatusKey::Code(200..=299) | StatusKey::Range(2));
        let name = match name {
            Some(name) => format!("{name} response"),
            None if success && !named_success => format!("{operation} response"),
            None => format!("{operation} {} response", member.key),
        };
        named_success |= success;
        all.push(Response {
            status,
            description: text(at.node, "description"),
            content: content(reading, at, &name),
            headers: headers(reading, at, &name),
            span: member.key_span,
        });
    }
    all
}

fn status(key: &str) -> Option<StatusKey> {
    if key == "default" {
        return Some(StatusKey::Default);
    }
    let [class @ b'1'..=b'5', rest @ ..] = key.as_bytes() else { return None };
    match rest {
        [b'X' | b'x', b'X' | b'x'] => Some(StatusKey::Range(class - b'0')),
        [b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(StatusKey::Code),
        _ => None,
    }
}

/// `content`. Schemas of several media types that are written twice get one name: they are told apart by place.
fn content<'a>(reading: &mut Reading<'a, '_>, at: At<'a>, name: &str) -> Vec<Media> {
    let Some(content) = at.node.get("content") else { return Vec::new() };
    let Some(members) = content.as_object() else {
        // `content:` with nothing behind it
        if matches!(content.value, Value::Null) {
            return Vec::new();
        }
        reading.found.push(malformed(content, "`content`", "object", false));
        return Vec::new();
    };
    let mut all = Vec::new();
    for member in members {
        // media type objects have no `$ref` of their own before 3.2, yet documents use it
        let Some((media, _)) = reading.follow(at.to(&member.value), "the media type") else { continue };
        let schema = media.node.get("schema").map(|schema| reading.schema(media.to(schema), name));
        let examples = examples(reading, media);
        let encoding = encoding(reading, media, name);
        if !member.key.contains('/') {
            let message = format!("`{}` is not a media type, such as `application/json`", member.key);
            let help = "It is taken as bytes of an unknown kind. Mend the document.";
            reading.found.push(Diagnostic::warning("BFF0205", message, member.key_span).help(help));
        }
        all.push(Media { media_type: member.key.to_string(), schema, examples, encoding, span: member.key_span });
    }
    all
}

/// `example`, and the values of `examples` as far as they are in the document.
fn examples<'a>(reading: &mut Reading<'a, '_>, media: At<'a>) -> Vec<Json> {
    let mut all: Vec<Json> = media.node.get("example").map(to_json).into_iter().collect();
    for member in media.node.get("examples").and_then(Node::as_object).unwrap_or_default() {
        if let Some(example) = reading.peek(media.to(&member.value))
            && let Some(value) = example.node.get("value")
        {
            all.push(to_json(value));
        }
    }
    all
}

/// A text of an object.
pub(super) fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::as_str).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
}
