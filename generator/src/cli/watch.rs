//! Waits until one of some files changes, by looking at them once a second.

use std::fs;
use std::time::{Duration, SystemTime};

/// Files and how each was when it was added.
#[derive(Clone, Debug, Default)]
pub struct Watch(Vec<(String, Stamp)>);

/// When it was changed and how long it is; none where it is not there.
type Stamp = Option<(SystemTime, u64)>;

impl Watch {
    /// Takes note of how a file is now, unless it is known already.
    pub fn add(&mut self, path: &str) {
        if !self.0.iter().any(|(known, _)| known == path) {
            self.0.push((path.to_owned(), stamp(path)));
        }
    }

    /// Ends as soon as one of them is not as it was.
    pub async fn changed(&self) {
        while !self.0.iter().any(|(path, before)| stamp(path) != *before) {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

fn stamp(path: &str) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
