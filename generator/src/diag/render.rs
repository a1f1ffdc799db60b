//! Findings for a terminal: listings of the source with every label, then help and mends.

use super::place::{floor, range};
use super::{Diagnostic, Severity};
use crate::source::{SourceId, Sources, Span};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet};
use indexmap::IndexMap;

/// How a terminal shows findings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// With ANSI colours. Nothing is said by colour alone.
    pub colour: bool,
}

/// Findings of one code and severity in one file that are shown: who has thousands mends the cause, not each of them.
const MAX_ALIKE: usize = 20;

/// The findings with listings, an empty line behind each. Of more than 20 of one code in one file, the first are
/// shown and the others counted; [`super::short`] and [`super::json`] have them all.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    let mut counts: IndexMap<(&str, Severity, Option<SourceId>), usize> = IndexMap::new();
    for found in diagnostics {
        let file = found.labels.first().map(|label| label.span.source);
        let count = counts.entry((found.code, found.severity, file)).or_insert(0);
        *count += 1;
        if *count <= MAX_ALIKE {
            out.push_str(&renderer.render(&report(found, sources)));
            out.push_str("\n\n");
        }
    }
    for ((code, severity, file), count) in counts.into_iter().filter(|(_, count)| *count > MAX_ALIKE) {
        let place = file.map(|file| format!(" in {}", sources.file(file).path)).unwrap_or_default();
        let count = count - MAX_ALIKE;
        let more = format!("and {count} more like these{place} (`--format short` and `json` show all)");
        let title = level(severity).primary_title(more.as_str()).id(code);
        out.push_str(&renderer.render(&[Group::with_title(title)]));
        out.push_str("\n\n");
    }
    out
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn report<'a>(found: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let mut main = Group::with_title(level(found.severity).primary_title(found.message.as_str()).id(found.code));
    for file in files(found) {
        main = main.elements(listings(found, file, sources));
    }
    for help in &found.help {
        main = main.element(Element::from(Level::HELP.message(help.as_str())));
    }
    let mut groups = vec![main];
    for fix in &found.fixes {
        let file = sources.file(fix.span.source);
        let at = range(file, fix.span);
        let window = Window::around(fix.span.source, at.clone(), sources);
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

/// Listings of one file, one for all labels that are near each other.
fn listings<'a>(found: &'a Diagnostic, id: SourceId, sources: &'a Sources) -> Vec<Element<'a>> {
    let file = sources.file(id);
    let mut near: Vec<(Range<usize>, Vec<usize>)> = Vec::new();
    for (position, label) in found.labels.iter().enumerate().filter(|(_, label)| label.span.source == id) {
        let at = shown(&file.text, range(file, label.span));
        let joined = |other: &Range<usize>| other.start.min(at.start)..other.end.max(at.end);
        match near.iter_mut().find(|(other, _)| joined(other).len() <= FAR) {
            Some((all, labels)) => {
                *all = joined(all);
                labels.push(position);
            }
            None => near.push((at, vec![position])),
        }
    }
    near.into_iter().flat_map(|(at, labels)| listing(found, id, sources, at, &labels)).collect()
}

fn listing<'a>(
    found: &'a Diagnostic,
    id: SourceId,
    sources: &'a Sources,
    at: Range<usize>,
    labels: &[usize],
) -> Vec<Element<'a>> {
    let file = sources.file(id);
    let window = Window::around(id, at, sources);
    let mut snippet = Snippet::source(window.text).line_start(window.line);
    for position in labels {
        let label = &found.labels[*position];
        let kind = if *position == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let mut annotation = kind.span(window.within(shown(&file.text, range(file, label.span))));
        if !label.text.is_empty() {
            annotation = annotation.label(label.text.as_str());
        }
        snippet = snippet.annotation(annotation);
    }
    if window.whole {
        return vec![snippet.path(file.path.as_str()).into()];
    }
    // the listing does not know how much of the line is left out
    let place = found.labels[labels[0]].span.place(sources);
    let origin = Origin::path(file.path.as_str()).line(place.line).char_column(place.column);
    vec![origin.into(), snippet.into()]
}

/// What is marked of a range: of a long one, its first line.
fn shown(text: &str, range: Range<usize>) -> Range<usize> {
    if range.len() <= FAR {
        return range;
    }
    let end = floor(text, range.start + BESIDE);
    range.start..text[range.start..end].find('\n').map_or(end, |at| range.start + at)
}

/// Labels further apart than this are shown apart, and longer ones are cut, in bytes.
const FAR: usize = 4096;

/// What is shown of a line before and behind what is marked, in bytes: a document may stand on one line.
const BESIDE: usize = 400;

/// The lines of a file that are shown: the whole of a large document would be searched for each finding.
struct Window<'a> {
    text: &'a str,
    /// Offset of the window in the file.
    start: usize,
    /// Line number of its first line.
    line: usize,
    /// Whether its first line is shown from its beginning.
    whole: bool,
}

impl<'a> Window<'a> {
    /// The lines of a range, as far as they are near it.
    fn around(id: SourceId, range: Range<usize>, sources: &'a Sources) -> Window<'a> {
        let text = sources.file(id).text.as_str();
        let (first, last) = (floor(text, range.start.saturating_sub(BESIDE)), floor(text, range.end + BESIDE));
        let line_start = text[first..range.start].rfind('\n').map(|at| first + at + 1);
        let start = line_start.unwrap_or(first);
        let end = text[range.end..last].find('\n').map_or(last, |at| range.end + at);
        let line = Span { source: id, start: start as u32, end: start as u32 }.place(sources).line;
        let whole = start == 0 || text.as_bytes()[start - 1] == b'\n';
        Window { text: &text[start..end], start, line, whole }
    }

    fn within(&self, range: Range<usize>) -> Range<usize> {
        range.start - self.start..range.end - self.start
    }
}
