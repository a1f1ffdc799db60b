//! What calls cannot carry yet: each is refused with its name, and nothing else is said of it.

use bffgen::{Loader, Options, compile};

/// A composition and a document in memory.
struct Files<'f>(&'f str);

impl Loader for Files<'_> {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        match path {
            "web.bff.yaml" => {
                Ok(format!("bffgen: 1\nbff: web\nupstreams: {{ up: {{ spec: up.yaml }} }}\nendpoints:\n{}", self.0)
                    .into_bytes())
            }
            "up.yaml" => Ok(SPEC.as_bytes().to_vec()),
            _ => Err("there is no such file".to_owned()),
        }
    }
}

const SPEC: &str = "
openapi: 3.1.0
info: { title: Refused, version: 1.0.0 }
paths:
  /find:
    get:
      operationId: find
      parameters:
        - { name: list, in: query, schema: { type: array, items: { type: object } } }
        - { name: spaced, in: query, style: spaceDelimited, explode: true, schema: { type: object, properties: { a: { type: string } } } }
        - { name: nested, in: query, schema: { type: object, properties: { a: { type: array, items: { type: string } } } } }
        - { name: xml, in: query, content: { application/xml: { schema: { type: object } } } }
        - { name: deep, in: query, style: deepObject, schema: { type: object, properties: { a: { type: string } } } }
      responses: { '204': { description: fine } }
  /events:
    get: { operationId: events, responses: { '200': { description: fine, content: { text/event-stream: {} } } } }
  /mixed:
    get:
      operationId: mixed
      responses:
        '200': { description: fine, content: { application/json: {} } }
        '201': { description: fine, content: { text/plain: {} } }
  /file:
    get: { operationId: file, responses: { '200': { description: fine, content: { image/png: {} } } } }
    post:
      operationId: send
      requestBody:
        content: { multipart/form-data: { schema: { type: object, required: [file, name], properties: { file: { type: string, format: binary }, name: { type: string } } } } }
      responses: { '204': { description: fine } }
    put:
      operationId: text
      requestBody: { content: { text/plain: {} } }
      responses: { '204': { description: fine } }
";

#[test]
fn what_calls_cannot_carry_is_named() {
    let cases = [
        (
            "GET /a: { status: 204, calls: { a: { operation: up.find, with: { list: [{}] } } } }",
            "BFF0413 a list of lists or objects in a parameter of the style `form`, which has no form for it, is not supported",
        ),
        (
            "GET /a: { status: 204, calls: { a: { operation: up.find, with: { spaced: { a: \"'x'\" } } } } }",
            "BFF0413 an object in a parameter of the style `spaceDelimited` with `explode`, which has no form for it, is not supported",
        ),
        (
            "GET /a: { status: 204, calls: { a: { operation: up.find, with: { nested: {} } } } }",
            "BFF0413 a parameter of the style `form`, which has no form for the lists and objects in it (`a`), is not supported",
        ),
        (
            "GET /a: { status: 204, calls: { a: { operation: up.find, with: { xml: {} } } } }",
            "BFF0413 an object or a list as a parameter with `content: application/xml` is not supported",
        ),
        (
            "GET /a: { status: 204, calls: { a: { operation: up.find, with: { deep: { b: 1 } } } } }",
            "BFF0404 `find deep` has no field `b`",
        ),
        (
            "GET /a: { status: 204, calls: { a: { operation: up.find, each: 'x in [\"a\"]', max: 1, key: x, with: { deep: { a: x } } } } }",
            "BFF0413 an object or list as an argument that depends on the element is not supported yet",
        ),
        (
            "GET /a: { calls: { a: up.events }, response: a }",
            "BFF0450 `events` answers a stream of events, which has no value",
        ),
        (
            "GET /a: up.mixed",
            "BFF0413 `mixed`: one success body as `application/json` and another as `text/plain` is not supported yet",
        ),
        ("POST /a: up.send", "BFF0413 passing on a body of parts with files as it came is not supported"),
        (
            "POST /a: { status: 204, calls: { a: { operation: up.send, body: { file: \"'x'\" } } } }",
            "BFF0415 `name` is missing here",
        ),
        (
            "POST /a: { status: 204, calls: { a: { operation: up.text, body: { a: 1 } } } }",
            "BFF0405 a body of type `text/plain` is one text or bytes",
        ),
        (
            "GET /a: { calls: { a: up.file }, response: { a: a } }",
            "BFF0405 bytes have no form in JSON: they can be a whole answer, a request body or a file in one, this is a binary body",
        ),
        (
            "GET /a: { calls: { a: { operation: up.file, on_error: { default: 1 } } }, response: a }",
            "BFF0413 a default for a body of bytes is not supported",
        ),
    ];
    for (endpoint, wanted) in cases {
        let options = Options { out: Some("out".into()), ..Options::default() };
        let compiled = compile("web.bff.yaml", &mut Files(&format!("  {endpoint}\n")), &options);
        let found: Vec<String> =
            compiled.diagnostics.iter().map(|found| format!("{} {}", found.code, found.message)).collect();
        assert_eq!(found, [wanted], "{endpoint}");
        assert!(compiled.output.is_none(), "{endpoint}");
    }
}
