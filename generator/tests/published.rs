//! What the published document says, by place: JSON Pointers into `openapi.json`, and what stands there.

use bffgen::{Loader, Options, compile};
use serde_json::{Value, json};

const SPEC: &str = r##"
openapi: 3.1.0
info: { title: S, version: "1" }
paths:
  /a: { get: { operationId: getA, summary: Gets the a., responses: { "200": { description: d, content: { application/json: { schema: { $ref: "#/components/schemas/A" } } } } } } }
  /b:
    post:
      operationId: postB
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/New" } } } }
      responses: { "204": { description: d } }
components:
  schemas:
    A:
      type: object
      additionalProperties: false
      required: [brand, either, tagged, none, open]
      properties:
        brand: { oneOf: [{ $ref: "#/components/schemas/Brand" }, { type: "null" }] }
        either: { type: [string, "null"], enum: [x, y, null] }
        tagged: { anyOf: [{ $ref: "#/components/schemas/Brand" }, { type: integer }, { type: "null" }] }
        none: { type: "null" }
        open: {}
    Brand: { type: object, required: [name], properties: { name: { type: string } } }
    New:
      type: object
      additionalProperties: false
      properties: { lines: { type: array, items: { type: object, additionalProperties: false, properties: { n: { type: integer } } } } }
"##;

const COMPOSITION: &str = "
bffgen: 1
bff: web
upstreams: { s: { spec: s.yaml, auth: forward }, t: { spec: s.yaml } }
endpoints:
  GET /short: s.getA
  GET /long/{id}: { calls: { a: t.getA }, response: { id: path.id, a: a, brand: a.brand } }
  POST /b: t.postB
";

struct Files;

impl Loader for Files {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        match path {
            "web.bff.yaml" => Ok(COMPOSITION.as_bytes().to_vec()),
            "s.yaml" => Ok(SPEC.as_bytes().to_vec()),
            _ => Err("there is no such file".to_owned()),
        }
    }
}

#[test]
fn the_document_says_it_in_the_words_of_3_0() {
    let compiled = compile("web.bff.yaml", &mut Files, &Options::default());
    let file = compiled
        .output
        .iter()
        .flat_map(|output| &output.files)
        .find(|file| file.path == "openapi.json")
        .expect("no error in the composition");
    let document: Value = serde_json::from_str(&file.text).expect("JSON");
    let nothing = json!({ "type": "string", "nullable": true, "enum": [null] });
    let brand = json!({ "$ref": "#/components/schemas/Brand" });
    let cases = [
        ("/servers", json!([{ "url": "/" }])),
        ("/security", json!([])),
        // Who passes the caller's credential on says so; whether it is needed is for the upstream to say.
        ("/paths/~1short/get/security", json!([{ "Authorization": [] }, {}])),
        ("/paths/~1long~1{id}/get/security", Value::Null),
        ("/components/securitySchemes/Authorization/name", json!("Authorization")),
        ("/paths/~1short/get/summary", json!("Gets the a.")),
        ("/paths/~1long~1{id}/get/summary", json!("Get long by id")),
        ("/components/schemas/A/properties/brand", json!({ "anyOf": [brand, nothing] })),
        (
            "/components/schemas/A/properties/either",
            json!({ "type": "string", "nullable": true, "enum": ["x", "y", null] }),
        ),
        ("/components/schemas/A/properties/tagged", json!({ "anyOf": [brand, { "type": "integer" }, nothing] })),
        ("/components/schemas/A/properties/none", nothing.clone()),
        ("/components/schemas/A/properties/open", json!({})),
        // What a client sends is refused with more in it; what it gets has no more in it.
        ("/components/schemas/A/additionalProperties", Value::Null),
        ("/components/schemas/New/additionalProperties", json!(false)),
        ("/components/schemas/New/properties/lines/items/additionalProperties", json!(false)),
    ];
    for (pointer, expected) in cases {
        assert_eq!(document.pointer(pointer).unwrap_or(&Value::Null), &expected, "{pointer}");
    }
}
