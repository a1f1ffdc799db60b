//! Bodies that are passed on as they come: whole, broken off, too slow, too large, given up, and never held.

mod support;

use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::time::Duration;
use support::*;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const PNG: &str = "content-type: image/png";

fn head(status: &str, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}\r\n\r\n").into_bytes()
}

fn whole(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let mut answer = head(status, &format!("{headers}\r\ncontent-length: {}", body.len()));
    answer.extend_from_slice(body.as_bytes());
    answer
}

fn chunked(headers: &str, chunks: &str) -> Vec<u8> {
    let mut answer = head("200 OK", &format!("{headers}\r\ntransfer-encoding: chunked"));
    answer.extend_from_slice(chunks.as_bytes());
    answer
}

fn outcome(code: &str) -> String {
    format!("bff_calls_total{{upstream=\"items\",operation=\"getFile\",outcome=\"{code}\"}} 1")
}

/// What, where, what the upstream does, and what the client gets: status, body, outcome.
type Case = (&'static str, &'static str, Step, u16, &'static str, &'static str);

#[tokio::test]
async fn what_an_upstream_does_is_what_the_client_gets() {
    let file = "/api/files/7";
    let more = format!("{PNG}; q=1\r\netag: theirs\r\ncontent-range: bytes 0-4/9\r\nx-secret: 1\r\nset-cookie: a=b");
    let gzip = format!("{PNG}\r\ncontent-encoding: gzip");
    let cases: Vec<Case> = vec![
        ("a length", file, Step::Answer(whole("200 OK", PNG, "12345")), 200, "12345", "ok"),
        ("a part", file, Step::Answer(whole("206 Partial", &more, "12345")), 206, "12345", "ok"),
        ("chunks", file, Step::Answer(chunked(PNG, "2\r\n12\r\n3\r\n345\r\n0\r\nt: 1\r\n\r\n")), 200, "12345", "ok"),
        ("nothing", file, Step::Answer(whole("200 OK", PNG, "")), 200, "", "ok"),
        ("as another status", "/api/small", Step::Answer(whole("200 OK", PNG, "1")), 203, "1", "ok"),
        ("not there", file, Step::Answer(answer(404, "{}")), 404, "", "upstream_status"),
        ("fails", file, Step::Answer(whole("500 X", PNG, "1")), 502, "", "upstream_status"),
        ("another success", file, Step::Answer(whole("201 X", PNG, "1")), 502, "", "upstream_status"),
        ("a page", file, Step::Answer(whole("200 OK", "content-type: text/html", "1")), 502, "", "upstream_contract"),
        ("of no type", file, Step::Answer(whole("200 OK", "x: 1", "1")), 502, "", "upstream_contract"),
        ("compressed", file, Step::Answer(whole("200 OK", &gzip, "1")), 502, "", "upstream_contract"),
        ("hangs", file, Step::Hang, 504, "", "deadline_exceeded"),
        (
            "announces too much",
            "/api/small",
            Step::Stall(whole("200 OK", PNG, "123456789")),
            502,
            "",
            "upstream_body_too_large",
        ),
        (
            "sends too much",
            "/api/small",
            Step::Answer(chunked(PNG, "4\r\n1234\r\n5\r\n56789\r\n0\r\n\r\n")),
            203,
            "1234",
            "upstream_body_too_large",
        ),
        (
            "breaks off",
            file,
            Step::Close(head("200 OK", &format!("{PNG}\r\ncontent-length: 9"))),
            200,
            "",
            "upstream_broken",
        ),
        ("breaks off in chunks", file, Step::Close(chunked(PNG, "4\r\n1234\r\n")), 200, "1234", "upstream_broken"),
        ("stalls", file, Step::Stall(chunked(PNG, "4\r\n1234\r\n")), 200, "1234", "upstream_timeout"),
    ];
    for (what, path, step, wanted, text, code) in cases {
        let scripted = upstream(move |_| step.clone()).await;
        let mut settings = settings(&scripted.url);
        settings.calls.stream_idle = Duration::from_millis(300);
        // A connection with a stream is not idle, however long nothing comes.
        settings.limits.idle = Duration::from_millis(20);
        let bff = Bff::start(settings).await;
        let answer = bff.get(path).await;
        assert_eq!(status(&answer), wanted, "{what}: {answer}");
        // Never complete where it was not: no last chunk, fewer bytes than announced.
        let (came, complete) = decoded(&answer);
        assert_eq!(complete, code == "ok" || wanted >= 400, "{what}: {answer}");
        // What stood in a buffer when it broke may be lost.
        assert!(wanted >= 400 || if complete { came == text } else { text.starts_with(&came) }, "{what}: {answer}");
        let passed = code == "ok" || wanted < 400;
        assert_eq!(
            header(&answer, "content-type").is_some_and(|media| media.starts_with("image/png")),
            passed,
            "{what}"
        );
        for ours in ["x-secret", "set-cookie"] {
            assert_eq!(header(&answer, ours), None, "{what}");
        }
        if what == "a part" {
            assert_eq!(header(&answer, "content-type"), Some("image/png; q=1"));
            assert_eq!(header(&answer, "content-range"), Some("bytes 0-4/9"));
            assert_eq!(header(&answer, "etag"), Some("ours"), "what the endpoint says goes before");
        }
        bff.wait_for_metric(&outcome(code)).await;
    }
}

#[tokio::test]
async fn events_go_on_at_once_and_end_with_their_client() {
    let first = chunked("content-type: text/event-stream", "9\r\ndata: 1\n\n\r\n");
    let mut scripted = upstream(move |_| Step::Stall(first.clone())).await;
    let bff = Bff::start(settings(&scripted.url)).await;
    let mut client = TcpStream::connect(bff.address).await.expect("a connection");
    client.write_all(b"GET /api/files/e HTTP/1.1\r\nhost: b\r\nlast-event-id: 4\r\n\r\n").await.expect("it reads");
    let answer = read_until(&mut client, "data: 1\n\n").await;
    assert_eq!(header(&answer, "content-type"), Some("text/event-stream"));
    drop(client);
    let seen = within(scripted.seen.recv()).await.expect("a request");
    assert!(seen.contains("accept: image/*, text/event-stream"), "{seen}");
    assert_eq!(within(scripted.seen.recv()).await.as_deref(), Some("closed"), "the upstream is given up");
    bff.wait_for_metric(&outcome("cancelled")).await;
}

/// More than sockets hold: were it held by the BFF, the upstream would come to its end.
#[tokio::test]
async fn a_client_that_takes_nothing_holds_the_upstream_back_and_is_given_up() {
    for h2 in [false, true] {
        let mut large = head("200 OK", &format!("{PNG}\r\ntransfer-encoding: chunked"));
        large.extend_from_slice(format!("{LARGE_BODY:x}\r\n").as_bytes());
        large.resize(large.len() + LARGE_BODY, b'x');
        large.extend_from_slice(b"\r\n0\r\n\r\n");
        let mut scripted = upstream(move |_| Step::Stall(large.clone())).await;
        let mut settings = settings(&scripted.url);
        settings.limits.write_stall = Duration::from_millis(200);
        let bff = Bff::start(settings).await;
        let stream = TcpStream::connect(bff.address).await.expect("a connection");
        let kept = match h2 {
            true => {
                let (mut send, connection) =
                    hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                        .await
                        .expect("HTTP/2");
                let driven = tokio::spawn(connection);
                let request = http::Request::get(format!("http://{}/api/files/l", bff.address));
                let request = request.body(Empty::<bytes::Bytes>::new()).expect("a request");
                let answer = send.send_request(request).await.expect("an answer");
                Ok((answer, send, driven))
            }
            false => {
                let mut stream = stream;
                stream.write_all(b"GET /api/files/l HTTP/1.1\r\nhost: b\r\n\r\n").await.expect("it reads");
                Err(stream)
            }
        };
        within(scripted.seen.recv()).await.expect("a request");
        assert_eq!(within(scripted.seen.recv()).await.as_deref(), Some("closed"), "the upstream is given up");
        bff.wait_for_metric(&outcome("cancelled")).await;
        if let Ok((answer, _send, _driven)) = kept {
            let broken = within(answer.into_body().collect()).await;
            assert!(broken.is_err(), "a stream of HTTP/2 is reset, not ended");
        }
    }
}
