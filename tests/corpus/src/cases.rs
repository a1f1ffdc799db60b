//! The cases of a round trip: instances of a document's component schemas that satisfy them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::sample::Sampler;

/// Instances tried for each schema.
const SEEDS: u64 = 14;

/// Of the types of a client, by component: `{"type": "types::Pet", "component": "Pet", "value": ...}`.
pub fn cases(document: &Value, types: &[(String, String)]) -> Vec<Value> {
    let old = document["openapi"].as_str().is_some_and(|version| version.starts_with("3.0"));
    let mut schemas = document["components"]["schemas"].clone();
    if old {
        modern(&mut schemas);
    }
    let document = json!({"components": {"schemas": schemas}});
    let mut cases = Vec::new();
    for (name, rust) in types {
        let Some(judge) = judge(&document, name) else { continue };
        let Some(schema) = document["components"]["schemas"].get(name) else { continue };
        let mut seen: Vec<Value> = Vec::new();
        for seed in 0..SEEDS {
            let value = Sampler::new(&document, name, seed).make(schema, 0);
            // A component that may be null is `Nullable<T>` where it is used, and `T` by itself.
            if !value.is_null() && judge.is_valid(&value) && !seen.contains(&value) {
                cases.push(json!({"type": rust, "component": name, "value": value}));
                seen.push(value);
            }
        }
    }
    cases
}

/// What judges instances of a component. None: it refers to what is no component, or is no schema.
fn judge(document: &Value, name: &str) -> Option<jsonschema::Validator> {
    let all = document["components"]["schemas"].as_object()?;
    let (mut reached, mut open) = (BTreeSet::new(), vec![name.to_owned()]);
    while let Some(next) = open.pop() {
        if reached.insert(next.clone()) && !references(all.get(&next)?, &mut open) {
            return None;
        }
    }
    let part: Map<String, Value> = reached.into_iter().map(|name| (name.clone(), all[&name].clone())).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{}", name.replace('~', "~0").replace('/', "~1")),
        "components": {"schemas": part},
    });
    jsonschema::options().should_validate_formats(false).build(&schema).ok()
}

/// Adds the components that a schema refers to. False: it refers to something else.
fn references(schema: &Value, out: &mut Vec<String>) -> bool {
    match schema {
        Value::Object(members) => members.iter().all(|(key, value)| match (key.as_str(), value) {
            ("$ref", Value::String(target)) => match target.strip_prefix("#/components/schemas/") {
                Some(name) if !name.contains(['/', '%', '~']) => {
                    out.push(name.to_owned());
                    true
                }
                _ => false,
            },
            ("discriminator" | "example" | "examples" | "default" | "enum" | "const", _) => true,
            _ => references(value, out),
        }),
        Value::Array(items) => items.iter().all(|item| references(item, out)),
        _ => true,
    }
}

/// A schema of OpenAPI 3.0 as one of JSON Schema 2020-12.
fn modern(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(modern),
        Value::Object(members) => {
            for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
                match members.get(exclusive) {
                    Some(Value::Bool(true)) => {
                        let limit = members.remove(bound).unwrap_or_default();
                        members.insert(exclusive.into(), limit);
                    }
                    Some(Value::Bool(false)) => drop(members.remove(exclusive)),
                    _ => {}
                }
            }
            if members.get("nullable") == Some(&Value::Bool(true))
                && let Some(Value::String(name)) = members.get("type").cloned()
            {
                members.insert("type".into(), json!([name, "null"]));
                if let Some(Value::Array(values)) = members.get_mut("enum")
                    && !values.contains(&Value::Null)
                {
                    values.push(Value::Null);
                }
            }
            members.values_mut().for_each(modern);
        }
        _ => {}
    }
}
