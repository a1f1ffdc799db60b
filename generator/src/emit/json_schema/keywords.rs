//! Keywords of OpenAPI 3.0 as JSON.

use serde_json::{Map, Value, json};

use crate::schema::NumberRules;

pub(super) fn set(map: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        map.insert(key.to_string(), value);
    }
}

pub(super) fn object(properties: Map<String, Value>, required: Vec<String>) -> Value {
    let mut map = Map::new();
    map.insert("type".into(), "object".into());
    if !required.is_empty() {
        map.insert("required".into(), required.into());
    }
    if !properties.is_empty() {
        map.insert("properties".into(), Value::Object(properties));
    }
    Value::Object(map)
}

/// Null alone. 3.0 has no type for it: a nullable value that has no other.
pub(super) fn null_alone() -> Value {
    json!({ "type": "string", "nullable": true, "enum": [null] })
}

/// That, or null. `nullable` has a meaning beside `type` only (OpenAPI 3.0.3, section 4.7.24.1 and its clarification):
/// anything else becomes an alternative.
pub(super) fn nullable(schema: Value) -> Value {
    let Value::Object(mut map) = schema else { return schema };
    if map.contains_key("type") {
        map.insert("nullable".into(), Value::Bool(true));
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        // An enumeration must name null itself.
        if !values.contains(&Value::Null) {
            values.push(Value::Null);
        }
    } else if let (1, Some(Value::Array(members))) = (map.len(), map.get_mut("anyOf")) {
        members.push(null_alone());
    } else if ["$ref", "oneOf", "anyOf", "not"].iter().any(|key| map.contains_key(*key)) {
        return json!({ "anyOf": [Value::Object(map), null_alone()] });
    }
    // Without a type or alternatives it takes null as it is.
    Value::Object(map)
}

pub(super) fn literal(value: &Value) -> Value {
    match value {
        Value::Bool(_) => json!({ "type": "boolean", "enum": [value] }),
        Value::String(_) => json!({ "type": "string", "enum": [value] }),
        Value::Number(n) if n.is_f64() => json!({ "type": "number", "enum": [value] }),
        Value::Number(_) => json!({ "type": "integer", "enum": [value] }),
        Value::Array(_) => json!({ "type": "array", "items": {} }),
        Value::Object(_) => json!({ "type": "object" }),
        Value::Null => null_alone(),
    }
}

pub(super) fn number(kind: &str, rules: &NumberRules) -> Value {
    let mut map = Map::new();
    map.insert("type".into(), kind.into());
    set(&mut map, "format", rules.format.clone().map(Value::from));
    let value = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    set(&mut map, "minimum", value(&rules.minimum));
    set(&mut map, "maximum", value(&rules.maximum));
    set(&mut map, "multipleOf", value(&rules.multiple_of));
    // 3.0 says exclusive bounds as flags beside `minimum` and `maximum`.
    for (bound, flag, exclusive) in [
        ("minimum", "exclusiveMinimum", &rules.exclusive_minimum),
        ("maximum", "exclusiveMaximum", &rules.exclusive_maximum),
    ] {
        if let Some(exclusive) = value(exclusive) {
            map.insert(bound.into(), exclusive);
            map.insert(flag.into(), Value::Bool(true));
        }
    }
    Value::Object(map)
}

pub(super) fn warning() -> Value {
    json!({
        "type": "object",
        "description": "A part of the answer that is missing or stands in for another.",
        "required": ["call", "code", "message"],
        "properties": {
            "call": { "type": "string", "description": "The call that failed." },
            "code": { "type": "string", "description": "What happened, stable: `upstream_timeout`." },
            "message": { "type": "string", "description": "A sentence for people." }
        }
    })
}

pub(super) fn missing_part() -> Value {
    let mut schema = warning();
    schema["description"] = json!("What the answer goes without, because a call failed.");
    schema["required"] = json!(["call", "code", "message", "parts"]);
    schema["properties"]["parts"] = json!({
        "type": "array",
        "items": { "type": "string" },
        "description": "JSON Pointers of the fields of this answer that miss something."
    });
    schema
}

/// The `discriminator` of alternatives; none where one that it names is no reference.
pub fn discriminator(property: &str, mapping: &[(String, usize)], members: &[Value]) -> Option<Value> {
    let reference = |at: usize| members.get(at)?.get("$ref").cloned();
    let mapping = mapping.iter().map(|(value, at)| Some((value.clone(), reference(*at)?)));
    let mapping: Map<String, Value> = mapping.collect::<Option<_>>()?;
    Some(json!({ "propertyName": property, "mapping": mapping }))
}
