//! What is said: data to stdout, talk to stderr, in the format that was asked for.

use std::io::{self, ErrorKind, IsTerminal, Write};

use bffgen::diag::render::Style;
use bffgen::diag::{self, Diagnostic, Severity};
use bffgen::source::Sources;
use serde_json::Value;

use super::args::{Color, Format};

/// How to say things.
pub struct Reporter {
    pub format: Format,
    color: Color,
}

impl Reporter {
    pub fn new(format: Format, color: Color) -> Self {
        Reporter { format, color }
    }

    /// Findings as talk; nothing where the format is JSON, since they are part of its data.
    pub fn findings(&self, sources: &Sources, diagnostics: &[Diagnostic]) {
        if self.format != Format::Json {
            say(&self.render(sources, diagnostics, io::stderr().is_terminal()));
        }
    }

    /// A finding that no file has to do with.
    pub fn finding(&self, diagnostic: Diagnostic) {
        self.findings(&Sources::default(), &[diagnostic]);
    }

    fn render(&self, sources: &Sources, diagnostics: &[Diagnostic], terminal: bool) -> String {
        match self.format {
            Format::Short => diag::short::short(diagnostics, sources),
            _ => diag::render::render(diagnostics, sources, Style { colour: self.colored(terminal) }),
        }
    }

    fn colored(&self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            // https://no-color.org: present and not empty.
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }
}

/// Findings as JSON.
pub fn findings_json(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<Value> {
    match diag::json::json(diagnostics, sources) {
        Value::Array(findings) => findings,
        other => vec![other],
    }
}

/// Whether one of them is an error.
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Writes data to stdout. Where nobody reads it any more, the process ends, quietly.
pub fn data(text: &str) {
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        let code = if error.kind() == ErrorKind::BrokenPipe { 0 } else { 1 };
        std::process::exit(code);
    }
}

/// Writes JSON to stdout.
pub fn data_json(value: &Value) {
    data(&format!("{value:#}\n"));
}

/// Writes talk to stderr; if nobody listens, so be it.
pub fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
