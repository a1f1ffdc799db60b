//! Steps through JSON text byte by byte: the grammar of RFC 8259 and nothing else.

use std::borrow::Cow;

use fearless_simd::Level;

use crate::json::block::{QUARTER, special};
use crate::json::decimal::Short;
use crate::json::escape::{hex4, unescape};
use crate::json::seek::Ahead;

pub(crate) const ONES: u64 = 0x0101_0101_0101_0101;
pub(crate) const HIGH: u64 = 0x8080_8080_8080_8080;
/// The most levels a cursor can count (one bit a level in `skip`).
pub(crate) const MAX_DEPTH: u32 = 128;

/// Why the text is not JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Byte offset into the body.
    pub offset: usize,
    /// What is wrong.
    pub problem: &'static str,
}

/// A string that was stepped over: the bytes between its quotes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted {
    /// Offset behind the opening quote.
    pub start: usize,
    /// Offset of the closing quote.
    pub end: usize,
    /// Whether there are escapes in it.
    pub escaped: bool,
}

/// A number that was stepped over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// All of them in a row, where they are at most 18 and no exponent follows.
    digits: i64,
    /// How many stand behind the point; of a number that is not [`Short`], `LONG`.
    places: usize,
}

impl Digits {
    const LONG: usize = usize::MAX;

    /// Its value, if it has no exponent and at most 18 digits.
    #[inline(always)]
    pub(crate) fn short(&self) -> Option<Short> {
        (self.places != Digits::LONG).then_some(Short { digits: self.digits, places: self.places })
    }

    /// Its value, if it is written as an integer of at most 18 digits.
    #[inline(always)]
    pub(crate) fn small(&self) -> Option<i64> {
        (self.places == 0).then_some(self.digits)
    }
}

/// A place in JSON text. Every step starts at the first byte of what it reads (not at white space) and ends
/// directly behind it; a step that fails sets `broken`, moves to the end and returns `None`.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    pub text: &'a str,
    pub pos: usize,
    /// How many levels may still be entered.
    pub depth: u32,
    pub broken: Option<Broken>,
    /// What is known of the bytes that come.
    pub ahead: Ahead,
    /// Which registers the processor has.
    pub level: Level,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, depth: u32) -> Self {
        let depth = depth.min(MAX_DEPTH);
        Cursor { text, pos: 0, depth, broken: None, ahead: Ahead::NOTHING, level: Level::new() }
    }

    /// The byte at `index`; 0, which no JSON text holds outside of errors, behind the end.
    #[inline(always)]
    pub(crate) fn at(&self, index: usize) -> u8 {
        self.text.as_bytes().get(index).copied().unwrap_or(0)
    }

    #[inline(always)]
    pub(crate) fn peek(&self) -> u8 {
        self.at(self.pos)
    }

    /// The eight bytes from `index`, lowest first, if there are as many.
    #[inline(always)]
    pub(crate) fn chunk(&self, index: usize) -> Option<u64> {
        let rest = self.text.as_bytes().get(index..)?;
        rest.first_chunk::<8>().map(|chunk| u64::from_le_bytes(*chunk))
    }

    /// The text from `start` to `end`; both are borders of tokens, so of characters.
    #[inline]
    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The decoded text of a string.
    pub(crate) fn string_text(&self, quoted: Quoted) -> Cow<'a, str> {
        let raw = self.slice(quoted.start, quoted.end);
        if quoted.escaped { Cow::Owned(unescape(raw)) } else { Cow::Borrowed(raw) }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn fail<T>(&mut self, offset: usize, problem: &'static str) -> Option<T> {
        if self.broken.is_none() {
            let problem = if offset >= self.text.len() { "the text ends too early" } else { problem };
            self.broken = Some(Broken { offset: offset.min(self.text.len()), problem });
        }
        self.pos = self.text.len();
        None
    }

    /// Steps over white space.
    #[inline(always)]
    pub(crate) fn space(&mut self) {
        if self.peek() <= b' ' {
            self.space_slow();
        }
    }

    #[inline(never)]
    fn space_slow(&mut self) {
        loop {
            // Indentation comes as runs of blanks.
            while self.chunk(self.pos) == Some(ONES * b' ' as u64) {
                self.pos += 8;
            }
            match self.peek() {
                b' ' | b'\n' | b'\r' | b'\t' => self.pos += 1,
                _ => return,
            }
        }
    }

    /// Steps over a string.
    #[inline]
    pub(crate) fn string(&mut self) -> Option<Quoted> {
        if self.peek() != b'"' {
            return self.fail(self.pos, "expected a string");
        }
        let start = self.pos + 1;
        let index = self.special_from(start);
        if self.at(index) == b'"' {
            self.pos = index + 1;
            return Some(Quoted { start, end: index, escaped: false });
        }
        self.string_slow(start, index)
    }

    /// Goes on with a string at an escape, a control character or near the end of the text.
    #[inline(never)]
    fn string_slow(&mut self, start: usize, mut index: usize) -> Option<Quoted> {
        let mut escaped = false;
        loop {
            index = self.special_from(index);
            match self.at(index) {
                b'"' => {
                    self.pos = index + 1;
                    return Some(Quoted { start, end: index, escaped });
                }
                b'\\' => {
                    escaped = true;
                    index = self.escape(index)?;
                }
                0..=0x1f => return self.fail(index, "a control character in a string must be escaped"),
                _ => index += 1,
            }
        }
    }

    /// The offset of the next quote, backslash or control character; or one less than sixteen bytes before the end.
    #[inline(always)]
    fn special_from(&self, mut index: usize) -> usize {
        while let Some(bytes) = self.text.as_bytes().get(index..).and_then(|rest| rest.first_chunk::<QUARTER>()) {
            let found = special(bytes);
            if found != 0 {
                return index + found.trailing_zeros() as usize;
            }
            index += QUARTER;
        }
        index
    }

    /// The offset behind the escape at `index`. Half a surrogate pair is refused: no text can hold it.
    fn escape(&mut self, index: usize) -> Option<usize> {
        match self.at(index + 1) {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(index + 2),
            b'u' => match hex4(self.text.as_bytes(), index + 2) {
                Some(0xd800..=0xdbff) => {
                    let low = (self.at(index + 6) == b'\\' && self.at(index + 7) == b'u')
                        .then(|| hex4(self.text.as_bytes(), index + 8))
                        .flatten();
                    match low {
                        Some(0xdc00..=0xdfff) => Some(index + 12),
                        _ => self.fail(index, "this \\u escape is one half of a surrogate pair without the other"),
                    }
                }
                Some(0xdc00..=0xdfff) => {
                    self.fail(index, "this \\u escape is one half of a surrogate pair without the other")
                }
                Some(_) => Some(index + 6),
                None => self.fail(index, "a \\u escape needs four hexadecimal digits"),
            },
            _ => self.fail(index + 1, "unknown escape in a string"),
        }
    }

    /// Steps over a number.
    #[inline(always)]
    pub(crate) fn number(&mut self) -> Option<Digits> {
        let start = self.pos;
        let negative = self.peek() == b'-';
        let first = start + usize::from(negative);
        let mut value = 0i64;
        let mut index = self.digits(first, &mut value)?;
        let mut count = index - first;
        if count > 1 && self.at(first) == b'0' {
            return self.fail(first + 1, "a number must not begin with 0");
        }
        let mut places = 0;
        if self.at(index) == b'.' {
            let point = index + 1;
            index = self.digits(point, &mut value)?;
            places = index - point;
            count += places;
        }
        let exponent = matches!(self.at(index), b'e' | b'E');
        if exponent {
            let sign = matches!(self.at(index + 1), b'+' | b'-');
            index = self.digits(index + 1 + usize::from(sign), &mut value)?;
        }
        self.pos = index;
        if count > Short::DIGITS || exponent {
            places = Digits::LONG;
        }
        let digits = if negative { value.wrapping_neg() } else { value };
        Some(Digits { start, end: index, digits, places })
    }

    /// The offset behind one or more digits, which are put behind those of `value`.
    #[inline(always)]
    fn digits(&mut self, start: usize, value: &mut i64) -> Option<usize> {
        let mut index = start;
        loop {
            let digit = self.at(index).wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            *value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
            index += 1;
        }
        if index == start { self.fail(index, "expected a digit") } else { Some(index) }
    }

    /// Steps over `true`, `false` or `null`.
    #[inline]
    pub(crate) fn literal(&mut self, word: &'static str) -> Option<()> {
        let found = self.text.as_bytes().get(self.pos..).is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if !found {
            return self.fail(self.pos, "expected a JSON value");
        }
        self.pos += word.len();
        Some(())
    }

    /// Steps into an object or a list. `true`: at its first key or item; `false`: it is empty, and behind us.
    #[inline]
    pub(crate) fn open(&mut self, close: u8) -> Option<bool> {
        if self.depth == 0 {
            return self.fail(self.pos, "too many levels of objects and lists");
        }
        self.pos += 1;
        self.space();
        if self.peek() == close {
            self.pos += 1;
            return Some(false);
        }
        self.depth -= 1;
        Some(true)
    }

    /// After a member or item. `true`: at the next one; `false`: the object or list is behind us.
    #[inline]
    pub(crate) fn next(&mut self, close: u8) -> Option<bool> {
        let mut byte = self.peek();
        if byte <= b' ' {
            self.space_slow();
            byte = self.peek();
        }
        if byte == b',' {
            self.pos += 1;
            self.space();
            return Some(true);
        }
        if byte == close {
            self.pos += 1;
            self.depth += 1;
            return Some(false);
        }
        self.fail(self.pos, if close == b'}' { "expected `,` or `}`" } else { "expected `,` or `]`" })
    }

    /// Steps over a key and its colon, to the member's value.
    #[inline]
    pub(crate) fn key(&mut self) -> Option<Quoted> {
        if self.peek() != b'"' {
            return self.fail(self.pos, "expected a key in quotes");
        }
        let key = self.string()?;
        self.colon()?;
        Some(key)
    }

    /// Steps over the colon behind a key.
    #[inline(always)]
    pub(crate) fn colon(&mut self) -> Option<()> {
        self.space();
        if self.peek() != b':' {
            return self.fail(self.pos, "expected `:`");
        }
        self.pos += 1;
        self.space();
        Some(())
    }

    /// Steps over a value that is no object and no list.
    #[inline]
    pub(crate) fn scalar(&mut self) -> Option<()> {
        match self.peek() {
            b'"' => self.string().map(|_| ()),
            b'-' | b'0'..=b'9' => self.number().map(|_| ()),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => self.fail(self.pos, "expected a JSON value"),
        }
    }

    /// Steps over any value, checking that it is JSON.
    #[inline]
    pub(crate) fn skip(&mut self) -> Option<()> {
        if matches!(self.peek(), b'{' | b'[') { self.skip_nested() } else { self.scalar() }
    }

    fn skip_nested(&mut self) -> Option<()> {
        // One bit a level, 1 for an object; the innermost is the lowest.
        let (mut levels, mut objects) = (0u32, 0u128);
        loop {
            let inside = match self.peek() {
                byte @ (b'{' | b'[') => {
                    let object = byte == b'{';
                    let inside = self.open(if object { b'}' } else { b']' })?;
                    if inside {
                        levels += 1;
                        objects = objects << 1 | u128::from(object);
                    }
                    inside
                }
                _ => {
                    self.scalar()?;
                    false
                }
            };
            if !inside {
                loop {
                    if levels == 0 {
                        return Some(());
                    }
                    if self.next(if objects & 1 == 1 { b'}' } else { b']' })? {
                        break;
                    }
                    levels -= 1;
                    objects >>= 1;
                }
            }
            if objects & 1 == 1 {
                self.key()?;
            }
        }
    }
}
