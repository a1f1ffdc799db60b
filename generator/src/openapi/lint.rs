//! Judges a whole document, reached or not: the shape of every object, every reference, every schema.

use std::collections::HashSet;

use super::body::malformed;
use super::careful;
use super::operation::Reading;
use super::shape::{Is, OPENAPI, Object, later};
use super::{At, Base};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Diagnostic, Severity};
use crate::source::{Node, Span, Value};

/// Judges the document in a file. It is of OpenAPI 3; Swagger 2.0 was lifted and is judged by what is read.
pub(super) fn lint(reading: &mut Reading<'_, '_>, file: u32) {
    let Some(root) = &reading.files.get(file).root else { return };
    if root.get("swagger").is_some() {
        return;
    }
    object(reading, At { node: root, base: Base::File(file) }, &OPENAPI, "");
    let containers = ["paths", "components", "webhooks"];
    if containers.iter().all(|key| root.get(key).is_none()) {
        wrong(reading, root, "the document has neither `paths` nor `components` nor `webhooks`".to_owned());
    }
    careful::judge(reading, Base::File(file), root);
    for member in root.get("paths").and_then(Node::as_object).unwrap_or_default() {
        if !member.key.starts_with(['/', 'x']) {
            wrong_at(reading, member.key_span, format!("the path `{}` does not begin with `/`", member.key));
        }
    }
}

fn wrong(reading: &mut Reading<'_, '_>, node: &Node, message: String) {
    wrong_at(reading, Span { end: node.span.start, ..node.span }, message);
}

fn wrong_at(reading: &mut Reading<'_, '_>, span: Span, message: String) {
    reading.found.push(Diagnostic::error("BFF0205", message, span).help("Mend the document."));
}

/// One value. `name` is the way to it, for the names of schemas.
fn value<'a>(reading: &mut Reading<'a, '_>, at: At<'a>, is: &'static Is, what: &str, name: &str) {
    let node = at.node;
    let expected = match is {
        Is::Any => return,
        Is::Text => (!matches!(node.value, Value::String(_))).then_some("string"),
        // `version: 1.0` is so common that it is let pass
        Is::Scalar => matches!(node.value, Value::Array(_) | Value::Object(_) | Value::Null).then_some("string"),
        Is::Flag => node.as_bool().is_none().then_some("boolean"),
        Is::Schema => match node.value {
            Value::Object(_) | Value::Bool(_) => {
                reading.schema(at, name.trim());
                None
            }
            _ => Some("object"),
        },
        Is::List(one) => match node.as_array() {
            Some(items) => return items.iter().for_each(|item| value(reading, at.to(item), one, what, name)),
            None => Some("array"),
        },
        Is::Map(one) => match node.as_object() {
            Some(members) => {
                for member in members.iter().filter(|member| !member.key.starts_with("x-")) {
                    let what = format!("`{}`", member.key);
                    value(reading, at.to(&member.value), one, &what, &format!("{name} {}", member.key));
                }
                return;
            }
            None => Some("object"),
        },
        Is::OrReference(one) if at.reference().is_some() => match reading.follow(at, one.name) {
            // a reference to another part of the document: that part is judged where it stands
            Some((target, _)) if target.node.as_object().is_none() => {
                reading.found.push(malformed(at.node, &format!("what {what} refers to"), "object", false));
                None
            }
            _ => None,
        },
        Is::Of(one) | Is::OrReference(one) => match node.as_object() {
            Some(_) => return object(reading, at, one, name),
            None => Some("object"),
        },
    };
    if let Some(expected) = expected {
        reading.found.push(malformed(node, what, expected, false));
    }
}

fn object<'a>(reading: &mut Reading<'a, '_>, at: At<'a>, is: &'static Object, name: &str) {
    for key in is.required {
        if at.node.get(key).is_none() {
            wrong(reading, at.node, format!("{} has no `{key}`", is.name));
        }
    }
    for member in at.node.as_object().unwrap_or_default() {
        match is.keys.iter().find(|(key, _)| *key == &*member.key) {
            Some((key, one)) => {
                if let Some(since) = later(key, is.name).filter(|since| *since > reading.files.minor(at.base)) {
                    let message = format!("`{key}` of {} is of OpenAPI 3.{since}, and this document is older", is.name);
                    let help = "Take it out, or let `openapi` name the version that has it.";
                    reading.found.push(Diagnostic::error("BFF0205", message, member.key_span).help(help));
                }
                let what = format!("`{key}` of {}", is.name);
                value(reading, at.to(&member.value), one, &what, &format!("{name} {key}"));
            }
            None if member.key.starts_with("x-") => {}
            None => {
                let message = format!("{} has no key `{}` in OpenAPI", is.name, member.key);
                let keys = is.keys.iter().map(|(key, _)| *key);
                let near = did_you_mean(&member.key, keys);
                let mut found = Diagnostic::error("BFF0205", message, member.key_span);
                found = match near {
                    Some(near) => found.help(format!("Did you mean `{near}`?")),
                    None => found.help("Remove it, or let its name begin with `x-`."),
                };
                reading.found.push(found);
            }
        }
    }
    if let Some(rule) = is.rule {
        rule(at.node, &mut |node, message| wrong(reading, node, message));
    }
}

/// What is judged here is an error, also where only what is reached would be.
pub(crate) fn harden(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut said: HashSet<(&'static str, Option<Span>, String)> = HashSet::new();
    let mut all = Vec::with_capacity(found.len());
    for mut one in found {
        if one.code.starts_with("BFF020") && one.severity == Severity::Warning {
            one.severity = Severity::Error;
        }
        if said.insert((one.code, one.labels.first().map(|label| label.span), one.message.clone())) {
            all.push(one);
        }
    }
    all
}
