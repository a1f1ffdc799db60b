//! A service on a real socket that does what it is told, and keeps what it is sent.

use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What the service does with a request.
#[derive(Clone)]
pub enum Step {
    /// Answers these bytes and keeps the connection.
    Answer(Vec<u8>),
    /// Answers these bytes and closes.
    Close(Vec<u8>),
    /// Answers these bytes, and then nothing more until the client goes.
    Hang(Vec<u8>),
}

pub struct Service {
    pub url: String,
    seen: mpsc::UnboundedReceiver<String>,
}

impl Service {
    /// The next request, as text: chunks are put together.
    pub async fn seen(&mut self) -> String {
        within(self.seen.recv()).await.expect("a request")
    }

    /// Whether no request has come since the last.
    pub fn is_quiet(&mut self) -> bool {
        self.seen.try_recv().is_err()
    }
}

pub async fn service(step: Step) -> Service {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let url = format!("http://{}/v1/", listener.local_addr().expect("an address"));
    let (tell, seen) = mpsc::unbounded_channel();
    let step = Arc::new(step);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (step, tell) = (step.clone(), tell.clone());
            tokio::spawn(async move {
                while let Some(request) = read_request(&mut stream).await {
                    let _ = tell.send(request);
                    match &*step {
                        Step::Answer(bytes) => drop(stream.write_all(bytes).await),
                        Step::Close(bytes) => return drop(stream.write_all(bytes).await),
                        Step::Hang(bytes) => {
                            let _ = stream.write_all(bytes).await;
                            let _ = stream.read(&mut [0; 64]).await;
                            return;
                        }
                    }
                }
            });
        }
    });
    Service { url, seen }
}

/// An answer with headers, each with its line's end.
pub fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

pub fn json(status: u16, body: &str) -> Step {
    Step::Answer(answer(status, "content-type: application/json\r\n", body))
}

/// Guards a test against waiting for ever; never part of what is asserted.
pub async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(std::time::Duration::from_secs(20), work).await.expect("the test hangs")
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            let length: usize = header("content-length").map_or(0, |length| length.parse().expect("a length"));
            if header("transfer-encoding").is_some() {
                if let Some(body) = unchunk(body) {
                    return Some(format!("{head}\r\n\r\n{body}"));
                }
            } else if body.len() >= length {
                return Some(text);
            }
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
}

/// The content of a chunked body, if its end is there.
fn unchunk(mut body: &str) -> Option<String> {
    let mut content = String::new();
    loop {
        let (size, rest) = body.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(content);
        }
        content.push_str(rest.get(..size)?);
        body = rest.get(size + 2..)?;
    }
}
