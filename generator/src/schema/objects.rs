//! Members of objects: declared, required, additional.

use std::collections::HashMap;

use super::numbers::count;
use super::reader::Reader;
use super::{Additional, Kind, ObjectRules, Property, SchemaId, flatten};
use crate::openapi::{At, malformed};
use crate::source::{Member, Node, Span, Value};

/// Combines what all parts say.
pub(super) fn rules<'a>(reader: &mut Reader<'a, '_>, owns: &[At<'a>], name: &str) -> ObjectRules {
    let required = required(reader, owns);
    let mut order: Vec<(&'a Member, Vec<At<'a>>)> = Vec::new();
    let mut places: HashMap<&'a str, usize> = HashMap::new();
    let mut required_at = None;
    for (at, node) in flatten::all(owns, "properties") {
        let Some(members) = node.as_object() else {
            reader.found.push(malformed(node, "`properties`", "object", true));
            continue;
        };
        required_at.get_or_insert(at.node.get("required").unwrap_or(node).span);
        for member in members {
            let place = *places.entry(&member.key).or_insert_with(|| {
                order.push((member, Vec::new()));
                order.len() - 1
            });
            order[place].1.push(at.to(&member.value));
        }
    }
    let mut properties: Vec<Property> = Vec::with_capacity(order.len());
    for (member, nodes) in &order {
        let says = required.iter().find(|(required, _)| *required == &*member.key);
        properties.push(Property {
            name: member.key.to_string(),
            schema: reader.all_of(nodes, &format!("{name} {}", member.key)),
            required: says.is_some(),
            span: member.key_span,
            required_span: says.map(|(_, span)| *span).or(required_at),
        });
    }
    let unmatched = additional(reader, owns, name);
    let pattern_properties = patterns(reader, owns, name);
    let property_names: Vec<At<'a>> = flatten::all(owns, "propertyNames").map(|(at, node)| at.to(node)).collect();
    let property_names = (!property_names.is_empty()).then(|| reader.all_of(&property_names, &format!("{name} name")));
    let mut values: Vec<SchemaId> = pattern_properties.iter().map(|(_, values)| *values).collect();
    if let (false, Additional::Schema(others)) = (values.is_empty(), &unmatched) {
        values.push(*others);
    }
    let pattern_values =
        (!values.is_empty()).then(|| reader.any_of(owns[0].node.span, &format!("{name} value"), values));
    let additional = match (&unmatched, pattern_values) {
        (_, None) => unmatched.clone(),
        (Additional::Forbidden | Additional::Schema(_), Some(values)) => Additional::Schema(values),
        (Additional::Any | Additional::Unsaid, Some(_)) => Additional::Any,
    };
    for (missing, span) in required.iter().filter(|(required, _)| !places.contains_key(required)) {
        let schema = match additional {
            Additional::Schema(schema) => schema,
            _ => reader.add_kind(*span, &format!("{name} {missing}"), Kind::Any),
        };
        let name = (*missing).to_owned();
        properties.push(Property { name, schema, required: true, span: *span, required_span: Some(*span) });
    }
    ObjectRules {
        properties,
        additional,
        pattern_properties,
        pattern_values,
        unmatched,
        property_names,
        min_properties: count(owns, "minProperties", true),
        max_properties: count(owns, "maxProperties", false),
        heirs: None,
    }
}

/// `patternProperties`, each pattern once.
fn patterns<'a>(reader: &mut Reader<'a, '_>, owns: &[At<'a>], name: &str) -> Vec<(String, SchemaId)> {
    let mut all: Vec<(&'a str, Vec<At<'a>>)> = Vec::new();
    for (at, node) in flatten::all(owns, "patternProperties") {
        let Some(members) = node.as_object() else {
            reader.found.push(malformed(node, "`patternProperties`", "object", true));
            continue;
        };
        for member in members {
            match all.iter_mut().find(|(pattern, _)| *pattern == &*member.key) {
                Some((_, nodes)) => nodes.push(at.to(&member.value)),
                None => all.push((&member.key, vec![at.to(&member.value)])),
            }
        }
    }
    all.into_iter()
        .map(|(pattern, nodes)| (pattern.to_owned(), reader.all_of(&nodes, &format!("{name} value"))))
        .collect()
}

/// Names in `required`, each once, with their place.
fn required<'a>(reader: &mut Reader<'a, '_>, owns: &[At<'a>]) -> Vec<(&'a str, Span)> {
    let mut names: Vec<(&str, Span)> = Vec::new();
    for (_, node) in flatten::all(owns, "required") {
        match &node.value {
            Value::Array(items) => {
                let texts = items.iter().filter_map(|item| Some((item.as_str()?, item.span)));
                for (name, span) in texts {
                    if !names.iter().any(|(known, _)| *known == name) {
                        names.push((name, span));
                    }
                }
            }
            // a flag on the property itself, as in JSON Schema draft 3
            Value::Bool(_) => reader.lint(
                "BFF0205",
                "`required` must be a list of names beside `properties`, not a flag",
                node.span,
                "It is ignored, so the property counts as optional.",
            ),
            _ => reader.found.push(malformed(node, "`required`", "array", true)),
        }
    }
    names
}

fn additional<'a>(reader: &mut Reader<'a, '_>, owns: &[At<'a>], name: &str) -> Additional {
    let (mut any, mut forbidden) = (false, false);
    let mut schemas: Vec<At<'a>> = Vec::new();
    for (at, node) in flatten::all(owns, "additionalProperties") {
        match &node.value {
            Value::Bool(true) => any = true,
            Value::Bool(false) => forbidden = true,
            Value::Object(members) if !members.iter().any(|m| !m.key.starts_with("x-")) => any = true,
            Value::Object(_) => schemas.push(at.to(node)),
            _ => reader.found.push(malformed(node, "`additionalProperties`", "object", true)),
        }
    }
    if forbidden {
        return Additional::Forbidden;
    }
    if !schemas.is_empty() {
        return Additional::Schema(reader.all_of(&schemas, &format!("{name} value")));
    }
    // What the others must be is said; that they must not be is a clause.
    let others = |(_, node): (At<'a>, &Node)| node.as_bool() != Some(false);
    if any || flatten::all(owns, "unevaluatedProperties").any(others) { Additional::Any } else { Additional::Unsaid }
}
