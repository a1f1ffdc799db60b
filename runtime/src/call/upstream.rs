//! What generated code says about upstreams and their operations: plain data in statics.

use super::places::{Places, Spot};
use crate::json::{Leniencies, Leniency, Rule, Violation};
use http::Method;
use std::ops::RangeInclusive;
use std::time::Duration;

/// How many constant headers an upstream can have.
const MAX_HEADERS: usize = 16;

/// A service that the BFF calls.
#[derive(Debug)]
pub struct Upstream {
    pub(crate) name: &'static str,
    pub(crate) position: usize,
    pub(crate) url: &'static str,
    pub(crate) timeout: Option<Duration>,
    pub(crate) forward_authorization: bool,
    places: Option<&'static Places>,
    headers: [(&'static str, &'static str); MAX_HEADERS],
    header_count: usize,
}

impl Upstream {
    /// An upstream by name, its position in the crate's `UPSTREAMS`, and its url with `${VAR}` or
    /// `${VAR:-default}` to be filled in at start.
    pub const fn new(name: &'static str, position: usize, url: &'static str) -> Upstream {
        Upstream {
            name,
            position,
            url,
            timeout: None,
            forward_authorization: false,
            places: None,
            headers: [("", ""); MAX_HEADERS],
            header_count: 0,
        }
    }

    /// The longest time of one call, in milliseconds.
    #[must_use]
    pub const fn timeout_ms(mut self, ms: u64) -> Upstream {
        self.timeout = Some(Duration::from_millis(ms));
        self
    }

    /// A header that every call carries. At most 16; one more does not compile.
    #[must_use]
    pub const fn header(mut self, name: &'static str, value: &'static str) -> Upstream {
        self.headers[self.header_count] = (name, value);
        self.header_count += 1;
        self
    }

    /// Passes the caller's `Authorization` on with every call.
    #[must_use]
    pub const fn forward_authorization(mut self) -> Upstream {
        self.forward_authorization = true;
        self
    }

    /// Where the schemas of its answers stand.
    #[must_use]
    pub const fn places(mut self, places: &'static Places) -> Upstream {
        self.places = Some(places);
        self
    }

    /// The name in the composition.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.headers.iter().copied().take(self.header_count)
    }
}

/// How a response body is read.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub(crate) validate: Validate,
    /// Broken rules are counted where the type is right.
    pub(crate) report: bool,
    /// Undeclared members go out as well.
    pub(crate) open: bool,
    /// `format` is checked.
    pub(crate) formats: bool,
    /// What passes against the document, and is counted.
    pub(crate) lenient: Leniencies,
    /// Of a million answers, so many are checked whole on the side.
    pub(crate) sample: u32,
}

impl Reading {
    /// As nothing is said.
    const DEFAULT: Reading = Reading {
        validate: Validate::Used,
        report: false,
        open: false,
        formats: true,
        lenient: Leniencies::ALL,
        sample: 0,
    };
}

/// How much of a response body is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validate {
    /// What is read.
    Used,
    /// The whole body.
    Full,
    /// Only types.
    Off,
}

/// What a success body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyForm {
    Json,
    Text,
    Bytes,
}

/// Of bytes of which nothing is said.
const ANY_LENGTH: (u64, u64) = (0, u64::MAX);

/// What is asked for where nothing else is said.
pub(crate) const JSON: &str = "application/json";

/// One operation of an upstream.
#[derive(Debug)]
pub struct Operation {
    pub(crate) upstream: &'static Upstream,
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) success: &'static [u16],
    pub(crate) body: &'static Rule,
    /// Rules of success bodies by status; 2 stands for any other 2xx.
    by_status: &'static [(u16, &'static Rule)],
    pub(crate) form: BodyForm,
    /// Of a success body of bytes: how many there are, at least and at most.
    pub(super) length: (u64, u64),
    /// The media type that is asked for.
    pub(crate) media: &'static str,
    /// Headers of the answer that go on to the client where its body is passed on as it comes.
    pub(crate) passed: &'static [&'static str],
    /// A 304 goes on to the client, too.
    unchanged: bool,
    pub(crate) timeout: Option<Duration>,
    pub(crate) reading: Reading,
}

impl Operation {
    /// An operation by name, method and path template.
    pub const fn new(upstream: &'static Upstream, name: &'static str, method: Method, path: &'static str) -> Operation {
        Operation {
            upstream,
            name,
            method,
            path,
            success: &[],
            body: &Rule::ANY,
            by_status: &[],
            form: BodyForm::Json,
            length: ANY_LENGTH,
            media: JSON,
            passed: &[],
            unchanged: false,
            timeout: None,
            reading: Reading::DEFAULT,
        }
    }

    /// The statuses that mean success. Default: any 2xx.
    #[must_use]
    pub const fn success(mut self, statuses: &'static [u16]) -> Operation {
        self.success = statuses;
        self
    }

    /// The rule of the success body.
    #[must_use]
    pub const fn body(mut self, rule: &'static Rule) -> Operation {
        self.body = rule;
        self
    }

    /// Where success bodies differ: the rule of each, by status. 2 stands for any other 2xx.
    #[must_use]
    pub const fn body_by_status(mut self, rules: &'static [(u16, &'static Rule)]) -> Operation {
        self.by_status = rules;
        self
    }

    /// The success body is a text of a media type.
    #[must_use]
    pub const fn text(mut self, media: &'static str) -> Operation {
        (self.form, self.media) = (BodyForm::Text, media);
        self
    }

    /// The success body is bytes of a media type.
    #[must_use]
    pub const fn bytes(mut self, media: &'static str) -> Operation {
        (self.form, self.media) = (BodyForm::Bytes, media);
        self
    }

    /// The success body is passed on as it comes: of one of the media types (`image/png, image/*`), with the named
    /// headers.
    #[must_use]
    pub const fn stream(mut self, media: &'static str, passed: &'static [&'static str]) -> Operation {
        (self.form, self.media, self.passed) = (BodyForm::Bytes, media, passed);
        self
    }

    /// The success body, of bytes, has so many.
    #[must_use]
    pub const fn length(mut self, bytes: RangeInclusive<u64>) -> Operation {
        self.length = (*bytes.start(), *bytes.end());
        self
    }

    /// A body that is passed on may be one that the client has: a 304 without it (RFC 9110, section 15.4.5).
    #[must_use]
    pub const fn or_unchanged(mut self) -> Operation {
        self.unchanged = true;
        self
    }

    /// The longest time of one call, in milliseconds; goes before the upstream's.
    #[must_use]
    pub const fn timeout_ms(mut self, ms: u64) -> Operation {
        self.timeout = Some(Duration::from_millis(ms));
        self
    }

    /// Checks the whole body by its rule, not only what is read.
    #[must_use]
    pub const fn validate_full(mut self) -> Operation {
        self.reading.validate = Validate::Full;
        self
    }

    /// Checks only types.
    #[must_use]
    pub const fn validate_off(mut self) -> Operation {
        self.reading.validate = Validate::Off;
        self
    }

    /// Lets values pass that break a rule but have the right type; they are logged and counted.
    #[must_use]
    pub const fn report_invalid(mut self) -> Operation {
        self.reading.report = true;
        self
    }

    /// Keeps members that the schema does not declare where a value goes out whole.
    #[must_use]
    pub const fn open(mut self) -> Operation {
        self.reading.open = true;
        self
    }

    /// Does not check `format`.
    #[must_use]
    pub const fn any_format(mut self) -> Operation {
        self.reading.formats = false;
        self
    }

    /// Is not lenient about something.
    #[must_use]
    pub const fn refuse(mut self, leniency: Leniency) -> Operation {
        self.reading.lenient = self.reading.lenient.without(leniency);
        self
    }

    /// Of a million answers, checks so many whole, beside what is used of them and when they are answered.
    #[must_use]
    pub const fn sample_per_million(mut self, share: u32) -> Operation {
        self.reading.sample = share;
        self
    }

    /// The operation's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the answer may differ from caller to caller, because the caller's credential goes with the call.
    /// Such an answer must never be shared between callers.
    pub const fn depends_on_caller(&self) -> bool {
        self.upstream.forward_authorization
    }

    /// The rule of the body that comes with a status.
    pub(crate) fn rule(&self, status: u16) -> &'static Rule {
        let of = |wanted: u16| self.by_status.iter().find(|(status, _)| *status == wanted).map(|(_, rule)| *rule);
        of(status).or_else(|| of(2)).unwrap_or(self.body)
    }

    /// Which place of the answer a violation is of, and where its rule stands.
    pub(crate) fn spot(&self, violation: &Violation) -> Spot {
        let spot = self.upstream.places.and_then(|places| places.spot(self.name, &violation.form, violation.rule));
        spot.unwrap_or_else(|| Spot { pointer: violation.form.clone(), place: None })
    }

    pub(crate) fn is_success(&self, status: u16) -> bool {
        let success =
            if self.success.is_empty() { (200..300).contains(&status) } else { self.success.contains(&status) };
        success || self.unchanged && status == 304
    }
}
