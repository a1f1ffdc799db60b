//! A short run of every fuzz target on mutated documents, from a fixed seed: without guidance, but so that the
//! targets of `tests/fuzz` do not rot. What a fuzzer found stands in `tests/fuzz/seeds`.

#[path = "../../tests/fuzz/src/mutate.rs"]
mod mutate;
#[path = "../../tests/fuzz/src/seeds.rs"]
mod seeds;
#[path = "../../tests/fuzz/src/targets.rs"]
mod targets;

use std::path::{Path, PathBuf};

use mutate::{Random, mutate, words};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn smoke(name: &str, target: fn(&[u8]), mut inputs: Vec<Vec<u8>>, runs: usize) {
    let words = words(include_str!("../../tests/fuzz/words.dict"));
    // the large ones are for the long runs
    inputs.retain(|input| input.len() < 16 * 1024);
    assert!(!inputs.is_empty(), "{name} has no inputs to begin with");
    inputs.iter().for_each(|input| target(input));
    let mut random = Random::new(1);
    for run in 0..runs {
        let (from, other) = (random.below(inputs.len()), random.below(inputs.len()));
        let text = mutate(&mut random, &inputs[from], &inputs[other], &words);
        if std::panic::catch_unwind(|| target(&text)).is_err() {
            panic!("{name}, change {run}, breaks at:\n{}", String::from_utf8_lossy(&text));
        }
    }
}

#[test]
fn trees() {
    smoke("tree", targets::tree, seeds::project(&root()).tree, 2000);
}

#[test]
fn documents() {
    smoke("reader", targets::reader, seeds::project(&root()).reader, 100);
}

#[test]
fn compositions() {
    smoke("check", targets::check, seeds::project(&root()).check, 150);
}

#[test]
fn overlays() {
    smoke("overlay", targets::overlay, seeds::project(&root()).overlay, 200);
}
