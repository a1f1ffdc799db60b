//! Neither reader panics, whatever it gets: mutated good texts and random bytes, from a fixed seed.

use super::Files;
use bffgen::expr::{Place, parse, parse_each, parse_sort, parse_use};
use bffgen::source::{SourceId, Sources, Span};

struct Random(u64);

impl Random {
    /// xorshift64*
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }
}

const PIECES: [&str; 40] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "?",
    ":",
    ".",
    ",",
    "'",
    "\"",
    "'''",
    "\\",
    "\\u",
    "0x",
    "1e",
    "9223372036854775808",
    "-",
    "!",
    "&&",
    " in ",
    "`",
    "\n",
    "\n  ",
    "- ",
    "$each: ",
    "#/",
    "ä",
    "\u{feff}",
    "😀",
    "null",
    "&a ",
    "*a",
    "|\n",
    "%",
    "//",
    "GET /a/{x}: ",
    "\t",
];

/// Some bytes taken out, doubled, or put in.
fn mutate(random: &mut Random, text: &[u8]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let to = (at + random.below(12)).min(bytes.len());
        match random.below(5) {
            0 => drop(bytes.drain(at..to)),
            1 => {
                let part = bytes[at..to].to_vec();
                bytes.splice(at..at, part);
            }
            2 => bytes.insert(at, random.next() as u8),
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes
}

#[test]
fn expressions_never_panic() {
    let good = [
        "a.?b[?0] + size(x) * -2 > 0x1f ? 'x\\u00e4' : b\"\\xff\"",
        "orders.items.filter(o, o.status != \"cancelled\").map(o, {'id': o.id, ?'n': o.?n})",
        "o in [1, 2.5e3, r'\\d', '''a''']",
        "Card(a, !b && c || d % 3)",
    ];
    let mut random = Random(0x5eed);
    let (mut read, mut refused) = (0, 0);
    for round in 0..40_000 {
        let bytes = mutate(&mut random, good[round % good.len()].as_bytes());
        let text = String::from_utf8_lossy(&bytes);
        let span = Span { source: SourceId(0), start: 0, end: text.len() as u32 };
        let place = Place::verbatim(span, 0);
        let (value, found) = parse(&text, place);
        assert_eq!(value.is_some(), found.is_empty(), "{text}");
        for label in found.iter().flat_map(|found| &found.labels) {
            assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{text}: {label:?}");
        }
        if value.is_some() {
            read += 1
        } else {
            refused += 1
        }
        let _ = (parse_each(&text, place), parse_sort(&text, place), parse_use(&text, place));
    }
    assert!(read > 1_000 && refused > 1_000, "both happen: {read}, {refused}");
}

#[test]
fn compositions_never_panic() {
    let good = super::compositions::EVERYTHING;
    let mut random = Random(0xbff);
    let (mut clean, mut broken) = (0, 0);
    for _ in 0..3_000 {
        let bytes = mutate(&mut random, good.as_bytes());
        let mut sources = Sources::default();
        let mut files = Files(vec![("web.bff.yaml".to_owned(), bytes)]);
        let (_, found) = bffgen::composition::read(&mut sources, "web.bff.yaml", &mut files);
        let _ = bffgen::diag::render::render(&found, &sources, Default::default());
        let _ = bffgen::diag::short::short(&found, &sources);
        let _ = bffgen::diag::json::json(&found, &sources);
        if found.is_empty() { clean += 1 } else { broken += 1 }
    }
    assert!(clean > 50 && broken > 500, "both happen: {clean}, {broken}");
}
