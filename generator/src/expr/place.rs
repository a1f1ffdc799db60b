//! Maps offsets of an expression's text to places of the composition file.

use crate::source::{Node, Span, Value};

/// Where the text of an expression stands in its file.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    whole: Span,
    verbatim_at: Option<u32>,
}

impl Place {
    /// The place of a scalar: exact where it stands in the file byte for byte, else all of it.
    pub fn of(node: &Node) -> Place {
        let verbatim_at = match &node.value {
            Value::String(text) => text.verbatim_at,
            _ => None,
        };
        Place { whole: node.span, verbatim_at }
    }

    /// A text that stands in the file byte for byte, `at` being the offset of its first byte.
    pub fn verbatim(whole: Span, at: u32) -> Place {
        Place { whole, verbatim_at: Some(at) }
    }

    /// A text of which only the whole place is known.
    pub fn whole(span: Span) -> Place {
        Place { whole: span, verbatim_at: None }
    }

    /// The place of the bytes `start..end` of the text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        match self.verbatim_at {
            Some(at) => Span { source: self.whole.source, start: at + start as u32, end: at + end as u32 },
            None => self.whole,
        }
    }

    /// Whether offsets map exactly, so that a fix may replace a part of the text.
    pub fn is_exact(&self) -> bool {
        self.verbatim_at.is_some()
    }

    /// The place of the text without its first `bytes` bytes.
    pub fn skip(&self, bytes: usize) -> Place {
        Place { whole: self.whole, verbatim_at: self.verbatim_at.map(|at| at + bytes as u32) }
    }
}
