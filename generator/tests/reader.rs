//! The front end, from text to schemas: tables of small documents and what is read from them.

#[path = "reader/references.rs"]
mod references;
#[path = "reader/schemas.rs"]
mod schemas;
#[path = "reader/texts.rs"]
mod texts;
#[path = "reader/unions.rs"]
mod unions;
#[path = "reader/versions.rs"]
mod versions;

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
    for clause in &schema.clauses {
        let shown = format!("{clause:?}");
        let keyword = shown.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        text.push_str(&format!(" &{keyword}"));
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
