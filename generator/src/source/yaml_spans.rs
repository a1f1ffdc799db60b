//! From the character positions of the YAML scanner to byte offsets.

use super::{SourceId, Span};

/// One entry for so many characters.
const STEP: usize = 64;

/// Byte offsets of a text, found by character index.
pub(super) struct Offsets<'a> {
    text: &'a str,
    /// Added to every offset: the length of a byte order mark that was cut off.
    base: usize,
    /// Byte offset of every [`STEP`]th character; empty where every character is one byte.
    steps: Vec<u32>,
    source: SourceId,
}

impl<'a> Offsets<'a> {
    /// `text` begins at byte `base` of the file.
    pub(super) fn new(text: &'a str, base: usize, source: SourceId) -> Self {
        let steps = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STEP).map(|(at, _)| at as u32).collect()
        };
        Offsets { text, base, steps, source }
    }

    /// Byte offset in `text` of a character.
    pub(super) fn byte(&self, index: usize) -> usize {
        if self.steps.is_empty() {
            return index.min(self.text.len());
        }
        let Some(start) = self.steps.get(index / STEP) else { return self.text.len() };
        let start = *start as usize;
        self.text[start..].char_indices().nth(index % STEP).map_or(self.text.len(), |(at, _)| start + at)
    }

    /// A span from byte offsets in `text`.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span { source: self.source, start: (self.base + start) as u32, end: (self.base + end.max(start)) as u32 }
    }

    /// Offset in the file of an offset in `text`.
    pub(super) fn in_file(&self, at: usize) -> u32 {
        (self.base + at) as u32
    }
}
