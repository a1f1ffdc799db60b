//! Compositions made into crates on the disk.

use std::path::{Path, PathBuf};
use std::process::Command;

use bffgen::diag::Diagnostic;
use bffgen::{Options, RuntimeChoice, compile};

use crate::{Disk, project};

/// Writes the crate of a composition over the runtime of this checkout; gives what the compiler said.
///
/// # Panics
/// Where the composition is refused.
pub fn generate(composition: &Path, folder: &Path) -> Vec<Diagnostic> {
    let options = Options {
        out: Some(folder.to_string_lossy().into_owned()),
        runtime: Some(RuntimeChoice::Path(project("runtime"))),
        ..Options::default()
    };
    let compiled = compile(&composition.to_string_lossy(), &mut Disk, &options);
    let output = compiled.output.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    output.files.iter().for_each(|file| write(folder, &file.path, &file.text));
    compiled.diagnostics
}

/// Writes a file of a crate; one that stays as it is is not touched, so that little is built anew.
///
/// # Panics
/// Where it cannot be written.
pub fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
}

/// Builds a program of a crate with the versions of this workspace, without a network: where it is then. `target` is
/// shared by all such crates.
///
/// # Panics
/// Where it does not compile, or only with warnings.
pub fn build(folder: &Path, target: &Path, program: &str) -> PathBuf {
    std::fs::copy(project("Cargo.lock"), folder.join("Cargo.lock")).expect("the workspace's lock");
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--offline", "--bin", program])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success() && said.trim().is_empty(), "it compiles without a warning:\n{said}");
    target.join("debug").join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}
