//! Applies the safe mends of findings to a composition and the files it includes, and checks what comes of it.

use std::collections::BTreeMap;

use crate::composition;
use crate::diag::{Diagnostic, Severity};
use crate::source::Sources;
use crate::{Compiled, Loader, Options, compile};

/// So often it is compiled with some mends.
const TRIES: usize = 100;

/// Mends may make way for others: so often it is looked behind those that are tried.
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
    /// What was not, since something else would be wrong then.
    pub left: Vec<Edit>,
    /// The compilation of the files as they are now.
    pub compiled: Compiled,
}

/// Compiles the composition at `path`, and again with what can safely be mended in it and in what it includes.
/// Writes nothing. All is tried at once; where that would make something worse, half of it, down to single mends.
pub fn fix(path: &str, loader: &mut dyn Loader, options: &Options) -> Fixed {
    let mut files = BTreeMap::new();
    let (mut made, mut left): (Vec<Edit>, Vec<Edit>) = (Vec::new(), Vec::new());
    let mut compiled = compile(path, &mut Over { files: &files, below: loader }, options);
    let mut most = usize::MAX;
    for _ in 0..TRIES {
        let own = own_files(path, &mut Over { files: &files, below: loader });
        let mut edits = edits(&compiled, &compiled.diagnostics.iter().collect::<Vec<_>>(), &own, &left);
        edits.truncate(most);
        let (Some(first), many) = (edits.first().cloned(), edits.len()) else { break };
        most = usize::MAX;
        match attempt(path, (&files, &compiled), edits, &left, loader, options) {
            Ok(better) => {
                (files, compiled) = (better.files, better.compiled);
                made.extend(better.made);
            }
            Err(_) if many > 1 => most = many / 2,
            Err(instead) => left.push(Edit { instead: Some(instead), ..first }),
        }
    }
    Fixed { files, made, left, compiled }
}

/// Makes the edits, and those for what comes to light behind them. Gives what would be wrong then that was not, or
/// that still is.
fn attempt(
    path: &str,
    (files, before): (&BTreeMap<String, String>, &Compiled),
    edits: Vec<Edit>,
    left: &[Edit],
    loader: &mut dyn Loader,
    options: &Options,
) -> Result<Fixed, String> {
    let mut files = apply(files, &edits, &before.sources);
    let (mut made, mut last) = (edits.clone(), edits.clone());
    for _ in 0..ROUNDS {
        let then = compile(path, &mut Over { files: &files, below: loader }, options);
        let new = new_in(before, &then, &last);
        let hard = new.iter().find(|found| !found.fixes.iter().any(|fix| fix.safe));
        let stays = edits.iter().find(|edit| {
            let mended = edits.iter().filter(|other| of_edit(other) == of_edit(edit)).count();
            said(&then, of_edit(edit)) + mended > said(before, of_edit(edit))
        });
        match (hard, stays, new.first()) {
            (Some(found), ..) => return Err(found.message.clone()),
            (None, Some(edit), _) => return Err(edit.finding.clone()),
            (None, None, None) => return Ok(Fixed { files, made, left: Vec::new(), compiled: then }),
            (None, None, Some(found)) => {
                let own = own_files(path, &mut Over { files: &files, below: loader });
                last = self::edits(&then, &new, &own, left);
                if last.is_empty() {
                    return Err(found.message.clone());
                }
            }
        }
        files = apply(&files, &last, &then.sources);
        made.extend(last.iter().cloned());
    }
    Err("there is no end to what has to be mended behind it".into())
}

/// A finding without its place.
type Finding<'a> = (&'static str, &'a str);

fn of_edit(edit: &Edit) -> Finding<'_> {
    (edit.code, &edit.finding)
}

/// How often something is found.
fn said(compiled: &Compiled, (code, message): Finding<'_>) -> usize {
    compiled.diagnostics.iter().filter(|found| found.code == code && found.message == message).count()
}

/// What is found now and was not before, in any file. What could not be seen before is not held against the
/// edits: findings of the check where reading failed before, unless they are at the place of an edit, and warnings
/// behind an error.
fn new_in<'a>(before: &Compiled, then: &'a Compiled, edits: &[Edit]) -> Vec<&'a Diagnostic> {
    let errors = |of: &Compiled| of.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
    let further = then.checked && !before.checked;
    let fewer = errors(then) < errors(before);
    let counts = |found: &Diagnostic| match found.severity {
        _ if further => edits.iter().any(|edit| is_at(edit, edits, found, &then.sources)),
        Severity::Error => true,
        _ => !fewer,
    };
    let more = |found: &Diagnostic| {
        let finding = (found.code, found.message.as_str());
        said(then, finding) > said(before, finding)
    };
    then.diagnostics.iter().filter(|found| counts(found) && more(found)).collect()
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

/// The safe mends of some findings, one at a place: of two that overlap the first wins, the other is looked at again
/// behind it.
fn edits(compiled: &Compiled, of: &[&Diagnostic], own: &[String], left: &[Edit]) -> Vec<Edit> {
    let mut all: Vec<Edit> = Vec::new();
    let mut found: Vec<(&Diagnostic, &crate::diag::Fix)> =
        of.iter().filter_map(|found| Some((*found, found.fixes.iter().find(|fix| fix.safe)?))).collect();
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

/// Whether a finding is at the place of one of the edits, once all are made.
fn is_at(edit: &Edit, edits: &[Edit], found: &Diagnostic, sources: &Sources) -> bool {
    let before = edits.iter().filter(|other| other.file == edit.file && other.range.start < edit.range.start);
    let shift: isize = before.map(|other| other.text.len() as isize - other.range.len() as isize).sum();
    let Some(start) = edit.range.start.checked_add_signed(shift) else { return false };
    let end = start + edit.text.len();
    found.labels.first().is_some_and(|label| {
        let touches = (label.span.start as usize) <= end && (label.span.end as usize) >= start;
        touches && sources.file(label.span.source).path == edit.file
    })
}
