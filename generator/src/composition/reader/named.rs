//! Reads a named shape: `OrderCard(o: orders#/components/schemas/Order)`, or its long form with `params` and `shape`.

use super::keys::key_place;
use super::{hook, input, shape, values};
use crate::composition::ast::NamedShape;
use crate::diag::Diagnostic;
use crate::source::{Member, Node, Spanned, Text, Value};

type Params = Vec<(Spanned<String>, Node)>;

pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<NamedShape> {
    let (name, params) = head(member, out)?;
    let named = values::name(&name, "a shape", out);
    let long = member.value.as_object().filter(|all| {
        params.is_none()
            && all.len() == 2
            && member.value.get("params").is_some()
            && member.value.get("shape").is_some()
    });
    let (params, shape) = match long.and_then(|_| Some((member.value.member("params")?, member.value.get("shape")?))) {
        Some((params, shape)) => (long_params(params, out), shape),
        None => (params.unwrap_or_default(), &member.value),
    };
    let shape = shape::read(shape, out)?;
    named.then_some(NamedShape { name, params, shape })
}

fn long_params(member: &Member, out: &mut Vec<Diagnostic>) -> Params {
    let mut all = Vec::new();
    for entry in values::entries(member, "types by name", out) {
        let name = values::key(entry);
        if values::variable(&name, "a parameter", out)
            && let Some(schema) = hook::type_of(entry, out)
        {
            all.push((name, schema));
        }
    }
    all
}

/// Name and, where there are parentheses, parameters of the key.
fn head(member: &Member, out: &mut Vec<Diagnostic>) -> Option<(Spanned<String>, Option<Params>)> {
    let (key, place) = (&*member.key, key_place(member));
    let Some(open) = key.find('(') else { return Some((values::key(member), None)) };
    let name = Spanned::new(key[..open].trim_end().to_owned(), place.span(0, key[..open].trim_end().len()));
    let Some(inner) = key[open + 1..].strip_suffix(')') else {
        let found = Diagnostic::error("BFF0338", format!("`{key}` is not the head of a shape"), member.key_span);
        out.push(found.help(
            "Write `\"OrderCard(o: orders#/components/schemas/Order)\":`, in quotes: YAML takes `: ` for the end of a key.",
        ));
        return None;
    };
    let mut params: Params = Vec::new();
    let mut at = open + 1;
    for part in inner.split(',') {
        let (from, to) = (at, at + part.len());
        at = to + 1;
        if part.trim().is_empty() && params.is_empty() && !inner.contains(',') {
            break;
        }
        let trimmed = |from: usize, text: &str| {
            let start = from + text.len() - text.trim_start().len();
            place.span(start, start + text.trim().len())
        };
        let Some((param, schema)) = part.split_once(':') else {
            let found = Diagnostic::error(
                "BFF0338",
                format!("the parameter `{}` has no type", part.trim()),
                place.span(from, to),
            );
            out.push(found.help("Write `o: orders#/components/schemas/Order`."));
            continue;
        };
        let schema_span = trimmed(from + param.len() + 1, schema);
        let text = Text {
            value: schema.trim().into(),
            verbatim_at: place.is_exact().then_some(schema_span.start),
            pieces: None,
        };
        let node = Node { span: schema_span, value: Value::String(text) };
        let param = Spanned::new(param.trim().to_owned(), trimmed(from, param));
        let named = values::variable(&param, "a parameter", out);
        let typed = input::is_reference(schema.trim(), &node, out);
        if let Some((first, _)) = params.iter().find(|(other, _)| other.value == param.value) {
            out.push(super::top::twice("the parameter", first.span, &param));
        } else if named && typed {
            params.push((param, node));
        }
    }
    Some((name, Some(params)))
}
