//! How many bytes an answer has: those that are held, and those that are passed on as they come.

use super::error::{CallError, CallErrorKind};
use super::files::outside;
use super::upstream::{Operation, Reading, Validate};
use crate::json::{Violation, Violations};
use crate::observe::Found;
use crate::runtime::Runtime;
use http::Method;

/// What is said of the number of bytes of one answer, and what it means if that is not so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Length {
    operation: &'static Operation,
    length: (u64, u64),
    /// It is counted, and the answer is used all the same.
    report: bool,
}

impl Length {
    /// Of an answer with a status. Of a part (206) it is not known how many bytes the whole has.
    pub(super) fn new(operation: &'static Operation, reading: Reading, status: u16) -> Length {
        let none = matches!(status, 204 | 205 | 206 | 304) || operation.method == Method::HEAD;
        let length = if none || reading.validate == Validate::Off { (0, u64::MAX) } else { operation.length };
        Length { operation, length, report: reading.report }
    }

    /// The most bytes that it may have.
    pub(super) fn most(&self) -> u64 {
        self.length.1
    }

    /// Tells of an answer that has another number of bytes. `Err`: it is not to be used.
    pub(super) fn check(&self, runtime: &Runtime, request_id: &str, bytes: u64) -> Result<(), CallError> {
        let Some((rule, expected)) = outside(bytes, self.length) else { return Ok(()) };
        let found = Violations::from(Violation::of(None, rule, expected));
        runtime.tell_drift(self.operation, &found, Found::InUse);
        runtime.log().contract(request_id, self.operation, self.report, &found);
        if self.report { Ok(()) } else { Err(CallError::sent(CallErrorKind::Contract)) }
    }
}
