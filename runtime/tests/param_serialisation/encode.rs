//! Cases of `encode`, through the requests of typed clients.

use crate::exceptions::{ENCODE, UNDEFINED};
use crate::{Judge, cases, id};
use bff_runtime::typed::{Body, Error, Http, Method, Style, Transport, TransportError, UpstreamBody};
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
    let style = match case["style"].as_str().expect("a style") {
        "simple" => Style::Simple,
        "label" => Style::Label,
        "matrix" => Style::Matrix,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        _ => Style::Form,
    };
    // In the middle of a segment, so that a value may be empty or a single dot.
    let request = http.request(Method::GET, &format!("/a{{{name}}}"));
    let result = match case["in"].as_str().expect("a place") {
        "cookie" => request.path(name, "b").cookie_with(name, value, explode).send::<()>().await,
        "header" => request.path(name, "b").header_with(name, value, explode).send().await,
        // One source says `query` of the styles of paths, too.
        _ if matches!(style, Style::Simple | Style::Label | Style::Matrix) => {
            request.path_with(name, value, style, explode).send().await
        }
        _ => request.path(name, "b").query_with(name, value, style, explode).send().await,
    };
    let sent = recorder.0.lock().expect("the record").take();
    match (result, sent) {
        (Err(Error::Argument { .. }), None) => "(refused)".to_owned(),
        (Ok(_), Some(sent)) => {
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
        (result, sent) => panic!("{case}: {result:?}, {sent:?}"),
    }
}

#[tokio::test]
async fn every_value_has_the_text_that_its_style_says() {
    let Some(cases) = cases("encode") else { return };
    let mut judge = Judge::new(ENCODE);
    let mut undefined = Judge::new(UNDEFINED);
    for case in &cases {
        let came = encoded(case).await;
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
