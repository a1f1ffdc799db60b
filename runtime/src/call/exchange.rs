//! One exchange with an upstream: the time it may take, what is sent, and how its answer is read.
//!
//! Retries, a breaker and limits on concurrency belong around [`once`], inside [`run`].

use super::error::{CallError, CallErrorKind};
use super::request::Parts;
use super::upstream::Operation;
use crate::client::{Body, ReadError, TransportError, UpstreamBody, announced, read};
use crate::cx::{Cx, trace};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Request, Response, Uri};
use std::future::Future;
use tokio::time::Instant;

/// How many bytes of a cause are logged.
const MOST_OF_A_CAUSE: usize = 500;

/// The body of a successful answer, its status, and what its head says of it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Received {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    pub(crate) is_json: bool,
    /// Whether it is of the media type that was asked for.
    pub(crate) is_asked_for: bool,
    pub(crate) is_plain: bool,
    pub(crate) headers: HeaderMap,
}

/// Sends the request and reads the whole answer within what is left of the endpoint's time.
pub(crate) async fn run(cx: &Cx, parts: Parts) -> Result<Received, CallError> {
    within(cx, parts, once).await
}

/// The same for the head of the answer. How long its body may take, whoever reads it says.
pub(crate) async fn open(cx: &Cx, parts: Parts) -> Result<Response<UpstreamBody>, CallError> {
    within(cx, parts, head).await
}

async fn within<'c, T, F>(cx: &'c Cx, parts: Parts, work: impl FnOnce(&'c Cx, Parts) -> F) -> Result<T, CallError>
where
    F: Future<Output = Result<T, CallError>>,
{
    let limits = &cx.runtime.settings().calls;
    let operation = parts.operation;
    let own = parts.timeout.or(operation.timeout).or(operation.upstream.timeout).unwrap_or(limits.per_try);
    // An endpoint in a hurry keeps less for itself.
    let reserve = limits.reserve.min(cx.endpoint.timeout / 4);
    let (own_end, last_end) = (Instant::now() + own, cx.deadline.checked_sub(reserve).unwrap_or(cx.deadline));
    let (end, cause) = match own_end <= last_end {
        true => (own_end, CallErrorKind::Timeout),
        false => (last_end, CallErrorKind::Deadline),
    };
    match tokio::time::timeout_at(end, work(cx, parts)).await {
        Ok(result) => result,
        Err(_) => Err(CallError::sent(cause)),
    }
}

/// One try.
async fn once(cx: &Cx, parts: Parts) -> Result<Received, CallError> {
    let operation = parts.operation;
    let (head, body) = self::head(cx, parts).await?.into_parts();
    let body = read(body, announced(&head.headers), cx.runtime.settings().calls.body_bytes).await;
    let body = body.map_err(|error| match error {
        ReadError::TooLarge => CallError::sent(CallErrorKind::TooLarge),
        ReadError::Broken(error) => of_transport(cx, operation, error),
    })?;
    let headers = head.headers;
    Ok(Received {
        status: head.status.as_u16(),
        body,
        is_json: is_json(&headers),
        is_asked_for: is_of(&headers, operation.media),
        is_plain: is_plain(&headers),
        headers,
    })
}

/// The head of a successful answer.
async fn head(cx: &Cx, parts: Parts) -> Result<Response<UpstreamBody>, CallError> {
    let operation = parts.operation;
    let request = build(cx, parts)?;
    let response = cx.runtime.transport().send(request).await.map_err(|error| of_transport(cx, operation, error))?;
    let status = response.status().as_u16();
    match operation.is_success(status) {
        true => Ok(response),
        false => Err(CallError::sent(CallErrorKind::Status(status))),
    }
}

/// Writes the cause to the log, where alone it is told, and gives the error.
#[cold]
fn of_transport(cx: &Cx, operation: &Operation, error: TransportError) -> CallError {
    let kind = if error.connect { CallErrorKind::Connect } else { CallErrorKind::Broken };
    cx.runtime.log().call_failed(cx.request_id(), operation, kind.code(), &why(&error));
    CallError { kind, may_have_been_sent: error.may_have_been_sent }
}

/// The causes of an error in one text.
pub(super) fn why(error: &TransportError) -> String {
    let mut why = error.source.to_string();
    let mut cause = error.source.source();
    while let Some(error) = cause.filter(|_| why.len() < MOST_OF_A_CAUSE) {
        why.push_str(": ");
        why.push_str(&error.to_string());
        cause = error.source();
    }
    // A certificate with thousands of names is told of with all of them.
    why.truncate(why.floor_char_boundary(MOST_OF_A_CAUSE));
    why
}

fn build(cx: &Cx, parts: Parts) -> Result<Request<Body>, CallError> {
    let unbuilt = || CallError::unsent(CallErrorKind::Argument);
    if parts.broken || parts.target.contains('{') {
        return Err(unbuilt());
    }
    let operation = parts.operation;
    let origin = cx.runtime.origin(operation.upstream).ok_or_else(unbuilt)?;
    let mut uri = http::uri::Parts::default();
    uri.scheme = Some(origin.address.scheme.clone());
    uri.authority = Some(origin.address.authority.clone());
    uri.path_and_query =
        Some(http::uri::PathAndQuery::from_maybe_shared(Bytes::from(parts.target)).map_err(|_| unbuilt())?);
    let uri = Uri::from_parts(uri).map_err(|_| unbuilt())?;
    let mut headers = parts.headers;
    if operation.upstream.forward_authorization
        && let Some(credential) = cx.authorization()
    {
        headers.insert(AUTHORIZATION, credential.clone());
    }
    headers.insert(trace::TRACEPARENT, cx.trace.header());
    if cx.trace.from_caller
        && let Some(state) = cx.head.headers.get(trace::TRACESTATE)
    {
        headers.insert(trace::TRACESTATE, state.clone());
    }
    let mut request = Request::new(Body::from(parts.body));
    *request.method_mut() = operation.method.clone();
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

/// Whether the content type is `application/json` or ends in `+json`.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let media = value.split(';').next().unwrap_or_default().trim().as_bytes();
    media.eq_ignore_ascii_case(b"application/json")
        || media.len().checked_sub(5).is_some_and(|at| media[at..].eq_ignore_ascii_case(b"+json"))
}

/// Whether the content type is a media type, or one of several behind commas; parameters aside. `*/*` and `image/*`
/// are of many.
pub(crate) fn is_of(headers: &HeaderMap, media: &str) -> bool {
    let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let found = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(essence);
    media.split(',').map(essence).any(|wanted| match wanted.strip_suffix('*') {
        Some("*/") => true,
        Some(family) => found.as_ref().is_some_and(|found| found.starts_with(family)),
        None => found.as_ref().is_some_and(|found| *found == wanted),
    })
}

pub(super) fn is_plain(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_ENCODING).is_none_or(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"))
}
