//! From the paths on the command line to compositions.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bffgen::diag::{Diagnostic, Severity};

use super::load::reason;

/// How compositions are named.
pub const SUFFIX: &str = ".bff.yaml";

/// Folders nested deeper than this are not searched; links may go in circles.
const MAX_DEPTH: usize = 32;

/// The compositions, each once, in the order of the command line, those of a folder sorted.
pub fn compositions(paths: &[String]) -> (Vec<String>, Vec<Diagnostic>) {
    let (mut found, mut diagnostics, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for path in paths {
        let below = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let mut below = Vec::new();
                search(Path::new(path), 0, &mut below, &mut diagnostics);
                if below.is_empty() {
                    diagnostics.push(none_below(path));
                }
                below.sort();
                below
            }
            Ok(_) => vec![path.clone()],
            Err(error) => {
                diagnostics.push(unreadable(path, &error));
                Vec::new()
            }
        };
        found.extend(below.iter().map(|path| clean(path)).filter(|path| seen.insert(path.clone())));
    }
    (found, diagnostics)
}

/// The path with `/`, without `./` at the beginning.
pub fn clean(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let mut rest = path.as_str();
    while let Some(behind) = rest.strip_prefix("./") {
        rest = behind.trim_start_matches('/');
    }
    rest.to_owned()
}

fn search(folder: &Path, depth: usize, found: &mut Vec<String>, diagnostics: &mut Vec<Diagnostic>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return diagnostics.push(unreadable(&folder.to_string_lossy(), &error)),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let (Some(name), Some(text)) = (entry.file_name().to_str().map(str::to_owned), path.to_str()) else { continue };
        if path.is_dir() {
            if depth < MAX_DEPTH && name != "target" && !name.starts_with('.') && !path.is_symlink() {
                search(&path, depth + 1, found, diagnostics);
            }
        } else if name.ends_with(SUFFIX) {
            found.push(text.to_owned());
        }
    }
}

fn unreadable(path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new("BFF0701", Severity::Error, format!("cannot read `{path}`: {}", reason(error)), None)
        .help(format!("Name a composition (a file that ends in `{SUFFIX}`) or a folder that has some."))
}

fn none_below(path: &str) -> Diagnostic {
    Diagnostic::new("BFF0702", Severity::Error, format!("there is no composition in `{path}`"), None).help(format!(
        "Every file below it whose name ends in `{SUFFIX}` counts; folders named `target` and hidden ones do not."
    ))
}
