//! Files from the disk, and what they hashed to.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};

use bffgen::{Loader, output, source};

use super::watch::Watch;

/// Reads files and remembers the hash of what it gave out.
#[derive(Default)]
pub struct Disk {
    /// Path as asked for -> SHA-256.
    pub hashes: BTreeMap<String, String>,
    /// Every path that was asked for, whether it was there or not, as it was then.
    pub asked: Watch,
}

impl Loader for Disk {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.asked.add(path);
        let bytes = read(path)?;
        self.hashes.insert(path.to_owned(), output::hash(&bytes));
        Ok(bytes)
    }
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| reason(&error))?;
    if metadata.is_dir() {
        return Err("it is a folder, not a file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| reason(&error))?;
    // One byte above the limit is enough for the library to refuse it; a pipe may never end.
    let limit = source::MAX_BYTES as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    Ok(bytes)
}

/// Why the system refused, in a few words.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "the permission is missing".to_owned(),
        ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is a file, not a folder".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    }
}
