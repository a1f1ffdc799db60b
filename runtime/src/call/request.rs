//! A call that is being put together, and the ways to send it.

use super::decode::{Payload, of_default, take_sample};
use super::error::{CallError, CallErrorKind};
use super::exchange;
use super::meta::Meta;
use super::param::Param;
use super::upstream::{JSON, Operation, Reading, Validate};
use crate::cx::{Cx, Timing};
use crate::failure::Failure;
use crate::json::{Decode, JsonBuffer, Leniency, Rule};
use crate::style::{Allow, percent_encode};
use crate::warning::Warning;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use std::marker::PhantomData;
use std::time::Duration;
use tokio::time::Instant;

/// What a client is told where the composition gives no words of its own.
const UNAVAILABLE: &str = "A part of this answer is temporarily unavailable.";

/// A call of an operation whose success body is a `T`.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'a, T> {
    pub(crate) cx: &'a Cx,
    pub(crate) parts: Parts,
    pub(super) meta: Option<&'a Meta>,
    body: PhantomData<fn() -> T>,
}

/// What a request consists of, whatever its body decodes to.
pub(crate) struct Parts {
    pub(crate) operation: &'static Operation,
    pub(crate) name: &'static str,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether a part of it could not be built.
    pub(crate) broken: bool,
    pub(crate) timeout: Option<Duration>,
    /// Of a body that is passed on as it comes: how long nothing may come, and its size in bytes.
    pub(super) idle: Option<Duration>,
    pub(super) most_bytes: Option<u64>,
    pub(super) reading: Reading,
    statuses: [(u16, u16); 8],
    status_count: usize,
    warning: Option<&'static str>,
}

/// What a failed call means.
#[derive(Clone, Copy)]
pub(super) struct Means {
    name: &'static str,
    statuses: [(u16, u16); 8],
    status_count: usize,
    warning: Option<&'static str>,
}

impl Means {
    /// What the client gets where the answer fails.
    pub(super) fn failure(&self, error: CallError) -> Failure {
        error.into_failure(&self.statuses[..self.status_count.min(self.statuses.len())])
    }

    /// What the client is told where the answer goes on without the call.
    pub(super) fn warning(&self, error: &CallError) -> Warning {
        Warning { call: self.name, code: error.kind.code(), message: self.warning.unwrap_or(UNAVAILABLE) }
    }
}

/// The head of a successful answer.
#[derive(Default)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
}

impl Parts {
    /// What it means where the call fails.
    pub(super) fn means(&self) -> Means {
        let Parts { name, statuses, status_count, warning, .. } = *self;
        Means { name, statuses, status_count, warning }
    }
}

impl<'a, T> Request<'a, T> {
    /// A request of an operation, without parameters and body yet.
    pub fn new(cx: &'a Cx, operation: &'static Operation) -> Request<'a, T> {
        let (target, mut headers) = cx.runtime.start_of_call(operation);
        if operation.media != JSON
            && let Ok(media) = HeaderValue::from_str(operation.media)
        {
            headers.insert(ACCEPT, media);
        }
        let parts = Parts {
            operation,
            name: operation.name,
            target,
            headers,
            body: Bytes::new(),
            broken: false,
            timeout: None,
            idle: None,
            most_bytes: None,
            reading: operation.reading,
            statuses: [(0, 0); 8],
            status_count: 0,
            warning: None,
        };
        Request { cx, parts, meta: None, body: PhantomData }
    }

    /// Fills `{name}` of the path in, percent-encoded. A text that is empty, `.` or `..` would name another
    /// resource: the call then fails with `invalid_argument` before anything is sent.
    pub fn path(mut self, name: &str, value: impl Param) -> Self {
        let parts = &mut self.parts;
        let mut text = String::new();
        let mut count = 0;
        value.each_text(&mut |one| {
            if count > 0 {
                text.push(',');
            }
            count += 1;
            parts.broken |= matches!(one, "" | "." | "..");
            percent_encode(one, Allow::Unreserved, &mut text);
        });
        match find_placeholder(&parts.target, name) {
            Some(place) if count > 0 => parts.target.replace_range(place, &text),
            _ => parts.broken = true,
        }
        self
    }

    /// Adds a query parameter; several values give it several times (`form`, `explode`). `None` leaves it out.
    pub fn query(mut self, name: &str, value: impl Param) -> Self {
        let target = &mut self.parts.target;
        value.each_text(&mut |one| {
            begin_query(target, name);
            percent_encode(one, Allow::Unreserved, target);
        });
        self
    }

    /// Adds a query parameter whose values stand in one text with a separator between them (`explode: false`).
    pub fn query_joined(mut self, name: &str, value: impl Param, separator: char) -> Self {
        let target = &mut self.parts.target;
        let mut first = true;
        value.each_text(&mut |one| {
            match std::mem::take(&mut first) {
                true => begin_query(target, name),
                false if separator == ',' => target.push(','),
                false => percent_encode(separator.encode_utf8(&mut [0; 4]), Allow::Unreserved, target),
            }
            percent_encode(one, Allow::Unreserved, target);
        });
        self
    }

    /// Adds a header parameter; several values are joined by commas. `None` leaves it out.
    pub fn header(mut self, name: &'static str, value: impl Param) -> Self {
        let mut text: Option<String> = None;
        value.each_text(&mut |one| match &mut text {
            Some(text) => {
                text.push(',');
                text.push_str(one);
            }
            none => *none = Some(one.to_owned()),
        });
        if let Some(text) = text {
            match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::try_from(text)) {
                (Ok(name), Ok(value)) => drop(self.parts.headers.insert(name, value)),
                _ => self.parts.broken = true,
            }
        }
        self
    }

    /// Adds a cookie. `None` leaves it out.
    pub fn cookie(mut self, name: &str, value: impl Param) -> Self {
        let old = self.parts.headers.remove(http::header::COOKIE);
        let mut text = old.as_ref().and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        value.each_text(&mut |one| {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(name);
            text.push('=');
            percent_encode(one, Allow::Unreserved, &mut text);
        });
        self.header("cookie", (!text.is_empty()).then_some(text))
    }

    /// Sets a JSON body. Nothing written: no body.
    pub fn json(mut self, body: JsonBuffer) -> Self {
        if body.is_empty() {
            return self;
        }
        self.parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.parts.body = Bytes::from(body.into_bytes());
        self
    }

    /// The name of the call in the composition: in warnings, timings and logs.
    pub fn named(mut self, name: &'static str) -> Self {
        self.parts.name = name;
        self
    }

    /// Notes there how the call ends.
    pub fn meta(mut self, meta: &'a Meta) -> Self {
        self.meta = Some(meta);
        self
    }

    /// Notes there how the call ends, where it is asked for.
    pub fn meta_of(mut self, meta: Option<&'a Meta>) -> Self {
        self.meta = meta;
        self
    }

    /// The longest time of this call, in milliseconds; goes before the operation's.
    pub fn timeout_ms(mut self, ms: u64) -> Self {
        self.parts.timeout = Some(Duration::from_millis(ms));
        self
    }

    /// Checks the whole body of this call by the operation's rule; goes before what the operation says.
    pub fn validate_full(mut self) -> Self {
        self.parts.reading.validate = Validate::Full;
        self
    }

    /// Checks only types in this call's body.
    pub fn validate_off(mut self) -> Self {
        self.parts.reading.validate = Validate::Off;
        self
    }

    /// Lets values of this call pass that break a rule but have the right type.
    pub fn report_invalid(mut self) -> Self {
        self.parts.reading.report = true;
        self
    }

    /// Keeps undeclared members of this call's values where they go out whole.
    pub fn open(mut self) -> Self {
        self.parts.reading.open = true;
        self
    }

    /// Does not check `format` in this call's body.
    pub fn any_format(mut self) -> Self {
        self.parts.reading.formats = false;
        self
    }

    /// Is not lenient about something in this call's body.
    pub fn refuse(mut self, leniency: Leniency) -> Self {
        self.parts.reading.lenient = self.parts.reading.lenient.without(leniency);
        self
    }

    /// Of a million answers to this call, checks so many whole on the side.
    pub fn sample_per_million(mut self, share: u32) -> Self {
        self.parts.reading.sample = share;
        self
    }

    /// Passes a status of the upstream on to the client as another. At most 8; more are not looked at.
    pub fn status(mut self, upstream: u16, client: u16) -> Self {
        let count = self.parts.status_count;
        if let Some(place) = self.parts.statuses.get_mut(count) {
            *place = (upstream, client);
            self.parts.status_count += 1;
        }
        self
    }

    /// What the client is told where the answer goes on without this call.
    pub fn warn(mut self, message: &'static str) -> Self {
        self.parts.warning = Some(message);
        self
    }
}

impl<'a, T: Payload<'a>> Request<'a, T> {
    /// Sends it. A failed call fails the answer.
    pub async fn send(self) -> Result<T, Failure> {
        let means = self.parts.means();
        self.try_send().await.map_err(|error| means.failure(error))
    }

    /// Sends it. After a failed call, the answer goes on with the value that `default` writes, and a warning.
    pub async fn send_or(self, default: impl FnOnce(&mut JsonBuffer) -> Result<(), Failure>) -> Result<T, Failure> {
        let (cx, operation, reading) = (self.cx, self.parts.operation, self.parts.reading);
        match self.send_or_absent().await? {
            Some(value) => Ok(value),
            None => {
                let mut json = JsonBuffer::with_capacity(64);
                default(&mut json)?;
                T::of_default(cx, operation, reading, json)
            }
        }
    }

    /// Sends it. After a failed call, the answer goes on with another value, which `default` writes, and a warning.
    pub(super) async fn send_or_other<O: Decode<'a>>(
        self,
        default: impl Fn(&mut JsonBuffer) -> Result<(), Failure>,
    ) -> Result<Result<T, O>, Failure> {
        let (cx, reading) = (self.cx, self.parts.reading);
        match self.send_or_absent().await? {
            Some(value) => Ok(Ok(value)),
            None => {
                let mut json = JsonBuffer::with_capacity(64);
                default(&mut json)?;
                of_default(cx, &Rule::ANY, reading, json).map(Err)
            }
        }
    }

    /// Sends it. After a failed call, the answer goes on without, and with a warning.
    pub async fn send_or_absent(self) -> Result<Option<T>, Failure> {
        let (cx, means) = (self.cx, self.parts.means());
        match self.try_send().await {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                cx.warn(means.warning(&error));
                Ok(None)
            }
        }
    }

    /// Sends it and tells by cause why it failed. Every other way to send goes through here.
    pub async fn try_send(self) -> Result<T, CallError> {
        let (meta, means) = (self.meta, self.parts.means());
        let (result, answered) = self.ask(meta.is_some()).await;
        if let Some(meta) = meta {
            match (&result, answered) {
                (Ok(_), Some(Answered { status, headers })) => meta.answered(status, headers),
                (Ok(_), None) => {}
                (Err(error), answered) => {
                    let status = error.status().or(answered.map(|answered| answered.status));
                    meta.failed(status, means.warning(error));
                }
            }
        }
        result
    }

    /// One exchange: its result, and the head of the answer where it is wanted and came.
    pub(super) async fn ask(self, with_head: bool) -> (Result<T, CallError>, Option<Answered>) {
        let (cx, operation, reading) = (self.cx, self.parts.operation, self.parts.reading);
        let mut noted = Noted::start(cx, operation, self.parts.name);
        let mut answered = None;
        let result = match exchange::run(cx, self.parts).await {
            Ok(mut body) => {
                let head = || Answered { status: body.status, headers: std::mem::take(&mut body.headers) };
                answered = with_head.then(head);
                if reading.sample > 0 {
                    take_sample(cx, operation, reading, &body);
                }
                T::of_body(cx, operation, reading, body)
            }
            Err(error) => Err(error),
        };
        noted.outcome = result.as_ref().map_or_else(|error| error.kind.code(), |_| "ok");
        (result, answered)
    }
}

impl<'a, T: Payload<'a>> Request<'a, Option<T>> {
    /// Sends it. After a failed call, as after an answer without a body, the answer goes on without.
    pub async fn send_or_none(self) -> Result<Option<T>, Failure> {
        self.send_or_absent().await.map(Option::flatten)
    }
}

/// Writes down how a call ended, also when it is dropped on the way.
pub(super) struct Noted<'a> {
    cx: &'a Cx,
    operation: &'static Operation,
    name: &'static str,
    started: Instant,
    pub(super) outcome: &'static str,
    counts: bool,
}

impl<'a> Noted<'a> {
    pub(super) fn start(cx: &'a Cx, operation: &'static Operation, name: &'static str) -> Noted<'a> {
        let outcome = CallErrorKind::Cancelled.code();
        Noted { cx, operation, name, started: Instant::now(), outcome, counts: true }
    }

    /// The head is there; how the call ends is written down elsewhere. Gives the time until then.
    pub(super) fn handed_on(mut self) -> Duration {
        (self.outcome, self.counts) = ("ok", false);
        self.started.elapsed()
    }
}

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        let took = self.started.elapsed();
        self.cx.record(Timing { name: self.name, took, outcome: self.outcome });
        if self.counts {
            self.cx.runtime.metrics().call(self.operation, self.outcome, took);
        }
    }
}

/// Where `{name}` stands.
pub(super) fn find_placeholder(target: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let mut from = 0;
    while let Some(open) = target[from..].find('{').map(|at| at + from) {
        let close = open + target[open..].find('}')?;
        if &target[open + 1..close] == name {
            return Some(open..close + 1);
        }
        from = close;
    }
    None
}

fn begin_query(target: &mut String, name: &str) {
    target.push(if target.contains('?') { '&' } else { '?' });
    percent_encode(name, Allow::Unreserved, target);
    target.push('=');
}
