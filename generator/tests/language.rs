//! What the checker says about shapes and calls: compositions in one line each, and the findings.

use bffgen::diag::short::short;
use bffgen::{Loader, Options, compile};

const SPEC: &str = r##"
openapi: 3.1.0
info: { title: S, version: "1" }
paths:
  /a: { get: { operationId: getA, responses: { "200": { description: d, headers: { x-total: { schema: { type: integer } } }, content: { application/json: { schema: { $ref: "#/components/schemas/A" } } } } } } }
  /b: { post: { operationId: postB, responses: { "204": { description: d } } } }
  /c: { put: { operationId: putC, responses: { "204": { description: d } } } }
components:
  schemas:
    A:
      type: object
      required: [pay, loose, status, items, maybe]
      properties:
        pay: { oneOf: [{ $ref: "#/components/schemas/Card" }, { $ref: "#/components/schemas/Cash" }] }
        maybe: { oneOf: [{ type: string }, { type: integer }, { type: "null" }] }
        loose: { oneOf: [{ type: object, properties: { a: {} } }, { type: object, properties: { b: {} } }] }
        status: { type: string, enum: [open, closed] }
        items: { type: array, items: { type: integer } }
        login: { type: object, properties: { name: { type: string }, secret: { type: string, format: password } } }
        key: { type: string, writeOnly: true }
    Card: { type: object, required: [k, n], properties: { k: { const: card }, n: { type: integer } } }
    Cash: { type: object, required: [k], properties: { k: { const: cash } } }
"##;

struct Files(String);

impl Loader for Files {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        match path {
            "web.bff.yaml" => Ok(self.0.clone().into_bytes()),
            "s.yaml" => Ok(SPEC.as_bytes().to_vec()),
            _ => Err("there is no such file".to_owned()),
        }
    }
}

/// The findings of endpoints, without their places.
fn findings(endpoints: &str) -> Vec<String> {
    let text = format!("bffgen: 1\nbff: web\nupstreams: {{ s: {{ spec: s.yaml }} }}\nendpoints:\n{endpoints}");
    let compiled = compile("web.bff.yaml", &mut Files(text), &Options::default());
    let found = short(&compiled.diagnostics, &compiled.sources);
    found.lines().filter_map(|line| Some(line.split_once('[')?.1.replacen("]: ", ": ", 1))).collect()
}

/// An endpoint with the call `a`, and what it answers.
fn response(shape: &str) -> Vec<String> {
    findings(&format!("  GET /x: {{ calls: {{ a: s.getA }}, response: {shape} }}\n"))
}

#[test]
fn shapes() {
    let cases: &[(&str, &[&str])] = &[
        ("{ v: { $match: a.pay, Card: a.pay.n, Cash: 0 } }", &[]),
        ("{ v: { $match: a.pay as p, card: p.n, cash: 0 } }", &[]),
        ("{ v: { $match: a.pay, Card: a.pay.n, _: 0 } }", &[]),
        ("{ v: { $match: a.maybe as m, string: m, integer: m, 'null': 1 } }", &[]),
        ("{ v: { $match: a.pay, Card: 1 } }", &["BFF0440: `$match` lacks a case for `Cash`"]),
        ("{ v: { $match: a.pay, Card: 1, Cassh: 2, Cash: 3 } }", &["BFF0440: `Cassh` is no member of `A pay`"]),
        ("{ v: { $match: a.pay, Card: 1, card: 2, Cash: 3 } }", &["BFF0440: `card` is the second case for the same"]),
        ("{ v: { $match: a.pay as p, Card: p.n, Cash: p.n } }", &["BFF0404: `Cash` has no field `n`"]),
        ("{ v: { $match: a.maybe, string: 1, integer: 2 } }", &["BFF0440: `$match` lacks a case for `null`"]),
        ("{ v: { $match: a.status, open: 1 } }", &["BFF0405: `$match` takes a value apart that is one of several"]),
        ("{ v: { $match: a.loose, object: 1 } }", &["BFF0441: the members of `A loose` cannot be told apart"]),
        ("{ v: a.pay.n }", &["BFF0405: a field is read from an object, this is one of several (`A pay`)"]),
        ("{ v: { $match: a.pay, $value: 1, Card: 1, _: 2 } }", &["BFF0315: "]),
        ("{ v: a.status == 'opn' }", &["BFF0448: this is always false: the document does not list \"opn\""]),
        (
            "{ v: \"a.status in ['open', 'shut']\" }",
            &["BFF0448: this is always false: the document does not list \"shut\""],
        ),
        ("{ v: { $each: i in a.items, $where: 1 < 2, $value: i } }", &["BFF0448: `$where` is always the same"]),
        ("{ v: a.?login }", &["BFF0446: `secret` in it is of `format: password`, and goes to the client"]),
        ("{ v: a.?login.name, w: a.?key }", &["BFF0446: this value is `writeOnly`, and goes to the client"]),
        ("{ $spread: a, $pick: [status] }", &[]),
        ("{ v: meta.a.status, w: 'meta.a.headers[\"x-total\"]', z: 'has(meta.a.error)' }", &[]),
        ("{ v: meta.b.status }", &["BFF0403: there is no call `b`"]),
        ("{ v: meta.a.state, w: a.status }", &["BFF0404: `meta.a` has no `state`"]),
        ("{ v: 'meta.a.headers[\"x-totl\"]' }", &["BFF0404: `a` declares no header `x-totl`"]),
    ];
    for (shape, expected) in cases {
        let found = response(shape);
        assert_eq!(found.len(), expected.len(), "{shape}: {found:?}");
        for (found, expected) in found.iter().zip(*expected) {
            assert!(found.contains(expected), "{shape}: {found}");
        }
    }
}

#[test]
fn calls() {
    let cases: &[(&str, &[&str])] = &[
        ("  POST /x: { calls: { b: s.postB, c: s.putC }, status: 204 }\n", &["BFF0442: `b` and `c` both change"]),
        ("  POST /x: { calls: { b: s.postB, c: { operation: s.putC, after: b } }, status: 204 }\n", &[]),
        (
            "  POST /x: { calls: { b: { operation: s.postB, after: [] }, c: { operation: s.putC, after: [] } }, status: 204 }\n",
            &[],
        ),
        (
            "  POST /x: { calls: { b: { operation: s.postB, after: d } }, status: 204 }\n",
            &["BFF0403: there is no call `d`"],
        ),
        (
            "  POST /x: { calls: { b: { operation: s.postB, after: c }, c: { operation: s.putC, after: b } }, status: 204 }\n",
            &["BFF0408: these calls wait for each other: b -> c -> b"],
        ),
        (
            "  GET /x: { timeout: 1s, calls: { a: { operation: s.getA, timeout: 2s } }, response: { v: a.status } }\n",
            &["BFF0445: these calls may take 2000 ms, and the answer has 1000 ms"],
        ),
        (
            "  GET /x: { calls: { a: { operation: s.getA, when: true } }, response: { v: a.?status } }\n",
            &["BFF0448: `when` is always the same"],
        ),
        (
            "  GET /u/{i}/o: { calls: { a: s.getA }, response: { v: a.status, i: path.i } }\n  GET /u/me/{p}: { calls: { a: s.getA }, response: { v: a.status, i: path.p } }\n",
            &["BFF0447: `/u/{i}/o` and `/u/me/{p}` both match `/u/me/o`"],
        ),
    ];
    for (endpoints, expected) in cases {
        let found = findings(endpoints);
        assert_eq!(found.len(), expected.len(), "{endpoints}: {found:?}");
        for (found, expected) in found.iter().zip(*expected) {
            assert!(found.contains(expected), "{endpoints}: {found}");
        }
    }
}
