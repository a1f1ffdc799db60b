//! Looks for violations in a whole body, and for nothing else.

use crate::json::check::check;
use crate::json::reader::{DecodeOptions, Reader};
use crate::json::rule::Rule;
use crate::json::violation::{Violation, Violations};

/// All that a body breaks, and what passes leniently. What is no JSON breaks `json`: what was stepped over may be none.
pub(crate) fn examine(body: &[u8], rule: &Rule, options: &DecodeOptions) -> Violations {
    let found = simdutf8::basic::from_utf8(body).ok().and_then(|text| {
        let mut reader = Reader::new(text, options);
        check(&mut reader, rule);
        reader.finish().ok()
    });
    let (pointer, form) = Default::default();
    let no_json = || Violation { pointer, rule: "json", expected: "a body that is JSON".to_owned(), form };
    found.unwrap_or_else(|| no_json().into())
}
