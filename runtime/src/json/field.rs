//! The members that a table declares, ready to be compared with the bytes of a key.

use crate::json::rule::Rule;

/// A declared member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(crate) name: &'static str,
    pub(crate) rule: &'static Rule,
    pub(crate) required: bool,
    /// The first eight bytes of the name and its closing quote as they stand in JSON, and which of them count.
    pub(crate) head: u64,
    pub(crate) mask: u64,
    /// The last eight bytes of the name and the quote, where that is more than eight.
    pub(crate) tail: u64,
}

impl Field {
    /// A member that must be there.
    pub const fn required(name: &'static str, rule: &'static Rule) -> Field {
        Field::new(name, rule, true)
    }

    /// A member that may be absent.
    pub const fn optional(name: &'static str, rule: &'static Rule) -> Field {
        Field::new(name, rule, false)
    }

    const fn new(name: &'static str, rule: &'static Rule, required: bool) -> Field {
        let bytes = name.as_bytes();
        let (mut head, mut mask, mut tail, mut plain) = (0u64, 0u64, 0u64, true);
        let mut index = 0;
        while index <= bytes.len() {
            let byte = if index < bytes.len() { bytes[index] } else { b'"' };
            if index < bytes.len() && (byte < 0x20 || byte == b'"' || byte == b'\\') {
                plain = false;
            }
            if index < 8 {
                head |= (byte as u64) << (8 * index);
                mask |= 0xff << (8 * index);
            }
            tail = tail >> 8 | (byte as u64) << 56;
            index += 1;
        }
        if !plain {
            // Stands in JSON with escapes: no text begins with eight zero bytes, so only the slow way finds it.
            (head, mask) = (0, u64::MAX);
        }
        Field { name, rule, required, head, mask, tail }
    }
}
