//! Reads the key of an endpoint, `GET /products/{id}`, and tells routes that collide.

use std::collections::HashMap;

use super::keys::key_place;
use crate::composition::ast::Endpoint;
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::openapi::Method;
use crate::source::{Member, Span, Spanned};

/// Method, path and parameters of an endpoint.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) params: Vec<Spanned<String>>,
}

/// Methods that an endpoint may have.
pub(in crate::composition) const METHODS: [(&str, Method); 6] = [
    ("GET", Method::Get),
    ("POST", Method::Post),
    ("PUT", Method::Put),
    ("PATCH", Method::Patch),
    ("DELETE", Method::Delete),
    ("OPTIONS", Method::Options),
];

/// Reads the key; findings are shown at the part that is wrong.
pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Route> {
    let (key, place) = (&*member.key, key_place(member));
    let Some((method, path)) = key.split_once(' ') else {
        let found = Diagnostic::error("BFF0310", format!("`{key}` is not an endpoint"), member.key_span);
        out.push(found.help("Write a method, a space and a path: `GET /products/{id}`."));
        return None;
    };
    let method = read_method(method, place.span(0, method.len()), out);
    let blanks = path.len() - path.trim_start().len();
    let start = key.len() - path.len() + blanks;
    let path = path.trim();
    let before = out.len();
    let mut params: Vec<Spanned<String>> = Vec::new();
    let mut refuse = |from: usize, to: usize, message: String, help: &str| {
        out.push(Diagnostic::error("BFF0310", message, place.span(start + from, start + to)).help(help));
    };
    if !path.starts_with('/') {
        refuse(0, path.len(), format!("the path `{path}` does not begin with `/`"), "Write `GET /products`.");
        return None;
    }
    let mut at = 1;
    let last = path.matches('/').count();
    for (position, segment) in path[1..].split('/').enumerate() {
        let end = at + segment.len();
        if let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            if !is_param(name) {
                let help = "Names of parameters are made of letters, digits, `_` and `-`, and begin with a letter.";
                refuse(at, end, format!("`{segment}` is not a parameter"), help);
            } else if params.iter().any(|other| other.value == name) {
                refuse(at, end, format!("the parameter `{name}` stands twice in this path"), "Rename one of the two.");
            } else {
                params.push(Spanned::new(name.to_owned(), place.span(start + at + 1, start + end - 1)));
            }
        } else if segment.is_empty() && position + 1 < last {
            refuse(at - 1, end + 1, "the path has an empty segment".to_owned(), "Write one `/` between segments.");
        } else if let Some(help) = literal_problem(segment) {
            refuse(at, end, format!("`{segment}` cannot be a segment of a path"), help);
        }
        at = end + 1;
    }
    let method = method?;
    (out.len() == before).then(|| Route { method, path: path.to_owned(), params })
}

fn read_method(text: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<Method> {
    if let Some((_, method)) = METHODS.iter().find(|(name, _)| *name == text) {
        return Some(*method);
    }
    let found = Diagnostic::error("BFF0310", format!("`{text}` is not a method of an endpoint"), span);
    let names = METHODS.iter().map(|(name, _)| *name);
    out.push(match text.to_ascii_uppercase().as_str() {
        "HEAD" => found.help("A `GET` endpoint answers `HEAD` too."),
        "TRACE" | "CONNECT" => found.help("It would show a client what only servers should see."),
        _ => match did_you_mean(text, names.clone()) {
            Some(near) => found.help(format!("Did you mean `{near}`?")).write(near, span),
            None => found.help(format!("Possible: {}.", names.collect::<Vec<_>>().join(", "))),
        },
    });
    None
}

fn is_param(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// What to do about a segment that is no literal of RFC 3986.
fn literal_problem(segment: &str) -> Option<&'static str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()+,;=@".contains(c);
    if segment == "." || segment == ".." {
        return Some("Clients take such segments out before they send.");
    }
    if segment.starts_with(':') {
        return Some("A parameter stands in braces: `/users/{id}`.");
    }
    for (at, c) in segment.char_indices() {
        match c {
            '{' | '}' => return Some("A parameter takes a whole segment: `/users/{id}`."),
            '?' | '#' => return Some("Query parameters are not part of the key: use `query.name` in an expression."),
            '*' => return Some("A path with any number of segments is not possible."),
            '%' if segment.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())) => {}
            ':' => {}
            c if is_plain(c) => {}
            _ => return Some("Write other characters percent-encoded: `%20` for a space."),
        }
    }
    None
}

/// The routes of a composition by the shape of their paths: no endpoint is held against all the others.
#[derive(Default)]
pub(super) struct Routes(HashMap<String, Alike>);

/// Endpoints whose paths have one shape, by position: the first of all, of each method, and the first whose
/// path is written otherwise than that of the first of all.
struct Alike {
    first: usize,
    methods: Vec<(Method, usize)>,
    otherwise: Option<usize>,
}

impl Routes {
    /// Takes in the endpoint that comes behind the others. The finding, if it cannot stand beside one of them.
    pub(super) fn add(&mut self, endpoint: &Endpoint, others: &[Endpoint]) -> Option<Diagnostic> {
        let at = others.len();
        let none = Alike { first: at, methods: Vec::new(), otherwise: None };
        let alike = self.0.entry(shape(&endpoint.path)).or_insert(none);
        let method = alike.methods.iter().find(|(method, _)| *method == endpoint.method).map(|(_, at)| *at);
        let differs = others.get(alike.first).is_some_and(|first| first.path != endpoint.path);
        let named = if differs { Some(alike.first) } else { alike.otherwise };
        if differs {
            alike.otherwise.get_or_insert(at);
        }
        if method.is_none() {
            alike.methods.push((endpoint.method, at));
        }
        let other = others.get(method.into_iter().chain(named).min()?)?;
        conflict(other, endpoint)
    }
}

/// The finding, if two endpoints whose paths have one shape cannot stand side by side.
fn conflict(other: &Endpoint, endpoint: &Endpoint) -> Option<Diagnostic> {
    let found = if other.method == endpoint.method {
        Diagnostic::error("BFF0311", "two endpoints are on one route: the same requests match both", endpoint.span)
            .help("Take one of the two out, or change its path.")
    } else if other.path != endpoint.path {
        Diagnostic::error("BFF0311", "two methods of one path name its parameters differently", endpoint.span)
            .help("Name them alike in both.")
    } else {
        return None;
    };
    Some(found.label(other.span, "the other one"))
}

/// The path with all parameters alike.
fn shape(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}
