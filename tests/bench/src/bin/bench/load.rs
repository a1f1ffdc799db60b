//! A closed loop over keep-alive connections: raw sockets, as cheap as can be.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{Done, Failure};

/// No answer may take longer.
const PATIENCE: Duration = Duration::from_secs(10);

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr, path: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: application/json\r\n\
             authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.\r\n\r\n"
        );
        Ok(Self { stream, request: request.into_bytes(), buffer: vec![0; 128 * 1024] })
    }

    /// One request and its answer: the place of the body in the buffer.
    async fn ask(&mut self) -> Result<std::ops::Range<usize>, Failure> {
        self.stream.write_all(&self.request).await?;
        let mut filled = 0;
        let mut expected: Option<(usize, usize)> = None;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                return Err("the connection was closed in the middle of an answer".into());
            }
            filled += read;
            if expected.is_none() {
                expected = head(&self.buffer[..filled])?;
            }
            if let Some((start, length)) = expected {
                let end = start + length;
                if filled == end {
                    return Ok(start..end);
                }
                if filled > end {
                    return Err("more came than the answer's length says".into());
                }
                self.buffer.resize(self.buffer.len().max(end), 0);
            }
        }
    }
}

/// Where the body begins and how long it is, once the head is complete.
fn head(received: &[u8]) -> Result<Option<(usize, usize)>, Failure> {
    let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = std::str::from_utf8(&received[..end])?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    if status != "200" {
        let body = String::from_utf8_lossy(&received[end + 4..]);
        return Err(format!("the answer has status {status}, not 200: {body}").into());
    }
    for line in lines {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            return Ok(Some((end + 4, value.trim().parse()?)));
        }
    }
    Err("the answer has no content-length".into())
}

/// The body of one answer.
///
/// # Errors
/// Any status but 200, or a connection that breaks.
pub async fn fetch(address: SocketAddr, path: &str) -> Result<Vec<u8>, Failure> {
    let mut connection = Connection::open(address, path).await?;
    let body = tokio::time::timeout(PATIENCE, connection.ask()).await??;
    Ok(connection.buffer[body].to_vec())
}

/// Asks on all connections, again as soon as the answer is there, until the time is over.
///
/// # Errors
/// Any status but 200, or a connection that breaks.
pub async fn run(address: SocketAddr, path: &str, connections: usize, time: Duration) -> Result<Done, Failure> {
    let mut workers = Vec::new();
    let start = Instant::now();
    for _ in 0..connections {
        let mut connection = Connection::open(address, path).await?;
        workers.push(tokio::spawn(async move {
            let mut times: Vec<Duration> = Vec::with_capacity(4096);
            while start.elapsed() < time {
                let asked = Instant::now();
                let answer = tokio::time::timeout(PATIENCE, connection.ask()).await;
                answer.map_err(|_| "no answer in 10 s".to_owned())?.map_err(|error| error.to_string())?;
                times.push(asked.elapsed());
            }
            Ok::<_, String>(times)
        }));
    }
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await??);
    }
    let took = start.elapsed();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    Ok(Done { requests: times.len() as u64, took, median: at(50), slowest: at(99) })
}
