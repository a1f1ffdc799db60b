//! A client for tests: one request, one connection, the answer as it came.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Status line and headers, in lower case.
    pub head: String,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let values = self.head.lines().filter_map(|line| line.split_once(':'));
        values.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

/// Sends a request and reads the answer.
///
/// # Panics
/// Where no whole answer comes.
pub async fn ask(
    address: &str,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: Option<&Value>,
) -> Answer {
    let body = body.map(Value::to_string);
    let body = body.as_deref().map(|body| ("application/json", body.as_bytes()));
    let (status, head, bytes) = exchange(address, method, target, headers, body).await;
    Answer { status, head, text: String::from_utf8(bytes).expect("UTF-8") }
}

/// Sends a request with any body (media type and bytes); gives status, head in lower case, and the body's bytes.
///
/// # Panics
/// Where no whole answer comes.
pub async fn exchange(
    address: &str,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: Option<(&str, &[u8])>,
) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let (media, body) = body.unwrap_or_default();
    if !media.is_empty() {
        head.push_str(&format!("content-type: {media}\r\n"));
    }
    let head = format!("{head}content-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.expect("it reads");
    stream.write_all(body).await.expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head and a body");
    let body = answer.split_off(end + 4);
    let head = String::from_utf8(answer).expect("UTF-8");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    (status, head.to_ascii_lowercase(), body)
}
