//! The front end, from text to schemas: tables of small documents and what is read from them.

use bffgen::Loader;
use bffgen::diag::Diagnostic;
use bffgen::openapi::{DocId, Specs};
use bffgen::schema::{Additional, Kind, SchemaId, Schemas, Tell};
use bffgen::source::{MAX_BYTES, Node, Place, Sources, Value, add_bytes, parse, to_json};

/// Files in memory.
struct Memory(Vec<(&'static str, String)>);

impl Loader for Memory {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let file = self.0.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| text.clone().into_bytes()).ok_or_else(|| "no such file".to_owned())
    }
}

fn read(text: &str) -> (Option<Node>, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let id = sources.add("in", text);
    let (node, found) = parse(&sources, id);
    (node, found, sources)
}

/// Codes with line and column.
fn findings(found: &[Diagnostic], sources: &Sources) -> Vec<String> {
    let place = |d: &Diagnostic| d.labels.first().map(|label| label.span.place(sources));
    found
        .iter()
        .map(|d| place(d).map_or(d.code.to_owned(), |at| format!("{} {}:{}", d.code, at.line, at.column)))
        .collect()
}

#[test]
fn texts_become_values() {
    let cases = [
        (r#"{"a": [1, -0.5e3, true, null, "x\n\u00e9\ud83d\ude00"]}"#, r#"{"a":[1,-500.0,true,null,"x\né😀"]}"#),
        ("\u{feff}{\"a\": 1.10}\r\n", r#"{"a":1.1}"#),
        ("[]", "[]"),
        ("{\"a\": 1,}", r#"{"a":1}"#),
        ("{a: 1, b: [x, y]}", r#"{"a":1,"b":["x","y"]}"#),
        (
            "a: yes\nb: ~\nc: 0x1F\nd: 0o17\ne: +.5\nf: 007\ng: 1_0\nh: TRUE",
            r#"{"a":"yes","b":null,"c":31,"d":15,"e":0.5,"f":7,"g":"1_0","h":true}"#,
        ),
        ("200: {ok: '200'}\ntrue: 1\n? plain\n: 2", r#"{"200":{"ok":"200"},"true":1,"plain":2}"#),
        ("a: !!str 1\nb: !!int '2'\nc: 2020-01-01\nd: 1e3", r#"{"a":"1","b":2,"c":"2020-01-01","d":1000.0}"#),
        ("\u{feff}a: 1\r\nb: |\r\n  x\r\n  y\r\n", r#"{"a":1,"b":"x\ny\n"}"#),
        (
            "base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\n  z: 4",
            r#"{"base":{"x":1,"y":2},"mine":{"x":1,"y":3,"z":4}}"#,
        ),
        (
            "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], \"<<\": q}",
            r#"{"a":{"x":1},"b":{"x":2,"y":2},"c":{"x":1,"y":2,"<<":"q"}}"#,
        ),
        ("a: &x [1]\nb: *x\n*x : c", ""),
        ("- - a\n  - b\n-", r#"[["a","b"],null]"#),
    ];
    for (text, json) in cases {
        let (node, found, _) = read(text);
        assert_eq!(node.map_or(String::new(), |node| to_json(&node).to_string()), json, "{text}: {found:?}");
    }
}

#[test]
fn every_value_knows_where_it_stands() {
    // what each scalar's span covers, and what its verbatim text is
    let text = "# é ü 😀\nk: plain é text  # no\n'q k': \"double\"\ns: 'it''s'\nf: >\n  fo\n  ld\nl: [ a , \"b\" ]\nm:\n  n: 1\n\n";
    let bom = format!("\u{feff}{text}");
    for text in [text.to_owned(), text.replace('\n', "\r\n"), bom] {
        let (node, found, sources) = read(&text);
        let node = node.expect("it is valid");
        assert!(found.is_empty(), "{found:?}");
        let covered = |path: &[&str]| {
            path.iter().fold(&node, |node, key| node.get(key).expect("the key is there")).span.text(&sources)
        };
        assert_eq!(covered(&["k"]), "plain é text");
        assert_eq!(covered(&["q k"]), "\"double\"");
        assert_eq!(covered(&["s"]), "'it''s'");
        assert_eq!(covered(&["l"]), "[ a , \"b\" ]");
        assert_eq!(covered(&["m"]), "n: 1");
        assert_eq!(node.member("q k").map(|m| m.key_span.text(&sources)), Some("'q k'"));
        let Some(Value::String(plain)) = node.get("k").map(|n| &n.value) else { panic!("a text") };
        let at = plain.verbatim_at.expect("it stands byte for byte") as usize;
        assert!(text[at..].starts_with("plain é text"));
        let Some(Value::String(doubled)) = node.get("s").map(|n| &n.value) else { panic!("a text") };
        assert_eq!(doubled.verbatim_at, None);
        let span = node.get("q k").expect("the key is there").span;
        assert_eq!(span.place(&sources), Place { line: 3, column: 8 });
    }
    let (node, _, sources) = read("{\n  \"é\": {\"b\": \"x\\ty\", \"c\": [12]}}");
    let inner = node.as_ref().and_then(|n| n.get("é")).expect("the key is there");
    assert_eq!(inner.span.text(&sources), "{\"b\": \"x\\ty\", \"c\": [12]}");
    assert_eq!(inner.get("c").map(|n| n.span.place(&sources)), Some(Place { line: 2, column: 27 }));
}

#[test]
fn broken_texts_are_reported() {
    let deep_json = "[".repeat(100_000);
    let deep_yaml = "- ".repeat(100_000);
    let bomb = {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..9 {
            let list = vec![format!("*a{}", i - 1); 10].join(", ");
            text.push_str(&format!("a{i}: &a{i} [{list}]\n"));
        }
        text
    };
    let cases: [(&str, &[&str]); 15] = [
        ("", &["BFF0109 1:1"]),
        ("\u{feff} \n ", &["BFF0109 1:1"]),
        ("{\"a\": 1 \"b\": 2}", &["BFF0104 1:9"]),
        ("{\"a\": \"x", &["BFF0104 1:9"]),
        ("{\"a\": 01}", &["BFF0104 1:8"]),
        ("{\"a\": 1} x", &["BFF0104 1:10"]),
        ("{\"a\": 1, \"a\": 2, \"a\": 3}", &["BFF0106 1:10", "BFF0106 1:18"]),
        ("a: 1\nb: 2\na: 3", &["BFF0106 3:1"]),
        ("a: b: c", &["BFF0105 1:5"]),
        ("a: 1\n---\nb: 2", &["BFF0105 2:1"]),
        ("[x]: 1", &["BFF0105 1:1"]),
        ("a: &a [*a]", &["BFF0107 1:8"]),
        (&bomb, &["BFF0107 6:45"]),
        (&deep_json, &["BFF0108 1:257"]),
        (&deep_yaml, &["BFF0108 1:513"]),
    ];
    for (text, codes) in cases {
        let (_, found, sources) = read(text);
        assert_eq!(findings(&found, &sources), codes, "{} {found:?}", &text[..text.len().min(60)]);
    }
    let mut sources = Sources::default();
    let code = |result: Result<_, Diagnostic>| result.err().map(|d| d.code);
    assert_eq!(code(add_bytes(&mut sources, "x", vec![b'a', 0xff])), Some("BFF0102"));
    assert_eq!(code(add_bytes(&mut sources, "x", vec![b' '; MAX_BYTES + 1])), Some("BFF0103"));
}

#[test]
fn what_is_no_document_is_refused() {
    let cases = [
        ("[]", "BFF0201 1:1"),
        ("a: 1", "BFF0201 1:1"),
        ("openapi: 3.0.0", "BFF0201 1:1"),
        ("swagger: '1.2'\npaths: {}", "BFF0202 1:10"),
        ("openapi: 4.0.0\npaths: {}", "BFF0202 1:10"),
        ("openapi: 3.1.0\npaths: []", "BFF0205 2:8"),
        ("", "BFF0109 1:1"),
    ];
    for (text, code) in cases {
        let (mut sources, mut specs) = (Sources::default(), Specs::default());
        let (doc, found) = specs.open(&mut sources, "a.yaml", &mut Memory(vec![("a.yaml", text.to_owned())]));
        assert_eq!((doc, findings(&found, &sources)), (None, vec![code.to_owned()]), "{text}: {found:?}");
        let (doc, again) = specs.open(&mut sources, "a.yaml", &mut Memory(Vec::new()));
        assert!(doc.is_none() && !again.is_empty(), "{text}");
    }
    let (doc, found) = Specs::default().open(&mut Sources::default(), "none.yaml", &mut Memory(Vec::new()));
    assert_eq!((doc, found[0].code), (None, "BFF0101"));
}

fn open(files: Vec<(&'static str, String)>) -> (Specs, DocId, Vec<Diagnostic>, Sources) {
    let (mut sources, mut specs) = (Sources::default(), Specs::default());
    let root = files[0].0;
    let (doc, found) = specs.open(&mut sources, root, &mut Memory(files));
    let doc = doc.unwrap_or_else(|| panic!("{found:?}"));
    (specs, doc, found, sources)
}

#[test]
fn operations_are_listed_and_read() {
    let text = r#"
openapi: 3.0.3
info: { title: Shop, version: 1.10 }
security: [ { key: [] } ]
paths:
  /users/{id}/{no}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: integer } }
      - { name: q, in: query, schema: { type: string } }
      - { name: Accept, in: header, schema: { type: string } }
    get:
      summary: "Reads one.\nMore."
      security: [ {}, { key: [] } ]
      parameters: [ { name: q, in: query, style: pipeDelimited, schema: { type: array, items: { type: string } } }, { $ref: '#/components/parameters/Page' } ]
      responses:
        200: { description: OK, content: { application/json; charset=utf-8: { schema: { type: object, properties: { tags: { type: array, items: { type: object } } } } } } }
        4XX: { $ref: '#/components/responses/Problem' }
        default: { description: other }
        abc: {}
    post:
      operationId: same
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/User' } } } }
      responses: { 201: { description: made } }
  /p: { $ref: '#/x-items/p' }
  /bad: { get: { operationId: bad, parameters: [ { $ref: '#/components/parameters/Pge' } ], responses: {} } }
x-items: { p: { put: { operationId: same, responses: {} } } }
components:
  parameters: { Page: { name: page, in: query, schema: { type: integer } } }
  responses: { Problem: { description: no, content: { application/problem+json: { schema: { type: object } } } } }
  schemas: { User: { type: object } }
"#;
    let (mut specs, doc, found, sources) = open(vec![("a.yaml", text.to_owned())]);
    assert_eq!(findings(&found, &sources), ["BFF0207 26:17"]);
    assert_eq!(specs.info(doc), ("Shop", "1.10"));
    let ids: Vec<&str> = specs.operations(doc).iter().map(|head| &*head.id).collect();
    assert_eq!(ids, ["get_users_by_id_by_no", "same", "put_p", "bad"]);
    assert_eq!(specs.operations(doc)[0].summary.as_deref(), Some("Reads one."));
    assert_eq!((specs.find(doc, "PUT /p"), specs.find(doc, "same"), specs.find(doc, "x")), (Some(2), Some(1), None));

    let (get, found) = specs.operation(doc, 0);
    assert_eq!(findings(&found, &sources), ["BFF0208 11:5", "BFF0205 19:9"]);
    let parameters: Vec<String> = get
        .parameters
        .iter()
        .map(|p| {
            format!("{} {:?} {:?} {} {}", p.name, p.location, p.style, p.explode, specs.schemas.get(p.schema).name)
        })
        .collect();
    assert_eq!(
        parameters,
        [
            "id Path Simple false get_users_by_id_by_no id",
            "q Query PipeDelimited false get_users_by_id_by_no q",
            "page Query Form true Page parameter",
            "no Path Simple false get_users_by_id_by_no no"
        ]
    );
    let names: Vec<String> = get
        .responses
        .iter()
        .map(|r| {
            format!("{:?} {:?}", r.status, r.content.first().and_then(|m| m.schema).map(|s| &specs.schemas.get(s).name))
        })
        .collect();
    assert_eq!(
        names,
        ["Code(200) Some(\"get_users_by_id_by_no response\")", "Range(4) Some(\"Problem response\")", "Default None"]
    );
    assert!(get.responses[0].content[0].is_json() && get.responses[1].content[0].is_json());
    assert!(specs.schemas_named("get_users_by_id_by_no response tags item"));
    let (post, _) = specs.operation(doc, 1);
    assert!(!get.needs_credential && post.needs_credential);
    assert!(
        post.body
            .as_ref()
            .is_some_and(|b| b.required && specs.schemas.get(b.content[0].schema.unwrap()).name == "User")
    );
    let (_, found) = specs.operation(doc, 3);
    assert_eq!(found[0].help, ["Did you mean `#/components/parameters/Page`?"]);
    assert!(specs.operation(doc, 3).1.is_empty(), "diagnostics come once");
}

trait Named {
    fn schemas_named(&self, name: &str) -> bool;
}

impl Named for Specs {
    fn schemas_named(&self, name: &str) -> bool {
        (0..self.schemas.len() as u32).any(|id| self.schemas.get(SchemaId(id)).name == name)
    }
}

/// A schema in a few words: components by name below the top.
fn describe(schemas: &Schemas, id: SchemaId, top: bool) -> String {
    let schema = schemas.get(id);
    let below = |id: SchemaId| describe(schemas, id, false);
    if schema.component && !top {
        return schema.name.clone();
    }
    let rules = |parts: &[(&str, Option<String>)]| {
        parts
            .iter()
            .filter_map(|(name, value)| value.as_ref().map(|value| format!(" {name}{value}")))
            .collect::<String>()
    };
    let mut text = match &schema.kind {
        Kind::Any => "any".to_owned(),
        Kind::Never => "never".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Nullable(inner) => format!("{}?", describe(schemas, *inner, top)),
        Kind::Boolean => "bool".to_owned(),
        Kind::Integer(n) | Kind::Number(n) => {
            let name = if matches!(schema.kind, Kind::Integer(_)) { "int" } else { "num" };
            let all = [
                (">=", &n.minimum),
                ("<=", &n.maximum),
                (">", &n.exclusive_minimum),
                ("<", &n.exclusive_maximum),
                ("*", &n.multiple_of),
                (":", &n.format),
            ];
            format!("{name}{}", rules(&all.map(|(name, value)| (name, value.clone()))))
        }
        Kind::String(s) => {
            let (min, max) = (s.min_length.map(|n| n.to_string()), s.max_length.map(|n| n.to_string()));
            format!("str{}", rules(&[(">=", min), ("<=", max), ("~", s.pattern.clone()), (":", s.format.clone())]))
        }
        Kind::Array(a) if !a.prefix_items.is_empty() => {
            let first: Vec<String> = a.prefix_items.iter().map(|id| below(*id)).collect();
            format!("[{}, {} ..]", first.join(", "), below(a.rest))
        }
        Kind::Array(a) => format!("[{}]{}", below(a.items), rules(&[("<=", a.max_items.map(|n| n.to_string()))])),
        Kind::Object(o) => {
            let mut parts: Vec<String> = o
                .properties
                .iter()
                .map(|p| format!("{}{}: {}", p.name, if p.required { "" } else { "?" }, below(p.schema)))
                .collect();
            parts.extend(o.pattern_properties.iter().map(|(pattern, id)| format!("/{pattern}/: {}", below(*id))));
            parts.extend(o.property_names.map(|id| format!("name: {}", below(id))));
            match o.unmatched {
                Additional::Unsaid => {}
                Additional::Any => parts.push("..".to_owned()),
                Additional::Forbidden => parts.push("!".to_owned()),
                Additional::Schema(id) => parts.push(format!("*: {}", below(id))),
            }
            format!("{{{}}}", parts.join(", "))
        }
        Kind::Union(u) => {
            let members: Vec<String> = u.members.iter().map(|m| below(*m)).collect();
            let by =
                u.discriminator.as_ref().map(|d| format!(" by {} {:?}", d.property, d.mapping)).unwrap_or_default();
            format!("({}){by}", members.join(if u.exactly_one { " ^ " } else { " | " }))
        }
        Kind::Unsupported { what, .. } => format!("unsupported {what}"),
    };
    if let Some(allowed) = &schema.allowed {
        text.push_str(&format!(" in {}", serde_json::Value::from(allowed.clone())));
    }
    for (what, _) in &schema.unsupported {
        text.push_str(&format!(" +{what}"));
    }
    text
}

/// What other schemas refer to.
const COMPONENTS: &str = r#"
    User: { type: object, required: [id], properties: { id: { type: integer }, boss: { $ref: '#/components/schemas/User' } } }
    Alias: { $ref: '#/components/schemas/User' }
    Cat: { allOf: [ { $ref: '#/components/schemas/Pet' }, { type: object, properties: { purrs: { type: boolean } } } ] }
    Dog: { allOf: [ { $ref: '#/components/schemas/Pet' }, { type: object, required: [bark], properties: { bark: { type: string } } } ] }
    Pet: { type: object, required: [kind], properties: { kind: { type: string } }, discriminator: { propertyName: kind }, oneOf: [ { $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' } ] }
    'a b/c~': { type: string }
    Loop: { $ref: '#/components/schemas/Pool' }
    Pool: { allOf: [ { $ref: '#/components/schemas/Loop' } ] }
    Tree: { type: [array, 'null'], items: { $ref: '#/components/schemas/Tree' } }
    Old: { type: string, nullable: true, enum: [a, b] }
"#;

fn case(version: &str, schema: &str) -> (String, Vec<String>) {
    let text = format!("openapi: {version}\npaths: {{}}\ncomponents:\n  schemas:\n    X: {schema}\n{COMPONENTS}");
    let (mut specs, doc, _, _) = open(vec![("a.yaml", text)]);
    let (id, found) = specs.schema_at(doc, "/components/schemas/X").expect("X is there");
    (describe(&specs.schemas, id, true), found.iter().map(|d| d.code.to_owned()).collect())
}

#[test]
fn schemas_are_normalised() {
    // 3.1
    let cases: &[(&str, &str)] = &[
        ("{}", "any"),
        ("true", "any"),
        ("false", "never"),
        ("{ type: 'null' }", "null"),
        ("{ type: [string, 'null'], minLength: 1 }", "str >=1?"),
        ("{ type: [string, integer], maximum: 3 }", "(str | int <=3)"),
        ("{ type: [string, integer], enum: [a, b] }", "str in [\"a\",\"b\"]"),
        ("{ type: [integer, number] }", "num"),
        ("{ type: integer, minimum: 1, exclusiveMaximum: 1.50, multipleOf: 0.1 }", "int >=1 <1.50 *0.1"),
        ("{ properties: { a: true } }", "{a?: any}"),
        ("{ items: { type: string }, maxItems: 3 }", "[str] <=3"),
        ("{ type: array }", "[any]"),
        ("{ enum: [1, 2.5] }", "num in [1,2.5]"),
        ("{ enum: [a, null] }", "str in [\"a\"]?"),
        ("{ const: a }", "str in [\"a\"]"),
        ("{ type: string, enum: [1, a, true] }", "str in [\"1\",\"a\",\"true\"]"),
        ("{ type: array, items: { type: string }, enum: [a] }", "[str] +enum"),
        ("{ type: object, required: [b, a], properties: { a: { type: string } } }", "{a: str, b: any}"),
        ("{ type: object, additionalProperties: { type: integer } }", "{*: int}"),
        ("{ type: object, additionalProperties: false }", "{!}"),
        ("{ type: object, additionalProperties: {} }", "{..}"),
        ("{ $ref: '#/components/schemas/Alias' }", "{id: int, boss?: User}"),
        ("{ $ref: '#/components/schemas/Alias', description: text }", "{id: int, boss?: User}"),
        ("{ $ref: '#/components/schemas/User', required: [boss] }", "{id: int, boss: User}"),
        ("{ type: array, items: { $ref: '#/components/schemas/Alias' } }", "[User]"),
        ("{ type: array, items: { $ref: '#/components/schemas/User', description: x } }", "[User]"),
        ("{ oneOf: [ { $ref: '#/components/schemas/User' }, { type: 'null' } ] }", "{id: int, boss?: User}?"),
        (
            "{ type: object, allOf: [ { $ref: '#/components/schemas/User' } ], description: x }",
            "{id: int, boss?: User}",
        ),
        ("{ type: array, items: { oneOf: [ { $ref: '#/components/schemas/User' } ] } }", "[User]"),
        ("{ $ref: '#/components/schemas/a%20b~1c~0' }", "str"),
        ("{ $ref: '#/components/schemas/User/properties/id' }", "int"),
        ("{ $ref: '#/components/schemas/Alias/properties/boss/properties/id' }", "int"),
        ("{ $ref: '#/components/schemas/Tree' }", "[Tree?]?"),
        ("{ allOf: [ { minimum: 1, maximum: 9 }, { type: integer, minimum: 3 } ] }", "int >=3 <=9"),
        ("{ allOf: [ { type: string }, { type: integer } ] }", "unsupported `allOf` of different types"),
        (
            "{ allOf: [ { $ref: '#/components/schemas/User' }, { properties: { id: { maximum: 5 } } } ] }",
            "{id: int <=5, boss?: User}",
        ),
        ("{ anyOf: [ { type: string, enum: [a] }, { type: string } ] }", "str"),
        ("{ anyOf: [ { type: string }, { type: [integer, 'null'] } ] }", "(str | int)?"),
        ("{ oneOf: [ { $ref: '#/components/schemas/User' }, { type: string } ] }", "(User ^ str)"),
        (
            "{ type: object, oneOf: [ { $ref: '#/components/schemas/User' }, { properties: { a: {} } } ] }",
            "(User ^ {a?: any})",
        ),
        ("{ properties: { a: {} }, oneOf: [ { required: [a] }, { required: [b] } ] }", "{a?: any} +oneOf"),
        (
            "{ properties: { t: { type: string } }, oneOf: [ { properties: { a: {} } }, { properties: { b: {} } } ] }",
            "({t?: str, a?: any} ^ {t?: str, b?: any})",
        ),
        ("{ $ref: '#/components/schemas/Cat' }", "{kind: str, purrs?: bool}"),
        (
            "{ oneOf: [ { $ref: '#/components/schemas/User' }, { $ref: '#/components/schemas/Dog' } ], discriminator: { propertyName: k, mapping: { u: User, d: '#/components/schemas/Dog', x: Cat } } }",
            "(User ^ Dog) by k [(\"u\", 0), (\"d\", 1)]",
        ),
        ("{ not: { type: string } }", "any +not"),
        ("{ if: { required: [a] }, then: { required: [b] } }", "any +if +then"),
        ("{ type: string, not: { const: a } }", "str +not"),
        ("{ type: array, prefixItems: [ { type: string } ], items: { type: integer } }", "[str, int ..] +prefixItems"),
        (
            "{ patternProperties: { '^a': {} }, additionalProperties: false, propertyNames: { maxLength: 3 } }",
            "{/^a/: any, name: str <=3, !} +patternProperties +propertyNames",
        ),
        ("{ type: file }", "unsupported `type: file`"),
        (
            "{ $ref: '#/components/schemas/Loop' }",
            "unsupported the circle of references through `#/components/schemas/Pool`",
        ),
        ("{ $ref: '#/components/schemas/Usr' }", "unsupported the reference `#/components/schemas/Usr` to nothing"),
        ("{ $ref: 'https://example.com/x' }", "unsupported the reference `https://example.com/x` to nothing"),
        (
            "{ type: object, properties: { a: { $ref: '#/components/schemas/Nope' } } }",
            "{a?: unsupported the reference `#/components/schemas/Nope` to nothing}",
        ),
        ("{ allOf: [ { $ref: '#/components/schemas/X' }, { type: string } ] }", "str"),
        ("12", "unsupported a schema that is not an object"),
    ];
    let old: &[(&str, &str)] = &[
        ("{ type: string, nullable: true }", "str?"),
        ("{ $ref: '#/components/schemas/Old' }", "str in [\"a\",\"b\"]?"),
        ("{ nullable: true, allOf: [ { $ref: '#/components/schemas/User' } ] }", "{id: int, boss?: User}?"),
        ("{ allOf: [ { $ref: '#/components/schemas/User' }, { nullable: true } ] }", "{id: int, boss?: User}?"),
        ("{ $ref: '#/components/schemas/User', nullable: true }", "{id: int, boss?: User}?"),
        ("{ $ref: '#/components/schemas/User', required: [boss] }", "{id: int, boss?: User}"),
        ("{ nullable: true }", "any"),
        ("{ nullable: true, properties: { a: {} } }", "{a?: any}?"),
        ("{ nullable: true, enum: [a] }", "str in [\"a\"]?"),
        ("{ nullable: true, oneOf: [ { type: string }, { type: boolean } ] }", "(str ^ bool)?"),
        ("{ type: integer, minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false }", "int <=5 >1"),
    ];
    let mut wrong = Vec::new();
    for (version, cases) in [("3.1.0", cases), ("3.0.3", old)] {
        for (schema, expected) in cases {
            let (got, found) = case(version, schema);
            if got != *expected {
                wrong.push(format!("{schema}\n  expected {expected}\n  got      {got} {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What tells the members of a union apart.
#[test]
fn members_of_unions_are_told_apart() {
    let object = |text: &str| format!("{{ type: object, {text} }}");
    let kind = |value: &str| object(&format!("required: [k], properties: {{ k: {{ const: {value} }}, n: {{}} }}"));
    let one_of = |members: &[String]| format!("{{ oneOf: [ {} ] }}", members.join(", "));
    let ab = [object("required: [a], properties: { a: {}, n: {} }"), object("required: [n], properties: { n: {} }")];
    let loose = object("properties: { k: { enum: [z] } }");
    let heirs = "{ oneOf: [ { $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' } ] }".to_owned();
    let cases = [
        ("{ type: [string, integer, number, array] }".to_owned(), "type [[String], [Number], [Array]]"),
        (one_of(&["{ type: integer }".to_owned(), "{ type: number }".to_owned()]), "type [[Integer], [Number]]"),
        (one_of(&[kind("x"), kind("y")]), "k = [[\"x\"], [\"y\"]]"),
        (one_of(&ab), "has [(\"a\", 0)] else 1"),
        (
            one_of(&[kind("x"), "{ type: string }".to_owned(), kind("y")]),
            "type [[Object], [String], [Object]] of objects k = [[\"x\"], [], [\"y\"]]",
        ),
        (one_of(&[one_of(&[kind("x"), kind("z")]), kind("y")]), "k = [[\"x\", \"z\"], [\"y\"]]"),
        (heirs, "by kind [(\"Cat\", 0), (\"Dog\", 1)]"),
        (
            format!(
                "{{ discriminator: {{ propertyName: k, mapping: {{ x: '#/components/schemas/User' }} }}, \
                 oneOf: [ {{ $ref: '#/components/schemas/User' }}, {} ] }}",
                kind("y")
            ),
            "by k [(\"x\", 0), (\"y\", 1)]",
        ),
        (one_of(&[kind("x"), loose]), "none: `k` would tell the members apart, and `X option 2` does not require it"),
        (
            one_of(&["{ type: string, format: uuid }".to_owned(), "{ type: string, format: email }".to_owned()]),
            "none: both `X string` and `X string` can be texts",
        ),
        (one_of(&[kind("x"), "{}".to_owned()]), "none: `X option 2` allows any value, so every value could be one"),
    ];
    for (schema, expected) in cases {
        let text = format!("openapi: 3.1.0\npaths: {{}}\ncomponents:\n  schemas:\n    X: {schema}\n{COMPONENTS}");
        let (mut specs, doc, _, _) = open(vec![("a.yaml", text)]);
        let (id, found) = specs.schema_at(doc, "/components/schemas/X").expect("X is there");
        let Kind::Union(union) = &specs.schemas.get(id).kind else { panic!("{schema} is a union: {found:?}") };
        assert_eq!(told(&union.tell), expected, "{schema}");
    }
}

fn told(tell: &Tell) -> String {
    let texts = |values: &[Vec<bffgen::schema::Json>]| {
        let one = |values: &Vec<_>| serde_json::Value::from(values.clone()).to_string().replace(',', ", ");
        values.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    match tell {
        Tell::Discriminator { property, mapping } => format!("by {property} {mapping:?}"),
        Tell::ConstProperty { property, values } => format!("{property} = [{}]", texts(values)),
        Tell::Required { marks, otherwise } => format!("has {marks:?} else {otherwise}"),
        Tell::JsonType { types, objects: None } => format!("type {types:?}"),
        Tell::JsonType { types, objects: Some(objects) } => format!("type {types:?} of objects {}", told(objects)),
        Tell::None { reason } => format!("none: {reason}"),
    }
}

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
