//! Line and column of byte offsets, for the renderers.

use crate::source::{SourceFile, Sources, Span};

/// Line and column, each from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineColumn {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Line and column of an offset. Lines end with LF, CR LF or CR, as in YAML.
pub(super) fn line_column(file: &SourceFile, offset: u32) -> LineColumn {
    let text = &file.text;
    let bytes = text.as_bytes();
    let end = floor(text, offset);
    let (mut line, mut start) = (1, 0);
    for (i, byte) in bytes[..end].iter().enumerate() {
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
            line += 1;
            start = i + 1;
        }
    }
    let column = 1 + text[start..end].trim_start_matches('\u{feff}').chars().count();
    LineColumn { line, column }
}

/// `file:line:col` of the first byte of a span.
pub(super) fn location(sources: &Sources, span: Span) -> String {
    let file = sources.file(span.source);
    let LineColumn { line, column } = line_column(file, span.start);
    format!("{}:{line}:{column}", file.path)
}

/// The byte range of a span, cut to the file and to whole characters.
pub(super) fn range(file: &SourceFile, span: Span) -> std::ops::Range<usize> {
    let start = floor(&file.text, span.start);
    start..floor(&file.text, span.end).max(start)
}

fn floor(text: &str, offset: u32) -> usize {
    let mut at = (offset as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
