//! What the tables of OpenAPI's objects cannot say: rules about one object.

use std::collections::HashSet;

use crate::source::{Node, Value};

/// Names of components are made of letters, digits, `.`, `-` and `_` (section 4.8.7).
pub(super) fn component_names(node: &Node, wrong: &mut dyn FnMut(&Node, String)) {
    for group in node.as_object().unwrap_or_default().iter().filter(|group| !group.key.starts_with("x-")) {
        for member in group.value.as_object().unwrap_or_default() {
            let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            if member.key.is_empty() || !member.key.chars().all(fine) {
                let message =
                    format!("the name `{}` of a component has other signs than letters, digits, `.-_`", member.key);
                wrong(&member.value, message);
            }
        }
    }
}

/// One parameter of a name and place (section 4.8.10). References are compared as written.
pub(super) fn distinct_parameters(node: &Node, wrong: &mut dyn FnMut(&Node, String)) {
    let mut seen = HashSet::new();
    for one in node.get("parameters").and_then(Node::as_array).unwrap_or_default() {
        let text = |key: &str| one.get(key).and_then(Node::as_str);
        let name = text("name").or_else(|| text("$ref")).unwrap_or("");
        // names of headers are told apart whatever their case
        let told = if text("in") == Some("header") { name.to_ascii_lowercase() } else { name.to_owned() };
        if !name.is_empty() && !seen.insert((told, text("in"))) {
            wrong(one, format!("the parameter `{name}` stands twice in one list"));
        }
    }
}

/// Keys of `content` are media types or ranges of them (RFC 9110, section 8.3.1).
pub(super) fn media_types(node: &Node, wrong: &mut dyn FnMut(&Node, String)) {
    for member in node.get("content").and_then(Node::as_object).unwrap_or_default() {
        let essence = member.key.split(';').next().unwrap_or("").trim();
        if !essence.split_once('/').is_some_and(|(kind, sub)| is_token(kind) && is_token(sub)) {
            wrong(&member.value, format!("`{}` is no media type", member.key));
        }
    }
}

/// A token of HTTP (RFC 9110, section 5.6.2).
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// The name of a parameter fits its place, and its style its type (section 4.8.12.6).
pub(super) fn parameter_style(node: &Node, place: &str, wrong: &mut dyn FnMut(&Node, String)) {
    let text = |key: &str| node.get(key).and_then(Node::as_str);
    match (place, text("name")) {
        (_, Some("")) => wrong(node, "a parameter has an empty name".to_owned()),
        ("header" | "cookie", Some(name)) if !is_token(name) => {
            wrong(node, format!("{name:?} cannot be the name of a {place}"));
        }
        _ => {}
    }
    let Some(style) = text("style") else { return };
    if node.get("content").is_some() {
        wrong(node, format!("the style `{style}` goes with `schema`, not with `content`"));
    }
    // what is behind a reference or in a union is judged where it is called
    let kind = node.get("schema").and_then(|schema| schema.get("type")).and_then(Node::as_str);
    let fits = match (style, kind) {
        ("deepObject", Some(kind)) => kind == "object",
        ("spaceDelimited" | "pipeDelimited", Some(kind)) => matches!(kind, "array" | "object"),
        _ => true,
    };
    if !fits {
        wrong(node, format!("the style `{style}` does not go with the type `{}`", kind.unwrap_or("")));
    }
}

/// An encoding is of a property that the schema has (section 4.8.14). Schemas that others take part in are let pass.
pub(super) fn known_encodings(node: &Node, wrong: &mut dyn FnMut(&Node, String)) {
    let Some(schema) = node.get("schema") else { return };
    let open = ["$ref", "allOf", "anyOf", "oneOf", "additionalProperties", "patternProperties"];
    let properties = schema.get("properties").filter(|_| open.iter().all(|key| schema.get(key).is_none()));
    for member in node.get("encoding").and_then(Node::as_object).unwrap_or_default() {
        if properties.is_some_and(|properties| properties.get(&member.key).is_none()) {
            let message = format!("there is an encoding for `{}`, which is no property of the schema", member.key);
            wrong(&member.value, message);
        }
    }
}

/// Parameters and headers say their value by `schema` or by one media type.
pub(super) fn value_rule(node: &Node, what: &str, wrong: &mut dyn FnMut(&Node, String)) {
    let content = node.get("content").and_then(Node::as_object);
    match (node.get("schema"), content) {
        (Some(_), Some(_)) => wrong(node, format!("{what} has `schema` or `content`, not both")),
        (None, None) => wrong(node, format!("{what} needs a `schema` or `content`")),
        (None, Some(content)) if content.len() != 1 => {
            wrong(node, format!("the `content` of {what} has one media type, this has {}", content.len()));
        }
        _ => {}
    }
    media_types(node, wrong);
    examples_rule(node, wrong);
}

pub(super) fn examples_rule(node: &Node, wrong: &mut dyn FnMut(&Node, String)) {
    if node.get("example").is_some() && node.get("examples").is_some_and(|all| !matches!(all.value, Value::Null)) {
        wrong(node, "`example` and `examples` exclude each other".to_owned());
    }
}
