//! Parameters of Swagger 2.0: those of a body or form become a request body.

use super::{Lift, flag, node_at, object, said, text};
use crate::source::{Member, Node, Span, Value};

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

impl<'a> Lift<'a> {
    /// A list without the parameters that are the body.
    pub(super) fn parameter_list(&mut self, node: &'a Node) -> Node {
        let Some(items) = node.as_array() else { return node.clone() };
        let mut kept = Vec::new();
        for item in items {
            if !in_body(self.followed(item)) {
                kept.push(self.node(item));
            }
        }
        node_at(node.span, Value::Array(kept))
    }

    /// A parameter: what it says of its value becomes a schema. One of a body has its schema already, and
    /// stays for those who refer to it.
    pub(super) fn parameter(&mut self, node: &'a Node) -> Node {
        if node.get("in").and_then(Node::as_str) == Some("body") {
            return self.members(node, node.as_object().unwrap_or_default());
        }
        const OUTSIDE: [&str; 7] =
            ["name", "in", "required", "description", "allowEmptyValue", "collectionFormat", "deprecated"];
        let members = node.as_object().unwrap_or_default();
        let outside = |member: &&Member| OUTSIDE.contains(&&*member.key) || member.key.starts_with("x-");
        let mut lifted: Vec<Member> = members.iter().filter(outside).cloned().collect();
        let place = node.get("in").and_then(Node::as_str).unwrap_or("");
        lifted.extend(style(node, place));
        lifted.push(said("schema", node.span, self.value_schema(node)));
        node_at(node.span, Value::Object(lifted))
    }

    /// The schema that a parameter or header holds within itself.
    pub(super) fn value_schema(&mut self, node: &'a Node) -> Node {
        const NOT_SCHEMA: [&str; 6] = ["name", "in", "required", "description", "allowEmptyValue", "collectionFormat"];
        let members = node.as_object().unwrap_or_default();
        let mut schema = Vec::new();
        for member in members.iter().filter(|member| !NOT_SCHEMA.contains(&&*member.key)) {
            let (key, key_span) = (member.key.clone(), member.key_span);
            match (&*member.key, member.value.as_str()) {
                ("type", Some("file")) => schema.extend(bytes(member.key_span)),
                ("x-nullable", _) => schema.push(said("nullable", key_span, member.value.clone())),
                (name, _) if name.starts_with("x-") => {}
                _ => schema.push(Member { key, key_span, value: member.value.clone() }),
            }
        }
        object(node.span, schema)
    }

    /// The body of an operation, from its parameters and its path item's.
    pub(super) fn request_body(&mut self, operation: &'a Node, shared: &'a [Node]) -> Option<Member> {
        let own = operation.get("parameters").and_then(Node::as_array).unwrap_or_default();
        let mut all: Vec<(&'a Node, &'a Node)> = Vec::new();
        for written in shared.iter().chain(own) {
            let node = self.followed(written);
            let same = |(_, other): &(&Node, &Node)| {
                other.get("name").and_then(Node::as_str) == node.get("name").and_then(Node::as_str)
            };
            match all.iter().position(same) {
                Some(at) if in_body(node) => all[at] = (written, node),
                _ if in_body(node) => all.push((written, node)),
                _ => {}
            }
        }
        let consumes: Vec<&Node> = match operation.get("consumes").and_then(Node::as_array) {
            Some(list) => list.iter().collect(),
            None => self.consumes.clone(),
        };
        let body = all.iter().rev().find(|(_, node)| node.get("in").and_then(Node::as_str) == Some("body"));
        if let Some((written, node)) = body {
            let span = written.span;
            let schema = match written.get("$ref") {
                Some(_) => reference_to_schema(written),
                None => node.get("schema").map(|schema| self.node(schema)),
            };
            let media = |_: &str| object(span, schema.iter().map(|s| said("schema", span, s.clone())).collect());
            let content = self.content(&consumes, "application/json", span, &media);
            let mut members = vec![content];
            members.extend(["description", "required"].iter().filter_map(|key| node.member(key).cloned()));
            return Some(said("requestBody", span, object(span, members)));
        }
        let first = all.first()?.0;
        Some(self.form(operation.span, first.span, &all, &consumes))
    }

    /// `formData` parameters as the properties of an object.
    fn form(&mut self, whole: Span, span: Span, all: &[(&'a Node, &'a Node)], consumes: &[&'a Node]) -> Member {
        let (mut properties, mut required, mut encoding) = (Vec::new(), Vec::new(), Vec::new());
        let mut files = false;
        for (written, node) in all {
            let Some(name) = node.member("name") else { continue };
            let text_of_name = name.value.as_str().unwrap_or("");
            files |= node.get("type").and_then(Node::as_str) == Some("file");
            let schema = match written.get("$ref") {
                Some(_) => reference_to_schema(written).unwrap_or_else(|| (*written).clone()),
                None => self.value_schema(node),
            };
            properties.push(said(text_of_name, name.value.span, schema));
            if node.get("required").and_then(Node::as_bool) == Some(true) {
                required.push(name.value.clone());
            }
            let style = style(node, "query");
            if !style.is_empty() {
                encoding.push(said(text_of_name, name.value.span, object(node.span, style)));
            }
        }
        let any = !required.is_empty();
        let schema = object(
            whole,
            vec![
                said("type", span, text(span, "object")),
                said("properties", span, object(span, properties)),
                said("required", span, node_at(span, Value::Array(required))),
            ],
        );
        let media = |_: &str| {
            let mut members = vec![said("schema", span, schema.clone())];
            if !encoding.is_empty() {
                members.push(said("encoding", span, object(span, encoding.clone())));
            }
            object(span, members)
        };
        let essence = |node: &&Node| node.as_str().unwrap_or("").split(';').next().unwrap_or("").trim().to_owned();
        let fits = |node: &&&Node| {
            let essence = essence(node);
            essence == MULTIPART || (essence == FORM && !files)
        };
        let types: Vec<&Node> = consumes.iter().filter(fits).copied().collect();
        let content = self.content(&types, if files { MULTIPART } else { FORM }, span, &media);
        said("requestBody", span, object(span, vec![content, said("required", span, flag(span, any))]))
    }
}

fn in_body(node: &Node) -> bool {
    matches!(node.get("in").and_then(Node::as_str), Some("body" | "formData"))
}

/// The schema within a parameter that is referred to: pointers go on where references lead.
fn reference_to_schema(written: &Node) -> Option<Node> {
    let reference = written.get("$ref")?;
    let whole = reference.as_str()?;
    let whole = if whole.contains('#') { whole.to_owned() } else { format!("{whole}#") };
    let to = format!("{}/schema", whole.trim_end_matches('/'));
    Some(object(written.span, vec![said("$ref", reference.span, text(reference.span, &to))]))
}

/// `type: file`.
pub(super) fn bytes(span: Span) -> Vec<Member> {
    vec![said("type", span, text(span, "string")), said("format", span, text(span, "binary"))]
}

/// `collectionFormat` as `style` and `explode`; `csv` unless it says otherwise.
fn style(node: &Node, place: &str) -> Vec<Member> {
    let format = node.get("collectionFormat");
    let list = node.get("type").and_then(Node::as_str) == Some("array");
    if !list || !matches!(place, "query" | "formData") {
        return Vec::new();
    }
    let span = format.map_or(node.span, |format| format.span);
    let (style, explode) = match format.and_then(Node::as_str) {
        None | Some("csv") => ("form", false),
        Some("multi") => ("form", true),
        Some("ssv") => ("spaceDelimited", false),
        Some("pipes") => ("pipeDelimited", false),
        // `tsv` has no like; the reader of styles says so
        Some(other) => (other, false),
    };
    vec![said("style", span, text(span, style)), said("explode", span, flag(span, explode))]
}
