//! Tests from outside: what they share.

pub mod bff;
pub mod client;
pub mod generated;
pub mod oracle;
pub mod scripted;
pub mod stand_ins;

use std::collections::BTreeMap;

/// Reads files from the disk.
pub struct Disk;

impl bffgen::Loader for Disk {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| format!("{path}: {error}"))
    }
}

/// A list of exceptions, a line each: what is excepted, a tab, and the reason. Lines that begin with `#` say what they like.
///
/// # Panics
/// Where it is not there, or a line has no reason.
pub fn listed(path: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).expect("the list");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (id, reason) = line.split_once('\t').expect("what, a tab and a reason");
            assert!(!reason.is_empty(), "{id} has no reason");
            (id.to_owned(), reason.to_owned())
        })
        .collect()
}

/// A path of the project.
pub fn project(path: &str) -> String {
    format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the corpus, where `BFFGEN_CORPUS` names one; else says that a test is skipped.
pub fn corpus(test: &str) -> Option<String> {
    let folder = std::env::var("BFFGEN_CORPUS").ok();
    if folder.is_none() {
        println!("{test} is skipped: BFFGEN_CORPUS names no folder");
    }
    folder
}
