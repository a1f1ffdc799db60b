//! The gate before the router: refuses what no endpoint should have to look at.

use super::io::Refused;
use super::watchdog::{Activity, Ongoing, Open};
use crate::cx::trace;
use crate::failure::Failure;
use crate::runtime::Runtime;
use crate::settings::Limits;
use axum::body::Body;
use http::header::{CONTENT_TYPE, HOST, HeaderValue};
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use tower_service::Service as _;

/// Hands the requests of one connection to the router.
pub(crate) struct Gate {
    runtime: Runtime,
    router: axum::Router,
    activity: Arc<Activity>,
    refused: Refused,
    /// How many requests have come.
    requests: AtomicU64,
}

impl Gate {
    pub(crate) fn new(runtime: Runtime, router: axum::Router, activity: Arc<Activity>, refused: Refused) -> Gate {
        Gate { runtime, router, activity, refused, requests: AtomicU64::new(0) }
    }

    /// The answer to a request that no endpoint should see.
    fn refusal(&self, request: &Request<Incoming>) -> Option<Response<Body>> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        if let Some((refused, failure)) = self.refused.get()
            && *refused == number
        {
            return Some(problem(request, failure));
        }
        let failure = refuse(request, &self.runtime.settings().limits)?;
        Some(problem(request, &failure))
    }
}

impl hyper::service::Service<Request<Incoming>> for Gate {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Running;

    fn call(&self, request: Request<Incoming>) -> Running {
        let ongoing = Ongoing::begin(Arc::clone(&self.activity));
        let work = match self.refusal(&request) {
            None => Work::Router(self.router.clone().call(request)),
            Some(response) => {
                self.runtime.metrics().count_refused();
                Work::Refused(Some(response))
            }
        };
        Running { work, ongoing: Some(ongoing) }
    }
}

/// A request under way. Dropped when its client leaves, and all that it does with it.
pub(crate) struct Running {
    work: Work,
    ongoing: Option<Ongoing>,
}

enum Work {
    Router(axum::routing::future::RouteFuture<Infallible>),
    Refused(Option<Response<Body>>),
}

impl Future for Running {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let answered = match &mut self.work {
            Work::Router(running) => Pin::new(running).poll(cx),
            Work::Refused(response) => Poll::Ready(Ok(response.take().unwrap_or_default())),
        };
        answered.map_ok(|mut response| {
            if let (Some(open), Some(ongoing)) = (response.extensions_mut().remove::<Open>(), self.ongoing.take()) {
                open.hold(ongoing);
            }
            response
        })
    }
}

/// Why a request is refused, if it is. HTTP/1.1 needs exactly one `Host` (RFC 9112, 3.2); HTTP/2 has `:authority`.
fn refuse<B>(request: &Request<B>, limits: &Limits) -> Option<Failure> {
    let (headers, uri) = (request.headers(), request.uri());
    let bad = |code, detail| Some(Failure::new(StatusCode::BAD_REQUEST, code, detail));
    let mut hosts = headers.get_all(HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    if second.is_some() {
        return bad("invalid_host", "The request has more than one `Host`.");
    }
    let needs_host =
        request.version() == Version::HTTP_11 || (request.version() == Version::HTTP_2 && uri.authority().is_none());
    match host {
        None if needs_host => return bad("invalid_host", "The request has no `Host`."),
        Some(host) if !is_host(host.as_bytes()) => {
            return bad("invalid_host", "`Host` is not a host with an optional port.");
        }
        _ => {}
    }
    if uri.path_and_query().is_some_and(|path| path.as_str().len() > limits.uri_bytes) {
        let detail = format!("Path and query are longer than {} bytes.", limits.uri_bytes);
        return Some(Failure::new(StatusCode::URI_TOO_LONG, "uri_too_long", detail));
    }
    if headers.len() > limits.headers {
        return Some(Failure::too_many_headers(limits.headers));
    }
    None
}

/// Whether it could be `uri-host [":" port]`: no character that could end it or begin something else.
fn is_host(host: &[u8]) -> bool {
    host.iter()
        .all(|b| b.is_ascii_graphic() && !matches!(b, b'/' | b'?' | b'#' | b'@' | b'\\' | b',' | b'"' | b'<' | b'>'))
}

fn problem<B>(request: &Request<B>, failure: &Failure) -> Response<Body> {
    let id = trace::request_id(request.headers(), &trace::Trace::of(request.headers()));
    let mut response = Response::new(Body::from(failure.body(id.to_str().unwrap_or_default())));
    *response.status_mut() = failure.status();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response.headers_mut().insert(trace::REQUEST_ID, id);
    response
}
