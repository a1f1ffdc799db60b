//! The program from outside: exit codes, what goes to stdout, and what it leaves in folders.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const COMPOSITION: &str = "\
bffgen: 1
bff: web
title: Notes, for the web
version: 1.0.0
upstreams:
  notes: { spec: notes.yaml }
endpoints:
  GET /api/notes/{id}:
    summary: One note.
    calls:
      note:
        operation: notes.getNote
        with: { id: path.id }
    response:
      title: note.title
";

const SPEC: &str = "\
openapi: 3.1.0
info: { title: Notes, version: 1.0.0 }
paths:
  /notes/{id}:
    get:
      operationId: getNote
      summary: Get a note
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
      responses:
        '200':
          description: The note.
          content:
            application/json:
              schema:
                type: object
                required: [title]
                properties: { title: { type: string } }
  /notes:
    delete:
      responses: { '204': { description: Gone. } }
";

/// A folder with a composition in `app` and its document.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "app/web.bff.yaml", COMPOSITION);
    write(folder.path(), "app/notes.yaml", SPEC);
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, text).expect("written");
}

fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = command(folder, args).output().expect("it runs");
    let Output { status, stdout, stderr } = output;
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("no signal"), text(stdout), text(stderr))
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bffgen"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command
}

#[test]
fn exit_codes_and_where_things_are_said() {
    let project = project();
    fs::create_dir_all(project.path().join("empty")).expect("a folder");
    // Not searched: only hidden folders and build output have compositions here.
    write(project.path(), "empty/target/a.bff.yaml", "");
    write(project.path(), "empty/.git/a.bff.yaml", "");
    // arguments, exit code, what stdout has, what stderr has ("" for nothing at all)
    let cases: [(&[&str], i32, &str, &str); 18] = [
        (&[], 2, "", "Usage"),
        (&["check"], 2, "", "PATH"),
        (&["check", "nowhere"], 1, "", "BFF0701"),
        (&["check", "empty"], 1, "", "BFF0702"),
        (&["generate", "empty"], 1, "", "BFF0702"),
        (&["generate", "app", "--check", "--force"], 2, "", "--force"),
        (&["generate", "app", "--runtime-path", "a", "--runtime-version", "1"], 2, "", "--runtime"),
        (&["operations", "nowhere.yaml"], 1, "", "BFF0101"),
        (&["operations", "app/notes.yaml"], 0, "getNote", "operationId"),
        (&["explain", "BFF0703"], 0, "# BFF0703: ", ""),
        (&["explain", "bff0703"], 0, "# BFF0703: ", ""),
        (&["explain", "BFF0799"], 2, "", "BFF0711"),
        (&["explain", "app/notes.yaml#/paths/~1notes~1{id}/get/operationId"], 0, "getNote", ""),
        (&["explain", "app/notes.yaml#/paths/~1notes~1{id}/got"], 1, "", "did you mean `get`?"),
        (&["explain", "app/notes.yaml#paths"], 1, "", "JSON Pointer"),
        (&["explain", "nowhere.yaml#/paths"], 1, "", "BFF0101"),
        (&["mock", "app/notes.yaml", "--fail", "nots"], 2, "", "BFF0711"),
        (&["mock", "app/notes.yaml", "app/notes.yaml"], 1, "", "BFF0710"),
    ];
    for (args, code, out, err) in cases {
        let (got, stdout, stderr) = run(project.path(), args);
        assert_eq!(got, code, "{args:?}: {stdout}{stderr}");
        assert!(stdout.contains(out) && stdout.is_empty() == out.is_empty(), "{args:?}: stdout {stdout:?}");
        assert!(stderr.contains(err) && stderr.is_empty() == err.is_empty(), "{args:?}: stderr {stderr:?}");
        assert!(!stdout.contains('\u{1b}') && !stderr.contains('\u{1b}'), "{args:?}: colour without a terminal");
    }
}

#[test]
fn operations_are_listed_for_people_and_programs() {
    let project = project();
    let (_, table, _) = run(project.path(), &["operations", "app/notes.yaml"]);
    let want = "\
OPERATION       METHOD   PATH         SUMMARY
getNote         GET      /notes/{id}  Get a note
delete_notes *  DELETE   /notes
";
    assert_eq!(table, want);
    let (_, text, _) = run(project.path(), &["operations", "app/notes.yaml", "--format", "json"]);
    let json: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["operations"][0]["summary"], "Get a note");
    assert_eq!(json["operations"][1]["derivedId"], true);
}

#[test]
fn the_upstreams_of_a_composition_are_served() {
    let project = project();
    let mut child = command(project.path(), &["mock", "app/web.bff.yaml", "--port-base", "0", "--seed", "3"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("export NOTES_URL=http://").unwrap_or_else(|| panic!("{line:?}"));
    let mut socket = TcpStream::connect(address).expect("it listens");
    socket.write_all(b"GET /notes/1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("{\"title\":"), "{answer}");
}

#[test]
fn a_closed_pipe_is_no_panic() {
    let project = project();
    let mut child = command(project.path(), &["explain", "BFF0703"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn bad_compositions_leave_everything_as_it_was() {
    let project = project();
    for (name, text) in [
        ("empty", ""),
        ("not YAML", "a: [\n"),
        ("a JSON array", "[1, 2]"),
        ("another version", "bffgen: 99\nbff: web\n"),
        ("a document that is not there", &COMPOSITION.replace("notes.yaml", "nowhere.yaml")),
        ("an unknown operation", &COMPOSITION.replace("notes.getNote", "notes.getNotes")),
    ] {
        write(project.path(), "app/web.bff.yaml", text);
        let (code, stdout, stderr) = run(project.path(), &["generate", "app", "--out", "out"]);
        assert_eq!((code, stdout.as_str()), (1, ""), "{name}: {stderr}");
        assert!(stderr.contains("error[BFF"), "{name}: {stderr}");
        assert!(!project.path().join("out").exists(), "{name}");
        let (code, stdout, _) = run(project.path(), &["check", "app", "--format", "json"]);
        let json: Value = serde_json::from_str(&stdout).expect("JSON");
        assert_eq!((code, &json["diagnostics"][0]["severity"]), (1, &Value::from("error")), "{name}: {json}");
    }
}

#[test]
fn a_crate_is_generated_compared_and_protected() {
    let project = project();
    let folder = project.path();
    let generate = |more: &[&str]| run(folder, &[&["generate", "app", "--out", "out"], more].concat());

    let (code, diff, stderr) = generate(&["--check"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(diff.contains("+++ b/out/Cargo.toml") && !folder.join("out").exists(), "{diff}");

    let (code, stdout, stderr) = generate(&[]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.starts_with("web-bff: ") && stderr.contains(" 0 deleted, 0 unchanged ("), "{stderr}");
    let lock = fs::read_to_string(folder.join("out/bffgen.lock")).expect("a lock file");
    assert!(lock.contains("\n  ../app/notes.yaml: ") && lock.contains("\n  Cargo.toml: "), "{lock}");
    assert!(!lock.contains("src/main.rs"), "the team's files are not in it: {lock}");

    let (code, diff, _) = generate(&["--check"]);
    assert_eq!((code, diff.as_str()), (0, ""));
    // From another folder the same paths are meant.
    let (code, diff, stderr) = run(&folder.join("app"), &["generate", ".", "--out", "../out", "--check"]);
    assert_eq!((code, diff.as_str()), (0, ""), "{stderr}");

    write(folder, "out/src/main.rs", "the team's");
    let manifest = fs::read_to_string(folder.join("out/Cargo.toml")).expect("a manifest");
    write(folder, "out/Cargo.toml", "edited");
    let (code, diff, stderr) = generate(&["--check"]);
    assert!(code == 1 && diff.contains("-edited") && stderr.contains("BFF0703"), "{diff}{stderr}");
    let (code, _, stderr) = generate(&[]);
    assert!(code == 1 && stderr.contains("`Cargo.toml`") && stderr.contains("--force"), "{stderr}");
    assert_eq!(fs::read_to_string(folder.join("out/Cargo.toml")).expect("a file"), "edited");
    let (code, _, stderr) = generate(&["--force"]);
    assert!(code == 0 && stderr.contains(" 1 written, 0 deleted, "), "{stderr}");
    assert_eq!(fs::read_to_string(folder.join("out/Cargo.toml")).expect("a file"), manifest);
    assert_eq!(fs::read_to_string(folder.join("out/src/main.rs")).expect("a file"), "the team's");

    let (_, stdout, _) = generate(&["--format", "json"]);
    let json: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(
        (&json["crates"][0]["name"], &json["crates"][0]["changes"]),
        (&"web-bff".into(), &Value::Array(Vec::new()))
    );
}

/// A relative path of the runtime is relative to where the command runs, wherever the crate is written.
#[test]
fn the_runtime_is_found_from_any_folder() {
    let project = project();
    let (folder, out) = (project.path().canonicalize().expect("a folder"), tempfile::tempdir().expect("a folder"));
    write(&folder, "lib/runtime/Cargo.toml", "");
    write(&folder, "app/lib.bff.yaml", &COMPOSITION.replace("bff: web", "bff: lib\nruntime: { path: ../lib/runtime }"));
    let cases: [&[&str]; 3] = [
        &["generate", "app/web.bff.yaml", "--runtime-path", "lib/runtime"],
        &["generate", "app/lib.bff.yaml"],
        &["client", "app/notes.yaml", "--runtime-path", "lib/runtime"],
    ];
    for (n, args) in cases.into_iter().enumerate() {
        let out = out.path().canonicalize().expect("a folder").join(n.to_string());
        let (code, _, stderr) = run(&folder, &[args, &["--out", out.to_str().expect("text")]].concat());
        assert_eq!(code, 0, "{args:?}: {stderr}");
        let manifest = fs::read_to_string(out.join("Cargo.toml")).expect("a manifest");
        let path = manifest.lines().find(|line| line.starts_with("bff-runtime")).expect("the runtime");
        let path = path.split('"').nth(1).expect("a path");
        let found = out.join(path).canonicalize().expect("it is there");
        assert_eq!(found, folder.join("lib/runtime"), "{args:?}: {path}");
    }
}

#[test]
fn two_compositions_do_not_share_a_folder() {
    let project = project();
    write(project.path(), "app/mobile.bff.yaml", &COMPOSITION.replace("bff: web", "bff: mobile"));
    let (code, _, stderr) = run(project.path(), &["generate", "app", "--out", "out"]);
    assert!(code == 1 && stderr.contains("BFF0706"), "{stderr}");
    assert!(!project.path().join("out").exists(), "neither is written: {stderr}");
}

/// Of several compositions, all are checked before one is written.
#[test]
fn nothing_is_half_written() {
    let project = project();
    let broken = COMPOSITION.replace("bff: web", "bff: zoo").replace("note.title", "note.nothing");
    write(project.path(), "app/zoo.bff.yaml", &broken);
    let (code, _, stderr) = run(project.path(), &["generate", "app"]);
    assert!(code == 1 && stderr.contains("web.bff.yaml: nothing was written"), "{stderr}");
    assert!(!project.path().join("app/web-bff").exists(), "{stderr}");
    // One that was edited by hand is refused, and keeps the others back, too.
    write(project.path(), "app/zoo.bff.yaml", &COMPOSITION.replace("bff: web", "bff: zoo"));
    let (code, _, stderr) = run(project.path(), &["generate", "app"]);
    assert_eq!(code, 0, "{stderr}");
    write(project.path(), "app/zoo-bff/src/generated/mod.rs", "// by hand");
    write(project.path(), "app/web.bff.yaml", &COMPOSITION.replace("One note.", "A note."));
    let (code, _, stderr) = run(project.path(), &["generate", "app"]);
    assert!(code == 1 && stderr.contains("web.bff.yaml: nothing was written"), "{stderr}");
    let (code, ..) = run(project.path(), &["generate", "app", "--force"]);
    assert_eq!(code, 0);
}

/// `--fix` changes only what is wrong, in the composition and in what it includes, and no document.
#[test]
fn safe_mends_are_written() {
    let project = project();
    let broken = COMPOSITION
        .replace("    summary: One note.", "    sumary: One note. # why")
        .replace("upstreams:\n  notes: { spec: notes.yaml }\n", "include: [shared.yaml]\n")
        .replace("title: note.title", "title: note.titel\r");
    write(project.path(), "app/web.bff.yaml", &broken);
    write(project.path(), "app/shared.yaml", "# shared\nupstreams: { notes: notes.yaml }\n");
    let read = |path: &str| fs::read_to_string(project.path().join(path)).expect("a file");

    let (code, stdout, stderr) = run(project.path(), &["check", "app", "--fix", "--format", "json"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    let json: Value = serde_json::from_str(&stdout).expect("JSON");
    let texts: Vec<&str> =
        json["fixed"].as_array().expect("a list").iter().filter_map(|e| e["text"].as_str()).collect();
    assert_eq!(texts, ["summary", "{ spec: notes.yaml }", "title"]);
    assert_eq!((&json["fixed"][0]["line"], &json["fixed"][0]["column"]), (&Value::from(8), &Value::from(5)));
    let right = broken.replace("sumary", "summary").replace("note.titel", "note.title");
    assert_eq!(read("app/web.bff.yaml"), right, "all else is as it was");
    assert_eq!(read("app/shared.yaml"), "# shared\nupstreams: { notes: { spec: notes.yaml } }\n");
    assert_eq!(read("app/notes.yaml"), SPEC);
    let left = fs::read_dir(project.path().join("app")).expect("a folder").count();
    assert_eq!(left, 3, "nothing else is left behind");

    let (code, _, stderr) = run(project.path(), &["check", "app", "--fix"]);
    assert!(code == 0 && !stderr.contains("fixed"), "{stderr}");

    // `generate --fix` mends, and generates from what it has written.
    write(project.path(), "app/web.bff.yaml", &broken);
    let (code, stdout, stderr) = run(project.path(), &["generate", "app", "--fix", "--format", "json"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    let json: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((json["fixed"].as_array().map(Vec::len), json["crates"].as_array().map(Vec::len)), (Some(2), Some(1)));
    assert_eq!(read("app/web.bff.yaml"), right);
    let (code, _, stderr) = run(project.path(), &["generate", "app", "--check"]);
    assert_eq!(code, 0, "what was written is what the mended composition gives: {stderr}");
    let (code, ..) = run(project.path(), &["generate", "app", "--check", "--fix"]);
    assert_eq!(code, 2, "`--check` writes nothing, `--fix` does");
}
