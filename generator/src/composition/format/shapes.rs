//! Forms of shapes: the JSON that is made, by recursion, with the keys of the language.

use serde_json::{Value, json};

use super::mapping;
use super::values::{one_or_more, reference};

pub(super) fn all() -> [(&'static str, Value); 4] {
    [("shape", shape()), ("spread", spread()), ("namedShape", named()), ("params", params())]
}

/// Keys that may stand beside the one that is the whole value.
const COMPANIONS: [&str; 7] = ["$each", "$where", "$sort", "$skip", "$take", "$when", "$text"];

fn shape() -> Value {
    let mut shape = mapping("a shape", |key| {
        Some(match key {
            "$each" => reference("each"),
            "$where" | "$skip" | "$take" | "$when" => reference("expression"),
            "$sort" => one_or_more(json!({ "type": "string" })),
            "$value" => reference("shape"),
            "$spread" => json!({
                "anyOf": [reference("expression"), { "type": "array", "items": { "anyOf": [reference("expression"), reference("spread")] } }]
            }),
            "$omit" | "$pick" => one_or_more(json!({ "type": "string" })),
            "$use" | "$match" => json!({ "type": "string" }),
            "$text" => reference("text"),
            _ => return None,
        })
    });
    // Anything else than a mapping may stand there, too.
    shape.as_object_mut().map(|shape| shape.remove("type"));
    shape["items"] = reference("shape");
    shape["patternProperties"] = json!({ r"^([^$]|$)": reference("shape") });
    shape["dependencies"] = json!({
        "$where": ["$each"], "$sort": ["$each"], "$skip": ["$each"], "$take": ["$each"],
        "$omit": ["$spread"], "$pick": ["$spread"],
    });
    // `required` alone holds of everything that is no mapping.
    let has = |keys: &[&str]| json!({ "type": "object", "required": keys });
    let whole = |key: &str| {
        let beside: Vec<&str> = COMPANIONS.iter().copied().chain([key]).collect();
        json!({ "if": has(&[key]), "then": { "propertyNames": { "enum": beside } } })
    };
    let several =
        json!({ "type": "object", "properties": { "$spread": { "type": "array" } }, "required": ["$spread"] });
    shape["allOf"] = json!([
        whole("$value"),
        whole("$use"),
        { "if": has(&["$text"]), "then": { "maxProperties": 1 } },
        { "not": has(&["$match", "$spread"]) },
        { "not": has(&["$omit", "$pick"]) },
        { "if": several, "then": { "not": { "anyOf": [has(&["$omit"]), has(&["$pick"])] } } },
    ]);
    shape
}

/// One of several `$spread`s.
fn spread() -> Value {
    let mut spread = mapping("a `$spread`", |key| {
        Some(match key {
            "$spread" => reference("expression"),
            "$omit" | "$pick" => one_or_more(json!({ "type": "string" })),
            _ => return None,
        })
    });
    spread["required"] = json!(["$spread"]);
    spread["not"] = json!({ "required": ["$omit", "$pick"] });
    spread
}

/// The long form is a mapping of exactly `params` and `shape`; anything else is the shape itself.
fn named() -> Value {
    json!({
        "if": { "type": "object", "required": ["params", "shape"], "maxProperties": 2 },
        "then": { "properties": { "params": reference("params"), "shape": reference("shape") } },
        "else": reference("shape"),
    })
}

fn params() -> Value {
    let name = super::values::name(&super::TAKEN);
    json!({
        "type": "object",
        "patternProperties": { name: reference("schema") },
        "additionalProperties": false,
    })
}
