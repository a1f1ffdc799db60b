//! Line and column of a span.

use super::{Sources, Span};

/// Where a span begins, as people count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters; a byte order mark does not count.
    pub column: usize,
}

impl Span {
    /// Line and column of the first byte. Lines end with LF, CR LF or CR, as in YAML.
    pub fn place(self, sources: &Sources) -> Place {
        let text = &sources.file(self.source).text;
        let mut end = (self.start as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let bytes = before.as_bytes();
        let mut line = 1;
        let mut line_start = 0;
        for (i, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && text.as_bytes().get(i + 1) != Some(&b'\n'));
            if ends {
                line += 1;
                line_start = i + 1;
            }
        }
        let column = 1 + before[line_start..].trim_start_matches('\u{feff}').chars().count();
        Place { line, column }
    }

    /// The text in the file, empty where the span does not fit it.
    pub fn text(self, sources: &Sources) -> &str {
        sources.file(self.source).text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}
