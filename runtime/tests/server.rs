//! The server on real sockets: limits, refusals, leaving clients, stopping, and what it tells.

mod support;

use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json as value;
use std::time::Duration;
use support::*;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const NOWHERE: &str = "http://127.0.0.1:9";

#[tokio::test]
async fn what_no_endpoint_should_see_is_refused() {
    let mut settings = settings(NOWHERE);
    settings.limits.body_bytes = 100;
    let bff = Bff::start(settings).await;
    let big = "x".repeat(101);
    let post = |rest: &str| format!("POST /api/items HTTP/1.1\r\nhost: b\r\nconnection: close\r\n{rest}");
    let get = |rest: &str| format!("GET /api/hooked HTTP/1.1\r\n{rest}connection: close\r\n\r\n");
    let cases = [
        (get("host: a/b\r\n"), 400, "invalid_host"),
        (get("host: user@a\r\n"), 400, "invalid_host"),
        (format!("GET /{} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "u".repeat(9 << 10)), 414, "uri_too_long"),
        ("GET /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(), 404, "not_found"),
        ("PUT /api/items HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(), 405, "method_not_allowed"),
        (post("content-length: 101\r\n\r\n"), 413, "body_too_large"),
        (post(&format!("transfer-encoding: chunked\r\n\r\n65\r\n{big}\r\n0\r\n\r\n")), 413, "body_too_large"),
        (post("content-type: text/plain\r\ncontent-length: 2\r\n\r\n{}"), 415, "unsupported_media_type"),
        ("GET /api/items/%ff HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(), 400, "invalid_path"),
        (get("host: a\r\n"), 500, "hook_failed"),
    ];
    for (request, expected, code) in cases {
        let answer = bff.send(&request).await;
        let shown = &request[..request.len().min(200)];
        assert_eq!(status(&answer), expected, "{shown}\n{answer}");
        if !code.is_empty() {
            assert_eq!(header(&answer, "content-type"), Some("application/problem+json"), "{shown}\n{answer}");
            assert_eq!(json(&answer)["code"], code, "{shown}\n{answer}");
            assert_eq!(json(&answer)["status"], expected, "{shown}\n{answer}");
        }
    }
    let answer = bff.send("OPTIONS /api/items/1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert_eq!(header(&answer, "allow"), Some("GET, HEAD, DELETE"), "{answer}");
}

#[tokio::test]
async fn a_problem_lists_all_that_is_wrong() {
    let bff = Bff::start(settings(NOWHERE)).await;
    let answer = bff.get("/api/items/x?limit=0&other=1").await;
    assert_eq!(status(&answer), 400, "{answer}");
    let errors = json(&answer)["errors"].clone();
    let short = |errors: &serde_json::Value| -> Vec<String> {
        let text = |error: &serde_json::Value, key: &str| error[key].as_str().unwrap_or("-").to_owned();
        let show = |e| format!("{} {} {} {}", text(e, "in"), text(e, "name"), text(e, "pointer"), text(e, "rule"));
        errors.as_array().expect("a list").iter().map(show).collect()
    };
    assert_eq!(short(&errors), ["query other - unknown", "query limit - minimum"], "{answer}");
    for (body, expected) in [
        (r#"{"name":"","count":-1}"#, vec!["body - /name minLength", "body - /count minimum"]),
        (r#"{"count":"x"}"#, vec!["body - /count type", "body - /name required"]),
        ("{", vec!["body -  json"]),
        ("", vec!["body -  required"]),
    ] {
        let length = body.len();
        let request = format!(
            "POST /api/items HTTP/1.1\r\nhost: b\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let answer = bff.send(&request).await;
        assert_eq!(
            (status(&answer), short(&json(&answer)["errors"])),
            (400, expected.iter().map(|e| e.to_string()).collect()),
            "{answer}"
        );
    }
    for (query, rule) in [("limit=1&limit=2", "duplicate"), ("limit=%zz", "encoding"), ("limit=ten", "type")] {
        let answer = bff.get(&format!("/api/items/x?{query}")).await;
        assert_eq!(json(&answer)["errors"][0]["rule"], rule, "{answer}");
    }
}

#[tokio::test]
async fn clients_that_are_too_slow_are_cut() {
    let mut settings = settings(NOWHERE);
    let short = Duration::from_millis(150);
    (settings.limits.first_byte, settings.limits.head, settings.limits.idle) = (short, short, short);
    (settings.limits.body, settings.limits.write_stall) = (short, short);
    let bff = Bff::start(settings).await;
    // Nothing, half a head, half of HTTP/2's preface, a second head that stays half: each ends the connection.
    let whole = "GET /nothing HTTP/1.1\r\nhost: b\r\n\r\n";
    for (sent, answers) in
        [("", 0), ("GET /nothing HTTP/1.1\r\nho", 0), ("PRI * HT", 0), (whole, 1), (&format!("{whole}GET /"), 1)]
    {
        let answer = talk(bff.address, sent.as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 404").count(), answers, "{sent:?}: {answer}");
    }
    let answer = bff.send("POST /api/items HTTP/1.1\r\nhost: b\r\ncontent-length: 10\r\n\r\n{").await;
    assert_eq!((status(&answer), json(&answer)["code"].as_str()), (408, Some("body_timeout")), "{answer}");

    let mut stream = TcpStream::connect(bff.address).await.expect("a connection");
    stream.write_all(b"GET /api/large HTTP/1.1\r\nhost: b\r\n\r\n").await.expect("a request");
    bff.wait_for_metric("bff_requests_total{endpoint=\"large\",status=\"2xx\"} 1").await;
    bff.wait_for_metric("bff_connections 0").await;
    assert!(read_to_end(&mut stream).await.len() < LARGE_BODY, "a client that did not read got everything");

    let mut sender = h2(&bff).await;
    let request = http::Request::get(format!("http://{}/api/large", bff.address)).body(Empty::new());
    let unread = within(sender.send_request(request.expect("a request"))).await.expect("an answer");
    bff.wait_for_metric("bff_connections 0").await;
    assert!(unread.into_body().collect().await.is_err(), "a client that did not read got everything");
}

#[tokio::test]
async fn a_client_that_leaves_takes_its_calls_along() {
    let mut scripted = upstream(|_| Step::Hang).await;
    let bff = Bff::start(settings(&scripted.url)).await;
    let mut stream = TcpStream::connect(bff.address).await.expect("a connection");
    stream.write_all(b"GET /api/items/1 HTTP/1.1\r\nhost: b\r\n\r\n").await.expect("a request");
    within(scripted.seen.recv()).await.expect("the call");
    drop(stream);
    assert_eq!(within(scripted.seen.recv()).await.as_deref(), Some("closed"));
    bff.wait_for_metric("bff_requests_total{endpoint=\"showItem\",status=\"cancelled\"} 1").await;
    let calls = "bff_calls_total{upstream=\"items\",operation=\"getItem\",outcome=\"cancelled\"} 1";
    bff.wait_for_metric(calls).await;
    assert_eq!(bff.log().iter().map(|line| line["status"].clone()).collect::<Vec<_>>(), [value!(499)]);
}

/// The connection ends when what is returned is dropped.
async fn h2(bff: &Bff) -> hyper::client::conn::http2::SendRequest<Empty<bytes::Bytes>> {
    let stream = TcpStream::connect(bff.address).await.expect("a connection");
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (sender, connection) = handshake.await.expect("HTTP/2");
    tokio::spawn(connection);
    sender
}

#[tokio::test]
async fn a_stream_that_is_reset_takes_its_calls_along() {
    let mut scripted = upstream(|_| Step::Hang).await;
    let bff = Bff::start(settings(&scripted.url)).await;
    let mut sender = h2(&bff).await;
    let request = http::Request::get(format!("http://{}/api/items/1", bff.address)).body(Empty::new());
    let answer = sender.send_request(request.expect("a request"));
    let asked = tokio::select! {
        _ = answer => panic!("there is no answer"),
        asked = within(scripted.seen.recv()) => asked,
    };
    asked.expect("the call");
    assert_eq!(within(scripted.seen.recv()).await.as_deref(), Some("closed"));
}

#[tokio::test]
async fn a_panic_is_500_and_hurts_nobody_else() {
    let bff = Bff::start(settings(NOWHERE)).await;
    let request = "GET /api/panics HTTP/1.1\r\nhost: b\r\n\r\n";
    let last = "GET /nothing HTTP/1.1\r\nhost: b\r\nconnection: close\r\n\r\n";
    let answers = bff.send(&format!("{request}{last}")).await;
    assert_eq!((status(&answers), answers.matches("HTTP/1.1 404").count()), (500, 1), "{answers}");
    assert!(!answers.contains("mistake"), "{answers}");
}

#[tokio::test]
async fn stopping_drains_what_is_under_way() {
    let permission = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let held = permission.clone();
    let mut scripted = upstream(move |_| Step::Held(held.clone(), answer(200, r#"{"name":"a"}"#))).await;
    let mut bff = Bff::start(settings(&scripted.url)).await;
    let mut idle = TcpStream::connect(bff.address).await.expect("a connection");
    idle.write_all(b"GET /nothing HTTP/1.1\r\nhost: b\r\n\r\n").await.expect("a request");
    read_until(&mut idle, "not_found").await;
    let ready = b"GET /health/ready HTTP/1.1\r\nhost: m\r\nconnection: close\r\n\r\n";
    assert_eq!(status(&talk(bff.management, ready).await), 200);

    let mut busy = TcpStream::connect(bff.address).await.expect("a connection");
    busy.write_all(b"GET /api/items/1 HTTP/1.1\r\nhost: b\r\n\r\n").await.expect("a request");
    within(scripted.seen.recv()).await.expect("the call");
    bff.stop.take().expect("running").send(()).expect("running");
    read_to_end(&mut idle).await;
    assert_eq!(status(&talk(bff.management, ready).await), 503);
    let live = b"GET /health/live HTTP/1.1\r\nhost: m\r\nconnection: close\r\n\r\n";
    assert_eq!(status(&talk(bff.management, live).await), 200);
    assert!(TcpStream::connect(bff.address).await.is_err(), "no new connections");
    permission.add_permits(1);
    let answer = String::from_utf8(read_to_end(&mut busy).await).expect("text");
    assert_eq!((status(&answer), body(&answer)), (200, r#"{"name":"a"}"#), "{answer}");
    within(bff.stopped).await.expect("a clean end");
}

#[tokio::test]
async fn stopping_cuts_what_does_not_end() {
    let mut scripted = upstream(|_| Step::Hang).await;
    let mut settings = settings(&scripted.url);
    settings.stop.drain = Duration::ZERO;
    let mut bff = Bff::start(settings).await;
    let mut busy = TcpStream::connect(bff.address).await.expect("a connection");
    busy.write_all(b"GET /api/items/1 HTTP/1.1\r\nhost: b\r\n\r\n").await.expect("a request");
    within(scripted.seen.recv()).await.expect("the call");
    bff.stop.take().expect("running").send(()).expect("running");
    within(&mut bff.stopped).await.expect("a clean end");
    assert_eq!(read_to_end(&mut busy).await, b"");
    assert_eq!(within(scripted.seen.recv()).await.as_deref(), Some("closed"));
}

#[tokio::test]
async fn the_log_and_the_metrics_tell_what_happened() {
    let scripted = upstream(|request| match request.contains("/items/bad") {
        true => ok(r#"{"name":"a","count":-5}"#),
        false => ok(r#"{"name":"a"}"#),
    })
    .await;
    let bff = Bff::start(settings(&scripted.url)).await;
    bff.send("GET /api/items/1?limit=3 HTTP/1.1\r\nhost: b\r\nx-request-id: r1\r\nconnection: close\r\n\r\n").await;
    bff.get("/api/items/bad").await;
    bff.get("/api/hooked").await;
    bff.get("/nothing").await;
    let log = bff.log();
    let events: Vec<_> =
        log.iter().map(|line| (line["event"].as_str().unwrap_or(""), line["status"].as_u64())).collect();
    let requests = |status| ("request", Some(status));
    assert_eq!(
        events,
        [
            requests(200),
            ("drift", None),
            ("upstream_contract", None),
            requests(502),
            ("hook_failed", None),
            requests(500),
            requests(404)
        ]
    );
    let line = &log[0];
    let keys: Vec<_> = line.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut expected =
        vec!["time", "level", "event", "id", "trace", "method", "path", "endpoint", "status", "bytes", "ms", "calls"];
    expected.sort_unstable();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    let told = [&line["id"], &line["method"], &line["path"], &line["endpoint"], &line["bytes"]];
    assert_eq!(told, [&value!("r1"), &value!("GET"), &value!("/api/items/1"), &value!("showItem"), &value!(12)]);
    assert_eq!((&line["calls"][0]["name"], &line["calls"][0]["outcome"]), (&value!("item"), &value!("ok")));
    assert!(line["ms"].is_number() && line["calls"][0]["ms"].is_number());
    let contract = &log[2];
    assert_eq!((&contract["upstream"], &contract["operation"]), (&value!("items"), &value!("getItem")));
    let violation = &contract["violations"][0];
    assert_eq!((&violation["pointer"], &violation["rule"]), (&value!("/count"), &value!("minimum")));

    let metrics = bff.metrics().await;
    for line in [
        "bff_requests_total{endpoint=\"showItem\",status=\"2xx\"} 1",
        "bff_requests_total{endpoint=\"showItem\",status=\"5xx\"} 1",
        "bff_request_duration_seconds_count{endpoint=\"showItem\"} 2",
        "bff_request_duration_seconds_bucket{endpoint=\"showItem\",le=\"+Inf\"} 2",
        "bff_calls_total{upstream=\"items\",operation=\"getItem\",outcome=\"ok\"} 1",
        "bff_calls_total{upstream=\"items\",operation=\"getItem\",outcome=\"upstream_contract\"} 1",
        "bff_call_duration_seconds_count{upstream=\"items\",operation=\"getItem\"} 2",
        "bff_contract_violations_total{upstream=\"items\",operation=\"getItem\",pointer=\"/count\",rule=\"minimum\"} 1",
        "bff_refused_total 1",
        "bff_ready 1",
    ] {
        assert!(metrics.lines().any(|one| one == line), "{line} is not in\n{metrics}");
    }
}

#[tokio::test]
async fn only_errors_and_slow_requests_are_logged_without_sampling() {
    for (slow, expected) in [(Duration::from_secs(3600), vec![500]), (Duration::ZERO, vec![404, 500])] {
        let mut settings = settings(NOWHERE);
        (settings.log_sample, settings.log_slow) = (0.0, slow);
        let bff = Bff::start(settings).await;
        bff.get("/nothing").await;
        bff.get("/api/hooked").await;
        let statuses: Vec<_> = bff.log().iter().filter_map(|line| line["status"].as_u64()).collect();
        assert_eq!(statuses, expected);
    }
}

#[tokio::test]
async fn head_and_http2_are_served() {
    let scripted = upstream(|_| ok(r#"{"name":"a"}"#)).await;
    let bff = Bff::start(settings(&scripted.url)).await;
    let answer = bff.send("HEAD /api/items/1 HTTP/1.1\r\nhost: b\r\nconnection: close\r\n\r\n").await;
    assert_eq!((status(&answer), header(&answer, "content-length"), body(&answer)), (200, Some("12"), ""), "{answer}");

    let mut sender = h2(&bff).await;
    let request = http::Request::get(format!("http://{}/api/items/1", bff.address)).body(Empty::new());
    let response = within(sender.send_request(request.expect("a request"))).await.expect("an answer");
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    assert_eq!(&body[..], br#"{"name":"a"}"#);
}
