//! How findings are shown: on a terminal and as JSON.

use bffgen::diag::render::{Style, render};
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
                    "end": 29, "text": "people", "title": "rename it" }],
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
