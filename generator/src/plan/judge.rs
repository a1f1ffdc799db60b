//! Why a schema refuses a value that is written out.

use super::ty;
use crate::diag::words::counted;
use crate::mock::check::{Checker, Patterns, number, string};
use crate::schema::{ArrayRules, Json, Kind, NumberRules, ObjectRules, SchemaId, Schemas, StringRules};

/// Letters of a value that are shown.
const SHOWN: usize = 40;

/// Values in an `enum` that are shown.
const LISTED: usize = 8;

/// What is wrong with a value, or with a part of it.
pub struct Refused {
    /// What is wanted: "a number of at most 100".
    pub want: String,
    /// What is there instead, as JSON; a long one is cut.
    pub found: String,
    /// The schema that wants it.
    pub schema: SchemaId,
}

/// Why a schema refuses a value that is sent, or an answer; none where it does not, or where that cannot be said.
pub fn refused(schemas: &Schemas, id: SchemaId, value: &Json) -> Option<Refused> {
    let patterns = Patterns::default();
    at(Checker { schemas, patterns: &patterns, sending: true }, id, value)
}

fn at(checker: Checker, id: SchemaId, value: &Json) -> Option<Refused> {
    if checker.valid(id, value) {
        return None;
    }
    let schema = checker.schemas.get(id);
    let within = match (&schema.kind, value) {
        (Kind::Nullable(inner), _) => at(checker, *inner, value),
        (Kind::Array(rules), Json::Array(items)) => {
            items.iter().enumerate().find_map(|(place, item)| at(checker, rules.at(place), item))
        }
        (Kind::Object(rules), Json::Object(members)) => {
            let mut declared = rules.properties.iter();
            declared.find_map(|property| at(checker, property.schema, members.get(&property.name)?))
        }
        _ => None,
    };
    Some(within.unwrap_or_else(|| Refused { want: want(checker, id, value), found: shown(value), schema: id }))
}

/// What is wanted by a schema that refuses a value, though none of its parts.
fn want(checker: Checker, id: SchemaId, value: &Json) -> String {
    let schema = checker.schemas.get(id);
    if let Some(allowed) = schema.allowed.as_ref().filter(|allowed| !allowed.contains(value)) {
        return listed(allowed);
    }
    let rule = match (&schema.kind, value) {
        (Kind::Integer(rules) | Kind::Number(rules), Json::Number(_)) => of_number(rules, value),
        (Kind::String(rules), Json::String(text)) => of_text(rules, checker.patterns, text),
        (Kind::Array(rules), Json::Array(items)) => of_list(rules, items.len()),
        (Kind::Object(rules), Json::Object(members)) => of_object(rules, members),
        _ => None,
    };
    let fits = matches!(
        (&schema.kind, value),
        (Kind::Any, _)
            | (Kind::Array(_), Json::Array(_))
            | (Kind::Object(_), Json::Object(_))
            | (Kind::Number(_), Json::Number(_))
            | (Kind::String(_), Json::String(_))
    );
    match rule {
        Some(rule) => rule,
        None if fits => format!("a value that fits all that `{}` says", schema.name),
        None => ty::of_schema(checker.schemas, id).describe(checker.schemas),
    }
}

/// The values of an `enum`.
pub fn listed(allowed: &[Json]) -> String {
    let list: Vec<String> = allowed.iter().take(LISTED).map(|one| format!("`{one}`")).collect();
    let more = if allowed.len() > LISTED { " ..." } else { "" };
    match list.len() {
        1 => list.join(""),
        _ => format!("one of {}{more}", list.join(", ")),
    }
}

fn of_number(rules: &NumberRules, value: &Json) -> Option<String> {
    let none = NumberRules::default;
    let alone = [
        ("of at least", &rules.minimum, NumberRules { minimum: rules.minimum.clone(), ..none() }),
        ("of at most", &rules.maximum, NumberRules { maximum: rules.maximum.clone(), ..none() }),
        (
            "above",
            &rules.exclusive_minimum,
            NumberRules { exclusive_minimum: rules.exclusive_minimum.clone(), ..none() },
        ),
        (
            "below",
            &rules.exclusive_maximum,
            NumberRules { exclusive_maximum: rules.exclusive_maximum.clone(), ..none() },
        ),
        ("that is a multiple of", &rules.multiple_of, NumberRules { multiple_of: rules.multiple_of.clone(), ..none() }),
        ("of the format", &rules.format, NumberRules { format: rules.format.clone(), ..none() }),
    ];
    let broken = alone.iter().find(|(_, _, rule)| !number(rule, false, value));
    broken.map(|(how, bound, _)| format!("a number {how} {}", bound.as_deref().unwrap_or_default()))
}

fn of_text(rules: &StringRules, patterns: &Patterns, text: &str) -> Option<String> {
    let none = StringRules::default;
    let breaks = |rule: StringRules| !string(&rule, patterns, text);
    if let Some((how, length)) = count(text.chars().count(), rules.min_length, rules.max_length) {
        return Some(format!("a text of {how} {}", counted(length, "character")));
    }
    if let Some(pattern) = &rules.pattern
        && breaks(StringRules { pattern: Some(pattern.clone()), ..none() })
    {
        return Some(format!("a text that matches `{pattern}`"));
    }
    let format =
        rules.format.as_ref().filter(|format| breaks(StringRules { format: Some((*format).clone()), ..none() }));
    format.map(|format| format!("a text of the format `{format}`"))
}

fn of_list(rules: &ArrayRules, length: usize) -> Option<String> {
    count(length, rules.min_items, rules.max_items)
        .map(|(how, count)| format!("a list of {how} {}", counted(count, "item")))
        .or_else(|| rules.unique_items.then(|| "a list in which no two items are the same".to_owned()))
}

fn of_object(rules: &ObjectRules, members: &serde_json::Map<String, Json>) -> Option<String> {
    let missing = rules.properties.iter().find(|property| property.required && !members.contains_key(&property.name));
    if let Some(missing) = missing {
        return Some(format!("an object with `{}`", missing.name));
    }
    count(members.len(), rules.min_properties, rules.max_properties)
        .map(|(how, count)| format!("an object of {how} {}", counted(count, "member")))
}

/// Which bound a number of items or members is beyond.
pub fn count(length: usize, min: Option<u64>, max: Option<u64>) -> Option<(&'static str, usize)> {
    let least = min.filter(|min| (length as u64) < *min).map(|min| ("at least", min as usize));
    least.or(max.filter(|max| length as u64 > *max).map(|max| ("at most", max as usize)))
}

fn shown(value: &Json) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
