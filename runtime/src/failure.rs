//! What a client gets when an endpoint cannot answer: a problem document (RFC 9457).

use crate::json::{JsonBuffer, Violation};
use crate::ops::EvalError;
use http::StatusCode;
use http::header::{HeaderName, HeaderValue};
use std::borrow::Cow;

/// Why an endpoint does not answer as promised. Becomes a problem document with a stable `code`; nothing that
/// an upstream sent is ever in it.
#[derive(Debug)]
pub struct Failure(Box<Problem>);

#[derive(Debug)]
struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    errors: Vec<InputError>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// `path`, `query`, `header`, `cookie` or `body`.
    pub place: &'static str,
    /// The parameter's name; for a body, the JSON Pointer of the value.
    pub name: String,
    /// The keyword that is not met, such as `required` or `maxLength`.
    pub rule: &'static str,
    /// What is expected.
    pub detail: String,
}

impl InputError {
    pub(crate) fn new(place: &'static str, name: &str, rule: &'static str, detail: impl Into<String>) -> InputError {
        InputError { place, name: name.to_owned(), rule, detail: detail.into() }
    }

    pub(crate) fn of(place: &'static str, name: Option<&str>, violation: Violation) -> InputError {
        let name = name.map_or(violation.pointer, str::to_owned);
        InputError { place, name, rule: violation.rule, detail: violation.expected }
    }
}

impl Failure {
    /// A failure with a status, a stable code in `snake_case`, and a sentence for the client.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Failure {
        Failure(Box::new(Problem { status, code, detail: detail.into(), errors: Vec::new(), headers: Vec::new() }))
    }

    /// The request is wrong in the ways listed (400).
    pub(crate) fn invalid(errors: Vec<InputError>) -> Failure {
        let mut failure =
            Failure::new(StatusCode::BAD_REQUEST, "invalid_request", "The request is not valid; `errors` says where.");
        failure.0.errors = errors;
        failure
    }

    /// The request has more header fields than it may (431).
    pub(crate) fn too_many_headers(most: usize) -> Failure {
        let detail = format!("The request has more than {most} header fields.");
        Failure::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "too_many_headers", detail)
    }

    /// A mistake of the BFF itself (500).
    pub(crate) fn internal(code: &'static str) -> Failure {
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, code, "The answer could not be made.")
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Failure {
        self.0.headers.push((name, value));
        self
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What is wrong with the request, if that is the reason.
    pub fn errors(&self) -> &[InputError] {
        &self.0.errors
    }

    pub(crate) fn take_headers(&mut self) -> Vec<(HeaderName, HeaderValue)> {
        std::mem::take(&mut self.0.headers)
    }

    /// The problem document.
    pub(crate) fn body(&self, request_id: &str) -> Vec<u8> {
        let problem = &*self.0;
        let mut json = JsonBuffer::with_capacity(256);
        let mut root = json.object();
        root.field("title", problem.status.canonical_reason().unwrap_or("Error"));
        root.field("status", &i64::from(problem.status.as_u16()));
        root.field("code", problem.code);
        root.field("detail", &*problem.detail);
        root.field("requestId", request_id);
        if !problem.errors.is_empty() {
            let mut errors = root.array("errors");
            for error in &problem.errors {
                let mut item = errors.object();
                item.field("in", error.place);
                item.field(if error.place == "body" { "pointer" } else { "name" }, &error.name);
                item.field("rule", error.rule);
                item.field("detail", &error.detail);
                item.end();
            }
            errors.end();
        }
        root.end();
        json.into_bytes()
    }
}

impl From<EvalError> for Failure {
    /// An expression had no value (500 `evaluation`); the words are the runtime's own.
    fn from(error: EvalError) -> Failure {
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "evaluation", error.text())
    }
}

/// The stable code of a bare status, such as `not_found`.
pub(crate) fn code_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "bad_request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        409 => "conflict",
        410 => "gone",
        412 => "precondition_failed",
        413 => "body_too_large",
        415 => "unsupported_media_type",
        422 => "unprocessable",
        429 => "too_many_requests",
        503 => "unavailable",
        504 => "timeout",
        _ if status.is_client_error() => "refused",
        _ => "failed",
    }
}
