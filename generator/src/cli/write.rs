//! A generated crate to disk: plan first, write all or nothing, the lock file last.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use bffgen::Crate;
use bffgen::diag::{Diagnostic, Severity};
use bffgen::output::{self, Change, Conflict, Existing, LOCK_FILE, Lock, Plan};

use super::load::{Disk, reason};

/// Compares a crate with its folder. The error says why nothing may be written.
pub fn prepare(output: &Crate, disk: &Disk, force: bool) -> Result<Plan, Diagnostic> {
    if let Some(path) = output::bad_path(output) {
        let message = format!("the crate `{}` would write `{path}`, which is not a file of its own", output.name);
        return Err(error("BFF0707", message).help("This is a fault of bffgen; please report it."));
    }
    let folder = Path::new(&output.folder);
    let lock = read(folder, LOCK_FILE)?.map(|bytes| Lock::parse(&String::from_utf8_lossy(&bytes)));
    let old = match lock {
        Some(Err(why)) if !force => return Err(damaged_lock(output, &why)),
        Some(lock) => lock.ok(),
        None => None,
    };
    let mut existing = Existing::new();
    for path in output::paths(output, old.as_ref()) {
        if let Some(bytes) = read(folder, &path)? {
            existing.insert(path, bytes);
        }
    }
    let new = output::lock_of(output, inputs(output, disk));
    let plan = output::plan(output, old.as_ref(), &new, &existing, force);
    if plan.conflicts.is_empty() { Ok(plan) } else { Err(refused(output, &plan.conflicts)) }
}

/// Does what the plan says. Every file is written beside its place first, so that a full disk or a missing
/// permission leaves the folder as it was.
pub fn apply(output: &Crate, plan: &Plan) -> Result<(), Diagnostic> {
    let folder = Path::new(&output.folder);
    let mut staged: Vec<(PathBuf, PathBuf)> = Vec::new();
    for change in &plan.changes {
        let Change::Write { path, text, .. } = change else { continue };
        let place = folder.join(path);
        let temporary = temporary_for(&place);
        staged.push((temporary.clone(), place.clone()));
        if let Err(why) = stage(&place, &temporary, text) {
            for (temporary, place) in &staged {
                // Best effort: what cannot be removed was most likely never written.
                let _ = fs::remove_file(temporary);
                remove_empty_folders(place, folder);
            }
            return Err(cannot_write(&place, &why));
        }
    }
    let mut staged = staged.into_iter();
    for change in &plan.changes {
        match change {
            Change::Write { .. } => {
                let Some((temporary, place)) = staged.next() else { break };
                fs::rename(&temporary, &place).map_err(|why| cannot_write(&place, &why))?;
            }
            Change::Delete { path, .. } => {
                let place = folder.join(path);
                fs::remove_file(&place).map_err(|why| cannot_write(&place, &why))?;
                remove_empty_folders(&place, folder);
            }
        }
    }
    Ok(())
}

fn stage(place: &Path, temporary: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(temporary, text)
}

/// Writes one file whole or not at all. A link stays one.
pub fn replace(place: &Path, text: &str) -> Result<(), Diagnostic> {
    let real = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
    let temporary = temporary_for(&real);
    let written = fs::write(&temporary, text)
        .and_then(|()| fs::set_permissions(&temporary, fs::metadata(&real)?.permissions()))
        .and_then(|()| fs::rename(&temporary, &real));
    written.map_err(|why| {
        // Best effort: what cannot be removed was most likely never written.
        let _ = fs::remove_file(&temporary);
        cannot_write(place, &why)
    })
}

fn temporary_for(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

/// Removes the folders between a file and the crate's folder that hold nothing any more.
fn remove_empty_folders(place: &Path, folder: &Path) {
    for parent in place.ancestors().skip(1).take_while(|parent| *parent != folder) {
        // `remove_dir` refuses a folder that is not empty: that is the end.
        if fs::remove_dir(parent).is_err() {
            break;
        }
    }
}

fn read(folder: &Path, path: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
    let place = folder.join(path);
    match fs::read(&place) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(why) => {
            let message = format!("cannot read `{}`: {}", shown(&place), reason(&why));
            Err(error("BFF0704", message)
                .help("bffgen compares a file with what is generated before it writes anything."))
        }
    }
}

/// Inputs relative to the crate's folder, so that the lock file is the same wherever the command runs.
fn inputs(output: &Crate, disk: &Disk) -> BTreeMap<String, String> {
    let folder = absolute(Path::new(&output.folder));
    let hashed = output.inputs.iter().filter_map(|path| Some((path, disk.hashes.get(path)?)));
    hashed.map(|(path, hash)| (relative(&folder, &absolute(Path::new(path))), hash.clone())).collect()
}

/// The absolute path without `.` and `..`, as the text says it.
pub fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(clean.pop()),
            part => clean.push(part),
        }
    }
    clean
}

fn relative(from: &Path, to: &Path) -> String {
    let (mut from, mut to) = (from.components().peekable(), to.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let up = from.map(|_| "..".to_owned());
    let down = to.map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, Severity::Error, message, None)
}

fn cannot_write(place: &Path, why: &io::Error) -> Diagnostic {
    error("BFF0704", format!("cannot write `{}`: {}", shown(place), reason(why)))
        .help("Make the folder writable, or name another one with `--out`, and run the command again.")
}

fn damaged_lock(output: &Crate, why: &str) -> Diagnostic {
    error("BFF0705", format!("cannot read `{}/{LOCK_FILE}`: {}", output.folder, why.trim_end()))
        .help("Without it bffgen does not know which files are its own, so nothing was written.")
        .help(
            "If it has marks of a merge conflict, take either side. If it is lost, delete it and run `bffgen generate \
             --force`.",
        )
}

fn refused(output: &Crate, conflicts: &[(String, Conflict)]) -> Diagnostic {
    let listed = |which: Conflict| {
        let files: Vec<&str> =
            conflicts.iter().filter(|(_, why)| *why == which).map(|(path, _)| path.as_str()).collect();
        (!files.is_empty()).then(|| files.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", "))
    };
    let (edited, foreign) = (listed(Conflict::Edited), listed(Conflict::Foreign));
    let what =
        if edited.is_some() { "generated files that were edited by hand" } else { "files that bffgen did not write" };
    let mut diagnostic = error("BFF0703", format!("`{}` has {what}; nothing was written", output.folder));
    if let Some(files) = edited {
        diagnostic = diagnostic
            .help(format!("Edited since they were generated: {files}."))
            .help("Move what you changed to the composition, a hook or a file of your own.");
    }
    if let Some(files) = foreign {
        diagnostic = diagnostic.help(format!("There before bffgen, and different from what it would write: {files}."));
    }
    diagnostic.help("To lose those texts and write the generated ones, run the command again with `--force`.")
}

#[cfg(test)]
mod tests;
