//! What the corpus has no cases for: inputs that are JSON, strict endpoints, objects beside other parameters, limits.

use bff_runtime::codegen::{Answer, Cx, Endpoint, Failure, Field, JsonBuffer, Method, Raw, Rule, Style, routes};
use bff_runtime::{LogOutput, Runtime, Settings};
use http_body_util::BodyExt;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tower_service::Service;

static TEXT: Rule = Rule::string();
static COUNT: Rule = Rule::integer().maximum("9");
static COUNTS: Rule = Rule::array(&COUNT);
static FILTER: Rule = Rule::object(&[Field::optional("a", &COUNT), Field::optional("list", &COUNTS)]);
static NESTED: Rule = Rule::nullable_of(&FILTER);
static OPEN: Rule = Rule::object(&[Field::optional("a", &COUNT)]).values(&TEXT);
static EITHER: Rule = Rule::any_of(&[&FILTER, &OPEN]);

static ENDPOINT: Endpoint = Endpoint::new("read", Method::GET, "/x/{ids}")
    .query(&["filter", "content", "a", "list", "either", "pipes", "plain"])
    .strict();

async fn read(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let filter = inputs.query_with::<Raw>("filter", &NESTED, Style::DeepObject, true);
    let content = inputs.query_content::<Raw>("content", &FILTER);
    let beside = inputs.query_with::<Raw>("beside", &FILTER, Style::Form, true);
    let either = inputs.query_with::<Raw>("either", &EITHER, Style::Form, false);
    let pipes = inputs.query_with::<Vec<i64>>("pipes", &COUNTS, Style::PipeDelimited, false).or(vec![7]);
    let ids = inputs.path_with::<Raw>("ids", &COUNTS, Style::Matrix, true);
    let header = inputs.header_with::<Raw>("x-list", &COUNTS, false);
    let cookie = inputs.cookie_with::<Raw>("c", &FILTER, true);
    let (filter, content, beside, either, pipes, ids, header, cookie) =
        inputs.finish((filter, content, beside, either, pipes, ids, header, cookie))?;
    let mut json = JsonBuffer::new();
    let mut root = json.object();
    root.optional("filter", &filter);
    root.optional("content", &content);
    root.optional("beside", &beside);
    root.optional("either", &either);
    root.field("pipes", &pipes);
    root.field("ids", &ids);
    root.optional("header", &header);
    root.optional("cookie", &cookie);
    root.end();
    Ok(Answer::json(200, json))
}

#[tokio::test]
async fn inputs_are_read_in_every_style() {
    let deep = format!("filter{}=1", "[a]".repeat(100));
    let cases: &[(&str, &str)] = &[
        ("/x/;ids=1", r#"{"pipes":[7],"ids":[1]}"#),
        ("/x/;ids=1;ids=2?pipes=1|2%7C3", "query pipes type"),
        ("/x/;ids=1;ids=2?pipes=1%7C2", r#"{"pipes":[1,2],"ids":[1,2]}"#),
        ("/x/;ids=1;id=2", "path ids style"),
        ("/x/1", "path ids style"),
        (
            "/x/;ids=1?filter[a]=1&filter[list][]=2&filter[list][]=3",
            r#"{"filter":{"a":1,"list":[2,3]},"pipes":[7],"ids":[1]}"#,
        ),
        ("/x/;ids=1?filter%5Ba%5D=10", "query filter maximum"),
        ("/x/;ids=1?filter[a", "query filter style"),
        ("/x/;ids=1?filter[a]=1&filter[a]=2", "query filter style"),
        ("/x/;ids=1?filter[list][1]=1", "query filter style"),
        ("/x/;ids=1?filter[list][99999999999999999999]=1", "query filter style"),
        (&format!("/x/;ids=1?{deep}"), "query filter style"),
        ("/x/;ids=1?plain[a]=1", "query plain[a] unknown"),
        ("/x/;ids=1?other[a]=1", "query other[a] unknown"),
        ("/x/;ids=1?content=%7B%22a%22:1%7D", r#"{"content":{"a":1},"pipes":[7],"ids":[1]}"#),
        ("/x/;ids=1?content=%7B%22a%22:", "query content json"),
        ("/x/;ids=1?content=%7B%22a%22:10%7D", "query content maximum"),
        ("/x/;ids=1?a=1&list=2,3", "query beside type"),
        ("/x/;ids=1?a=1&list=2&list=3", r#"{"beside":{"a":1,"list":[2,3]},"pipes":[7],"ids":[1]}"#),
        ("/x/;ids=1?a=1&a=2", "query beside duplicate"),
        ("/x/;ids=1?either=a,1,x,y", r#"{"either":{"a":1,"x":"y"},"pipes":[7],"ids":[1]}"#),
        ("/x/;ids=1?either=a", "query either style"),
        ("/x/;ids=1?pipes=%ff", "query pipes encoding"),
    ];
    let mut settings = Settings::default();
    settings.log_output = LogOutput::Writer(Arc::new(Mutex::new(Vec::new())));
    let runtime = Runtime::new(settings, &[]).expect("a runtime");
    let handlers = routes(&runtime).on(&ENDPOINT, |cx| Box::pin(read(cx)));
    let mut router = axum::Router::new().route("/x/{ids}", handlers.into_method_router());
    let mut wrong = Vec::new();
    for (target, expected) in cases {
        let request = http::Request::get(*target).body(axum::body::Body::empty()).expect("a request");
        let came = ask(&mut router, request).await;
        if came != *expected {
            wrong.push(format!("{target}: {came}"));
        }
    }
    let with_headers = http::Request::get("/x/;ids=1").header("x-list", "1, 2").header("x-list", "3");
    let with_headers = with_headers.header("cookie", "a=1; list=2; list=3; z=1").body(axum::body::Body::empty());
    let came = ask(&mut router, with_headers.expect("a request")).await;
    assert_eq!(came, r#"{"pipes":[7],"ids":[1],"header":[1,2,3],"cookie":{"a":1,"list":[2,3]}}"#);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The answer's body, or the first thing that is wrong.
async fn ask(router: &mut axum::Router, request: http::Request<axum::body::Body>) -> String {
    let answer = router.call(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    let text = String::from_utf8_lossy(&body).into_owned();
    if status == 200 {
        return text;
    }
    let problem: Value = serde_json::from_str(&text).expect("JSON");
    let error = &problem["errors"][0];
    let part = |key: &str| error[key].as_str().unwrap_or("-");
    format!("{} {} {}", part("in"), part("name"), part("rule"))
}
