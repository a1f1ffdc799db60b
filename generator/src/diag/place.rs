//! Places of findings in words and in whole characters.

use crate::source::{SourceFile, Sources, Span};

/// `file:line:col` of the first byte of a span.
pub(super) fn location(sources: &Sources, span: Span) -> String {
    let place = span.place(sources);
    format!("{}:{}:{}", sources.file(span.source).path, place.line, place.column)
}

/// The byte range of a span, cut to the file and to whole characters.
pub(super) fn range(file: &SourceFile, span: Span) -> std::ops::Range<usize> {
    let start = floor(&file.text, span.start as usize);
    start..floor(&file.text, span.end as usize).max(start)
}

/// The offset, or the nearest one before it at which a character begins.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
