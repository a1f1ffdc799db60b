//! Expressions through the compiler: what is accepted, and what is said of the others, once.

use bffgen::diag::Severity;
use bffgen::{Loader, Options, compile};

const SPEC: &str = r#"
openapi: 3.1.0
info: { title: Things, version: "1" }
paths:
  /things:
    get:
      operationId: list
      responses:
        '200':
          description: Things.
          content: { application/json: { schema: { $ref: '#/components/schemas/Things' } } }
components:
  schemas:
    Things:
      type: object
      required: [first, all, n, d, b, s, nums, labels]
      properties:
        first: { $ref: '#/components/schemas/Thing' }
        all: { type: array, items: { $ref: '#/components/schemas/Thing' } }
        n: { type: integer }
        d: { type: number }
        b: { type: boolean }
        s: { type: string }
        nums: { type: array, items: { type: integer } }
        labels: { type: object, additionalProperties: { type: string } }
    Thing:
      type: object
      required: [id, none]
      properties:
        id: { type: string }
        note: { type: string }
        none: { type: [string, 'null'] }
"#;

struct Files(String);

impl Loader for Files {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        Ok(if path.ends_with("spec.yaml") { SPEC.into() } else { self.0.clone().into_bytes() })
    }
}

/// The findings of one expression: code and message.
fn findings(expression: &str) -> Vec<String> {
    let quoted = serde_json::Value::from(expression);
    let text = format!(
        "bffgen: 1\nbff: web\nupstreams: {{ up: {{ spec: spec.yaml }} }}\nhooks: {{ price: {{ args: {{ n: {{ type: number }} }}, returns: {{ type: number }} }} }}\nendpoints:\n  GET /x:\n    calls: {{ t: up.list }}\n    response: {{ x: {quoted}, y: price(t.d) }}\n"
    );
    let compiled = compile("web.bff.yaml", &mut Files(text), &Options::default());
    let all: Vec<String> =
        compiled.diagnostics.iter().map(|found| format!("{} {}", found.code, found.message)).collect();
    let errors = compiled.diagnostics.iter().any(|found| found.severity == Severity::Error);
    assert_eq!(compiled.output.is_none(), errors, "a crate, or an error: {expression}");
    all
}

#[test]
fn accepted() {
    let expressions = [
        "t.first.?note.orValue('')",
        "t.all.map(x, has(x.note), x.note)",
        "t.all.map(x, has(x.note) && x.note.size() > 1, x.note)",
        "t.all.map(x, x.none != null, x.none.size())",
        "t.all.filter(x, has(x.note)).map(x, x.note)",
        "t.all.sortBy(x, x.?note.orValue('')).map(x, x.id)",
        "t.all.groupBy(x, x.id)",
        "t.all.indexBy(x, x.id)[?t.s].?note",
        "{'a': t.s, ?'b': t.first.?note}",
        "[?t.first.?note, t.s]",
        "t.b ? [] : [1]",
        "t.b ? {} : {'a': [1.5]}",
        "t.b ? null : t.s",
        "t.b ? 1 : 2.5",
        "[1, 2.5, null]",
        "[[], [1]]",
        "timestamp(t.s) - duration('1h') < timestamp(t.n)",
        "timestamp(t.s).getHours('+02:00')",
        "base64.encode(b'\\x00' + bytes(t.s))",
        "t.labels.map(k, k)",
        "t.labels.exists(k, k == 'a')",
        "price(t.d * 2.0)",
        "math.greatest(t.n, t.d, 3)",
        "'%s has %d, %.2f'.format([t.s, t.n, t.d])",
        "t.first.?note.or(optional.none()).optFlatMap(x, t.nums[?0])",
        "t.n < t.d && t.d == t.n",
        "t.nums == [1, 2]",
        "(1 / t.n > 0) || t.b",
        "{}",
        "[]",
        "[].map(x, 1) + t.nums",
    ];
    let refused: Vec<_> =
        expressions.into_iter().map(|text| (text, findings(text))).filter(|(_, found)| !found.is_empty()).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn refused_once() {
    let cases = [
        ("t.first.note", "BFF0406 `note` may be absent from `Thing`"),
        ("t.first.note.size()", "BFF0406 `note` may be absent from `Thing`"),
        ("t.s + t.first.note", "BFF0406 `note` may be absent from `Thing`"),
        ("t.first.note != null && t.b", "BFF0406 `note` is never null: it may be absent"),
        ("t.first.note == null || t.b", "BFF0406 `note` is never null: it may be absent"),
        ("t.first.note == 'a' ? 1 : 2", "BFF0406 `note` may be absent from `Thing`"),
        ("t.s.startsWith(t.first.?note)", "BFF0406 `startsWith` wants a string, but this value may be absent"),
        ("t.s.startsWith(t.first.none)", "BFF0407 `startsWith` wants a string, but this value may be null"),
        ("t.labels['a']", "BFF0406 a map may lack this key"),
        ("t.all.map(x, x.note)", "BFF0406 `note` may be absent from `Thing`"),
        ("t.all.map(x, x.id == '' || has(x.note), x.note)", "BFF0406 `note` may be absent from `Thing`"),
        ("timestamp('2024-02-30T00:00:00Z')", "BFF0430 `2024-02-30T00:00:00Z` is not a timestamp"),
        ("duration('1 hour')", "BFF0430 `1 hour` is not a duration"),
        ("int('4.2')", "BFF0430 `4.2` is not an integer"),
        ("bool('yes')", "BFF0430 `yes` is not a boolean"),
        ("string(base64.decode('a'))", "BFF0430 `a` is not base64"),
        ("timestamp(t.s).getHours('Europe/Berlin')", "BFF0430 `Europe/Berlin` is not a time zone that is known here"),
        ("t.n / 0", "BFF0430 a division by zero"),
        ("{'a': 1, 'a': 2}", "BFF0430 this key comes twice"),
        ("'%s %s'.format([t.s])", "BFF0430 the text has 2 places, the list 1 values"),
        ("'%q'.format([t.s])", "BFF0430 `%q` is no place for a value"),
        ("'%d'.format([t.s])", "BFF0405 `%d` wants an integer, this is a string"),
        ("t.s.matches('(')", "BFF0405 this is not a regular expression: unclosed group"),
        ("t.s.matches(t.s)", "BFF0413 a pattern that is not a text literal is not supported yet"),
        ("bytes(t.s)", "BFF0405 bytes have no JSON form: write them as text with `base64.encode(...)`, this is bytes"),
        ("[1, 'a']", "BFF0405 the items of a list are of one type, this is a string"),
        ("{'a': 1, 'b': 'c'}", "BFF0405 the values of a map are of one type, this is a string"),
        ("{1.5: 1}", "BFF0405 a key is a string, an integer or a boolean, this is a number"),
        (
            "{'a': t.first.?note}",
            "BFF0405 a value of a map is always there, unless `?` stands before its key, this is an optional value (a string)",
        ),
        ("[?t.s]", "BFF0405 `?` stands before a value that may be absent, this is a string"),
        ("t.first == t.first", "BFF0405 `==` does not go between an object (`Thing`) and an object (`Thing`)"),
        ("t.s == 1", "BFF0405 `==` does not go between a string and an integer"),
        ("t.s - t.s", "BFF0405 `-` does not go between a string and a string"),
        ("t.n.size()", "BFF0405 `size` is for a string, bytes, a list or a map, this is an integer"),
        ("t.s.getHours()", "BFF0405 `getHours` is for a duration or a timestamp, this is a string"),
        ("t.s.indexOf(1)", "BFF0405 `indexOf` wants a string, this is an integer"),
        ("t.s.indexOf('a', 1, 2)", "BFF0414 `indexOf` is written with 1 or 2 arguments"),
        ("math.ceil('1')", "BFF0405 `ceil` wants a number, this is a string"),
        ("math.cel(1.5)", "BFF0414 there is no function `cel` here"),
        (
            "t.all.sortBy(x, x)",
            "BFF0405 `sortBy` goes by a number, a string, a boolean or a time, this is an object (`Thing`)",
        ),
        ("t.all.groupBy(x, t.d)", "BFF0405 `groupBy` goes by a string, an integer or a boolean, this is a number"),
        (
            "t.first.?note.optFlatMap(x, x)",
            "BFF0405 `optFlatMap` wants an expression that gives an optional value, this is a string",
        ),
        ("[].max()", "BFF0405 `max` of a list that is always empty fails, this is a list of values"),
        ("1u", "BFF0337 unsigned integers are not part of this language"),
    ];
    let other: Vec<_> =
        cases.into_iter().map(|(text, _)| (text, findings(text))).zip(cases).filter(|(a, b)| a.1 != [b.1]).collect();
    assert!(other.is_empty(), "{other:#?}");
}
