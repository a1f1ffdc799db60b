//! Health, metrics and drift, on an address of their own that no client reaches.

use crate::observe::{Form, drift_text};
use crate::runtime::Runtime;
use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How many connections are served at the same time.
const CONNECTIONS: usize = 64;

/// Serves `/health/live`, `/health/ready`, `/metrics` and `/drift` until it is dropped.
pub async fn serve_management(listener: TcpListener, runtime: Runtime) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let runtime = runtime.clone();
        connections.spawn(async move {
            let service = service_fn(|request| {
                let response = answer(&request, &runtime);
                async move { Ok::<_, Infallible>(response) }
            });
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(10)).max_headers(100);
            // A scrape that breaks off is the scraper's business.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
            drop(place);
        });
    }
}

fn answer<B>(request: &Request<B>, runtime: &Runtime) -> Response<Full<Bytes>> {
    let text =
        |status, text: &'static str| response(status, "text/plain; charset=utf-8", Bytes::from_static(text.as_bytes()));
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refused = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET is supported.\n");
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    match request.uri().path() {
        "/health/live" => text(StatusCode::OK, "live\n"),
        "/health/ready" if runtime.is_ready() => text(StatusCode::OK, "ready\n"),
        "/health/ready" => text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
        "/metrics" => {
            let metrics = runtime.metrics().write(runtime.drift(), runtime.is_ready(), runtime.log().dropped());
            response(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", Bytes::from(metrics))
        }
        "/drift" => {
            let form = Form::of(request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()));
            response(StatusCode::OK, form.content_type(), Bytes::from(drift_text(runtime.drift(), form)))
        }
        _ => text(StatusCode::NOT_FOUND, "There are /health/live, /health/ready, /metrics and /drift.\n"),
    }
}

fn response(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
