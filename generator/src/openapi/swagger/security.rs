//! `securityDefinitions` as `components/securitySchemes`.

use super::{object, said, text};
use crate::source::{Member, Node};

/// `components`, where the document has something for it.
pub(super) fn components(root: &Node) -> Option<Member> {
    let definitions = root.member("securityDefinitions")?;
    let span = definitions.key_span;
    let schemes = definitions.value.as_object()?.iter().map(|member| Member {
        key: member.key.clone(),
        key_span: member.key_span,
        value: scheme(&member.value),
    });
    let schemes = said("securitySchemes", span, object(definitions.value.span, schemes.collect()));
    Some(said("components", span, object(definitions.value.span, vec![schemes])))
}

fn scheme(node: &Node) -> Node {
    let kind = node.get("type");
    let span = kind.map_or(node.span, |kind| kind.span);
    let mut members: Vec<Member> = node.member("description").cloned().into_iter().collect();
    match kind.and_then(Node::as_str) {
        Some("basic") => {
            members.push(said("type", span, text(span, "http")));
            members.push(said("scheme", span, text(span, "basic")));
        }
        Some("oauth2") => {
            members.push(said("type", span, text(span, "oauth2")));
            let flow = match node.get("flow").and_then(Node::as_str) {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some(other) => other,
                None => "implicit",
            };
            let keys = ["authorizationUrl", "tokenUrl", "scopes"];
            let parts = keys.iter().filter_map(|key| node.member(key).cloned()).collect();
            let flows = object(span, vec![said(flow, span, object(node.span, parts))]);
            members.push(said("flows", span, flows));
        }
        _ => return node.clone(),
    }
    object(node.span, members)
}
