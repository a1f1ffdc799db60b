//! Crates written to real folders.

use std::collections::BTreeMap;

use bffgen::{File, Owner};

use super::*;

fn output(folder: &Path, files: &[(&str, &str)]) -> Crate {
    let owner = |path: &str| if path == "src/main.rs" { Owner::Team } else { Owner::Generator };
    let file = |(path, text): &(&str, &str)| File { path: (*path).into(), text: (*text).into(), owner: owner(path) };
    let files = files.iter().map(file).collect();
    let inputs = vec![folder.join("../web.bff.yaml").to_string_lossy().into_owned()];
    Crate { name: "web-bff".into(), folder: folder.to_string_lossy().into_owned(), files, inputs }
}

fn disk(output: &Crate) -> Disk {
    let mut disk = Disk::default();
    disk.hashes.insert(output.inputs[0].clone(), "00".to_owned());
    disk
}

fn generate(output: &Crate, force: bool) -> Result<Plan, Diagnostic> {
    let plan = prepare(output, &disk(output), force)?;
    apply(output, &plan).map(|()| plan)
}

/// Every file and folder below, folders with `/` at the end.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut queue = vec![folder.to_owned()];
    while let Some(next) = queue.pop() {
        for entry in fs::read_dir(next).expect("a folder").flatten() {
            let path = entry.path();
            let name = shown(path.strip_prefix(folder).expect("below"));
            if path.is_dir() {
                found.insert(format!("{name}/"), String::new());
                queue.push(path);
            } else {
                found.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

#[test]
fn a_crate_is_written_kept_and_cleaned_up() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("web-bff");
    let first =
        output(&folder, &[("src/lib.rs", "lib"), ("src/generated/deep/old.rs", "old"), ("src/main.rs", "main")]);
    let plan = generate(&first, false).expect("written");
    assert_eq!((plan.written(), plan.deleted(), plan.unchanged), (3, 0, 0));
    let names: Vec<String> = tree(&folder).into_keys().collect();
    let want = [
        "bffgen.lock",
        "src/",
        "src/generated/",
        "src/generated/deep/",
        "src/generated/deep/old.rs",
        "src/lib.rs",
        "src/main.rs",
    ];
    assert_eq!(names, want);
    assert!(tree(&folder)["bffgen.lock"].contains("  ../web.bff.yaml: '00'"), "{}", tree(&folder)["bffgen.lock"]);

    assert!(prepare(&first, &disk(&first), false).expect("compared").changes.is_empty());

    fs::write(folder.join("src/main.rs"), "the team's").expect("written");
    fs::write(folder.join("src/generated/theirs.rs"), "not ours").expect("written");
    let second = output(&folder, &[("src/lib.rs", "lib 2"), ("src/main.rs", "main 2")]);
    let plan = generate(&second, false).expect("written");
    assert_eq!((plan.written(), plan.deleted(), plan.unchanged), (1, 1, 1));
    let tree = tree(&folder);
    assert_eq!(tree["src/main.rs"], "the team's");
    assert_eq!(tree["src/lib.rs"], "lib 2");
    assert!(tree.contains_key("src/generated/theirs.rs") && !tree.contains_key("src/generated/deep/"), "{tree:?}");
}

#[test]
fn nothing_is_written_over_a_hand_edit() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("web-bff");
    generate(&output(&folder, &[("src/a.rs", "a"), ("src/b.rs", "b")]), false).expect("written");
    fs::write(folder.join("src/b.rs"), "edited").expect("written");
    let before = tree(&folder);
    let second = output(&folder, &[("src/a.rs", "a2"), ("src/b.rs", "b"), ("src/c.rs", "c")]);
    let refused = generate(&second, false).expect_err("refused");
    assert_eq!(refused.code, "BFF0703");
    assert!(
        refused.help.iter().any(|help| help.contains("`src/b.rs`"))
            && refused.help.iter().any(|help| help.contains("--force"))
    );
    assert_eq!(tree(&folder), before);
    generate(&second, true).expect("forced");
    assert_eq!(tree(&folder)["src/b.rs"], "b");
}

#[test]
fn a_write_that_fails_leaves_the_folder_as_it_was() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("web-bff");
    generate(&output(&folder, &[("src/a.rs", "a")]), false).expect("written");
    fs::write(folder.join("blocked"), "a file where a folder should go").expect("written");
    let before = tree(&folder);
    let second = output(&folder, &[("src/a.rs", "a2"), ("new/b.rs", "b"), ("blocked/c.rs", "c")]);
    assert_eq!(generate(&second, false).expect_err("refused").code, "BFF0704");
    assert_eq!(tree(&folder), before);
}

#[test]
fn a_damaged_lock_stops_until_forced() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("web-bff");
    let output = output(&folder, &[("src/a.rs", "a")]);
    generate(&output, false).expect("written");
    fs::write(folder.join(LOCK_FILE), "<<<<<<< ours\n").expect("written");
    assert_eq!(generate(&output, false).expect_err("refused").code, "BFF0705");
    generate(&output, true).expect("forced");
    assert!(prepare(&output, &disk(&output), false).expect("compared").changes.is_empty());
}
