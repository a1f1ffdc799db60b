//! Random numbers for ids and sampling: fast, one state a thread, not for secrets.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

/// 64 random bits (SplitMix64, seeded by the operating system through the hasher of `std`).
pub(crate) fn next() -> u64 {
    thread_local! {
        static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0xB1FF_u64));
    }
    STATE.with(|state| {
        let seed = state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        state.set(seed);
        let mut z = seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}

/// 64 random bits that are not all zero, as trace and span ids must not be.
#[cfg(feature = "server")]
pub(crate) fn non_zero() -> u64 {
    loop {
        match next() {
            0 => {}
            value => return value,
        }
    }
}
