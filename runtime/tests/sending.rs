//! What a call sends is checked where types do not settle it: what breaks a rule is not sent, and the log says where.

mod support;

use bff_runtime::codegen::{
    Answer, Clause, Content, Cx, DecodeOptions, Endpoint, Failure, Field, FileRule, Format, JsonBuffer, Method,
    Multipart, Operation, ParamValue, Pattern, Raw, Request, Rule, Str, Upstream, decode, not_found, routes,
};
use bff_runtime::{Runtime, Settings};
use serde_json::{Value, json};
use support::{Bff, body, ok, status, upstream};

static SHOP: Upstream = Upstream::new("shop", 0, "${SHOP_URL}");
static SEND: Operation = Operation::new(&SHOP, "send", Method::POST, "/things");
static SENT: Endpoint = Endpoint::new("sent", Method::GET, "/sent/{case}");

static LETTERS: Pattern = Pattern::new("^[a-zß]+$");
static LIMIT: Rule = Rule::integer().minimum("1").maximum("100");
static PRICE: Rule = Rule::number().exclusive_minimum("0").multiple_of("0.25");
static SORT: Rule = Rule::string().one_of(&["\"up\"", "\"do\\\"wn\""]);
static NAME: Rule = Rule::string().min_length(2).max_length(4).pattern(&LETTERS);
static ID: Rule = Rule::string().format(Format::Uuid);
static NAMES: Rule = Rule::array(&NAME).min_items(1).max_items(2);
static UNIQUE: Rule = Rule::array(&LIMIT).unique_items();
static MIXED: Rule = Rule::any_of(&[&LIMIT, &NAME]);
static FILTER: Rule = Rule::object(&[Field::required("name", &NAME), Field::optional("limit", &LIMIT)]).closed();

/// Puts one thing into a request.
type Put = for<'a> fn(Request<'a, ()>) -> Request<'a, ()>;

/// What is sent, and of what is not sent, which rules it breaks where.
static CASES: &[(Put, &[(&str, &str)])] = &[
    (|r| r.check_param("p", &1i64, &LIMIT).query("p", 1i64), &[]),
    (|r| r.check_param("p", &Some(100i64), &LIMIT), &[]),
    (|r| r.check_param("p", &None::<i64>, &LIMIT), &[]),
    (|r| r.check_param("p", &0i64, &LIMIT), &[("", "minimum")]),
    (|r| r.check_param("p", &Some(i64::MAX), &LIMIT), &[("", "maximum")]),
    (|r| r.check_param("p", &0.75, &PRICE), &[]),
    (|r| r.check_param("p", &1e300, &PRICE), &[]),
    (|r| r.check_param("p", &0.3, &PRICE), &[("", "multipleOf")]),
    (|r| r.check_param("p", &-0.0, &PRICE), &[("", "exclusiveMinimum")]),
    (|r| r.check_param("p", &f64::NAN, &PRICE), &[("", "type")]),
    (|r| r.check_param("p", &"up", &SORT), &[]),
    (|r| r.check_param("p", &"do\"wn", &SORT), &[]),
    (|r| r.check_param("p", &"\"up\"", &SORT), &[("", "enum")]),
    (|r| r.check_param("p", &"", &SORT), &[("", "enum")]),
    (|r| r.check_param("p", &Str::plain("ßßßß"), &NAME), &[]),
    (|r| r.check_param("p", &Str::plain("secret"), &NAME), &[("", "maxLength")]),
    (|r| r.check_param("p", &"9", &NAME), &[("", "minLength"), ("", "pattern")]),
    (|r| r.check_param("p", &"8c2f1f1e-2f0b-4c1e-9a53-0d3b8f8a1b11", &ID), &[]),
    (|r| r.check_param("p", &"secret\u{0}\"\\", &ID), &[("", "format")]),
    (|r| r.check_param("p", &Some(["ab", "cd"].as_slice()), &NAMES), &[]),
    (|r| r.check_param("p", &None::<&[&str]>, &NAMES), &[]),
    (|r| r.check_param("p", &Some([""; 0].as_slice()), &NAMES), &[("", "minItems")]),
    (|r| r.check_param("p", &["ab", "secret", "ef"].as_slice(), &NAMES), &[("/1", "maxLength"), ("", "maxItems")]),
    (|r| r.check_param("p", &[1i64, 2].as_slice(), &UNIQUE), &[]),
    (|r| r.check_param("p", &[2i64, 1, 2].as_slice(), &UNIQUE), &[("", "uniqueItems")]),
    (|r| r.check_param("p", &ParamValue::of(&7i64), &MIXED), &[]),
    (|r| r.check_param("p", &ParamValue::of(&"abc"), &MIXED), &[]),
    (|r| r.check_param("p", &ParamValue::of(&"secret"), &MIXED), &[("", "anyOf")]),
    (|r| r.check_param("p", &ParamValue::of_json(&written(r#"{"name":"ab","limit":3}"#)), &FILTER), &[]),
    (|r| r.check_param("p", &ParamValue::object(), &FILTER), &[("/name", "required")]),
    (
        |r| r.check_param("p", &ParamValue::of_json(&written(r#"{"name":"secret","x":1}"#)), &FILTER),
        &[("/name", "maxLength"), ("/x", "additionalProperties")],
    ),
    (|r| r.check_json_param("p", &ParamValue::text_of(&written(r#"{"name":"ab"}"#)), &FILTER), &[]),
    (|r| r.check_json_param("p", &ParamValue::Absent, &FILTER), &[]),
    (|r| r.check_json_param("p", &ParamValue::text_of(&written("[]")), &FILTER), &[("", "type")]),
    (|r| put_parts(r, r#"{"name":"ab"}"#, &["secret"]), &[]),
    (|r| put_parts(r, r#"{"name":"ab"}"#, &["sec", "secret"]), &[]),
    (
        |r| put_parts(r, r#"{"name":"secret","limit":0}"#, &["secret"]),
        &[("/name", "maxLength"), ("/limit", "minimum"), ("/other", "dependentRequired")],
    ),
    (
        |r| put_parts(r, "", &["secret"]),
        &[("/name", "required"), ("/name", "dependentRequired"), ("", "minProperties")],
    ),
    (|r| put_parts(r, r#"{"name":"ab"}"#, &[]), &[("/a~1file", "required"), ("", "minProperties")]),
    (|r| put_parts(r, r#"{"name":"ab"}"#, &["se"]), &[("/a~1file", "minLength")]),
    (
        |r| put_parts(r, r#"{"name":"ab"}"#, &["secret", "secrets", "secret"]),
        &[("/a~1file", "maxLength"), ("/a~1file", "maxItems")],
    ),
    (|r| r.check_parts(&Multipart::new(), &PARTS, PART_FILES), &[]),
    (|r| r.check_body(&Multipart::new().file("a/file", "", &None::<&str>), &NONE), &[]),
    (|r| r.check_body(&Multipart::new().file("a/file", "", "secret"), &NONE), &[("", "maxProperties")]),
    (|r| r.check_body(&written(r#"{"limit":101}"#), &FILTER), &[("/limit", "maximum"), ("/name", "required")]),
    (|r| r.check_body(&JsonBuffer::new(), &FILTER), &[]),
    (|r| r.check_body(&Content::of("abc"), &NAME).content("text/plain", Content::of("abc")), &[]),
    (|r| r.check_body(&Content::of("secret"), &NAME), &[("", "maxLength")]),
    (|r| r.check_body(&Content::of(&12i64), &LIMIT), &[]),
    (|r| r.check_body(&Content::none(), &LIMIT), &[]),
    (|r| r.check_length(&Content::of("secret"), 6..=6), &[]),
    (|r| r.check_length(&Content::of("secret"), 0..=5), &[("", "maxLength")]),
    (|r| r.check_length(&Content::of("ß"), 3..=u64::MAX), &[("", "minLength")]),
    (|r| r.check_length(&Content::none(), 1..=2), &[]),
];

static PARTS: Rule = Rule::object(&[
    Field::required("name", &NAME),
    Field::optional("limit", &LIMIT),
    Field::required("a/file", &Rule::ANY),
])
.closed()
.min_properties(2)
.also(&[Clause::DependentRequired(&[("a/file", &["name"]), ("limit", &["other"])])]);

static PART_FILES: &[FileRule] = &[FileRule::new("a/file").min_length(3).max_length(6).min_items(1).max_items(2)];

static NONE: Rule = Rule::object(&[Field::optional("a/file", &Rule::ANY)]).max_properties(0);

fn put_parts<'a>(request: Request<'a, ()>, json: &str, files: &[&str]) -> Request<'a, ()> {
    let members = if json.is_empty() { JsonBuffer::new() } else { written(json) };
    let parts = Multipart::new().members(members, &[]);
    let parts = files.iter().fold(parts, |parts, file| parts.file("a/file", "text/plain", file));
    request.check_parts(&parts, &PARTS, PART_FILES).multipart(parts)
}

/// A value as it is written.
fn written(json: &str) -> JsonBuffer {
    let mut buffer = JsonBuffer::new();
    let read = decode::<Raw>(json.as_bytes(), &Rule::ANY, &DecodeOptions::input()).expect("JSON");
    buffer.value(&read.value);
    buffer
}

async fn sent(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let case = inputs.path::<i64>("case", &LIMIT_OF_CASES);
    let (case,) = inputs.finish((case,))?;
    let (put, _) = CASES[usize::try_from(case).expect("a case")];
    put(Request::new(cx, &SEND)).send().await?;
    Ok(Answer::empty(204))
}

static LIMIT_OF_CASES: Rule = Rule::integer().minimum("0");

fn router(runtime: Runtime) -> axum::Router {
    axum::Router::new()
        .route("/sent/{case}", routes(&runtime).on(&SENT, |cx| Box::pin(sent(cx))).into_method_router())
        .fallback(not_found(&runtime))
}

#[tokio::test]
async fn what_breaks_a_rule_is_not_sent() {
    for (case, (_, broken)) in CASES.iter().enumerate() {
        let mut scripted = upstream(|_| ok("{}")).await;
        let settings = Settings::default().upstream_url("shop", &scripted.url);
        let bff = Bff::start_with(settings, &[&SHOP], router).await;
        let answer = bff.get(&format!("/sent/{case}")).await;
        let was_sent = scripted.seen.try_recv().is_ok();
        let log = bff.log();
        let told: Vec<&Value> = log.iter().filter(|line| line["upstream"] == "shop").collect();
        assert!(!answer.contains("secret") && !log.iter().any(|line| line.to_string().contains("secret")), "{log:?}");
        if broken.is_empty() {
            assert_eq!((status(&answer), was_sent, told.len()), (204, true, 0), "case {case}: {answer} {log:?}");
            continue;
        }
        assert_eq!((status(&answer), was_sent, told.len()), (400, false, 1), "case {case}: {answer} {log:?}");
        let problem: Value = serde_json::from_str(body(&answer)).expect("JSON");
        assert_eq!(problem["code"], "invalid_argument");
        let expected_event = match told[0].get("parameter") {
            Some(name) => (name, "request_parameter"),
            None => (&Value::Null, "request_body"),
        };
        assert_eq!(told[0]["event"], expected_event.1);
        assert!(expected_event.0.is_null() || *expected_event.0 == json!("p"));
        let violations = told[0]["violations"].as_array().expect("a list");
        let mut found: Vec<_> = violations.iter().map(|one| [one["pointer"].as_str(), one["rule"].as_str()]).collect();
        let mut expected: Vec<_> = broken.iter().map(|(pointer, rule)| [Some(*pointer), Some(*rule)]).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "case {case}");
    }
}
