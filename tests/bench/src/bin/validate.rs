//! What it takes to check a whole body: rules as generated crates have them, against `serde_json` into types (which
//! checks no rule) and against `serde_json::Value` with the `jsonschema` crate. `cargo run --release -p bffgen-bench
//! --bin validate`.

use std::fmt::Write;

use bff_runtime::json::{Clause, DecodeOptions, Field, Pattern, Raw, Rule, decode};
use bffgen_bench::race::{Candidate, race};
use serde::Deserialize;
use serde_json::{Value, json};

static SKU: Pattern = Pattern::new("^SKU-[0-9]+$");
static FIELDS: [Field; 7] = [
    Field::required("sku", &Rule::string().pattern(&SKU)),
    Field::required("name", &Rule::string().min_length(1).max_length(120)),
    Field::required("count", &Rule::integer().minimum("1").maximum("1000")),
    Field::required("price", &Rule::number().minimum("0").multiple_of("0.01")),
    Field::optional("gift", &Rule::boolean()),
    Field::optional("message", &Rule::string().max_length(200)),
    Field::optional("tags", &Rule::array(&Rule::string()).max_items(10).unique_items()),
];
static LINE: Rule = Rule::object(&FIELDS);
static ORDER: Rule =
    Rule::object(&[Field::required("id", &Rule::string()), Field::required("lines", &Rule::array(&LINE))]);

static HELD: Rule =
    Rule::object(&[Field::required("id", &Rule::string()), Field::required("lines", &Rule::array(&HELD_LINE))]);
static HELD_LINE: Rule = Rule::object(&FIELDS).also(LINE_CLAUSES);
static LINE_CLAUSES: &[Clause] =
    &[Clause::DependentRequired(&[("gift", &["message"])]), Clause::Not(&[Clause::Required(&["discount", "gift"])])];

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct SerdeOrder<'a> {
    id: &'a str,
    #[serde(borrow)]
    lines: Vec<SerdeLine<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct SerdeLine<'a> {
    sku: &'a str,
    name: &'a str,
    count: i64,
    price: f64,
    gift: Option<bool>,
    message: Option<&'a str>,
    tags: Option<Vec<&'a str>>,
}

fn order() -> String {
    let mut text = String::from("{\"id\":\"o-17\",\"lines\":[");
    for line in 0..180 {
        let comma = if line > 0 { "," } else { "" };
        let _ = write!(
            text,
            "{comma}{{\"sku\":\"SKU-{line:05}\",\"name\":\"Product number {line}, blue\",\"count\":{},\"price\":{line}.90,\
             \"gift\":true,\"message\":\"With best wishes to all of you\",\"tags\":[\"new\",\"sale\",\"outdoor\"]}}",
            line % 9 + 1
        );
    }
    text.push_str("]}");
    text
}

fn schema(clauses: bool) -> Value {
    let mut line = json!({
        "type": "object",
        "required": ["sku", "name", "count", "price"],
        "properties": {
            "sku": { "type": "string", "pattern": "^SKU-[0-9]+$" },
            "name": { "type": "string", "minLength": 1, "maxLength": 120 },
            "count": { "type": "integer", "minimum": 1, "maximum": 1000 },
            "price": { "type": "number", "minimum": 0, "multipleOf": 0.01 },
            "gift": { "type": "boolean" },
            "message": { "type": "string", "maxLength": 200 },
            "tags": { "type": "array", "items": { "type": "string" }, "maxItems": 10, "uniqueItems": true },
        },
    });
    if clauses {
        line["dependentRequired"] = json!({ "gift": ["message"] });
        line["not"] = json!({ "required": ["discount", "gift"] });
    }
    json!({
        "type": "object",
        "required": ["id", "lines"],
        "properties": { "id": { "type": "string" }, "lines": { "type": "array", "items": line } },
    })
}

fn main() {
    let body = order();
    let table = |rule: &'static Rule| {
        move |body: &[u8]| usize::from(decode::<Raw>(body, rule, &DecodeOptions::input()).is_ok())
    };
    let judge = |clauses: bool| {
        let validator = jsonschema::validator_for(&schema(clauses)).unwrap_or_else(|error| panic!("{error}"));
        move |body: &[u8]| {
            usize::from(serde_json::from_slice::<Value>(body).is_ok_and(|value| validator.is_valid(&value)))
        }
    };
    let (rules, clauses, theirs, theirs_too) = (table(&ORDER), table(&HELD), judge(false), judge(true));
    let typed = |body: &[u8]| serde_json::from_slice::<SerdeOrder>(body).map_or(0, |order| order.lines.len());
    let candidates: [Candidate<'_>; 5] = [
        ("serde_json into types, no rules", &typed),
        ("rules", &rules),
        ("rules and clauses", &clauses),
        ("parse and jsonschema, as the rules", &theirs),
        ("parse and jsonschema, with clauses", &theirs_too),
    ];
    race("an order", body.as_bytes(), &candidates);
}
