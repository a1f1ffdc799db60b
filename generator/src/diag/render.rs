//! Findings for a terminal: listings of the source with every label, then help and mends.

use super::place::range;
use super::{Diagnostic, Severity};
use crate::source::{SourceId, Sources};
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
        let patch = Patch::new(range(file, fix.span), fix.text.as_str());
        let snippet = Snippet::source(file.text.as_str()).path(file.path.as_str()).patch(patch);
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
    let mut snippet = Snippet::source(file.text.as_str()).path(file.path.as_str());
    for (position, label) in found.labels.iter().enumerate().filter(|(_, label)| label.span.source == id) {
        let kind = if position == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let mut annotation = kind.span(range(file, label.span));
        if !label.text.is_empty() {
            annotation = annotation.label(label.text.as_str());
        }
        snippet = snippet.annotation(annotation);
    }
    snippet
}
