//! Services that follow a script: each call that comes must stand in it, and gets what stands there.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::script::{Call, Message, Says};

/// Services, one for each upstream.
pub struct Services {
    /// Name and address.
    pub urls: Vec<(String, String)>,
    script: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    calls: Vec<Expected>,
    wrong: Vec<String>,
}

struct Expected {
    call: Call,
    seen: bool,
    answered: bool,
}

impl Services {
    /// Starts a service for each name.
    ///
    /// # Panics
    /// Where no port is free.
    pub async fn start(names: &[String]) -> Services {
        let script = Arc::new(Mutex::new(Script::default()));
        let mut urls = Vec::new();
        for name in names {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            urls.push((name.clone(), format!("http://{}", listener.local_addr().expect("an address"))));
            let (script, name) = (Arc::clone(&script), name.clone());
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(connection(stream, name.clone(), Arc::clone(&script)));
                }
            });
        }
        Services { urls, script }
    }

    /// What comes next.
    pub fn expect(&self, calls: &[Call]) {
        let calls = calls.iter().map(|call| Expected { call: call.clone(), seen: false, answered: false });
        *self.script.lock().expect("not poisoned") = Script { calls: calls.collect(), wrong: Vec::new() };
    }

    /// What was not as it should be.
    pub fn wrong(&self) -> Vec<String> {
        let script = self.script.lock().expect("not poisoned");
        let missing = script.calls.iter().filter(|expected| !expected.seen);
        let missing =
            missing.map(|expected| format!("never came: {} {}", expected.call.upstream, expected.call.request.show()));
        script.wrong.iter().cloned().chain(missing).collect()
    }
}

/// Serves one connection until it ends; what breaks it is seen by the other side.
async fn connection(mut stream: TcpStream, name: String, script: Arc<Mutex<Script>>) {
    let mut buffer = Vec::new();
    while let Some(request) = request(&mut stream, &mut buffer).await {
        let found = take(&name, &request, &script);
        let answer = match found.as_ref().map(|(_, says)| says) {
            None => Message { head: "599".into(), ..Message::default() },
            Some(Says::Answer(answer)) => answer.clone(),
            Some(Says::Down) => return,
            Some(Says::Never) => std::future::pending().await,
        };
        let mut head = format!("HTTP/1.1 {} Test\r\n", answer.head);
        if !answer.headers.iter().any(|(name, _)| name == "content-length") {
            head.push_str(&format!("content-length: {}\r\n", answer.body.len()));
        }
        if !answer.body.is_empty() && !answer.headers.iter().any(|(name, _)| name == "content-type") {
            head.push_str("content-type: application/json\r\n");
        }
        for (name, value) in &answer.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        // Noted before the bytes leave: what follows may come at once.
        if let Some((at, _)) = found {
            script.lock().expect("not poisoned").calls[at].answered = true;
        }
        if stream.write_all(format!("{head}\r\n{}", answer.body).as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The call of the script that a request is.
fn take(name: &str, request: &Message, script: &Mutex<Script>) -> Option<(usize, Says)> {
    let mut script = script.lock().expect("not poisoned");
    let fits = |expected: &Expected| {
        let wanted = &expected.call.request;
        let headers = wanted.headers.iter().all(|(name, value)| {
            let found = request.headers.iter().find(|(found, _)| found == name);
            if value == "-" { found.is_none() } else { found.is_some_and(|(_, found)| found == value) }
        });
        let body = match (wanted.json(), request.json()) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => wanted.body == request.body,
        };
        !expected.seen && expected.call.upstream == name && wanted.head == request.head && headers && body
    };
    let Some(at) = script.calls.iter().position(fits) else {
        script.wrong.push(format!("not in the script: {name} {}", request.show()));
        return None;
    };
    if script.calls[at].call.then && at > 0 && !script.calls[at - 1].answered {
        script.wrong.push(format!("came too early: {name} {}", request.show()));
    }
    script.calls[at].seen = true;
    Some((at, script.calls[at].call.says.clone()))
}

/// Reads a request; `buffer` has what came of the next one.
async fn request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Message> {
    let head_end = loop {
        if let Some(at) = find(buffer, b"\r\n\r\n") {
            break at + 4;
        }
        more(stream, buffer).await?;
    };
    let head: Vec<u8> = buffer.drain(..head_end).collect();
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let first = lines.next()?.rsplit_once(' ')?.0.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let header = |name: &str| headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    let body = if header("transfer-encoding").is_some() {
        chunks(stream, buffer).await?
    } else {
        let length = header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        exactly(stream, buffer, length).await?
    };
    let body = String::from_utf8_lossy(&body).into_owned();
    let body = header("content-type").and_then(|media| parts(media, &body)).unwrap_or(body);
    Some(Message { head: first, headers, body })
}

/// A body of parts as a list: of each its name, its media type and its text.
fn parts(media: &str, body: &str) -> Option<String> {
    let boundary = format!("--{}", media.strip_prefix("multipart/form-data; boundary=")?);
    let parts = body.split(boundary.as_str()).filter_map(|part| part.strip_prefix("\r\n")?.split_once("\r\n\r\n"));
    let parts = parts.map(|(head, text)| {
        let name = head.split('"').nth(1).unwrap_or_default();
        let media = head.split_once("content-type: ").map_or("", |(_, media)| media);
        serde_json::json!([name, media, text.strip_suffix("\r\n").unwrap_or(text)])
    });
    Some(serde_json::Value::from_iter(parts).to_string())
}

async fn chunks(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line_end = loop {
            if let Some(at) = find(buffer, b"\r\n") {
                break at;
            }
            more(stream, buffer).await?;
        };
        let line: Vec<u8> = buffer.drain(..line_end + 2).collect();
        let size = usize::from_str_radix(std::str::from_utf8(&line).ok()?.trim(), 16).ok()?;
        let chunk = exactly(stream, buffer, size + 2).await?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(&chunk[..size]);
    }
}

async fn exactly(stream: &mut TcpStream, buffer: &mut Vec<u8>, length: usize) -> Option<Vec<u8>> {
    while buffer.len() < length {
        more(stream, buffer).await?;
    }
    Some(buffer.drain(..length).collect())
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let read = stream.read_buf(buffer).await.ok()?;
    (read > 0).then_some(())
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}
