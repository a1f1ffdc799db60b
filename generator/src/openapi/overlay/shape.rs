//! Whether an overlay is written as OpenAPI Overlay 1.0 or 1.1 wants it (sections 4.4.1 to 4.4.3), before any of
//! it is applied.

use std::collections::HashSet;

use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::openapi::body::malformed;
use crate::openapi::files::version_text;
use crate::source::{Node, Span, to_json};

/// An object of an overlay: its name with the article, keys that must be there, and all keys.
struct Object {
    name: &'static str,
    required: &'static [&'static str],
    keys: &'static [&'static str],
}

const OVERLAY: Object = Object {
    name: "an overlay",
    required: &["overlay", "info", "actions"],
    keys: &["overlay", "info", "extends", "actions"],
};

const INFO: Object = Object {
    name: "the `info` of an overlay",
    required: &["title", "version"],
    keys: &["title", "version", "description"],
};

const ACTION: Object =
    Object { name: "an action", required: &["target"], keys: &["target", "description", "update", "remove", "copy"] };

/// Everything that is wrong with how an overlay is written; nothing where its actions can be tried.
pub(super) fn judge(overlay: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if overlay.as_object().is_none() {
        let message = format!("this is not an overlay: it holds {}, not an object", overlay.type_name());
        found.push(Diagnostic::error("BFF0210", message, first_line(overlay.span)).help(BEGIN));
        return found;
    }
    let minor = match overlay.get("overlay").map(|version| (version, version_text(version).unwrap_or(""))) {
        None => None,
        Some((_, text)) if is_version(text, "1.0.") => Some(0),
        Some((_, text)) if is_version(text, "1.1.") => Some(1),
        Some((version, text)) => {
            let message = match version_text(version) {
                Some(_) => format!("`{text}` is not a version of overlays that is known"),
                None => "the version of an overlay is a text".to_owned(),
            };
            found.push(Diagnostic::error("BFF0210", message, version.span).help(BEGIN));
            None
        }
    };
    object(overlay, &OVERLAY, &mut found);
    texts(overlay, &OVERLAY, &["extends"], &mut found);
    if let Some(info) = overlay.get("info") {
        object(info, &INFO, &mut found);
        texts(info, &INFO, INFO.keys, &mut found);
    }
    if let Some(list) = overlay.get("actions") {
        actions(list, minor, &mut found);
    }
    found
}

const BEGIN: &str = "An overlay begins with `overlay: 1.0.0` or `overlay: 1.1.0`.";

fn is_version(text: &str, start: &str) -> bool {
    text.strip_prefix(start).is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit()))
}

fn actions(list: &Node, minor: Option<u8>, found: &mut Vec<Diagnostic>) {
    let Some(actions) = list.as_array() else {
        return found.push(malformed(list, "`actions`", "array", false));
    };
    if actions.is_empty() {
        found.push(Diagnostic::error("BFF0210", "the overlay has no action", list.span).help(ACTIONS));
    }
    let mut seen = HashSet::new();
    for action in actions {
        object(action, &ACTION, found);
        texts(action, &ACTION, &["target", "description", "copy"], found);
        if let Some(flag) = action.get("remove").filter(|flag| flag.as_bool().is_none()) {
            found.push(malformed(flag, "`remove` of an action", "boolean", false));
        }
        if let (Some(0), Some(copy)) = (minor, action.member("copy")) {
            let message = "`copy` is of Overlay 1.1, and this is an overlay of 1.0";
            found.push(Diagnostic::error("BFF0210", message, copy.key_span).help("Write `overlay: 1.1.0`."));
        }
        if !seen.insert(to_json(action).to_string()) {
            let message = "this action stands twice in the overlay";
            found.push(Diagnostic::error("BFF0210", message, action.span).help("Take one of the two out."));
        }
    }
}

const ACTIONS: &str = "List what it changes: `actions: [{ target: $.info, update: {...} }]`.";

/// What must be there is there, and no key is unknown.
fn object(node: &Node, is: &Object, found: &mut Vec<Diagnostic>) {
    let Some(members) = node.as_object() else {
        return found.push(malformed(node, is.name, "object", false));
    };
    for key in is.required.iter().filter(|key| node.get(key).is_none()) {
        let help = match *key {
            "overlay" => BEGIN,
            "actions" => ACTIONS,
            "target" => "Say what it changes: `target: $.paths['/users'].get`.",
            _ => "Overlays tell what they are: `info: { title: Fixes, version: 1.0.0 }`.",
        };
        let message = format!("{} has no `{key}`", is.name);
        found.push(Diagnostic::error("BFF0210", message, first_line(node.span)).help(help));
    }
    for member in members.iter().filter(|m| !m.key.starts_with("x-") && !is.keys.contains(&&*m.key)) {
        let message = format!("{} has no key `{}`", is.name, member.key);
        let one = Diagnostic::error("BFF0210", message, member.key_span);
        found.push(match did_you_mean(&member.key, is.keys.iter().copied()) {
            Some(near) => one.help(format!("Did you mean `{near}`?")),
            None => one.help("Remove it, or let its name begin with `x-`."),
        });
    }
}

fn texts(node: &Node, is: &Object, keys: &[&str], found: &mut Vec<Diagnostic>) {
    for key in keys {
        if let Some(value) = node.get(key).filter(|value| value.as_str().is_none()) {
            found.push(malformed(value, &format!("`{key}` of {}", is.name), "string", false));
        }
    }
}

fn first_line(span: Span) -> Span {
    Span { end: span.start, ..span }
}
