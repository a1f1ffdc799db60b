//! Forms of single values: texts, durations, names, operations, routes, schemas.

use serde_json::{Value, json};

use crate::expr::primary::reserved;

/// `users.getUser`, `users["GET /users/{id}"]`
pub(super) const OPERATION: &str =
    r#"^[A-Za-z][A-Za-z0-9_]*(\.\S(.*\S)?|\["[^\s"]([^"]*[^\s"])?"\]|\['[^\s']([^']*[^\s'])?'\])$"#;

pub(super) const OPERATION_IS: &str = "Write `users.getUser` or `users[\"GET /users/{id}\"]`.";

/// From 1ms to 60m.
const DURATION: &str = "^0*(([1-9][0-9]{0,5}|[12][0-9]{6}|3[0-5][0-9]{5}|3600000)ms|([1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|3600)s|([1-9]|[1-5][0-9]|60)m)$";

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// A list, where one may stand without its list.
pub(super) fn one_or_more(item: Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

/// Descriptions are those of the keys: an editor would show one of these instead.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("text", json!({ "type": ["string", "number"] })),
        (
            "duration",
            json!({
                "type": "string",
                "pattern": DURATION,
                "patternErrorMessage": "A duration is a whole number with `ms`, `s` or `m` behind it, from 1ms to 60m.",
            }),
        ),
        ("expression", json!({ "type": ["string", "number", "boolean"] })),
        (
            "operation",
            json!({
                "type": "string",
                "pattern": OPERATION,
                "patternErrorMessage": OPERATION_IS,
            }),
        ),
        ("document", json!({ "type": "string", "minLength": 1, "not": { "pattern": "://" } })),
        ("each", json!({ "type": "string", "pattern": r"\bin\b", "patternErrorMessage": "Write `x in list`." })),
        (
            "schema",
            json!({
                "type": ["object", "string"],
                "pattern": "^[A-Za-z][A-Za-z0-9_]*#/.+$",
                "patternErrorMessage": "Write an upstream and a place in its document: `users#/components/schemas/User`.",
            }),
        ),
    ]
}

/// The pattern of a name: letters, digits and `_`, no reserved word and none of `taken`.
pub(super) fn name(taken: &[&'static str]) -> String {
    format!("^{}$", bare_name(taken, "$"))
}

fn bare_name(taken: &[&'static str], end: &str) -> String {
    let words: Vec<&str> = reserved().chain(taken.iter().copied()).collect();
    format!("(?!({}){end})[A-Za-z][A-Za-z0-9_]*", words.join("|"))
}

/// `OrderCard`, or `OrderCard(o: orders#/components/schemas/Order)`.
pub(super) fn shape_head() -> String {
    let param = format!(r"\s*{}\s*:\s*[A-Za-z][A-Za-z0-9_]*#/[^,]+", bare_name(&super::TAKEN, r"\b"));
    format!(r"^{}\s*(\(\s*\)|\({param}(,{param})*\))?$", bare_name(&[], r"[\s(]|$"))
}

/// `GET /products/{id}`
pub(super) fn route(methods: &[&str]) -> String {
    let parameter = r"\{[A-Za-z_][A-Za-z0-9_-]*\}";
    let literal = r"(?!\.{1,2}(/|\s|$))(?!:)([-A-Za-z0-9._~!$&'()+,;=@:]|%[0-9A-Fa-f]{2})+";
    let segment = format!("({parameter}|{literal})");
    format!(r"^({}) +/({segment}(/{segment})*/?)?\s*$", methods.join("|"))
}
