//! Everything that an upstream can do wrong on a real socket: what the client gets, what is counted and logged, and that
//! the next call is not harmed.

mod support;

use support::*;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const GOOD: &str = r#"{"name":"a","count":1}"#;
const JSON: &str = "content-type: application/json";
/// The most that a body may have.
const LIMIT: usize = 4 << 20;

/// An answer as it stands.
fn raw(head: &str, body: &str) -> Vec<u8> {
    format!("{head}\r\n\r\n{body}").into_bytes()
}

/// An answer with the right length.
fn whole(status: &str, headers: &str, body: &str) -> Vec<u8> {
    raw(&format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}", body.len()), body)
}

fn chunked(chunks: &str) -> Vec<u8> {
    raw(&format!("HTTP/1.1 200 OK\r\n{JSON}\r\ntransfer-encoding: chunked"), chunks)
}

/// A good body, filled up with white space.
fn of_size(size: usize) -> String {
    format!("{GOOD}{}", " ".repeat(size - GOOD.len()))
}

/// What is done, where the BFF is asked, and the status and code (if it is a problem) that the client gets.
type Case = (&'static str, Step, &'static str, u16, &'static str);

fn connections_that_break() -> Vec<Case> {
    let (item, broken) = ("/api/items/7", "upstream_broken");
    let half = raw(&format!("HTTP/1.1 200 OK\r\n{JSON}\r\ncontent-length: 50"), "{\"name\":");
    let lengths = raw(&format!("HTTP/1.1 200 OK\r\n{JSON}\r\ncontent-length: 22\r\ncontent-length: 23"), GOOD);
    let many: String = (0..200).map(|n| format!("x-{n}: 1\r\n")).collect();
    vec![
        ("closes without an answer", Step::Close(Vec::new()), item, 502, broken),
        ("resets without an answer", Step::Reset(Vec::new()), item, 502, broken),
        ("closes in the head", Step::Close(b"HTTP/1.1 200 OK\r\nconte".to_vec()), item, 502, broken),
        ("closes in the body", Step::Close(half.clone()), item, 502, broken),
        ("resets in the body", Step::Reset(half.clone()), item, 502, broken),
        ("closes in a chunk", Step::Close(chunked("16\r\n{\"name\":")), item, 502, broken),
        ("closes before the last chunk", Step::Close(chunked(&format!("16\r\n{GOOD}\r\n"))), item, 502, broken),
        ("chunks of no size", Step::Close(chunked(&format!("xyz\r\n{GOOD}\r\n0\r\n\r\n"))), item, 502, broken),
        ("is no HTTP", Step::Close(b"SSH-2.0-x\r\n\r\n".to_vec()), item, 502, broken),
        ("has two lengths", Step::Close(lengths), item, 502, broken),
        ("has too many headers", Step::Close(whole("200 OK", &format!("{many}{JSON}"), GOOD)), item, 502, broken),
        ("hangs", Step::Hang, "/api/quick", 504, "upstream_timeout"),
        ("hangs until the deadline", Step::Hang, "/api/raw/7", 504, "deadline_exceeded"),
        ("stalls in the head", Step::Stall(b"HTTP/1.1 200 O".to_vec()), "/api/quick", 504, "upstream_timeout"),
        ("stalls in the body", Step::Stall(half.clone()), "/api/quick", 504, "upstream_timeout"),
        ("stalls in a chunk", Step::Stall(chunked("16\r\n{")), "/api/raw/7", 504, "deadline_exceeded"),
    ]
}

fn answers_of_no_use() -> Vec<Case> {
    let (item, large, contract) = ("/api/items/7", "upstream_body_too_large", "upstream_contract");
    let status = "upstream_status";
    let over = of_size(LIMIT + 1);
    let announced = raw(&format!("HTTP/1.1 200 OK\r\n{JSON}\r\ncontent-length: {}", LIMIT + 1), "");
    let in_chunks = chunked(&format!("{:x}\r\n{over}\r\n0\r\n\r\n", over.len()));
    let gzip = format!("{JSON}\r\ncontent-encoding: gzip");
    let redirect = |code| Step::Answer(whole(code, "location: /base/elsewhere", ""));
    vec![
        ("announces too much", Step::Stall(announced), item, 502, large),
        ("sends too much in chunks", Step::Close(in_chunks), item, 502, large),
        (
            "sends too much without a length",
            Step::Close(raw(&format!("HTTP/1.0 200 OK\r\n{JSON}"), &over)),
            item,
            502,
            large,
        ),
        ("redirects (301)", redirect("301 Moved"), item, 502, status),
        ("redirects (302)", redirect("302 Found"), item, 502, status),
        ("redirects (307)", redirect("307 Temporary"), item, 502, status),
        ("fails", Step::Answer(answer(500, "{\"secret\":1}")), item, 502, status),
        ("does not know it, which is mapped", Step::Answer(answer(404, "{\"secret\":1}")), item, 404, "not_found"),
        (
            "switches protocols",
            Step::Close(raw("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade", "")),
            item,
            502,
            status,
        ),
        ("has another status than declared", Step::Answer(raw("HTTP/1.1 204 No Content", "")), item, 502, status),
        ("has no content", Step::Answer(raw("HTTP/1.1 204 No Content", "")), "/api/mode/used", 502, contract),
        ("has an empty body", Step::Answer(whole("200 OK", JSON, "")), item, 502, contract),
        ("is a page", Step::Answer(whole("200 OK", "content-type: text/html", GOOD)), item, 502, contract),
        ("does not say what it is", Step::Answer(whole("200 OK", "x: 1", GOOD)), item, 502, contract),
        ("is compressed, perhaps a bomb", Step::Answer(whole("200 OK", &gzip, "\u{1f}secret")), item, 502, contract),
        ("ends in the middle", ok("{\"name\":"), item, 502, contract),
        ("goes on behind its end", ok("{\"name\":\"a\"} x"), item, 502, contract),
        ("is too long a name", ok("{\"name\":\"secret, and much longer than allowed\"}"), item, 502, contract),
        ("has the wrong types", ok("{\"name\":5,\"count\":-1}"), item, 502, contract),
        ("is no object", ok("\"secret\""), item, 502, contract),
    ]
}

fn answers_that_are_fine() -> Vec<Case> {
    let item = "/api/items/7";
    let mut two = whole("200 OK", JSON, GOOD);
    two.extend_from_slice(&whole("200 OK", JSON, r#"{"name":"poison"}"#));
    let media = "content-type: application/vnd.item+json; charset=utf-8";
    let early = [raw("HTTP/1.1 103 Early Hints\r\nlink: </x>", ""), whole("200 OK", JSON, GOOD)].concat();
    vec![
        ("answers", ok(GOOD), item, 200, ""),
        ("answers as its own kind of JSON", Step::Answer(whole("200 OK", media, GOOD)), item, 200, ""),
        ("answers with HTTP/1.0", Step::Close(raw(&format!("HTTP/1.0 200 OK\r\n{JSON}"), GOOD)), item, 200, ""),
        (
            "answers in chunks",
            Step::Answer(chunked("a;x=1\r\n{\"name\":\"a\r\nc\r\n\",\"count\":1}\r\n0\r\nt: 1\r\n\r\n")),
            item,
            200,
            "",
        ),
        ("answers as much as is allowed", Step::Answer(whole("200 OK", JSON, &of_size(LIMIT))), item, 200, ""),
        ("gives hints first", Step::Answer(early), item, 200, ""),
        ("answers twice", Step::Answer(two), item, 200, ""),
    ]
}

#[tokio::test]
async fn every_way_to_break_has_its_problem() {
    let cases = connections_that_break().into_iter().chain(answers_of_no_use()).chain(answers_that_are_fine());
    for (name, step, path, expected, code) in cases {
        let mut scripted = upstream(move |request| match request.contains("/items/after") {
            true => ok(r#"{"name":"after"}"#),
            false => step.clone(),
        })
        .await;
        let bff = Bff::start(settings(&scripted.url)).await;
        let answer = bff.get(path).await;
        assert_eq!(status(&answer), expected, "{name}: {answer}");
        assert!(!answer.contains("secret"), "{name}: {answer}");
        let outcome = match code {
            "" => "ok",
            "not_found" => "upstream_status",
            code => code,
        };
        if expected == 200 {
            assert_eq!(body(&answer), GOOD, "{name}");
        } else {
            assert_eq!(header(&answer, "content-type"), Some("application/problem+json"), "{name}");
            assert_eq!(json(&answer)["code"], code, "{name}: {answer}");
            assert_eq!(json(&answer)["status"], expected, "{name}: {answer}");
            assert_eq!(json(&answer)["requestId"].as_str(), header(&answer, "x-request-id"), "{name}");
        }
        let metrics = bff.metrics().await;
        let is_call = |line: &&str| line.starts_with("bff_calls_total{");
        let counted: Vec<_> = metrics.lines().filter(is_call).collect();
        assert!(
            counted.len() == 1 && counted[0].ends_with(&format!("outcome=\"{outcome}\"}} 1")),
            "{name}: {counted:?}"
        );
        let log = bff.log();
        assert!(!log.iter().any(|line| line.to_string().contains("secret")), "{name}: {log:?}");
        let causes: Vec<_> = log.iter().filter(|line| line["event"] == "call_failed").collect();
        assert_eq!(causes.len(), usize::from(code == "upstream_broken"), "{name}: {log:?}");
        assert!(causes.iter().all(|line| line["code"] == code && line["error"] != ""), "{name}: {causes:?}");

        // The next call meets a connection that is fine.
        let after = bff.get("/api/items/after").await;
        assert_eq!(body(&after), r#"{"name":"after"}"#, "{name}: {after}");
        drop(bff);
        let mut seen = Vec::new();
        while let Ok(event) = scripted.seen.try_recv() {
            seen.push(event);
        }
        let requests = seen.iter().filter(|event| *event != "closed").count();
        assert_eq!(requests, 2, "{name}: nothing is asked twice, and no redirect followed: {seen:?}");
    }
}

#[tokio::test]
async fn an_upstream_that_is_down_cannot_be_reached() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("an address");
    let bff = Bff::start(settings(&format!("http://{closed}"))).await;
    let answer = bff.get("/api/items/7").await;
    assert_eq!((status(&answer), json(&answer)["code"].as_str()), (502, Some("upstream_unreachable")), "{answer}");
    let told = bff.log().into_iter().find(|line| line["event"] == "call_failed").expect("the cause");
    assert!(told["error"].as_str().is_some_and(|text| text.contains("refused")), "{told}");
}

/// Whatever the call waits for when its time is over or its client leaves: the upstream sees the end of it.
#[tokio::test]
async fn a_call_that_nobody_waits_for_is_given_up() {
    let half = || raw(&format!("HTTP/1.1 200 OK\r\n{JSON}\r\ncontent-length: 50"), "{\"name\":");
    for step in [Step::Hang, Step::Stall(Vec::new()), Step::Stall(half()), Step::Stall(chunked("16\r\n{"))] {
        let mut scripted = upstream(move |_| step.clone()).await;
        let bff = Bff::start(settings(&scripted.url)).await;
        assert_eq!(status(&bff.get("/api/quick").await), 504);
        let mut stream = TcpStream::connect(bff.address).await.expect("a connection");
        stream.write_all(b"GET /api/items/1 HTTP/1.1\r\nhost: b\r\n\r\n").await.expect("a request");
        let mut events = Vec::new();
        for _ in 0..3 {
            events.push(within(scripted.seen.recv()).await.expect("an event"));
        }
        drop(stream);
        events.push(within(scripted.seen.recv()).await.expect("an event"));
        let closed = events.iter().filter(|event| *event == "closed").count();
        assert_eq!((closed, events.last().map(String::as_str)), (2, Some("closed")), "{events:?}");
    }
}
