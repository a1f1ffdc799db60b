//! Reads an upstream.

use super::keys::{Allowed, members};
use super::{path, policies, shape, values};
use crate::composition::ast::{Shape, Upstream, UpstreamAuth};
use crate::diag::Diagnostic;
use crate::source::{Member, Node, Spanned, Value};

pub(super) const ALLOWED: Allowed = Allowed {
    what: "an upstream",
    keys: &[&["spec", "overlay", "url", "headers", "auth"], policies::KEYS],
    later: &[policies::LATER],
    elsewhere: &[],
};

/// Reads the upstream that stands in the file `from`.
pub(super) fn read(from: &str, member: &Member, out: &mut Vec<Diagnostic>) -> Option<Upstream> {
    let name = values::key(member);
    let named = values::name(&name, "an upstream", out);
    if let Some(file) = member.value.as_str() {
        let message = format!("the upstream `{}` is a mapping, this is a text", name.value);
        let found = Diagnostic::error("BFF0304", message, member.value.span);
        let right = format!("{{ spec: {file} }}");
        out.push(
            found.help(format!("Write `{right}`.")).fix("name the document as `spec`", member.value.span, right).safe(),
        );
        return None;
    }
    let known = members(&member.value, &ALLOWED, out);
    let mut upstream = Upstream {
        name,
        spec: Spanned::new(String::new(), member.key_span),
        overlays: Vec::new(),
        url: None,
        headers: Vec::new(),
        auth: None,
        policies: policies::read(&known, out),
    };
    let mut spec = None;
    for entry in &known {
        match &*entry.key {
            "spec" => spec = document(from, entry, out),
            "overlay" => upstream.overlays = overlays(from, entry, out),
            "url" => upstream.url = url(entry, out),
            "headers" => upstream.headers = headers(entry, out),
            "auth" => upstream.auth = auth(entry, out),
            _ => {}
        }
    }
    if member.value.as_object().is_some() && member.value.get("spec").is_none() {
        let message = format!("the upstream `{}` has no `spec`", upstream.name.value);
        out.push(
            Diagnostic::error("BFF0305", message, member.key_span)
                .help("Name its OpenAPI document: `spec: ../specs/users.yaml`."),
        );
    }
    upstream.spec = spec?;
    named.then_some(upstream)
}

fn document(from: &str, member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let text = values::text(member, out)?;
    let problem = if text.value.contains("://") {
        "documents are read from files, not from the net"
    } else if text.value.is_empty() {
        "the path of the document is empty"
    } else {
        return Some(Spanned::new(path::resolve(from, &text.value), text.span));
    };
    let found = Diagnostic::error("BFF0307", problem, text.span);
    out.push(found.help("Keep the document beside the composition, so that every build reads the same one."));
    None
}

/// One path, or a list of them.
fn overlays(from: &str, member: &Member, out: &mut Vec<Diagnostic>) -> Vec<Spanned<String>> {
    let Some(items) = member.value.as_array() else { return document(from, member, out).into_iter().collect() };
    let one = |item: &Node| Member { key: member.key.clone(), key_span: member.key_span, value: item.clone() };
    items.iter().filter_map(|item| document(from, &one(item), out)).collect()
}

/// `${USERS_URL:-http://localhost:4001}`
fn url(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let text = values::text(member, out)?;
    let value = text.value.as_str();
    let starts = ["http://", "https://", "${"].iter().any(|start| value.starts_with(start));
    if starts && !value.contains(char::is_whitespace) && variables_are_closed(value) {
        return Some(text);
    }
    out.push(
        Diagnostic::error("BFF0307", format!("`{value}` is not an address"), text.span)
            .help("Write `https://users.internal`, `${USERS_URL}`, or `${USERS_URL:-http://localhost:4001}`."),
    );
    None
}

fn variables_are_closed(mut text: &str) -> bool {
    while let Some(at) = text.find("${") {
        let Some(length) = text[at..].find('}') else { return false };
        let inner = &text[at + 2..at + length];
        let name = inner.split_once(":-").map_or(inner, |(name, _)| name);
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return false;
        }
        text = &text[at + length + 1..];
    }
    true
}

/// Headers that the HTTP client writes itself.
pub(in crate::composition) const OWN_HEADERS: [&str; 7] =
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "keep-alive"];

fn headers(member: &Member, out: &mut Vec<Diagnostic>) -> Vec<(Spanned<String>, Shape)> {
    let mut all = Vec::new();
    for entry in values::entries(member, "headers by name", out) {
        let named = header_name(entry, out);
        let shape = shape::read(&entry.value, out);
        if let (Some(name), Some(shape)) = (named, shape) {
            all.push((name, shape));
        }
    }
    all
}

/// The name of a header that may be set.
pub(super) fn header_name(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let name = &*member.key;
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let problem = if name.is_empty() || !name.bytes().all(is_token) {
        "is not the name of a header"
    } else if OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name)) {
        "is written by the server and the client themselves"
    } else {
        return Some(values::key(member));
    };
    out.push(Diagnostic::error("BFF0308", format!("`{name}` {problem}"), member.key_span));
    None
}

fn auth(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<UpstreamAuth>> {
    const LATER: [&str; 5] = ["client_credentials", "exchange", "header", "mtls", "none"];
    if let Value::Object(_) = &member.value.value {
        let found = Diagnostic::error("BFF0306", "`auth` with settings is not supported yet", member.value.span);
        out.push(found.help("Possible now: `auth: forward` passes the caller's `Authorization` on."));
        return None;
    }
    values::word(member, &[("forward", UpstreamAuth::Forward)], &LATER, out)
}
