//! Upstreams that follow a script.

use super::header;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What a scripted upstream does with one request.
#[derive(Clone)]
pub enum Step {
    /// Answers these bytes and keeps the connection.
    Answer(Vec<u8>),
    /// Answers these bytes and closes.
    Close(Vec<u8>),
    /// Answers nothing until the BFF closes; then `closed` is seen.
    Hang,
    /// Answers these bytes, and then nothing until the BFF closes; then `closed` is seen.
    Stall(Vec<u8>),
    /// Answers these bytes and resets the connection.
    Reset(Vec<u8>),
    /// Waits for a permission, then answers.
    Held(Arc<tokio::sync::Semaphore>, Vec<u8>),
}

pub fn ok(json: &str) -> Step {
    Step::Answer(answer(200, json))
}

pub fn answer(status: u16, json: &str) -> Vec<u8> {
    let length = json.len();
    format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{json}")
        .into_bytes()
}

/// An upstream that chooses a step by the request.
pub struct Scripted {
    pub url: String,
    /// Each request as text, and `closed` for each hanging one that the BFF gave up.
    pub seen: mpsc::UnboundedReceiver<String>,
}

pub async fn upstream(script: impl Fn(&str) -> Step + Send + Sync + 'static) -> Scripted {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let url = format!("http://{}/base/", listener.local_addr().expect("an address"));
    let (tell, seen) = mpsc::unbounded_channel();
    let script = Arc::new(script);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(follow(stream, script.clone(), tell.clone()));
        }
    });
    Scripted { url, seen }
}

async fn follow(mut stream: TcpStream, script: Arc<impl Fn(&str) -> Step>, tell: mpsc::UnboundedSender<String>) {
    while let Some(request) = read_request(&mut stream).await {
        let step = script(&request);
        let _ = tell.send(request);
        match step {
            Step::Answer(bytes) => drop(stream.write_all(&bytes).await),
            Step::Close(bytes) => return drop(stream.write_all(&bytes).await),
            Step::Hang => return wait_for_end(&mut stream, &tell).await,
            Step::Stall(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return wait_for_end(&mut stream, &tell).await;
            }
            Step::Reset(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return stream.set_zero_linger().expect("a reset");
            }
            Step::Held(permission, bytes) => {
                permission.acquire().await.expect("a permission").forget();
                let _ = stream.write_all(&bytes).await;
            }
        }
    }
}

async fn wait_for_end(stream: &mut TcpStream, tell: &mpsc::UnboundedSender<String>) {
    let mut rest = [0; 64];
    while matches!(stream.read(&mut rest).await, Ok(1..)) {}
    let _ = tell.send("closed".to_owned());
}

/// A head and, with a content length, its body.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((_, body)) = text.split_once("\r\n\r\n") {
            let length = header(&text, "content-length").map_or(0, |value| value.parse().expect("a length"));
            if body.len() >= length {
                return Some(text);
            }
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
}
