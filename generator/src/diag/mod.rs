//! Diagnostics as values: a stable code, a severity, what is wrong, where, why, and what to do.

pub mod codes;
pub mod json;
mod place;
pub mod render;
pub mod short;
pub mod suggest;
pub mod words;

use crate::source::Span;
use suggest::Near;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Generated, but worth a look.
    Warning,
    /// A hint.
    Note,
}

/// A place with a text of its own.
#[derive(Clone, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What to say there; may be empty.
    pub text: String,
}

/// A change of text that would help.
#[derive(Clone, Debug)]
pub struct Fix {
    /// What it does: "wire `path.id`".
    pub title: String,
    /// The range to replace (empty to insert).
    pub span: Span,
    /// What to put there.
    pub text: String,
    /// Whether it may be done without asking: there is one thing that was meant, and this is it.
    pub safe: bool,
}

/// One finding. `labels[0]` is the primary place; the others, of any file, say why.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Stable: `BFF0303`. Each has a page in `docs/diagnostics/`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, one sentence, no full stop.
    pub message: String,
    /// Where; the first is the primary place. Empty only where there is no file to show.
    pub labels: Vec<Label>,
    /// Why it matters and what to do, a sentence each.
    pub help: Vec<String>,
    /// Machine-readable mends.
    pub fixes: Vec<Fix>,
    /// What it speaks of is marked where it stands: all else can be checked.
    pub local: bool,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self::new(code, Severity::Error, message, Some(span))
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self::new(code, Severity::Warning, message, Some(span))
    }

    /// A finding, with or without a place.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>, span: Option<Span>) -> Self {
        let labels = span.map(|span| Label { span, text: String::new() }).into_iter().collect();
        Diagnostic {
            code,
            severity,
            message: message.into(),
            labels,
            help: Vec::new(),
            fixes: Vec::new(),
            local: false,
        }
    }

    /// What it speaks of is marked as broken where it stands.
    pub fn local(mut self) -> Self {
        self.local = true;
        self
    }

    /// Sets the text at the primary place.
    pub fn at(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Says which name was probably meant, and that it can be written in place of what stands at `span`.
    pub fn meant(self, near: Near, span: Span) -> Self {
        self.at(format!("did you mean `{near}`?")).write(near, span)
    }

    /// That a name can be written in place of what stands at `span`.
    pub fn write(self, near: Near, span: Span) -> Self {
        let fix = self.fix(format!("write `{near}`"), span, near);
        if near.clear { fix.safe() } else { fix }
    }

    /// The mend that was added last may be done without asking.
    pub fn safe(mut self) -> Self {
        if let Some(fix) = self.fixes.last_mut() {
            fix.safe = true;
        }
        self
    }

    /// Adds another place.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a sentence of help.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a mend.
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { title: title.into(), span, text: text.into(), safe: false });
        self
    }
}
