//! The body of a request: there already, or streamed as it is made.

use bytes::Bytes;
use futures_util::stream::Stream;
use http_body::{Frame, SizeHint};
use http_body_util::Full;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// What a request carries. From bytes or text with `into()`, or from a stream, so that a file is never held whole.
pub struct Body(Inner);

enum Inner {
    Full(Full<Bytes>),
    Boxed(Pin<Box<dyn http_body::Body<Data = Bytes, Error = io::Error> + Send>>),
}

impl Body {
    /// No body.
    pub fn empty() -> Body {
        Body(Inner::Full(Full::default()))
    }

    /// A body of unknown length. An error of the stream breaks the request off.
    pub fn stream(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Body {
        Body::new(Streamed { stream: Box::pin(stream), left: None })
    }

    /// A body of exactly `length` bytes, which is announced. A stream of another length breaks the request off.
    pub fn sized_stream(length: u64, stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Body {
        Body::new(Streamed { stream: Box::pin(stream), left: Some(length) })
    }

    /// Any other body.
    pub fn new(body: impl http_body::Body<Data = Bytes, Error = io::Error> + Send + 'static) -> Body {
        Body(Inner::Boxed(Box::pin(body)))
    }
}

impl Default for Body {
    fn default() -> Body {
        Body::empty()
    }
}

macro_rules! from_bytes {
    ($($t:ty),*) => {$(
        impl From<$t> for Body {
            fn from(bytes: $t) -> Body {
                Body(Inner::Full(Full::new(Bytes::from(bytes))))
            }
        }
    )*};
}
from_bytes!(Bytes, Vec<u8>, String, &'static str, &'static [u8]);

impl fmt::Debug for Body {
    /// Never what is in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match http_body::Body::size_hint(self).exact() {
            Some(bytes) => write!(f, "Body({bytes} bytes)"),
            None => f.write_str("Body(a stream)"),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut self.0 {
            Inner::Full(body) => Pin::new(body).poll_frame(cx).map_err(|never| match never {}),
            Inner::Boxed(body) => body.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Full(body) => body.is_end_stream(),
            Inner::Boxed(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Full(body) => body.size_hint(),
            Inner::Boxed(body) => body.size_hint(),
        }
    }
}

/// A stream as a body. `left`: the announced bytes that are still to come.
struct Streamed {
    stream: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
    left: Option<u64>,
}

impl http_body::Body for Streamed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let other_length = || io::Error::new(io::ErrorKind::InvalidData, "the body has not the announced length");
        Poll::Ready(match ready!(self.stream.as_mut().poll_next(cx)) {
            None if self.left.is_some_and(|left| left > 0) => Some(Err(other_length())),
            None => None,
            Some(Err(error)) => Some(Err(error)),
            Some(Ok(bytes)) => match self.left.map(|left| left.checked_sub(bytes.len() as u64)) {
                Some(None) => Some(Err(other_length())),
                left => {
                    self.left = left.flatten();
                    Some(Ok(Frame::data(bytes)))
                }
            },
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
