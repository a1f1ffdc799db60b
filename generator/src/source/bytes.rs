//! Where bytes become text: the size limit and the encoding are checked here.

use super::{SourceId, Sources};
use crate::diag::{Diagnostic, Severity};

/// The largest file that is read.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Adds a file that was read as bytes. Errors: `BFF0103` above [`MAX_BYTES`], `BFF0102` where it is not UTF-8.
pub fn add_bytes(sources: &mut Sources, path: &str, bytes: Vec<u8>) -> Result<SourceId, Diagnostic> {
    if bytes.len() > MAX_BYTES {
        let message = format!("`{path}` is larger than {} MiB, which is the limit", MAX_BYTES / (1024 * 1024));
        return Err(Diagnostic::new("BFF0103", Severity::Error, message, None)
            .help("Cut the document down to the operations that are used, or split it."));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(sources.add(path, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
            let message = format!("`{path}` is not UTF-8 text: byte {at} (line {line}) cannot be read");
            Err(Diagnostic::new("BFF0102", Severity::Error, message, None).help("Save the file as UTF-8."))
        }
    }
}
