//! A call that is being put together, and how it is sent.

use super::answer::Answer;
use super::convert::{content_of, json_of, parameter_of};
use super::error::{Error, Never};
use super::form::encode_form;
use super::http::Inner;
use super::multipart::Multipart;
use super::target::Target;
use crate::client::Body;
use crate::style::{self, Allow, Encoding, NoForm, Style};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A call that is being put together. What cannot be sent is told by [`Request::send`], before anything is sent.
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    http: Arc<Inner>,
    method: Method,
    target: Target,
    query: String,
    headers: HeaderMap,
    cookies: String,
    body: Body,
    timeout: Option<Duration>,
    /// The first thing that cannot be sent.
    problem: Option<String>,
}

impl Request {
    pub(super) fn new(http: Arc<Inner>, method: Method, path: &str) -> Request {
        let (headers, cookies, problem) = (http.headers.clone(), http.cookies.clone(), http.problem.clone());
        Request {
            http,
            method,
            target: Target::new(path),
            query: String::new(),
            headers,
            cookies,
            body: Body::empty(),
            timeout: None,
            problem,
        }
    }

    /// Fills `{name}` of the path in (`simple`).
    pub fn path(self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        self.path_with(name, value, Style::Simple, false)
    }

    /// Fills `{name}` of the path in, in a style. A value that is absent, or that would make a whole segment empty,
    /// `.` or `..`, would name another resource: [`Error::Argument`].
    pub fn path_with(self, name: &str, value: &(impl Serialize + ?Sized), style: Style, explode: bool) -> Self {
        self.value("path", name, value, |request, value| {
            request.fill(name, style::path(name, &parameter_of(value), style, explode))
        })
    }

    /// Fills `{name}` of the path in with JSON (`content: application/json`).
    pub fn path_content(self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        self.value("path", name, value, |request, value| {
            request.fill(name, style::path(name, &content_of(value), Style::Simple, false))
        })
    }

    /// Adds a query parameter (`form`, `explode`). `None` leaves it out.
    pub fn query(self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        self.query_with(name, value, Style::Form, true)
    }

    /// Adds a query parameter in a style. `None` leaves it out.
    pub fn query_with(self, name: &str, value: &(impl Serialize + ?Sized), style: Style, explode: bool) -> Self {
        self.value("query", name, value, |request, value| {
            style::query(&mut request.query, name, &parameter_of(value), style, explode, Allow::Unreserved).map_err(why)
        })
    }

    /// Adds a query parameter in a style, in which reserved characters stay as they are (`allowReserved`), but not
    /// those that would end the value or mean something else: `#`, `&`, `+`, `[`, `]`.
    pub fn query_reserved(self, name: &str, value: &(impl Serialize + ?Sized), style: Style, explode: bool) -> Self {
        self.value("query", name, value, |request, value| {
            style::query(&mut request.query, name, &parameter_of(value), style, explode, Allow::Reserved).map_err(why)
        })
    }

    /// Adds a query parameter that is JSON (`content: application/json`). `None` leaves it out.
    pub fn query_content(self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        self.value("query", name, value, |request, value| {
            style::query(&mut request.query, name, &content_of(value), Style::Form, true, Allow::Unreserved)
                .map_err(why)
        })
    }

    /// Adds a header parameter (`simple`). `None` leaves it out.
    pub fn header(self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        self.header_with(name, value, false)
    }

    /// Adds a header parameter (`simple`), with or without `explode`. `None` leaves it out.
    pub fn header_with(self, name: &str, value: &(impl Serialize + ?Sized), explode: bool) -> Self {
        self.value("header", name, value, |request, value| {
            request.set_header(name, style::header(&parameter_of(value), explode))
        })
    }

    /// Adds a header parameter that is JSON (`content: application/json`). `None` leaves it out.
    pub fn header_content(self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        self.value("header", name, value, |request, value| {
            request.set_header(name, style::header(&content_of(value), false))
        })
    }

    /// Adds a cookie (`form`). `None` leaves it out.
    pub fn cookie(self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        self.cookie_with(name, value, true)
    }

    /// Adds a cookie (`form`), with or without `explode`. `None` leaves it out.
    pub fn cookie_with(self, name: &str, value: &(impl Serialize + ?Sized), explode: bool) -> Self {
        self.value("cookie", name, value, |request, value| {
            style::cookie(&mut request.cookies, name, &parameter_of(value), explode).map_err(why)
        })
    }

    /// Adds a cookie that is JSON (`content: application/json`). `None` leaves it out.
    pub fn cookie_content(self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        self.value("cookie", name, value, |request, value| {
            style::cookie(&mut request.cookies, name, &content_of(value), true).map_err(why)
        })
    }

    /// The media types that are welcome. Default: JSON, then any other.
    pub fn accept(mut self, media: &str) -> Self {
        self.set(ACCEPT, media);
        self
    }

    /// Sets a JSON body.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        self.json_as("application/json", body)
    }

    /// Sets a JSON body of another media type, such as `application/merge-patch+json`.
    pub fn json_as(mut self, media: &str, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => self.bytes(media, json),
            Err(_) => {
                self.refuse("the body cannot be written as JSON".to_owned());
                self
            }
        }
    }

    /// Sets a body that is an object as `application/x-www-form-urlencoded`. What `encodings` does not name: lists give
    /// a pair an item, objects are JSON.
    pub fn form(mut self, body: &(impl Serialize + ?Sized), encodings: &[Encoding<'_>]) -> Self {
        match json_of(body).and_then(|body| encode_form(&body, encodings)) {
            Ok(text) => self.bytes("application/x-www-form-urlencoded", text),
            Err(why) => {
                self.refuse(format!("the body cannot be sent: {why}"));
                self
            }
        }
    }

    /// Sets a body of parts (`multipart/form-data`, RFC 7578).
    pub fn multipart(mut self, body: Multipart) -> Self {
        let (media, body) = body.finish();
        match body {
            Ok(body) => self.bytes(&media, body),
            Err(why) => {
                self.refuse(why);
                self
            }
        }
    }

    /// Sets a body of text.
    pub fn text(self, media: &str, body: &str) -> Self {
        self.bytes(media, body.to_owned())
    }

    /// Sets a body as it stands: bytes, or a stream.
    pub fn bytes(mut self, media: &str, body: impl Into<Body>) -> Self {
        self.set(CONTENT_TYPE, media);
        self.body = body.into();
        self
    }

    /// Adds to the request if there is a value: `.when(body, Request::json)`.
    pub fn when<T>(self, value: Option<T>, add: impl FnOnce(Request, T) -> Request) -> Self {
        match value {
            Some(value) => add(self, value),
            None => self,
        }
    }

    /// The longest time of this call; goes before that of [`Http`](super::Http).
    pub fn timeout(mut self, longest: Duration) -> Self {
        self.timeout = Some(longest);
        self
    }

    /// Sends it, and gives the answer's head; whatever its status is. Redirects are not followed.
    pub async fn send<E>(self) -> Result<Answer<E>, Error<E>> {
        self.exchange().await.map(Answer::of).map_err(Error::widen)
    }

    async fn exchange(mut self) -> Result<Answer<Never>, Error<Never>> {
        // A time that no clock can tell is a year.
        let (now, longest) = (Instant::now(), self.timeout.unwrap_or(self.http.timeout));
        let deadline = now.checked_add(longest).unwrap_or(now + Duration::from_secs(365 * 24 * 3600));
        let uri = self.uri()?;
        if !self.cookies.is_empty() {
            let cookies = std::mem::take(&mut self.cookies);
            self.set(COOKIE, &cookies);
        }
        if !self.headers.contains_key(ACCEPT) {
            self.headers.insert(ACCEPT, HeaderValue::from_static("application/json, */*;q=0.8"));
        }
        if let Some(what) = self.problem {
            return Err(Error::Argument { what });
        }
        let mut request = http::Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers;
        match tokio::time::timeout_at(deadline, self.http.transport.send(request)).await {
            Ok(Ok(response)) => Ok(Answer::new(response, deadline, self.http.body_limit)),
            Ok(Err(error)) if error.connect => Err(Error::Connect { source: error.source }),
            Ok(Err(error)) => Err(Error::broken(error)),
            Err(_) => Err(Error::Timeout),
        }
    }

    fn uri(&mut self) -> Result<Uri, Error<Never>> {
        let argument = |what: String| Error::Argument { what };
        if let Some(what) = self.problem.take() {
            return Err(argument(what));
        }
        let address = &self.http.address;
        let mut target = address.path.clone();
        self.target.write(&mut target).map_err(argument)?;
        for query in [&self.query, &self.http.query].into_iter().filter(|query| !query.is_empty()) {
            target.push(if target.contains('?') { '&' } else { '?' });
            target.push_str(query);
        }
        Uri::builder()
            .scheme(address.scheme.clone())
            .authority(address.authority.clone())
            .path_and_query(target)
            .build()
            .map_err(|_| argument("path and query make no url; they may be too long".to_owned()))
    }

    /// Adds a value, or notes why that cannot be.
    fn value(
        mut self,
        place: &str,
        name: &str,
        value: &(impl Serialize + ?Sized),
        add: impl FnOnce(&mut Request, &Value) -> Result<(), String>,
    ) -> Self {
        if let Err(why) = json_of(value).and_then(|value| add(&mut self, &value)) {
            self.refuse(format!("the {place} parameter `{name}` cannot be sent: {why}"));
        }
        self
    }

    fn fill(&mut self, name: &str, text: Result<Option<String>, NoForm>) -> Result<(), String> {
        let text = text.map_err(why)?.ok_or("it must have a value")?;
        self.target.fill(name, text);
        Ok(())
    }

    fn set_header(&mut self, name: &str, text: Result<Option<String>, NoForm>) -> Result<(), String> {
        let Some(text) = text.map_err(why)? else { return Ok(()) };
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "its name is not one of a header")?;
        let value = HeaderValue::try_from(text).map_err(|_| "a header cannot hold its characters")?;
        self.headers.insert(name, value);
        Ok(())
    }

    fn set(&mut self, name: HeaderName, value: &str) {
        match HeaderValue::from_str(value) {
            Ok(value) => drop(self.headers.insert(name, value)),
            Err(_) => self.refuse(format!("the header `{name}` cannot be sent")),
        }
    }

    fn refuse(&mut self, what: String) {
        self.problem.get_or_insert(what);
    }
}

impl fmt::Debug for Request {
    /// Never what it carries: it may be credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.target.template)
            .finish_non_exhaustive()
    }
}

fn why(no_form: NoForm) -> String {
    no_form.0.to_owned()
}
