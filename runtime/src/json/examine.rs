//! Looks for violations in a whole body, and for nothing else.

use crate::json::check::check;
use crate::json::decode::utf8;
use crate::json::reader::{DecodeOptions, Reader};
use crate::json::rule::Rule;
use crate::json::violation::{DecodeFailure, Violation, Violations};

/// All that a body breaks, and what passes leniently. What is no JSON breaks `json`: what was stepped over may be none.
pub(crate) fn examine(body: &[u8], rule: &Rule, options: &DecodeOptions) -> Violations {
    let found = utf8(body).and_then(|text| {
        let mut reader = Reader::new(text, options);
        check(&mut reader, rule);
        Ok(reader.finish()?)
    });
    match found {
        Ok(found) | Err(DecodeFailure::Invalid(found)) => found,
        Err(DecodeFailure::Syntax { offset, problem }) => Violation::no_json(offset, problem).into(),
    }
}
