//! Stand-ins answer what their documents promise; the judge is the `jsonschema` crate.

use std::fs;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::Request;
use bffgen::Loader;
use bffgen::mock::{Call, Faults, Service};
use bffgen::openapi::Specs;
use bffgen::source::Sources;
use serde_json::{Value, json};
use tower::ServiceExt;

const TASKS: &str = r##"{
  "openapi": "3.1.0", "info": {"title": "Tasks", "version": "1"},
  "paths": {
    "/tasks/{id}": {
      "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
      "get": {"operationId": "getTask", "responses": {"200": {"description": "x", "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Task"}}}}}},
      "delete": {"operationId": "deleteTask", "responses": {"204": {"description": "x"}}}
    },
    "/tasks/next": {
      "get": {"operationId": "nextTask", "responses": {"200": {"description": "x", "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Task"}, "example": {"id": 1, "title": "an example"}}}}}}
    },
    "/tasks": {
      "get": {"operationId": "listTasks", "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
        "responses": {"200": {"description": "x", "content": {"application/json": {
          "schema": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Task"}}}}}}},
      "post": {"operationId": "addTask", "responses": {"201": {"description": "x", "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Task"}}}}}}
    },
    "/oops": {"get": {"operationId": "oops", "responses": {"404": {"description": "x"}}}}
  },
  "components": {"schemas": {"Task": {"type": "object", "required": ["id", "title"], "properties": {
    "id": {"type": "integer", "minimum": 1}, "title": {"type": "string"}}}}}
}"##;

/// The same text for every path.
struct Memory(&'static str);

impl Loader for Memory {
    fn load(&mut self, _path: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.as_bytes().to_vec())
    }
}

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
    pointer.replace('{', "%7B").replace('}', "%7D").replace('+', "%2B").replace(' ', "%20").replace('"', "%22")
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

#[test]
fn answers_satisfy_the_schemas_of_real_services() {
    let Some(corpus) = std::env::var_os("BFFGEN_CORPUS") else {
        println!("skipped: BFFGEN_CORPUS is not set");
        return;
    };
    let folder = Path::new(&corpus).join("openapi/3.0");
    let names = ["retail-store.cart", "retail-store.catalog", "retail-store.checkout", "retail-store.orders"];
    let judged: usize = names.iter().map(|name| judge(&folder.join(format!("{name}.yaml")))).sum();
    assert!(judged >= 150, "only {judged} answers were judged");
}

/// Status, `location` and body.
async fn ask(service: &Service, faults: &Faults, method: &str, target: &str) -> (u16, Option<String>, String) {
    let request = Request::builder().method(method).uri(target).body(Body::empty()).expect("a request");
    let response = service.clone().router(faults.clone()).oneshot(request).await.expect("an answer");
    let location = response.headers().get("location").map(|value| value.to_str().expect("text").to_owned());
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, location, String::from_utf8(body.to_vec()).expect("UTF-8"))
}

#[tokio::test]
async fn requests_are_answered_as_the_document_says() {
    let (mut sources, mut specs) = (Sources::default(), Specs::default());
    let (doc, found) = specs.open(&mut sources, "tasks.json", &mut Memory(TASKS));
    let (service, _) = Service::new("tasks", &mut specs, doc.unwrap_or_else(|| panic!("{found:?}")));
    let calm = Faults { seed: 7, ..Faults::default() };
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{text}: {error}"));

    let (status, _, body) = ask(&service, &calm, "GET", "/tasks/42").await;
    assert_eq!((status, &json(&body)["id"]), (200, &json!(42)), "the id of the path is that of the body");
    let (_, _, body) = ask(&service, &calm, "GET", "/tasks/0").await;
    assert_ne!(json(&body)["id"], json!(0), "an id that the schema forbids is not");
    let (_, _, body) = ask(&service, &calm, "GET", "/tasks/next").await;
    assert_eq!(json(&body)["title"], "an example", "literal paths win, examples too");
    let (status, _, body) = ask(&service, &calm, "DELETE", "/tasks/42").await;
    assert_eq!((status, body.as_str()), (204, ""));
    let (status, location, body) = ask(&service, &calm, "POST", "/tasks").await;
    assert_eq!((status, location), (201, Some(format!("/tasks/{}", json(&body)["id"]))));
    let (_, _, body) = ask(&service, &calm, "GET", "/tasks?limit=1").await;
    assert_eq!(json(&body).as_array().map(Vec::len), Some(1));
    let (_, _, body) = ask(&service, &calm, "GET", "/tasks?limit=0").await;
    assert!(json(&body).as_array().is_some_and(|items| !items.is_empty()), "the schema wins over the limit");
    let (_, _, other) = ask(&service, &Faults { seed: 8, ..Faults::default() }, "GET", "/tasks").await;
    assert_ne!(ask(&service, &calm, "GET", "/tasks").await.2, other, "another seed, other data");

    for (method, target, want) in [("GET", "/nothing", 404), ("PUT", "/tasks", 405), ("GET", "/oops", 501)] {
        let (status, _, body) = ask(&service, &calm, method, target).await;
        assert_eq!((status, &json(&body)["status"]), (want, &json!(want)), "{method} {target}");
    }
    let broken = Faults { fail: vec![("getTask".to_owned(), 503)], ..Faults::default() };
    assert_eq!(ask(&service, &broken, "GET", "/tasks/1").await.0, 503);
    assert_eq!(ask(&service, &broken, "GET", "/tasks").await.0, 200);
    let down = Faults { fail: vec![("*".to_owned(), 500)], ..Faults::default() };
    assert_eq!(ask(&service, &down, "GET", "/nothing").await.0, 500);
}

/// What a kind does not say, by the letter of JSON Schema.
const BY_THE_LETTER: &[&str] = &[
    "{type: object, properties: {a: {type: string}, b: {type: string}}, not: {required: [a, b]}}",
    "{type: object, properties: {card: {type: string}, cvc: {type: string}}, dependentRequired: {card: [cvc]}}",
    "{type: object, required: [kind], properties: {kind: {enum: [card, cash]}, last4: {type: string}}, \
      if: {properties: {kind: {const: card}}}, then: {required: [last4]}, else: {not: {required: [last4]}}}",
    "{type: array, minItems: 1, items: {type: integer, minimum: 0, maximum: 3}, contains: {const: 2}, maxContains: 2}",
    "{type: object, properties: {a: {type: integer}, b: {type: string}}, minProperties: 1, \
      anyOf: [{required: [a]}, {required: [b]}], not: {required: [a, b]}}",
    "{allOf: [{type: object, properties: {a: {type: string}}}], properties: {b: {type: string}}, \
      unevaluatedProperties: false}",
    "{type: integer, minimum: 1, maximum: 9, not: {multipleOf: 3}}",
];

#[test]
fn answers_satisfy_what_kinds_do_not_say() {
    let folder = tempfile::tempdir().expect("a folder");
    for schema in BY_THE_LETTER {
        let path = folder.path().join("letter.yaml");
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: Letter, version: '1'}}\npaths:\n  /one:\n    get:\n      operationId: one\n      \
             responses: {{'200': {{description: x, content: {{application/json: {{schema: {schema}}}}}}}}}\n"
        );
        fs::write(&path, text).expect("written");
        assert_eq!(judge(&path), 25, "{schema}");
    }
}

/// What is said of an answer's body, the media type of the answer, and whether the body is that which is expected.
type BodyCase = (&'static str, &'static str, fn(&str) -> bool);

/// Bodies that are no JSON: by their format, as OpenAPI 3.1 says them, and of any kind.
const NO_JSON: &[BodyCase] = &[
    ("image/png: {}", "image/png", |body| body == "service: one"),
    ("application/octet-stream: {}", "application/octet-stream", |body| body == "service: one"),
    ("image/png: {schema: {}}", "image/png", |body| body == "service: one"),
    ("image/*: {schema: {contentMediaType: image/webp}}", "image/png", is_plain),
    ("application/pdf: {schema: {type: string, format: binary, maxLength: 4}}", "application/pdf", |b| b.len() <= 4),
    ("application/pdf: {schema: {contentMediaType: application/pdf, minLength: 30}}", "application/pdf", |b| {
        b.len() >= 30 && is_plain(b)
    }),
    // Not between quotes: a BFF and a client take it for bytes.
    ("application/json: {schema: {type: string, format: binary, maxLength: 9}}", "application/json", |body| {
        body.len() <= 9 && is_plain(body)
    }),
    ("'*/*': {schema: {type: string, contentMediaType: image/png}}", "application/octet-stream", is_plain),
    ("'*/*': {schema: {type: string}}", "text/plain", is_plain),
    ("'*/*': {schema: {type: string, contentMediaType: image/png, contentEncoding: base64}}", "text/plain", is_plain),
    ("'*/*': {schema: {type: object}}", "application/json", |body| body.starts_with('{')),
    // Null is neither a text nor bytes.
    (
        "application/pdf: {schema: {type: [string, 'null'], contentMediaType: application/pdf, minLength: 5}}",
        "application/pdf",
        |b| b.len() >= 5 && is_plain(b),
    ),
    ("text/plain: {schema: {type: [integer, 'null']}, example: null}", "text/plain", |b| b.parse::<i64>().is_ok()),
    // What is taken of several.
    ("image/png: {}, text/csv: {schema: {type: string}}", "text/csv", is_plain),
    ("application/xml: {}, application/hal+json: {schema: {type: object}}", "application/hal+json", |b| {
        b.starts_with('{')
    }),
];

fn is_plain(body: &str) -> bool {
    !body.is_empty() && !body.contains(['"', '{'])
}

#[test]
fn bodies_that_are_no_json_are_what_a_bff_takes_them_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bytes.yaml");
    for (content, media, is_right) in NO_JSON {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: Bytes, version: '1'}}\npaths:\n  /one:\n    get:\n      operationId: one\n      \
             responses: {{'200': {{description: x, content: {{{content}}}}}}}\n"
        );
        fs::write(&path, text).expect("written");
        let service = service(&path);
        for seed in 0..25 {
            let answer = service.answer(Call { method: "GET", path: "/one", query: "" }, seed);
            assert_eq!(answer.headers, [("content-type", (*media).to_owned())], "{content}");
            assert!(is_right(&answer.body) && answer.notes.is_empty(), "{content}: {answer:?}");
        }
    }
}

#[test]
fn what_cannot_be_satisfied_is_said() {
    let schema = "{type: object, required: [a], properties: {a: {type: string}}, not: {required: [a]}}";
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("never.yaml");
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: Never, version: '1'}}\npaths:\n  /one:\n    get:\n      operationId: one\n      \
         responses: {{'200': {{description: x, content: {{application/json: {{schema: {schema}}}}}}}}}\n"
    );
    fs::write(&path, text).expect("written");
    let answer = service(&path).answer(Call { method: "GET", path: "/one", query: "" }, 1);
    assert!(answer.notes.iter().any(|note| note.contains("all its keywords")), "{answer:?}");
}
