//! All services of the shop in one: canned bodies from memory, as cheap as a server can be.

use std::convert::Infallible;

use bffgen_bench::bodies;
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Canned {
    profile: Bytes,
    orders: Bytes,
    notifications: Bytes,
    product: Bytes,
    reviews: Bytes,
    related: Bytes,
    stock: Bytes,
}

fn bytes(value: &serde_json::Value) -> Bytes {
    Bytes::from(value.to_string())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let canned: &'static Canned = Box::leak(Box::new(Canned {
        profile: bytes(&bodies::profile()),
        orders: bytes(&bodies::orders()),
        notifications: bytes(&bodies::notifications()),
        product: bytes(&bodies::product(bodies::PRODUCT_ID)),
        reviews: bytes(&bodies::reviews(bodies::PRODUCT_ID)),
        related: bytes(&bodies::related()),
        stock: bytes(&bodies::stock(bodies::PRODUCT_ID)),
    }));
    let listener = TcpListener::bind(bffgen_bench::settings::listen_address()?).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let service = service_fn(|request| async move { Ok::<_, Infallible>(answer(canned, &request)) });
            // A connection that breaks is the other side's affair.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn answer<B>(canned: &Canned, request: &Request<B>) -> Response<Full<Bytes>> {
    let path = request.uri().path();
    let body = match path {
        _ if request.method() != Method::GET => None,
        "/me" => Some(canned.profile.clone()),
        "/orders" => Some(canned.orders.clone()),
        "/notifications" => Some(canned.notifications.clone()),
        _ => of_product(canned, path),
    };
    match body {
        Some(body) => {
            let mut response = Response::new(Full::new(body));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        None => {
            let mut response =
                Response::new(Full::new(Bytes::from_static(b"{\"title\":\"Not Found\",\"status\":404}")));
            *response.status_mut() = StatusCode::NOT_FOUND;
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
            response
        }
    }
}

fn of_product(canned: &Canned, path: &str) -> Option<Bytes> {
    let (body, id): (&Bytes, &str) = if let Some(id) = path.strip_prefix("/stock/") {
        (&canned.stock, id)
    } else {
        match path.strip_prefix("/products/")?.split_once('/') {
            None => (&canned.product, path.strip_prefix("/products/")?),
            Some((id, "reviews")) => (&canned.reviews, id),
            Some((id, "related")) => (&canned.related, id),
            Some(_) => return None,
        }
    };
    if id == bodies::PRODUCT_ID {
        return Some(body.clone());
    }
    // Another product (keyed calls ask for many): the same body with its id.
    let text = std::str::from_utf8(body).ok()?;
    bffgen_bench::settings::is_product_id(id).then(|| Bytes::from(text.replace(bodies::PRODUCT_ID, id)))
}
