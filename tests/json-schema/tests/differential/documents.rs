//! The corpus' documents, in their own words and in those of JSON Schema 2020-12.

use std::path::PathBuf;

use bffgen::source::{Sources, parse, to_json};
use serde_json::{Map, Value, json};

/// Documents and schemas of the sample.
const DOCUMENTS: usize = 60;
const SCHEMAS: usize = 20;

/// Documents above this size are left to the whole run, in bytes.
const LARGE: u64 = 1 << 20;

/// A document with the schemas that are looked at.
pub struct Document {
    /// Within the corpus.
    pub path: String,
    pub text: String,
    /// Schemas, and what the document shows as their values.
    pub schemas: Vec<Shown>,
    /// With schemas in the words of JSON Schema 2020-12.
    pub lifted: Value,
    /// The same, for validators to refer to.
    registry: jsonschema::Registry<'static>,
}

/// A schema of a document.
pub struct Shown {
    /// JSON Pointer.
    pub pointer: String,
    /// Values that stand beside it as examples.
    pub examples: Vec<Value>,
    /// Whether it is a component, of which values are made, too.
    pub component: bool,
}

/// The documents; none where there is no corpus.
pub fn documents() -> Option<Vec<Document>> {
    let corpus = PathBuf::from(std::env::var_os("BFFGEN_CORPUS")?);
    let part = part();
    let all = part.is_some();
    let only = std::env::var("BFFGEN_ONLY").ok();
    let (mut documents, mut count) = (Vec::new(), 0);
    for version in ["3.0", "3.1"] {
        let folder = corpus.join("openapi").join(version);
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
        paths.sort();
        let names = |only: &String, path: &PathBuf| only.split(',').any(|one| path.to_string_lossy().contains(one));
        paths.retain(|path| only.as_ref().is_none_or(|only| names(only, path)));
        let large = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|file| file.len() > LARGE);
        paths.retain(|path| all || only.is_some() || !large(path));
        let step = if all || only.is_some() { 1 } else { (2 * paths.len()).div_ceil(DOCUMENTS).max(1) };
        for path in paths.iter().step_by(step) {
            count += 1;
            if part.is_some_and(|(from, to, of)| !(from..=to).contains(&(count % of))) {
                continue;
            }
            documents.extend(document(&corpus, path, version, all || only.is_some()));
        }
    }
    Some(documents)
}

/// Which parts of the whole are asked for: `BFFGEN_ALL=1` is all of it, `3/16` the fourth of sixteen parts, `3-5/16` that
/// and the two behind.
fn part() -> Option<(usize, usize, usize)> {
    let asked = std::env::var("BFFGEN_ALL").ok()?;
    let Some((at, of)) = asked.split_once('/') else { return Some((0, 0, 1)) };
    let (from, to) = at.split_once('-').unwrap_or((at, at));
    let number = |text: &str| text.parse().expect("which part, of how many");
    Some((number(from), number(to), number(of)))
}

fn document(corpus: &std::path::Path, path: &PathBuf, version: &str, all: bool) -> Option<Document> {
    let text = std::fs::read_to_string(path).ok()?;
    let name = path.strip_prefix(corpus).expect("within").to_string_lossy().replace('\\', "/");
    let mut sources = Sources::default();
    let source = sources.add(name.clone(), text.clone());
    let mut lifted = to_json(&parse(&sources, source).0?);
    let original = lifted.clone();
    walk(&mut lifted, version == "3.0");
    let names = lifted.pointer("/components/schemas").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let component = |name: &String| Shown {
        pointer: format!("/components/schemas/{}", escape(name)),
        examples: examples(&original["components"]["schemas"][name]),
        component: true,
    };
    let mut schemas: Vec<Shown> = names.map(component).collect();
    shown(&original, String::new(), &mut schemas);
    let step = if all { 1 } else { schemas.len().div_ceil(SCHEMAS).max(1) };
    let schemas = schemas.into_iter().step_by(step).collect();
    let registry =
        jsonschema::Registry::new().draft(jsonschema::Draft::Draft202012).add("urn:document", lifted.clone());
    let registry = registry.ok()?.prepare().ok()?;
    Some(Document { path: name, text, schemas, lifted, registry })
}

pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// `example`, and `examples` in both its forms.
fn examples(node: &Value) -> Vec<Value> {
    let listed = node["examples"].as_array().cloned().unwrap_or_default();
    let named = node["examples"].as_object().into_iter().flatten().filter_map(|(_, one)| one.get("value").cloned());
    node.get("example").cloned().into_iter().chain(listed).chain(named).collect()
}

/// Finds media types and parameters that show values beside their schema.
fn shown(node: &Value, pointer: String, found: &mut Vec<Shown>) {
    match node {
        Value::Object(members) => {
            let examples = examples(node);
            if members.contains_key("schema") && !examples.is_empty() {
                found.push(Shown { pointer: format!("{pointer}/schema"), examples, component: false });
            }
            for (key, value) in members.iter().filter(|(key, _)| !key.starts_with("example") && *key != "schema") {
                shown(value, format!("{pointer}/{}", escape(key)), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                shown(item, format!("{pointer}/{at}"), found);
            }
        }
        _ => {}
    }
}

/// Finds the schemas of a document, wherever references may lead.
fn walk(value: &mut Value, old: bool) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("schema", value) => lift(value, old, 0),
                    ("schemas", Value::Object(schemas)) => schemas.values_mut().for_each(|one| lift(one, old, 0)),
                    ("example" | "examples", _) => {}
                    (_, value) => walk(value, old),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, old)),
        _ => {}
    }
}

/// A schema of OpenAPI in the words of 2020-12. `old`: by the rules of 3.0, where what stands beside `$ref` is ignored.
fn lift(schema: &mut Value, old: bool, depth: usize) {
    let Value::Object(members) = schema else { return };
    if depth > 64 {
        return;
    }
    let nullable = members.remove("nullable") == Some(json!(true));
    if old && members.contains_key("$ref") {
        members.retain(|key, _| key == "$ref");
    }
    for (key, value) in members.iter_mut() {
        match (key.as_str(), value) {
            ("properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions", Value::Object(all)) => {
                all.values_mut().for_each(|one| lift(one, old, depth + 1));
            }
            (
                "items"
                | "additionalProperties"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "unevaluatedProperties"
                | "unevaluatedItems",
                value,
            ) => lift(value, old, depth + 1),
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(parts)) => {
                parts.iter_mut().for_each(|part| lift(part, old, depth + 1));
            }
            _ => {}
        }
    }
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        match members.get(flag) {
            Some(Value::Bool(true)) => {
                let limit = members.remove(bound).unwrap_or(json!(0));
                members.insert(flag.to_owned(), limit);
            }
            Some(Value::Bool(false)) => {
                members.remove(flag);
            }
            _ => {}
        }
    }
    // As everyone means it: null may stand instead of whatever else is said here.
    if nullable {
        let other: Map<String, Value> = std::mem::take(members);
        members.insert("anyOf".to_owned(), json!([{ "type": "null" }, other]));
    }
}

impl Document {
    /// The validator of a schema; none where it is no schema.
    pub fn oracle(&self, pointer: &str) -> Option<jsonschema::Validator> {
        // What a fragment of a URI does not hold (RFC 3986, section 3.5).
        let mut fragment = String::new();
        for c in pointer.chars() {
            match c {
                '%' | ' ' | '{' | '}' | '"' | '<' | '>' | '\\' | '^' | '`' | '|' | '[' | ']' | '#' => {
                    fragment.push_str(&format!("%{:02X}", c as u32));
                }
                c => fragment.push(c),
            }
        }
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("urn:document#{fragment}"),
        });
        jsonschema::options().with_registry(&self.registry).should_validate_formats(false).build(&schema).ok()
    }
}
