//! A body that is passed on as it comes: never held whole, and never complete where it was not.
//!
//! One task reads the upstream a piece ahead of the client, so that a client that takes nothing is noticed in HTTP/2
//! too, where nobody asks for more. It ends with the client's stream, and the upstream's with it.

use super::decode::{NO_ENCODING, unusable};
use super::error::{CallError, CallErrorKind};
use super::exchange::{self, is_of, is_plain, why};
use super::length::Length;
use super::request::{Noted, Request};
use super::upstream::{Operation, Reading};
use crate::client::{Stopped, TransportError, UpstreamBody, announced, next};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::runtime::Runtime;
use crate::server::Open;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame, SizeHint};
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::mpsc;

/// How many bytes of a body wait for the client at a time: small enough that a slow client shows that it takes some.
const PIECE: usize = 32 << 10;

/// A successful answer of an upstream whose body has not been read. Dropping it ends the call.
pub struct Streamed {
    pub(crate) status: u16,
    pub(crate) media: HeaderValue,
    /// Those of its headers that the client gets.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    body: UpstreamBody,
    length: Option<u64>,
    /// What is said of its length, where the upstream has not announced it.
    promised: Option<Length>,
    limits: Limits,
    outcome: Outcome,
}

#[derive(Clone, Copy)]
struct Limits {
    idle: Duration,
    bytes: Option<u64>,
}

impl Request<'_, Streamed> {
    /// How long nothing may come of the body, in milliseconds; goes before the setting.
    pub fn idle_ms(mut self, ms: u64) -> Self {
        self.parts.idle = Some(Duration::from_millis(ms));
        self
    }

    /// The size of the body in bytes. Default: any.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.parts.most_bytes = Some(bytes);
        self
    }

    /// Sends it and waits for the head of the answer, whose body is then passed on. A failed call fails the answer.
    pub async fn stream(self) -> Result<Streamed, Failure> {
        let means = self.parts.means();
        self.try_stream().await.map_err(|error| means.failure(error))
    }

    async fn try_stream(self) -> Result<Streamed, CallError> {
        let (cx, operation, meta) = (self.cx, self.parts.operation, self.meta);
        let limits = &cx.runtime.settings().calls;
        let limits = Limits { idle: self.parts.idle.unwrap_or(limits.stream_idle), bytes: self.parts.most_bytes };
        let (mut noted, reading) = (Noted::start(cx, operation, self.parts.name), self.parts.reading);
        let opened = match exchange::open(cx, self.parts).await {
            Ok(response) => checked(cx, (operation, reading), response, limits),
            Err(error) => Err(error),
        };
        match opened {
            Ok((mut stream, headers)) => {
                stream.outcome.took = noted.handed_on();
                if let Some(meta) = meta {
                    meta.answered(stream.status, headers);
                }
                Ok(stream)
            }
            Err(error) => {
                noted.outcome = error.kind.code();
                Err(error)
            }
        }
    }
}

/// The answer, if its head says that it is what the document promises; and all of its headers.
fn checked(
    cx: &Cx,
    (operation, reading): (&'static Operation, Reading),
    response: http::Response<UpstreamBody>,
    limits: Limits,
) -> Result<(Streamed, HeaderMap), CallError> {
    let (head, body) = response.into_parts();
    let status = head.status.as_u16();
    // An answer without content has no type of it.
    if !matches!(status, 204 | 205 | 304) && !is_of(&head.headers, operation.media) {
        return Err(unusable(cx, operation, "contentType", operation.media));
    }
    if !is_plain(&head.headers) {
        return Err(unusable(cx, operation, "contentEncoding", NO_ENCODING));
    }
    // That of a 304 is the length of what does not come (RFC 9110, section 8.6).
    let length = announced(&head.headers).filter(|_| status != 304);
    if length.is_some_and(|length| limits.bytes.is_some_and(|most| length > most)) {
        return Err(CallError::sent(CallErrorKind::TooLarge));
    }
    let promised = Length::new(operation, reading, status);
    if let Some(length) = length {
        promised.check(&cx.runtime, cx.request_id(), length)?;
    }
    let promised = length.is_none().then_some(promised);
    let media = head.headers.get(CONTENT_TYPE).cloned();
    let media = media.unwrap_or_else(|| HeaderValue::from_static("application/octet-stream"));
    let mut headers = Vec::new();
    for name in operation.passed {
        let fields = head.headers.get_all(*name).iter().cloned();
        headers.extend(fields.map(|value| (HeaderName::from_static(name), value)));
    }
    let outcome = Outcome {
        runtime: cx.runtime.clone(),
        request_id: cx.request_id.clone(),
        operation,
        took: Duration::ZERO,
        code: CallErrorKind::Cancelled.code(),
    };
    Ok((Streamed { status, media, headers, body, length, promised, limits, outcome }, head.headers))
}

impl Streamed {
    /// The length that the upstream announced.
    pub(crate) fn length(&self) -> Option<u64> {
        self.length
    }

    /// Begins to pass the body on. `open` is held until nothing more comes; a client that takes nothing for the time
    /// `stall` is given up.
    pub(crate) fn into_body(self, stall: Duration, open: Open) -> Passed {
        // One piece ahead of the client.
        let (sender, pieces) = mpsc::channel(1);
        let left = self.length;
        tokio::spawn(async move {
            self.pass_on(&sender, stall).await;
            drop(open);
        });
        Passed { pieces, left, ended: false }
    }

    async fn pass_on(self, client: &mpsc::Sender<Piece>, stall: Duration) {
        let Streamed { mut body, length, mut promised, limits, mut outcome, .. } = self;
        let mut passed = 0;
        loop {
            if length == Some(passed) {
                // Who has the announced length does not wait for the end.
                outcome.code = "ok";
            }
            let came = tokio::select! {
                biased;
                came = next(&mut body, limits.idle) => came,
                () = client.closed() => return,
            };
            let mut data = match came {
                Some(Ok(data)) => data,
                Some(Err(stopped)) => return outcome.broken_off(&stopped),
                None => {
                    if let Some(promised) = promised
                        && !outcome.is_of_length(&promised, passed)
                    {
                        return;
                    }
                    outcome.code = "ok";
                    let _ = client.send_timeout(Piece::End, stall).await;
                    return;
                }
            };
            passed += data.len() as u64;
            if limits.bytes.is_some_and(|most| passed > most) {
                return outcome.failed(CallErrorKind::TooLarge, "the body is larger than `max_bytes`");
            }
            if let Some(too_long) = promised.take_if(|promised| passed > promised.most())
                && !outcome.is_of_length(&too_long, passed)
            {
                return;
            }
            while !data.is_empty() {
                let piece = data.split_to(data.len().min(PIECE));
                if client.send_timeout(Piece::Data(piece), stall).await.is_err() {
                    return;
                }
            }
        }
    }
}

impl fmt::Debug for Streamed {
    /// The status. Never headers and body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streamed").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Counts how a call ended whose body was passed on, however it did.
struct Outcome {
    runtime: Runtime,
    request_id: HeaderValue,
    operation: &'static Operation,
    /// Until its head was there.
    took: Duration,
    code: &'static str,
}

impl Outcome {
    #[cold]
    fn broken_off(self, stopped: &Stopped) {
        match stopped {
            Stopped::Idle => self.failed(CallErrorKind::Timeout, "nothing came for too long"),
            Stopped::Broken(error) => self.broken(error),
        }
    }

    /// Whether the client may have a body of so many bytes. Told is what it may not have, and what is let pass.
    fn is_of_length(&mut self, promised: &Length, bytes: u64) -> bool {
        let checked = promised.check(&self.runtime, self.request_id.to_str().unwrap_or_default(), bytes);
        if let Err(error) = &checked {
            self.code = error.kind.code();
        }
        checked.is_ok()
    }

    fn broken(self, error: &TransportError) {
        self.failed(CallErrorKind::Broken, &why(error));
    }

    #[cold]
    fn failed(mut self, kind: CallErrorKind, why: &str) {
        self.code = kind.code();
        let id = self.request_id.to_str().unwrap_or_default();
        self.runtime.log().call_failed(id, self.operation, self.code, why);
    }
}

impl Drop for Outcome {
    fn drop(&mut self) {
        self.runtime.metrics().call(self.operation, self.code, self.took);
    }
}

enum Piece {
    Data(Bytes),
    /// That was all. A channel that closes without it has lost something.
    End,
}

/// The body that the client gets.
pub(crate) struct Passed {
    pieces: mpsc::Receiver<Piece>,
    /// Of the announced length.
    left: Option<u64>,
    ended: bool,
}

impl Body for Passed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        Poll::Ready(match ready!(self.pieces.poll_recv(cx)) {
            Some(Piece::Data(data)) => {
                self.left = self.left.map(|left| left.saturating_sub(data.len() as u64));
                Some(Ok(Frame::data(data)))
            }
            Some(Piece::End) => {
                self.ended = true;
                None
            }
            None => {
                self.ended = true;
                Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the upstream's body broke off")))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
