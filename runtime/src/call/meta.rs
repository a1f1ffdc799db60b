//! What is known of a call beside its value: status, headers, and why it failed.

use crate::json::Str;
use crate::ops::EvalError;
use crate::warning::Warning;
use http::HeaderMap;
use std::sync::OnceLock;

/// Filled by a call when it ends; a call that is not made leaves it empty.
#[derive(Debug, Default)]
pub struct Meta {
    known: OnceLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    status: Option<u16>,
    headers: HeaderMap,
    error: Option<Warning>,
    complete: bool,
}

/// A value that a header can be read as.
pub trait FromHeader<'m>: Sized {
    /// None: the text is no such value.
    fn from_header(text: &'m str) -> Option<Self>;
}

impl<'m> FromHeader<'m> for Str<'m> {
    fn from_header(text: &'m str) -> Option<Self> {
        Some(Str::plain(text))
    }
}

impl FromHeader<'_> for i64 {
    fn from_header(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
}

impl FromHeader<'_> for f64 {
    fn from_header(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|value: &f64| value.is_finite())
    }
}

impl FromHeader<'_> for bool {
    fn from_header(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
}

impl Meta {
    /// Nothing is known yet.
    pub const fn new() -> Meta {
        Meta { known: OnceLock::new() }
    }

    pub(crate) fn answered(&self, status: u16, headers: HeaderMap) {
        // A call ends once: what is known first stays.
        let _ = self.known.set(Known { status: Some(status), headers, ..Known::default() });
    }

    /// The pages of a call were gathered: head of the last one, and whether there are no more.
    pub(crate) fn gathered(&self, status: u16, headers: HeaderMap, complete: bool) {
        let _ = self.known.set(Known { status: Some(status), headers, error: None, complete });
    }

    pub(crate) fn failed(&self, status: Option<u16>, error: Warning) {
        let _ = self.known.set(Known { status, error: Some(error), ..Known::default() });
    }

    /// The status of a call that fails the answer where it fails: 0 before it has ended.
    pub fn status(&self) -> i64 {
        self.status_if_any().unwrap_or_default()
    }

    /// The status, if the upstream answered.
    pub fn status_if_any(&self) -> Option<i64> {
        self.known.get()?.status.map(i64::from)
    }

    /// A header, if it was sent and can be read as such a value. Several fields of one name are read as
    /// the first.
    pub fn header<'m, T: FromHeader<'m>>(&'m self, name: &str) -> Option<T> {
        T::from_header(self.known.get()?.headers.get(name)?.to_str().ok()?)
    }

    /// A header that the document promises.
    pub fn promised<'m, T: FromHeader<'m>>(&'m self, name: &str) -> Result<T, EvalError> {
        self.header(name).ok_or(EvalError::HEADER)
    }

    /// Why the call failed, if it did.
    pub fn error(&self) -> Option<Warning> {
        self.known.get()?.error
    }

    /// Whether all pages of the call were gathered, to the last.
    pub fn is_complete(&self) -> bool {
        self.known.get().is_some_and(|known| known.complete)
    }

    /// Whether the value is an old one, out of a cache.
    pub fn is_stale(&self) -> bool {
        false
    }
}
