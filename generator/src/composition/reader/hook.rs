//! Reads a hook: `breadcrumbs: { args: { product: ... }, returns: ... }`.

use super::keys::{Allowed, members, wrong_kind};
use super::{input, values};
use crate::composition::ast::Hook;
use crate::diag::Diagnostic;
use crate::source::{Member, Node, Spanned, Value};

pub(super) const ALLOWED: Allowed =
    Allowed { what: "a hook", keys: &[&["description", "args", "returns"]], later: &[], elsewhere: &[] };

pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Hook> {
    let name = values::key(member);
    let named = values::name(&name, "a hook", out);
    let (mut description, mut args, mut returns) = (None, Vec::new(), None);
    for entry in members(&member.value, &ALLOWED, out) {
        match &*entry.key {
            "description" => description = values::plain_text(entry, out),
            "args" => {
                for arg in values::entries(entry, "types by name", out) {
                    let name = values::key(arg);
                    if is_arg_name(&name, out)
                        && let Some(schema) = type_of(arg, out)
                    {
                        args.push((name, schema));
                    }
                }
            }
            _ => returns = input::schema(entry, out),
        }
    }
    if member.value.as_object().is_some() && member.value.get("returns").is_none() {
        let message = format!("the hook `{}` does not say what it `returns`", name.value);
        let found = Diagnostic::error("BFF0305", message, member.key_span);
        out.push(found.help("Write its type: `returns: {type: string}`."));
    }
    let returns = returns?;
    named.then_some(Hook { name, description, args, returns })
}

/// Arguments are names of the Rust function, not of expressions: `path` is fine here.
fn is_arg_name(name: &Spanned<String>, out: &mut Vec<Diagnostic>) -> bool {
    let right = values::is_identifier(&name.value);
    if !right {
        let message = format!("`{}` cannot be the name of an argument", name.value);
        let found = Diagnostic::error("BFF0308", message, name.span);
        out.push(found.help("Names are made of letters, digits and `_`, and begin with a letter."));
    }
    right
}

/// A type: a schema, or a reference as text.
pub(super) fn type_of(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Node> {
    match &member.value.value {
        Value::Object(_) => Some(member.value.clone()),
        Value::String(text) => input::is_reference(&text.value, &member.value, out).then(|| member.value.clone()),
        _ => {
            let wants = "a schema: `{type: integer}`, or `users#/components/schemas/User`";
            out.push(wrong_kind(&member.value, &member.key, wants));
            None
        }
    }
}
