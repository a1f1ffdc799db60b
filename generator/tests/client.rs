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
    let made = bffgen(&repository, &[&["client", "generator/tests/odd/clients.yaml"], &flags[..]].concat());
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

const SPEC: &str = "\
openapi: 3.1.0
info: { title: Notes, version: 1.0.0 }
paths:
  /notes/{id}:
    get:
      operationId: getNote
      tags: [notes]
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '204': { description: Fine. } }
  /tags:
    get:
      operationId: listTags
      tags: [tags]
      responses: { '204': { description: Fine. } }
";

/// Arguments, what is changed in the document, exit code, parts of what is said.
type Case = (&'static [&'static str], (&'static str, &'static str), i32, &'static [&'static str]);

/// What is wrong with a document, and what is said of it.
const BAD: &[Case] = &[
    (&["--operations", "getNotes"], ("", ""), 1, &["BFF0602", "Did you mean `getNote`?"]),
    (
        &[],
        ("[notes]", "[notes]\n      requestBody: { $ref: '#/components/requestBodies/Gone' }"),
        0,
        &["warning", "left out of the client", "1 of 2 operations"],
    ),
    (
        &["--operations", "getNote"],
        ("[notes]", "[notes]\n      requestBody: { $ref: '#/components/requestBodies/Gone' }"),
        1,
        &["error", "nothing was written"],
    ),
    (&[], ("listTags", "getNote"), 0, &["getNote"]),
    (
        &[],
        (
            "{ '204': { description: Fine. } }\n  /tags",
            "{ '200': { description: Fine., content: { json: { schema: { type: string } } } } }\n  /tags",
        ),
        0,
        &["`json`"],
    ),
    (&[], ("name: id, in: path", "name: no, in: path"), 0, &["id"]),
    (&[], ("3.1.0", "9.9"), 1, &["9.9"]),
];

#[test]
fn bad_input_is_told_and_leaves_out_no_more_than_it_must() {
    for (arguments, (old, new), code, wanted) in BAD {
        let folder = tempfile::tempdir().expect("a folder");
        let spec = if old.is_empty() { SPEC.to_owned() } else { SPEC.replacen(old, new, 1) };
        fs::write(folder.path().join("notes.yaml"), &spec).expect("written");
        let made = bffgen(folder.path(), &[&["client", "notes.yaml", "--out", "out"], *arguments].concat());
        let told = String::from_utf8_lossy(&made.stderr).into_owned();
        assert_eq!(made.status.code(), Some(*code), "{arguments:?} {new}: {told}");
        for part in *wanted {
            assert!(told.contains(part), "`{part}` is not said of {arguments:?} {new}: {told}");
        }
        assert_eq!(folder.path().join("out/src/lib.rs").exists(), *code == 0, "{told}");
    }
}

#[test]
fn a_folder_is_kept_in_step_and_hand_edits_are_not_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("notes.yaml");
    fs::write(&spec, SPEC).expect("written");
    let client = |flags: &[&str]| {
        let made = bffgen(folder.path(), &[&["client", "notes.yaml", "--out", "out"], flags].concat());
        (made.status.code(), String::from_utf8_lossy(&made.stderr).into_owned())
    };
    assert_eq!(client(&[]).0, Some(0));
    let (code, told) = client(&[]);
    assert!(code == Some(0) && told.contains(" 0 written, 0 deleted"), "{told}");
    assert_eq!(client(&["--check"]).0, Some(0));

    let tags = folder.path().join("out/src/tags.rs");
    assert!(tags.exists());
    fs::write(&spec, SPEC.split("  /tags").next().unwrap_or_default()).expect("written");
    assert_eq!(client(&["--check"]).0, Some(1), "something would change");
    assert!(tags.exists(), "a check writes nothing");
    let (code, told) = client(&[]);
    assert!(code == Some(0) && told.contains("1 deleted") && !tags.exists(), "{told}");

    let notes = folder.path().join("out/src/notes.rs");
    fs::write(&notes, "// mine").expect("written");
    let (code, told) = client(&["--check"]);
    assert!(code == Some(1) && told.contains("BFF0703") && told.contains("`src/notes.rs`"), "{told}");
    let (code, told) = client(&[]);
    assert_eq!(code, Some(1), "{told}");
    assert_eq!(fs::read_to_string(&notes).expect("a file"), "// mine", "{told}");
    assert_eq!(client(&["--force"]).0, Some(0));
    assert_ne!(fs::read_to_string(&notes).expect("a file"), "// mine");
}
