//! libFuzzer on what is found of the members that are read, and on what a table says of a document, beside `serde_json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(json) = std::str::from_utf8(data) {
        bffgen_fuzz::picked::judge(json);
        bffgen_fuzz::tabled::judge(json);
    }
});
