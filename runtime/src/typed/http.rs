//! A service and how it is called: where it is, what every call carries, its limits.

use super::request::Request;
use crate::client::{Address, CallLimits, Pool, Transport, address, shown};
use http::Method;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A service, and how it is called. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Http(Arc<Inner>);

#[derive(Clone)]
pub(super) struct Inner {
    pub(super) address: Address,
    pub(super) headers: HeaderMap,
    pub(super) query: String,
    pub(super) cookies: String,
    pub(super) timeout: Duration,
    pub(super) body_limit: usize,
    pub(super) transport: Arc<dyn Transport>,
    /// Why no request can be sent: something that every call carries cannot be sent.
    pub(super) problem: Option<String>,
}

impl Http {
    /// The service at a url such as `https://petstore.example.com/v1`. Its path comes before those of operations.
    pub fn new(base_url: &str) -> Result<Http, UrlError> {
        let address = address(base_url).map_err(|why| UrlError { url: shown(base_url).to_owned(), why })?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("bff-runtime/", env!("CARGO_PKG_VERSION"))));
        let refused = |why| UrlError { url: shown(base_url).to_owned(), why };
        let limits = CallLimits { connect: Duration::from_secs(10), ..CallLimits::default() };
        let pool = Pool::new(&limits, None).map_err(|_| refused("TLS cannot be set up on this machine"))?;
        Ok(Http(Arc::new(Inner {
            address,
            headers,
            query: String::new(),
            cookies: String::new(),
            timeout: Duration::from_secs(30),
            body_limit: 4 << 20,
            transport: Arc::new(pool),
            problem: None,
        })))
    }

    /// Sends a header with each call, for example an API key. Its value is never shown.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Http {
        self.with(|inner| match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                inner.headers.insert(name, value);
            }
            _ => inner.problem = Some(format!("the header `{name}` of every call cannot be sent")),
        })
    }

    /// Sends a token with each call (`Authorization: Bearer`).
    #[must_use]
    pub fn bearer(self, token: &str) -> Http {
        self.header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// Sends a user and a password with each call (`Authorization: Basic`, RFC 7617).
    #[must_use]
    pub fn basic(self, user: &str, password: &str) -> Http {
        let credentials = base64(format!("{user}:{password}").as_bytes());
        self.header(AUTHORIZATION.as_str(), &format!("Basic {credentials}"))
    }

    /// Sends a query parameter with each call, for example an API key. Its value is never shown.
    #[must_use]
    pub fn query(self, name: &str, value: &str) -> Http {
        self.with(|inner| {
            let value = value.into();
            // A text always has a form in a query.
            let _ = crate::style::query(
                &mut inner.query,
                name,
                &value,
                crate::style::Style::Form,
                true,
                crate::style::Allow::Unreserved,
            );
        })
    }

    /// Sends a cookie with each call. Its value is never shown.
    #[must_use]
    pub fn cookie(self, name: &str, value: &str) -> Http {
        self.with(|inner| {
            // A text always has a form in a cookie.
            let _ = crate::style::cookie(&mut inner.cookies, name, &value.into(), true);
        })
    }

    /// The longest time of a call, from its start to the end of the answer's body; of a stream, to its head.
    /// Default 30 s.
    #[must_use]
    pub fn timeout(self, longest: Duration) -> Http {
        self.with(|inner| inner.timeout = longest)
    }

    /// The size of a body that is read whole, in bytes. Default 4 MiB.
    #[must_use]
    pub fn body_limit(self, bytes: usize) -> Http {
        self.with(|inner| inner.body_limit = bytes)
    }

    /// Another way to the service, for tests or for settings of one's own.
    #[must_use]
    pub fn transport(self, transport: Arc<dyn Transport>) -> Http {
        self.with(|inner| inner.transport = transport)
    }

    /// Begins a call of an operation; `path` is its template, such as `/pets/{petId}`.
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request::new(Arc::clone(&self.0), method, path)
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Http {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

impl fmt::Debug for Http {
    /// The address and the limits. Never what calls carry: it may be credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { address, timeout, body_limit, .. } = &*self.0;
        f.debug_struct("Http")
            .field("url", &format_args!("{}://{}{}", address.scheme, address.authority, address.path))
            .field("timeout", timeout)
            .field("body_limit", body_limit)
            .finish_non_exhaustive()
    }
}

/// A url that is not one of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlError {
    url: String,
    why: &'static str,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The url of the service is `{}`: {}. It must look like `https://petstore.example.com/v1`.",
            self.url, self.why
        )
    }
}

impl std::error::Error for UrlError {}

/// RFC 4648, 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            text.push(if digit > chunk.len() { '=' } else { char::from(DIGITS[value as usize]) });
        }
    }
    text
}
