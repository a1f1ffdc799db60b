//! Nodes as `serde_json` values.

use super::{Node, Value};

/// The plain JSON value of a node. A number keeps its value as far as `i64`, `u64` and `f64` can hold it.
pub fn to_json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(text) => number(text),
        Value::String(text) => serde_json::Value::String(text.value.to_string()),
        Value::Array(items) => items.iter().map(to_json).collect(),
        Value::Object(members) => {
            serde_json::Value::Object(members.iter().map(|m| (m.key.to_string(), to_json(&m.value))).collect())
        }
    }
}

/// A number from its JSON text; one that no machine type can hold (`1e999`) stays a string.
fn number(text: &str) -> serde_json::Value {
    serde_json::from_str::<serde_json::Number>(text)
        .map_or_else(|_| serde_json::Value::String(text.to_owned()), serde_json::Value::Number)
}

/// The JSON text of a node, numbers as they are written.
pub fn json_text(node: &Node) -> String {
    match &node.value {
        Value::Number(text) => text.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(json_text).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let member = |member: &super::Member| {
                format!("{}:{}", serde_json::Value::String(member.key.to_string()), json_text(&member.value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
        Value::Null | Value::Bool(_) | Value::String(_) => to_json(node).to_string(),
    }
}
