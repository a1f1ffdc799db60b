//! Findings as JSON, for editors and other tools. Fields are added, never renamed or removed.

use super::short::severity_name;
use super::{Diagnostic, Fix};
use crate::source::{Sources, Span};
use serde_json::{Value, json};

/// A JSON array with an object a finding.
///
/// `code`, `severity`, `message`, `file`, `line`, `column`, `endLine`, `endColumn` (from 1, columns in
/// characters, the end exclusive; null where there is no place), `labels` (the primary one first),
/// `help`, `fixes`. Places of labels and fixes also have `start` and `end`: byte offsets.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
    diagnostics.iter().map(|found| one(found, sources)).collect()
}

fn one(found: &Diagnostic, sources: &Sources) -> Value {
    let primary = found.labels.first().map_or(Value::Null, |label| place(label.span, sources));
    let labels: Vec<Value> = found.labels.iter().map(|l| with(place(l.span, sources), "text", &l.text)).collect();
    json!({
        "code": found.code,
        "severity": severity_name(found.severity),
        "message": found.message,
        "file": primary["file"],
        "line": primary["line"],
        "column": primary["column"],
        "endLine": primary["endLine"],
        "endColumn": primary["endColumn"],
        "labels": labels,
        "help": found.help,
        "fixes": found.fixes.iter().map(|f| fix(f, sources)).collect::<Vec<_>>(),
    })
}

fn fix(fix: &Fix, sources: &Sources) -> Value {
    let mut object = with(with(place(fix.span, sources), "text", &fix.text), "title", &fix.title);
    object["safe"] = fix.safe.into();
    object
}

fn with(mut object: Value, key: &str, text: &str) -> Value {
    object[key] = text.into();
    object
}

fn place(span: Span, sources: &Sources) -> Value {
    let file = sources.file(span.source);
    let end = Span { start: span.end, ..span };
    let (start, end) = (span.place(sources), end.place(sources));
    json!({
        "file": file.path,
        "line": start.line,
        "column": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "start": span.start,
        "end": span.end,
    })
}
