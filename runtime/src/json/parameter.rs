//! Parameters are text; rules speak of JSON. This says what JSON value a parameter means.

use crate::json::rule::{Kind, Rule};
use crate::json::scan::{Cursor, MAX_DEPTH};
use crate::json::write::{JsonBuffer, WriteJson};

/// The JSON text of a path, query, header or cookie parameter: a number, `true`, `false` or `null` where the rule
/// takes one and the text is one; otherwise a string. To be read with [`decode_text`](crate::json::decode_text).
pub fn parameter_as_json(rule: &Rule, text: &str) -> String {
    if takes(rule, text) {
        return text.to_owned();
    }
    let mut json = JsonBuffer::with_capacity(text.len() + 2);
    text.write_json(&mut json);
    String::from_utf8(json.into_bytes()).unwrap_or_default()
}

/// The JSON text of a parameter that is a list, from the texts of its items. `rule`: the list's.
pub fn parameters_as_json<'t>(rule: &Rule, texts: impl IntoIterator<Item = &'t str>) -> String {
    let items = match &rule.kind {
        Kind::Array(array) => array.items,
        _ => &Rule::ANY,
    };
    let items: Vec<String> = texts.into_iter().map(|text| parameter_as_json(items, text)).collect();
    format!("[{}]", items.join(","))
}

/// Whether the text is a value of the rule as it stands.
fn takes(rule: &Rule, text: &str) -> bool {
    let number = || {
        let mut cursor = Cursor::new(text, MAX_DEPTH);
        cursor.number().is_some() && cursor.pos == text.len()
    };
    match &rule.kind {
        Kind::Integer(_) | Kind::Number(_) => number() || (rule.nullable && text == "null"),
        Kind::Boolean => matches!(text, "true" | "false") || (rule.nullable && text == "null"),
        Kind::Null => text == "null",
        Kind::Of(other) => takes(other, text) || text == "null",
        Kind::AnyOf(members) | Kind::OneOf(members) => members.iter().any(|member| takes(member, text)),
        Kind::Any | Kind::Never | Kind::String(_) | Kind::Array(_) | Kind::Object(_) => false,
    }
}
