//! Calls of upstreams on real sockets: what is sent, and what comes of the answers.

mod support;

use bff_runtime::{Runtime, TransportError, UpstreamBody};
use support::*;

#[tokio::test]
async fn what_is_sent_is_what_was_declared() {
    let mut scripted = upstream(|request| match request.starts_with("POST") {
        true => Step::Answer(answer(201, r#"{"name":"new one"}"#)),
        false => ok(r#"{"name":"a"}"#),
    })
    .await;
    let bff = Bff::start(settings(&scripted.url)).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = format!(
        "GET /api/items/a%2F%3Fb%20%C3%A9?limit=5 HTTP/1.1\r\nhost: bff\r\nconnection: close\r\nauthorization: Bearer t\r\ncookie: a=b\r\nx-other: 1\r\nx-request-id: abc\r\ntraceparent: 00-{trace}-00f067aa0ba902b7-01\r\ntracestate: v=1\r\n\r\n"
    );
    let answer = bff.send(&request).await;
    assert_eq!(status(&answer), 200, "{answer}");
    assert_eq!(header(&answer, "x-request-id"), Some("abc"));
    let timing = header(&answer, "server-timing").expect("timings");
    assert!(timing.starts_with("item;dur="), "{timing}");
    let sent = within(scripted.seen.recv()).await.expect("a request");
    assert!(sent.starts_with("GET /base/items/a%2F%3Fb%20%C3%A9?limit=5 HTTP/1.1\r\n"), "{sent}");
    assert_eq!(header(&sent, "authorization"), Some("Bearer t"));
    assert_eq!(header(&sent, "x-client"), Some("test"));
    assert_eq!(header(&sent, "tracestate"), Some("v=1"));
    assert_eq!((header(&sent, "cookie"), header(&sent, "x-other")), (None, None));
    let parent = header(&sent, "traceparent").expect("a trace");
    assert!(parent.starts_with(&format!("00-{trace}-")) && parent.ends_with("-01"), "{parent}");
    assert!(!parent.contains("00f067aa0ba902b7"), "{parent}");

    bff.get("/api/items/b").await;
    let sent = within(scripted.seen.recv()).await.expect("a request");
    assert_eq!(header(&sent, "authorization"), None);
    assert!(sent.contains("/base/items/b?limit=20 "), "the default: {sent}");

    let order = r#"{"name":"new one"}"#;
    let request = format!(
        "POST /api/items HTTP/1.1\r\nhost: bff\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{order}",
        order.len()
    );
    let answer = bff.send(&request).await;
    assert_eq!((status(&answer), header(&answer, "location")), (201, Some("/api/items/new one")), "{answer}");
    let sent = within(scripted.seen.recv()).await.expect("a request");
    assert_eq!(body(&sent), order);

    for dots in ["..", "."] {
        let raw = format!("GET /api/items/%2E{} HTTP/1.1\r\nhost: b\r\nconnection: close\r\n\r\n", &dots[1..]);
        let answer = bff.send(&raw).await;
        assert_eq!(json(&answer)["code"], "invalid_argument", "{answer}");
    }
    assert!(scripted.seen.try_recv().is_err(), "a path of dots was sent");
}

#[tokio::test]
async fn an_answer_goes_on_without_what_may_fail() {
    let scripted = upstream(|request| {
        if request.contains("/items/first") { ok(r#"{"name":"third-id"}"#) } else { Step::Answer(answer(503, "{}")) }
    })
    .await;
    let bff = Bff::start(settings(&scripted.url)).await;
    let answer = bff.get("/api/mixed").await;
    let expected = r#"{"first":"third-id","second":"nobody","warnings":[{"call":"third","code":"upstream_status","message":"A part of this answer is temporarily unavailable."},{"call":"second","code":"upstream_status","message":"The second is away."}]}"#;
    assert_eq!(body(&answer), expected, "{answer}");
}

#[tokio::test]
async fn a_body_is_checked_as_far_as_the_operation_says() {
    let body_of = |body: &'static str| async move { upstream(move |_| ok(body)).await };
    let count_is_wrong = body_of(r#"{"name":"a","count":-1,"more":1}"#).await;
    let name_is_wrong = body_of(r#"{"name":"","count":1,"more":1}"#).await;
    let fine = body_of(r#"{"name":"a","count":1,"more":1}"#).await;
    for (scripted, mode, expected) in [
        (&count_is_wrong, "used", Some("\"a\"")),
        (&count_is_wrong, "full", None),
        (&count_is_wrong, "cut", None),
        (&name_is_wrong, "used", None),
        (&name_is_wrong, "off", Some("\"\"")),
        (&name_is_wrong, "report", Some("\"\"")),
        (&fine, "full", Some("\"a\"")),
        (&fine, "cut", Some(r#"{"name":"a","count":1}"#)),
        (&fine, "open", Some(r#"{"name":"a","count":1,"more":1}"#)),
        (&count_is_wrong, "full-call", None),
        (&name_is_wrong, "off-call", Some("\"\"")),
        (&name_is_wrong, "report-call", Some("\"\"")),
        (&fine, "open-call", Some(r#"{"name":"a","count":1,"more":1}"#)),
    ] {
        let bff = Bff::start(settings(&scripted.url)).await;
        let answer = bff.get(&format!("/api/mode/{mode}")).await;
        match expected {
            Some(expected) => assert_eq!((status(&answer), body(&answer)), (200, expected), "{mode}"),
            None => assert_eq!(json(&answer)["code"], "upstream_contract", "{mode}: {answer}"),
        }
        let reported = bff.log().iter().any(|line| line["event"] == "upstream_contract");
        assert_eq!(reported, expected.is_none() || mode.starts_with("report"), "{mode}");
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    let (tell, mut connections) = tokio::sync::mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = tell.send(());
            tokio::spawn(async move {
                loop {
                    read_until(&mut stream, "\r\n\r\n").await;
                    let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, &answer(200, r#"{"name":"a"}"#)).await;
                }
            });
        }
    });
    let bff = Bff::start(settings(&url)).await;
    for _ in 0..5 {
        assert_eq!(status(&bff.get("/api/items/1").await), 200);
    }
    connections.recv().await.expect("a connection");
    assert!(connections.try_recv().is_err(), "a second connection");
}

/// A transport that answers by itself.
struct Echo;

impl bff_runtime::Transport for Echo {
    fn send(
        &self,
        request: http::Request<bff_runtime::Body>,
    ) -> bff_runtime::codegen::BoxFuture<'_, Result<http::Response<UpstreamBody>, TransportError>> {
        let body = format!(r#"{{"name":"{}"}}"#, request.uri().path());
        let response =
            http::Response::builder().header("content-type", "application/json").body(UpstreamBody::full(body));
        Box::pin(async {
            response.map_err(|e| TransportError { connect: false, may_have_been_sent: false, source: e.into() })
        })
    }
}

#[tokio::test]
async fn anybody_can_bring_a_transport() {
    let settings = settings("http://nowhere/v2");
    let runtime = Runtime::with_transport(settings, UPSTREAMS, std::sync::Arc::new(Echo)).expect("a runtime");
    let request = http::Request::get("/api/items/1").body(axum::body::Body::empty()).expect("a request");
    let response = tower_service::Service::call(&mut router(runtime), request).await.expect("an answer");
    let body = http_body_util::BodyExt::collect(response.into_body()).await.expect("a body").to_bytes();
    assert_eq!(&body[..], br#"{"name":"/v2/items/1"}"#);
}

#[test]
fn what_cannot_start_says_why() {
    for (url, part) in [
        ("items.example.com", "http://"),
        ("ftp://items", "only `http` and `https`"),
        ("http://user:secret@items", "user name"),
        ("http://items/?a=b", "without a query"),
    ] {
        let error = Runtime::new(settings(url), UPSTREAMS).expect_err(url).to_string();
        assert!(error.contains("`items`") && error.contains(part) && !error.contains("secret"), "{error}");
    }
    let error = Runtime::new(bff_runtime::Settings::default(), UPSTREAMS).expect_err("no url").to_string();
    assert!(error.contains("ITEMS_URL") && error.contains("`items`"), "{error}");
    let error = Runtime::new(settings("http://a"), &[&ITEMS, &ITEMS]).expect_err("a wrong list").to_string();
    assert!(error.contains("UPSTREAMS"), "{error}");
}

#[tokio::test]
async fn a_failed_call_cancels_its_siblings() {
    let mut scripted = upstream(|request| match request.contains("/items/first") {
        true => Step::Answer(answer(500, "{}")),
        false => Step::Hang,
    })
    .await;
    let bff = Bff::start(settings(&scripted.url)).await;
    let answer = bff.get("/api/mixed").await;
    assert_eq!(status(&answer), 502, "{answer}");
    within(async { while scripted.seen.recv().await.expect("an event") != "closed" {} }).await;
}

#[tokio::test]
async fn each_key_is_called_once_and_only_a_few_at_a_time() {
    let permission = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let held = permission.clone();
    let mut scripted = upstream(move |request| {
        let id = request.split("/items/").nth(1).and_then(|rest| rest.split(' ').next()).expect("an id");
        Step::Held(held.clone(), answer(200, &format!(r#"{{"name":"{id}"}}"#)))
    })
    .await;
    let bff = Bff::start(settings(&scripted.url)).await;
    let asking = bff.get("/api/every?ids=a&ids=b&ids=a&ids=c&ids=b");
    let watching = async {
        for _ in 0..2 {
            within(scripted.seen.recv()).await.expect("a call");
        }
        assert!(scripted.seen.try_recv().is_err(), "more than two at a time");
        permission.add_permits(1);
        within(scripted.seen.recv()).await.expect("the third call, once the first has ended");
        permission.add_permits(2);
    };
    let (answer, ()) = tokio::join!(asking, watching);
    assert_eq!(body(&answer), r#"["a","b","a","c","b"]"#, "{answer}");
    assert!(scripted.seen.try_recv().is_err(), "a key was called twice");

    let answer = bff.get("/api/every?ids=a&ids=b&ids=c&ids=d").await;
    assert_eq!((status(&answer), json(&answer)["code"].as_str()), (502, Some("too_many_elements")), "{answer}");
    assert!(scripted.seen.try_recv().is_err(), "nothing is sent when there are too many");
}
