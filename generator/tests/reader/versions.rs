//! Swagger 2.0, mixed versions, overlays.

use bffgen::openapi::overlay;

use super::*;

/// Swagger 2.0 is read like 3.0, with parts in other files, too.
#[test]
fn swagger_is_lifted() {
    let root = r##"
swagger: '2.0'
info: { title: Old, version: 1.0.0 }
host: api.test
basePath: /v1/
schemes: [https, http]
consumes: [application/json]
produces: [application/json, application/xml]
securityDefinitions:
  who: { type: basic }
  key: { type: apiKey, in: header, name: X-Key }
  oauth: { type: oauth2, flow: accessCode, authorizationUrl: 'https://a', tokenUrl: 'https://t', scopes: { r: read } }
security: [ { oauth: [r] } ]
paths:
  /pets/{id}:
    parameters: [ { name: id, in: path, required: true, type: integer, format: int64 } ]
    get:
      operationId: get
      parameters:
        - { name: tags, in: query, type: array, items: { type: string }, collectionFormat: pipes }
        - { name: ids, in: query, type: array, items: { type: integer } }
        - { $ref: 'more.yaml#/Page' }
      responses:
        200: { description: ok, schema: { $ref: '#/definitions/Pet' }, headers: { X-Left: { type: integer } } }
        default: { $ref: '#/responses/Bad' }
    put:
      operationId: put
      parameters: [ { $ref: '#/parameters/Body' } ]
      responses: { 204: { description: none } }
    post:
      operationId: upload
      consumes: [multipart/form-data]
      parameters:
        - { name: file, in: formData, type: file, required: true }
        - { name: note, in: formData, type: string }
      responses: { 200: { description: bytes, schema: { type: file } } }
parameters: { Body: { name: pet, in: body, required: true, schema: { $ref: '#/definitions/Pet' } } }
responses: { Bad: { description: bad, schema: { type: string, x-nullable: true } } }
definitions:
  Pet: { type: object, required: [kind], discriminator: kind, properties: { kind: { type: string }, in: { type: string }, name: { type: string } } }
"##;
    let more = "Page: { name: page, in: query, type: integer, maximum: 9 }";
    let (mut specs, doc, found, sources) = open(vec![("a.yaml", root.to_owned()), ("more.yaml", more.to_owned())]);
    assert_eq!(findings(&found, &sources), Vec::<String>::new());
    let urls: Vec<String> = specs.servers(doc).0.into_iter().map(|server| server.url).collect();
    assert_eq!(urls, ["https://api.test/v1", "http://api.test/v1"]);
    let schemes: Vec<String> =
        specs.security_schemes(doc).0.into_iter().map(|s| format!("{} {:?}", s.name, s.kind)).collect();
    assert_eq!(
        schemes,
        [
            "who Http { scheme: \"basic\", bearer_format: None }",
            "key ApiKey { location: Header, name: \"X-Key\" }",
            "oauth OAuth2 { flows: [Flow { kind: AuthorizationCode, authorization_url: Some(\"https://a\"), \
             token_url: Some(\"https://t\"), refresh_url: None, scopes: [(\"r\", \"read\")] }] }",
        ]
    );
    let mut lines = Vec::new();
    for index in 0..specs.operations(doc).len() {
        let (operation, found) = specs.operation(doc, index);
        assert_eq!(findings(&found, &sources), Vec::<String>::new());
        let schema = |id| describe(&specs.schemas, id, false);
        for p in &operation.parameters {
            lines.push(format!("{} {:?} {} {}", p.name, p.style, p.explode, schema(p.schema)));
        }
        let media =
            |m: &bffgen::openapi::Media| format!("{} {}", m.media_type, m.schema.map(schema).unwrap_or_default());
        lines.extend(operation.body.iter().flat_map(|body| &body.content).map(|m| format!("body {}", media(m))));
        for response in &operation.responses {
            lines.extend(response.content.iter().map(|m| format!("{:?} {}", response.status, media(m))));
            lines.extend(response.headers.iter().map(|h| format!("header {} {}", h.name, schema(h.schema))));
        }
        assert_eq!(operation.security[0][0].scheme, "oauth");
    }
    let id = "id Simple false int :int64";
    assert_eq!(
        lines,
        [
            id,
            "tags PipeDelimited false [str]",
            "ids Form false [int]",
            "page Form true int <=9",
            "Code(200) application/json Pet",
            "Code(200) application/xml Pet",
            "header X-Left int",
            "Default application/json str?",
            "Default application/xml str?",
            id,
            "body application/json Pet",
            id,
            "body multipart/form-data {file: str :binary, note?: str}",
            "Code(200) application/json str :binary",
            "Code(200) application/xml str :binary",
        ]
    );
}

/// What JSONPath selects, by what is left when it is removed.
#[test]
fn overlays_change_documents() {
    let document = "a: { x: 1, y: [ { n: 1, k: q }, { n: 2 }, { n: 3, k: r } ] }\nb/c: { x: 2 }\nd-e: 3";
    let cases = [
        ("target: '$.a.y[0]', remove: true", r#"{"a":{"x":1,"y":[{"n":2},{"n":3,"k":"r"}]},"b/c":{"x":2},"d-e":3}"#),
        ("target: '$..x', remove: true", r#"{"a":{"y":[{"n":1,"k":"q"},{"n":2},{"n":3,"k":"r"}]},"b/c":{},"d-e":3}"#),
        ("target: '$.a.y[?@.k]', remove: true", r#"{"a":{"x":1,"y":[{"n":2}]},"b/c":{"x":2},"d-e":3}"#),
        (
            "target: \"$.a.y[?(@.n >= 2 && !(@.k == 'q'))]\", remove: true",
            r#"{"a":{"x":1,"y":[{"n":1,"k":"q"}]},"b/c":{"x":2},"d-e":3}"#,
        ),
        ("target: '$.a.y[::2]', remove: true", r#"{"a":{"x":1,"y":[{"n":2}]},"b/c":{"x":2},"d-e":3}"#),
        ("target: '$.a.y[-1,0]', remove: true", r#"{"a":{"x":1,"y":[{"n":2}]},"b/c":{"x":2},"d-e":3}"#),
        ("target: \"$['a','d-e']\", remove: true", r#"{"b/c":{"x":2}}"#),
        ("target: \"$['b/c']\", update: { x: { y: 1 }, z: [] }", "+b/c"),
        ("target: $.a.y, update: { n: 4 }", "+y"),
        ("target: $.d-e, copy: $.a.x", "+d-e"),
        ("target: $.nope, remove: true", "BFF0210 2:22"),
        ("target: a.b, remove: true", "BFF0210 2:22"),
        ("target: '$[?length(@) > 1]', remove: true", "BFF0210 2:22"),
        ("target: 3, remove: true", "BFF0205 2:22"),
        ("remove: true", "BFF0210 2:12"),
        ("target: $, remov: true", "BFF0210 2:25"),
        ("target: $, remove: 1", "BFF0205 2:33"),
        ("target: $.a }, { target: $.a", "BFF0210 2:29"),
    ];
    let changed = [
        ("+b/c", r#"{"a":{"x":1,"y":[{"n":1,"k":"q"},{"n":2},{"n":3,"k":"r"}]},"b/c":{"x":{"y":1},"z":[]},"d-e":3}"#),
        ("+y", r#"{"a":{"x":1,"y":[{"n":1,"k":"q"},{"n":2},{"n":3,"k":"r"},{"n":4}]},"b/c":{"x":2},"d-e":3}"#),
        ("+d-e", r#"{"a":{"x":1,"y":[{"n":1,"k":"q"},{"n":2},{"n":3,"k":"r"}]},"b/c":{"x":2},"d-e":1}"#),
    ];
    for (action, expected) in cases {
        let text = format!("overlay: 1.1.0\nactions: [ {{ {action} }} ]\ninfo: {{ title: A, version: '1' }}");
        let (overlay, found, sources) = read(&text);
        let mut tree = read(document).0.expect("it is valid");
        let found = [found, overlay::apply(&mut tree, &overlay.expect("it is valid"))].concat();
        let expected = changed.iter().find(|(name, _)| *name == expected).map_or(expected, |(_, json)| *json);
        let got = if found.is_empty() { to_json(&tree).to_string() } else { findings(&found, &sources).join(" ") };
        assert_eq!(got, expected, "{action}");
    }
    let heads = [
        ("overlay: 1.1.0\ninfo: { title: A, version: '1' }", ""),
        ("overlay: '1.1'\ninfo: { title: A, version: '1' }", "BFF0210 1:10"),
        ("overlay: 1.2.0\ninfo: { title: A, version: '1' }", "BFF0210 1:10"),
        ("overlay: [1]\ninfo: { title: A, version: '1' }", "BFF0210 1:10"),
        ("overlay: 1.0.0\nextends: 1\ninfo: { title: A }", "BFF0205 2:10 BFF0210 3:7"),
        ("overlay: 1.0.0\ninfo: { title: 1, version: '1' }", "BFF0205 2:16"),
        ("overlay: 1.0.0\nx-a: 1\ninfos: 1", "BFF0210 1:1 BFF0210 3:1"),
        ("info: { title: A, version: '1', descriptoin: a }", "BFF0210 1:1 BFF0210 1:33"),
    ];
    for (head, expected) in heads {
        let (overlay, _, sources) = read(&format!("{head}\nactions: [ {{ target: $.a, remove: true }} ]"));
        let mut tree = read(document).0.expect("it is valid");
        let found = overlay::apply(&mut tree, &overlay.expect("it is valid"));
        assert_eq!(findings(&found, &sources).join(" "), expected, "{head}");
        assert_eq!(tree.get("a").is_some(), !found.is_empty(), "{head}: nothing of a wrong one is applied");
    }
    let files = vec![
        ("a.yaml", "openapi: 3.1.0\npaths: {}\ninfo: { title: A }".to_owned()),
        (
            "o.yaml",
            "overlay: 1.0.0\ninfo: { title: O, version: '1' }\nactions: [ { target: $.info, update: { title: B } } ]"
                .to_owned(),
        ),
    ];
    let (mut sources, mut specs) = (Sources::default(), Specs::default());
    let mut open = |overlays: &[String]| specs.open_with(&mut sources, "a.yaml", overlays, &mut Memory(files.clone()));
    let (doc, _) = open(&["o.yaml".to_owned()]);
    assert_eq!(open(&[]).1[0].code, "BFF0210", "one document is not read with different overlays");
    assert_eq!(specs.info(doc.expect("it is read")).0, "B");
}

/// Words of another version are understood, and said once.
#[test]
fn versions_mix() {
    let cases = [
        ("3.1.0", "{ type: string, nullable: true }", "str?", 1),
        ("3.1.0", "{ type: integer, minimum: 1, exclusiveMinimum: true }", "int >1", 1),
        ("3.0.3", "{ type: [string, 'null'] }", "str?", 1),
        ("3.0.3", "{ const: a }", "str in [\"a\"]", 1),
        (
            "3.0.3",
            "{ properties: { a: { const: a }, b: { const: b } } }",
            "{a?: str in [\"a\"], b?: str in [\"b\"]}",
            1,
        ),
        ("3.0.3", "{ type: integer, exclusiveMinimum: 1 }", "int >1", 1),
        ("3.0.3", "{ type: string, nullable: true }", "str?", 0),
        ("3.2.0", "{ type: [string, 'null'] }", "str?", 0),
    ];
    for (version, schema, expected, notes) in cases {
        let (got, found) = case(version, schema);
        assert_eq!((got.as_str(), found), (expected, vec!["BFF0209".to_owned(); notes]), "{version} {schema}");
    }
}
