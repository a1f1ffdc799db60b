//! Reads a call, in short (`profile: users.getProfile`) and in long form.

use super::keys::{Allowed, clash, members, wrong_kind};
use super::{endpoint, operation, paginate, policies, shape, stream, values};
use crate::composition::ast::{Call, Each, OperationRef, Policies};
use crate::diag::Diagnostic;
use crate::expr::parse_each;
use crate::source::{Member, Spanned, Value};

pub(super) const ALLOWED: Allowed = Allowed {
    what: "a call",
    keys: &[
        &[
            "operation",
            "with",
            "headers",
            "body",
            "when",
            "each",
            "key",
            "concurrency",
            "max",
            "batch",
            "after",
            "stream",
            "paginate",
        ],
        policies::KEYS,
    ],
    later: &[policies::LATER],
    elsewhere: &[],
};

pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Call> {
    let name = values::key(member);
    let named = values::variable(&name, "a call", out);
    let span = member.key_span.to(member.value.span);
    let call = match &member.value.value {
        Value::String(_) => empty(name, operation::read(&member.value, &member.key, out)?, span),
        Value::Object(_) => long(name, member, out)?,
        _ => {
            out.push(wrong_kind(&member.value, &member.key, "an operation like `users.getUser`, or a mapping"));
            return None;
        }
    };
    named.then_some(call)
}

fn empty(name: Spanned<String>, operation: OperationRef, span: crate::source::Span) -> Call {
    Call {
        name,
        operation,
        with: Vec::new(),
        headers: Vec::new(),
        body: None,
        when: None,
        each: None,
        batch: None,
        after: None,
        stream: None,
        paginate: None,
        policies: Policies::default(),
        span,
    }
}

fn long(name: Spanned<String>, member: &Member, out: &mut Vec<Diagnostic>) -> Option<Call> {
    let known = members(&member.value, &ALLOWED, out);
    let find = |key: &str| known.iter().copied().find(|entry| &*entry.key == key);
    let operation = find("operation");
    if operation.is_none() {
        let message = format!("the call `{}` does not say which `operation` it calls", name.value);
        out.push(Diagnostic::error("BFF0305", message, member.key_span).help("Write `operation: users.getUser`."));
    }
    let operation = operation.and_then(|entry| operation::read(&entry.value, "operation", out));
    let policies = policies::read(&known, out);
    let with = find("with").map(|entry| arguments(entry, out)).unwrap_or_default();
    let body = find("body").and_then(|entry| shape::read(&entry.value, out));
    let when = find("when").and_then(|entry| values::expression(&entry.value, "when", out));
    let each = match find("each") {
        Some(entry) => each(entry, &known, out),
        None => {
            for lone in known.iter().filter(|entry| matches!(&*entry.key, "key" | "concurrency" | "max" | "batch")) {
                out.push(
                    clash(format!("`{}` stands without `each`", lone.key), lone)
                        .help("It says something about the elements of `each: o in orders.items`."),
                );
            }
            None
        }
    };
    let after = find("after").map(|entry| values::texts(entry, out));
    let mut call = empty(name, operation?, member.key_span.to(member.value.span));
    (call.with, call.body, call.when, call.each, call.policies) = (with, body, when, each, policies);
    call.after = after;
    call.batch = find("batch").and_then(|entry| super::batch::read(entry, out));
    call.paginate = find("paginate").and_then(|entry| paginate::read(entry, out));
    call.stream = find("stream").and_then(|entry| stream::read(entry, out));
    call.headers = find("headers").map(|entry| endpoint::headers(entry, out)).unwrap_or_default();
    Some(call)
}

fn arguments(member: &Member, out: &mut Vec<Diagnostic>) -> Vec<(Spanned<String>, crate::composition::ast::Shape)> {
    let entries = values::entries(member, "parameters: `{limit: query.limit}`", out);
    entries.iter().filter_map(|entry| Some((values::key(entry), shape::read(&entry.value, out)?))).collect()
}

/// `each: o in orders.items` with its companions.
fn each(member: &Member, known: &[&Member], out: &mut Vec<Diagnostic>) -> Option<Each> {
    let parts = values::snippet(&member.value, "each", "`x in list`", parse_each, out);
    let (mut key, mut concurrency, mut max) = (None, None, None);
    for entry in known {
        match &*entry.key {
            "key" => key = values::expression(&entry.value, "key", out),
            "concurrency" => concurrency = values::number(entry, 1, 256, out),
            "max" => max = values::number(entry, 1, 10_000, out),
            _ => {}
        }
    }
    let (variable, list) = parts?;
    values::variable(&variable, "an element", out).then_some(Each { variable, list, key, concurrency, max })
}
