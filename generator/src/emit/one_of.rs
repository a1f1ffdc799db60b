//! Alternatives in a published schema: `oneOf` with a `discriminator` where something tells them apart.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// The schema of one of several. `components` are those that the document has so far.
pub fn schema(members: Vec<Value>, components: &IndexMap<String, Value>) -> Value {
    let mut distinct: Vec<Value> = Vec::new();
    for member in members {
        if !distinct.contains(&member) {
            distinct.push(member);
        }
    }
    if let [only] = distinct.as_slice() {
        return only.clone();
    }
    let resolved: Vec<&Value> = distinct.iter().map(|member| resolve(member, components)).collect();
    let tag = tag(&resolved);
    // `oneOf` promises that never two of them hold.
    let key = if tag.is_some() || types_differ(&resolved) { "oneOf" } else { "anyOf" };
    let mut map = Map::new();
    let references: Vec<Option<&str>> = distinct.iter().map(|member| member.get("$ref")?.as_str()).collect();
    // OpenAPI 3.0, section 4.7.25: a discriminator speaks of schemas with a name.
    if let (Some((property, values)), Some(references)) = (tag, references.into_iter().collect::<Option<Vec<_>>>()) {
        let mut mapping = Map::new();
        for (values, reference) in values.into_iter().zip(references) {
            mapping.extend(values.into_iter().map(|value| (value, Value::from(reference))));
        }
        map.insert("discriminator".into(), json!({ "propertyName": property, "mapping": mapping }));
    }
    map.insert(key.into(), Value::Array(distinct));
    Value::Object(map)
}

fn resolve<'v>(schema: &'v Value, components: &'v IndexMap<String, Value>) -> &'v Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"));
    name.and_then(|name| components.get(name)).unwrap_or(schema)
}

/// A required property with texts in each member that no other has.
fn tag(members: &[&Value]) -> Option<(String, Vec<Vec<String>>)> {
    let first = members.first()?.get("properties")?.as_object()?;
    first.keys().find_map(|name| {
        let mut all: Vec<Vec<String>> = Vec::new();
        for member in members {
            let required = member.get("required")?.as_array()?.iter().any(|r| r == name.as_str());
            let values = member.get("properties")?.get(name)?.get("enum")?.as_array()?;
            let own: Vec<String> = values.iter().map(|v| v.as_str().map(str::to_owned)).collect::<Option<_>>()?;
            if !required || all.iter().flatten().any(|value| own.contains(value)) {
                return None;
            }
            all.push(own);
        }
        Some((name.clone(), all))
    })
}

/// Whether each is of a type of its own, and none may be null.
fn types_differ(members: &[&Value]) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    members.iter().all(|member| {
        let nullable = member.get("nullable").is_some();
        let Some(ty) = member.get("type").and_then(Value::as_str).filter(|_| !nullable) else { return false };
        let ty = if ty == "integer" { "number" } else { ty };
        let new = !seen.contains(&ty);
        seen.push(ty);
        new
    })
}
