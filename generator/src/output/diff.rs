//! The changes of a plan as a unified diff, as `git apply` reads it.

use similar::TextDiff;

use super::{Change, Plan};

/// The diff of all changes; `folder` is put before each path.
pub fn unified(plan: &Plan, folder: &str) -> String {
    plan.changes.iter().map(|change| one(change, folder)).collect()
}

fn one(change: &Change, folder: &str) -> String {
    let (before, after) = match change {
        Change::Write { text, before, .. } => (before.as_deref(), Some(text.as_str())),
        Change::Delete { before, .. } => (Some(before.as_slice()), None),
    };
    let old = before.map(String::from_utf8_lossy).unwrap_or_default();
    let path = format!("{}/{}", folder.trim_start_matches('/'), change.path());
    let name = |side: char, exists: bool| if exists { format!("{side}/{path}") } else { "/dev/null".to_owned() };
    TextDiff::from_lines(old.as_ref(), after.unwrap_or_default())
        .unified_diff()
        .header(&name('a', before.is_some()), &name('b', after.is_some()))
        .to_string()
}
