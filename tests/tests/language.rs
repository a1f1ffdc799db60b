//! The cases of the language in `tests/language/*.md`: findings by their place, answers by running what is generated.

#[path = "language/check.rs"]
mod check;
#[path = "language/fixes.rs"]
mod fixes;
#[path = "language/format.rs"]
mod format;
#[path = "language/page.rs"]
mod page;
#[path = "language/reference.rs"]
mod reference;
#[path = "language/run.rs"]
mod run;
#[path = "language/script.rs"]
mod script;
#[path = "language/services.rs"]
mod services;

use std::collections::BTreeSet;
use std::fs;

use bffgen_tests::project;
use page::Page;

/// Codes that no composition and no text document can bring about, and of what they are.
const ELSEWHERE: &[(&str, &str)] = &[
    ("BFF0102", "bytes that are not UTF-8"),
    ("BFF0103", "files of more than 64 MB"),
    ("BFF0108", "the limit of JSON; YAML meets that of its parser first"),
    ("BFF0499", "a fault of bffgen: none is known"),
    ("BFF0601", "`bffgen client`"),
    ("BFF0602", "`bffgen client`"),
    ("BFF0603", "`bffgen client`"),
    ("BFF0701", "the command line"),
    ("BFF0702", "the command line"),
    ("BFF0703", "what stands on the disk"),
    ("BFF0704", "what stands on the disk"),
    ("BFF0705", "what stands on the disk"),
    ("BFF0706", "several compositions"),
    ("BFF0707", "what stands on the disk"),
    ("BFF0708", "`bffgen mock`"),
    ("BFF0709", "`bffgen dev`"),
    ("BFF0710", "`bffgen mock`"),
    ("BFF0711", "`bffgen mock`"),
];

/// All pages, by name.
fn pages() -> Vec<Page> {
    let mut names: Vec<_> = fs::read_dir(project("tests/language"))
        .expect("the folder of pages")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "README"))
        .collect();
    names.sort();
    let only = std::env::var("ONLY").ok();
    let wanted = |path: &std::path::PathBuf| only.as_ref().is_none_or(|only| path.to_string_lossy().contains(only));
    names.iter().filter(|path| wanted(path)).map(|path| Page::read(path)).collect()
}

fn blesses() -> bool {
    std::env::var_os("BFFGEN_BLESS").is_some()
}

#[test]
fn findings() {
    let mut wrong = Vec::new();
    for mut page in pages() {
        let found: Vec<Vec<String>> = (0..page.cases.len()).map(|at| check::findings(&page, at)).collect();
        for (case, found) in page.cases.iter().zip(&found) {
            if case.findings != *found {
                wrong.push(format!(
                    "{} ## {}\n  expected {:#?}\n  found {found:#?}",
                    page.name, case.title, case.findings
                ));
            }
        }
        if blesses() {
            page.bless_findings(&found);
        }
    }
    assert!(blesses() || wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn answers() {
    let mut pages: Vec<Page> =
        pages().into_iter().filter(|page| page.cases.iter().any(|c| !c.runs.is_empty())).collect();
    let programs = run::build(&pages);
    let executor = tokio::runtime::Runtime::new().expect("an executor");
    let mut wrong = Vec::new();
    for (page, program) in pages.iter_mut().zip(programs) {
        let answers = executor.block_on(run::page(page, &program, &mut wrong));
        if blesses() {
            page.bless_answers(&answers);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_case() {
    if std::env::var_os("ONLY").is_some() {
        return;
    }
    let pages = pages();
    let lines = pages.iter().flat_map(|page| &page.cases).flat_map(|case| &case.findings);
    let seen: BTreeSet<&str> =
        lines.filter_map(|line| line.split_once('[')?.1.split_once(']')).map(|(code, _)| code).collect();
    let elsewhere: BTreeSet<&str> = ELSEWHERE.iter().map(|(code, _)| *code).collect();
    let known: BTreeSet<&str> = bffgen::diag::codes::CODES.iter().map(|code| code.code).collect();
    let missing: Vec<_> = known.iter().filter(|code| !seen.contains(*code) && !elsewhere.contains(*code)).collect();
    let stale: Vec<_> = elsewhere.iter().filter(|code| seen.contains(*code) || !known.contains(*code)).collect();
    assert!(missing.is_empty() && stale.is_empty(), "without a case: {missing:?}; listed needlessly: {stale:?}");
}
