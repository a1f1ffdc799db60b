//! One request: what came in, when it must be answered, and what happened on the way.

pub(crate) mod trace;

use crate::call::Sample;
use crate::chain::Chain;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::runtime::Runtime;
use crate::warning::{Partial, Warning};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::request::Parts;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use trace::Trace;

/// The context of one request. Bodies of upstreams live in it, so whatever was decoded can borrow from `&Cx`.
#[derive(Debug)]
pub struct Cx {
    pub(crate) runtime: Runtime,
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) head: Parts,
    pub(crate) path: Vec<(String, String)>,
    pub(crate) body: Bytes,
    pub(crate) started: Instant,
    pub(crate) deadline: Instant,
    pub(crate) request_id: HeaderValue,
    pub(crate) trace: Trace,
    bodies: Chain<Bytes>,
    notes: Mutex<Notes>,
}

/// What calls leave behind.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) warnings: Vec<Warning>,
    pub(crate) timings: Vec<Timing>,
    /// Answers to be checked whole, once this one is on its way.
    pub(crate) samples: Vec<Sample>,
}

/// How long one call took, and how it ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    pub(crate) name: &'static str,
    pub(crate) took: Duration,
    /// `ok`, or the code of the error.
    pub(crate) outcome: &'static str,
}

impl Cx {
    pub(crate) fn new(runtime: Runtime, endpoint: &'static Endpoint, head: Parts, trace: Trace) -> Cx {
        let started = Instant::now();
        Cx {
            runtime,
            endpoint,
            request_id: trace::request_id(&head.headers, &trace),
            head,
            path: Vec::new(),
            body: Bytes::new(),
            started,
            deadline: started + endpoint.timeout,
            trace,
            bodies: Chain::default(),
            notes: Mutex::default(),
        }
    }

    /// The checked inputs of the request. Call it once.
    pub fn inputs(&self) -> Inputs<'_> {
        Inputs::new(self)
    }

    /// The warnings of the named calls, in the order of the names.
    pub fn warnings(&self, calls: &[&str]) -> Vec<Warning> {
        let notes = self.notes();
        calls.iter().flat_map(|call| notes.warnings.iter().filter(move |w| w.call == *call)).copied().collect()
    }

    /// What the answer goes without: each of the calls that failed, in the order of the names, with the parts of the
    /// answer that read it.
    pub fn partial(&self, calls: &[(&str, &'static [&'static str])]) -> Vec<Partial> {
        let notes = self.notes();
        let missing = calls.iter().filter_map(|(call, parts)| {
            let Warning { call, code, message } = *notes.warnings.iter().find(|warning| warning.call == *call)?;
            Some(Partial { call, code, message, parts })
        });
        missing.collect()
    }

    /// The header fields of the request.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// What the body is, as the client says it: `application/octet-stream` where it does not (RFC 9110, section 8.3).
    pub fn media_type(&self) -> &str {
        let said = self.head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        said.unwrap_or("application/octet-stream")
    }

    /// The id that names the request in the answer and in the log.
    pub fn request_id(&self) -> &str {
        self.request_id.to_str().unwrap_or_default()
    }

    /// When the answer must be there.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The caller's `Authorization`, if there is exactly one.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        let mut values = self.head.headers.get_all(AUTHORIZATION).iter();
        values.next().filter(|_| values.next().is_none())
    }

    /// Adds a warning, once for a call and code.
    pub(crate) fn warn(&self, warning: Warning) {
        let mut notes = self.notes();
        if !notes.warnings.contains(&warning) {
            notes.warnings.push(warning);
        }
    }

    pub(crate) fn record(&self, timing: Timing) {
        self.notes().timings.push(timing);
    }

    pub(crate) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps bytes for as long as the request lives.
    pub(crate) fn keep(&self, bytes: Bytes) -> Result<&[u8], Failure> {
        match self.bodies.push(bytes) {
            Some(kept) => Ok(kept),
            None => Err(Failure::internal("arena")),
        }
    }
}
