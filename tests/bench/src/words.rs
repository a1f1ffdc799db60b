//! Text that is the same in every run: words, sentences and digits from a small generator.

const WORDS: &[&str] = &[
    "kettle",
    "pours",
    "slowly",
    "and",
    "exactly",
    "the",
    "lid",
    "stays",
    "cool",
    "while",
    "water",
    "boils",
    "für",
    "alle",
    "Küchen",
    "crème",
    "after",
    "three",
    "weeks",
    "of",
    "daily",
    "use",
    "it",
    "still",
    "looks",
    "new",
    "handle",
    "never",
    "gets",
    "hot",
    "my",
    "neighbours",
    "asked",
    "where",
    "I",
    "bought",
    "this",
    "one",
];

/// A small linear congruential generator (Knuth's MMIX constants): no dependency, same everywhere.
pub struct Source(u64);

impl Source {
    /// Same seed, same text.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }

    /// Words up to about `length` bytes; now and then a quote and a line break, as people write.
    pub fn text(&mut self, length: usize) -> String {
        let mut out = String::with_capacity(length + 16);
        while out.len() < length {
            if !out.is_empty() {
                out.push(' ');
            }
            let word = WORDS[self.below(WORDS.len() as u64) as usize];
            match self.below(40) {
                0 => out.push_str(&format!("\"{word}\"")),
                1 => out.push_str(&format!("{word}.\n")),
                _ => out.push_str(word),
            }
        }
        out
    }

    /// Words without quotes or breaks, up to about `length` bytes.
    pub fn title(&mut self, length: usize) -> String {
        self.text(length).replace(['"', '\n', '.'], "")
    }

    /// `length` characters of `0-9a-z`.
    pub fn code(&mut self, length: usize) -> String {
        const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        (0..length).map(|_| char::from(DIGITS[self.below(36) as usize])).collect()
    }

    /// A UUID.
    pub fn uuid(&mut self) -> String {
        let mut hex = |length: usize| -> String { (0..length).map(|_| format!("{:x}", self.below(16))).collect() };
        format!("{}-{}-4{}-a{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12))
    }

    /// An amount with two digits after the point, never a whole number.
    pub fn amount(&mut self, below: u64) -> f64 {
        let cents = self.below(below) * 100 + 1 + self.below(99);
        cents as f64 / 100.0
    }

    /// A time in May 2025.
    pub fn time(&mut self) -> String {
        let (day, hour, minute) = (1 + self.below(28), self.below(24), self.below(60));
        format!("2025-05-{day:02}T{hour:02}:{minute:02}:07Z")
    }
}
