//! Applies the safe mends of findings to a composition and the files it includes, and checks what comes of it.

use std::collections::BTreeMap;

use crate::composition;
use crate::diag::Diagnostic;
use crate::source::{SourceId, Sources, Span};
use crate::{Compiled, Loader, Options, compile};

/// Mends may make way for others: so often it is looked again.
const ROUNDS: usize = 10;

/// A mend that was made, or one that was not.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Of the finding.
    pub code: &'static str,
    /// What the finding says.
    pub finding: String,
    /// What the mend does.
    pub title: String,
    /// The file, as in [`Sources`].
    pub file: String,
    /// The bytes that are replaced, in the file as it was then.
    pub range: std::ops::Range<usize>,
    /// Line and column of the first, from 1; columns in characters.
    pub place: (usize, usize),
    /// What is put there.
    pub text: String,
    /// Of one that was not made: what would come of it.
    pub instead: Option<String>,
}

/// What came of it.
pub struct Fixed {
    /// Files that changed, with their whole texts.
    pub files: BTreeMap<String, String>,
    /// What was done, in order.
    pub made: Vec<Edit>,
    /// What was not, since something else would be wrong at its place then.
    pub left: Vec<Edit>,
    /// The compilation of the files as they are now.
    pub compiled: Compiled,
}

/// Compiles the composition at `path`, and again with what can safely be mended in it and in what it includes.
/// Writes nothing.
pub fn fix(path: &str, loader: &mut dyn Loader, options: &Options) -> Fixed {
    let mut files = BTreeMap::new();
    let (mut made, mut left): (Vec<Edit>, Vec<Edit>) = (Vec::new(), Vec::new());
    let mut compiled = compile(path, &mut Over { files: &files, below: loader }, options);
    for _ in 0..ROUNDS {
        let own = own_files(path, &mut Over { files: &files, below: loader });
        let edits = edits(&compiled, &own, &left);
        if edits.is_empty() {
            break;
        }
        let tried = apply(&files, &edits, &compiled.sources);
        let then = compile(path, &mut Over { files: &tried, below: loader }, options);
        let worse: Vec<Edit> = edits.iter().filter_map(|edit| worse(edit, &edits, &compiled, &then)).collect();
        if worse.is_empty() {
            (files, compiled) = (tried, then);
            made.extend(edits);
        } else {
            left.extend(worse);
        }
    }
    Fixed { files, made, left, compiled }
}

/// Changed texts over files.
struct Over<'a> {
    files: &'a BTreeMap<String, String>,
    below: &'a mut dyn Loader,
}

impl Loader for Over<'_> {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.files.get(path).map_or_else(|| self.below.load(path), |text| Ok(text.clone().into_bytes()))
    }
}

/// The composition and what it includes: no document of an upstream is touched.
fn own_files(path: &str, loader: &mut dyn Loader) -> Vec<String> {
    let (composition, _) = composition::read(&mut Sources::default(), path, loader);
    composition.map_or_else(|| vec![composition::normalise(path)], |composition| composition.files)
}

/// The safe mends, one at a place: of two that overlap the first wins, the other is looked at again behind it.
fn edits(compiled: &Compiled, own: &[String], left: &[Edit]) -> Vec<Edit> {
    let mut all: Vec<Edit> = Vec::new();
    let mut found: Vec<(&Diagnostic, &crate::diag::Fix)> = compiled
        .diagnostics
        .iter()
        .filter_map(|found| Some((found, found.fixes.iter().find(|fix| fix.safe)?)))
        .collect();
    found.sort_by_key(|(_, fix)| (fix.span.source, fix.span.start));
    for (found, fix) in found {
        let file = compiled.sources.file(fix.span.source);
        let range = fix.span.start as usize..fix.span.end as usize;
        let whole = file.text.get(range.clone()).is_some();
        let refused = left.iter().any(|left| left.finding == found.message && left.text == fix.text);
        let free = all.iter().all(|other| other.file != file.path || other.range.end < range.start);
        if !whole || refused || !free || !own.contains(&file.path) {
            continue;
        }
        let place = fix.span.place(&compiled.sources);
        all.push(Edit {
            code: found.code,
            finding: found.message.clone(),
            title: fix.title.clone(),
            file: file.path.clone(),
            range,
            place: (place.line, place.column),
            text: fix.text.clone(),
            instead: None,
        });
    }
    all
}

/// The texts with the edits in them. They are in order and do not overlap.
fn apply(files: &BTreeMap<String, String>, edits: &[Edit], sources: &Sources) -> BTreeMap<String, String> {
    let mut files = files.clone();
    for edit in edits.iter().rev() {
        let before = || sources.iter().find(|(_, file)| file.path == edit.file).map(|(_, file)| file.text.clone());
        let text = files.entry(edit.file.clone()).or_insert_with(|| before().unwrap_or_default());
        text.replace_range(edit.range.clone(), &edit.text);
    }
    files
}

/// The edit with what is wrong behind it: its finding is still there, or another one is at its place.
fn worse(edit: &Edit, edits: &[Edit], before: &Compiled, then: &Compiled) -> Option<Edit> {
    let shift: isize = edits
        .iter()
        .filter(|other| other.file == edit.file && other.range.start < edit.range.start)
        .map(|other| other.text.len() as isize - other.range.len() as isize)
        .sum();
    let start = edit.range.start.checked_add_signed(shift)?;
    let end = start + edit.text.len();
    let said =
        |compiled: &Compiled, message: &str| compiled.diagnostics.iter().filter(|d| d.message == message).count();
    let here = |span: &Span, sources: &Sources| {
        let touches = (span.start as usize) <= end && (span.end as usize) >= start;
        touches && path_of(sources, span.source) == edit.file
    };
    let new = then.diagnostics.iter().find(|found| {
        let primary = found.labels.first().is_some_and(|label| here(&label.span, &then.sources));
        primary && said(then, &found.message) > said(before, &found.message)
    });
    let instead = match new {
        Some(found) => found.message.clone(),
        None if said(then, &edit.finding) >= said(before, &edit.finding) => edit.finding.clone(),
        None => return None,
    };
    Some(Edit { instead: Some(instead), ..edit.clone() })
}

fn path_of(sources: &Sources, id: SourceId) -> &str {
    &sources.file(id).path
}
