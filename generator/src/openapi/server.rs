//! Where a service is reached, as its document says.

use super::body::{malformed, text};
use crate::diag::Diagnostic;
use crate::source::{Node, Span, Value};

/// A server (OpenAPI 3.1, section 4.8.5).
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// As written: perhaps relative, perhaps with `{variables}`.
    pub url: String,
    /// Description.
    pub description: Option<String>,
    /// In the order of the document.
    pub variables: Vec<ServerVariable>,
    /// Where it stands.
    pub span: Span,
}

/// A variable of a server's address.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerVariable {
    /// The name between braces.
    pub name: String,
    /// What to put there unless told otherwise; empty where the document forgot it.
    pub default: String,
    /// `enum`; empty: anything goes.
    pub allowed: Vec<String>,
    /// Description.
    pub description: Option<String>,
}

/// `servers` of a document, a path item or an operation. What is malformed is left out with a lint.
pub(super) fn servers(owner: &Node, found: &mut Vec<Diagnostic>) -> Vec<Server> {
    let Some(node) = owner.get("servers").filter(|node| !matches!(node.value, Value::Null)) else { return Vec::new() };
    let Some(nodes) = node.as_array() else {
        found.push(malformed(node, "`servers`", "array", true));
        return Vec::new();
    };
    let mut all = Vec::new();
    for node in nodes {
        let Some(url) = node.get("url").and_then(Node::as_str) else {
            found.push(malformed(node.get("url").unwrap_or(node), "the `url` of a server", "string", true));
            continue;
        };
        let variables = node.get("variables").and_then(Node::as_object).unwrap_or_default();
        let variables = variables.iter().map(|member| variable(&member.key, &member.value)).collect();
        all.push(Server { url: url.to_owned(), description: text(node, "description"), variables, span: node.span });
    }
    all
}

/// Numbers without quotes (`default: 8443`) are meant as texts.
fn variable(name: &str, node: &Node) -> ServerVariable {
    let plain = |node: &Node| match &node.value {
        Value::String(text) => Some(text.value.to_string()),
        Value::Number(text) => Some(text.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    };
    ServerVariable {
        name: name.to_owned(),
        default: node.get("default").and_then(plain).unwrap_or_default(),
        allowed: node.get("enum").and_then(Node::as_array).unwrap_or_default().iter().filter_map(plain).collect(),
        description: text(node, "description"),
    }
}
