//! How single properties of a form or multipart body are written.

use super::body::malformed;
use super::header::{Header, headers};
use super::operation::Reading;
use super::{At, Style};
use crate::diag::Diagnostic;
use crate::source::{Node, Span, Value};

/// An encoding (OpenAPI 3.1, section 4.8.15).
#[derive(Clone, Debug)]
pub struct Encoding {
    /// The property's JSON name.
    pub property: String,
    /// `contentType`: media types with commas between them, as written. None: the default for the property's
    /// type (text, JSON, or bytes).
    pub content_type: Option<String>,
    /// `style`; none where neither it nor `explode` nor `allowReserved` is said, so that the content type rules.
    pub style: Option<Style>,
    /// `explode`, its default filled in.
    pub explode: bool,
    /// `allowReserved`.
    pub allow_reserved: bool,
    /// Headers of the part, in multipart bodies.
    pub headers: Vec<Header>,
    /// Where the property's key stands.
    pub span: Span,
}

/// `encoding` of a media type.
pub(super) fn encoding<'a>(reading: &mut Reading<'a, '_>, media: At<'a>, name: &str) -> Vec<Encoding> {
    let Some(node) = media.node.get("encoding") else { return Vec::new() };
    let Some(members) = node.as_object() else {
        if !matches!(node.value, Value::Null) {
            reading.found.push(malformed(node, "`encoding`", "object", true));
        }
        return Vec::new();
    };
    let mut all = Vec::new();
    for member in members {
        let one = &member.value;
        if one.as_object().is_none() {
            reading.found.push(malformed(one, "an encoding", "object", true));
            continue;
        }
        let says = ["style", "explode", "allowReserved"].iter().any(|key| one.get(key).is_some());
        let style = says.then(|| style(reading, one));
        all.push(Encoding {
            property: member.key.to_string(),
            content_type: one.get("contentType").and_then(Node::as_str).map(str::to_owned),
            style,
            explode: one.get("explode").and_then(Node::as_bool).unwrap_or(style.unwrap_or(Style::Form) == Style::Form),
            allow_reserved: one.get("allowReserved").and_then(Node::as_bool).unwrap_or(false),
            headers: headers(reading, media.to(one), &format!("{name} {}", member.key)),
            span: member.key_span,
        });
    }
    all
}

/// The styles of query parameters; `form` unless something else is said.
fn style(reading: &mut Reading<'_, '_>, encoding: &Node) -> Style {
    let Some(written) = encoding.get("style") else { return Style::Form };
    match written.as_str().unwrap_or("") {
        "form" => Style::Form,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        other => {
            let message = format!("the style `{other}` does not exist for a property of a form; `form` is used");
            reading.found.push(
                Diagnostic::warning("BFF0206", message, written.span)
                    .help("Write `form`, `spaceDelimited`, `pipeDelimited` or `deepObject`."),
            );
            Style::Form
        }
    }
}
