//! The transport of every day: hyper's client with a pool of connections.

use super::body::Body;
use super::connect::Within;
use super::limits::CallLimits;
use super::transport::{Transport, TransportError, UpstreamBody};
use futures_util::future::BoxFuture;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::path::Path;

#[cfg(feature = "tls")]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "tls"))]
type Connector = HttpConnector;

/// A pooled client for HTTP/1.1, and for HTTP/2 where TLS agrees on it. Uses no proxy, follows no redirect.
pub(crate) struct Pool {
    client: Client<Within<Connector>, Body>,
}

impl Pool {
    /// Reads the certificates that are trusted besides the usual ones. Connects to nothing. The error is for people.
    pub(crate) fn new(limits: &CallLimits, ca_file: Option<&Path>) -> Result<Pool, String> {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.enforce_http(!cfg!(feature = "tls"));
        tcp.set_connect_timeout(Some(limits.connect));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(limits.idle)
            .http2_initial_stream_window_size(1 << 20)
            .http2_initial_connection_window_size(4 << 20)
            .build(Within { inner: connector(tcp, ca_file)?, limit: limits.connect });
        Ok(Pool { client })
    }
}

#[cfg(feature = "tls")]
fn connector(tcp: HttpConnector, ca_file: Option<&Path>) -> Result<Connector, String> {
    let config = super::tls::config(ca_file)?;
    let https = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(config).https_or_http();
    Ok(https.enable_all_versions().wrap_connector(tcp))
}

#[cfg(not(feature = "tls"))]
fn connector(tcp: HttpConnector, ca_file: Option<&Path>) -> Result<Connector, String> {
    match ca_file {
        None => Ok(tcp),
        Some(file) => Err(super::unusable_ca_file(file, "this program was built without the feature `tls`")),
    }
}

impl Transport for Pool {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<UpstreamBody>, TransportError>> {
        let answer = self.client.request(request);
        Box::pin(async move {
            match answer.await {
                Ok(response) => Ok(response.map(UpstreamBody::hyper)),
                Err(error) => Err(TransportError {
                    connect: error.is_connect(),
                    may_have_been_sent: !error.is_connect(),
                    source: Box::new(error),
                }),
            }
        })
    }
}
