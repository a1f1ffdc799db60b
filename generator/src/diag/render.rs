//! Findings for a terminal: listings of the source with every label, then help and mends.

use super::place::range;
use super::{Diagnostic, Severity};
use crate::source::{SourceId, Sources};
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Patch, Renderer, Snippet};

/// How a terminal shows findings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// With ANSI colours. Nothing is said by colour alone.
    pub colour: bool,
}

/// The findings with listings, an empty line behind each.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for found in diagnostics {
        out.push_str(&renderer.render(&report(found, sources)));
        out.push_str("\n\n");
    }
    out
}

fn report<'a>(found: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut main = Group::with_title(level.primary_title(found.message.as_str()).id(found.code));
    for file in files(found) {
        main = main.element(listing(found, file, sources));
    }
    for help in &found.help {
        main = main.element(Element::from(Level::HELP.message(help.as_str())));
    }
    let mut groups = vec![main];
    for fix in &found.fixes {
        let file = sources.file(fix.span.source);
        let at = range(file, fix.span);
        let window = Window::around(&file.text, at.clone());
        let patch = Patch::new(window.within(at), fix.text.as_str());
        let snippet = Snippet::source(window.text).line_start(window.line).path(file.path.as_str()).patch(patch);
        groups.push(Group::with_title(Level::HELP.secondary_title(fix.title.as_str())).element(snippet));
    }
    groups
}

/// The files of a finding, the primary one first.
fn files(found: &Diagnostic) -> Vec<SourceId> {
    let mut all = Vec::new();
    for label in &found.labels {
        if !all.contains(&label.span.source) {
            all.push(label.span.source);
        }
    }
    all
}

fn listing<'a>(found: &'a Diagnostic, id: SourceId, sources: &'a Sources) -> Snippet<'a, Annotation<'a>> {
    let file = sources.file(id);
    let labels = || found.labels.iter().enumerate().filter(|(_, label)| label.span.source == id);
    let ranges = || labels().map(|(_, label)| range(file, label.span));
    let (start, end) = (ranges().map(|r| r.start).min(), ranges().map(|r| r.end).max());
    let window = Window::around(&file.text, start.unwrap_or(0)..end.unwrap_or(0));
    let mut snippet = Snippet::source(window.text).line_start(window.line).path(file.path.as_str());
    for (position, label) in labels() {
        let kind = if position == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let mut annotation = kind.span(window.within(range(file, label.span)));
        if !label.text.is_empty() {
            annotation = annotation.label(label.text.as_str());
        }
        snippet = snippet.annotation(annotation);
    }
    snippet
}

/// The lines of a file that are shown: the whole of a large document would be searched for each finding.
struct Window<'a> {
    text: &'a str,
    /// Offset of the window in the file.
    start: usize,
    /// Line number of its first line.
    line: usize,
}

impl<'a> Window<'a> {
    /// The whole lines of a range.
    fn around(text: &'a str, range: Range<usize>) -> Window<'a> {
        let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at);
        let line = 1 + text[..start].bytes().filter(|b| *b == b'\n').count();
        Window { text: &text[start..end], start, line }
    }

    fn within(&self, range: Range<usize>) -> Range<usize> {
        range.start - self.start..range.end - self.start
    }
}
