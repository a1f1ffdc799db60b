//! Format, length and pattern of texts.

use super::numbers::count;
use super::reader::Reader;
use super::{SchemaId, StringRules, flatten};
use crate::openapi::At;

/// Combines what all parts say.
pub(super) fn rules(reader: &mut Reader<'_, '_>, id: SchemaId, owns: &[At<'_>]) -> StringRules {
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
            match rule {
                None => *rule = Some(text.to_owned()),
                Some(before) if before == text => {}
                // two patterns cannot be one; the first is checked
                Some(_) => reader.schemas.get_mut(id).unsupported.push((key.to_owned(), node.span)),
            }
        }
    }
    rules
}
