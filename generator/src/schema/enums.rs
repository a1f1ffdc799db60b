//! `enum` and `const`: the values that are allowed.

use super::reader::Reader;
use super::{Json, Kind};
use crate::openapi::{At, malformed};
use crate::source::{Node, Span, to_json};

/// The values that every `enum` and `const` allows, null aside; none where nothing is said.
pub(super) fn allowed(reader: &mut Reader<'_, '_>, owns: &[At<'_>]) -> Option<Vec<Json>> {
    let mut common: Option<Vec<Json>> = None;
    for at in owns {
        let mut lists: Vec<Vec<Json>> = Vec::new();
        match at.node.get("enum") {
            Some(node) => match node.as_array() {
                Some(values) => lists.push(values.iter().map(to_json).collect()),
                None => reader.found.push(malformed(node, "`enum`", "array", true)),
            },
            None => {}
        }
        lists.extend(at.node.get("const").map(|value: &Node| vec![to_json(value)]));
        for list in lists {
            common = Some(match common {
                None => list,
                Some(before) => before.into_iter().filter(|value| list.contains(value)).collect(),
            });
        }
    }
    let mut values = common?;
    values.retain(|value| !value.is_null());
    let mut unique: Vec<Json> = Vec::with_capacity(values.len());
    for value in values {
        if !unique.contains(&value) {
            unique.push(value);
        }
    }
    // `enum: []` and `enum: [null]` allow nothing or null, which the type says
    (!unique.is_empty()).then_some(unique)
}

/// The values that fit the kind. YAML reads `[1, on]` without quotes as number and text: a value that is
/// plainly the text of the wanted type is taken as such. `quiet`: one type of several, others may fit.
pub(super) fn fitting(
    reader: &mut Reader<'_, '_>,
    values: Vec<Json>,
    kind: &Kind,
    span: Span,
    quiet: bool,
) -> Vec<Json> {
    let mut fit = Vec::with_capacity(values.len());
    for value in values {
        if fits(&value, kind) {
            fit.push(value);
            continue;
        }
        if quiet {
            continue;
        }
        let taken = coerced(&value, kind);
        let said = match &taken {
            Some(taken) => format!("the value `{value}` of this enum is not of its type; it is taken as `{taken}`"),
            None => format!("the value `{value}` of this enum is not of its type, so it can never be sent"),
        };
        reader.lint("BFF0206", said, span, "Write the value as its type wants it (texts in quotes).");
        fit.extend(taken.filter(|taken| !fit.contains(taken)));
    }
    fit
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
