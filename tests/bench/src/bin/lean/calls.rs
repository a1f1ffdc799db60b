//! Calls of the services with hyper-util's pooled client: bounded in time and size.

use std::time::Duration;

use bffgen_bench::settings::Upstreams;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Empty};
use hyper::header::{AUTHORIZATION, HeaderValue};
use hyper::http::uri::{Authority, PathAndQuery, Scheme};
use hyper::{Request, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

const TIMEOUT: Duration = Duration::from_secs(2);
const LARGEST_BODY: usize = 4 << 20;

/// What a call that failed means.
pub enum CallError {
    /// The service answered with this status.
    Status(StatusCode),
    /// It did not answer in time, or not at all, or too much, or not what it should.
    Failed,
}

/// A service: where it is.
pub struct Service {
    authority: Authority,
    prefix: String,
}

impl Service {
    fn new(url: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let uri: Uri = url.parse()?;
        let authority = uri.authority().cloned().ok_or("an upstream's URL has no host")?;
        Ok(Self { authority, prefix: uri.path().trim_end_matches('/').to_owned() })
    }

    fn uri(&self, path: &str) -> Result<Uri, CallError> {
        let mut parts = hyper::http::uri::Parts::default();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(self.authority.clone());
        let path = [self.prefix.as_str(), path].concat();
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(Bytes::from(path)).map_err(|_| CallError::Failed)?);
        Uri::from_parts(parts).map_err(|_| CallError::Failed)
    }
}

/// All services and the pool of connections to them.
pub struct Services {
    client: Client<HttpConnector, Empty<Bytes>>,
    pub users: Service,
    pub orders: Service,
    pub notifications: Service,
    pub catalog: Service,
    pub reviews: Service,
    pub recommendations: Service,
    pub inventory: Service,
}

impl Services {
    /// # Errors
    /// An address that cannot be read.
    pub fn new(upstreams: &Upstreams) -> Result<Self, Box<dyn std::error::Error>> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(1)));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(15))
            .build(connector);
        Ok(Self {
            client,
            users: Service::new(&upstreams.users)?,
            orders: Service::new(&upstreams.orders)?,
            notifications: Service::new(&upstreams.notifications)?,
            catalog: Service::new(&upstreams.catalog)?,
            reviews: Service::new(&upstreams.reviews)?,
            recommendations: Service::new(&upstreams.recommendations)?,
            inventory: Service::new(&upstreams.inventory)?,
        })
    }

    /// `GET`s a path; the body of a success.
    pub async fn get(&self, service: &Service, path: &str, caller: Option<&HeaderValue>) -> Result<Bytes, CallError> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = service.uri(path)?;
        if let Some(authorization) = caller {
            request.headers_mut().insert(AUTHORIZATION, authorization.clone());
        }
        let call = async {
            let response = self.client.request(request).await.map_err(|_| CallError::Failed)?;
            if !response.status().is_success() {
                return Err(CallError::Status(response.status()));
            }
            body(response.into_body()).await
        };
        tokio::time::timeout(TIMEOUT, call).await.map_err(|_| CallError::Failed)?
    }
}

/// Reads a body: as it is if it came in one piece, else joined in one buffer of its size.
async fn body(mut body: hyper::body::Incoming) -> Result<Bytes, CallError> {
    let size = usize::try_from(hyper::body::Body::size_hint(&body).lower()).map_err(|_| CallError::Failed)?;
    if size > LARGEST_BODY {
        return Err(CallError::Failed);
    }
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| CallError::Failed)?.into_data() else { continue };
        if first.is_empty() && joined.is_empty() {
            first = data;
            continue;
        }
        if joined.is_empty() {
            joined.reserve(size.max(first.len() + data.len()));
            joined.extend_from_slice(&first);
        }
        if joined.len() + data.len() > LARGEST_BODY {
            return Err(CallError::Failed);
        }
        joined.extend_from_slice(&data);
    }
    Ok(if joined.is_empty() { first } else { joined.freeze() })
}
