//! Format, length and pattern of texts.

use super::numbers::count;
use super::{StringRules, flatten};
use crate::openapi::At;

/// Combines what all parts say.
pub(super) fn rules(owns: &[At<'_>]) -> StringRules {
    let mut rules = StringRules {
        format: None,
        min_length: count(owns, "minLength", true),
        max_length: count(owns, "maxLength", false),
        pattern: None,
        content_encoding: None,
        content_media_type: None,
    };
    for (key, rule) in [
        ("format", &mut rules.format),
        ("pattern", &mut rules.pattern),
        ("contentEncoding", &mut rules.content_encoding),
        ("contentMediaType", &mut rules.content_media_type),
    ] {
        for (_, node) in flatten::all(owns, key) {
            let Some(text) = node.as_str() else { continue };
            // of several, the others are clauses
            rule.get_or_insert_with(|| text.to_owned());
        }
    }
    rules
}
