//! Judges answers by the document that a BFF publishes; the judge is the `jsonschema` crate.

use bffgen::mock::{Example, Service};
use bffgen::openapi::Operation;
use serde_json::{Map, Value, json};

use crate::client::{Answer, ask};
use crate::stand_ins::service;

/// The document that a BFF publishes.
pub struct Published {
    /// Its schemas as JSON Schema 2020-12 wants them, closed against fields that are not declared.
    document: Value,
    service: Service,
}

impl Published {
    /// Reads `openapi.json` of a crate.
    ///
    /// # Panics
    /// Where there is none.
    pub fn of_crate(folder: &str) -> Published {
        let path = format!("{folder}/openapi.json");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut document: Value = serde_json::from_str(&text).expect("JSON");
        lift_document(&mut document);
        Published { document, service: service("bff", &path) }
    }

    /// Every endpoint.
    pub fn operations(&self) -> &[Operation] {
        self.service.operations()
    }

    /// Asks an endpoint with a request that the document allows, and judges the answer.
    ///
    /// # Panics
    /// Where the answer is not as published.
    pub async fn ask(&self, address: &str, operation: &Operation, seed: u64) -> Answer {
        let Example { target, headers, body } = self.service.example(operation, seed);
        let method = operation.head.method.as_str();
        let answer = ask(address, method, &target, &headers, body.as_ref()).await;
        if let Err(why) = self.judge(&operation.head.path, method, &answer) {
            panic!("{method} {target} {body:?}: {why}: {}\n{}", answer.head, answer.text);
        }
        answer
    }

    /// Why an answer is not as published, if it is not.
    fn judge(&self, path: &str, method: &str, answer: &Answer) -> Result<(), String> {
        let responses = format!("/paths/{}/{}/responses", escape(path), method.to_ascii_lowercase());
        let declared = self.document.pointer(&responses).ok_or("no such operation")?;
        let status = answer.status.to_string();
        // `default` is for problems: what succeeds is said by its status.
        let fallback = if answer.status < 400 { None } else { Some("default") };
        let mut keys = [Some(status.as_str()), fallback].into_iter().flatten();
        let key = keys.find(|key| declared.get(key).is_some()).ok_or("the status is not published")?;
        for (name, header) in declared[key]["headers"].as_object().into_iter().flatten() {
            if header["required"] == json!(true) && answer.header(name).is_none() {
                return Err(format!("the header `{name}` is missing"));
            }
        }
        let Some(content) = declared[key]["content"].as_object() else {
            return if answer.text.is_empty() { Ok(()) } else { Err("a body is not published".to_owned()) };
        };
        let media = answer.header("content-type").and_then(|value| value.split(';').next()).unwrap_or("");
        if !content.contains_key(media) {
            return Err(format!("the media type `{media}` is not published"));
        }
        let body: Value = serde_json::from_str(&answer.text).map_err(|error| error.to_string())?;
        let mut schema = self.document.clone();
        let pointer = format!("#{responses}/{key}/content/{}/schema", escape(media));
        // A fragment of a URI reference holds no braces (RFC 3986, section 3.5).
        schema["$ref"] = pointer.replace('{', "%7B").replace('}', "%7D").into();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|error| format!("the published schema is none: {error}"))?;
        let errors: Vec<String> =
            validator.iter_errors(&body).map(|error| format!("{} {error}", error.instance_path())).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
    }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn lift_document(document: &mut Value) {
    fn responses(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    if key == "schema" { lift(value) } else { responses(value) }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(responses),
            _ => {}
        }
    }
    responses(&mut document["paths"]);
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.values_mut().for_each(lift);
    }
}

/// A schema of 3.0: `nullable` and exclusive bounds as flags; and no field that it does not declare.
fn lift(schema: &mut Value) {
    let Value::Object(members) = schema else { return };
    let composed = ["allOf", "anyOf", "oneOf"].iter().any(|key| members.contains_key(*key));
    for (key, value) in members.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.values_mut().for_each(lift),
            ("items" | "additionalProperties" | "not", value) => lift(value),
            ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => parts.iter_mut().for_each(lift),
            _ => {}
        }
    }
    if members.contains_key("properties") && !composed && !members.contains_key("additionalProperties") {
        members.insert("additionalProperties".to_owned(), json!(false));
    }
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if members.get(flag) == Some(&json!(true)) {
            let limit = members.remove(bound).expect("a bound");
            members.insert(flag.to_owned(), limit);
        }
    }
    if members.remove("nullable") == Some(json!(true)) {
        let other: Map<String, Value> = std::mem::take(members);
        members.insert("anyOf".to_owned(), json!([{ "type": "null" }, other]));
    }
}
