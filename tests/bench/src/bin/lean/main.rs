//! The web BFF as an expert writes it by hand who wants it lean: hyper, hyper-util's client, borrowed and pruned
//! types, what is passed on stays text, one output buffer, mimalloc.

mod calls;
mod endpoints;
mod output;
mod types;

use std::convert::Infallible;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use bffgen_bench::settings::{Upstreams, listen_address};
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use calls::Services;
use endpoints::Problem;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

async fn handle(services: &Services, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let path = request.uri().path();
    let result = if request.method() != Method::GET {
        Err(Problem(StatusCode::METHOD_NOT_ALLOWED, "Only GET."))
    } else if path == "/api/dashboard" {
        endpoints::dashboard(services, request.uri().query(), request.headers().get(AUTHORIZATION)).await
    } else if let Some(id) = path.strip_prefix("/api/products/") {
        endpoints::product_page(services, id).await
    } else if let Some(id) = path.strip_prefix("/api/catalog/") {
        endpoints::catalog(services, id).await
    } else {
        Err(Problem(StatusCode::NOT_FOUND, "There is no such page."))
    };
    let (status, media_type, body) = match result {
        Ok(body) => (StatusCode::OK, "application/json", body),
        Err(Problem(status, title)) => {
            let body = format!(r#"{{"title":"{title}","status":{}}}"#, status.as_u16());
            (status, "application/problem+json", Bytes::from(body))
        }
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let services = Arc::new(Services::new(&Upstreams::from_env()?)?);
    let listener = TcpListener::bind(listen_address()?).await?;
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(10));
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (services, server) = (services.clone(), server.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let services = services.clone();
                async move { Ok::<_, Infallible>(handle(&services, &request).await) }
            });
            // A connection that breaks is the client's affair.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
