//! The trait between calls and the network, so that tests and other targets can bring their own.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Sends one request and gives the answer's head, with a body that is read as it comes.
///
/// No policy belongs here: time-outs, limits, statuses and logging are the caller's. Dropping the future or the
/// body must give the request up.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`, whose uri is absolute.
    fn send(
        &self,
        request: http::Request<super::Body>,
    ) -> BoxFuture<'_, Result<http::Response<UpstreamBody>, TransportError>>;
}

/// Why no answer came.
#[derive(Debug)]
pub struct TransportError {
    /// Whether the connection could not be made.
    pub connect: bool,
    /// Whether the upstream may have seen the request.
    pub may_have_been_sent: bool,
    /// The cause, for people.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl std::fmt::Display for TransportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", if self.connect { "cannot connect" } else { "no answer" }, self.source)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// The body of an upstream's answer.
pub struct UpstreamBody(Inner);

type Boxed = Pin<Box<dyn Body<Data = Bytes, Error = TransportError> + Send>>;

enum Inner {
    Hyper(hyper::body::Incoming),
    Boxed(Boxed),
}

impl UpstreamBody {
    pub(crate) fn hyper(body: hyper::body::Incoming) -> UpstreamBody {
        UpstreamBody(Inner::Hyper(body))
    }

    /// A body that is there already.
    pub fn full(bytes: impl Into<Bytes>) -> UpstreamBody {
        UpstreamBody::new(Full::new(bytes.into()).map_err(|never| match never {}))
    }

    /// Any other body.
    pub fn new(body: impl Body<Data = Bytes, Error = TransportError> + Send + 'static) -> UpstreamBody {
        UpstreamBody(Inner::Boxed(Box::pin(body)))
    }
}

impl Body for UpstreamBody {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        match &mut self.0 {
            Inner::Hyper(body) => Pin::new(body).poll_frame(cx).map_err(|error| TransportError {
                connect: false,
                may_have_been_sent: true,
                source: Box::new(error),
            }),
            Inner::Boxed(body) => body.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Hyper(body) => body.is_end_stream(),
            Inner::Boxed(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Hyper(body) => body.size_hint(),
            Inner::Boxed(body) => body.size_hint(),
        }
    }
}
