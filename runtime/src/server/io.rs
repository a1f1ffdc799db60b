//! The socket of a client: tells the protocol, has heads of HTTP/1 looked at before they are passed on, and notes what
//! the watchdog looks at.

use super::heads::{End, Heads};
use super::watchdog::Activity;
use crate::failure::Failure;
use bytes::{Buf, BytesMut};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How an HTTP/2 connection begins (RFC 9113, 3.4).
const H2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What stands in the place of a refused head. The gate knows it by its number on the connection and answers.
const STAND_IN: &[u8] = b"GET / HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";

/// The number of a refused head on its connection, and why it is refused.
pub(crate) type Refused = Arc<OnceLock<(u64, Failure)>>;

/// A client's socket.
pub(crate) struct Watched {
    stream: TcpStream,
    /// Read already, not given on yet.
    ahead: BytesMut,
    /// How much of `ahead` may be given on. The rest is the beginning of a head.
    clear: usize,
    /// HTTP/1 only.
    heads: Option<Heads>,
    refused: Refused,
    /// Nothing that follows is given on.
    ended: bool,
    activity: Arc<Activity>,
}

impl Watched {
    pub(crate) fn new(stream: TcpStream, activity: Arc<Activity>) -> Watched {
        let ahead = BytesMut::with_capacity(512);
        Watched { stream, ahead, clear: 0, heads: None, refused: Refused::default(), ended: false, activity }
    }

    /// Gives on what was read so far, and all that follows: through `heads` if this is HTTP/1. Gives where a refused head
    /// will be noted.
    pub(crate) fn begin(&mut self, heads: Option<Heads>) -> Refused {
        self.heads = heads;
        self.look_ahead();
        Arc::clone(&self.refused)
    }

    /// Waits for the first byte.
    pub(crate) async fn first_byte(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.ahead).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => {
                self.activity.bytes_came();
                Ok(())
            }
        }
    }

    /// Reads until it is clear whether the client speaks HTTP/2.
    pub(crate) async fn is_h2(&mut self) -> io::Result<bool> {
        loop {
            let known = self.ahead.len().min(H2_PREFACE.len());
            if self.ahead[..known] != H2_PREFACE[..known] {
                return Ok(false);
            }
            if known == H2_PREFACE.len() {
                return Ok(true);
            }
            self.first_byte().await?;
        }
    }

    /// Finds out how much of `ahead` may be given on.
    fn look_ahead(&mut self) {
        let Some(heads) = &mut self.heads else {
            self.clear = self.ahead.len();
            return;
        };
        let (clear, end) = heads.look(&self.ahead);
        self.clear = clear;
        self.end(end);
    }

    fn end(&mut self, end: Option<End>) {
        let Some(end) = end else { return };
        self.ended = true;
        self.ahead.truncate(self.clear);
        if let End::Refused(number, failure) = end
            && self.refused.set((number, failure)).is_ok()
        {
            self.ahead.extend_from_slice(STAND_IN);
            self.clear = self.ahead.len();
        }
    }

    /// What came from the socket lies in `buf` behind `before`. Leaves there what may be given on, keeps the rest.
    fn sift(&mut self, buf: &mut ReadBuf<'_>, before: usize) {
        let Some(heads) = &mut self.heads else { return };
        let new = &buf.filled()[before..];
        if !self.ahead.is_empty() {
            self.ahead.extend_from_slice(new);
            buf.set_filled(before);
            return self.look_ahead();
        }
        // The usual case: whole heads and pieces of bodies are looked at where they are.
        let (clear, end) = heads.look(new);
        self.ahead.extend_from_slice(&new[clear..]);
        buf.set_filled(before + clear);
        self.end(end);
    }

    fn note_write<T>(&self, result: Poll<T>) -> Poll<T> {
        match result.is_pending() {
            true => self.activity.write_stalls(),
            false => self.activity.wrote(),
        }
        result
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if this.clear > 0 {
                let count = this.clear.min(buf.remaining());
                buf.put_slice(&this.ahead[..count]);
                this.ahead.advance(count);
                this.clear -= count;
                return Poll::Ready(Ok(()));
            }
            let is_refused = this.ended && this.refused.get().is_some();
            if this.ended && !is_refused {
                return Poll::Ready(Ok(()));
            }
            let before = buf.filled().len();
            ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
            let is_end = buf.filled().len() == before;
            if is_refused {
                // Taken and forgotten: a socket closed on unread bytes may lose the answer. Nor does hyper hear that
                // this is the end, or it would not answer; it closes by itself when it has.
                buf.set_filled(before);
                match is_end {
                    true => return Poll::Pending,
                    false => continue,
                }
            }
            if is_end {
                return Poll::Ready(Ok(()));
            }
            this.activity.bytes_came();
            this.sift(buf, before);
            if buf.filled().len() > before {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note_write(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.note_write(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
