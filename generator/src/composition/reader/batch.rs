//! Reads `batch` of a call: which parameter takes the keys, and which field gives them back.

use super::keys::{Allowed, members};
use super::values;
use crate::composition::ast::Batch;
use crate::diag::Diagnostic;
use crate::source::{Member, Value};

pub(super) const ALLOWED: Allowed =
    Allowed { what: "`batch`", keys: &[&["param", "match", "size", "items"]], later: &[], elsewhere: &[] };

/// `batch: { param: ids, match: id, size: 100, items: data.results }`
pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Batch> {
    let known = members(&member.value, &ALLOWED, out);
    let find = |key: &str| known.iter().copied().find(|entry| &*entry.key == key);
    if let Value::Object(_) = member.value.value {
        let missing = [
            ("param", "which parameter takes the keys", "param: ids"),
            ("match", "which field of an element holds its key", "match: id"),
        ];
        for (key, what, example) in missing.into_iter().filter(|(key, ..)| find(key).is_none()) {
            let message = format!("`batch` does not say {what}");
            out.push(
                Diagnostic::error("BFF0305", message, member.key_span)
                    .help(format!("Write `{example}`: `{key}` is required.")),
            );
        }
    }
    let param = find("param").and_then(|entry| values::text(entry, out));
    let matching = find("match").and_then(|entry| values::text(entry, out));
    let size = find("size").and_then(|entry| values::number(entry, 1, 10_000, out));
    let items = find("items").and_then(|entry| values::expression(&entry.value, "items", out));
    Some(Batch { param: param?, matching: matching?, size, items, span: member.value.span })
}
