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
        let file = sources.file(self.source);
        let mut end = (self.start as usize).min(file.text.len());
        while !file.text.is_char_boundary(end) {
            end -= 1;
        }
        let lines = file.lines.get_or_init(|| line_starts(&file.text));
        let line = lines.partition_point(|start| *start as usize <= end);
        let line_start = lines[line - 1] as usize;
        let column = 1 + file.text[line_start..end].trim_start_matches('\u{feff}').chars().count();
        Place { line, column }
    }

    /// The text in the file, empty where the span does not fit it.
    pub fn text(self, sources: &Sources) -> &str {
        sources.file(self.source).text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// Offsets at which lines begin, the first of them 0.
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let ends = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at as u32 + 1)).collect()
}
