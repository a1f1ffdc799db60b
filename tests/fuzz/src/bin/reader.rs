//! libFuzzer on [`bffgen_fuzz::targets::reader`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bffgen_fuzz::targets::reader(data));

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    bffgen_fuzz::mutate_in_place(data, size, max_size, seed)
});
