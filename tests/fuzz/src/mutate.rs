//! Changes of documents that keep most of them sound: words, lines and blocks are swapped, dropped and doubled.

/// xorshift64*: the same changes for the same seed.
pub struct Random(u64);

impl Random {
    /// A generator for a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below the limit; 0 for a limit of 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// Changes a text in a few places. `words` are put in here and there, `other` is a text to take blocks from.
pub fn mutate(random: &mut Random, text: &[u8], other: &[u8], words: &[Vec<u8>]) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..=random.below(3) {
        match random.below(10) {
            0..=4 => word(random, &mut text, words),
            5 => byte(random, &mut text),
            6 => {
                let from = block(random, other);
                splice(random, &mut text, &other[from]);
            }
            _ => {
                let from = block(random, &text);
                let part = text[from.clone()].to_vec();
                if random.below(3) > 0 {
                    text.drain(from);
                }
                if random.below(3) > 0 {
                    splice(random, &mut text, &part);
                }
            }
        }
    }
    text
}

/// A word takes the place of another, from the list or the text itself.
fn word(random: &mut Random, text: &mut Vec<u8>, words: &[Vec<u8>]) {
    let places = tokens(text);
    let Some(place) = random.pick(&places).cloned() else { return };
    let new = match (random.below(3), random.pick(words), random.pick(&places)) {
        (0, Some(word), _) => word.clone(),
        (1, _, Some(other)) => text[other.clone()].to_vec(),
        (_, Some(word), Some(other)) => {
            let mut both = text[other.clone()].to_vec();
            both.splice(0..0, word.iter().copied().chain(*b" "));
            if random.below(2) == 0 { both } else { word.clone() }
        }
        _ => Vec::new(),
    };
    text.splice(place, new);
}

/// Words and single signs, as ranges.
fn tokens(text: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let length = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$')).count();
        if length > 0 || text[at].is_ascii_punctuation() {
            all.push(at..at + length.max(1));
        }
        at += length.max(1);
    }
    all
}

fn byte(random: &mut Random, text: &mut Vec<u8>) {
    let at = random.below(text.len() + 1);
    let byte = random.next() as u8;
    match (random.below(3), text.get_mut(at)) {
        (0, Some(there)) => *there = byte,
        (1, Some(_)) => drop(text.remove(at)),
        _ => text.insert(at, byte),
    }
}

/// A line and those below it that are indented further; in a text of one line, what a bracket encloses.
fn block(random: &mut Random, text: &[u8]) -> std::ops::Range<usize> {
    let lines = starts(text);
    if lines.len() < 4 {
        let at = random.below(text.len());
        return at..(at + random.below(80)).min(text.len());
    }
    let first = random.below(lines.len());
    let indent = |at: usize| text[at..].iter().take_while(|b| **b == b' ').count();
    let start = lines[first];
    let end = lines[first + 1..].iter().find(|at| indent(**at) <= indent(start));
    start..end.copied().unwrap_or(text.len())
}

/// Puts a block before a line, indented as that one is.
fn splice(random: &mut Random, text: &mut Vec<u8>, part: &[u8]) {
    let lines = starts(text);
    let at = random.pick(&lines).copied().unwrap_or(0);
    let width = |text: &[u8]| text.iter().take_while(|b| **b == b' ').count();
    let (old, new) = (width(part), width(&text[at..]));
    let mut moved = Vec::new();
    for line in part.split_inclusive(|b| *b == b'\n') {
        moved.extend(std::iter::repeat_n(b' ', new));
        moved.extend_from_slice(&line[width(line).min(old)..]);
    }
    text.splice(at..at, moved);
}

fn starts(text: &[u8]) -> Vec<usize> {
    let breaks = text.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(breaks).filter(|at| *at < text.len()).collect()
}

/// The words of a dictionary in the form of libFuzzer and AFL: one `"word"` a line, `#` for comments.
pub fn words(dictionary: &str) -> Vec<Vec<u8>> {
    let quoted = dictionary.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"'));
    quoted.map(unescape).collect()
}

/// `\"`, `\\` and `\x0a`.
fn unescape(word: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = word;
    while let Some((before, behind)) = rest.split_once('\\') {
        out.extend_from_slice(before.as_bytes());
        let hex = behind.strip_prefix('x').and_then(|hex| u8::from_str_radix(hex.get(..2)?, 16).ok());
        let (byte, length) = hex.map_or((behind.bytes().next(), 1), |byte| (Some(byte), 3));
        out.extend(byte);
        rest = behind.get(length..).unwrap_or("");
    }
    out.extend_from_slice(rest.as_bytes());
    out
}
