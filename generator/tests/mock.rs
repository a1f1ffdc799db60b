//! Stand-ins answer what their documents promise; the judge is the `jsonschema` crate.

use std::fs;
use std::path::{Path, PathBuf};

use bffgen::Loader;
use bffgen::mock::{Call, Service};
use bffgen::openapi::Specs;
use bffgen::source::Sources;
use serde_json::{Value, json};

struct Disk;

impl Loader for Disk {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(path).map_err(|error| error.to_string())
    }
}

fn service(path: &Path) -> Service {
    let (mut sources, mut specs) = (Sources::default(), Specs::default());
    let (doc, found) = specs.open(&mut sources, &path.to_string_lossy(), &mut Disk);
    let doc = doc.unwrap_or_else(|| panic!("{}: {found:?}", path.display()));
    Service::new("service", &mut specs, doc).0
}

/// The document as JSON Schema 2020-12 wants its schemas.
fn document(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a document");
    let mut document: Value = serde_yaml::from_str(&text).expect("YAML");
    if document["openapi"].as_str().is_some_and(|version| version.starts_with("3.0")) {
        lift(&mut document);
    }
    document
}

/// What 3.0 says otherwise: `nullable`, and exclusive bounds as flags.
fn lift(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(lift);
            for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
                if members.get(flag) == Some(&json!(true)) {
                    let limit = members.remove(bound).expect("a bound");
                    members.insert(flag.to_owned(), limit);
                }
            }
            // Beside `allOf`, `nullable` says nothing by the letter; by all who write it, it says this.
            if members.remove("nullable") == Some(json!(true)) {
                let other = std::mem::take(members);
                members.insert("anyOf".to_owned(), json!([{ "type": "null" }, other]));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(lift),
        _ => {}
    }
}

/// The schema of the answer, followed through `$ref`s of responses; none where it has no JSON.
fn schema_pointer(document: &Value, path: &str, method: &str, status: u16) -> Option<String> {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let mut at = format!("/paths/{}/{}/responses", escape(path), method.to_ascii_lowercase());
    let responses = document.pointer(&at)?;
    let key = [status.to_string(), "2XX".to_owned(), "default".to_owned()]
        .into_iter()
        .find(|key| responses.get(key).is_some())?;
    at = format!("{at}/{key}");
    while let Some(to) = document.pointer(&at)?.get("$ref") {
        at = to.as_str()?.trim_start_matches('#').to_owned();
    }
    let media = document.pointer(&at)?.get("content")?.as_object()?.keys().find(|media| media.contains("json"))?;
    Some(format!("{at}/content/{}/schema", escape(media)))
}

/// Calls every operation with several seeds; returns how many bodies were judged.
fn judge(path: &Path) -> usize {
    let (service, document) = (service(path), document(path));
    let mut judged = 0;
    for operation in service.operations() {
        for seed in 0..25 {
            let target = service.example(operation, seed).target;
            let (path_part, query) = target.split_once('?').unwrap_or((&target, ""));
            let method = operation.head.method.as_str();
            let call = Call { method, path: path_part, query };
            let answer = service.answer(call, seed);
            assert!((200..300).contains(&answer.status), "{method} {target}: {answer:?}");
            assert_eq!(answer, service.answer(call, seed), "the same request has the same answer");
            assert_eq!(answer.notes, Vec::<String>::new(), "{method} {target}");
            let Some(pointer) = schema_pointer(&document, &operation.head.path, method, answer.status) else {
                continue;
            };
            let mut schema = document.clone();
            schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
            schema["$ref"] = json!(format!("#{}", percent(&pointer)));
            let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
            let body: Value = serde_json::from_str(&answer.body).expect("JSON");
            let errors: Vec<String> =
                validator.iter_errors(&body).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{}: {method} {target}, seed {seed}: {errors:#?}\n{body:#}", path.display());
            judged += 1;
        }
    }
    judged
}

/// Pointers in fragments are percent-encoded.
fn percent(pointer: &str) -> String {
    pointer.replace('{', "%7B").replace('}', "%7D").replace('+', "%2B")
}

fn specs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let files = fs::read_dir(folder).expect("specs").flatten().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "yaml" || e == "json")).collect();
    files.sort();
    files
}

#[test]
fn answers_satisfy_the_schemas_of_the_examples() {
    let judged: usize = specs().iter().map(|path| judge(path)).sum();
    assert!(judged >= 250, "only {judged} answers were judged");
}
