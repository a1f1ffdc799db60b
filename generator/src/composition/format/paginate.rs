//! The form of `paginate`: one way to tell pages apart, and all of them or the one that the client asks for.

use serde_json::{Value, json};

use super::mapping;
use super::values::reference;

pub(super) fn form() -> Value {
    let mut paginate = mapping("`paginate`", |key| {
        Some(match key {
            "page" | "offset" | "cursor" | "size" => reference("text"),
            "link" => json!({ "anyOf": [{ "enum": [true] }, { "type": "string" }] }),
            "first" => json!({ "type": "integer", "minimum": 0, "maximum": 1 }),
            "next" | "items" | "token" => reference("expression"),
            "max" => json!({ "type": "integer", "minimum": 1, "maximum": 100_000 }),
            "pages" => json!({ "type": "integer", "minimum": 1, "maximum": 1_000 }),
            _ => return None,
        })
    });
    let has = |key: &str| json!({ "required": [key] });
    let kinds = ["page", "offset", "cursor", "link"];
    paginate["dependencies"] = json!({ "first": ["page"], "next": ["cursor"], "cursor": ["next"], "pages": ["max"] });
    paginate["allOf"] = json!([
        { "oneOf": kinds.map(has) },
        { "oneOf": [has("max"), has("token")] },
        // The upstream tells itself whether there is a next page.
        {
            "if": { "allOf": [has("token"), { "anyOf": [has("cursor"), has("link")] }] },
            "then": { "not": { "anyOf": [has("size"), has("items")] } },
        },
        { "if": has("token"), "then": { "properties": { "link": { "type": "string" } } } },
        { "if": has("max"), "then": { "properties": { "link": { "enum": [true] } } } },
    ]);
    paginate
}
