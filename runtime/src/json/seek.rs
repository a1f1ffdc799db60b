//! Steps over what nobody reads, by structure alone, and finds the members that are read.
//!
//! Strings, brackets and commas are all that is looked at, a block of bytes at a time. That brackets match, that strings
//! end, and that what stands where a key must be is a string is checked; what lies between them is not.

use fearless_simd::{Simd, dispatch};

use crate::json::block::{BLOCK, Block, Carry, Outside};
use crate::json::key::{Found, Key};
use crate::json::scan::Cursor;

/// The objects and lists that are open, one bit a level, 1 for an object; the innermost is the lowest.
struct Levels {
    count: u32,
    objects: u128,
    most: u32,
}

impl Levels {
    /// Takes a bracket. `false`: it must not stand here.
    #[inline(always)]
    fn take(&mut self, bracket: u8) -> bool {
        // `{` and `}` are 0x7b and 0x7d, `[` and `]` 0x5b and 0x5d.
        let object = u128::from(bracket >> 5 & 1);
        match bracket & 0b110 {
            0b010 => {
                self.count += 1;
                self.objects = self.objects << 1 | object;
                self.count <= self.most
            }
            0b100 => {
                let fits = self.objects & 1 == object;
                self.count -= 1;
                self.objects >>= 1;
                fits
            }
            // What `Block` takes for brackets and is none.
            _ => false,
        }
    }
}

/// Why a byte must not stand where it does.
fn problem(byte: u8) -> &'static str {
    match byte {
        b'{' | b'[' => "too many levels of objects and lists",
        b'}' => "expected `,` or `]`",
        b']' => "expected `,` or `}`",
        _ => "expected a JSON value",
    }
}

/// The block that was looked at last: where it begins, what stands outside of strings in it, and what it says of the next.
/// A member that is read mostly ends in it, and the next one is looked for from there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ahead {
    from: usize,
    outside: Outside,
    carry: Carry,
}

impl Ahead {
    /// No block was looked at: no place is behind this one.
    pub(crate) const NOTHING: Ahead =
        Ahead { from: usize::MAX, outside: Outside { brackets: 0, commas: 0 }, carry: Carry::START };
}

impl<'a> Cursor<'a> {
    /// Steps over any value, checking its structure only.
    #[inline]
    pub(crate) fn pass(&mut self) -> Option<()> {
        if matches!(self.peek(), b'{' | b'[') { self.pass_nested() } else { self.scalar() }
    }

    /// Steps over whatever stands where a value does and [`Cursor::seek`] would step over: it may be no JSON.
    pub(crate) fn pass_anything(&mut self) -> Option<()> {
        match self.peek() {
            b'{' | b'[' => self.pass_nested(),
            b'"' => self.string().map(|_| ()),
            _ => {
                while !matches!(self.peek(), b',' | b'}' | b']' | 0) {
                    self.pos += 1;
                }
                Some(())
            }
        }
    }

    /// Steps over an object or a list, checking its structure only.
    #[inline(never)]
    fn pass_nested(&mut self) -> Option<()> {
        dispatch!(self.level, simd => self.pass_nested_with(simd))
    }

    #[inline(always)]
    fn pass_nested_with<S: Simd>(&mut self, simd: S) -> Option<()> {
        let mut levels = Levels { count: 0, objects: 0, most: self.depth };
        let (mut carry, mut from) = (Carry::START, self.pos);
        loop {
            let block = self.block(simd, from)?;
            let mut brackets = carry.outside(&block).brackets;
            while brackets != 0 {
                let index = brackets.trailing_zeros() as usize;
                brackets &= brackets - 1;
                let bracket = self.at(from + index);
                if !levels.take(bracket) {
                    return self.fail(from + index, problem(bracket));
                }
                if levels.count == 0 {
                    self.pos = from + index + 1;
                    return Some(());
                }
            }
            from += BLOCK;
        }
    }

    /// From a key to the value of the next member with one of the keys: which key it is. `Some(None)`: there is none, and
    /// the object is behind us. `expected` is the place in `keys` from which on they are compared first.
    #[inline(always)]
    pub(crate) fn seek(&mut self, keys: &[Key], expected: usize) -> Option<Option<usize>> {
        dispatch!(self.level, simd => self.seek_with(simd, keys, expected))
    }

    #[inline(always)]
    fn seek_with<S: Simd>(&mut self, simd: S, keys: &[Key], expected: usize) -> Option<Option<usize>> {
        let firsts = Key::firsts(keys);
        let mut levels = Levels { count: 1, objects: 1, most: self.depth + 1 };
        let mut key = self.pos;
        // The block that was looked at last goes on, if the key stands in it.
        let mut ahead = self.ahead;
        let behind = match key.checked_sub(ahead.from) {
            Some(passed @ 0..BLOCK) => u64::MAX << passed,
            _ => {
                ahead = Ahead { from: key, ..Ahead::NOTHING };
                ahead.outside = ahead.carry.outside(&self.block(simd, key)?);
                u64::MAX
            }
        };
        let mut stops = (ahead.outside.brackets | ahead.outside.commas) & behind;
        loop {
            if !firsts.exclude(self, key) {
                let found = match self.find(key, keys, expected) {
                    Found::Other => None,
                    Found::Key(found) => self.at_value(key, keys, found)?,
                    Found::Unclear => self.read_key(key, keys)?,
                };
                if found.is_some() {
                    self.ahead = ahead;
                    return Some(found);
                }
            }
            // To the comma behind the member's value.
            key = loop {
                while stops == 0 {
                    ahead.from += BLOCK;
                    ahead.outside = ahead.carry.outside(&self.block(simd, ahead.from)?);
                    // Commas matter between the members of the object itself.
                    stops = ahead.outside.brackets | if levels.count == 1 { ahead.outside.commas } else { 0 };
                }
                let index = stops.trailing_zeros() as usize;
                stops &= stops - 1;
                let place = ahead.from + index;
                if ahead.outside.commas >> index & 1 == 1 {
                    break place + 1;
                }
                let byte = self.at(place);
                if !levels.take(byte) {
                    return self.fail(place, problem(byte));
                }
                match levels.count {
                    0 => {
                        self.ahead = ahead;
                        self.pos = place + 1;
                        self.depth += 1;
                        return Some(None);
                    }
                    1 => stops |= ahead.outside.commas & (u64::MAX << index << 1),
                    _ => stops &= !ahead.outside.commas,
                }
            };
        }
    }

    /// Steps to the value of the member whose key stands at `place`.
    #[inline(always)]
    fn at_value(&mut self, place: usize, keys: &[Key], found: usize) -> Option<Option<usize>> {
        self.pos = place + keys[found].name.len() + 2;
        self.colon()?;
        Some(Some(found))
    }

    /// Reads the key at `place`, behind white space. Where it is one of the keys, the cursor is at the member's value.
    #[inline(never)]
    fn read_key(&mut self, mut place: usize, keys: &[Key]) -> Option<Option<usize>> {
        while matches!(self.at(place), b' ' | b'\n' | b'\r' | b'\t') {
            place += 1;
        }
        self.pos = place;
        match self.find(place, keys, 0) {
            Found::Key(index) => self.at_value(place, keys, index),
            Found::Other => Some(None),
            Found::Unclear => self.key_of(keys),
        }
    }

    /// The kinds of the bytes from `from` on. Behind the end of the text are zeros; there is no block of these alone.
    #[inline(always)]
    fn block<S: Simd>(&mut self, simd: S, from: usize) -> Option<Block> {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        match rest.first_chunk::<BLOCK>() {
            Some(bytes) => Some(Block::of(simd, bytes)),
            None if rest.is_empty() => self.fail(from, "the text ends too early"),
            None => {
                let mut bytes = [0; BLOCK];
                bytes[..rest.len()].copy_from_slice(rest);
                Some(Block::of(simd, &bytes))
            }
        }
    }
}
