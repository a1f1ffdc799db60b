//! `enum` and `const`: the values that are allowed.

use std::collections::HashSet;

use indexmap::IndexSet;

use super::contradictions::contradiction;
use super::reader::Reader;
use super::{Json, Kind, SchemaId};
use crate::openapi::{At, malformed};
use crate::source::decimal::compare;
use crate::source::{Node, Span, Value, to_json};

/// The values that every `enum` and `const` allows, null aside: an empty list where these exclude each other. None where
/// nothing is said. Lists with numbers that are not exact are clauses.
pub(super) fn allowed(reader: &mut Reader<'_, '_>, owns: &[At<'_>]) -> Option<Vec<Json>> {
    let mut common: Option<Vec<Json>> = None;
    for at in owns {
        let mut lists: Vec<Vec<Json>> = Vec::new();
        if let Some(node) = at.node.get("enum") {
            match node.as_array() {
                Some(values) => {
                    if values.is_empty() {
                        reader.found.push(contradiction("", "`enum` is an empty list", node.span));
                    }
                    if values.iter().all(is_exact) {
                        lists.push(values.iter().map(to_json).collect());
                    }
                }
                None => reader.found.push(malformed(node, "`enum`", "array", true)),
            }
        }
        let only = at.node.get("const").filter(|value| is_exact(value));
        lists.extend(only.map(|value: &Node| vec![to_json(value)]));
        for list in lists {
            common = Some(match common {
                None => list,
                Some(before) => {
                    let list: HashSet<Json> = list.iter().map(by_value).collect();
                    before.into_iter().filter(|value| list.contains(&by_value(value))).collect()
                }
            });
        }
    }
    let mut values = common?;
    values.retain(|value| !value.is_null());
    let unique: IndexSet<Json> = values.into_iter().collect();
    Some(unique.into_iter().collect())
}

/// Whether all numbers in a value are as exact in [`Json`] as they are written.
pub(super) fn is_exact(node: &Node) -> bool {
    match &node.value {
        Value::Number(text) => {
            let read = to_json(node);
            read.is_number() && compare(text, &read.to_string()).is_eq()
        }
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(members) => members.iter().all(|member| is_exact(&member.value)),
        _ => true,
    }
}

/// One form for all that JSON Schema calls equal: `1.0` as `1`.
pub(super) fn by_value(value: &Json) -> Json {
    match value {
        Json::Number(number) if number.is_f64() => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < WHOLE);
            whole.map_or_else(|| value.clone(), |whole| Json::from(whole as i64))
        }
        Json::Array(items) => items.iter().map(by_value).collect(),
        Json::Object(members) => members.iter().map(|(key, value)| (key.clone(), by_value(value))).collect(),
        other => other.clone(),
    }
}

/// Doubles below are integers of 64 bits, where they have no fraction.
const WHOLE: f64 = 9.2e18;

/// Whether a member of a union may have one of the values that are allowed beside the union.
pub(super) fn may_have(node: &Node, allowed: &[Json]) -> bool {
    let of = |node: &Node| !is_exact(node) || allowed.iter().any(|one| by_value(one) == by_value(&to_json(node)));
    let listed = node.get("enum").and_then(Node::as_array).is_none_or(|all| all.iter().any(of));
    listed && node.get("const").is_none_or(of)
}

/// The values that fit the kind; none where no `enum` is left. YAML reads `[1, 2]` without quotes as
/// numbers: a value that is plainly the text of the wanted type is taken as such. An `enum` of which no
/// value fits (often it belongs to the items of a list) is named as unsupported instead of allowing nothing.
/// `quiet`: one type of several, others may fit.
pub(super) fn fitting(
    reader: &mut Reader<'_, '_>,
    id: SchemaId,
    values: Vec<Json>,
    kind: &Kind,
    span: Span,
    quiet: bool,
) -> Option<Vec<Json>> {
    if quiet {
        return Some(values.into_iter().filter(|value| fits(value, kind)).collect());
    }
    let help = "Write the values as the type wants them (texts in quotes).";
    let taken: Vec<Option<Json>> =
        values.iter().map(|value| if fits(value, kind) { Some(value.clone()) } else { coerced(value, kind) }).collect();
    if taken.iter().all(Option::is_none) {
        reader.lint("BFF0206", "no value of this `enum` is of the schema's type; the `enum` is left out", span, help);
        reader.schemas.get_mut(id).unsupported.push(("enum".to_owned(), span));
        return None;
    }
    let mut fit: IndexSet<Json> = IndexSet::with_capacity(values.len());
    for (value, taken) in values.into_iter().zip(taken) {
        match &taken {
            Some(taken) if *taken == value => {}
            Some(taken) => {
                let message =
                    format!("the value `{value}` of this `enum` is not of its type; it is taken as `{taken}`");
                reader.lint("BFF0206", message, span, help);
            }
            None => {
                let message = format!("the value `{value}` of this `enum` is not of its type, so it can never be sent");
                reader.lint("BFF0206", message, span, help);
            }
        }
        fit.extend(taken);
    }
    Some(fit.into_iter().collect())
}

fn fits(value: &Json, kind: &Kind) -> bool {
    match kind {
        Kind::Boolean => value.is_boolean(),
        Kind::Integer(_) => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Kind::Number(_) => value.is_number(),
        Kind::String(_) => value.is_string(),
        Kind::Array(_) => value.is_array(),
        Kind::Object(_) => value.is_object(),
        _ => true,
    }
}

fn coerced(value: &Json, kind: &Kind) -> Option<Json> {
    match (value, kind) {
        (Json::Number(_) | Json::Bool(_), Kind::String(_)) => Some(Json::String(value.to_string())),
        (Json::String(text), Kind::Integer(_) | Kind::Number(_)) => {
            serde_json::from_str::<serde_json::Number>(text).ok().map(Json::Number).filter(|number| fits(number, kind))
        }
        (Json::String(text), Kind::Boolean) => text.parse::<bool>().ok().map(Json::Bool),
        _ => None,
    }
}
