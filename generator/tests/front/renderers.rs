//! How findings are shown: on a terminal and as JSON.

use bffgen::diag::render::{Style, render};
use bffgen::diag::short::short;
use bffgen::diag::{Diagnostic, json};
use bffgen::source::{Sources, Span};

fn sample() -> (Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let web = sources.add("web.bff.yaml", "bffgen: 1\nupstreams:\n  üsers: {}\n");
    let shared = sources.add("shared.yaml", "upstreams:\n  users: {}\n");
    let at = |source, start, end| Span { source, start, end };
    let found = Diagnostic::error("BFF0309", "`users` is defined twice", at(web, 23, 29))
        .at("again here")
        .label(at(shared, 13, 18), "first here")
        .help("Rename one.")
        .fix("rename it", at(web, 23, 29), "people");
    (vec![found], sources)
}

#[test]
fn terminal() {
    let (found, sources) = sample();
    let expected = "\
error[BFF0309]: `users` is defined twice
 --> web.bff.yaml:3:3
  |
3 |   üsers: {}
  |   ^^^^^ again here
  |
 ::: shared.yaml:2:3
  |
2 |   users: {}
  |   ----- first here
  |
  = help: Rename one.
help: rename it
  |
3 -   üsers: {}
3 +   people: {}
  |
";
    let shown = render(&found, &sources, Style::default());
    assert_eq!(shown.trim_end(), expected.trim_end(), "\n{shown}");
    assert!(render(&found, &sources, Style { colour: true }).contains("\u{1b}["));
}

#[test]
fn as_json() {
    let (found, sources) = sample();
    let shown = json::json(&found, &sources);
    let expected = serde_json::json!([{
        "code": "BFF0309", "severity": "error", "message": "`users` is defined twice",
        "file": "web.bff.yaml", "line": 3, "column": 3, "endLine": 3, "endColumn": 8,
        "labels": [
            { "file": "web.bff.yaml", "line": 3, "column": 3, "endLine": 3, "endColumn": 8, "start": 23, "end": 29,
              "text": "again here" },
            { "file": "shared.yaml", "line": 2, "column": 3, "endLine": 2, "endColumn": 8, "start": 13, "end": 18,
              "text": "first here" },
        ],
        "help": ["Rename one."],
        "fixes": [{ "file": "web.bff.yaml", "line": 3, "column": 3, "endLine": 3, "endColumn": 8, "start": 23,
                    "end": 29, "text": "people", "title": "rename it", "safe": false }],
    }]);
    assert_eq!(shown, expected);
}

/// A document on one line, and labels far from each other: only what is near is shown, with the right columns.
#[test]
fn long_lines_and_far_places() {
    let mut sources = Sources::default();
    let line = format!("{{{}}}", (0..2000).map(|n| format!("\"é{n}\": 1")).collect::<Vec<_>>().join(", "));
    let id = sources.add("one.json", line.as_str());
    let span = |key: &str| {
        let start = line.find(key).expect("a key") as u32;
        Span { source: id, start, end: start + key.len() as u32 }
    };
    let found = Diagnostic::error("BFF0106", "twice", span("\"é1500\"")).at("again").label(span("\"é10\""), "first");
    let shown = render(&[found], &sources, Style::default());
    let column = 1 + line[..span("\"é1500\"").start as usize].chars().count();
    assert!(shown.contains(&format!("one.json:1:{column}\n")), "{shown}");
    assert!(shown.contains("one.json:1:") && shown.contains("^ again") && shown.contains("- first"), "{shown}");
    assert!(shown.len() < 4000, "{shown}");
    let whole = Span { source: id, start: 0, end: line.len() as u32 };
    let shown = render(&[Diagnostic::error("BFF0106", "all of it", whole)], &sources, Style::default());
    assert!(shown.contains("one.json:1:1\n") && shown.len() < 4000, "{shown}");
}

/// Of thousands of findings of one kind the first are shown, and the rest counted; an error is not hidden by
/// warnings of its code.
#[test]
fn many_of_a_kind_are_counted() {
    let mut sources = Sources::default();
    let lines: String = (0..5000).map(|n| format!("a{}\n", n % 10)).collect();
    let ids = [sources.add("one.yaml", lines.as_str()), sources.add("two.yaml", lines.as_str())];
    let at = |file: usize, n: u32| Span { source: ids[file], start: 3 * n, end: 3 * n + 2 };
    let mut found: Vec<_> = (0..4999).map(|n| Diagnostic::warning("BFF0106", "twice", at(0, n))).collect();
    found.push(Diagnostic::error("BFF0106", "not read", at(0, 4999)));
    found.extend((0..20).map(|n| Diagnostic::warning("BFF0106", "twice", at(1, n))));
    let shown = render(&found, &sources, Style::default());
    assert_eq!(shown.matches(": twice\n").count(), 40, "{shown}");
    assert!(shown.contains("error[BFF0106]: not read\n") && shown.contains("--> one.yaml:5000:1\n"), "{shown}");
    assert!(shown.contains("warning[BFF0106]: and 4979 more like these in one.yaml ("), "{shown}");
    assert!(!shown.contains("in two.yaml") && shown.len() < 10_000, "{shown}");
    assert_eq!(short(&found, &sources).lines().count(), found.len());
}
