//! Waits until one of some files changes, by looking at them once a second.

use std::fs;
use std::time::{Duration, SystemTime};

/// Files and when each was changed, none where it is not there.
pub struct Watch(Vec<(String, Stamp)>);

type Stamp = Option<(SystemTime, u64)>;

impl Watch {
    /// Takes note of how the files are now.
    pub fn new(files: Vec<String>) -> Self {
        Watch(files.into_iter().map(|file| (file.clone(), stamp(&file))).collect())
    }

    /// Ends as soon as one of them is not as it was.
    pub async fn changed(&self) {
        while !self.0.iter().any(|(file, before)| stamp(file) != *before) {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

fn stamp(file: &str) -> Stamp {
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
