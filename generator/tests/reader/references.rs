//! References between files, long chains, damaged documents.

use super::*;

#[test]
fn references_leave_the_file_and_the_composition() {
    let files = vec![
        ("api/root.yaml", "openapi: 3.0.3\npaths: {}\ncomponents: { schemas: { A: { $ref: '../common/x.json#/definitions/B' }, C: { $ref: 'gone.yaml' } } }".to_owned()),
        ("common/x.json", r#"{"definitions": {"B": {"type": "object", "properties": {"self": {"$ref": "../api/root.yaml#/components/schemas/A"}, "n": {"type": "string", "nullable": true}}}}}"#.to_owned()),
    ];
    let (mut specs, doc, found, _) = open(files);
    assert!(found.is_empty(), "a file that nothing used refers to does not matter: {found:?}");
    let (id, _) = specs.schema_at(doc, "/components/schemas/A").expect("A is there");
    assert_eq!(describe(&specs.schemas, id, true), "{self?: B, n?: str?}");
    let (_, found) = specs.schema_at(doc, "/components/schemas/C").expect("C is there");
    assert_eq!(found.iter().map(|d| d.code).collect::<Vec<_>>(), ["BFF0203"]);
    let missing = specs.schema_at(doc, "/components/schemas/a").expect_err("there is no `a`");
    assert_eq!(missing.meant.as_deref(), Some("/components/schemas/A"));

    let mut sources = Sources::default();
    let cases = [
        ("{ $ref: 'up#/components/schemas/A' }", "{self?: B, n?: str?}"),
        ("up#/components/schemas/A", "{self?: B, n?: str?}"),
        ("{ type: array, items: { $ref: 'up#/components/schemas/A' } }", "[B]"),
        ("{ $ref: 'down#/x' }", "unsupported the reference `down#/x` to nothing"),
        ("{ $ref: '#/x' }", "unsupported the reference `#/x` to nothing"),
    ];
    for (text, expected) in cases {
        let id = sources.add("web.bff.yaml", text);
        let node = parse(&sources, id).0.expect("it is valid");
        let (id, _) = specs.inline_schema(&node, "input", &mut |name| (name == "up").then_some(doc));
        assert_eq!(describe(&specs.schemas, id, true), expected, "{text}");
    }
}

/// JSON Schema 2020-12, section 8.2.
#[test]
fn schemas_are_named_by_identifiers_and_anchors() {
    let root = "openapi: 3.1.0
paths: {}
components:
  schemas:
    ByAnchor: { $ref: '#leaf' }
    Leaf: { $anchor: leaf, type: boolean }
    ById: { $ref: 'https://example.com/tree' }
    Relative: { type: array, items: { $ref: 'https://example.com/other/list#item' } }
    InFile: { $ref: 'common.yaml#far' }
    Gone: { $ref: '#gone' }
    Old: { $id: 'https://example.com/old', $ref: '#/components/schemas/Leaf' }
    Nobody: { $dynamicRef: '#nobody' }
    Several: { type: array, items: { $dynamicRef: '#two' } }
    One: { $dynamicAnchor: two, type: string }
    Two: { $dynamicAnchor: two, type: integer }
    Data: { type: string, enum: ['x'], example: { $id: 'https://example.com/tree', $anchor: leaf } }
    Tree:
      $id: https://example.com/tree
      $dynamicAnchor: node
      type: object
      properties:
        own: { $ref: '#/$defs/leaf' }
        list: { $ref: 'other/list' }
        again: { $dynamicRef: '#node' }
        self: { $ref: '#' }
      $defs:
        leaf: { type: integer }
        list: { $id: other/list, type: array, items: { $anchor: item, type: string } }
";
    let files = vec![
        ("api/root.yaml", root.to_owned()),
        ("api/common.yaml", "$defs: { x: { $anchor: far, type: number } }".to_owned()),
    ];
    let (mut specs, doc, found, _) = open(files);
    assert!(found.is_empty(), "{found:?}");
    let cases = [
        ("ByAnchor", "bool"),
        ("ById", "{own?: int, list?: [str], again?: Tree, self?: Tree}"),
        ("Tree", "{own?: int, list?: [str], again?: Tree, self?: Tree}"),
        ("Relative", "[str]"),
        ("InFile", "num"),
        ("Gone", "unsupported the reference `#gone` to nothing"),
        ("Old", "bool"),
        ("Nobody", "any +$dynamicRef"),
        ("Several", "[any +$dynamicRef]"),
    ];
    for (name, expected) in cases {
        let (id, _) = specs.schema_at(doc, &format!("/components/schemas/{name}")).expect(name);
        assert_eq!(describe(&specs.schemas, id, true), expected, "{name}");
    }
}

#[test]
fn long_chains_do_not_exhaust_the_stack() {
    let mut text = String::from("openapi: 3.1.0\npaths: {}\ncomponents:\n  schemas:\n");
    for i in 0..5_000 {
        text.push_str(&format!(
            "    P{i}: {{ properties: {{ next: {{ $ref: '#/components/schemas/P{}' }} }} }}\n",
            i + 1
        ));
    }
    text.push_str("    P5000: { type: string }\n");
    let (mut specs, doc, _, _) = open(vec![("a.yaml", text)]);
    let (id, found) = specs.schema_at(doc, "/components/schemas/P0").expect("P0 is there");
    assert_eq!(
        (describe(&specs.schemas, id, true), found.len(), specs.schemas.len()),
        ("{next?: P1}".to_owned(), 0, 5_001)
    );
}

#[test]
fn damaged_documents_never_panic() {
    let (yaml, json) = {
        let text = format!(
            "openapi: 3.0.3\npaths:\n  /a/{{é}}: {{ get: &g {{ parameters: [ {{ name: é, in: path, schema: {{ $ref: '#/components/schemas/Pet' }} }} ], responses: {{ 200: {{ description: \"x\\ty\", content: {{ a/json: {{ schema: {{ $ref: '#/components/schemas/X' }} }} }} }} }} }}, put: *g }}\ncomponents:\n  schemas:\n    X: {{ allOf: [ {{ $ref: '#/components/schemas/Cat' }}, {{ type: [string, 'null'], enum: [1, é] }} ] }}\n{COMPONENTS}"
        );
        let node = read(&text).0.expect("it is valid");
        (text, to_json(&node).to_string())
    };
    let mut damaged = Vec::new();
    for text in [&yaml, &json] {
        for (at, c) in text.char_indices() {
            let rest = &text[at + c.len_utf8()..];
            damaged.push(text[..at].to_owned());
            for other in ["", "{", "]", "\"", ":", "-", "\n", "0", "*g", "&", "\u{feff}"] {
                if other.is_empty() || at % 3 == 0 {
                    damaged.push(format!("{}{other}{rest}", &text[..at]));
                }
            }
        }
    }
    let mut read = 0;
    for text in damaged {
        let (mut sources, mut specs) = (Sources::default(), Specs::default());
        let (doc, found) = specs.open(&mut sources, "a", &mut Memory(vec![("a", text.clone())]));
        assert!(doc.is_some() || !found.is_empty(), "{text}");
        let Some(doc) = doc else { continue };
        for i in 0..specs.operations(doc).len() {
            read += 1;
            let (_, more) = specs.operation(doc, i);
            for label in more.iter().chain(&found).flat_map(|d| &d.labels) {
                assert!(
                    label.span.start == label.span.end || !label.span.text(&sources).is_empty(),
                    "{text}: {label:?}"
                );
            }
        }
    }
    assert!(read > 1000, "{read} operations were read");
}
