//! Where the interpreter of the `cel` crate departs from CEL's specification, with the specification's words.

use bffgen_cel::Answer;

/// Whether a difference is one of those.
pub fn is_known(_expression: &str, _expected: &Answer, _answer: &Answer) -> bool {
    false
}
