//! JSON Schema's own tests: each group's schema becomes a rule of one generated program. What is out of scope stands
//! with its reason in `out_of_scope.tsv`; an entry that is no longer needed fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bffgen_json_schema::{Run, Schemas, build};
use serde_json::{Value, json};

/// The drafts, and the version of OpenAPI whose schemas say the same.
const DRAFTS: [(&str, &str); 2] = [("draft2020-12", "3.1.0"), ("draft4", "3.0.3")];

/// A test, and what the suite says of it.
struct Test {
    file: String,
    /// File and group, as the list names them.
    group: String,
    description: String,
    valid: bool,
    run: Run,
}

fn suite() -> Option<PathBuf> {
    let corpus = PathBuf::from(std::env::var_os("BFFGEN_CORPUS")?);
    Some(corpus.join("suites/json-schema-test-suite/tests"))
}

/// Files of a folder and those within, by path.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("the suite").map(|entry| entry.expect("a file").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn conformance() {
    let Some(suite) = suite() else {
        println!("skipped: BFFGEN_CORPUS is not set");
        return;
    };
    let listed = listed();
    let mut schemas = Schemas::default();
    let mut tests = Vec::new();
    for (draft, version) in DRAFTS {
        let mut paths = Vec::new();
        files(&suite.join(draft), &mut paths);
        for path in paths {
            let file = path.strip_prefix(&suite).expect("within").with_extension("");
            let file = file.to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).expect("UTF-8");
            let groups: Value = serde_json::from_str(&text).expect("JSON");
            for group in groups.as_array().expect("groups") {
                read(&file, version, group, &mut schemas, &mut tests);
            }
        }
    }
    judge("suite", schemas, &tests, &listed);
}

/// What documents write and the suite does not have: `own`, a file for each version.
#[test]
fn as_documents_write_it() {
    let (mut schemas, mut tests) = (Schemas::default(), Vec::new());
    for version in ["3.0", "3.1"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("own/{version}.json"));
        let groups: Value = serde_json::from_str(&fs::read_to_string(&path).expect("UTF-8")).expect("JSON");
        for group in groups.as_array().expect("groups") {
            read(version, &format!("{version}.0"), group, &mut schemas, &mut tests);
        }
    }
    judge("own", schemas, &tests, &BTreeMap::new());
}

/// Builds the rules and runs the tests.
fn judge(name: &str, schemas: Schemas, tests: &[Test], listed: &BTreeMap<String, String>) {
    let built = build(name, schemas);
    let runs: Vec<Run> =
        tests.iter().filter(|test| built.rule(test.run.schema).is_ok()).map(|test| test.run.clone()).collect();
    let mut verdicts = built.run(&runs).into_iter();
    let outcomes: Vec<Result<(), String>> = tests
        .iter()
        .map(|test| match built.rule(test.run.schema) {
            Err(why) => Err(why.to_owned()),
            Ok(_) => match (verdicts.next().expect("a verdict"), test.valid) {
                (None, true) | (Some(_), false) => Ok(()),
                (None, false) => Err(format!("{}: should be refused: {}", test.description, test.run.value)),
                (Some(why), true) => Err(format!("{}: should be valid: {why}: {}", test.description, test.run.value)),
            },
        })
        .collect();
    report(tests, &outcomes, listed);
}

/// A group: its schema in a file of its own, so that `#` is what it is there, and a document that refers to it.
fn read(file: &str, version: &str, group: &Value, schemas: &mut Schemas, tests: &mut Vec<Test>) {
    let number = schemas.wanted.len();
    let (schema, document) = (format!("s{number}.json"), format!("d{number}.json"));
    let api = json!({
        "openapi": version,
        "info": { "title": "A group", "version": "1" },
        "paths": {},
        "components": { "schemas": { "Case": { "$ref": schema } } },
    });
    schemas.files.insert(schema, group["schema"].to_string());
    schemas.files.insert(document.clone(), api.to_string());
    schemas.wanted.push((document, "/components/schemas/Case".into()));
    let name = format!("{file}/{}", group["description"].as_str().expect("a name"));
    for test in group["tests"].as_array().expect("tests") {
        tests.push(Test {
            file: file.to_owned(),
            group: name.clone(),
            description: test["description"].as_str().expect("a name").to_owned(),
            valid: test["valid"].as_bool().expect("a verdict"),
            run: Run {
                schema: number,
                value: test["data"].to_string(),
                // Elsewhere, `format` is an annotation.
                formats: file.contains("optional/format/"),
            },
        });
    }
}

/// `file`, `file/group` or `file/group/test`, and the reason.
fn listed() -> BTreeMap<String, String> {
    bffgen_tests::listed(concat!(env!("CARGO_MANIFEST_DIR"), "/out_of_scope.tsv"))
}

fn report(tests: &[Test], outcomes: &[Result<(), String>], listed: &BTreeMap<String, String>) {
    let mut files: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut needed: BTreeMap<&str, bool> = listed.keys().map(|id| (id.as_str(), false)).collect();
    let mut wrong = Vec::new();
    for (test, outcome) in tests.iter().zip(outcomes) {
        let file = test.file.as_str();
        let counts = files.entry(file).or_default();
        let one = format!("{}/{}", test.group, test.description);
        let entry = [file, test.group.as_str(), one.as_str()].into_iter().find_map(|id| listed.get_key_value(id));
        match (outcome, entry) {
            (Ok(()), None) => counts.0 += 1,
            (outcome, Some((id, _))) => {
                counts.1 += 1;
                *needed.entry(id).or_default() |= outcome.is_err();
            }
            (Err(why), None) => wrong.push(format!("{}\t{why}", test.group)),
        }
    }
    let (mut passed, mut out) = (0, 0);
    for (file, counts) in &files {
        println!("{file}: {} passed, {} out of scope", counts.0, counts.1);
        (passed, out) = (passed + counts.0, out + counts.1);
    }
    println!("all: {passed} passed, {out} out of scope");
    wrong.extend(needed.iter().filter(|(_, needed)| !**needed).map(|(id, _)| format!("{id}\tis listed for nothing")));
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}
