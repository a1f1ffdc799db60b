//! Random numbers that are the same on every machine and in every release (SplitMix64).

/// A stream of numbers that depends on the seed only.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number of `low..=high`; `low` where the range is empty.
    pub fn between(&mut self, low: i128, high: i128) -> i128 {
        let width = high.saturating_sub(low);
        if width <= 0 {
            return low;
        }
        let bits = (i128::from(self.bits()) << 32) ^ i128::from(self.bits());
        low + bits.rem_euclid(width.saturating_add(1))
    }

    /// A position below `length`, which is not 0.
    pub fn below(&mut self, length: usize) -> usize {
        (self.bits() % (length.max(1) as u64)) as usize
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.bits().is_multiple_of(n)
    }
}

/// A seed that depends on another and on a text (FNV-1a).
pub fn mix(seed: u64, text: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed;
    let hash = text.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Random::new(hash).bits()
}
