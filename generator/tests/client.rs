//! `bffgen client` from outside: the crate of a hostile document builds, passes clippy, and does what the document
//! says; bad input is told; folders are looked after.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn bffgen(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bffgen")).current_dir(folder).args(arguments).output().expect("bffgen runs")
}

/// Cargo in a folder of its own, with the versions of this workspace.
fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .current_dir(folder)
        .args(arguments)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo {arguments:?}:\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_client_of_a_hostile_document_builds_and_works() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("odd-client");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("program/src")).expect("a folder");
    let (crate_folder, repository) = (folder.join("client"), repository());
    let runtime = fs::canonicalize(repository.join("runtime")).expect("the runtime");
    let (out, runtime) = (crate_folder.to_string_lossy(), runtime.to_string_lossy());
    let flags = ["--name", "odd-client", "--runtime-path", &*runtime, "--out", &*out];
    let made = bffgen(&repository, &[&["client", "tests/odd/clients.yaml"], &flags[..]].concat());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

    let manifest = "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
        [dependencies]\nodd-client = { path = \"../client\" }\nserde_json = \"1\"\n\
        tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    fs::write(folder.join("program/Cargo.toml"), manifest).expect("written");
    fs::write(folder.join("program/src/main.rs"), include_str!("client/program.rs")).expect("written");
    let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"client\", \"program\"]\n\n[profile.dev]\ndebug = 0\n";
    fs::write(folder.join("Cargo.toml"), workspace).expect("written");
    fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock")).expect("copied");
    let own = fs::read_to_string(crate_folder.join("Cargo.toml")).expect("a manifest");
    fs::write(crate_folder.join("Cargo.toml"), own.replace("\n[workspace]\n", "\n")).expect("written");
    cargo(&folder, &["clippy", "--offline", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    cargo(&folder, &["run", "--offline", "-p", "program"]);
}
