//! From a request to an endpoint's handler, and from what it gives to a response.

use crate::call::Streamed;
use crate::cx::{Cx, Notes, trace};
use crate::endpoint::{Answer, Content, Endpoint};
use crate::failure::Failure;
use crate::observe::{Access, EndpointStats, Millis};
use crate::runtime::Runtime;
use crate::server::Open;
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::routing::{MethodRouter, any_service};
use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body::Body as _;
use http_body_util::BodyExt;
use std::convert::Infallible;
use std::fmt::Write;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tower_service::Service;

static UNKNOWN: Endpoint = Endpoint::new("(unknown)", Method::GET, "");

type Handler = Arc<dyn for<'a> Fn(&'a Cx) -> BoxFuture<'a, Result<Answer, Failure>> + Send + Sync>;

/// Begins the routes of one path.
pub fn routes(runtime: &Runtime) -> Routes {
    Routes { runtime: runtime.clone(), methods: Vec::new() }
}

/// What answers a path that no endpoint has: a problem document with 404. For `Router::fallback`.
pub fn not_found(runtime: &Runtime) -> MethodRouter {
    Routes { runtime: runtime.clone(), methods: Vec::new() }.into_method_router()
}

/// The endpoints of one path, one a method.
pub struct Routes {
    runtime: Runtime,
    methods: Vec<Route>,
}

struct Route {
    endpoint: &'static Endpoint,
    stats: Arc<EndpointStats>,
    handler: Handler,
}

impl Routes {
    /// Adds an endpoint. `GET` answers `HEAD` too.
    #[must_use]
    pub fn on<F>(mut self, endpoint: &'static Endpoint, handler: F) -> Routes
    where
        F: for<'a> Fn(&'a Cx) -> BoxFuture<'a, Result<Answer, Failure>> + Clone + Send + Sync + 'static,
    {
        let stats = self.runtime.metrics().endpoint(endpoint);
        self.methods.push(Route { endpoint, stats, handler: Arc::new(handler) });
        self
    }

    /// The routes for axum. Other methods get a problem document with 405 and `Allow`.
    pub fn into_method_router(self) -> MethodRouter {
        any_service(PathService(Arc::new(self)))
    }

    fn find(&self, method: &Method) -> Option<&Route> {
        let named = self.methods.iter().find(|route| route.endpoint.method == *method);
        named.or_else(|| match *method {
            Method::HEAD => self.find(&Method::GET),
            _ => None,
        })
    }

    /// 404 where there is no endpoint at all, 405 where there is one for another method.
    fn no_route(&self) -> Failure {
        if self.methods.is_empty() {
            return Failure::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this path.");
        }
        let mut allowed = Vec::new();
        for route in &self.methods {
            allowed.push(route.endpoint.method.as_str());
            if route.endpoint.method == Method::GET && !self.methods.iter().any(|r| r.endpoint.method == Method::HEAD) {
                allowed.push("HEAD");
            }
        }
        let allow = HeaderValue::try_from(allowed.join(", ")).unwrap_or_else(|_| HeaderValue::from_static(""));
        let detail = "The path does not support this method; `Allow` says which it does.";
        Failure::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).with_header(ALLOW, allow)
    }
}

#[derive(Clone)]
struct PathService(Arc<Routes>);

impl Service<Request<Body>> for PathService {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let routes = Arc::clone(&self.0);
        Box::pin(async move { Ok(answer(&routes, request).await) })
    }
}

async fn answer(routes: &Routes, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let runtime = &routes.runtime;
    let route = routes.find(&head.method);
    let endpoint = route.map_or(&UNKNOWN, |route| route.endpoint);
    let sampled = runtime.log().sample();
    let trace = trace::Trace::of(&head.headers).sampled(sampled);
    let cx = Cx::new(runtime.clone(), endpoint, head, trace);
    let mut watch = Watch { cx, stats: route.map(|route| &*route.stats), sampled, answered: false };
    let result = match route {
        None => Err(routes.no_route()),
        Some(route) => match receive(&mut watch.cx, body).await {
            Err(failure) => Err(failure),
            Ok(()) => handle(&watch.cx, route).await,
        },
    };
    watch.finish(result)
}

/// Reads what comes after the head.
async fn receive(cx: &mut Cx, body: Body) -> Result<(), Failure> {
    if cx.endpoint.path.contains('{') {
        let params = RawPathParams::from_request_parts(&mut cx.head, &()).await;
        let params = params.map_err(|_| {
            Failure::new(StatusCode::BAD_REQUEST, "invalid_path", "The path is not valid UTF-8 when it is decoded.")
        })?;
        cx.path = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    }
    if !body.is_end_stream() {
        let limits = &cx.runtime.settings().limits;
        let end = cx.started + limits.body;
        cx.body = match timeout_at(end, read_body(&cx.head, body, limits.body_bytes)).await {
            Ok(read) => read?,
            Err(_) => {
                let detail = "The body of the request took too long to arrive.";
                return Err(Failure::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", detail));
            }
        };
        cx.deadline = Instant::now() + cx.endpoint.timeout;
    }
    Ok(())
}

async fn read_body(head: &Parts, mut body: Body, limit: usize) -> Result<Bytes, Failure> {
    let too_large = || {
        let detail = format!("The body of the request is larger than {limit} bytes.");
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    };
    let announced = head.headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let (mut first, mut rest) = (Bytes::new(), BytesMut::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Failure::new(StatusCode::BAD_REQUEST, "body_incomplete", "The body of the request did not arrive whole.")
        })?;
        let Ok(data) = frame.into_data() else { continue };
        if first.len() + rest.len() + data.len() > limit {
            return Err(too_large());
        }
        if first.is_empty() && rest.is_empty() {
            first = data;
        } else {
            rest.extend_from_slice(&std::mem::take(&mut first));
            rest.extend_from_slice(&data);
        }
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

async fn handle(cx: &Cx, route: &Route) -> Result<Answer, Failure> {
    // Whatever panics is a mistake of a hook or of the BFF. It must not take other requests of the connection along;
    // nothing of this request is used again, but for what calls have noted.
    let running = AssertUnwindSafe((route.handler)(cx)).catch_unwind();
    match timeout_at(cx.deadline, running).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Failure::internal("panic")),
        Err(_) => {
            let detail = "The answer could not be made in time.";
            Err(Failure::new(StatusCode::GATEWAY_TIMEOUT, "deadline_exceeded", detail))
        }
    }
}

/// Counts and logs a request however it ends: answered, or dropped because its client left.
struct Watch<'r> {
    cx: Cx,
    stats: Option<&'r EndpointStats>,
    sampled: bool,
    answered: bool,
}

/// What the log says of a request that its client gave up (nginx's number for it).
const CLIENT_LEFT: u16 = 499;

impl Watch<'_> {
    fn finish(mut self, result: Result<Answer, Failure>) -> Response<Body> {
        self.answered = true;
        let cx = &self.cx;
        let mut code = None;
        let (status, headers, body, content_type) = match result {
            Ok(Answer { status, headers, body, media }) => {
                let media = HeaderValue::from_str(media);
                let media = media.unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
                let media = match &body {
                    Content::Stream(stream) => stream.media.clone(),
                    _ => media,
                };
                (status, headers, body, media)
            }
            Err(mut failure) => {
                code = Some(failure.code());
                let body = Content::Whole(Bytes::from(failure.body(cx.request_id())));
                let problem = HeaderValue::from_static("application/problem+json");
                (failure.status(), failure.take_headers(), body, problem)
            }
        };
        let (bytes, has_body) = match &body {
            Content::None => (0, false),
            Content::Whole(body) => (body.len(), true),
            Content::Stream(stream) => {
                (stream.length().unwrap_or_default() as usize, !matches!(status.as_u16(), 204 | 205 | 304))
            }
        };
        let mut response = match body {
            Content::None => Response::new(Body::empty()),
            Content::Whole(body) => Response::new(Body::from(body)),
            Content::Stream(stream) => passed_on(*stream, cx.runtime.settings().limits.write_stall),
        };
        *response.status_mut() = status;
        let out = response.headers_mut();
        if has_body {
            out.insert(CONTENT_TYPE, content_type);
        }
        for (name, value) in headers {
            out.append(name, value);
        }
        out.insert(trace::REQUEST_ID, cx.request_id.clone());
        let mut notes = cx.notes();
        if let Some(timing) = server_timing(&notes) {
            out.insert(HeaderName::from_static("server-timing"), timing);
        }
        self.note(status.as_u16(), code, bytes, &notes);
        let samples = std::mem::take(&mut notes.samples);
        drop(notes);
        cx.runtime.check_later(samples);
        response
    }

    fn note(&self, status: u16, code: Option<&str>, bytes: usize, notes: &Notes) {
        let (cx, took) = (&self.cx, self.cx.started.elapsed());
        match (self.stats, self.answered) {
            (Some(stats), true) => stats.request(status, took),
            (Some(stats), false) => stats.cancelled(took),
            (None, _) => cx.runtime.metrics().count_refused(),
        }
        cx.runtime.log().access(&Access {
            cx,
            status,
            code,
            bytes,
            took,
            timings: &notes.timings,
            sampled: self.sampled,
        });
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.answered {
            self.note(CLIENT_LEFT, Some("client_left"), 0, &self.cx.notes());
        }
    }
}

/// A response whose body is passed on, and which keeps its connection from being idle.
fn passed_on(stream: Streamed, stall: Duration) -> Response<Body> {
    let open = Open::default();
    let mut response = Response::new(Body::new(stream.into_body(stall, open.clone())));
    response.extensions_mut().insert(open);
    response
}

/// `name;dur=ms` of each call (W3C Server Timing).
fn server_timing(notes: &Notes) -> Option<HeaderValue> {
    let mut text = String::with_capacity(notes.timings.len() * 24);
    for timing in &notes.timings {
        if !text.is_empty() {
            text.push_str(", ");
        }
        // Names are identifiers of the composition; whatever else stood there would break the header.
        text.extend(timing.name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }));
        let _ = write!(text, ";dur={}", Millis(timing.took));
    }
    (!text.is_empty()).then(|| HeaderValue::try_from(text).ok()).flatten()
}
