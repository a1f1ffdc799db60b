//! The keys that are looked for in an object, ready to be compared with the bytes of a text.

use crate::json::scan::{Cursor, HIGH, ONES};

/// A key that is looked for: `static KEYS: [Key; 2] = Key::all(["id", "status"]);`
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub(crate) name: &'static str,
    /// The first eight bytes of the name in its quotes, as it stands in JSON, and which of them count.
    head: u64,
    mask: u64,
    /// The last eight bytes of the name in its quotes, where that is more than eight.
    tail: u64,
    /// Whether it may stand in JSON as it is. Of a key that may not, `head` ends with its first backslash.
    plain: bool,
}

/// What stands where a key is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// This one of the keys.
    Key(usize),
    /// None of them.
    Other,
    /// Only reading it as a string tells: it has escapes, or the text ends soon.
    Unclear,
}

impl Key {
    /// A key by its name without escapes.
    pub const fn new(name: &'static str) -> Key {
        let bytes = name.as_bytes();
        let mut key = Key { name, head: b'"' as u64, mask: 0xff, tail: (b'"' as u64) << 56, plain: true };
        let mut index = 0;
        while index <= bytes.len() && key.plain {
            let mut byte = if index < bytes.len() { bytes[index] } else { b'"' };
            if index < bytes.len() && (byte < 0x20 || byte == b'"' || byte == b'\\') {
                (key.plain, byte) = (false, b'\\');
            }
            index += 1;
            if index < 8 {
                key.head |= (byte as u64) << (8 * index);
                key.mask |= 0xff << (8 * index);
            }
            key.tail = key.tail >> 8 | (byte as u64) << 56;
        }
        key
    }

    /// Keys by their names.
    pub const fn all<const N: usize>(names: [&'static str; N]) -> [Key; N] {
        let mut keys = [Key::new(""); N];
        let mut index = 0;
        while index < N {
            keys[index] = Key::new(names[index]);
            index += 1;
        }
        keys
    }

    /// Whether the text at the cursor, of which `chunk` are the first eight bytes, is this key in its quotes.
    #[inline(always)]
    fn is_at(&self, cursor: &Cursor<'_>, chunk: u64) -> Found {
        if (chunk ^ self.head) & self.mask != 0 {
            return Found::Other;
        }
        let (start, length) = (cursor.pos, self.name.len() + 2);
        let goes_on = length <= 8
            || (cursor.chunk(start + length - 8) == Some(self.tail)
                && (length <= 16
                    || cursor.text.as_bytes().get(start + 1..start + length - 1) == Some(self.name.as_bytes())));
        if goes_on && self.plain { Found::Key(0) } else { Found::Unclear }
    }
}

impl AsRef<Key> for Key {
    fn as_ref(&self) -> &Key {
        self
    }
}

impl Cursor<'_> {
    /// Whether at `place` a string begins that is none of the keys: one quick look, which most keys that nobody reads do
    /// not pass. `false`: it may be one of them.
    #[inline(always)]
    pub(crate) fn is_other(&self, place: usize, keys: &[Key]) -> bool {
        let Some(chunk) = self.chunk(place) else { return false };
        chunk & 0xff == u64::from(b'"')
            && !has_escape(chunk)
            && keys.iter().all(|key| (chunk ^ key.head) & key.mask != 0)
    }

    /// Which of the keys the string at the cursor is. Members mostly come in the order of the keys: those from `expected`
    /// on are compared first.
    #[inline(always)]
    pub(crate) fn find(&self, keys: &[impl AsRef<Key>], expected: usize) -> Found {
        let Some(chunk) = self.chunk(self.pos) else { return Found::Unclear };
        let (before, after) = keys.split_at(expected.min(keys.len()));
        let mut found = Found::Other;
        for (part, first) in [(after, before.len()), (before, 0)] {
            for (index, key) in part.iter().enumerate() {
                match key.as_ref().is_at(self, chunk) {
                    Found::Key(_) => return Found::Key(first + index),
                    Found::Unclear => found = Found::Unclear,
                    Found::Other => {}
                }
            }
        }
        // What differs from a key within the first eight bytes is that key only if there is an escape among them.
        if has_escape(chunk) { Found::Unclear } else { found }
    }

    /// Reads a key and its colon: which of the keys it is, by its text.
    #[cold]
    #[inline(never)]
    pub(crate) fn key_of(&mut self, keys: &[impl AsRef<Key>]) -> Option<Option<usize>> {
        let key = self.key()?;
        let text = self.string_text(key);
        Some(keys.iter().position(|key| key.as_ref().name == text))
    }
}

/// Whether there is a backslash among eight bytes.
#[inline(always)]
fn has_escape(chunk: u64) -> bool {
    let slash = chunk ^ (ONES * b'\\' as u64);
    slash.wrapping_sub(ONES) & !slash & HIGH != 0
}
