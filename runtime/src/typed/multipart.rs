//! Bodies of `multipart/form-data` (RFC 7578), sent as they are made.

use super::convert::json_of;
use crate::client::Body;
use crate::random;
use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http_body::{Frame, SizeHint};
use serde::Serialize;
use serde_json::Value;
use std::collections::VecDeque;
use std::fmt::{self, Write};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A body of named parts, in the order in which they are added.
#[derive(Debug)]
#[must_use = "parts are sent with `Request::multipart`"]
pub struct Multipart {
    boundary: String,
    pieces: VecDeque<Body>,
    problem: Option<String>,
}

/// A part that is a file, or any bytes.
pub struct Part {
    body: Body,
    file_name: Option<String>,
    /// Where it is not the one that the document says.
    content_type: Option<String>,
    headers: Vec<(String, String)>,
}

impl Part {
    /// A part from bytes or from a stream: of the first media type that the document names, else of
    /// `application/octet-stream`.
    pub fn new(body: impl Into<Body>) -> Part {
        Part { body: body.into(), file_name: None, content_type: None, headers: Vec::new() }
    }

    /// The name of the file. Many services take a part for a file only if it has one.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Part {
        self.file_name = Some(name.into());
        self
    }

    /// The media type, such as `image/png`.
    #[must_use]
    pub fn content_type(mut self, media: impl Into<String>) -> Part {
        self.content_type = Some(media.into());
        self
    }

    /// Another header of the part.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Part {
        self.headers.push((name.into(), value.into()));
        self
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("body", &self.body)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

impl<T: Into<Body>> From<T> for Part {
    fn from(body: T) -> Part {
        Part::new(body)
    }
}

/// The files of one name: one, none, or several.
pub trait IntoParts {
    /// The files.
    fn into_parts(self) -> impl Iterator<Item = Part>;
}

impl IntoParts for Part {
    fn into_parts(self) -> impl Iterator<Item = Part> {
        std::iter::once(self)
    }
}

impl<T: IntoParts> IntoParts for Option<T> {
    fn into_parts(self) -> impl Iterator<Item = Part> {
        self.into_iter().flat_map(T::into_parts)
    }
}

impl IntoParts for Vec<Part> {
    fn into_parts(self) -> impl Iterator<Item = Part> {
        self.into_iter()
    }
}

impl Multipart {
    /// No parts yet.
    pub fn new() -> Multipart {
        let boundary = format!("bffgen-{:016x}{:016x}", random::next(), random::next());
        Multipart { boundary, pieces: VecDeque::new(), problem: None }
    }

    /// Adds text: a string, number or boolean; a list gives a part an item. `None` is left out.
    pub fn text(self, name: &str, value: &(impl Serialize + ?Sized)) -> Multipart {
        self.text_as(name, value, "")
    }

    /// Adds text of a media type.
    pub fn text_as(mut self, name: &str, value: &(impl Serialize + ?Sized), media: &str) -> Multipart {
        match json_of(value) {
            Ok(Value::Array(items)) => items.iter().for_each(|item| self.add_text(name, item, media)),
            Ok(value) => self.add_text(name, &value, media),
            Err(why) => self.refuse(name, &why),
        }
        self
    }

    /// Adds JSON. `None` is left out.
    pub fn json(mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Multipart {
        match json_of(value) {
            Ok(Value::Null) => {}
            Ok(value) => self.add(name, Part::new(value.to_string()), "application/json"),
            Err(why) => self.refuse(name, &why),
        }
        self
    }

    /// Adds a file, or several, or none.
    pub fn file(self, name: &str, files: impl IntoParts) -> Multipart {
        self.file_as(name, "application/octet-stream", files)
    }

    /// The same; one that does not say its media type is of this one.
    pub fn file_as(mut self, name: &str, media: &str, files: impl IntoParts) -> Multipart {
        files.into_parts().for_each(|file| self.add(name, file, media));
        self
    }

    /// The content type, and the body.
    pub(super) fn finish(mut self) -> (String, Result<Body, String>) {
        self.pieces.push_back(Body::from(format!("--{}--\r\n", self.boundary)));
        let body = match self.problem {
            Some(problem) => Err(problem),
            None => Ok(Body::new(Pieces(self.pieces))),
        };
        (format!("multipart/form-data; boundary={}", self.boundary), body)
    }

    fn add_text(&mut self, name: &str, value: &Value, media: &str) {
        let text = match value {
            Value::Null => return,
            Value::String(text) => text.clone(),
            // As JSON, which is what other values look like.
            value => value.to_string(),
        };
        let json = value.is_array() || value.is_object();
        let media = if media.is_empty() && json { "application/json" } else { media };
        self.add(name, Part::new(text), media);
    }

    /// `media`: its media type, where it has none of its own; empty for none.
    fn add(&mut self, name: &str, part: Part, media: &str) {
        let mut head = format!("--{}\r\ncontent-disposition: form-data; name=\"{}\"", self.boundary, quoted(name));
        if let Some(file_name) = &part.file_name {
            // Writing to a String cannot fail.
            let _ = write!(head, "; filename=\"{}\"", quoted(file_name));
        }
        head.push_str("\r\n");
        let media = part.content_type.unwrap_or_else(|| media.to_owned());
        let content_type = Some(("content-type".to_owned(), media)).filter(|(_, media)| !media.is_empty());
        for (header, value) in content_type.into_iter().chain(part.headers) {
            if HeaderName::from_bytes(header.as_bytes()).is_err() || HeaderValue::from_str(&value).is_err() {
                return self.refuse(name, &format!("its header `{header}` cannot be sent"));
            }
            let _ = write!(head, "{header}: {value}\r\n");
        }
        head.push_str("\r\n");
        self.pieces.extend([Body::from(head), part.body, Body::from("\r\n")]);
    }

    fn refuse(&mut self, name: &str, why: &str) {
        self.problem.get_or_insert_with(|| format!("the part `{name}` of the body cannot be sent: {why}"));
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

/// Bodies one after the other.
struct Pieces(VecDeque<Body>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        while let Some(piece) = self.0.front_mut() {
            match ready!(http_body::Body::poll_frame(Pin::new(piece), cx)) {
                // Trailers of a part have no place in the whole.
                Some(Ok(frame)) if frame.is_trailers() => {}
                Some(frame) => return Poll::Ready(Some(frame)),
                None => drop(self.0.pop_front()),
            }
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        let exact: Option<u64> = self.0.iter().map(|piece| http_body::Body::size_hint(piece).exact()).sum();
        exact.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
