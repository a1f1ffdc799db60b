//! `--fix`: mends compositions on the disk, and says what it did.

use std::path::Path;

use bffgen::fix::{Edit, Fixed, fix};
use bffgen::{Compiled, Options};
use serde_json::{Value, json};

use super::generate::Outcome;
use super::load::Disk;
use super::report::{Reporter, say};
use super::write;

/// Mends a composition and what it includes; gives the compilation of what is there then.
pub fn fixed(file: &str, outcome: &mut Outcome, reporter: &Reporter) -> Compiled {
    let Fixed { files, made, left, compiled } = fix(file, &mut Disk::default(), &Options::default());
    let (mut done, mut not_done) = outcome.mends.take().unwrap_or_default();
    let mut broken = Vec::new();
    for (path, text) in &files {
        if let Err(problem) = write::replace(Path::new(path), text) {
            outcome.take_one(reporter, problem);
            broken.push(path);
        }
    }
    for edit in made.iter().filter(|edit| !broken.contains(&&edit.file)) {
        say(&format!("{}: fixed[{}]: {} ({})\n", place(edit), edit.code, edit.title, edit.finding));
        done.push(as_json(edit));
    }
    for edit in &left {
        let instead = edit.instead.as_deref().unwrap_or_default();
        say(&format!("{}: not fixed[{}]: {}; then: {instead}\n", place(edit), edit.code, edit.title));
        not_done.push(as_json(edit));
    }
    outcome.mends = Some((done, not_done));
    compiled
}

fn place(edit: &Edit) -> String {
    format!("{}:{}:{}", edit.file, edit.place.0, edit.place.1)
}

/// Places are those in the file as it was when the mend was made.
fn as_json(edit: &Edit) -> Value {
    json!({
        "code": edit.code,
        "finding": edit.finding,
        "title": edit.title,
        "file": edit.file,
        "start": edit.range.start,
        "end": edit.range.end,
        "line": edit.place.0,
        "column": edit.place.1,
        "text": edit.text,
        "instead": edit.instead,
    })
}
