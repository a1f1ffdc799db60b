//! `enum` and `const`: the values that are allowed.

use std::collections::HashSet;

use indexmap::IndexSet;

use super::contradictions::contradiction;
use super::reader::Reader;
use super::{Json, Kind, SchemaId};
use crate::openapi::{At, malformed};
use crate::source::{Node, Span, to_json};

/// The values that every `enum` and `const` allows, null aside: an empty list where these exclude each other. None where
/// nothing is said.
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
                    lists.push(values.iter().map(to_json).collect());
                }
                None => reader.found.push(malformed(node, "`enum`", "array", true)),
            }
        }
        lists.extend(at.node.get("const").map(|value: &Node| vec![to_json(value)]));
        for list in lists {
            common = Some(match common {
                None => list,
                Some(before) => {
                    let list: HashSet<Json> = list.into_iter().collect();
                    before.into_iter().filter(|value| list.contains(value)).collect()
                }
            });
        }
    }
    let mut values = common?;
    values.retain(|value| !value.is_null());
    let unique: IndexSet<Json> = values.into_iter().collect();
    Some(unique.into_iter().collect())
}

/// Whether a member of a union may have one of the values that are allowed beside the union.
pub(super) fn may_have(node: &Node, allowed: &[Json]) -> bool {
    let of = |value: &Json| allowed.iter().any(|one| one == value || one.is_number() && one.as_f64() == value.as_f64());
    let listed = node.get("enum").and_then(Node::as_array).is_none_or(|all| all.iter().any(|one| of(&to_json(one))));
    listed && node.get("const").is_none_or(|one| of(&to_json(one)))
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
