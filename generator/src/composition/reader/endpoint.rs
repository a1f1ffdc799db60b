//! Reads an endpoint.

use super::keys::{Allowed, members, wrong_kind};
use super::{call, input, operation, policies, route, shape, upstream, values};
use crate::composition::ast::{Call, Endpoint, Policies};
use crate::diag::Diagnostic;
use crate::expr::ast::Expr;
use crate::source::{Member, Spanned, Value};

const ALLOWED: Allowed = Allowed {
    what: "an endpoint",
    keys: &[
        &["summary", "description", "id", "tags", "strict", "inputs", "calls", "response", "status", "headers"],
        policies::KEYS,
    ],
    later: &[policies::LATER, &["auth", "require"]],
    elsewhere: &[],
};

pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Endpoint> {
    // The content is read even where the key is wrong, so that all findings come at once.
    let before = out.len();
    let route = route::read(member, out);
    let mut endpoint = Endpoint {
        method: crate::openapi::Method::Get,
        path: String::new(),
        span: member.key_span,
        path_params: Vec::new(),
        summary: None,
        description: None,
        id: None,
        tags: Vec::new(),
        strict: None,
        policies: Policies::default(),
        inputs: Vec::new(),
        calls: Vec::new(),
        response: None,
        status: None,
        headers: Vec::new(),
        short: None,
    };
    if let Some(route) = route {
        endpoint.method = route.method;
        endpoint.path = route.path;
        endpoint.path_params = route.params;
    }
    match &member.value.value {
        Value::String(_) => {
            endpoint.short = operation::read(&member.value, &member.key, out);
            endpoint.short.as_ref()?;
        }
        Value::Object(_) => content(&mut endpoint, member, out),
        _ => {
            let wants = "a mapping, or one operation like `users.getUser`";
            out.push(wrong_kind(&member.value, &member.key, wants));
            return None;
        }
    }
    if endpoint.path.is_empty() {
        debug_assert!(out.len() > before, "an endpoint is left out with a reason");
        return None;
    }
    Some(endpoint)
}

fn content(endpoint: &mut Endpoint, member: &Member, out: &mut Vec<Diagnostic>) {
    let known = members(&member.value, &ALLOWED, out);
    endpoint.policies = policies::read(&known, out);
    for entry in &known {
        match &*entry.key {
            "summary" => endpoint.summary = values::plain_text(entry, out),
            "description" => endpoint.description = values::plain_text(entry, out),
            "id" => endpoint.id = values::text(entry, out).filter(|id| values::name(id, "an endpoint", out)),
            "tags" => endpoint.tags = values::texts(entry, out).into_iter().map(|tag| tag.value).collect(),
            "strict" => endpoint.strict = values::flag(entry, out).map(|flag| flag.value),
            "inputs" => endpoint.inputs = input::read(entry, endpoint, out),
            "calls" => endpoint.calls = calls(entry, out),
            "response" => endpoint.response = shape::read(&entry.value, out),
            "status" => {
                let status = values::number(entry, 200, 399, out);
                endpoint.status = status.map(|status| Spanned::new(status.value as u16, status.span));
            }
            "headers" => endpoint.headers = headers(entry, out),
            _ => {}
        }
    }
    if member.value.get("response").is_none() && member.value.get("status").is_none() {
        out.push(
            Diagnostic::error("BFF0305", "this endpoint does not say what it answers", member.key_span)
                .help("Write a `response:`, or `status: 204` where the answer has no body."),
        );
    }
}

fn calls(member: &Member, out: &mut Vec<Diagnostic>) -> Vec<Call> {
    let entries = values::entries(member, "calls by name: `profile: users.getProfile`", out);
    entries.iter().filter_map(|entry| call::read(entry, out)).collect()
}

/// Headers by name, each with its expression.
pub(super) fn headers(member: &Member, out: &mut Vec<Diagnostic>) -> Vec<(Spanned<String>, Expr)> {
    let mut all = Vec::new();
    for entry in values::entries(member, "headers by name", out) {
        let name = upstream::header_name(entry, out);
        let value = values::expression(&entry.value, &entry.key, out);
        if let (Some(name), Some(value)) = (name, value) {
            all.push((name, value));
        }
    }
    all
}
