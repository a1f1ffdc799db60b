//! Bad input through the real program: a diagnostic with a code, exit code 1, and nothing written, neither
//! into a new folder nor over a crate that was generated before.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const COMPOSITION: &str = "\
bffgen: 1
bff: web
upstreams:
  notes: { spec: notes.yaml }
endpoints:
  GET /notes/{id}:
    calls:
      note: { operation: notes.getNote, with: { id: path.id } }
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
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
      responses:
        '200':
          description: The note.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Note' }
components:
  schemas:
    Note:
      type: object
      required: [title]
      properties: { title: { type: string } }
";

/// What takes the place of a file.
enum Instead {
    Text(String),
    Bytes(&'static [u8]),
    /// So many megabytes: a text, then one line again and again.
    Large(&'static str, &'static str, usize),
    Folder,
    Missing,
}

/// What it is, the file that is broken, how, and the codes that say so, warnings among them.
type Case = (&'static str, &'static str, Instead, &'static [&'static str]);

const WEB: &str = "web.bff.yaml";
const NOTES: &str = "notes.yaml";

fn cases() -> Vec<Case> {
    use Instead::*;
    let text = |text: &str| Text(text.to_owned());
    let composition = |from: &str, to: &str| {
        assert!(COMPOSITION.contains(from), "{from}");
        Text(COMPOSITION.replace(from, to))
    };
    let spec = |from: &str, to: &str| {
        assert!(SPEC.contains(from), "{from}");
        Text(SPEC.replace(from, to))
    };
    let note = "type: object\n      required: [title]\n      properties: { title: { type: string } }";
    vec![
        ("an empty composition", WEB, text(""), &["BFF0109"]),
        ("an empty document", NOTES, text(""), &["BFF0109"]),
        ("only blanks and comments", NOTES, text("  \n# nothing\n"), &["BFF0109"]),
        ("a composition of comments only", WEB, text("# nothing\n"), &["BFF0109"]),
        ("a composition that is not YAML", WEB, text("a: [\n"), &["BFF0105"]),
        ("a document that is not YAML", NOTES, text("a: [\n"), &["BFF0105"]),
        ("a document that is half JSON", NOTES, text("{\"openapi\": \"3.1.0\","), &["BFF0104"]),
        ("an array as composition", WEB, text("[1, 2]"), &["BFF0301"]),
        ("an array as document", NOTES, text("[1, 2]"), &["BFF0201"]),
        ("a text as document", NOTES, text("hello"), &["BFF0201"]),
        (
            "a composition of 100 MB",
            WEB,
            Large("bffgen: 1\n", "# nothing to see here, just a comment\n", 100),
            &["BFF0103"],
        ),
        ("a document of 100 MB", NOTES, Large("openapi: 3.1.0\n", "# nothing to see here\n", 100), &["BFF0103"]),
        ("a document of 60 MB", NOTES, Large("{", "\"openapi\": \"9.9.9\",\n", 60), &["BFF0104"]),
        (
            "references in a circle",
            NOTES,
            spec(note, "$ref: '#/components/schemas/Other'\n    Other:\n      $ref: '#/components/schemas/Note'"),
            &["BFF0413"],
        ),
        ("a reference to itself", NOTES, spec(note, "$ref: '#/components/schemas/Note'"), &["BFF0413"]),
        (
            "parameters in a circle",
            NOTES,
            spec(
                "- { name: id, in: path, required: true, schema: { type: string } }",
                "- { $ref: '#/paths/~1notes~1{id}/get/parameters/0' }",
            ),
            &["BFF0208", "BFF0204"],
        ),
        ("a reference to nothing", NOTES, spec("schemas/Note'", "schemas/Nope'"), &["BFF0413"]),
        ("a composition that is not there", WEB, Missing, &["BFF0701"]),
        ("a document that is not there", NOTES, Missing, &["BFF0101"]),
        ("a folder as document", NOTES, Folder, &["BFF0101"]),
        ("a composition that is not UTF-8", WEB, Bytes(b"bffgen: 1\nbff: \xff\xfe\n"), &["BFF0102"]),
        ("a document that is not UTF-8", NOTES, Bytes(b"openapi: 3.1.0\ninfo: { title: \xc3\x28 }\n"), &["BFF0102"]),
        ("UTF-16", NOTES, Bytes(b"\xff\xfeo\0p\0e\0n\0"), &["BFF0102"]),
        ("another version of OpenAPI", NOTES, spec("openapi: 3.1.0", "openapi: 4.0.0"), &["BFF0202"]),
        ("Swagger 1.2", NOTES, spec("openapi: 3.1.0", "swagger: '1.2'"), &["BFF0202"]),
        ("an operation without a success response", NOTES, spec("'200'", "'404'"), &["BFF0416"]),
        ("another version of the language", WEB, composition("bffgen: 1", "bffgen: 2"), &["BFF0302"]),
        (
            "two endpoints on one route",
            WEB,
            Text(format!("{COMPOSITION}  GET /notes/{{key}}: notes.getNote\n")),
            &["BFF0311"],
        ),
        ("an endpoint twice", WEB, Text(format!("{COMPOSITION}  GET /notes/{{id}}: notes.getNote\n")), &["BFF0106"]),
        ("an unknown operation", WEB, composition("notes.getNote", "notes.getNotes"), &["BFF0402"]),
        ("a field that is not there", WEB, composition("note.title", "note.titel"), &["BFF0404"]),
    ]
}

fn put(path: &Path, instead: &Instead) {
    match instead {
        Instead::Text(text) => fs::write(path, text).expect("written"),
        Instead::Bytes(bytes) => fs::write(path, bytes).expect("written"),
        Instead::Large(head, line, megabytes) => {
            let mut file = fs::File::create(path).expect("made");
            file.write_all(head.as_bytes()).expect("written");
            let block = line.repeat((1 << 20) / line.len());
            for _ in 0..=*megabytes {
                file.write_all(block.as_bytes()).expect("written");
            }
        }
        Instead::Folder => fs::create_dir(path).expect("made"),
        Instead::Missing => {}
    }
}

/// Every file below a folder with its bytes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(tree(&path));
        } else {
            files.insert(path.to_string_lossy().into_owned(), fs::read(&path).expect("read"));
        }
    }
    files
}

/// Exit code and standard error. Where `prlimit` is, with no more than 2 GB of memory.
fn generate(folder: &Path, out: &str) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_bffgen");
    let limited = Command::new("prlimit").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let mut command = if limited.is_ok_and(|status| status.success()) {
        let mut command = Command::new("prlimit");
        command.args(["--as=2147483648", "--cpu=60", program]);
        command
    } else {
        Command::new(program)
    };
    command.args(["generate", WEB, "--out", out, "--runtime-version", "0.1.0"]);
    let output = command.current_dir(folder).stdin(Stdio::null()).output().expect("it runs");
    (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn each_is_diagnosed_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let good = |name: &str| if name == WEB { COMPOSITION } else { SPEC };
    for name in [WEB, NOTES] {
        fs::write(folder.join(name), good(name)).expect("written");
    }
    let (code, said) = generate(folder, "before");
    assert_eq!(code, Some(0), "{said}");
    fs::write(folder.join("before/src/main.rs"), "// the team's\n").expect("written");
    let before = tree(&folder.join("before"));
    let mut wrong = Vec::new();
    for (what, name, instead, wanted) in cases() {
        let path = folder.join(name);
        fs::remove_file(&path).expect("it was there");
        put(&path, &instead);
        for out in ["new", "before"] {
            let (code, said) = generate(folder, out);
            let heads = said.lines().filter_map(|line| line.strip_prefix("error[").or(line.strip_prefix("warning[")));
            let codes: Vec<&str> = heads.filter_map(|head| head.split(']').next()).collect();
            if code != Some(1) || codes != wanted {
                wrong.push(format!("{what}: exit code {code:?}, {codes:?} instead of {wanted:?}:\n{said}"));
            }
            assert!(said.len() < 10_000, "{what}: {} bytes of message", said.len());
            assert!(!folder.join("new").exists(), "{what}: something was written");
        }
        assert!(tree(&folder.join("before")) == before, "{what}: the crate is not as it was");
        if path.is_dir() {
            fs::remove_dir(&path).expect("removed");
        }
        fs::write(&path, good(name)).expect("written");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let (code, said) = generate(folder, "before");
    assert!(code == Some(0) && said.contains(" 0 written, 0 deleted, "), "{said}");
}
