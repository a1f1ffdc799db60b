//! Rules that exclude each other: no value is valid.

use std::cmp::Ordering;

use super::{Clause, Kind, NumberRules, SchemaId, Schemas};
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::source::decimal::compare;

/// What of a schema can never be satisfied.
pub fn contradictions(schemas: &Schemas, id: SchemaId) -> Vec<Diagnostic> {
    let schema = schemas.get(id);
    let mut found: Vec<String> = Vec::new();
    let mut counts = |least: &str, min: Option<u64>, most: &str, max: Option<u64>| {
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            found.push(format!("`{least}` {min} is more than `{most}` {max}"));
        }
    };
    for clause in &schema.clauses {
        if let Clause::Contains { min, max, .. } = clause {
            counts("minContains", Some(*min), "maxContains", *max);
        }
    }
    match &schema.kind {
        Kind::String(rules) => counts("minLength", rules.min_length, "maxLength", rules.max_length),
        Kind::Array(rules) => counts("minItems", rules.min_items, "maxItems", rules.max_items),
        Kind::Object(rules) => {
            counts("minProperties", rules.min_properties, "maxProperties", rules.max_properties);
            let required = rules.properties.iter().filter(|property| property.required).count() as u64;
            counts("required", Some(required).filter(|count| *count > 0), "maxProperties", rules.max_properties);
        }
        Kind::Integer(rules) | Kind::Number(rules) => found.extend(numbers(rules)),
        _ => {}
    }
    found.into_iter().map(|what| contradiction(&schema.name, &what, schema.span)).collect()
}

/// The finding that a schema allows nothing.
pub(super) fn contradiction(name: &str, what: &str, span: Span) -> Diagnostic {
    let message = match name {
        "" => format!("no value is valid here: {what}"),
        name => format!("no value is valid as `{name}`: {what}"),
    };
    Diagnostic::warning("BFF0317", message, span)
        .help("Every answer that has it would be refused. Mend the document, or overlay it.")
}

fn numbers(rules: &NumberRules) -> Option<String> {
    let step = rules.multiple_of.as_deref().filter(|step| compare(step, "0") != Ordering::Greater);
    if let Some(step) = step {
        return Some(format!("`multipleOf` {step} is not more than 0"));
    }
    let lower = [("minimum", &rules.minimum, false), ("exclusiveMinimum", &rules.exclusive_minimum, true)];
    let upper = [("maximum", &rules.maximum, false), ("exclusiveMaximum", &rules.exclusive_maximum, true)];
    for (least, min, above) in lower {
        for (most, max, below) in upper {
            let (Some(min), Some(max)) = (min, max) else { continue };
            match compare(min, max) {
                Ordering::Greater => return Some(format!("`{least}` {min} is more than `{most}` {max}")),
                Ordering::Equal if above || below => {
                    return Some(format!("`{least}` and `{most}` leave nothing between them at {min}"));
                }
                _ => {}
            }
        }
    }
    None
}
