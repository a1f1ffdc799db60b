//! Whatever a call can carry: a generated BFF, run as a program, over an upstream that answers as scripted.

use std::path::Path;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::response::Response;
use bffgen_tests::bff::{Bff, build, run_with};
use bffgen_tests::client::exchange;
use bffgen_tests::generated::generate;
use bffgen_tests::project;
use bffgen_tests::scripted::Scripted;
use serde_json::{Value, json};

/// What the upstream answers.
fn script(head: &Parts, body: &Bytes) -> Response<Body> {
    let as_it_is = |status: u16, media: &str, body: String| {
        Response::builder().status(status).header("content-type", media).body(Body::from(body))
    };
    let json = |status, value: Value| as_it_is(status, "application/json", value.to_string());
    let nothing = || Response::builder().status(204).body(Body::empty());
    let text = String::from_utf8_lossy(body);
    let answer = match head.uri.path() {
        "/from" | "/bytes/none" | "/maybe/none" | "/maybe/b" => nothing(),
        "/form" => as_it_is(200, "text/plain;charset=UTF-8", "got it".into()),
        "/parts" => as_it_is(200, "image/png", "PNG".into()),
        "/plain-parts" if body.is_empty() => nothing(),
        "/plain-parts" => as_it_is(200, "text/plain", "7".into()),
        "/text" => as_it_is(200, "text/markdown", format!("# {text}")),
        "/patch" if body.is_empty() => json(202, json!({ "seen": "later", "more": 1 })),
        "/patch" if text.contains("bad") => json(202, json!({ "lat": 1 })),
        "/patch" if text.contains('x') => json(203, json!([1, 2])),
        "/patch" => as_it_is(200, "application/hal+json", json!({ "lat": 1, "more": 1 }).to_string()),
        path if path.starts_with("/bytes/") && head.method == "GET" => {
            as_it_is(200, "application/zip", format!("bytes of {path}"))
        }
        path if path.starts_with("/bytes/") => nothing(),
        path if path.starts_with("/maybe/") => json(200, json!({ "lat": 1, "more": 1 })),
        path if path.starts_with("/find/") => {
            json(200, json!({ "seen": path, "filters": [{ "kind": "b" }, { "kind": "b", "from": 1 }] }))
        }
        path => json(200, json!({ "seen": path })),
    };
    answer.expect("an answer")
}

/// Writes the crate of the composition, builds and runs it.
async fn start(folder: &Path) -> (Bff, Scripted) {
    generate(Path::new(&project("generator/tests/odd/media.bff.yaml")), folder);
    let program = build(folder, "media-bff");
    let upstream = Scripted::start(script).await;
    (run_with(&program, &[("all".into(), upstream.url.clone())]), upstream)
}

/// One request to the BFF, and what comes of it.
struct Case {
    ask: &'static str,
    body: Option<(&'static str, &'static str)>,
    /// What the upstream is asked, in any order.
    sent: &'static [&'static str],
    status: u16,
    answer: Value,
}

impl Default for Case {
    fn default() -> Case {
        Case { ask: "", body: None, sent: &[], status: 200, answer: Value::Null }
    }
}

fn parameters() -> Vec<Case> {
    vec![
        Case {
            ask: "GET /find/;ids=4;ids=5/lat=1.50,lon=3?filter[kind]=a&filter[near][lat]=1.20&filter[words][0]=x%26y\
                  &limit=2&cursor=c&tags=t%2C1,t2&sizes=1%7C2&query=[%7B%22kind%22:%22b%22%7D]&any=%C3%A9&path=a/b",
            sent: &["GET /find/;ids=4;ids=5/lat=1.50,lon=3?filter%5Bkind%5D=a&filter%5Bnear%5D%5Blat%5D=1.20\
                     &filter%5Bwords%5D%5B0%5D=x%26y&limit=2&cursor=c&tags=t%2C1,t2&sizes=1%7C2\
                     &query=%5B%7B%22kind%22%3A%22b%22%7D%5D&any=%C3%A9&path=a/b"],
            answer: json!({
                "seen": "/find/;ids=4;ids=5/lat=1.50,lon=3",
                "filters": [{ "kind": "b" }, { "kind": "b", "from": 1 }],
            }),
            ..Case::default()
        },
        Case {
            ask: "GET /find/;ids=4/lat=x?filter[kind]=c&limit=0&query=[1]&filter[other]=1&more=1",
            status: 400,
            answer: json!([
                ["query", "more", "unknown"],
                ["path", "area", "type"],
                ["query", "filter", "enum"],
                ["query", "page", "minimum"],
                ["query", "query", "type"],
            ]),
            ..Case::default()
        },
        Case {
            ask: "GET /made/w%2F1?lat=0.5&ids=8&ids=9&from=3",
            sent: &[
                "GET /from?from=3&lat=0.5",
                "GET /find/;ids=1;ids=2/lat=1.5,lon=2.5?filter%5Bkind%5D=a&filter%5Bfrom%5D=3\
                 &filter%5Bwords%5D%5B0%5D=x%20y&filter%5Bwords%5D%5B1%5D=w%2F1&filter%5Bnear%5D%5Blat%5D=1\
                 &limit=3&query=%5B%7B%22kind%22%3A%22b%22%7D%2C%7B%22kind%22%3A%22w%2F1%22%7D%5D&any=w%2F1 lat=0.5",
                "GET /find/;ids=8;ids=9/lat=7?any=3",
                "GET /any/b?filter%5Bkind%5D=w%2F1",
            ],
            answer: json!({
                "seen": "/find/;ids=1;ids=2/lat=1.5,lon=2.5",
                "other": "/find/;ids=8;ids=9/lat=7",
                "keyed": ["/any/b", "/any/b"],
            }),
            ..Case::default()
        },
    ]
}

const JSON: &str = "application/json";

const PARTS: &str = "PUT /parts multipart/form-data; boundary=B \
    --B|content-disposition: form-data; name=\"about\"|content-type: application/json||{\"kind\":\"b\"}|\
    --B|content-disposition: form-data; name=\"words\"||u|\
    --B|content-disposition: form-data; name=\"words\"||v|\
    --B|content-disposition: form-data; name=\"stars\"||5|\
    --B|content-disposition: form-data; name=\"photo\"; filename=\"photo\"|content-type: image/png||PNG|\
    --B|content-disposition: form-data; name=\"more\"; filename=\"more\"|content-type: application/octet-stream||\
    bytes of /bytes/a|\
    --B|content-disposition: form-data; name=\"more\"; filename=\"more\"|content-type: application/octet-stream||note|\
    --B|content-disposition: form-data; name=\"more\"; filename=\"more\"|content-type: application/octet-stream||raw|\
    --B--|";

fn bodies() -> Vec<Case> {
    let found = json!({ "seen": "later" });
    vec![
        Case {
            ask: "POST /form",
            body: Some((JSON, r#"{"kind":"a","near":{"lat":1},"words":["x","y"]}"#)),
            sent: &["POST /form application/x-www-form-urlencoded \
                     kind=a&near%5Blat%5D=1&words=%5B%22x%22%2C%22y%22%5D"],
            answer: json!("got it"),
            ..Case::default()
        },
        Case {
            ask: "POST /form/made",
            sent: &["POST /form application/x-www-form-urlencoded \
                     kind=a&from=3&near%5Blat%5D=1&near%5Blon%5D=2&words=%5B%22x%20y%22%2C%22z%22%5D"],
            answer: json!({ "size": 6, "text": "got it" }),
            ..Case::default()
        },
        Case {
            ask: "PUT /parts?more=note",
            body: Some(("image/png", "PNG")),
            sent: &["GET /bytes/a", PARTS],
            answer: json!("PNG"),
            ..Case::default()
        },
        Case {
            ask: "PUT /parts?more=note",
            body: Some(("image/jpeg", "JPEG")),
            status: 415,
            answer: json!("unsupported_media_type"),
            ..Case::default()
        },
        Case {
            ask: "POST /parts/plain",
            body: Some((JSON, r#"{"lat":1.50}"#)),
            sent: &["POST /plain-parts multipart/form-data; boundary=B \
                     --B|content-disposition: form-data; name=\"lat\"||1.50|--B--|"],
            answer: json!(7),
            ..Case::default()
        },
        Case { ask: "POST /parts/plain", sent: &["POST /plain-parts"], status: 204, ..Case::default() },
        Case {
            ask: "POST /text",
            body: Some(("text/plain", "hi")),
            sent: &["POST /text text/plain; charset=utf-8 hi"],
            answer: json!("# hi"),
            ..Case::default()
        },
        Case {
            ask: "POST /text",
            body: Some(("text/plain", "h")),
            status: 400,
            answer: json!([["body", null, "minLength"]]),
            ..Case::default()
        },
        Case {
            ask: "POST /text",
            body: Some((JSON, "hi")),
            status: 415,
            answer: json!("unsupported_media_type"),
            ..Case::default()
        },
        Case {
            ask: "PUT /bytes/1",
            body: Some(("image/png", "PNG")),
            sent: &["PUT /bytes/1 image/png PNG"],
            status: 204,
            ..Case::default()
        },
        Case { ask: "GET /bytes/a", sent: &["GET /bytes/a"], answer: json!("bytes of /bytes/a"), ..Case::default() },
        Case { ask: "GET /bytes/none", sent: &["GET /bytes/none"], status: 204, ..Case::default() },
        Case {
            ask: "GET /bytes/none/copy",
            sent: &[
                "GET /bytes/none",
                "POST /text text/plain; charset=utf-8 title",
                "GET /maybe/none",
                "GET /maybe/a",
                "GET /maybe/b",
            ],
            answer: json!({ "there": false, "each": { "a": 1 } }),
            ..Case::default()
        },
        Case {
            ask: "GET /bytes/c/copy",
            sent: &[
                "GET /bytes/c",
                "POST /text text/plain; charset=utf-8 title",
                "POST /text text/plain; charset=utf-8 # title!",
                "GET /maybe/c",
                "GET /maybe/a",
                "GET /maybe/b",
            ],
            answer: json!({ "there": true, "copy": "# # title!", "lat": 1, "each": { "a": 1 } }),
            ..Case::default()
        },
        Case {
            ask: "PATCH /patch",
            body: Some((JSON, r#"{"a":1}"#)),
            sent: &[r#"PATCH /patch application/merge-patch+json {"a":1}"#],
            answer: json!({ "lat": 1 }),
            ..Case::default()
        },
        Case { ask: "PATCH /patch", sent: &["PATCH /patch"], answer: found.clone(), ..Case::default() },
        Case {
            ask: "PATCH /patch",
            body: Some((JSON, r#"{"bad":1}"#)),
            sent: &[r#"PATCH /patch application/merge-patch+json {"bad":1}"#],
            status: 502,
            answer: json!("upstream_contract"),
        },
        Case {
            ask: "POST /patch",
            sent: &["PATCH /patch", r#"PATCH /patch application/merge-patch+json {"x":1,"y":{"seen":"later"}}"#],
            answer: json!({ "empty": found, "some": [1, 2] }),
            ..Case::default()
        },
        Case { ask: "GET /maybe/a", sent: &["GET /maybe/a"], answer: json!({ "lat": 1 }), ..Case::default() },
        Case { ask: "GET /tree", sent: &["GET /tree"], answer: json!({}), ..Case::default() },
        Case { ask: "GET /maybe/b", sent: &["GET /maybe/b"], status: 204, ..Case::default() },
    ]
}

/// A request as the cases have it: method and target, the header that a parameter is in, the
/// body's media type, and the body.
fn told(head: &Parts, body: &Bytes) -> String {
    let mut line = format!("{} {}", head.method, head.uri);
    let headers = ["x-area", "content-type"].iter().filter_map(|name| head.headers.get(*name));
    for value in headers {
        line.push_str(&format!(" {}", value.to_str().expect("text")));
    }
    if !body.is_empty() {
        line.push_str(&format!(" {}", String::from_utf8_lossy(body)));
    }
    // The boundary of parts is another each time.
    match line.split_once("boundary=").and_then(|(_, rest)| rest.split(' ').next()) {
        Some(boundary) => line.replace(boundary, "B").replace("\r\n", "|"),
        None => line,
    }
}

#[tokio::test]
async fn calls_carry_what_documents_describe() {
    let folder = tempfile::tempdir().expect("a folder");
    let (bff, upstream) = start(folder.path()).await;
    for Case { ask, body, sent, status, answer } in parameters().into_iter().chain(bodies()) {
        let (method, target) = ask.split_once(' ').expect("a method and a target");
        let body = body.map(|(media, text)| (media, text.as_bytes()));
        let (code, _, bytes) = exchange(&bff.address, method, target, &[], body).await;
        let text = String::from_utf8_lossy(&bytes);
        assert_eq!(code, status, "{ask}: {text}");
        let mut got: Value = serde_json::from_str(&text).unwrap_or_else(|_| Value::from(&*text));
        if status == 400 {
            let errors = got["errors"].as_array().cloned().unwrap_or_default();
            got = errors.iter().map(|one| json!([one["in"], one["name"], one["rule"]])).collect();
        }
        if status > 400 {
            got = got["code"].take();
        }
        // No body is no value.
        let answer = if answer.is_null() { json!("") } else { answer };
        assert_eq!(got, answer, "{ask}");
        let mut seen: Vec<String> = upstream.seen().iter().map(|(head, body)| told(head, body)).collect();
        let mut wanted: Vec<String> = sent.iter().map(|line| line.to_string()).collect();
        seen.sort();
        wanted.sort();
        assert_eq!(seen, wanted, "{ask}");
    }
}
