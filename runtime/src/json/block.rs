//! Sixty-four bytes of JSON text at a time: which are quotes, brackets and commas, and which lie within strings.

use wide::u8x16;

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
    #[inline(always)]
    pub(crate) fn of(bytes: &[u8; BLOCK]) -> Block {
        let (lanes, _) = bytes.as_chunks::<16>();
        let lanes = [0, 1, 2, 3].map(|index| u8x16::new(lanes[index]));
        let bits = |found: [u8x16; 4]| {
            let [a, b, c, d] = found.map(|lane| u64::from(lane.to_bitmask()));
            (a | b << 16) | (c | d << 16) << 32
        };
        let are = |byte: u8| lanes.map(|lane| lane.simd_eq(u8x16::splat(byte)));
        let [a, b, c, d] = are(b'\\');
        let backslashes = if (a | b | c | d).to_bitmask() == 0 { 0 } else { bits([a, b, c, d]) };
        // `[`, `]`, `{` and `}` are 0x5b, 0x5d, 0x7b and 0x7d.
        let brackets = lanes.map(|lane| (lane | u8x16::splat(0x26)).simd_eq(u8x16::splat(0x7f)));
        Block { quotes: bits(are(b'"')), backslashes, brackets: bits(brackets), commas: bits(are(b',')) }
    }
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
