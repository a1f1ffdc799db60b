//! The inputs of a request: each is checked when it is asked for, and all that is wrong is told at once.

mod finish;
mod query;
mod styled;

pub(crate) use query::{parse as parse_query, percent_decode};

pub use finish::Finish;

use crate::call::{is_json, is_of, outside};
use crate::cx::Cx;
use crate::failure::{Failure, InputError};
use crate::json::{Decode, DecodeFailure, DecodeOptions, Rule, decode, parameter_as_json, parameters_as_json};
use bytes::Bytes;
use http::StatusCode;
use http::header::COOKIE;
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// An input that was asked for: its value, or nothing if it is not valid. [`Inputs::finish`] opens it.
#[must_use = "an input is opened by `Inputs::finish`"]
pub struct Input<T>(pub(crate) Option<T>);

impl<T> Input<Option<T>> {
    /// The same with a default.
    pub fn or(self, default: impl Into<T>) -> Input<T> {
        or(self, default)
    }
}

/// The inputs of one request.
pub struct Inputs<'a> {
    cx: &'a Cx,
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    errors: Vec<InputError>,
    /// What is wrong with the request as a whole; goes before single errors.
    refused: Option<Failure>,
    /// Names such as `filter[a]` that a strict endpoint knows only if `filter` is asked for as `deepObject`.
    bracketed: Vec<Cow<'a, str>>,
}

/// What happens with a parameter that is given more than once.
const ONCE: &str = "the parameter at most once";
/// What a strict endpoint takes.
const UNKNOWN: &str = "only parameters that the endpoint declares";

impl<'a> Inputs<'a> {
    pub(crate) fn new(cx: &'a Cx) -> Inputs<'a> {
        let mut inputs = Inputs { cx, query: Vec::new(), errors: Vec::new(), refused: None, bracketed: Vec::new() };
        match query::parse(cx.head.uri.query().unwrap_or_default()) {
            Ok(pairs) => inputs.query = pairs,
            Err(name) => inputs.add("query", &name, "encoding", "percent-encoded UTF-8"),
        }
        if cx.endpoint.strict {
            for index in 0..inputs.query.len() {
                let name = inputs.query[index].0.clone();
                let known = |name: &str| cx.endpoint.query.contains(&name);
                if known(&name) {
                    continue;
                }
                match name.split_once('[') {
                    Some((outer, _)) if known(outer) => inputs.bracketed.push(name),
                    _ => inputs.add("query", &name, "unknown", UNKNOWN),
                }
            }
        }
        inputs
    }

    /// An optional query parameter.
    pub fn query<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<Option<T>> {
        let text = self.query_text(name);
        self.optional("query", name, text, rule)
    }

    /// A query parameter with a default.
    pub fn query_or<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule, default: impl Into<T>) -> Input<T> {
        or(self.query(name, rule), default)
    }

    /// A query parameter that must be there.
    pub fn required_query<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<T> {
        let value = self.query(name, rule);
        self.required("query", name, value)
    }

    /// A query parameter that may be given several times (`form`, `explode`).
    pub fn query_list<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<Option<Vec<T>>> {
        let texts: Vec<_> = self.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect();
        if texts.is_empty() {
            return Input(Some(None));
        }
        let json = parameters_as_json(rule, texts.iter().map(|text| &**text));
        Input(self.decode_parameter("query", name, json, rule).map(Some))
    }

    /// The same, where at least one must be given.
    pub fn required_query_list<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<Vec<T>> {
        let value = self.query_list(name, rule);
        self.required("query", name, value)
    }

    /// A path parameter.
    pub fn path<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<T> {
        let text = self.cx.path.iter().find(|(key, _)| key == name).map(|(_, value)| Cow::Borrowed(&**value));
        let value = self.optional("path", name, text, rule);
        self.required("path", name, value)
    }

    /// An optional header.
    pub fn header<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<Option<T>> {
        let text = self.header_text(name);
        self.optional("header", name, text, rule)
    }

    /// A header with a default.
    pub fn header_or<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule, default: impl Into<T>) -> Input<T> {
        or(self.header(name, rule), default)
    }

    /// A header that must be there.
    pub fn required_header<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<T> {
        let value = self.header(name, rule);
        self.required("header", name, value)
    }

    /// An optional cookie.
    pub fn cookie<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<Option<T>> {
        let text = self.cookie_text(name);
        self.optional("cookie", name, text, rule)
    }

    /// A cookie with a default.
    pub fn cookie_or<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule, default: impl Into<T>) -> Input<T> {
        or(self.cookie(name, rule), default)
    }

    /// A cookie that must be there.
    pub fn required_cookie<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<T> {
        let value = self.cookie(name, rule);
        self.required("cookie", name, value)
    }

    /// The JSON body.
    pub fn body<T: Decode<'a>>(&mut self, rule: &'static Rule) -> Input<T> {
        let value = self.optional_body(rule);
        if let Input(Some(None)) = value {
            self.add("body", "", "required", "a JSON body");
        }
        Input(value.0.flatten())
    }

    /// The JSON body, which may be missing.
    pub fn optional_body<T: Decode<'a>>(&mut self, rule: &'static Rule) -> Input<Option<T>> {
        let cx = self.cx;
        if cx.body.is_empty() {
            return Input(Some(None));
        }
        if !is_json(&cx.head.headers) {
            let detail = "The body must be JSON, with the content type `application/json`.";
            self.refused = Some(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
            return Input(None);
        }
        Input(self.decode("body", None, &cx.body, rule).map(Some))
    }

    /// The body as bytes of a media type; `*/*`: of any.
    pub fn bytes_body(&mut self, media: &str) -> Input<Bytes> {
        let value = self.optional_bytes_body(media);
        if let Input(Some(None)) = value {
            self.add("body", "", "required", "a body");
        }
        Input(value.0.flatten())
    }

    /// The same, where the body may be missing.
    pub fn optional_bytes_body(&mut self, media: &str) -> Input<Option<Bytes>> {
        match (self.cx.body.is_empty(), is_of(&self.cx.head.headers, media)) {
            (true, _) => Input(Some(None)),
            (false, true) => Input(Some(Some(self.cx.body.clone()))),
            (false, false) => {
                let detail = format!("The body must be of the content type `{media}`.");
                self.refused = Some(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
                Input(None)
            }
        }
    }

    /// The body as bytes of a media type, so many.
    pub fn sized_body(&mut self, media: &str, bytes: RangeInclusive<u64>) -> Input<Bytes> {
        let value = self.bytes_body(media);
        self.of_length(value.0.as_ref(), bytes);
        value
    }

    /// The same, where the body may be missing.
    pub fn optional_sized_body(&mut self, media: &str, bytes: RangeInclusive<u64>) -> Input<Option<Bytes>> {
        let value = self.optional_bytes_body(media);
        self.of_length(value.0.as_ref().and_then(Option::as_ref), bytes);
        value
    }

    fn of_length(&mut self, body: Option<&Bytes>, bytes: RangeInclusive<u64>) {
        let found = body.and_then(|body| outside(body.len() as u64, bytes.into_inner()));
        if let Some((rule, expected)) = found {
            self.add("body", "", rule, &expected);
        }
    }

    /// The body as a text of a media type.
    pub fn text_body<T: Decode<'a>>(&mut self, media: &str, rule: &'static Rule) -> Input<T> {
        let value = self.optional_text_body(media, rule);
        if let Input(Some(None)) = value {
            self.add("body", "", "required", "a body");
        }
        Input(value.0.flatten())
    }

    /// The same, where the body may be missing.
    pub fn optional_text_body<T: Decode<'a>>(&mut self, media: &str, rule: &'static Rule) -> Input<Option<T>> {
        match self.optional_bytes_body(media) {
            Input(None) => Input(None),
            Input(Some(None)) => Input(Some(None)),
            Input(Some(Some(bytes))) => match str::from_utf8(&bytes) {
                Ok(text) => Input(self.decode_parameter("body", "", parameter_as_json(rule, text), rule).map(Some)),
                Err(_) => {
                    self.add("body", "", "encoding", "UTF-8");
                    Input(None)
                }
            },
        }
    }

    /// Opens all inputs, or fails with everything that is wrong with any of them.
    pub fn finish<T: Finish>(mut self, inputs: T) -> Result<T::Values, Failure> {
        for name in std::mem::take(&mut self.bracketed) {
            self.add("query", &name, "unknown", UNKNOWN);
        }
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        match inputs.open() {
            Some(values) if self.errors.is_empty() => Ok(values),
            _ => Err(Failure::invalid(self.errors)),
        }
    }

    fn optional<T: Decode<'a>>(
        &mut self,
        place: &'static str,
        name: &str,
        text: Option<Cow<'a, str>>,
        rule: &'static Rule,
    ) -> Input<Option<T>> {
        match text {
            None => Input(Some(None)),
            Some(text) => Input(self.decode_parameter(place, name, parameter_as_json(rule, &text), rule).map(Some)),
        }
    }

    fn required<T>(&mut self, place: &'static str, name: &str, value: Input<Option<T>>) -> Input<T> {
        if let Input(Some(None)) = value
            && !self.errors.iter().any(|error| error.place == place && error.name == name)
        {
            self.add(place, name, "required", "the parameter to be there");
        }
        Input(value.0.flatten())
    }

    fn query_text(&mut self, name: &str) -> Option<Cow<'a, str>> {
        let mut given = self.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone());
        let (first, second) = (given.next(), given.next().is_some());
        if second {
            self.add("query", name, "duplicate", ONCE);
        }
        first
    }

    fn header_text(&mut self, name: &str) -> Option<Cow<'a, str>> {
        let mut given = self.cx.head.headers.get_all(name).iter();
        let (first, second) = (given.next()?, given.next());
        if second.is_some() {
            self.add("header", name, "duplicate", ONCE);
            return None;
        }
        let Ok(text) = std::str::from_utf8(first.as_bytes()) else {
            self.add("header", name, "encoding", "UTF-8");
            return None;
        };
        Some(Cow::Borrowed(text))
    }

    /// The first cookie of a name (RFC 6265, 5.4: the most specific comes first).
    fn cookie_text(&self, name: &str) -> Option<Cow<'a, str>> {
        let value = self.cookies().find(|(key, _)| *key == name)?.1;
        Some(query::percent_decode(value).unwrap_or(Cow::Borrowed(value)))
    }

    /// Names and values of cookies as they came.
    fn cookies(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let lines = self.cx.head.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
    }

    fn decode_parameter<T: Decode<'a>>(
        &mut self,
        place: &'static str,
        name: &str,
        json: String,
        rule: &'static Rule,
    ) -> Option<T> {
        match self.cx.keep(Bytes::from(json)) {
            Ok(kept) => self.decode(place, Some(name).filter(|name| !name.is_empty()), kept, rule),
            Err(failure) => {
                self.refused = Some(failure);
                None
            }
        }
    }

    fn decode<T: Decode<'a>>(
        &mut self,
        place: &'static str,
        name: Option<&str>,
        json: &'a [u8],
        rule: &'static Rule,
    ) -> Option<T> {
        let depth = self.cx.runtime.settings().limits.json_depth;
        match decode(json, rule, &DecodeOptions { depth, full: true, ..DecodeOptions::input() }) {
            Ok(decoded) => Some(decoded.value),
            Err(DecodeFailure::Invalid(found)) => {
                self.errors.extend(found.into_vec().into_iter().map(|one| InputError::of(place, name, one)));
                None
            }
            Err(DecodeFailure::Syntax { offset, problem }) => {
                let detail = format!("valid JSON (byte {offset}: {problem})");
                self.errors.push(InputError::new(place, name.unwrap_or_default(), "json", detail));
                None
            }
        }
    }

    fn add(&mut self, place: &'static str, name: &str, rule: &'static str, expected: &str) {
        self.errors.push(InputError::new(place, name, rule, expected));
    }
}

fn or<T>(value: Input<Option<T>>, default: impl Into<T>) -> Input<T> {
    Input(value.0.map(|given| given.unwrap_or_else(|| default.into())))
}
