//! Maps offsets of an expression's text to places of the composition file.

use crate::source::{Node, Span, Value, pieces};

/// Where the text of an expression stands in its file.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    whole: Span,
    stands: Stands<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Stands<'a> {
    /// Byte for byte from this offset of the file on.
    Verbatim(u32),
    /// In pieces, without the first bytes of the text.
    Pieces(&'a [(u32, u32)], usize),
    /// Somewhere.
    Somewhere,
}

impl<'a> Place<'a> {
    /// The place of a scalar: exact where it stands in the file byte for byte or in pieces, else all of it.
    pub fn of(node: &'a Node) -> Place<'a> {
        let stands = match &node.value {
            Value::String(text) => match (text.verbatim_at, &text.pieces) {
                (Some(at), _) => Stands::Verbatim(at),
                (None, Some(pieces)) => Stands::Pieces(pieces, 0),
                (None, None) => Stands::Somewhere,
            },
            _ => Stands::Somewhere,
        };
        Place { whole: node.span, stands }
    }

    /// A text that stands in the file byte for byte, `at` being the offset of its first byte.
    pub fn verbatim(whole: Span, at: u32) -> Place<'a> {
        Place { whole, stands: Stands::Verbatim(at) }
    }

    /// A text of which only the whole place is known.
    pub fn whole(span: Span) -> Place<'a> {
        Place { whole: span, stands: Stands::Somewhere }
    }

    /// The place of the bytes `start..end` of the text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let source = self.whole.source;
        match self.stands {
            Stands::Verbatim(at) => Span { source, start: at + start as u32, end: at + end as u32 },
            Stands::Pieces(pieces, skipped) => {
                let at = |offset: usize| pieces::locate(pieces, skipped + offset).unwrap_or(self.whole.start);
                let from = at(start);
                // Behind its last byte: what follows may stand on another line.
                let to = if end > start { at(end - 1) + 1 } else { from };
                Span { source, start: from, end: to.max(from) }
            }
            Stands::Somewhere => self.whole,
        }
    }

    /// Whether offsets map byte for byte, so that a fix may replace a part of the text.
    pub fn is_exact(&self) -> bool {
        matches!(self.stands, Stands::Verbatim(_))
    }

    /// The place of the text without its first `bytes` bytes.
    pub fn skip(&self, bytes: usize) -> Place<'a> {
        let stands = match self.stands {
            Stands::Verbatim(at) => Stands::Verbatim(at + bytes as u32),
            Stands::Pieces(pieces, skipped) => Stands::Pieces(pieces, skipped + bytes),
            Stands::Somewhere => Stands::Somewhere,
        };
        Place { stands, ..*self }
    }
}
