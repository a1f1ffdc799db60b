//! Which arguments are checked when they are sent: those of which types do not say that they fit.

use bffgen::{Loader, Options, compile};

const SPEC: &str = r##"
openapi: 3.1.0
info: { title: S, version: "1" }
paths:
  /from: { get: { operationId: from, responses: { "200": { description: d, content: { application/json: { schema: { $ref: "#/components/schemas/From" } } } } } } }
  /to:
    get:
      operationId: to
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50 } }
        - { name: price, in: query, schema: { type: number, minimum: 0, multipleOf: 0.5 } }
        - { name: code, in: query, schema: { type: string, pattern: "^[a-z]+$", maxLength: 5 } }
        - { name: day, in: query, schema: { type: string, format: date } }
        - { name: sort, in: query, schema: { type: string, enum: [up, down] } }
        - { name: plain, in: query, schema: { type: string, format: password } }
        - { name: ids, in: query, schema: { type: array, items: { type: string, minLength: 2 } } }
        - { name: few, in: query, schema: { type: array, maxItems: 2, items: { type: string } } }
        - { name: range, in: query, style: deepObject, explode: true, schema: { $ref: "#/components/schemas/Range" } }
        - { name: filter, in: query, content: { application/json: { schema: { $ref: "#/components/schemas/Range" } } } }
      responses: { "204": { description: d } }
components:
  schemas:
    Range: { type: object, properties: { from: { type: integer, minimum: 0 }, to: { type: integer } } }
    From:
      type: object
      required: [small, large, free, count, code, longer, text, day, sort, items, two, half, range]
      properties:
        small: { type: integer, minimum: 1, maximum: 20 }
        large: { type: integer, minimum: 1, maximum: 51 }
        free: { type: integer }
        count: { type: integer, enum: [1, 2, 50] }
        maybe: { type: integer, exclusiveMinimum: 1, exclusiveMaximum: 9 }
        code: { type: string, pattern: "^[a-z]+$", maxLength: 5, minLength: 1 }
        longer: { type: string, pattern: "^[a-z]+$", maxLength: 6 }
        text: { type: string }
        day: { type: string, format: date }
        sort: { enum: [down] }
        items: { type: array, items: { type: object, required: [id, name], properties: { id: { type: string, minLength: 3 }, name: { type: string } } } }
        two: { type: array, maxItems: 2, items: { type: string } }
        half: { type: number, minimum: 1, multipleOf: 1.5 }
        range: { $ref: "#/components/schemas/Range" }
"##;

/// A parameter, what it is given, and whether that is checked.
const CASES: &[(&str, &str, bool)] = &[
    ("limit", "5", false),
    ("limit", "query.limit", false),
    ("limit", "query.tight", false),
    ("limit", "query.wide", true),
    ("limit", "f.small", false),
    ("limit", "f.large", true),
    ("limit", "f.free", true),
    ("limit", "f.small + 1", true),
    ("limit", "f.count", false),
    ("limit", "f.?maybe", false),
    ("limit", "f.?maybe.orValue(1)", false),
    ("limit", "f.?maybe.orValue(f.free)", true),
    ("limit", "f.free > 1 ? f.small : 50", false),
    ("limit", "f.free > 1 ? f.small : f.large", true),
    ("price", "f.half", false),
    ("price", "f.small", true),
    ("price", "1.5", false),
    ("code", "f.code", false),
    ("code", "f.longer", true),
    ("code", "'abc'", false),
    ("code", "f.code + 'd'", true),
    ("day", "f.day", false),
    ("day", "f.text", true),
    ("day", "'2026-02-28'", true),
    ("sort", "f.sort", false),
    ("sort", "f.text", true),
    ("plain", "f.text", false),
    ("ids", "f.items.map(i, i.id)", false),
    ("ids", "f.items.map(i, i.name)", true),
    ("ids", "['ab', f.text]", true),
    ("few", "f.two", false),
    ("few", "f.items.map(i, i.name)", true),
    ("range", "f.range", false),
    ("range", "{ from: f.small }", false),
    ("range", "{ from: f.free }", true),
    ("range", "{ to: f.free }", false),
    ("filter", "{ from: 3, to: f.free }", false),
    ("filter", "{ from: f.free }", true),
];

struct Files(String);

impl Loader for Files {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        match path {
            "web.bff.yaml" => Ok(self.0.clone().into_bytes()),
            "s.yaml" => Ok(SPEC.as_bytes().to_vec()),
            _ => Err("there is no such file".into()),
        }
    }
}

#[test]
fn what_types_settle_is_not_checked() {
    for (name, given, checked) in CASES {
        let quoted = if given.starts_with('{') || *given == "5" { (*given).to_owned() } else { format!("{given:?}") };
        let composition = format!(
            "bffgen: 1\nbff: web\nupstreams: {{ s: {{ spec: s.yaml }} }}\nendpoints:\n  GET /a:\n    inputs: {{ query: {{ tight: \
             {{ type: integer, minimum: 2, maximum: 5 }}, wide: {{ type: integer, minimum: 1 }} }} }}\n    calls:\n      f: \
             s.from\n      t: {{ operation: s.to, with: {{ {name}: {quoted} }} }}\n    response: {{ n: f.small }}\n"
        );
        let compiled = compile("web.bff.yaml", &mut Files(composition), &Options::default());
        let Some(output) = compiled.output else { panic!("{name}: {given}: {:?}", compiled.diagnostics) };
        let file = output.files.iter().find(|file| file.path == "src/generated/upstreams/s.rs").expect("the module");
        let call = format!("param(\"{name}\"");
        assert_eq!(file.text.contains(&call), *checked, "{name}: {given}\n{}", file.text);
    }
}
