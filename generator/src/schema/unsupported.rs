//! Keywords that are not checked: named where they stand, never dropped in silence. The kind holds without them.

use super::Kind;
use super::flatten::Flat;
use super::reader::{Reader, Work};
use crate::source::{Node, Span};

const KEYWORDS: [&str; 4] = ["dependencies", "additionalItems", "$dynamicRef", "$recursiveRef"];

/// Names the keywords beside what is known.
pub(super) fn note(reader: &mut Reader<'_, '_>, work: &Work<'_>, flat: &Flat<'_>, kind: Kind) -> Kind {
    let mut found = written(flat);
    found.extend(flat.missing.iter().cloned());
    if !matches!(kind, Kind::Unsupported { .. }) && work.only.is_none() {
        reader.schemas.get_mut(work.id).unsupported.extend(found);
    }
    kind
}

fn written(flat: &Flat<'_>) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for at in &flat.owns {
        for member in at.node.as_object().unwrap_or_default() {
            if KEYWORDS.contains(&&*member.key) && !says_nothing(&member.key, &member.value) {
                found.push((member.key.to_string(), member.key_span));
            }
        }
    }
    found
}

/// `dependencies: {}`, `additionalItems: true`.
fn says_nothing(key: &str, node: &Node) -> bool {
    let empty = node.as_object().is_some_and(<[_]>::is_empty);
    match key {
        "additionalItems" => node.as_bool() == Some(true) || empty,
        "dependencies" => empty,
        _ => false,
    }
}
