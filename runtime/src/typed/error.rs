//! Why a call gave no answer of the kind that was asked for.

use crate::client::TransportError;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use std::fmt;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A failed call. `E`: the body of the errors that the document declares.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = ()> {
    /// An argument cannot be sent. Nothing was.
    Argument {
        /// Which, and why.
        what: String,
    },
    /// No connection. Nothing was sent.
    Connect {
        /// The cause.
        source: Source,
    },
    /// No complete answer within the time of a call, or nothing more of a stream within its idle time.
    Timeout,
    /// The connection broke before the answer was complete, or what came is not HTTP.
    Broken {
        /// Whether the service may have seen the request.
        may_have_been_sent: bool,
        /// The cause.
        source: Source,
    },
    /// The answer's body is larger than allowed.
    TooLarge {
        /// The status of the answer.
        status: StatusCode,
        /// How many bytes are allowed.
        limit: usize,
    },
    /// The answer is not what the document promises.
    Decode(Box<Undecoded>),
    /// The service refused in a way that the document declares.
    Refused(Box<Refused<E>>),
    /// The service answered with a status, or with a body of an error, that the document does not declare.
    Unexpected(Box<Unexpected>),
}

/// An answer that is not what the document promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecoded {
    /// The status of the answer.
    pub status: StatusCode,
    /// Where in the answer: a JSON Pointer, empty for the whole body, or `header: name`.
    pub place: String,
    /// What is wrong. Never holds values of the answer.
    pub message: String,
}

/// A declared error.
#[derive(Clone)]
pub struct Refused<E> {
    /// The status of the answer.
    pub status: StatusCode,
    /// The headers of the answer.
    pub headers: HeaderMap,
    /// The body of the answer.
    pub body: E,
}

/// An error that the document does not declare.
#[derive(Clone)]
pub struct Unexpected {
    /// The status of the answer.
    pub status: StatusCode,
    /// The headers of the answer.
    pub headers: HeaderMap,
    /// The beginning of the answer's body: at most 64 KiB.
    pub body: Bytes,
}

/// Nothing is one: the error body of an answer that has not been looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Never {}

impl<E> Error<E> {
    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        let status = match self {
            Error::Argument { .. } | Error::Connect { .. } | Error::Timeout | Error::Broken { .. } => return None,
            Error::TooLarge { status, .. } => status,
            Error::Decode(undecoded) => &undecoded.status,
            Error::Refused(refused) => &refused.status,
            Error::Unexpected(unexpected) => &unexpected.status,
        };
        Some(status.as_u16())
    }

    /// Whether the service may have seen the request; if not, trying again is always safe.
    pub fn may_have_been_sent(&self) -> bool {
        match self {
            Error::Argument { .. } | Error::Connect { .. } => false,
            Error::Broken { may_have_been_sent, .. } => *may_have_been_sent,
            _ => true,
        }
    }

    /// The body of a declared error.
    pub fn refused(&self) -> Option<&E> {
        match self {
            Error::Refused(refused) => Some(&refused.body),
            _ => None,
        }
    }

    pub(super) fn broken(error: TransportError) -> Error<E> {
        Error::Broken { may_have_been_sent: error.may_have_been_sent, source: error.source }
    }

    pub(super) fn decode(status: StatusCode, place: impl Into<String>, message: impl Into<String>) -> Error<E> {
        Error::Decode(Box::new(Undecoded { status, place: place.into(), message: message.into() }))
    }
}

impl Error<Never> {
    /// The same where errors are declared.
    pub(super) fn widen<E>(self) -> Error<E> {
        match self {
            Error::Argument { what } => Error::Argument { what },
            Error::Connect { source } => Error::Connect { source },
            Error::Timeout => Error::Timeout,
            Error::Broken { may_have_been_sent, source } => Error::Broken { may_have_been_sent, source },
            Error::TooLarge { status, limit } => Error::TooLarge { status, limit },
            Error::Decode(undecoded) => Error::Decode(undecoded),
            Error::Refused(refused) => match refused.body {},
            Error::Unexpected(unexpected) => Error::Unexpected(unexpected),
        }
    }
}

impl<E> fmt::Display for Error<E> {
    /// For people. Never holds values of the answer, nor credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Argument { what } => write!(f, "The call was not sent: {what}."),
            Error::Connect { source } => write!(f, "The service cannot be reached: {source}."),
            Error::Timeout => f.write_str("The service was too slow."),
            Error::Broken { source, .. } => write!(f, "The connection to the service broke: {source}."),
            Error::TooLarge { status, limit } => {
                write!(f, "The service answered {} with more than {limit} bytes.", status.as_u16())
            }
            Error::Decode(undecoded) => {
                let Undecoded { status, place, message } = &**undecoded;
                let place = if place.is_empty() { "the body" } else { place };
                write!(f, "The service answered {}, but not as its document says: {place}: {message}.", status.as_u16())
            }
            Error::Refused(refused) => write!(f, "The service refused with status {}.", refused.status.as_u16()),
            Error::Unexpected(unexpected) => write!(
                f,
                "The service answered {} in a way that its document does not declare.",
                unexpected.status.as_u16()
            ),
        }
    }
}

impl<E: fmt::Debug> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Connect { source } | Error::Broken { source, .. } => Some(&**source),
            _ => None,
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for Refused<E> {
    /// Without the headers: they may hold cookies.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refused").field("status", &self.status).field("body", &self.body).finish_non_exhaustive()
    }
}

impl fmt::Debug for Unexpected {
    /// Without headers and body: nobody knows what they hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unexpected")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
