//! What a server must refuse (RFC 9112) is refused, and nothing else: raw requests and what they are answered.

mod support;

use support::*;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// The statuses of the answers, one a request, until the server closes (which it must); and the code of the last.
struct Case {
    raw: Vec<u8>,
    statuses: Vec<u16>,
    code: &'static str,
}

fn case(raw: impl Into<Vec<u8>>, statuses: &[u16], code: &'static str) -> Case {
    Case { raw: raw.into(), statuses: statuses.to_vec(), code }
}

/// A request that is fine, answered with 404, which keeps the connection.
const FINE: &str = "GET /nothing HTTP/1.1\r\nhost: b\r\n\r\n";
/// The last one.
const LAST: &str = "GET /nothing HTTP/1.1\r\nhost: b\r\nconnection: close\r\n\r\n";

fn post(framing: &str, body: &str) -> String {
    format!("POST /api/items HTTP/1.1\r\nhost: b\r\ncontent-type: application/json\r\n{framing}\r\n\r\n{body}")
}

fn refused() -> Vec<Case> {
    let bad = "malformed_request";
    let chunks = "c\r\n{\"name\":\"a\"}\r\n0\r\n\r\n";
    let get = |head: &str| case(format!("GET /nothing HTTP/1.1\r\n{head}{LAST}"), &[400], bad);
    let mut cases = vec![
        // Line ends.
        case(format!("GET /nothing HTTP/1.1\nhost: b\r\n\r\n{LAST}"), &[400], bad),
        get("host: b\n\r\n"),
        get("host: b\r\n\n"),
        get("host: b\r\nx: 1\ny: 2\r\n\r\n"),
        case(format!("\n{LAST}"), &[400], bad),
        get("host: b\r\nx: 1\ry: 2\r\n\r\n"),
        get("host: b\r\nx: 1\r\r\n\r\n"),
        case(format!("GET /no\rthing HTTP/1.1\r\nhost: b\r\n\r\n{LAST}"), &[400], bad),
        // Fields.
        get("host: b\r\nx: a\0b\r\n\r\n"),
        get("host : b\r\n\r\n"),
        get("host: b\r\nx\t: 1\r\n\r\n"),
        get("host: b\r\nx: 1\r\n  2\r\n\r\n"),
        get("host: b\r\n\tx: 1\r\n\r\n"),
        get(" host: b\r\n\r\n"),
        get("host: b\r\n: 1\r\n\r\n"),
        get("host: b\r\nno colon\r\n\r\n"),
        // Hosts are the gate's work, names hyper's.
        case(format!("GET /nothing HTTP/1.1\r\nconnection: close\r\n\r\n{LAST}"), &[400], "invalid_host"),
        case("GET /nothing HTTP/1.1\r\nhost: b\r\nhost: b\r\nconnection: close\r\n\r\n", &[400], "invalid_host"),
        case("GET /nothing HTTP/1.0\r\nhost: b\r\nHost: c\r\n\r\n", &[400], "invalid_host"),
        case(format!("GET /nothing HTTP/1.1\r\nhost: b\r\nx(y): 1\r\n\r\n{LAST}"), &[400], ""),
        case(format!("GET /nothing  HTTP/1.1\r\nhost: b\r\n\r\n{LAST}"), &[400], ""),
        case(format!("POST /api/items HTTP/1.0\r\nhost: b\r\ntransfer-encoding: chunked\r\n\r\n{chunks}"), &[400], ""),
        // Two framings, or none that can be understood.
        case(post("content-length: 22\r\ntransfer-encoding: chunked", chunks) + LAST, &[400], bad),
        case(post("Transfer-Encoding: chunked\r\nContent-Length: 22", chunks) + LAST, &[400], bad),
        case(post("content-length: 0\r\ntransfer-encoding:", chunks) + LAST, &[400], bad),
        case(post("content-length: 12\r\ncontent-length: 13", "{\"name\":\"a\"}") + LAST, &[400], bad),
        case(post("content-length: 12, 12", "{\"name\":\"a\"}") + LAST, &[400], bad),
        case(post("transfer-encoding: identity", "") + LAST, &[400], bad),
        case(post("transfer-encoding: chunked, identity", chunks) + LAST, &[400], bad),
        case(post("transfer-encoding: chunked\r\ntransfer-encoding: chunked", chunks) + LAST, &[400], bad),
        case(post("transfer-encoding: chunked;q=1", chunks) + LAST, &[400], bad),
        case(post("transfer-encoding: \u{b}chunked", chunks) + LAST, &[400], bad),
        case(post("transfer-encoding: gzip, chunked", chunks) + LAST, &[501], "unsupported_transfer_encoding"),
        // Chunks that another reader could see an end in.
        case(post("transfer-encoding: chunked", "c\n{\"name\":\"a\"}\r\n0\r\n\r\n") + LAST, &[400], "body_incomplete"),
        case(
            post("transfer-encoding: chunked", "c;\nx\r\n{\"name\":\"a\"}\r\n0\r\n\r\n") + LAST,
            &[400],
            "body_incomplete",
        ),
        case(post("transfer-encoding: chunked", "c\r\n{\"name\":\"a\"}0\r\n\r\n") + LAST, &[400], "body_incomplete"),
        case(post("transfer-encoding: chunked", "c\r\n{\"name\":\"a\"}\n0\r\n\r\n") + LAST, &[400], "body_incomplete"),
        case(post("transfer-encoding: chunked", "0x1\r\n{\r\n0\r\n\r\n") + LAST, &[400], "body_incomplete"),
        case(post("transfer-encoding: chunked", "11111111111111111\r\n{") + LAST, &[400], "body_incomplete"),
        case(post("transfer-encoding: chunked", "c\r\n{\"name\":\"a\"}\r\n0\r\n\n") + LAST, &[400], "body_incomplete"),
        case(
            post("transfer-encoding: chunked", "c\r\n{\"name\":\"a\"}\r\n0\r\nx: 1\ny: 2\r\n\r\n") + LAST,
            &[400],
            "body_incomplete",
        ),
        // What comes before is answered, what comes behind is not.
        case(format!("{FINE}{FINE}GET / HTTP/1.1\r\nhost: b\n\r\n{LAST}"), &[404, 404, 400], bad),
        case(post("content-length: 12", "{\"name\":\"a\"}") + "GET / HTTP/1.1\n\n" + LAST, &[201, 400], bad),
        case(post("transfer-encoding: chunked", chunks) + "GET / HTTP/1.1\r\nx : 1\r\n\r\n" + LAST, &[201, 400], bad),
    ];
    for value in ["-2", "+2", "0x2", "2 2", "", "18446744073709551616", "2;"] {
        cases.push(case(post(&format!("content-length: {value}"), "{}") + LAST, &[400], bad));
    }
    let many: String = (0..100).map(|n| format!("x-{n}: 1\r\n")).collect();
    let long = "y".repeat(33 << 10);
    cases.push(case(format!("GET / HTTP/1.1\r\nhost: b\r\n{many}\r\n"), &[431], "too_many_headers"));
    cases.push(case(format!("GET / HTTP/1.1\r\nhost: b\r\nx: {long}"), &[431], "head_too_large"));
    cases.push(case(format!("GET / HTTP/1.1\r\nhost: b\r\nx: {long}\r\n\r\n{LAST}"), &[431], "head_too_large"));
    cases.push(case(format!("GET /{long}"), &[414], "uri_too_long"));
    cases.push(case("\r\n".repeat(17 << 10), &[414], "uri_too_long"));
    cases
}

fn fine() -> Vec<Case> {
    let body = "{\"name\":\"a\"}";
    let many: String = (0..98).map(|n| format!("x-{n}: 1\r\n")).collect();
    let text = |raw: String, statuses: &[u16]| case(raw, statuses, "not_found");
    vec![
        text(LAST.to_owned(), &[404]),
        text(format!("{FINE}{FINE}{LAST}"), &[404, 404, 404]),
        text(format!("\r\n\r\n{FINE}\r\n{LAST}"), &[404, 404]),
        text(format!("GET /nothing HTTP/1.1\r\nhost: b\r\n{many}connection:close\r\n\r\n"), &[404]),
        text(format!("GET /nothing HTTP/1.1\r\nhost:b\r\nx:\r\ny: \t a:b \t\r\nz: \u{e9}\r\n\r\n{LAST}"), &[404, 404]),
        text(post("content-length: 12", body) + LAST, &[201, 404]),
        text(post("Content-Length: 12\r\ncontent-length:  12", body) + LAST, &[201, 404]),
        text(post("transfer-encoding: Chunked", "c\r\n{\"name\":\"a\"}\r\n0\r\n\r\n") + LAST, &[201, 404]),
        text(
            post(
                "transfer-encoding: chunked",
                "5;a=b\r\n{\"nam\r\n07 ; c=\"d\"\r\ne\":\"a\"}\r\n000;x\r\nt: 1\r\nu: 2\r\n\r\n",
            ) + &post("content-length: 12", body)
                + LAST,
            &[201, 201, 404],
        ),
        // A body that looks like a head is none.
        text(post("content-length: 17", "{\"name\":\n\r\n\r\n\"a\"}") + LAST, &[201, 404]),
    ]
}

/// Writes in pieces, each in a read of its own as far as the system lets it, and gives what comes.
async fn send(bff: &Bff, raw: &[u8], piece: usize) -> String {
    let mut stream = TcpStream::connect(bff.address).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    for piece in raw.chunks(piece) {
        // After a refusal the server may be gone.
        if stream.write_all(piece).await.is_err() {
            break;
        }
        tokio::task::yield_now().await;
    }
    String::from_utf8_lossy(&read_to_end(&mut stream).await).into_owned()
}

#[tokio::test]
async fn raw_requests_are_answered_as_the_rfc_says() {
    let scripted = upstream(|_| Step::Answer(answer(201, r#"{"name":"a"}"#))).await;
    let bff = Bff::start(settings(&scripted.url)).await;
    for Case { raw, statuses, code } in refused().into_iter().chain(fine()) {
        // All at once, byte by byte, and cut where lines usually are not.
        for piece in [raw.len(), if raw.len() > 1000 { 1000 } else { 1 }, 7] {
            let answers = send(&bff, &raw, piece).await;
            let shown = String::from_utf8_lossy(&raw[..raw.len().min(300)]).into_owned();
            let last = answers.rfind("HTTP/1.").map_or("", |at| &answers[at..]);
            let got: Vec<u16> = answers.match_indices("HTTP/1.").map(|(at, _)| status(&answers[at..])).collect();
            assert_eq!(got, statuses, "{shown:?} in pieces of {piece}: {answers}");
            if !code.is_empty() {
                assert_eq!(json(last)["code"], code, "{shown:?} in pieces of {piece}: {last}");
                assert_eq!(header(last, "content-type"), Some("application/problem+json"), "{last}");
            }
        }
    }
}
