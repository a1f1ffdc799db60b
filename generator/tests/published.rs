//! What the published document says, by place: JSON Pointers into `openapi.json`, and what stands there.

use bffgen::{Loader, Options, compile};
use serde_json::{Value, json};

const SPEC: &str = r##"
openapi: 3.1.0
info: { title: S, version: "1" }
paths:
  /a: { get: { operationId: getA, summary: Gets the a., responses: { "200": { description: d, content: { application/json: { schema: { $ref: "#/components/schemas/A" } } } } } } }
  /meta: { get: { operationId: getMeta, responses: { "200": { description: d, content: { application/json: { schema: { type: object, required: [brand], properties: { brand: { $ref: "#/components/schemas/Brand" } } } } } } } } }
  /file/{id}:
    get:
      operationId: getFile
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: part, in: query, schema: { type: integer } }
        - { name: Range, in: header, schema: { type: string } }
        - { name: unused, in: query, schema: { type: string } }
      responses:
        "200": { description: d, content: { application/json: { schema: { $ref: "#/components/schemas/Meta" } }, application/pdf: {} } }
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
        fixed: { const: x }
        overlap: { oneOf: [{ type: string, maxLength: 5 }, { type: string, minLength: 2 }] }
        tagged: { anyOf: [{ $ref: "#/components/schemas/Brand" }, { type: integer }, { type: "null" }] }
        pet: { $ref: "#/components/schemas/Pet" }
        part: { $ref: "#/components/schemas/Part" }
        none: { type: "null" }
        open: {}
    Meta: { type: object, required: [pages, title], properties: { pages: { type: integer }, title: { type: string } } }
    Pet:
      oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }]
      discriminator: { propertyName: kind, mapping: { cat: "#/components/schemas/Cat" } }
    Cat: { type: object, required: [kind], properties: { kind: { type: string }, lives: { type: integer } } }
    Dog: { type: object, required: [kind], properties: { kind: { type: string }, tricks: { type: integer } } }
    Part:
      oneOf: [{ $ref: "#/components/schemas/Wheel" }, { $ref: "#/components/schemas/Bell" }]
      discriminator: { propertyName: kind }
    Wheel: { type: object, required: [kind], properties: { kind: { type: string, enum: [front, rear] } } }
    Bell: { type: object, required: [kind], properties: { kind: { const: bell } } }
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

/// One endpoint reads what another passes on.
const BOTH: &str = "
bffgen: 1
bff: web
upstreams: { s: { spec: s.yaml } }
endpoints:
  GET /passed/{id}: { calls: { file: { operation: s.getFile, with: { id: path.id, Range: header.range }, stream: true } }, response: file }
  GET /read/{id}: { calls: { file: { operation: s.getFile, with: { id: path.id, part: query.part } } }, response: { pages: file.pages } }
";

/// Shapes, and schemas of two services, that have one name.
const NAMES: &str = r#"
bffgen: 1
bff: web
upstreams: { s: { spec: s.yaml }, t: { spec: t.yaml } }
shapes:
  Brand: { params: { of: { $ref: 's#/components/schemas/Brand' } }, shape: { title: of.name, whole: of } }
  Problem: { params: { of: { $ref: 's#/components/schemas/Brand' } }, shape: { title: of.name } }
endpoints:
  GET /names:
    calls: { got: s.getMeta, other: t.getOther }
    response:
      shape: { $use: Brand(got.brand) }
      problem: { $use: Problem(got.brand) }
      brand: got.brand
      other: other.brand
"#;

const OTHER: &str = r##"
openapi: 3.1.0
info: { title: T, version: "1" }
paths:
  /other: { get: { operationId: getOther, responses: { "200": { description: d, content: { application/json: { schema: { $ref: "#/components/schemas/Other" } } } } } } }
components:
  schemas:
    Other: { type: object, required: [brand], properties: { brand: { $ref: "#/components/schemas/Brand" } } }
    Brand: { type: object, required: [code], properties: { code: { type: integer } } }
"##;

struct Files;

impl Loader for Files {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        match path {
            "web.bff.yaml" => Ok(COMPOSITION.as_bytes().to_vec()),
            "strict.bff.yaml" => Ok(format!("lenient: false\n{COMPOSITION}").into_bytes()),
            "both.bff.yaml" => Ok(BOTH.as_bytes().to_vec()),
            "names.bff.yaml" => Ok(NAMES.as_bytes().to_vec()),
            "t.yaml" => Ok(OTHER.as_bytes().to_vec()),
            "s.yaml" => Ok(SPEC.as_bytes().to_vec()),
            _ => Err("there is no such file".to_owned()),
        }
    }
}

/// A file that a composition gives, as JSON.
fn made(composition: &str, path: &str) -> Value {
    let compiled = compile(composition, &mut Files, &Options::default());
    let files = compiled.output.iter().flat_map(|output| &output.files);
    let file = files.into_iter().find(|file| file.path == path);
    let text = &file.unwrap_or_else(|| panic!("{path}: {:#?}", compiled.diagnostics)).text;
    serde_json::from_str(text).expect("JSON")
}

fn says(document: &Value, cases: &[(&str, Value)]) {
    for (pointer, expected) in cases {
        assert_eq!(document.pointer(pointer).unwrap_or(&Value::Null), expected, "{pointer}");
    }
}

#[test]
fn a_contract_has_what_is_read_and_what_is_passed_on() {
    let contract = made("both.bff.yaml", "contracts/s.json");
    let get = &contract["paths"]["/file/{id}"]["get"];
    let parameters: Vec<&str> =
        get["parameters"].as_array().expect("a list").iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(parameters, ["id", "Range", "part"], "each once, and none that nobody sends");
    let read = json!({ "schema": { "$ref": "#/components/schemas/Meta" } });
    let binary = json!({ "schema": { "type": "string", "format": "binary" } });
    says(
        &contract,
        &[
            ("/paths/~1file~1{id}/get/operationId", json!("getFile")),
            ("/paths/~1file~1{id}/get/responses/200/content/application~1json", read),
            ("/paths/~1file~1{id}/get/responses/200/content/application~1pdf", binary),
            ("/components/schemas/Meta/properties", json!({ "pages": { "type": "integer" } })),
        ],
    );
}

/// Names of shapes come first, then those of schemas as they are met; bffgen's own are nobody's.
#[test]
fn names_that_clash_are_told_apart() {
    let document = made("names.bff.yaml", "openapi.json");
    let title = json!({ "type": "object", "required": ["title"], "properties": { "title": { "type": "string" } } });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let answer = "/paths/~1names/get/responses/200/content/application~1json/schema/properties";
    says(
        &document,
        &[
            (&format!("{answer}/shape"), reference("Brand")),
            (&format!("{answer}/problem"), reference("ProblemShape")),
            (&format!("{answer}/brand"), reference("BrandValue")),
            (&format!("{answer}/other"), reference("BrandValue2")),
            ("/components/schemas/Brand/properties/whole", reference("BrandValue")),
            ("/components/schemas/BrandValue/properties", json!({ "name": { "type": "string" } })),
            ("/components/schemas/BrandValue2/properties", json!({ "code": { "type": "integer" } })),
            ("/components/schemas/ProblemShape", title),
        ],
    );
}

#[test]
fn the_document_says_it_in_the_words_of_3_0() {
    let document = made("web.bff.yaml", "openapi.json");
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
            json!({ "type": "string", "nullable": true, "x-extensible-enum": ["x", "y"] }),
        ),
        ("/components/schemas/A/properties/tagged", json!({ "anyOf": [brand, { "type": "integer" }, nothing] })),
        ("/components/schemas/A/properties/none", nothing.clone()),
        ("/components/schemas/A/properties/open", json!({})),
        // What a client sends is refused with more in it; what it gets has no more in it.
        ("/components/schemas/A/additionalProperties", Value::Null),
        ("/components/schemas/New/additionalProperties", json!(false)),
        ("/components/schemas/New/properties/lines/items/additionalProperties", json!(false)),
    ];
    says(&document, &cases);
}

/// What passes leniently is not promised; what does not pass is.
#[test]
fn a_leniency_is_not_promised_away() {
    let either = |key: &str, values: Value| json!({ "type": "string", "nullable": true, key: values });
    let lenient = made("web.bff.yaml", "openapi.json");
    let strict = made("strict.bff.yaml", "openapi.json");
    let overlap =
        |key: &str| json!({ key: [{ "type": "string", "maxLength": 5 }, { "type": "string", "minLength": 2 }] });
    let a = |name: &str| format!("/components/schemas/A/properties/{name}");
    let fixed = json!({ "type": "string", "enum": ["x"] });
    let cases = [
        (lenient, either("x-extensible-enum", json!(["x", "y"])), overlap("anyOf")),
        (strict, either("enum", json!(["x", "y", null])), overlap("oneOf")),
    ];
    for (document, grows, union) in cases {
        says(&document, &[(&a("either"), grows), (&a("fixed"), fixed.clone()), (&a("overlap"), union)]);
    }
}

/// Without its discriminator a cat would be a dog as well: a schema holds whatever the property says. Where the
/// members say its values themselves, never two of them hold.
#[test]
fn a_discriminator_is_passed_on() {
    let one = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let told = |mapping: &[(&str, &str)]| {
        let mapping: serde_json::Map<String, Value> =
            mapping.iter().map(|(value, name)| (value.to_string(), one(name)["$ref"].clone())).collect();
        json!({ "propertyName": "kind", "mapping": mapping })
    };
    let pet = |key: &str| {
        let members = json!([one("Cat"), one("Dog")]);
        json!({ "discriminator": told(&[("cat", "Cat"), ("Dog", "Dog")]), key: members })
    };
    let part = json!({
        "discriminator": told(&[("front", "Wheel"), ("rear", "Wheel"), ("bell", "Bell")]),
        "oneOf": [one("Wheel"), one("Bell")]
    });
    for (file, key) in [("web.bff.yaml", "anyOf"), ("strict.bff.yaml", "oneOf")] {
        let document = made(file, "openapi.json");
        says(&document, &[("/components/schemas/Pet", pet(key)), ("/components/schemas/Part", part.clone())]);
    }
}
