//! Cases of `encode`, through the requests of typed clients.

use crate::exceptions::{ENCODE, UNDEFINED};
use crate::{Judge, cases, id};
use bff_runtime::codegen::{Answer, Endpoint, Operation, ParamValue, Upstream, routes};
use bff_runtime::typed::{Body, Error, Http, Method, Style, Transport, TransportError, UpstreamBody};
use bff_runtime::{LogOutput, Runtime, Settings};
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// A transport that keeps what it is given.
#[derive(Default)]
struct Recorder(Mutex<Option<http::request::Parts>>);

impl Transport for Recorder {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<UpstreamBody>, TransportError>> {
        *self.0.lock().expect("the record") = Some(request.into_parts().0);
        Box::pin(async { Ok(http::Response::new(UpstreamBody::full(""))) })
    }
}

/// What the parameter of a case looks like in the request that is sent; `(refused)` if none is.
async fn encoded(case: &Value) -> String {
    let recorder = Arc::new(Recorder::default());
    let http = Http::new("http://service").expect("a url").transport(recorder.clone());
    let (name, value) = (case["name"].as_str().expect("a name"), &case["value"]);
    let explode = case["explode"].as_bool().unwrap_or_default();
    let style = style_of(case);
    // In the middle of a segment, so that a value may be empty or a single dot.
    let request = http.request(Method::GET, &format!("/a{{{name}}}"));
    let result = match case["in"].as_str().expect("a place") {
        "cookie" => request.path(name, "b").cookie_with(name, value, explode).send::<()>().await,
        "header" => request.path(name, "b").header_with(name, value, explode).send().await,
        // One source says `query` of the styles of paths, too.
        _ if is_of_paths(style) => request.path_with(name, value, style, explode).send().await,
        _ => request.path(name, "b").query_with(name, value, style, explode).send().await,
    };
    let sent = recorder.0.lock().expect("the record").take();
    match (result, sent) {
        (Err(Error::Argument { .. }), None) => "(refused)".to_owned(),
        (Ok(_), Some(sent)) => parameter(case, &sent),
        (result, sent) => panic!("{case}: {result:?}, {sent:?}"),
    }
}

fn style_of(case: &Value) -> Style {
    match case["style"].as_str().expect("a style") {
        "simple" => Style::Simple,
        "label" => Style::Label,
        "matrix" => Style::Matrix,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        _ => Style::Form,
    }
}

fn is_of_paths(style: Style) -> bool {
    matches!(style, Style::Simple | Style::Label | Style::Matrix)
}

/// The text of a case's parameter in what was sent.
fn parameter(case: &Value, sent: &http::request::Parts) -> String {
    let name = case["name"].as_str().expect("a name");
    let header =
        |name: &str| sent.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    match case["in"].as_str() {
        Some("cookie") => header("cookie").unwrap_or_default(),
        Some("header") => header(name).unwrap_or_default(),
        _ => match sent.uri.query() {
            Some(query) => query.to_owned(),
            None if sent.uri.path() == "/ab" => String::new(),
            None => sent.uri.path().strip_prefix("/a").expect("the path").to_owned(),
        },
    }
}

/// The same by the request that the BFF makes of an upstream.
async fn encoded_by_bff(case: &Value) -> String {
    let recorder = Arc::new(Recorder::default());
    let mut settings = Settings::default().upstream_url("service", "http://service");
    settings.log_output = LogOutput::Writer(Arc::new(Mutex::new(Vec::new())));
    let runtime = Runtime::with_transport(settings, &[&SERVICE], recorder.clone()).expect("a runtime");
    let name: &'static str = case["name"].as_str().expect("a name").to_owned().leak();
    let operation: &'static Operation =
        Box::leak(Box::new(Operation::new(&SERVICE, "get", Method::GET, format!("/a{{{name}}}").leak())));
    let sent = case.clone();
    let handlers = routes(&runtime).on(&ENDPOINT, move |cx| {
        let (case, explode) = (sent.clone(), sent["explode"].as_bool().unwrap_or_default());
        Box::pin(async move {
            let (value, style) = (value_of(&case["value"]), style_of(&case));
            let request = bff_runtime::codegen::Request::<()>::new(cx, operation);
            let request = match case["in"].as_str().expect("a place") {
                "cookie" => request.path(name, "b").cookie_with(name, value, explode),
                "header" => request.path(name, "b").header_with(name, value, explode),
                _ if is_of_paths(style) => request.path_with(name, value, style, explode),
                _ => request.path(name, "b").query_with(name, value, style, explode),
            };
            request.send().await.map(|()| Answer::empty(204))
        })
    });
    let request = http::Request::get("/x").body(axum::body::Body::empty()).expect("a request");
    let mut router = axum::Router::new().route("/x", handlers.into_method_router());
    let answer = tower_service::Service::call(&mut router, request).await.expect("an answer");
    match (answer.status().as_u16(), recorder.0.lock().expect("the record").take()) {
        (400, None) => "(refused)".to_owned(),
        (204, Some(sent)) => parameter(case, &sent),
        (status, sent) => panic!("{case}: {status}, {sent:?}"),
    }
}

static SERVICE: Upstream = Upstream::new("service", 0, "");
static ENDPOINT: Endpoint = Endpoint::new("call", Method::GET, "/x");

fn value_of(value: &Value) -> ParamValue<'_> {
    match value {
        Value::Array(items) => ParamValue::List(items.iter().map(value_of).collect()),
        Value::Object(members) => {
            ParamValue::Object(members.iter().map(|(name, value)| (name.into(), value_of(value))).collect())
        }
        Value::String(text) => ParamValue::Text(text.into()),
        Value::Null => ParamValue::Absent,
        value => ParamValue::Text(value.to_string().into()),
    }
}

#[tokio::test]
async fn every_value_has_the_text_that_its_style_says() {
    let Some(cases) = cases("encode") else { return };
    let mut judge = Judge::new(ENCODE);
    let mut undefined = Judge::new(UNDEFINED);
    for case in &cases {
        let came = encoded(case).await;
        assert_eq!(encoded_by_bff(case).await, came, "a BFF sends something else: {case}");
        if case["undefined_by_spec"] == true {
            let text = |key: &str| case[key].as_str().unwrap_or("-");
            let explode = case["explode"].as_bool().unwrap_or_default();
            let id = format!("{} {} {}", text("style"), if explode { "explode" } else { "joined" }, text("kind"));
            undefined.judge(&id, None, &came);
        } else {
            let expected = case["wire"].as_str().unwrap_or("(refused)");
            judge.judge(&id(case), Some(expected), &came);
        }
    }
    undefined.done();
    judge.done();
}
