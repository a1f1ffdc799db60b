//! Calling the team's own Rust.

use crate::cx::{Cx, Timing};
use crate::failure::{Failure, code_of};
use http::StatusCode;
use std::fmt;
use std::future::Future;
use tokio::time::Instant;

/// Why a hook failed. Any error becomes one with `?`.
pub struct HookError {
    status: StatusCode,
    for_client: Option<String>,
    for_log: String,
}

impl HookError {
    /// A mistake of the BFF (500). The text is for the log; the client does not see it.
    pub fn new(text: impl Into<String>) -> HookError {
        HookError { status: StatusCode::INTERNAL_SERVER_ERROR, for_client: None, for_log: text.into() }
    }

    /// A refusal with a status and a text for the client.
    pub fn status(status: u16, text: impl Into<String>) -> HookError {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let text = text.into();
        HookError { status, for_client: Some(text.clone()), for_log: text }
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for HookError {
    fn from(error: E) -> HookError {
        HookError::new(error.to_string())
    }
}

impl fmt::Debug for HookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HookError({}: {})", self.status, self.for_log)
    }
}

/// Runs a hook and times it like a call. An error is 500 `hook_failed`, unless the hook says another status.
pub async fn hook<T>(
    cx: &Cx,
    name: &'static str,
    running: impl Future<Output = Result<T, HookError>>,
) -> Result<T, Failure> {
    let started = Instant::now();
    let result = running.await;
    let outcome = if result.is_ok() { "ok" } else { "hook_failed" };
    cx.record(Timing { name, took: started.elapsed(), outcome });
    result.map_err(|error| {
        cx.runtime.log().hook_failed(cx.request_id(), name, &error.for_log);
        match error.for_client {
            Some(text) if error.status.is_server_error() => Failure::new(error.status, "hook_failed", text),
            Some(text) => Failure::new(error.status, code_of(error.status), text),
            None => Failure::internal("hook_failed"),
        }
    })
}
