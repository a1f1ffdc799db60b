//! `docs/running.md` names what the code knows, and nothing else: variables, codes, log events, metrics.

use regex::Regex;
use std::collections::BTreeSet;
use std::path::Path;

/// All sources of the runtime without their tests, one behind the other.
fn sources(folder: &Path) -> String {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: &Path| {
        let source = std::fs::read_to_string(path).expect("a source");
        source.split("\n#[cfg(test)]").next().map(str::to_owned).unwrap_or_default()
    };
    paths.iter().map(|path| if path.is_dir() { sources(path) } else { read(path) }).collect()
}

fn found(text: &str, patterns: &[&str]) -> BTreeSet<String> {
    let patterns = patterns.iter().map(|pattern| Regex::new(pattern).expect("a pattern"));
    let all = |pattern: Regex| pattern.captures_iter(text).map(|found| found[1].to_owned()).collect::<Vec<_>>();
    patterns.flat_map(all).collect()
}

/// The first cells of the table in a section.
fn documented(section: &str) -> BTreeSet<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/running.md");
    let page = std::fs::read_to_string(page).expect("docs/running.md");
    let (_, rest) = page.split_once(&format!("\n## {section}\n")).expect(section);
    let text = rest.split("\n## ").next().expect("a section");
    found(text, &[r"(?m)^\| `([^`]+)` \|"])
}

#[test]
fn the_page_names_what_the_code_knows() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let same = |section: &str, patterns: &[&str], also: &[&str]| {
        let mut known = found(&sources, patterns);
        assert!(!known.is_empty(), "{section}: the patterns find nothing");
        known.extend(also.iter().map(|name| name.to_string()));
        assert_eq!(documented(section), known, "{section}: the page (left) and the code (right)");
    };
    same("Settings", &[r#"\btext\("(\w+)"\)"#, r#""(BFF_[A-Z_]+)""#], &["<NAME>_URL"]);
    let codes = [
        r#"Failure::new\(\s*[^,()"]+,\s*"([a-z_]+)""#,
        r#"Failure::internal\("([a-z_]+)""#,
        r#"\bbad\("([a-z_]+)""#,
        r#"CallErrorKind::\w+(?:\(_\))? => "((?:upstream|deadline|invalid)[a-z_]+)""#,
    ];
    same("Problem documents", &codes, &[]);
    let events = [
        r#"Line::new\([^;]*?"([a-z_]+)"\);"#,
        r#"of_operation\("([a-z_]+)""#,
        r#"log\(\)\.server\("([a-z_]+)""#,
        r#"tell\(&runtime, "([a-z_]+)""#,
    ];
    same("Log", &events, &[]);
    same("Metrics", &[r#"head\((?:&mut )?out, "(bff_[a-z_]+)""#], &[]);
    same("Ports", &[r#""(/(?:health/\w+|metrics|drift))" (?:=>|if)"#], &[]);
}

/// What a bare status becomes is listed in a sentence.
#[test]
fn the_page_names_the_codes_of_bare_statuses() {
    let source = include_str!("../src/failure.rs");
    let (_, of_status) = source.split_once("fn code_of").expect("the function");
    let page = include_str!("../../docs/running.md");
    let (_, sentence) = page.split_once("the code follows from the status:").expect("the sentence");
    let sentence = sentence.split("\n\n").next().expect("a paragraph");
    assert_eq!(found(sentence, &["`([a-z_]+)`"]), found(of_status, &[r#"=> "([a-z_]+)""#]));
}
