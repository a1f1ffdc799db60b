//! One line a finding: `path:line:col: error[BFF0301]: message`.

use super::place::location;
use super::{Diagnostic, Severity};
use crate::source::Sources;

/// The findings, a line each, with a line feed behind every one.
pub fn short(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for found in diagnostics {
        if let Some(first) = found.labels.first() {
            out.push_str(&location(sources, first.span));
            out.push_str(": ");
        }
        out.push_str(&format!("{}[{}]: {}\n", severity_name(found.severity), found.code, one_line(&found.message)));
    }
    out
}

/// `error`, `warning` or `note`.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Text of documents may have line ends and control characters; a finding stays one line.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
