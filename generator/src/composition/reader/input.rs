//! Reads `inputs`: declared schemas of what a request brings.

use super::keys::{Allowed, members, wrong_kind};
use super::values;
use crate::composition::ast::{Endpoint, Input, InputPlace};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::source::{Member, Node, Spanned, Value};

pub(super) const ALLOWED: Allowed =
    Allowed { what: "`inputs`", keys: &[&["path", "query", "header", "cookie", "body"]], later: &[], elsewhere: &[] };

pub(super) fn read(member: &Member, endpoint: &Endpoint, out: &mut Vec<Diagnostic>) -> Vec<Input> {
    let mut all = Vec::new();
    for group in members(&member.value, &ALLOWED, out) {
        let place = match &*group.key {
            "path" => InputPlace::Path,
            "query" => InputPlace::Query,
            "header" => InputPlace::Header,
            "cookie" => InputPlace::Cookie,
            _ => {
                let name = Spanned::new(String::new(), group.key_span);
                all.extend(input(InputPlace::Body, name, group, out));
                continue;
            }
        };
        for entry in values::entries(group, "schemas by name: `limit: {type: integer}`", out) {
            if place == InputPlace::Path && !is_in_path(entry, endpoint, out) {
                continue;
            }
            all.extend(input(place, values::key(entry), entry, out));
        }
    }
    all
}

fn is_in_path(entry: &Member, endpoint: &Endpoint, out: &mut Vec<Diagnostic>) -> bool {
    // Where the key of the endpoint is broken, its parameters are not known.
    if endpoint.path.is_empty() || endpoint.path_params.iter().any(|param| param.value == *entry.key) {
        return true;
    }
    let message = format!("the path `{}` has no parameter `{}`", endpoint.path, entry.key);
    let found = Diagnostic::error("BFF0307", message, entry.key_span).label(endpoint.span, "the path");
    let names = endpoint.path_params.iter().map(|param| param.value.as_str());
    out.push(match did_you_mean(&entry.key, names) {
        Some(near) => found.help(format!("Did you mean `{near}`?")),
        None => found.help(format!("Add a segment `{{{}}}` to the path, or take this out.", entry.key)),
    });
    false
}

fn input(place: InputPlace, name: Spanned<String>, member: &Member, out: &mut Vec<Diagnostic>) -> Option<Input> {
    let mut schema = schema(member, out)?;
    let mut required = None;
    // `required: true` is about the input; a list belongs to the schema.
    if let Value::Object(members) = &mut schema.value {
        members.retain(|member| match (&*member.key, member.value.as_bool()) {
            ("required", Some(flag)) => {
                required = Some(flag);
                false
            }
            _ => true,
        });
    }
    if place == InputPlace::Path && required == Some(false) {
        let found = Diagnostic::error("BFF0307", "a path parameter is always required", member.key_span);
        out.push(found.help("Take `required` out."));
    }
    Some(Input { place, name, required, schema })
}

/// A schema; a text is a reference and becomes `{$ref: text}`.
pub(super) fn schema(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Node> {
    let node = &member.value;
    match &node.value {
        Value::Object(_) => Some(node.clone()),
        Value::String(text) => {
            if !is_reference(&text.value, node, out) {
                return None;
            }
            let reference = Member { key: "$ref".into(), key_span: node.span, value: node.clone() };
            Some(Node { span: node.span, value: Value::Object(vec![reference]) })
        }
        _ => {
            out.push(wrong_kind(node, &member.key, "a schema: `{type: integer}`, or `users#/components/schemas/User`"));
            None
        }
    }
}

/// Whether a text is like `users#/components/schemas/User`; reports it if not.
pub(super) fn is_reference(text: &str, node: &Node, out: &mut Vec<Diagnostic>) -> bool {
    let right =
        text.split_once("#/").is_some_and(|(upstream, rest)| values::is_identifier(upstream) && !rest.is_empty());
    if !right {
        let found = Diagnostic::error("BFF0307", format!("`{text}` is not a reference to a schema"), node.span);
        out.push(found.help("Write an upstream and a place in its document: `users#/components/schemas/User`."));
    }
    right
}
