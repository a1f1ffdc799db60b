//! Fuzzing of the compiler, guided by coverage. `README.md` says how to run it.

pub mod mutate;
#[path = "../../../runtime/tests/json/picked.rs"]
pub mod picked;
pub mod seeds;
#[path = "../../../runtime/tests/json/tabled.rs"]
pub mod tabled;
pub mod targets;

use std::sync::LazyLock;

static WORDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| mutate::words(include_str!("../words.dict")));

/// Half of the changes are libFuzzer's, which knows what moves the coverage, half those of documents.
pub fn mutate_in_place(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    if seed % 2 == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    let mut random = mutate::Random::new(u64::from(seed));
    let mut new = mutate::mutate(&mut random, &data[..size], &data[..size], &WORDS);
    new.truncate(max_size);
    data[..new.len()].copy_from_slice(&new);
    new.len()
}
