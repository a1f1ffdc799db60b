//! `bffgen.lock`: which files a generated crate was made from, and which files belong to bffgen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name of the lock file, in the folder of the crate.
pub const LOCK_FILE: &str = "bffgen.lock";

const HEADER: &str = "\
# Written by bffgen with the files it lists: commit it, do not edit it.
# It tells bffgen which files are its own, and which of them somebody has edited.
";

/// What the lock file says. Hashes are SHA-256 as lower-case hexadecimal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Version of bffgen that wrote the crate.
    pub bffgen: String,
    /// Composition, includes and documents, relative to the folder of the crate, with their hashes.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// Generated files, relative to the folder of the crate, with their hashes.
    #[serde(default)]
    pub outputs: BTreeMap<String, String>,
}

impl Lock {
    /// Reads a lock file. Paths that lead out of the crate are refused, since listed files may be deleted.
    pub fn parse(text: &str) -> Result<Lock, String> {
        let lock: Lock = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        match lock.outputs.keys().find(|path| !is_safe(path)) {
            Some(path) => Err(format!("it lists `{path}`, which is not inside the crate")),
            None => Ok(lock),
        }
    }

    /// The text of the lock file; the same lock gives the same bytes.
    pub fn to_text(&self) -> String {
        // Strings in maps always serialise; an empty text would be refused by `parse` at the next run.
        let body = serde_yaml::to_string(self).unwrap_or_default();
        format!("{HEADER}{body}")
    }
}

/// SHA-256 as lower-case hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a path with `/` names a file inside the folder it is relative to, on every system.
pub fn is_safe(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', ':', '\0'])
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}
