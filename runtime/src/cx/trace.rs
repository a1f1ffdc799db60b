//! Who a request is: its id and its place in a distributed trace (W3C Trace Context, level 1).

use crate::random;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};

/// The header that carries a request's id, in and out.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// W3C Trace Context: trace, parent and flags.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// W3C Trace Context: what vendors add. Passed on unread.
pub(crate) const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The trace that a request belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    trace: u128,
    flags: u8,
    /// Whether the caller gave it; else it begins here.
    pub(crate) from_caller: bool,
}

impl Trace {
    /// The caller's trace, or a new one if there is none or it is malformed.
    pub(crate) fn of(headers: &HeaderMap) -> Trace {
        let mut given = headers.get_all(TRACEPARENT).iter();
        match (given.next(), given.next()) {
            (Some(one), None) => parse(one.as_bytes()).unwrap_or_else(Trace::new),
            _ => Trace::new(),
        }
    }

    fn new() -> Trace {
        let trace = (u128::from(random::non_zero()) << 64) | u128::from(random::next());
        Trace { trace, flags: 0, from_caller: false }
    }

    /// Marks the trace as recorded, if it begins here: who logs the request wants its calls traced too.
    pub(crate) fn sampled(mut self, sampled: bool) -> Trace {
        if !self.from_caller && sampled {
            self.flags |= 1;
        }
        self
    }

    /// The header of one outgoing call, with a span id of its own.
    pub(crate) fn header(&self) -> HeaderValue {
        let mut text = [b'-'; 55];
        hex(0, &mut text[0..2]);
        hex(self.trace, &mut text[3..35]);
        hex(u128::from(random::non_zero()), &mut text[36..52]);
        hex(u128::from(self.flags), &mut text[53..55]);
        HeaderValue::from_bytes(&text).unwrap_or_else(|_| HeaderValue::from_static("invalid"))
    }

    /// The trace id as 32 hexadecimal digits.
    pub(crate) fn id(&self) -> [u8; 32] {
        let mut text = [0; 32];
        hex(self.trace, &mut text);
        text
    }
}

fn hex(mut value: u128, out: &mut [u8]) {
    for digit in out.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(value & 15) as usize];
        value >>= 4;
    }
}

/// Reads `version-trace-parent-flags` as section 3.2 says: lower-case digits, no zero ids, version not `ff`.
fn parse(text: &[u8]) -> Option<Trace> {
    let exact = text.len() == 55 || (text.len() > 55 && !text.starts_with(b"00") && text[55] == b'-');
    if !exact || text.starts_with(b"ff") || [2, 35, 52].iter().any(|&at| text[at] != b'-') {
        return None;
    }
    number(&text[0..2])?;
    let (trace, parent, flags) = (number(&text[3..35])?, number(&text[36..52])?, number(&text[53..55])?);
    (trace != 0 && parent != 0).then_some(Trace { trace, flags: (flags & 3) as u8, from_caller: true })
}

fn number(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0u128, |value, &digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some((value << 4) | u128::from(digit))
    })
}

/// The caller's request id if it is 1 to 64 of `[A-Za-z0-9._-]`, else the trace id.
pub(crate) fn request_id(headers: &HeaderMap, trace: &Trace) -> HeaderValue {
    let given = headers.get(REQUEST_ID).filter(|id| {
        let bytes = id.as_bytes();
        (1..=64).contains(&bytes.len())
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    });
    match given {
        Some(id) => id.clone(),
        None => HeaderValue::from_bytes(&trace.id()).unwrap_or_else(|_| HeaderValue::from_static("invalid")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_parents_are_taken() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let cases = [
            (good, true),
            ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-holds", true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", false),
            ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
            ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
            ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-001", false),
            ("", false),
        ];
        for (text, taken) in cases {
            assert_eq!(parse(text.as_bytes()).is_some(), taken, "{text}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, HeaderValue::from_static(good));
        let out = Trace::of(&headers).header();
        let out = out.to_str().expect("ASCII");
        assert_eq!((&out[..36], &out[52..]), (&good[..36], "-01"));
        assert_ne!(&out[36..52], &good[36..52], "a call has a span id of its own");
        headers.append(TRACEPARENT, HeaderValue::from_static(good));
        assert!(!Trace::of(&headers).from_caller, "two parents are none");
    }

    #[test]
    fn only_harmless_request_ids_are_echoed() {
        let long = "a".repeat(65);
        for (given, echoed) in [("abc-1.2_Z", true), ("", false), ("a b", false), ("a\"b", false), (&long, false)] {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_str(given).expect("a header value"));
            let trace = Trace::of(&headers);
            assert_eq!(request_id(&headers, &trace) == given, echoed, "{given}");
        }
    }
}
