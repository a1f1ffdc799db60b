//! Headers of responses and of parts of a multipart body.

use super::At;
use super::body::{malformed, text};
use super::operation::Reading;
use crate::schema::{Kind, Schema, SchemaId};
use crate::source::{Node, Span, Value};

/// A header (OpenAPI 3.1, section 4.8.21): a parameter whose style is always `simple`.
#[derive(Clone, Debug)]
pub struct Header {
    /// As written; case does not matter on the wire.
    pub name: String,
    /// Is always sent.
    pub required: bool,
    /// `explode` of the style `simple`.
    pub explode: bool,
    /// `content` instead of `schema`: the media type.
    pub content: Option<String>,
    /// Its schema.
    pub schema: SchemaId,
    /// Description.
    pub description: Option<String>,
    /// Marked deprecated.
    pub deprecated: bool,
    /// Where its name stands.
    pub span: Span,
}

/// `headers` of a response or an encoding. `owner` begins the names of their schemas.
pub(super) fn headers<'a>(reading: &mut Reading<'a, '_>, owner: At<'a>, name: &str) -> Vec<Header> {
    let Some(node) = owner.node.get("headers") else { return Vec::new() };
    let Some(members) = node.as_object() else {
        if !matches!(node.value, Value::Null) {
            reading.found.push(malformed(node, "`headers`", "object", true));
        }
        return Vec::new();
    };
    let mut all = Vec::new();
    for member in members {
        // section 4.8.17: a header of this name is ignored
        if member.key.eq_ignore_ascii_case("content-type") {
            continue;
        }
        let Some((at, component)) = reading.follow(owner.to(&member.value), "the header") else { continue };
        if at.node.as_object().is_none() {
            reading.found.push(malformed(at.node, "a header", "object", true));
            continue;
        }
        let flag = |key: &str| at.node.get(key).and_then(Node::as_bool).unwrap_or(false);
        let media = at.node.get("content").and_then(Node::as_object).and_then(<[_]>::first);
        let schema = at.node.get("schema").or_else(|| media.and_then(|media| media.value.get("schema")));
        let schema_name =
            component.map_or_else(|| format!("{name} {}", member.key), |component| format!("{component} header"));
        let schema = match schema {
            Some(schema) => reading.schema(at.to(schema), &schema_name),
            None => reading.schemas.add(Schema::new(at.node.span, schema_name, Kind::Any)),
        };
        all.push(Header {
            name: member.key.to_string(),
            required: flag("required"),
            explode: flag("explode"),
            content: at.node.get("schema").is_none().then(|| media.map(|m| m.key.to_string())).flatten(),
            schema,
            description: text(at.node, "description"),
            deprecated: flag("deprecated"),
            span: member.key_span,
        });
    }
    all
}
