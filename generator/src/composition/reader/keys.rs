//! Checks the keys of a mapping: unknown ones are refused with a suggestion, later ones by name.

use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::expr::Place;
use crate::source::{Member, Node, Value};

/// The keys of a mapping.
pub(super) struct Allowed {
    /// "an endpoint"
    pub(super) what: &'static str,
    /// Known keys, in groups.
    pub(super) keys: &'static [&'static [&'static str]],
    /// Keys of the language that are not supported yet.
    pub(super) later: &'static [&'static [&'static str]],
    /// Keys that belong to the composition itself, where this is an included file.
    pub(super) elsewhere: &'static [&'static [&'static str]],
}

/// The known members of a mapping; reports every other one, and a node that is no mapping.
pub(super) fn members<'n>(node: &'n Node, allowed: &Allowed, out: &mut Vec<Diagnostic>) -> Vec<&'n Member> {
    let Some(all) = node.as_object() else {
        out.push(
            Diagnostic::error(
                "BFF0304",
                format!("{} is a mapping, this is {}", allowed.what, kind_of(node)),
                node.span,
            )
            .help(format!("Its keys: {}.", list(allowed.keys))),
        );
        return Vec::new();
    };
    all.iter().filter(|member| is_known(member, allowed, out)).collect()
}

fn is_known(member: &Member, allowed: &Allowed, out: &mut Vec<Diagnostic>) -> bool {
    let has = |groups: &[&[&str]]| groups.iter().any(|group| group.contains(&&*member.key));
    if has(allowed.keys) {
        return true;
    }
    let (key, span) = (&member.key, member.key_span);
    out.push(if has(allowed.later) {
        Diagnostic::error("BFF0306", format!("`{key}` is not supported yet"), span)
            .help("It belongs to the language, but this version does not do it. Take it out for now.")
    } else if has(allowed.elsewhere) {
        Diagnostic::error("BFF0313", format!("`{key}` does not belong in {}", allowed.what), span)
            .help(format!("Move it to the composition. Allowed here: {}.", list(allowed.keys)))
    } else {
        unknown(member, allowed)
    });
    false
}

fn unknown(member: &Member, allowed: &Allowed) -> Diagnostic {
    let found =
        Diagnostic::error("BFF0303", format!("`{}` is not a key of {}", member.key, allowed.what), member.key_span);
    let found = match did_you_mean(&member.key, allowed.keys.iter().flat_map(|group| group.iter().copied())) {
        Some(near) => {
            let found = found.help(format!("Did you mean `{near}`?"));
            let place = key_place(member);
            if place.is_exact() { found.write(near, place.span(0, member.key.len())) } else { found }
        }
        None => found,
    };
    found.help(format!("Allowed here: {}.", list(allowed.keys)))
}

fn list(groups: &[&[&str]]) -> String {
    groups.iter().flat_map(|group| group.iter()).map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

/// Where the text of a key stands: exact unless it has escapes.
pub(super) fn key_place(member: &Member) -> Place<'_> {
    let (span, length) = (member.key_span, member.key.len() as u32);
    match (span.end - span.start).checked_sub(length) {
        Some(0) => Place::verbatim(span, span.start),
        Some(2) => Place::verbatim(span, span.start + 1),
        _ => Place::whole(span),
    }
}

/// "`timeout` wants a duration like 800ms, this is a list"
pub(super) fn wrong_kind(node: &Node, key: &str, wants: &str) -> Diagnostic {
    Diagnostic::error("BFF0304", format!("`{key}` wants {wants}, this is {}", kind_of(node)), node.span)
}

/// What a node is, in plain words.
pub(super) fn kind_of(node: &Node) -> &'static str {
    match node.value {
        Value::Null => "empty",
        Value::Bool(_) => "a flag (true or false)",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// Two keys that exclude each other, or one that lacks its companion.
pub(super) fn clash(message: impl Into<String>, member: &Member) -> Diagnostic {
    Diagnostic::error("BFF0315", message, member.key_span)
}
