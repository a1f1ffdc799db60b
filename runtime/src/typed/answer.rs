//! The head of an answer, and the ways to read the rest.

use super::decode::{from_json, message_of};
use super::error::{Error, Never, Refused, Unexpected};
use super::events::EventStream;
use super::header::from_header;
use super::stream::ByteStream;
use crate::client::{ReadError, UpstreamBody, announced, read};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use std::fmt;
use std::marker::PhantomData;
use tokio::time::Instant;

/// How much of the body of an unexpected answer is kept.
const KEPT: usize = 64 << 10;

/// An answer whose body has not been read. `E`: the body of the errors that the operation declares.
#[must_use = "an answer says by its status what came"]
pub struct Answer<E = ()> {
    status: StatusCode,
    headers: HeaderMap,
    body: UpstreamBody,
    /// The end of the time for a body that is read whole.
    deadline: Instant,
    limit: usize,
    error: PhantomData<fn() -> E>,
}

impl Answer<Never> {
    pub(super) fn new(response: http::Response<UpstreamBody>, deadline: Instant, limit: usize) -> Answer<Never> {
        let (head, body) = response.into_parts();
        Answer { status: head.status, headers: head.headers, body, deadline, limit, error: PhantomData }
    }
}

impl<E> Answer<E> {
    pub(super) fn of(answer: Answer<Never>) -> Answer<E> {
        let Answer { status, headers, body, deadline, limit, error: _ } = answer;
        Answer { status, headers, body, deadline, limit, error: PhantomData }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The headers as they came.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Whether the body is of a media type; its parameters do not matter.
    pub fn is(&self, media: &str) -> bool {
        let content_type = self.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        content_type.is_some_and(|content_type| essence(content_type) == essence(media))
    }

    /// A header, if it is there (`simple`): a text, number, boolean, a list of them, or an object.
    pub fn header<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error<E>> {
        from_header(&self.headers, name)
            .map_err(|message| Error::decode(self.status, format!("header: {name}"), message))
    }

    /// A header that must be there.
    pub fn header_required<T: DeserializeOwned>(&self, name: &str) -> Result<T, Error<E>> {
        let missing = || Error::decode(self.status, format!("header: {name}"), "it is missing");
        self.header(name)?.ok_or_else(missing)
    }

    /// The body as JSON.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Error<E>> {
        let status = self.status;
        let content_type = self.headers.get(http::header::CONTENT_TYPE).cloned();
        let (_, body) = self.read().await.map_err(Error::widen)?;
        from_json(&body).map_err(|(place, message)| Error::decode(status, place, message_of(message, content_type)))
    }

    /// The body as text.
    pub async fn text(self) -> Result<String, Error<E>> {
        let status = self.status;
        let (_, body) = self.read().await.map_err(Error::widen)?;
        String::from_utf8(body.into()).map_err(|_| Error::decode(status, "", "it is not UTF-8"))
    }

    /// The body as bytes, within the limit of [`Http::body_limit`](super::Http::body_limit).
    pub async fn bytes(self) -> Result<Bytes, Error<E>> {
        self.read().await.map(|(_, body)| body).map_err(Error::widen)
    }

    /// Whatever the body is, it does not matter. What comes of it is read, within time and limit, so that the
    /// connection can be used again.
    pub async fn done(self) -> Result<(), Error<E>> {
        // The answer is complete for who asks: a body that breaks or is too large costs the connection only.
        let _ = self.read().await;
        Ok(())
    }

    /// The body as it comes.
    pub fn stream(self) -> ByteStream {
        ByteStream::new(self.body, self.status)
    }

    /// The body as the events of `text/event-stream`.
    pub fn events(self) -> EventStream {
        EventStream::new(self.stream())
    }

    /// The declared error whose body is JSON.
    pub async fn refused(self) -> Error<E>
    where
        E: DeserializeOwned,
    {
        self.refused_as(|body: E| body).await
    }

    /// The declared error whose body is JSON, as one of several.
    pub async fn refused_as<B: DeserializeOwned>(self, wrap: impl FnOnce(B) -> E) -> Error<E> {
        self.refuse(|body| Some(wrap(from_json(body).ok()?))).await
    }

    /// The declared error whose body is text, as one of several.
    pub async fn refused_text_as(self, wrap: impl FnOnce(String) -> E) -> Error<E> {
        self.refuse(|body| Some(wrap(String::from_utf8(body.to_vec()).ok()?))).await
    }

    /// The declared error whose body is of any other kind, as one of several.
    pub async fn refused_bytes_as(self, wrap: impl FnOnce(Bytes) -> E) -> Error<E> {
        self.refuse(|body| Some(wrap(body.clone()))).await
    }

    /// The declared error that has no body, as one of several.
    pub async fn refused_with(self, body: E) -> Error<E> {
        self.refuse(|_| Some(body)).await
    }

    /// An answer that the document does not declare.
    pub async fn unexpected(self) -> Error<E> {
        let unexpected = |status, headers, body| Error::Unexpected(Box::new(Unexpected { status, headers, body }));
        let Answer { status, headers, body, deadline, limit, .. } = self;
        let body = beginning(body, deadline, limit.min(KEPT)).await;
        unexpected(status, headers, body)
    }

    /// Reads the body of a declared error. One that is not as declared is unexpected.
    async fn refuse(self, decode: impl FnOnce(&Bytes) -> Option<E>) -> Error<E> {
        let status = self.status;
        let (headers, body) = match self.read().await {
            Ok(read) => read,
            Err(error) => return error.widen(),
        };
        match decode(&body) {
            Some(body) => Error::Refused(Box::new(Refused { status, headers, body })),
            None => {
                Error::Unexpected(Box::new(Unexpected { status, headers, body: body.slice(..body.len().min(KEPT)) }))
            }
        }
    }

    async fn read(self) -> Result<(HeaderMap, Bytes), Error<Never>> {
        let Answer { status, headers, body, deadline, limit, .. } = self;
        match tokio::time::timeout_at(deadline, read(body, announced(&headers), limit)).await {
            Ok(Ok(body)) => Ok((headers, body)),
            Ok(Err(ReadError::TooLarge)) => Err(Error::TooLarge { status, limit }),
            Ok(Err(ReadError::Broken(error))) => Err(Error::broken(error)),
            Err(_) => Err(Error::Timeout),
        }
    }
}

impl Answer<()> {
    /// The declared error that has no body.
    pub async fn refused_empty(self) -> Error<()> {
        self.refused_with(()).await
    }
}

impl<E> fmt::Debug for Answer<E> {
    /// The status. Never headers and body: they may hold cookies.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What comes of a body within the time, up to so many bytes.
async fn beginning(mut body: UpstreamBody, deadline: Instant, limit: usize) -> Bytes {
    let mut kept = Vec::new();
    while kept.len() < limit
        && let Ok(Some(Ok(frame))) = tokio::time::timeout_at(deadline, body.frame()).await
    {
        let Ok(data) = frame.into_data() else { continue };
        kept.extend_from_slice(&data[..data.len().min(limit - kept.len())]);
    }
    kept.into()
}
