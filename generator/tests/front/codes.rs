//! Every code has a page, every page a code, and every code that the compiler names is known.

use bffgen::diag::codes::{CODES, find};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() { files(&path, all) } else { all.push(path) }
    }
}

/// All `BFF` with four digits in a text.
fn codes_in(text: &str) -> impl Iterator<Item = String> {
    text.match_indices("BFF").filter_map(|(at, _)| {
        let code = text.get(at..at + 7)?;
        code[3..].bytes().all(|b| b.is_ascii_digit()).then(|| code.to_owned())
    })
}

#[test]
fn codes_table_and_pages_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    files(&root.join("src"), &mut sources);
    let mut used = BTreeSet::new();
    for path in sources.iter().filter(|path| !path.ends_with("diag/codes.rs")) {
        used.extend(codes_in(&std::fs::read_to_string(path).expect("source")));
    }
    // Examples in doc comments.
    let known: Vec<&str> = CODES.iter().map(|code| code.code).collect();
    let known_set: BTreeSet<String> = known.iter().map(|code| (*code).to_owned()).collect();
    let mut pages = Vec::new();
    files(&root.join("../docs/diagnostics"), &mut pages);
    let pages: BTreeSet<String> = pages
        .iter()
        .filter_map(|p| Some(p.file_stem()?.to_str()?.to_owned()))
        .filter(|p| p.starts_with("BFF"))
        .collect();
    assert!(known.is_sorted(), "the table is sorted");
    assert_eq!(known.len(), known_set.len(), "no code is there twice");
    assert_eq!(known_set, pages, "table and docs/diagnostics");
    assert_eq!(used, known_set, "codes in src and table");
}

#[test]
fn pages_have_their_form() {
    for code in CODES {
        assert!(code.page.starts_with(&format!("# {}: {}\n\n", code.code, code.title())), "{}", code.code);
        assert!(!code.title().is_empty() && !code.title().ends_with('.'), "{}", code.code);
        assert!(code.page.contains("\n## Example\n"), "{}: an example", code.code);
        assert!(code.page.contains("\n## What to do\n"), "{}: what to do", code.code);
    }
    assert_eq!(find("bff0303").map(|code| code.title()), Some("unknown key"));
    assert!(find("BFF9999").is_none());
}
