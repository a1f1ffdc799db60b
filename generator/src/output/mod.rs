//! What to do with the folder of a crate: existing files and a generated crate in, a list of actions out.
//!
//! Nothing here touches the disk; the command line reads what [`paths`] names and does what [`plan`] says.

mod diff;
mod lock;

use std::collections::{BTreeMap, BTreeSet};

use crate::{Crate, Owner};

pub use diff::unified;
pub use lock::{LOCK_FILE, Lock, hash, is_safe};

/// What is on disk: path within the crate -> bytes. Holds no more than the paths of [`paths`].
pub type Existing = BTreeMap<String, Vec<u8>>;

/// One change of the folder.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A file is written; `before` is what was there.
    Write {
        /// Path within the crate.
        path: String,
        /// Its new text.
        text: String,
        /// What it replaces.
        before: Option<Vec<u8>>,
    },
    /// A file that is no longer generated goes.
    Delete {
        /// Path within the crate.
        path: String,
        /// What was there.
        before: Vec<u8>,
    },
}

/// Why a file is not touched without `--force`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// bffgen wrote it, somebody edited it since.
    Edited,
    /// bffgen did not write it.
    Foreign,
}

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// In the order of the crate's files, then deletions by path; the lock file last.
    pub changes: Vec<Change>,
    /// How many files, the lock file aside, stay as they are.
    pub unchanged: usize,
    /// Files that need `--force`; when there are any, nothing may be written.
    pub conflicts: Vec<(String, Conflict)>,
}

impl Change {
    /// The file.
    pub fn path(&self) -> &str {
        match self {
            Change::Write { path, .. } | Change::Delete { path, .. } => path,
        }
    }
}

impl Plan {
    /// How many files are written, the lock file aside.
    pub fn written(&self) -> usize {
        self.changes.iter().filter(|c| matches!(c, Change::Write { .. }) && c.path() != LOCK_FILE).count()
    }

    /// How many files are deleted.
    pub fn deleted(&self) -> usize {
        self.changes.iter().filter(|c| matches!(c, Change::Delete { .. })).count()
    }
}

/// Every path that [`plan`] wants to know the content of.
pub fn paths(output: &Crate, old: Option<&Lock>) -> BTreeSet<String> {
    let generated = output.files.iter().map(|file| file.path.clone());
    let locked = old.into_iter().flat_map(|lock| lock.outputs.keys().cloned());
    generated.chain(locked).chain([LOCK_FILE.to_owned()]).collect()
}

/// The first path of a crate that does not lead to a file of its own inside the crate's folder.
pub fn bad_path(output: &Crate) -> Option<&str> {
    let mut seen = BTreeSet::from([LOCK_FILE]);
    output.files.iter().map(|file| file.path.as_str()).find(|path| !is_safe(path) || !seen.insert(path))
}

/// The lock of a crate as generated; `inputs` relative to the crate's folder, with their hashes.
pub fn lock_of(output: &Crate, inputs: BTreeMap<String, String>) -> Lock {
    let owned = output.files.iter().filter(|file| file.owner == Owner::Generator);
    Lock {
        bffgen: env!("CARGO_PKG_VERSION").to_owned(),
        inputs,
        outputs: owned.map(|file| (file.path.clone(), hash(file.text.as_bytes()))).collect(),
    }
}

/// Compares the crate with what is there. `old` is the lock found on disk, `new` that of [`lock_of`].
pub fn plan(output: &Crate, old: Option<&Lock>, new: &Lock, existing: &Existing, force: bool) -> Plan {
    let mut plan = Plan::default();
    let locked = |path: &str| old.and_then(|lock| lock.outputs.get(path));
    let conflict = |path: &str, bytes: &[u8]| match locked(path) {
        Some(hash) if *hash == lock::hash(bytes) => None,
        Some(_) => Some(Conflict::Edited),
        None => Some(Conflict::Foreign),
    };
    for file in &output.files {
        let before = existing.get(&file.path);
        match before {
            Some(bytes) if file.owner == Owner::Team || bytes == file.text.as_bytes() => {
                plan.unchanged += 1;
                continue;
            }
            Some(bytes) if !force => {
                plan.conflicts.extend(conflict(&file.path, bytes).map(|why| (file.path.clone(), why)));
            }
            _ => {}
        }
        plan.changes.push(Change::Write { path: file.path.clone(), text: file.text.clone(), before: before.cloned() });
    }
    let wanted: BTreeSet<&str> = output.files.iter().map(|file| file.path.as_str()).collect();
    let gone = old.into_iter().flat_map(|lock| lock.outputs.keys()).filter(|path| !wanted.contains(path.as_str()));
    for path in gone {
        let Some(before) = existing.get(path) else { continue };
        if let (false, Some(why)) = (force, conflict(path, before)) {
            plan.conflicts.push((path.clone(), why));
        }
        plan.changes.push(Change::Delete { path: path.clone(), before: before.clone() });
    }
    let (text, before) = (new.to_text(), existing.get(LOCK_FILE));
    if before.is_none_or(|bytes| bytes != text.as_bytes()) {
        plan.changes.push(Change::Write { path: LOCK_FILE.to_owned(), text, before: before.cloned() });
    }
    plan
}

#[cfg(test)]
mod tests;
