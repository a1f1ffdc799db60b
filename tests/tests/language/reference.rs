//! The examples of `docs/language.md`: each stands in its frame and is compiled, expressions have the type that is said.
//!
//! What a block is stands behind its language: `yaml top` is keys of the file, `yaml endpoint` entries of `endpoints`,
//! `yaml inputs`, `yaml calls`, `yaml gathered` (calls of which one is a list), `yaml with` and `yaml response` the value of that key. In `cel`, `//` is the type.

use std::collections::BTreeMap;
use std::fs;

use bffgen::diag::short::short;
use bffgen::{Compiled, Options, compile};
use bffgen_tests::project;
use serde_json::Value;

use crate::check::{self, Files};

/// All that the examples name.
const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: All, version: '1' }
paths:
  /profile: { get: { operationId: getProfile, responses: { '200': { $ref: '#/components/responses/User' } } } }
  /orders:
    get:
      operationId: listOrders
      parameters:
        - { name: limit, in: query, schema: { type: integer, maximum: 50 } }
        - { name: status, in: query, schema: { type: string } }
        - { name: page, in: query, schema: { type: integer } }
        - { name: cursor, in: query, schema: { type: string } }
        - { name: filter, in: query, style: deepObject, explode: true, schema: { type: object, properties: { kind: { type: string }, from: { type: integer } } } }
        - { name: area, in: query, content: { application/json: { schema: { type: object, properties: { x: { type: number } } } } } }
      responses: { '200': { description: d, content: { application/json: { schema: { type: object, required: [items], properties: { nextCursor: { type: string }, items: { type: array, items: { $ref: '#/components/schemas/Order' } } } } } } } }
  /orders/find:
    post:
      operationId: findOrders
      requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { text: { type: string }, after: { type: string } } } } } }
      responses: { '200': { description: d, content: { application/json: { schema: { type: object, required: [items], properties: { next: { type: string }, items: { type: array, items: { $ref: '#/components/schemas/Order' } } } } } } } }
  /products:
    get:
      operationId: listProducts
      parameters: [ { name: ids, in: query, schema: { type: array, items: { type: string } } } ]
      responses: { '200': { description: d, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Product' } } } } } }
  /products/{id}:
    parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
    get: { operationId: getProduct, responses: { '200': { description: d, content: { application/json: { schema: { type: object, required: [id], properties: { id: { type: string } } } } } } } }
  /may: { get: { operationId: mayRead, parameters: [ { name: file, in: query, schema: { type: string } } ], responses: { '204': { description: d } } } }
  /files/{id}:
    parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
    get: { operationId: getFile, responses: { '200': { description: d, content: { application/pdf: {} } } } }
  /avatar:
    put:
      operationId: putAvatar
      requestBody: { required: true, content: { multipart/form-data: { schema: { type: object, required: [photo], properties: { photo: { type: string, format: binary }, title: { type: string } } } } } }
      responses: { '204': { description: d } }
components:
  responses: { User: { description: d, content: { application/json: { schema: { $ref: '#/components/schemas/User' } } } } }
  schemas:
    User: { type: object, required: [name, motto, people], properties: { name: { type: string }, nickname: { type: string }, motto: { type: [string, 'null'] }, people: { type: array, items: { $ref: '#/components/schemas/Person' } } } }
    Person: { type: object, required: [name], properties: { name: { type: string }, nickname: { type: string } } }
    NewUser: { type: object, properties: { name: { type: string } } }
    ProductId: { type: string, minLength: 3 }
    Category: { type: object, required: [name], properties: { name: { type: string } } }
    Product: { type: object, required: [id], properties: { id: { type: string } } }
    Order: { type: object, required: [id, productId, total, payment], properties: { id: { type: string }, productId: { type: string }, total: { type: number }, payment: { oneOf: [ { $ref: '#/components/schemas/Card' }, { $ref: '#/components/schemas/Transfer' }, { $ref: '#/components/schemas/Cash' } ] } } }
    Card: { type: object, required: [kind, last4], properties: { kind: { const: card }, last4: { type: string } } }
    Transfer: { type: object, required: [kind, iban], properties: { kind: { const: transfer }, iban: { type: string } } }
    Cash: { type: object, required: [kind], properties: { kind: { const: cash } } }
";

const HEAD: &str = "bffgen: 1\nbff: web\n";
const UPSTREAMS: &str = "upstreams: { users: { spec: users.yaml }, orders: { spec: orders.yaml }, catalog: { spec: catalog.yaml }, files: { spec: files.yaml } }\n";

/// A block with its language and what stands behind that, and its line.
struct Block {
    line: usize,
    info: String,
    text: String,
}

fn reference() -> (String, Vec<Block>) {
    let text = fs::read_to_string(project("docs/language.md")).expect("the reference");
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (at, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(info), false) => blocks.push(Block { line: at + 1, info: info.to_owned(), text: String::new() }),
            (None, true) => blocks.last_mut().expect("a block").text.extend([line, "\n"]),
            _ => {}
        }
        open ^= line.starts_with("```");
    }
    (text, blocks)
}

fn compiled(text: String) -> Compiled {
    let mut files: BTreeMap<String, String> = BTreeMap::from([("web.bff.yaml".to_owned(), text)]);
    for name in ["users.yaml", "orders.yaml", "catalog.yaml", "files.yaml", "../specs/users.yaml"] {
        files.insert(name.to_owned(), DOCUMENT.to_owned());
    }
    compile("web.bff.yaml", &mut Files(files), &Options::default())
}

/// The composition around a block; none where the block is of another kind.
fn framed(kind: &str, text: &str) -> Option<String> {
    let deep = |by: usize| text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect::<String>();
    let endpoint = |inner: String| format!("{HEAD}{UPSTREAMS}endpoints:\n  GET /x/{{id}}:\n{inner}");
    let profile = "    calls: { profile: users.getProfile }\n";
    Some(match kind {
        "top" if text.starts_with("upstreams:") => format!("{HEAD}{text}endpoints: {{ GET /x: users.getProfile }}\n"),
        "top" => format!("{HEAD}{UPSTREAMS}{text}endpoints: {{ GET /x: users.getProfile }}\n"),
        "endpoint" => format!("{HEAD}{UPSTREAMS}endpoints:\n{}", deep(2)),
        "inputs" => endpoint(format!("{}    response: {{ a: path.id, b: query.page, c: body.?name }}\n", deep(4))),
        "calls" => endpoint(format!("{}    response: {{ a: profile.name, b: orders.items }}\n", deep(4))),
        "gathered" => endpoint(format!("{}    response: {{ a: path.id, b: orders }}\n", deep(4))),
        "batched" => endpoint(format!(
            "    calls:\n      orders: orders.listOrders\n{}    response: {{ a: path.id, b: \"products[?path.id]\" }}\n",
            deep(6)
        )),
        "partial" => {
            let soft = "{ operation: users.getProfile, on_error: absent }";
            endpoint(format!("    calls: {{ profile: {soft}, inbox: {soft} }}\n{}", deep(4)))
        }
        "with" => endpoint(format!(
            "    inputs: {{ query: {{ from: {{ type: integer }} }} }}\n    calls:\n      orders:\n        operation: orders.listOrders\n{}    response: {{ b: orders.items }}\n",
            deep(8)
        )),
        "response" => endpoint(format!(
            "    calls: {{ orders: orders.listOrders }}\n    response:\n      $each: order in orders.items\n{}",
            deep(6)
        )),
        "cel" => endpoint(format!("{profile}    response:\n      $each: p in [profile]\n      v: {}\n", quoted(text))),
        _ => return None,
    })
}

fn quoted(expression: &str) -> String {
    format!("'{}'", expression.trim().replace('\'', "''"))
}

/// What is wrong with a composition; that something is not used, or has no bound, is not the example's concern.
fn wrong(made: &Compiled) -> Vec<String> {
    let unused = ["[BFF0411]", "[BFF0418]", "[BFF0419]"];
    let lines = short(&made.diagnostics, &made.sources);
    lines.lines().filter(|line| !unused.iter().any(|code| line.contains(code))).map(str::to_owned).collect()
}

/// The type of `v` in the answer, in the words of the reference.
fn type_of(made: &Compiled) -> String {
    let text = made.output.iter().flat_map(|output| &output.files).find(|file| file.path == "openapi.json");
    let document: Value = text.map_or(Value::Null, |file| serde_json::from_str(&file.text).expect("JSON"));
    let path = "/paths/~1x~1{id}/get/responses/200/content/application~1json/schema/items";
    let item = document.pointer(path).unwrap_or(&Value::Null);
    let optional = !item["required"].as_array().is_some_and(|names| names.iter().any(|name| name == "v"));
    format!("{}{}", if optional { "optional " } else { "" }, word(&item["properties"]["v"]))
}

fn word(schema: &Value) -> String {
    match schema["type"].as_str() {
        Some("boolean") => "bool".to_owned(),
        Some("integer") => "int".to_owned(),
        Some("number") => "double".to_owned(),
        Some("array") => format!("list of {}", word(&schema["items"])),
        Some("object") => "map".to_owned(),
        Some("string") if schema["format"] == "date-time" => "timestamp".to_owned(),
        Some(other) => other.to_owned(),
        None => "any".to_owned(),
    }
}

#[test]
fn each_block_of_the_reference_compiles() {
    let mut failed = Vec::new();
    let mut seen = 0;
    for block in reference().1 {
        let (language, kind) = block.info.split_once(' ').unwrap_or((&block.info, ""));
        let parts: Vec<(&str, Option<&str>)> = match language {
            "cel" => block
                .text
                .lines()
                .map(|line| line.split_once("//").map_or((line, None), |(e, t)| (e, Some(t))))
                .collect(),
            _ => vec![(&block.text, None)],
        };
        for (text, ty) in parts {
            seen += 1;
            let Some(composition) = framed(if language == "cel" { language } else { kind }, text) else {
                failed.push(format!("docs/language.md:{}: a block `{}` has no frame", block.line, block.info));
                continue;
            };
            let made = compiled(composition);
            check::publish(&format!("reference-{seen}"), &made);
            let place = format!("docs/language.md:{}: {}", block.line, text.lines().next().unwrap_or_default());
            failed.extend(wrong(&made).into_iter().map(|line| format!("{place}: {line}")));
            match ty.map(str::trim) {
                Some(ty) if type_of(&made) != ty => failed.push(format!("{place}: is {}, not {ty}", type_of(&made))),
                None if language == "cel" => failed.push(format!("{place}: says no type")),
                _ => {}
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(seen > 12, "{seen}");
}

/// What stands between the blocks is pasted too.
#[test]
fn keys_within_the_text_of_the_reference_are_yaml() {
    let (mut open, mut seen) = (false, 0);
    for (at, line) in reference().0.lines().enumerate() {
        open ^= line.starts_with("```");
        let pieces = line.split('`').skip(1).step_by(2).filter(|_| !open && !line.starts_with("```"));
        for text in pieces.filter(|text| text.contains(": {") || text.contains(": [")) {
            let mut sources = bffgen::source::Sources::default();
            let id = sources.add("text.yaml", text);
            let (_, found) = bffgen::source::parse(&sources, id);
            let said: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
            assert!(found.is_empty(), "docs/language.md:{}: `{text}`: {said:?}", at + 1);
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}

/// A value of a word of the tables of functions.
fn sample(word: &str) -> Option<&'static str> {
    Some(match word {
        "int" => "1",
        "double" => "1.5",
        "string" => "'ab'",
        "bytes" => "b'ab'",
        "timestamp" => "timestamp('2024-01-01T00:00:00Z')",
        "duration" => "duration('90s')",
        "optional" => "optional.of(1)",
        "list" => "[1, 2]",
        "cond" => "x > 0",
        "value" | "key" => "x",
        _ => return None,
    })
}

/// What stands in the tables in short.
const SHORT: &[(&str, &str)] = &[
    ("optional.none()", "optional.of(1).or(optional.none())"),
    ("'%s: %.2f'.format([a, b])", "'%s: %.2f'.format(['a', 1.5])"),
    ("optional.of(x)", "optional.of(1)"),
    ("x.hasValue()", "optional.of(1).hasValue()"),
    ("x.orValue(y)", "optional.of(1).orValue(2)"),
    ("x.or(y)", "optional.of(1).or(optional.of(2))"),
    ("x.value()", "optional.of(1).value()"),
    ("list.unwrapOpt()", "[optional.of(1)].unwrapOpt()"),
    ("optional.unwrap(list)", "optional.unwrap([optional.of(1)])"),
    ("string(x)", "string(1)"),
    ("int(string)", "int('1')"),
    ("double(string)", "double('1.5')"),
    ("bool(string)", "bool('true')"),
    ("timestamp(string)", "timestamp('2024-01-01T00:00:00Z')"),
    ("duration(string)", "duration('90s')"),
    ("base64.decode(string)", "base64.decode('YWI=')"),
    ("size(x)", "size('ab')"),
    ("x.size()", "'ab'.size()"),
    ("matches(x, 'pattern')", "matches('ab', 'pattern')"),
    (".flatten()", "[[1], [2]].flatten()"),
    (".flatten(2)", "[[[1]], [[2]]].flatten(2)"),
    (".join()", "['a'].join()"),
    (".join(string)", "['a'].join(', ')"),
    (".slice(int, int)", "[1, 2].slice(0, 1)"),
    ("optional.optFlatMap(x, optional)", "optional.of(1).optFlatMap(x, optional.of(x))"),
    ("has(a.b)", "has(p.nickname)"),
];

/// An expression of a function as a table writes it: `.charAt(int)`, `list.all(x, cond)`.
fn instance(code: &str, receiver: &str) -> Option<String> {
    if let Some((_, whole)) = SHORT.iter().find(|(short, _)| *short == code) {
        return Some((*whole).to_owned());
    }
    let (name, arguments) = code.split_once('(')?;
    let arguments = arguments.strip_suffix(')')?;
    let literal = |c: char| c.is_ascii_digit() || c == '\'' || c == '[';
    let argument = |text: &str| {
        sample(text).or_else(|| (text == "x" || text.starts_with(literal)).then_some(text)).map(str::to_owned)
    };
    let made: Vec<String> = if arguments.is_empty() || arguments.starts_with(literal) {
        vec![arguments.to_owned()]
    } else {
        arguments.split(", ").map(argument).collect::<Option<_>>()?
    };
    let name = match name.split_once('.') {
        Some(("", method)) => format!("{receiver}.{method}"),
        Some((value, method)) if sample(value).is_some() && !method.starts_with("of") => {
            format!("{}.{method}", sample(value)?)
        }
        _ => name.to_owned(),
    };
    Some(format!("{name}({})", made.join(", ")))
}

#[test]
fn functions_have_the_types_of_their_tables() {
    let (text, _) = reference();
    let functions =
        text.lines().skip_while(|line| *line != "### Macros").take_while(|line| *line != "### Not in this version");
    let (mut receiver, mut failed, mut seen) = ("", Vec::new(), 0);
    for line in functions {
        for (title, value) in [("Strings.", "'abab'"), ("Lists:", "[1, 2]"), ("Conversions:", "1")] {
            if line.starts_with(title) {
                receiver = value;
            }
        }
        let Some((codes, result)) = line.strip_prefix("| `").and_then(|row| row.split_once(" | ")) else { continue };
        let result = result.trim_end_matches(" |");
        let whole = format!("`{codes}");
        for code in whole.split('`').skip(1).step_by(2).filter(|code| code.contains('(')) {
            let Some(mut expression) = instance(code, receiver) else { continue };
            if result.split(", ").last().is_some_and(|last| last.starts_with("bytes")) && code.contains("decode")
                || code.starts_with("bytes(")
            {
                expression = format!("base64.encode({expression})");
            }
            seen += 1;
            let made = compiled(framed("cel", &expression).expect("a frame"));
            failed.extend(wrong(&made).into_iter().map(|line| format!("{code} as {expression}: {line}")));
            let plain = ["int", "bool", "string", "list", "optional"];
            let said = result.split([',', ';', ' ']).next().unwrap_or_default();
            let is = type_of(&made);
            if plain.contains(&said) && !codes.contains("`bytes") && !is.starts_with(said) {
                failed.push(format!("{code} as {expression}: is {is}, and the table says {result}"));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(seen > 60, "{seen}");
}
