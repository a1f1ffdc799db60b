//! Sixty-four bytes of JSON text at a time: which are quotes, brackets and commas, and which lie within strings.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x16, u8x64};

/// How many bytes a block has.
pub(crate) const BLOCK: usize = 64;
/// Every second bit, from the second on.
const ODD: u64 = 0xaaaa_aaaa_aaaa_aaaa;

/// The bytes of a block by kind, a bit each, the first byte lowest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    quotes: u64,
    backslashes: u64,
    /// Brackets, and some bytes that stand nowhere outside of strings: `Y`, `_`, `y`, DEL.
    brackets: u64,
    commas: u64,
}

impl Block {
    /// By the widest registers that the processor has.
    #[inline(always)]
    pub(crate) fn of<S: Simd>(simd: S, bytes: &[u8; BLOCK]) -> Block {
        let bytes = u8x64::simd_from(simd, *bytes);
        let are = |byte: u8| bytes.simd_eq(byte).to_bitmask();
        // `[`, `]`, `{` and `}` are 0x5b, 0x5d, 0x7b and 0x7d.
        let brackets = (bytes | 0x26).simd_eq(0x7f).to_bitmask();
        Block { quotes: are(b'"'), backslashes: are(b'\\'), brackets, commas: are(b',') }
    }
}

/// How many bytes [`special`] looks at.
pub(crate) const QUARTER: usize = 16;

/// Which bytes are quotes, backslashes or control characters, a bit each, the first byte lowest. By the registers that
/// every processor of the target has: strings are mostly short, and choosing wider ones takes longer than it brings.
#[inline(always)]
pub(crate) fn special(bytes: &[u8; QUARTER]) -> u64 {
    dispatch!(Level::baseline(), simd => {
        let bytes = u8x16::simd_from(simd, *bytes);
        (bytes.simd_eq(b'"') | bytes.simd_eq(b'\\') | bytes.min(0x1f).simd_eq(bytes)).to_bitmask()
    })
}

/// What a block says of the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carry {
    /// All bits where a string goes on.
    inside: u64,
    /// 1 where the first byte is escaped.
    escaped: u64,
}

/// What stands outside of strings in a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outside {
    pub brackets: u64,
    pub commas: u64,
}

impl Carry {
    /// Of a block that begins outside of strings.
    pub(crate) const START: Carry = Carry { inside: 0, escaped: 0 };

    /// What of the next block stands outside of strings.
    #[inline(always)]
    pub(crate) fn outside(&mut self, block: &Block) -> Outside {
        let mut quotes = block.quotes;
        if block.backslashes | self.escaped != 0 {
            quotes &= !self.escapes(block.backslashes);
        }
        // From each opening quote to the one that closes it: every bit is the parity of the quotes up to it.
        let inside = parity(quotes) ^ self.inside;
        self.inside = if inside >> 63 == 1 { u64::MAX } else { 0 };
        Outside { brackets: block.brackets & !inside, commas: block.commas & !inside }
    }

    /// The bytes that a backslash escapes: in a run of backslashes every second one is escaped itself.
    ///
    /// Subtracting a run's first bit from a row of odd bits carries through the run and leaves, by its length and by where it
    /// begins, what follows it escaped or not (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", section 3.1.1).
    #[inline(always)]
    fn escapes(&mut self, backslashes: u64) -> u64 {
        let starts = backslashes & !self.escaped;
        let through = ((starts << 1) | ODD).wrapping_sub(starts) ^ ODD;
        let escaped = through ^ (backslashes | self.escaped);
        self.escaped = (through & backslashes) >> 63;
        escaped
    }
}

/// Each bit is whether an odd number of bits is set up to it.
#[inline(always)]
fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`Block::of`] must give, a byte after the other.
    fn by_byte(bytes: &[u8; BLOCK]) -> [u64; 4] {
        let bits = |kind: fn(u8) -> bool| {
            bytes.iter().enumerate().map(|(index, byte)| u64::from(kind(*byte)) << index).fold(0, |all, bit| all | bit)
        };
        let bracket = |byte| matches!(byte, b'[' | b']' | b'{' | b'}' | b'Y' | b'_' | b'y' | 0x7f);
        [bits(|byte| byte == b'"'), bits(|byte| byte == b'\\'), bits(bracket), bits(|byte| byte == b',')]
    }

    /// The registers of this processor, the widest first.
    fn levels() -> Vec<Level> {
        let widest = Level::new();
        #[cfg(target_arch = "x86_64")]
        let narrower =
            [widest.as_avx2().map(Simd::level), widest.as_sse4_2().map(Simd::level), widest.as_sse2().map(Simd::level)];
        #[cfg(not(target_arch = "x86_64"))]
        let narrower = [None];
        std::iter::once(widest).chain(narrower.into_iter().flatten()).collect()
    }

    #[test]
    fn all_registers_find_the_same() {
        // Every byte at every place, and beside every other.
        let mut bytes = [0; BLOCK];
        for step in 0..=255u8 {
            for first in 0..=255u8 {
                for (index, byte) in bytes.iter_mut().enumerate() {
                    *byte = first.wrapping_add(step.wrapping_mul(index as u8));
                }
                for level in levels() {
                    let Block { quotes, backslashes, brackets, commas } =
                        dispatch!(level, simd => Block::of(simd, &bytes));
                    assert_eq!([quotes, backslashes, brackets, commas], by_byte(&bytes), "{level:?}: {bytes:?}");
                }
            }
        }
    }
}
