//! What generated code says about endpoints, and what their handlers answer.

use crate::call::{AsContent, Streamed};
use crate::failure::Failure;
use crate::json::{JsonBuffer, Raw};
use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{Method, StatusCode};
use std::fmt::Display;
use std::time::Duration;

/// An endpoint of the BFF: plain data in a static.
#[derive(Debug)]
pub struct Endpoint {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) timeout: Duration,
    pub(crate) query: &'static [&'static str],
    pub(crate) strict: bool,
}

impl Endpoint {
    /// An endpoint by name, method and path (`/orders/{id}`). It has 5 s to answer.
    pub const fn new(name: &'static str, method: Method, path: &'static str) -> Endpoint {
        Endpoint { name, method, path, timeout: Duration::from_secs(5), query: &[], strict: false }
    }

    /// The time to answer, in milliseconds, from the end of the request's body.
    #[must_use]
    pub const fn timeout_ms(mut self, ms: u64) -> Endpoint {
        self.timeout = Duration::from_millis(ms);
        self
    }

    /// The query parameters it knows.
    #[must_use]
    pub const fn query(mut self, names: &'static [&'static str]) -> Endpoint {
        self.query = names;
        self
    }

    /// Refuses query parameters it does not know.
    #[must_use]
    pub const fn strict(mut self) -> Endpoint {
        self.strict = true;
        self
    }

    /// The endpoint's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The path template, as the router takes it.
    pub const fn path(&self) -> &'static str {
        self.path
    }
}

/// What an endpoint answers.
#[derive(Debug)]
pub struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Content,
    pub(crate) media: &'static str,
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Content {
    None,
    Whole(Bytes),
    Stream(Box<Streamed>),
}

impl Answer {
    /// A JSON body that was written.
    pub fn json(status: u16, body: JsonBuffer) -> Answer {
        Answer::new(status, Content::Whole(Bytes::from(body.into_bytes())))
    }

    /// A JSON body that an upstream sent, already checked and cut.
    pub fn raw(status: u16, body: &Raw<'_>) -> Answer {
        Answer::new(status, Content::Whole(Bytes::copy_from_slice(body.as_json().as_bytes())))
    }

    /// A text or bytes of a media type. Where the value is absent: no body, with status 204.
    pub fn content(status: u16, media: &'static str, value: &(impl AsContent + ?Sized)) -> Answer {
        match value.as_content() {
            Some(body) => Answer { media, ..Answer::new(status, Content::Whole(body)) },
            None => Answer::empty(204),
        }
    }

    /// The body of an upstream as it comes, with the status that came.
    pub fn stream(body: Streamed) -> Answer {
        Answer::stream_as(body.status, body)
    }

    /// The same with another status, but where the client has the body already (304).
    pub fn stream_as(status: u16, mut body: Streamed) -> Answer {
        let status = if body.status == 304 { 304 } else { status };
        let headers = std::mem::take(&mut body.headers);
        Answer { headers, ..Answer::new(status, Content::Stream(Box::new(body))) }
    }

    /// No body.
    pub fn empty(status: u16) -> Answer {
        Answer::new(status, Content::None)
    }

    fn new(status: u16, body: Content) -> Answer {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Answer { status, headers: Vec::new(), body, media: "application/json" }
    }

    /// Adds a header field; it goes before an upstream's of the same name. A value that cannot stand in one (a line break, say) fails the answer.
    pub fn header(mut self, name: &'static str, value: &impl Display) -> Result<Answer, Failure> {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::try_from(value.to_string());
        match (name, value) {
            (Ok(name), Ok(value)) => {
                self.headers.retain(|(known, _)| *known != name);
                self.headers.push((name, value));
                Ok(self)
            }
            _ => Err(Failure::internal("invalid_header")),
        }
    }

    /// Adds a header field if there is a value.
    pub fn optional_header(self, name: &'static str, value: &Option<impl Display>) -> Result<Answer, Failure> {
        match value {
            Some(value) => self.header(name, value),
            None => Ok(self),
        }
    }
}
