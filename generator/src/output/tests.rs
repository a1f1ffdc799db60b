//! Plans against folders in all states.

use super::*;
use crate::File;

fn file(path: &str, text: &str, owner: Owner) -> File {
    File { path: path.to_owned(), text: text.to_owned(), owner }
}

fn output(files: &[(&str, &str)]) -> Crate {
    let mut files: Vec<File> = files.iter().map(|(path, text)| file(path, text, Owner::Generator)).collect();
    files.push(file("src/main.rs", "main", Owner::Team));
    Crate { name: "web-bff".to_owned(), folder: "web-bff".to_owned(), files, inputs: Vec::new() }
}

fn lock(output: &Crate) -> Lock {
    lock_of(output, BTreeMap::from([("../web.bff.yaml".to_owned(), hash(b"input"))]))
}

/// The folder as it is right after a crate was generated.
fn folder_of(output: &Crate) -> Existing {
    let files = output.files.iter().map(|file| (file.path.clone(), file.text.clone().into_bytes()));
    files.chain([(LOCK_FILE.to_owned(), lock(output).to_text().into_bytes())]).collect()
}

fn shown(plan: &Plan) -> Vec<String> {
    let changes = plan.changes.iter().map(|change| match change {
        Change::Write { path, before, .. } => format!("{} {path}", if before.is_some() { "rewrite" } else { "write" }),
        Change::Delete { path, .. } => format!("delete {path}"),
    });
    let conflicts = plan.conflicts.iter().map(|(path, why)| format!("{why:?} {path}"));
    changes.chain(conflicts).collect()
}

#[test]
fn plans_fit_the_state_of_the_folder() {
    let old = output(&[("src/lib.rs", "lib"), ("src/generated/a.rs", "a"), ("src/generated/gone.rs", "gone")]);
    let new = output(&[("src/lib.rs", "lib"), ("src/generated/a.rs", "a2"), ("src/generated/b.rs", "b")]);
    let usual = [
        "rewrite src/generated/a.rs",
        "write src/generated/b.rs",
        "delete src/generated/gone.rs",
        "rewrite bffgen.lock",
    ];
    type Change = (&'static str, Option<&'static str>);
    let cases: [(&str, &[Change], bool, &[&str]); 9] = [
        ("as it was generated", &[], false, &usual),
        ("the team edits its own", &[("src/main.rs", Some("mine"))], false, &usual),
        (
            "the team removes its own",
            &[("src/main.rs", None)],
            false,
            &[usual[0], usual[1], "write src/main.rs", usual[2], usual[3]],
        ),
        (
            "a hand edit of what changes",
            &[("src/generated/a.rs", Some("edited"))],
            false,
            &[usual[0], usual[1], usual[2], usual[3], "Edited src/generated/a.rs"],
        ),
        (
            "a hand edit of what stays",
            &[("src/lib.rs", Some("edited"))],
            false,
            &["rewrite src/lib.rs", usual[0], usual[1], usual[2], usual[3], "Edited src/lib.rs"],
        ),
        (
            "a hand edit of what goes",
            &[("src/generated/gone.rs", Some("edited"))],
            false,
            &[usual[0], usual[1], usual[2], usual[3], "Edited src/generated/gone.rs"],
        ),
        ("a hand edit and --force", &[("src/generated/a.rs", Some("edited"))], true, &usual),
        (
            "a file of somebody else",
            &[("src/generated/b.rs", Some("theirs"))],
            false,
            &[usual[0], "rewrite src/generated/b.rs", usual[2], usual[3], "Foreign src/generated/b.rs"],
        ),
        (
            "written before, but the command was interrupted",
            &[("src/generated/a.rs", Some("a2")), ("src/generated/gone.rs", None)],
            false,
            &[usual[1], usual[3]],
        ),
    ];
    for (name, edits, force, want) in cases {
        let mut folder = folder_of(&old);
        for (path, text) in edits {
            match text {
                Some(text) => folder.insert((*path).to_owned(), text.as_bytes().to_vec()),
                None => folder.remove(*path),
            };
        }
        let plan = plan(&new, Some(&lock(&old)), &lock(&new), &folder, force);
        assert_eq!(shown(&plan), want, "{name}");
    }
}

#[test]
fn what_is_up_to_date_needs_nothing_and_a_changed_input_only_the_lock() {
    let output = output(&[("src/lib.rs", "lib")]);
    let same = plan(&output, Some(&lock(&output)), &lock(&output), &folder_of(&output), false);
    assert_eq!((shown(&same), same.unchanged), (Vec::new(), 2));
    let new = lock_of(&output, BTreeMap::from([("../web.bff.yaml".to_owned(), hash(b"with a comment"))]));
    let touched = plan(&output, Some(&lock(&output)), &new, &folder_of(&output), false);
    assert_eq!(shown(&touched), ["rewrite bffgen.lock"]);
}

#[test]
fn a_folder_without_lock_keeps_what_differs() {
    let output = output(&[("src/lib.rs", "lib"), ("src/same.rs", "same")]);
    let existing = Existing::from([
        ("src/lib.rs".to_owned(), b"theirs".to_vec()),
        ("src/same.rs".to_owned(), b"same".to_vec()),
        ("src/main.rs".to_owned(), b"theirs".to_vec()),
    ]);
    let plan = plan(&output, None, &lock(&output), &existing, false);
    assert_eq!(shown(&plan), ["rewrite src/lib.rs", "write bffgen.lock", "Foreign src/lib.rs"]);
}

#[test]
fn paths_that_lead_out_are_found() {
    for path in ["../x", "/etc/passwd", "a/../../x", "a//b", "./a", "", "C:/x", "a\\..\\b", "bffgen.lock"] {
        let output = output(&[("src/lib.rs", "lib"), (path, "x")]);
        assert_eq!(bad_path(&output), Some(path), "{path:?}");
    }
    assert_eq!(bad_path(&output(&[("a.rs", "1"), ("a.rs", "2")])), Some("a.rs"));
    assert_eq!(bad_path(&output(&[("src/a.rs", "1")])), None);
    let lock = "bffgen: 0.1.0\ninputs: {}\noutputs:\n  ../../precious: 00\n";
    assert!(Lock::parse(lock).is_err_and(|why| why.contains("../../precious")));
}

#[test]
fn the_lock_file_reads_as_it_was_written() {
    let lock = lock(&output(&[("src/lib.rs", "lib"), ("src/generated/- yes #no.rs", "odd")]));
    let text = lock.to_text();
    assert_eq!(Lock::parse(&text).as_ref(), Ok(&lock), "{text}");
    assert!(text.contains("  src/lib.rs: "), "{text}");
    for broken in ["", "- a", "<<<<<<< ours\nbffgen: 1\n=======\n", "bffgen: 0.1.0\nelse: 1\n"] {
        assert!(Lock::parse(broken).is_err(), "{broken:?}");
    }
}

#[test]
fn differences_are_shown_as_a_unified_diff() {
    let old = output(&[("a.rs", "one\ntwo\n"), ("gone.rs", "gone\n")]);
    let new = output(&[("a.rs", "one\n2\n"), ("b.rs", "b\n")]);
    let plan = plan(&new, Some(&lock(&old)), &lock(&new), &folder_of(&old), false);
    let diff = unified(&plan, "web-bff");
    let want = "--- a/web-bff/a.rs\n+++ b/web-bff/a.rs\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n\
                --- /dev/null\n+++ b/web-bff/b.rs\n@@ -0,0 +1 @@\n+b\n\
                --- a/web-bff/gone.rs\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n\
                --- a/web-bff/bffgen.lock\n";
    assert!(diff.starts_with(want), "{diff}");
}
