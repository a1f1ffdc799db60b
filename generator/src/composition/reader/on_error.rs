//! Reads `on_error`: a word (`fail`, `absent`), or a mapping with what happens and a warning.
//!
//! `{ default: shape, warn: text }`, `{ absent: true, warn: text }`, `{ fail: true, status: {404: 404} }`;
//! `fail: true` may be left out beside `status`.

use super::keys::{Allowed, clash, members, wrong_kind};
use super::{shape, values};
use crate::composition::ast::{OnError, OnErrorAction};
use crate::diag::Diagnostic;
use crate::source::{Member, Spanned, Value};

pub(super) const ALLOWED: Allowed = Allowed {
    what: "`on_error`",
    keys: &[&["fail", "absent", "default", "warn", "status"]],
    later: &[&["stale"]],
    elsewhere: &[],
};

const HELP: &str = "Write `absent`, `{absent: true, warn: text}`, `{default: value, warn: text}`, or `{fail: true, status: {404: 404}}`.";

pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<OnError> {
    let node = &member.value;
    match &node.value {
        Value::Object(_) => mapping(member, out),
        Value::String(text) if &*text.value == "default" => {
            let found = Diagnostic::error("BFF0305", "`on_error: default` lacks the value", node.span);
            out.push(found.help("Write `on_error: {default: value}`; `[]` or `{items: []}` are values too."));
            None
        }
        Value::String(_) => {
            let words = [("fail", true), ("absent", false)];
            let fails = values::word(member, &words, &["stale"], out)?;
            let action = if fails.value { OnErrorAction::Fail(Vec::new()) } else { OnErrorAction::Absent };
            Some(OnError { action, warn: None, span: node.span })
        }
        _ => {
            out.push(wrong_kind(node, "on_error", "a word or a mapping").help(HELP));
            None
        }
    }
}

fn mapping(member: &Member, out: &mut Vec<Diagnostic>) -> Option<OnError> {
    let before = out.len();
    let known = members(&member.value, &ALLOWED, out);
    let find = |key: &str| known.iter().copied().find(|member| &*member.key == key);
    let warn = find("warn").and_then(|warn| values::text(warn, out));
    let actions: Vec<&Member> =
        known.iter().copied().filter(|m| matches!(&*m.key, "fail" | "absent" | "default")).collect();
    if let [first, second, ..] = actions.as_slice() {
        let message = format!("`{}` and `{}` exclude each other", first.key, second.key);
        out.push(clash(message, second).label(first.key_span, "already here").help(HELP));
        return None;
    }
    for action in actions.iter().filter(|action| &*action.key != "default") {
        if !values::flag(action, out)?.value {
            let message = format!("`{}: false` says nothing about what happens", action.key);
            out.push(Diagnostic::error("BFF0307", message, action.value.span).help(HELP));
            return None;
        }
    }
    let status = find("status");
    let action = match (actions.first(), status) {
        (Some(action), _) if &*action.key == "default" => OnErrorAction::Default(shape::read(&action.value, out)?),
        (Some(action), _) if &*action.key == "absent" => OnErrorAction::Absent,
        (None, None) => {
            // Where a key was refused, that was the finding.
            if out.len() == before {
                let found = Diagnostic::error("BFF0305", "`on_error` does not say what happens", member.key_span);
                out.push(found.help(HELP));
            }
            return None;
        }
        _ => OnErrorAction::Fail(status.map(|status| statuses(status, out)).unwrap_or_default()),
    };
    let lost = if matches!(action, OnErrorAction::Fail(_)) { find("warn") } else { status };
    if let Some(lost) = lost {
        let why = if &*lost.key == "warn" {
            "a call that fails the answer leaves no place for a warning"
        } else {
            "`status` belongs to `fail`: with `absent` or `default` the answer does not fail"
        };
        out.push(clash(why, lost).help(HELP));
    }
    Some(OnError { action, warn, span: member.value.span })
}

/// `{404: 404}`: the upstream's status -> the client's.
fn statuses(member: &Member, out: &mut Vec<Diagnostic>) -> Vec<(Spanned<u16>, Spanned<u16>)> {
    let mut all = Vec::new();
    for entry in values::entries(member, "statuses: `{404: 404}`", out) {
        let from = match entry.key.parse::<u16>() {
            Ok(from) if (300..600).contains(&from) => Some(Spanned::new(from, entry.key_span)),
            _ => {
                let message = format!("`{}` is not the status of a failure", entry.key);
                out.push(Diagnostic::error("BFF0307", message, entry.key_span).help("Write a number from 300 to 599."));
                None
            }
        };
        let to = values::number(entry, 400, 599, out);
        if let (Some(from), Some(to)) = (from, to) {
            all.push((from, Spanned::new(to.value as u16, to.span)));
        }
    }
    all
}
