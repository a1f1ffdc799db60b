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
    /// The first and the last eight bytes of `"name":`, how many of the first count, and how many bytes it has.
    lead: u64,
    lead_mask: u64,
    lead_tail: u64,
    width: usize,
    /// The first characters of the keys that it is looked for with, and the backslash. Of a key alone: any.
    firsts: Firsts,
}

/// Characters that keys begin with, a bit each, by the lower six bits of their byte.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Firsts(u64);

impl Firsts {
    /// Whether at `place` a string begins that is none of the keys: one quick look, which most keys that nobody reads do
    /// not pass. `false`: it may be one of them.
    #[inline(always)]
    pub(crate) fn exclude(self, cursor: &Cursor<'_>, place: usize) -> bool {
        let start = cursor.text.as_bytes().get(place..).and_then(|rest| rest.first_chunk::<2>());
        start.is_some_and(|[quote, first]| *quote == b'"' && self.0 >> (first & 63) & 1 == 0)
    }
}

/// What stands where a key is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// This one of the keys.
    Key(usize),
    /// None of them.
    Other,
    /// Only reading it as a string tells: it has escapes, there is white space before it, or the text ends soon.
    Unclear,
}

impl Key {
    /// A key by its name without escapes.
    pub const fn new(name: &'static str) -> Key {
        let bytes = name.as_bytes();
        let mut key = Key {
            name,
            head: b'"' as u64,
            mask: 0xff,
            tail: (b'"' as u64) << 56,
            plain: true,
            // Of a key that may not stand in JSON as it is: bytes that no text has.
            lead: u64::MAX,
            lead_mask: u64::MAX,
            lead_tail: 0,
            width: bytes.len() + 3,
            firsts: Firsts(u64::MAX),
        };
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
        if key.plain {
            key.lead = if key.width > 8 { key.head } else { key.head | (b':' as u64) << (8 * (key.width - 1)) };
            key.lead_mask = if key.width >= 8 { u64::MAX } else { (1 << (8 * key.width)) - 1 };
            key.lead_tail = key.tail >> 8 | (b':' as u64) << 56;
        }
        key
    }

    /// Keys by their names.
    pub const fn all<const N: usize>(names: [&'static str; N]) -> [Key; N] {
        let mut keys = [Key::new(""); N];
        let (mut index, mut firsts) = (0, 1 << (b'\\' & 63));
        while index < N {
            keys[index] = Key::new(names[index]);
            firsts |= 1 << (keys[index].head >> 8 & 63);
            index += 1;
        }
        while index > 0 {
            index -= 1;
            keys[index].firsts = Firsts(firsts);
        }
        keys
    }

    /// What the keys of a list begin with.
    #[inline(always)]
    pub(crate) fn firsts(keys: &[Key]) -> Firsts {
        keys.first().map_or(Firsts(0), |key| key.firsts)
    }

    /// Behind the colon of a member at `place`, if it has this key, and is written as usual.
    #[inline(always)]
    pub(crate) fn value_at(&self, text: &str, place: usize) -> Option<usize> {
        let rest = text.as_bytes().get(place..)?;
        let lead = u64::from_le_bytes(*rest.first_chunk::<8>()?);
        if (lead ^ self.lead) & self.lead_mask != 0 {
            return None;
        }
        if self.width > 8 {
            let member = rest.get(..self.width)?;
            let tail = u64::from_le_bytes(*member.last_chunk::<8>()?);
            if tail != self.lead_tail || (self.width > 16 && member.get(1..self.width - 2)? != self.name.as_bytes()) {
                return None;
            }
        }
        Some(place + self.width)
    }

    /// Whether the text at `place` begins as this key does, of which `chunk` are the first eight bytes.
    #[inline(always)]
    fn begins(&self, chunk: u64) -> bool {
        (chunk ^ self.head) & self.mask == 0
    }

    /// Whether a text at `place` that begins as this key goes on and ends like it.
    #[inline(always)]
    fn goes_on(&self, cursor: &Cursor<'_>, place: usize) -> bool {
        let end = place + self.name.len() + 2;
        let short = end <= place + 8;
        let long = || {
            cursor.chunk(end - 8) == Some(self.tail)
                && (end <= place + 16 || cursor.text.as_bytes().get(place + 1..end - 1) == Some(self.name.as_bytes()))
        };
        (short || long()) && self.plain
    }
}

impl AsRef<Key> for Key {
    fn as_ref(&self) -> &Key {
        self
    }
}

impl Cursor<'_> {
    /// Steps over a key and its colon, to the member's value, if it is this one and stands there as usual.
    #[inline(always)]
    pub(crate) fn take_key(&mut self, key: &Key) -> bool {
        let Some(value) = key.value_at(self.text, self.pos) else { return false };
        self.pos = value;
        self.space();
        true
    }

    /// Which of the keys the string at `place` is. Members mostly come in the order of the keys: the one at `expected` is
    /// compared first.
    #[inline(always)]
    pub(crate) fn find(&self, place: usize, keys: &[impl AsRef<Key>], expected: usize) -> Found {
        let Some(chunk) = self.chunk(place) else { return Found::Unclear };
        if chunk as u8 != b'"' {
            return Found::Unclear;
        }
        if let Some(key) = keys.get(expected).map(AsRef::as_ref)
            && key.begins(chunk)
            && key.goes_on(self, place)
        {
            return Found::Key(expected);
        }
        let mut found = Found::Other;
        for (index, key) in keys.iter().map(AsRef::as_ref).enumerate() {
            if key.begins(chunk) {
                if key.goes_on(self, place) {
                    return Found::Key(index);
                }
                found = Found::Unclear;
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
