//! Whatever a call can carry: a generated BFF, run as a program, over an upstream that answers as scripted.

use std::path::Path;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::response::Response;
use bffgen::{Options, RuntimeChoice, compile};
use bffgen_tests::bff::{Bff, build, run_with};
use bffgen_tests::client::exchange;
use bffgen_tests::scripted::Scripted;
use bffgen_tests::{Disk, project};
use serde_json::{Value, json};

/// What the upstream answers.
fn script(head: &Parts, _body: &Bytes) -> Response<Body> {
    let json = |value: Value| {
        Response::builder().header("content-type", "application/json").body(Body::from(value.to_string()))
    };
    let answer = match head.uri.path() {
        "/from" => Response::builder().status(204).body(Body::empty()),
        path if path.starts_with("/find/") => {
            json(json!({ "seen": path, "filters": [{ "kind": "b" }, { "kind": "b", "from": 1 }] }))
        }
        path => json(json!({ "seen": path })),
    };
    answer.expect("an answer")
}

/// Writes the crate of the composition, builds and runs it.
async fn start(folder: &Path) -> (Bff, Scripted) {
    let options = Options {
        out: Some(folder.to_string_lossy().into_owned()),
        runtime: Some(RuntimeChoice::Path(project("runtime"))),
    };
    let compiled = compile(&project("generator/tests/odd/media.bff.yaml"), &mut Disk, &options);
    let output = compiled.output.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    for file in &output.files {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, &file.text).expect("written");
    }
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

/// A request as the cases have it: method and target, then the header that a parameter is in, if there is one.
fn told(head: &Parts, body: &Bytes) -> String {
    let mut line = format!("{} {}", head.method, head.uri);
    let headers = ["x-area", "content-type"].iter().filter_map(|name| head.headers.get(*name));
    for value in headers {
        line.push_str(&format!(" {}", value.to_str().expect("text")));
    }
    if !body.is_empty() {
        line.push_str(&format!(" {}", String::from_utf8_lossy(body)));
    }
    line
}

#[tokio::test]
async fn calls_carry_what_documents_describe() {
    let folder = tempfile::tempdir().expect("a folder");
    let (bff, upstream) = start(folder.path()).await;
    for Case { ask, body, sent, status, answer } in parameters() {
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
        assert_eq!(got, answer, "{ask}");
        let mut seen: Vec<String> = upstream.seen().iter().map(|(head, body)| told(head, body)).collect();
        let mut wanted: Vec<String> = sent.iter().map(|line| line.to_string()).collect();
        seen.sort();
        wanted.sort();
        assert_eq!(seen, wanted, "{ask}");
    }
}
