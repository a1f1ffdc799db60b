//! Schemas that are written in the composition: what of them can never be, at its place.

use std::collections::HashSet;

use super::constants;
use super::scope::Env;
use crate::diag::{Diagnostic, Severity};
use crate::schema::{Kind, SchemaId, contradictions, pattern};
use crate::source::{Node, Span};

/// Judges a schema and those within it, as far as they stand in the composition.
pub fn judge(env: &mut Env, node: &Node, root: SchemaId) {
    let mut seen = HashSet::new();
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        let schema = env.specs.schemas.get(id);
        let inside = schema.span.source == node.span.source
            && (node.span.start..=node.span.end).contains(&schema.span.start)
            && schema.span.end <= node.span.end;
        if !inside || !seen.insert(id) {
            continue;
        }
        let at = |key: &str| find(node, schema.span).and_then(|own| own.get(key)).map_or(schema.span, |node| node.span);
        open.extend(schema.kind.parts());
        if let Kind::Array(rules) = &schema.kind {
            open.extend(rules.prefix_items.iter().copied().chain([rules.rest]));
        }
        let mut found: Vec<Diagnostic> = contradictions(&env.specs.schemas, id);
        for finding in &mut found {
            finding.severity = Severity::Error;
            finding.help = vec!["every request or value that has it would be refused".into()];
        }
        if let Kind::String(rules) = &schema.kind
            && let Some(Err(why)) = rules.pattern.as_deref().map(pattern::parts)
        {
            let message = format!("this pattern cannot be searched for: {why}");
            let help = "it is a regular expression as in JavaScript, without look-behind and back-references";
            found.push(Diagnostic::error("BFF0405", message, at("pattern")).help(help));
        }
        let default = schema.default.clone().filter(|default| !default.is_null() && found.is_empty());
        let place = at("default");
        if !found.is_empty() {
            env.refused.insert(id);
        }
        env.diags.extend(found);
        if let Some(default) = default {
            constants::judge(env, &default, place, id);
        }
    }
}

/// The node that stands at a place.
fn find(node: &Node, span: Span) -> Option<&Node> {
    if node.span == span {
        return Some(node);
    }
    let members = node.as_object().into_iter().flatten().map(|member| &member.value);
    members.chain(node.as_array().into_iter().flatten()).find_map(|inner| find(inner, span))
}
