//! The limits of the server that `server.rs` and `refusals.rs` do not meet: the defaults, depth, HTTP/2, connections,
//! and what is still served while it stops.

mod support;

use bff_runtime::Settings;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use support::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

const NOWHERE: &str = "http://127.0.0.1:9";

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let seconds = Duration::from_secs;
    let Settings { limits, calls, stop, .. } = Settings::default();
    let times = [limits.first_byte, limits.head, limits.body, limits.idle, limits.write_stall, stop.linger, stop.drain];
    assert_eq!(times, [10, 10, 30, 60, 30, 5, 20].map(seconds));
    let sizes = [limits.head_bytes, limits.headers, limits.uri_bytes, limits.body_bytes, limits.connections];
    assert_eq!(sizes, [32 << 10, 100, 8 << 10, 1 << 20, 10_000]);
    let (streams, stream, connection) = (limits.h2_streams, limits.h2_stream_window, limits.h2_connection_window);
    assert_eq!((streams, stream, connection, limits.json_depth), (100, 64 << 10, 1 << 20, 64));
    let times = [calls.connect, calls.per_try, calls.reserve, calls.stream_idle, calls.idle];
    assert_eq!(times, [1000, 2000, 50, 30_000, 15_000].map(Duration::from_millis));
    assert_eq!(calls.body_bytes, 4 << 20);
}

#[tokio::test]
async fn json_may_be_nested_64_deep_from_both_sides() {
    // The object around it is one more.
    let nested = |arrays: usize| format!(r#"{{"name":"a","x":{}{}}}"#, "[".repeat(arrays), "]".repeat(arrays));
    for (arrays, created, shown) in [(63, 201, 200), (64, 400, 502)] {
        let theirs = nested(arrays);
        let scripted = upstream(move |request| match request.starts_with("POST") {
            true => Step::Answer(answer(201, r#"{"name":"a"}"#)),
            false => ok(&theirs),
        })
        .await;
        let bff = Bff::start(settings(&scripted.url)).await;
        let ours = nested(arrays);
        let length = ours.len();
        let answer = bff
            .send(&format!("POST /api/items HTTP/1.1\r\nhost: b\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{ours}"))
            .await;
        assert_eq!(status(&answer), created, "{arrays}: {answer}");
        let answer = bff.get("/api/items/1").await;
        assert_eq!(status(&answer), shown, "{arrays}: {answer}");
    }
}

/// RFC 9113, 6.5: what the server says of itself before anything else.
#[tokio::test]
async fn http2_announces_its_limits() {
    let bff = Bff::start(settings(NOWHERE)).await;
    let mut stream = TcpStream::connect(bff.address).await.expect("a connection");
    // The preface and empty settings.
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.expect("a beginning");
    let (mut announced, mut window) = (BTreeMap::new(), 65_535);
    while announced.is_empty() || window == 65_535 {
        let mut head = [0; 9];
        within(stream.read_exact(&mut head)).await.expect("a frame");
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let mut frame = vec![0; length];
        within(stream.read_exact(&mut frame)).await.expect("a frame");
        let number = |bytes: &[u8]| bytes.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte));
        match head[3] {
            // SETTINGS, WINDOW_UPDATE.
            4 => announced.extend(frame.chunks(6).map(|one| (number(&one[..2]), number(&one[2..])))),
            8 => window += number(&frame),
            _ => {}
        }
    }
    // MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE.
    assert_eq!([3, 4, 6].map(|setting| announced.get(&setting).copied()), [Some(100), Some(64 << 10), Some(32 << 10)]);
    assert_eq!(window, 1 << 20, "the connection's window");
}

#[tokio::test]
async fn http2_has_the_limits_of_heads_too() {
    let bff = Bff::start(settings(NOWHERE)).await;
    let many: Vec<_> = (0..101).map(|n| (format!("x-{n}"), "1".to_owned())).collect();
    let long = vec![("x".to_owned(), "y".repeat(33 << 10))];
    let host = |host: &str| vec![("host".to_owned(), host.to_owned())];
    for (path, headers, expected, code) in [
        ("/nothing".to_owned(), Vec::new(), 404, "not_found"),
        ("/nothing".to_owned(), many, 431, "too_many_headers"),
        ("/nothing".to_owned(), long, 431, ""),
        ("/nothing".to_owned(), host("a/b"), 400, "invalid_host"),
        (format!("/{}", "u".repeat(9 << 10)), Vec::new(), 414, "uri_too_long"),
    ] {
        let stream = TcpStream::connect(bff.address).await.expect("a connection");
        let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.expect("HTTP/2");
        tokio::spawn(connection);
        let mut request = http::Request::get(format!("http://{}{path}", bff.address));
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let request = request.body(Empty::<bytes::Bytes>::new()).expect("a request");
        let answer = within(sender.send_request(request)).await.expect("an answer");
        assert_eq!(answer.status().as_u16(), expected, "{code}");
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        assert!(code.is_empty() || String::from_utf8_lossy(&body).contains(code), "{body:?}");
    }
}

#[tokio::test]
async fn connections_over_the_limit_wait_for_a_place() {
    let permission = Arc::new(Semaphore::new(0));
    let held = permission.clone();
    let mut scripted = upstream(move |_| Step::Held(held.clone(), answer(200, r#"{"name":"a"}"#))).await;
    let mut settings = settings(&scripted.url);
    settings.limits.connections = 1;
    let bff = Bff::start(settings).await;
    let first = bff.get("/api/items/first");
    let second = async {
        let asked = within(scripted.seen.recv()).await.expect("the first call");
        assert!(asked.contains("/items/first"), "{asked}");
        let mut second = TcpStream::connect(bff.address).await.expect("the system takes it");
        let request = b"GET /api/items/second HTTP/1.1\r\nhost: b\r\nconnection: close\r\n\r\n";
        second.write_all(request).await.expect("a request");
        // Time enough for a server without the limit.
        for _ in 0..20 {
            assert!(bff.metrics().await.contains("bff_connections 1\n"));
        }
        assert!(scripted.seen.try_recv().is_err(), "the second was served beside the first");
        permission.add_permits(2);
        String::from_utf8_lossy(&read_to_end(&mut second).await).into_owned()
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!((status(&first), status(&second)), (200, 200), "{first}\n{second}");
}

#[tokio::test]
async fn while_load_balancers_notice_requests_are_still_served() {
    let mut settings = settings(NOWHERE);
    settings.stop.linger = Duration::from_secs(3600);
    let mut bff = Bff::start(settings).await;
    bff.stop.take().expect("running").send(()).expect("running");
    let ready = b"GET /health/ready HTTP/1.1\r\nhost: m\r\nconnection: close\r\n\r\n";
    within(async { while status(&talk(bff.management, ready).await) != 503 {} }).await;
    assert_eq!(status(&bff.get("/nothing").await), 404, "a new connection");
    assert!(bff.metrics().await.contains("bff_ready 0\n"));
    bff.stopped.abort();
}
