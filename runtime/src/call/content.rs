//! Bodies of calls that are no JSON: forms, parts, texts and bytes.

use super::members::{self, Member};
use super::request::Request;
use crate::json::{JsonBuffer, Nullable, Number, Str};
use crate::random;
use crate::style::{self, Allow, Encoding, How, ParamValue, Style};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use std::borrow::Cow;

/// Text or bytes as a body, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Content(Option<Bytes>);

/// A value that can be a body or a file as it is.
pub trait AsContent {
    /// Its bytes; `None`: it is absent.
    fn as_content(&self) -> Option<Bytes>;
}

impl Content {
    /// No body.
    pub const fn none() -> Content {
        Content(None)
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        str::from_utf8(self.0.as_ref()?).ok()
    }

    /// How many bytes it has, if it is there.
    pub(super) fn length(&self) -> Option<u64> {
        self.0.as_ref().map(|bytes| bytes.len() as u64)
    }

    /// A text, or bytes.
    pub fn of(value: &(impl AsContent + ?Sized)) -> Content {
        Content(value.as_content())
    }
}

impl AsContent for Bytes {
    fn as_content(&self) -> Option<Bytes> {
        Some(self.clone())
    }
}

impl<T: AsContent + ?Sized> AsContent for &T {
    fn as_content(&self) -> Option<Bytes> {
        (**self).as_content()
    }
}

impl<T: AsContent> AsContent for Option<T> {
    fn as_content(&self) -> Option<Bytes> {
        self.as_ref().and_then(T::as_content)
    }
}

/// What is null is as good as absent.
impl<T: AsContent> AsContent for Nullable<T> {
    fn as_content(&self) -> Option<Bytes> {
        self.as_option().and_then(T::as_content)
    }
}

macro_rules! texts {
    ($($t:ty),*) => {$(
        impl AsContent for $t {
            fn as_content(&self) -> Option<Bytes> {
                Some(Bytes::from(self.to_string()))
            }
        }
    )*};
}
texts!(str, String, Cow<'_, str>, Str<'_>, Number<'_>, bool, i64, f64);

impl<T> Request<'_, T> {
    /// Sets a JSON body of another media type, such as `application/merge-patch+json`. Nothing written: no body.
    pub fn json_as(self, media: &'static str, body: JsonBuffer) -> Self {
        let body = (!body.is_empty()).then(|| Bytes::from(body.into_bytes()));
        self.content(media, Content(body))
    }

    /// Sets a body that is an object as `application/x-www-form-urlencoded`. What `encodings` does not name: lists give
    /// a pair an item, objects are JSON. Nothing written: no body.
    pub fn form(mut self, body: JsonBuffer, encodings: &[Encoding<'_>]) -> Self {
        if body.is_empty() {
            return self;
        }
        let (mut form, mut whole) = (String::new(), true);
        let is_object = members::of_object(&body, encodings, &mut |name, member| {
            let mut add = |value: &ParamValue<'_>, style, explode, allow| {
                whole &= style::query(&mut form, name, value, style, explode, allow).is_ok();
            };
            match member {
                Member::Styled(value, How::Style(style, explode, allow)) => add(&value, style, explode, allow),
                Member::Styled(value, How::Json) => add(&value, Style::Form, true, Allow::Unreserved),
                Member::Texts(texts) => {
                    for (text, _) in texts {
                        add(&ParamValue::Text(text.into()), Style::Form, true, Allow::Unreserved);
                    }
                }
            }
        });
        self.parts.broken |= !is_object || !whole;
        self.content("application/x-www-form-urlencoded", Content(Some(Bytes::from(form))))
    }

    /// Sets a body of parts (`multipart/form-data`, RFC 7578). No parts: no body.
    pub fn multipart(mut self, body: Multipart) -> Self {
        if body.bytes.is_empty() {
            return self;
        }
        self.parts.broken |= body.broken;
        let (boundary, mut bytes) = (body.boundary, body.bytes);
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        match HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}")) {
            Ok(media) => drop(self.parts.headers.insert(CONTENT_TYPE, media)),
            Err(_) => self.parts.broken = true,
        }
        self.parts.body = Bytes::from(bytes);
        self
    }

    /// Sets a body of text or bytes. [`Content::none`]: no body.
    pub fn content(mut self, media: &'static str, body: Content) -> Self {
        if let Some(body) = body.0 {
            match HeaderValue::try_from(media) {
                Ok(media) => drop(self.parts.headers.insert(CONTENT_TYPE, media)),
                Err(_) => self.parts.broken = true,
            }
            self.parts.body = body;
        }
        self
    }
}

/// A body of parts: members of an object, and files. Held whole; what goes into it is bounded where it comes in.
#[derive(Clone, Debug)]
pub struct Multipart {
    /// What the members are made of, as it was written.
    pub(super) members: JsonBuffer,
    /// Names of the files, and how many bytes each has.
    pub(super) files: Vec<(String, u64)>,
    /// Something was to be put into it, there or not: no body that is left out.
    pub(super) is_made: bool,
    boundary: String,
    bytes: Vec<u8>,
    broken: bool,
}

impl Multipart {
    /// No parts yet.
    pub fn new() -> Multipart {
        let boundary = format!("bffgen-{:016x}{:016x}", random::next(), random::next());
        Multipart {
            members: JsonBuffer::new(),
            files: Vec::new(),
            is_made: false,
            boundary,
            bytes: Vec::new(),
            broken: false,
        }
    }

    /// Adds the members of an object: strings, numbers and booleans as text, a list as a part an item, objects as JSON.
    /// Nothing written: no parts.
    #[must_use]
    pub fn members(mut self, body: JsonBuffer, encodings: &[Encoding<'_>]) -> Multipart {
        if body.is_empty() {
            return self;
        }
        self.is_made = true;
        let is_object = members::of_object(&body, encodings, &mut |name, member| match member {
            Member::Texts(texts) => {
                for (text, is_json) in texts {
                    let media = if is_json { "application/json" } else { "" };
                    self.part(name, None, media, text.as_bytes());
                }
            }
            // The value of a part in a style is what the style makes of it alone.
            Member::Styled(value, how) => {
                let explode = matches!(how, How::Style(_, true, _));
                match (style::header(&value, explode), value) {
                    (_, ParamValue::List(items)) if explode => {
                        for item in items {
                            if let ParamValue::Text(text) = item {
                                self.part(name, None, "", text.as_bytes());
                            }
                        }
                    }
                    (Ok(Some(text)), _) => self.part(name, None, "", text.as_bytes()),
                    (Ok(None), _) => {}
                    (Err(_), _) => self.broken = true,
                }
            }
        });
        self.broken |= !is_object;
        self.members = body;
        self
    }

    /// Adds a file; one that is absent is left out.
    #[must_use]
    pub fn file(mut self, name: &str, media: &str, content: &(impl AsContent + ?Sized)) -> Multipart {
        self.is_made = true;
        if let Some(content) = content.as_content() {
            self.part(name, Some(name), media, &content);
            self.files.push((name.to_owned(), content.len() as u64));
        }
        self
    }

    fn part(&mut self, name: &str, file: Option<&str>, media: &str, content: &[u8]) {
        let mut head = format!("--{}\r\ncontent-disposition: form-data; name=\"{}\"", self.boundary, quoted(name));
        if let Some(file) = file {
            head.push_str(&format!("; filename=\"{}\"", quoted(file)));
        }
        if !media.is_empty() {
            head.push_str("\r\ncontent-type: ");
            head.push_str(media);
        }
        head.push_str("\r\n\r\n");
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(content);
        self.bytes.extend_from_slice(b"\r\n");
    }
}

impl Default for Multipart {
    fn default() -> Multipart {
        Multipart::new()
    }
}

/// A name as WHATWG writes it ("Multipart form data").
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
