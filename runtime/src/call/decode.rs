//! From the bytes of an upstream's answer to a checked value.

use super::error::{CallError, CallErrorKind};
use super::exchange::Received;
use super::length::Length;
use super::sample::Sample;
use super::upstream::{BodyForm, Operation, Reading, Validate};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::json::{
    Decode, DecodeFailure, DecodeOptions, Decoded, JsonBuffer, Rule, Violation, Violations, decode, parameter_as_json,
};
use crate::observe::Found;
use bytes::Bytes;

/// What a call can give: any value that is decoded, or `()` where the body does not matter.
pub trait Payload<'a>: Sized {
    #[doc(hidden)]
    fn of_body(
        cx: &'a Cx,
        operation: &'static Operation,
        reading: Reading,
        received: Received,
    ) -> Result<Self, CallError>;
    #[doc(hidden)]
    fn of_default(
        cx: &'a Cx,
        operation: &'static Operation,
        reading: Reading,
        json: JsonBuffer,
    ) -> Result<Self, Failure>;
}

impl<'a> Payload<'a> for () {
    fn of_body(_: &'a Cx, _: &'static Operation, _: Reading, _: Received) -> Result<(), CallError> {
        Ok(())
    }

    fn of_default(_: &'a Cx, _: &'static Operation, _: Reading, _: JsonBuffer) -> Result<(), Failure> {
        Ok(())
    }
}

impl<'a, T: Decode<'a>> Payload<'a> for T {
    fn of_body(
        cx: &'a Cx,
        operation: &'static Operation,
        reading: Reading,
        received: Received,
    ) -> Result<T, CallError> {
        let rule = operation.rule(received.status);
        let body = match operation.form {
            BodyForm::Text => of_text(cx, operation, rule, received)?,
            BodyForm::Json | BodyForm::Bytes => checked(cx, operation, received)?,
        };
        match decode(body, rule, &options(cx, reading)) {
            Ok(Decoded { value, reported }) => {
                if reported.says_anything() {
                    tell(cx, operation, true, &reported);
                }
                Ok(value)
            }
            Err(DecodeFailure::Invalid(found)) => {
                tell(cx, operation, false, &found);
                Err(CallError::sent(CallErrorKind::Contract))
            }
            Err(DecodeFailure::Syntax { offset, problem }) => {
                Err(unusable_by(cx, operation, Violation::no_json(offset, problem)))
            }
        }
    }

    fn of_default(cx: &'a Cx, operation: &'static Operation, reading: Reading, json: JsonBuffer) -> Result<T, Failure> {
        of_default(cx, operation.body, reading, json)
    }
}

/// Bytes are passed on as they are; of what kind they are, the upstream may say more exactly than its document.
impl<'a> Payload<'a> for Bytes {
    fn of_body(
        cx: &'a Cx,
        operation: &'static Operation,
        reading: Reading,
        received: Received,
    ) -> Result<Bytes, CallError> {
        if !received.is_plain {
            return Err(unusable(cx, operation, "contentEncoding", NO_ENCODING));
        }
        let promised = Length::new(operation, reading, received.status);
        promised.check(&cx.runtime, cx.request_id(), received.body.len() as u64)?;
        Ok(received.body)
    }

    fn of_default(_: &'a Cx, _: &'static Operation, _: Reading, _: JsonBuffer) -> Result<Bytes, Failure> {
        Err(Failure::internal("invalid_default"))
    }
}

/// A body that some successes have and some have not.
impl<'a, T: Payload<'a>> Payload<'a> for Option<T> {
    fn of_body(
        cx: &'a Cx,
        operation: &'static Operation,
        reading: Reading,
        received: Received,
    ) -> Result<Option<T>, CallError> {
        match received.body.is_empty() {
            true => Ok(None),
            false => T::of_body(cx, operation, reading, received).map(Some),
        }
    }

    fn of_default(
        cx: &'a Cx,
        operation: &'static Operation,
        reading: Reading,
        json: JsonBuffer,
    ) -> Result<Option<T>, Failure> {
        T::of_default(cx, operation, reading, json).map(Some)
    }
}

/// A value that the composition says.
pub(super) fn of_default<'a, T: Decode<'a>>(
    cx: &'a Cx,
    rule: &'static Rule,
    reading: Reading,
    json: JsonBuffer,
) -> Result<T, Failure> {
    let body = cx.keep(Bytes::from(json.into_bytes()))?;
    // The generator has checked the default against the type: the rules need not be asked again.
    let options = DecodeOptions { rules: false, full: false, ..options(cx, reading) };
    let decoded = decode(body, rule, &options);
    decoded.map(|decoded| decoded.value).map_err(|_| Failure::internal("invalid_default"))
}

/// A text as the JSON that it means: as a parameter would be read.
fn of_text<'a>(
    cx: &'a Cx,
    operation: &Operation,
    rule: &'static Rule,
    received: Received,
) -> Result<&'a [u8], CallError> {
    if !received.is_asked_for {
        return Err(unusable(cx, operation, "contentType", operation.media));
    }
    if !received.is_plain {
        return Err(unusable(cx, operation, "contentEncoding", NO_ENCODING));
    }
    let Ok(text) = str::from_utf8(&received.body) else {
        return Err(unusable(cx, operation, "encoding", "UTF-8"));
    };
    let json = Bytes::from(parameter_as_json(rule, text));
    cx.keep(json).map_err(|_| CallError::sent(CallErrorKind::Broken))
}

pub(super) const NO_ENCODING: &str = "no content encoding, as none was asked for";

/// Keeps the body for a look at the whole of it, if chance says so. It is held for the answer anyway.
pub(super) fn take_sample(cx: &Cx, operation: &'static Operation, reading: Reading, received: &Received) {
    let is_whole = reading.validate == Validate::Full || operation.form != BodyForm::Json;
    let is_json = received.is_json && received.is_plain;
    if !is_whole && is_json && crate::random::next() % 1_000_000 < u64::from(reading.sample) {
        let options = DecodeOptions { rules: true, full: false, report_invalid: true, ..options(cx, reading) };
        let (status, body) = (received.status, received.body.clone());
        cx.notes().samples.push(Sample { operation, status, body, options });
    }
}

fn options(cx: &Cx, reading: Reading) -> DecodeOptions {
    DecodeOptions {
        rules: reading.validate != Validate::Off,
        full: reading.validate == Validate::Full,
        report_invalid: reading.report,
        keep_undeclared: reading.open,
        formats: reading.formats,
        lenient: reading.lenient,
        depth: cx.runtime.settings().limits.json_depth,
        ..DecodeOptions::response()
    }
}

/// The body, if its head says that it is JSON as it stands.
fn checked<'a>(cx: &'a Cx, operation: &Operation, received: Received) -> Result<&'a [u8], CallError> {
    if !received.is_json {
        return Err(unusable(cx, operation, "contentType", "the content type `application/json`"));
    }
    if !received.is_plain {
        return Err(unusable(cx, operation, "contentEncoding", NO_ENCODING));
    }
    cx.keep(received.body).map_err(|_| CallError::sent(CallErrorKind::Broken))
}

/// Tells that the whole answer is unusable.
pub(super) fn unusable(cx: &Cx, operation: &Operation, rule: &'static str, expected: &str) -> CallError {
    unusable_by(cx, operation, Violation::of(None, rule, expected.to_owned()))
}

fn unusable_by(cx: &Cx, operation: &Operation, violation: Violation) -> CallError {
    tell(cx, operation, false, &violation.into());
    CallError::sent(CallErrorKind::Contract)
}

#[cold]
fn tell(cx: &Cx, operation: &Operation, passed: bool, found: &Violations) {
    cx.runtime.tell_drift(operation, found, Found::InUse);
    if !found.is_empty() {
        cx.runtime.log().contract(cx.request_id(), operation, passed, found);
    }
}
