//! Items of lists and how many there may be.

use std::collections::HashSet;

use super::key::{Part, View};
use super::numbers::count;
use super::reader::Reader;
use super::{ArrayRules, Kind, SchemaId, Tell, UnionRules, flatten};
use crate::openapi::At;
use crate::source::{Node, Span};

/// Combines what all parts say.
pub(super) fn rules<'a>(reader: &mut Reader<'a, '_>, owns: &[At<'a>], name: &str) -> ArrayRules {
    let span = owns[0].node.span;
    let name = format!("{name} item");
    let mut prefixes: Vec<Vec<At<'a>>> = Vec::new();
    for (at, node) in flatten::all(owns, "prefixItems") {
        for (i, item) in node.as_array().unwrap_or_default().iter().enumerate() {
            prefixes.resize_with(prefixes.len().max(i + 1), Vec::new);
            prefixes[i].push(at.to(item));
        }
    }
    let rest: Vec<At<'a>> =
        flatten::all(owns, "items").filter(|(_, node)| !empty(node)).map(|(at, node)| at.to(node)).collect();
    let rest = if rest.is_empty() { reader.add_kind(span, &name, Kind::Any) } else { reader.all_of(&rest, &name) };
    let prefix_items: Vec<_> =
        prefixes.iter().enumerate().map(|(i, all)| reader.all_of(all, &format!("{name} {}", i + 1))).collect();
    let closed = flatten::all(owns, "items").any(|(_, node)| node.as_bool() == Some(false));
    let said = flatten::all(owns, "items").any(|(_, node)| !empty(node));
    let items = match (prefix_items.is_empty(), said) {
        (true, _) => rest,
        (false, false) => reader.add_kind(span, &name, Kind::Any),
        (false, true) => {
            let all = prefix_items.iter().copied().chain((!closed).then_some(rest)).collect();
            reader.any_of(span, &name, all)
        }
    };
    ArrayRules {
        items,
        prefix_items,
        rest,
        min_items: count(owns, "minItems", true),
        max_items: count(owns, "maxItems", false),
        unique_items: flatten::all(owns, "uniqueItems").any(|(_, node)| node.as_bool() == Some(true)),
    }
}

fn empty(node: &Node) -> bool {
    node.as_object().is_some_and(<[_]>::is_empty)
}

impl<'a> Reader<'a, '_> {
    /// The schema of what is one of these.
    pub(super) fn any_of(&mut self, span: Span, name: &str, mut members: Vec<SchemaId>) -> SchemaId {
        let mut seen = HashSet::new();
        members.retain(|id| seen.insert(*id));
        match members[..] {
            [one] => one,
            _ => {
                let tell = Tell::default();
                let union = UnionRules { members, exactly_one: false, discriminator: None, tell };
                self.add_kind(span, name, Kind::Union(union))
            }
        }
    }

    /// The schema that all of these say together; the same one said twice is that one.
    pub(super) fn all_of(&mut self, nodes: &[At<'a>], name: &str) -> super::SchemaId {
        let mut distinct: Vec<At<'a>> = Vec::new();
        for at in nodes {
            let target = self.canonical(*at).map_or(*at, |canonical| canonical.at);
            let same = |other: &At<'a>| other.node.span == target.node.span || other.node.span == at.node.span;
            if !distinct.iter().any(same) {
                distinct.push(if nodes.len() > 1 { target } else { *at });
            }
        }
        match distinct[..] {
            [one] => {
                // by the node as written, so that a reference keeps its name
                let written = if nodes.len() > 1 { nodes[0] } else { one };
                self.id_of(written, name, false)
            }
            _ => self.intern(distinct.into_iter().map(|at| Part { at, view: View::Whole }).collect(), name, false),
        }
    }
}
