//! Responses of Swagger 2.0: the schema moves into media types.

use super::parameters::bytes;
use super::{Lift, node_at, object, said};
use crate::source::{Member, Node, Value};

impl<'a> Lift<'a> {
    /// `responses` of an operation; by reference or in place.
    pub(super) fn responses(&mut self, node: &'a Node, produces: Option<&'a [Node]>) -> Node {
        let mut lifted = Vec::new();
        for member in node.as_object().unwrap_or_default() {
            let value = if member.key.starts_with("x-") || member.value.get("$ref").is_some() {
                member.value.clone()
            } else {
                self.response(&member.value, produces)
            };
            lifted.push(Member { key: member.key.clone(), key_span: member.key_span, value });
        }
        node_at(node.span, Value::Object(lifted))
    }

    /// One response. Without media types of its own, those of the document count.
    pub(super) fn response(&mut self, node: &'a Node, produces: Option<&'a [Node]>) -> Node {
        let Some(members) = node.as_object() else { return node.clone() };
        let types: Vec<&Node> = produces.map_or_else(|| self.produces.clone(), |list| list.iter().collect());
        let mut lifted = Vec::new();
        for member in members {
            match &*member.key {
                "schema" => {
                    let span = member.value.span;
                    let file = member.value.get("type").and_then(Node::as_str) == Some("file");
                    let schema = if file { object(span, bytes(span)) } else { self.node(&member.value) };
                    let examples = node.get("examples");
                    let media = |name: &str| {
                        let mut media = vec![said("schema", member.key_span, schema.clone())];
                        let example = examples.and_then(|examples| examples.get(name));
                        media.extend(example.map(|example| said("example", example.span, example.clone())));
                        object(span, media)
                    };
                    let fallback = if file { "application/octet-stream" } else { "application/json" };
                    lifted.push(self.content(&types, fallback, member.key_span, &media));
                }
                "headers" => lifted.push(self.headers(member)),
                "examples" | "content" => {}
                _ => lifted.push(member.clone()),
            }
        }
        node_at(node.span, Value::Object(lifted))
    }

    fn headers(&mut self, member: &'a Member) -> Member {
        let Some(members) = member.value.as_object() else { return member.clone() };
        let mut lifted = Vec::new();
        for header in members {
            let node = &header.value;
            let mut parts: Vec<Member> = node.member("description").cloned().into_iter().collect();
            parts.push(said("schema", node.span, self.value_schema(node)));
            lifted.push(Member { key: header.key.clone(), key_span: header.key_span, value: object(node.span, parts) });
        }
        let value = object(member.value.span, lifted);
        Member { key: member.key.clone(), key_span: member.key_span, value }
    }
}
