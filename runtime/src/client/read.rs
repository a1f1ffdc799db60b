//! Reading an answer's body: whole, of at most so many bytes, or piece by piece.

use super::transport::{TransportError, UpstreamBody};
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http_body_util::BodyExt;
use std::time::Duration;

/// Why a body could not be read whole.
pub(crate) enum ReadError {
    /// It is larger than allowed.
    TooLarge,
    /// The connection broke.
    Broken(TransportError),
}

/// The length that the head announces.
pub(crate) fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a body of at most `limit` bytes. `announced`: what [`announced`] says.
pub(crate) async fn read(mut body: UpstreamBody, announced: Option<u64>, limit: usize) -> Result<Bytes, ReadError> {
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(ReadError::TooLarge);
    }
    // A body in one piece is not copied.
    let (mut first, mut rest) = (Bytes::new(), BytesMut::new());
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(ReadError::Broken)?.into_data() else { continue };
        if first.len() + rest.len() + data.len() > limit {
            return Err(ReadError::TooLarge);
        }
        if first.is_empty() && rest.is_empty() {
            first = data;
            continue;
        }
        if rest.is_empty() {
            let expected = announced.map_or(first.len() + data.len(), |length| length as usize);
            rest.reserve(expected);
            rest.extend_from_slice(&std::mem::take(&mut first));
        }
        rest.extend_from_slice(&data);
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

/// Why a body that is read as it comes has no end.
pub(crate) enum Stopped {
    /// Nothing came for too long.
    Idle,
    /// The connection broke.
    Broken(TransportError),
}

/// The next bytes of a body, for which it has the time `idle`. `None`: that was all.
pub(crate) async fn next(body: &mut UpstreamBody, idle: Duration) -> Option<Result<Bytes, Stopped>> {
    loop {
        let frame = match tokio::time::timeout(idle, body.frame()).await {
            Ok(frame) => frame?,
            Err(_) => return Some(Err(Stopped::Idle)),
        };
        match frame.map(http_body::Frame::into_data) {
            Ok(Ok(data)) if !data.is_empty() => return Some(Ok(data)),
            // Trailers, or nothing.
            Ok(_) => {}
            Err(error) => return Some(Err(Stopped::Broken(error))),
        }
    }
}
