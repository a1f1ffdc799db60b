//! Swagger 2.0 in the shape of OpenAPI 3, tree to tree. Places are kept, and so are `definitions`, `parameters`
//! and `responses`, so that references lead where they are written to.

mod parameters;
mod responses;
mod security;

use super::reference::{At, Base, Lookup, follow};
use super::{Files, Method};
use crate::diag::Diagnostic;
use crate::source::{Member, Node, Span, Text, Value};

/// Media types of one body, at most: each holds a copy of the schema.
const MAX_MEDIA_TYPES: usize = 16;

/// What lifting works on.
pub(super) struct Lift<'a> {
    files: &'a Files,
    file: u32,
    /// Media types of bodies that do not say their own.
    consumes: Vec<&'a Node>,
    /// Media types of answers that do not say their own.
    produces: Vec<&'a Node>,
    found: Vec<Diagnostic>,
}

/// Lifts one file of a document. `root`: the document's file, which says the media types for all.
pub(super) fn lift(files: &Files, file: u32, root: u32) -> (Option<Node>, Vec<Diagnostic>) {
    let Some(top) = &files.get(file).root else { return (None, Vec::new()) };
    let said = |key: &str| {
        let list = files.get(root).root.as_ref().and_then(|root| root.get(key)).and_then(Node::as_array);
        list.unwrap_or_default().iter().collect()
    };
    let mut lift = Lift { files, file, consumes: said("consumes"), produces: said("produces"), found: Vec::new() };
    let mut node = lift.node(top);
    if top.get("swagger").is_some()
        && let Value::Object(members) = &mut node.value
    {
        // a document that has these already is of neither version
        members.retain(|member| !matches!(&*member.key, "components" | "servers" | "consumes" | "produces"));
        members.extend(security::components(top));
        members.extend(servers(top));
    }
    (Some(node), lift.found)
}

impl<'a> Lift<'a> {
    /// Any part of a document, recognised by what it has: parts stand in files of their own, too.
    fn node(&mut self, node: &'a Node) -> Node {
        match &node.value {
            Value::Array(items) => node_at(node.span, Value::Array(items.iter().map(|item| self.node(item)).collect())),
            Value::Object(_) if is_path_item(node) => self.path_item(node),
            Value::Object(_) if is_operation(node) => self.operation(node, &[]),
            Value::Object(_) if is_parameter(node) => self.parameter(node),
            Value::Object(_) if is_response(node) => self.response(node, None),
            Value::Object(members) => self.members(node, members),
            _ => node.clone(),
        }
    }

    /// An object that is nothing special: its members, and what schemas say differently.
    fn members(&mut self, node: &'a Node, members: &'a [Member]) -> Node {
        let mut lifted = Vec::with_capacity(members.len());
        for member in members {
            let value = match (&*member.key, &member.value.value) {
                // data, not description
                ("example" | "examples" | "default" | "enum", _) => member.value.clone(),
                (key, _) if key.starts_with("x-") => member.value.clone(),
                ("discriminator", Value::String(_)) => {
                    let span = member.value.span;
                    object(span, vec![said("propertyName", span, member.value.clone())])
                }
                ("paths", Value::Object(items)) => {
                    let item = |member: &'a Member| {
                        let value = match member.value.as_object() {
                            Some(_) => self.path_item(&member.value),
                            None => member.value.clone(),
                        };
                        Member { key: member.key.clone(), key_span: member.key_span, value }
                    };
                    object(member.value.span, items.iter().map(item).collect())
                }
                _ => self.node(&member.value),
            };
            lifted.push(Member { key: member.key.clone(), key_span: member.key_span, value });
        }
        if let Some(flag) = node.member("x-nullable")
            && node.get("nullable").is_none()
        {
            lifted.push(said("nullable", flag.key_span, flag.value.clone()));
        }
        node_at(node.span, Value::Object(lifted))
    }

    fn path_item(&mut self, node: &'a Node) -> Node {
        let shared = node.get("parameters").and_then(Node::as_array).unwrap_or_default();
        let mut lifted = Vec::new();
        for member in node.as_object().unwrap_or_default() {
            let value = if Method::parse(&member.key).is_some() && member.value.as_object().is_some() {
                self.operation(&member.value, shared)
            } else if &*member.key == "parameters" {
                self.parameter_list(&member.value)
            } else {
                self.node(&member.value)
            };
            lifted.push(Member { key: member.key.clone(), key_span: member.key_span, value });
        }
        node_at(node.span, Value::Object(lifted))
    }

    fn operation(&mut self, node: &'a Node, shared: &'a [Node]) -> Node {
        let mut lifted = Vec::new();
        for member in node.as_object().unwrap_or_default() {
            let value = match &*member.key {
                "consumes" | "produces" | "requestBody" => continue,
                "parameters" => self.parameter_list(&member.value),
                "responses" => self.responses(&member.value, node.get("produces").and_then(Node::as_array)),
                _ => member.value.clone(),
            };
            lifted.push(Member { key: member.key.clone(), key_span: member.key_span, value });
        }
        if let Some(body) = self.request_body(node, shared) {
            lifted.push(body);
        }
        node_at(node.span, Value::Object(lifted))
    }

    /// What a parameter or response is in the end, before it is lifted.
    fn followed(&self, node: &'a Node) -> &'a Node {
        // a reference within a parameter is meant as its schema
        if is_parameter(node) {
            return node;
        }
        let mut lookup = Lookup { files: self.files, upstream: &mut |_| None };
        follow(&mut lookup, At { node, base: Base::File(self.file) }).map_or(node, |(at, _)| at.node)
    }

    /// `content` with the same schema for every media type; the fallback where none is said.
    fn content(&mut self, types: &[&'a Node], fallback: &str, span: Span, media: &dyn Fn(&str) -> Node) -> Member {
        let mut members: Vec<Member> = Vec::new();
        for one in types {
            let Some(name) = one.as_str() else { continue };
            if members.iter().any(|member| &*member.key == name) {
                continue;
            }
            if members.len() == MAX_MEDIA_TYPES {
                let message =
                    format!("a body of more than {MAX_MEDIA_TYPES} media types; this and others are left out");
                self.found.push(Diagnostic::warning("BFF0206", message, one.span).help("Name the ones that are used."));
                break;
            }
            members.push(said(name, one.span, media(name)));
        }
        if members.is_empty() {
            members.push(said(fallback, span, media(fallback)));
        }
        said("content", span, object(span, members))
    }
}

fn is_operation(node: &Node) -> bool {
    node.get("responses").is_some_and(|responses| responses.as_object().is_some())
        && node.get("swagger").is_none()
        && node.get("definitions").is_none()
}

fn is_path_item(node: &Node) -> bool {
    let members = node.as_object().unwrap_or_default();
    members.iter().any(|member| Method::parse(&member.key).is_some() && is_operation(&member.value))
}

fn is_parameter(node: &Node) -> bool {
    ["in", "name"].iter().all(|key| node.get(key).and_then(Node::as_str).is_some())
        && node.get("in").and_then(Node::as_str).is_some_and(|place| {
            matches!(place, "path" | "query" | "header" | "formData" | "body")
                && (place == "body" || node.get("type").is_some() || node.get("$ref").is_some())
        })
}

fn is_response(node: &Node) -> bool {
    node.get("description").and_then(Node::as_str).is_some()
        && node.get("schema").is_some_and(|schema| schema.as_object().is_some())
        && node.get("in").is_none()
}

/// `host`, `basePath` and `schemes` as `servers`.
fn servers(root: &Node) -> Option<Member> {
    let host = root.member("host").and_then(|host| Some((host, host.value.as_str()?)));
    let base = root.member("basePath").and_then(|base| Some((base, base.value.as_str()?)));
    let path = base.map_or("", |(_, path)| path.trim_end_matches('/'));
    let span = host.or(base)?.0.value.span;
    let schemes = root.get("schemes").and_then(Node::as_array).unwrap_or_default();
    let mut urls: Vec<String> = match host {
        Some((_, host)) => schemes.iter().filter_map(Node::as_str).map(|s| format!("{s}://{host}{path}")).collect(),
        None => vec![if path.is_empty() { "/".to_owned() } else { path.to_owned() }],
    };
    if let (true, Some((_, host))) = (urls.is_empty(), host) {
        urls.push(format!("//{host}{path}"));
    }
    let server = |url: String| object(span, vec![said("url", span, text(span, &url))]);
    Some(said("servers", span, node_at(span, Value::Array(urls.into_iter().map(server).collect()))))
}

fn node_at(span: Span, value: Value) -> Node {
    Node { span, value }
}

fn object(span: Span, members: Vec<Member>) -> Node {
    node_at(span, Value::Object(members))
}

fn text(span: Span, value: &str) -> Node {
    node_at(span, Value::String(Text { value: value.into(), verbatim_at: None, pieces: None }))
}

fn flag(span: Span, value: bool) -> Node {
    node_at(span, Value::Bool(value))
}

fn said(key: &str, span: Span, value: Node) -> Member {
    Member { key: key.into(), key_span: span, value }
}
