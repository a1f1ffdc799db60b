//! Looks at the bytes of an HTTP/1 connection before hyper does, and refuses heads that two readers could
//! understand differently (RFC 9112, 2.2, 5.1, 5.2, 6.1 and 6.3): the way to smuggle a request past a proxy.
//!
//! To know where the next head begins, it follows the bodies, too. A head is passed on when it is whole, so that a
//! refused one never reaches hyper.

use super::chunks::Chunks;
use crate::failure::Failure;
use crate::settings::Limits;
use http::StatusCode;
use memchr::{memchr, memchr2};

/// Where a connection stands.
pub(crate) struct Heads {
    most_bytes: usize,
    most_fields: usize,
    state: State,
    /// How many heads have been passed on.
    passed: u64,
}

enum State {
    Head(Head),
    Length(u64),
    Chunks(Chunks),
}

/// Why a connection cannot go on.
pub(crate) enum End {
    /// This head (its number on the connection) is refused.
    Refused(u64, Failure),
    /// The framing of a body is broken: nothing behind it can be trusted.
    Broken,
}

impl Heads {
    pub(crate) fn new(limits: &Limits) -> Heads {
        let state = State::Head(Head::default());
        Heads { most_bytes: limits.head_bytes, most_fields: limits.headers, state, passed: 0 }
    }

    /// How many of the bytes may be passed on, and why no others will, if so. What is not passed on is the beginning of
    /// a head: give it again with what follows.
    pub(crate) fn look(&mut self, bytes: &[u8]) -> (usize, Option<End>) {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            match &mut self.state {
                State::Length(left) => {
                    let count = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    *left -= count as u64;
                    at += count;
                    if *left == 0 {
                        self.state = State::Head(Head::default());
                    }
                }
                State::Chunks(chunks) => {
                    let Some(count) = chunks.follow(rest) else { return (at, Some(End::Broken)) };
                    at += count;
                    if chunks.is_end() {
                        self.state = State::Head(Head::default());
                    }
                }
                State::Head(head) => match head.read(rest, self.most_bytes, self.most_fields) {
                    Ok(None) => break,
                    Ok(Some((length, body))) => {
                        self.passed += 1;
                        at += length;
                        self.state = match body {
                            Framing::None => State::Head(Head::default()),
                            Framing::Length(length) => State::Length(length),
                            Framing::Chunked => State::Chunks(Chunks::default()),
                        };
                    }
                    Err(failure) => return (at, Some(End::Refused(self.passed, failure))),
                },
            }
        }
        (at, None)
    }
}

/// How a body is delimited.
enum Framing {
    None,
    Length(u64),
    Chunked,
}

/// A head of which more and more bytes come.
#[derive(Default)]
struct Head {
    /// Where the current line begins, and how far it is known to have no end.
    line: usize,
    searched: usize,
    /// Whether the request line was there.
    begun: bool,
    fields: usize,
    length: Option<u64>,
    has_coding: bool,
    codings: usize,
    last_is_chunked: bool,
    is_behind_chunked: bool,
}

impl Head {
    /// The head's length and what follows, when it is whole.
    fn read(
        &mut self,
        bytes: &[u8],
        most_bytes: usize,
        most_fields: usize,
    ) -> Result<Option<(usize, Framing)>, Failure> {
        loop {
            let end = memchr(b'\n', &bytes[self.searched..]).map(|found| self.searched + found);
            // No byte beyond the limit is looked at twice, and none is waited for.
            if end.map_or(bytes.len(), |end| end + 1) > most_bytes {
                return Err(self.too_large(most_bytes));
            }
            let Some(end) = end else {
                self.searched = bytes.len();
                return Ok(None);
            };
            let line = bytes[self.line..end].strip_suffix(b"\r");
            let line = line.ok_or_else(|| malformed("A line of the head does not end with CR LF."))?;
            if memchr2(b'\r', 0, line).is_some() {
                return Err(malformed("A line of the head holds a CR or NUL character."));
            }
            (self.line, self.searched) = (end + 1, end + 1);
            match (line.is_empty(), self.begun) {
                // An empty line before a request is no part of it (RFC 9112, 2.2).
                (true, false) => {}
                (true, true) => return self.framing().map(|framing| Some((end + 1, framing))),
                (false, false) => self.begun = true,
                (false, true) => self.field(line, most_fields)?,
            }
        }
    }

    fn too_large(&self, most: usize) -> Failure {
        match self.begun {
            true => {
                let detail = format!("The head of the request is larger than {most} bytes.");
                Failure::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_large", detail)
            }
            false => {
                let detail = format!("The first line of the request is longer than {most} bytes.");
                Failure::new(StatusCode::URI_TOO_LONG, "uri_too_long", detail)
            }
        }
    }

    /// Looks at a line behind the first. Whether name and value are valid is hyper's work.
    fn field(&mut self, line: &[u8], most: usize) -> Result<(), Failure> {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
        if line.first().is_some_and(is_space) {
            return Err(malformed("A header field is folded over several lines."));
        }
        let colon = memchr(b':', line).ok_or_else(|| malformed("A line of the head has no colon."))?;
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if name.last().is_none_or(is_space) {
            return Err(malformed("A header field has no name, or white space before its colon."));
        }
        self.fields += 1;
        if self.fields > most {
            return Err(Failure::too_many_headers(most));
        }
        if name.eq_ignore_ascii_case(b"content-length") {
            self.content_length(value.trim_ascii())
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.transfer_encoding(value);
            Ok(())
        } else {
            Ok(())
        }
    }

    fn content_length(&mut self, value: &[u8]) -> Result<(), Failure> {
        let is_number = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
        let length = std::str::from_utf8(value).ok().filter(|_| is_number).and_then(|digits| digits.parse().ok());
        let length: u64 = length.ok_or_else(|| malformed("`Content-Length` is not a number of bytes."))?;
        match self.length.replace(length) {
            Some(other) if other != length => Err(malformed("The request has two different `Content-Length`.")),
            _ => Ok(()),
        }
    }

    fn transfer_encoding(&mut self, value: &[u8]) {
        self.has_coding = true;
        for coding in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|coding| !coding.is_empty()) {
            let is_chunked = coding.eq_ignore_ascii_case(b"chunked");
            self.is_behind_chunked |= self.last_is_chunked;
            self.last_is_chunked = is_chunked;
            self.codings += 1;
        }
    }

    fn framing(&self) -> Result<Framing, Failure> {
        match self.length {
            Some(_) if self.has_coding => Err(malformed("The request has `Content-Length` and `Transfer-Encoding`.")),
            None if self.has_coding => match self.codings {
                _ if self.is_behind_chunked => Err(malformed("`Transfer-Encoding` goes on behind `chunked`.")),
                _ if !self.last_is_chunked => Err(malformed("`Transfer-Encoding` does not end in `chunked`.")),
                1 => Ok(Framing::Chunked),
                _ => {
                    let detail = "`Transfer-Encoding` can only be `chunked` here.";
                    Err(Failure::new(StatusCode::NOT_IMPLEMENTED, "unsupported_transfer_encoding", detail))
                }
            },
            None | Some(0) => Ok(Framing::None),
            Some(length) => Ok(Framing::Length(length)),
        }
    }
}

fn malformed(detail: &'static str) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, "malformed_request", detail)
}
