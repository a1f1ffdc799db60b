//! Cases of `decode`, through the inputs of a BFF.

use crate::exceptions::DECODE;
use crate::{Judge, cases, id};
use bff_runtime::codegen::{Answer, Cx, Endpoint, Failure, Field, Method, Raw, Rule, Style, routes};
use bff_runtime::{LogOutput, Runtime, Settings};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tower_service::Service;

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// The rule of a schema as its source writes it.
fn rule_of(schema: &Value) -> &'static Rule {
    let array = |items: Rule| Rule::array(leak(items));
    leak(match (schema.as_str(), schema["_ident"].as_str(), schema["_call"].as_str()) {
        (Some(text), ..) if text.starts_with('{') => return rule_of(&serde_json::from_str(text).expect("a schema")),
        (Some(name), ..) | (None, Some(name), _) => match name {
            "stringSchema" => Rule::string(),
            "integerSchema" => Rule::integer(),
            "numberSchema" => Rule::number(),
            "booleanSchema" => Rule::boolean(),
            "stringArraySchema" => array(Rule::string()),
            "integerArraySchema" => array(Rule::integer()),
            "objectSchema" => {
                return object(&[("id", rule_of(&json!("stringSchema"))), ("name", leak(Rule::string()))]);
            }
            "additionalPropertiesObjectStringSchema" => Rule::map(leak(Rule::string())),
            "additionalPropertiesObjectBoolSchema" => Rule::map(leak(Rule::boolean())),
            "allofSchema" => Rule::integer(),
            "anyofSchema" => Rule::any_of(leak([leak(Rule::integer()), leak(Rule::string())])),
            "oneofSchema" => Rule::one_of_rules(leak([leak(Rule::boolean()), leak(Rule::integer())])),
            other => panic!("the schema {other}"),
        },
        (.., Some(call)) => {
            let args = schema["args"].as_array().expect("arguments");
            match call {
                "arrayOf" => Rule::array(rule_of(&args[0])),
                "additionalPropertiesObjectOf" => Rule::map(rule_of(&args[0])),
                "objectOf" => {
                    let member = |pair: &[Value]| (pair[0].as_str().expect("a name").to_owned(), rule_of(&pair[1]));
                    let members: Vec<_> = args.chunks(2).map(member).collect();
                    return object(&members.iter().map(|(name, rule)| (&**name, *rule)).collect::<Vec<_>>());
                }
                other => panic!("the schema {other}"),
            }
        }
        _ => panic!("the schema {schema}"),
    })
}

/// The rule of a value, where a source gives no schema.
fn rule_of_value(value: &Value) -> &'static Rule {
    match value {
        Value::Array(_) => leak(Rule::array(leak(Rule::string()))),
        Value::Object(members) => {
            object(&members.keys().map(|name| (name.as_str(), leak(Rule::string()))).collect::<Vec<_>>())
        }
        _ => leak(Rule::string()),
    }
}

fn object(members: &[(&str, &'static Rule)]) -> &'static Rule {
    let fields = members.iter().map(|(name, rule)| Field::optional(name.to_string().leak(), rule));
    leak(Rule::object(fields.collect::<Vec<_>>().leak()))
}

#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    place: &'static str,
    style: Style,
    explode: bool,
    rule: &'static Rule,
}

async fn read(cx: &Cx, case: Case) -> Result<Answer, Failure> {
    let Case { name, place, style, explode, rule } = case;
    let mut inputs = cx.inputs();
    let value = match place {
        "path" => inputs.path_with::<Raw>(name, rule, style, explode),
        "header" => inputs.required_header_with(name, rule, explode),
        "cookie" => inputs.required_cookie_with(name, rule, explode),
        _ => inputs.required_query_with(name, rule, style, explode),
    };
    Ok(Answer::raw(200, &inputs.finish(value)?))
}

/// What an endpoint reads from the text of a case, as JSON; `(refused)` if it is not valid.
async fn decoded(case: &Value) -> String {
    let text = |key: &str| case[key].as_str();
    let (name, place): (&'static str, &'static str) =
        (text("name").expect("a name").to_owned().leak(), text("in").expect("a place").to_owned().leak());
    let style = match (text("style"), place) {
        (Some("label"), _) => Style::Label,
        (Some("matrix"), _) => Style::Matrix,
        (Some("spaceDelimited"), _) => Style::SpaceDelimited,
        (Some("pipeDelimited"), _) => Style::PipeDelimited,
        (Some("deepObject"), _) => Style::DeepObject,
        (Some("form"), _) | (None, "query" | "cookie") => Style::Form,
        _ => Style::Simple,
    };
    let explode = case["explode"].as_bool().unwrap_or(style == Style::Form);
    let rule = if case["schema"].is_null() { rule_of_value(&case["value"]) } else { rule_of(&case["schema"]) };
    let read_case = Case { name, place, style, explode, rule };

    let path: &'static str = if place == "path" { format!("/x/{{{name}}}").leak() } else { "/x" };
    let mut settings = Settings::default();
    settings.log_output = LogOutput::Writer(Arc::new(Mutex::new(Vec::new())));
    let runtime = Runtime::new(settings, &[]).expect("a runtime");
    let endpoint = leak(Endpoint::new("read", Method::GET, path));
    let handlers = routes(&runtime).on(endpoint, move |cx| Box::pin(read(cx, read_case)));
    let mut router = axum::Router::new().route(path, handlers.into_method_router());

    let wire = text("wire").expect("a wire");
    let request = match place {
        "path" => http::Request::get(format!("/x/{wire}")),
        "header" => http::Request::get("/x").header(name, wire),
        // Some sources leave the name of a cookie out.
        "cookie" if !wire.starts_with(name) => http::Request::get("/x").header("cookie", format!("{name}={wire}")),
        "cookie" => http::Request::get("/x").header("cookie", wire),
        _ => http::Request::get(format!("/x?{}", wire.replace(' ', "%20"))),
    };
    let request = request.body(axum::body::Body::empty()).expect("a request");
    let answer = router.call(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    match status {
        200 => canonical(&body),
        400 => "(refused)".to_owned(),
        _ => panic!("{case}: {status} {body}"),
    }
}

/// JSON in which equal objects are equal texts.
fn canonical(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.iter().map(|(name, value)| format!("{name}:{}", canonical(value))).collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        value => value.to_string(),
    }
}

#[tokio::test]
async fn every_text_has_the_value_that_its_style_says() {
    let Some(cases) = cases("decode") else { return };
    let mut judge = Judge::new(DECODE);
    for case in &cases {
        let expected = match case["error"] == true {
            true => "(refused)".to_owned(),
            false => canonical(&case["value"]),
        };
        judge.judge(&id(case), Some(&expected), &decoded(case).await);
    }
    judge.done();
}
