//! `allOf` and references beside other keywords: everything that must hold at once, as one flat list.

use std::collections::HashSet;
use std::rc::Rc;

use super::contradictions::contradiction;
use super::key::{Part, View};
use super::reader::Reader;
use super::types::is_null_schema;
use crate::diag::{Diagnostic, Severity};
use crate::openapi::{At, malformed, nullable, ref_siblings_assert};
use crate::source::{Node, Span, Value};

/// Nodes that one schema may combine, at most: in a chain of `allOf`, each holds all that is behind it.
pub(super) const MAX_PARTS: usize = 256;

/// Nodes all of which must hold.
pub(super) struct Flat<'a> {
    /// Nodes whose own keywords hold, the outermost first. What they combine is listed apart.
    pub(super) owns: Vec<At<'a>>,
    /// `oneOf` and `anyOf` of at least two members other than null.
    pub(super) unions: Vec<Union<'a>>,
    /// `oneOf` and `anyOf` of nothing but null.
    pub(super) only_null: Vec<Union<'a>>,
    /// `false` is among them.
    pub(super) never: bool,
    /// Null is allowed though a part speaks of another type (`nullable` of OpenAPI 3.0, `anyOf` with null).
    pub(super) null: bool,
    /// Parts that could not be found.
    pub(super) missing: Vec<(String, Span)>,
    /// There are more than [`MAX_PARTS`].
    pub(super) too_many: bool,
    /// Where the whole stands.
    pub(super) span: Span,
    seen: HashSet<Span>,
    owned: HashSet<Span>,
}

/// A `oneOf` or `anyOf`.
#[derive(Clone)]
pub(super) struct Union<'a> {
    /// The schema that has it.
    pub(super) at: At<'a>,
    /// [`View::OneOf`] or [`View::AnyOf`].
    pub(super) view: View,
    /// Without null.
    pub(super) members: Vec<At<'a>>,
    /// Where the keyword stands.
    pub(super) span: Span,
}

/// Flattens parts.
pub(super) fn flatten<'a>(reader: &mut Reader<'a, '_>, parts: &[Part<'a>]) -> Flat<'a> {
    let span = parts[0].at.node.span;
    let mut flat = Flat {
        owns: Vec::new(),
        unions: Vec::new(),
        only_null: Vec::new(),
        never: false,
        null: false,
        missing: Vec::new(),
        too_many: false,
        span,
        seen: HashSet::new(),
        owned: HashSet::new(),
    };
    // a list instead of recursion: references can chain as long as they like
    let mut open: Vec<Part<'a>> = parts.iter().rev().copied().collect();
    // Where each part was found: of those that wait, and of those that were read.
    let mut from: Vec<Option<usize>> = vec![None; open.len()];
    let mut way: Vec<(Part<'a>, Option<usize>)> = Vec::new();
    while let Some(part) = open.pop() {
        let found_in = from.pop().flatten();
        if part.view == View::Whole && leads_back(&way, found_in, part.at.node.span) {
            circle(reader, part.at);
            continue;
        }
        way.push((part, found_in));
        if flat.seen.len() > MAX_PARTS {
            flat.too_many = true;
            return flat;
        }
        match part.view {
            View::Whole | View::Plain => whole(reader, &mut flat, part.at, &mut open),
            View::Own => add_own(&mut flat, part.at),
            View::OneOf | View::AnyOf => union(reader, &mut flat, part, &mut open),
            View::Notes => {}
        }
        from.resize(open.len(), Some(way.len() - 1));
    }
    drop_own_unions(reader, &mut flat);
    flat
}

/// Whether a node is one of those that led to it, by references and `allOf` alone.
fn leads_back(way: &[(Part, Option<usize>)], mut found_in: Option<usize>, node: Span) -> bool {
    while let Some((part, before)) = found_in.and_then(|at| way.get(at)) {
        match part.view {
            // A base may be one of its own heirs.
            View::OneOf | View::AnyOf => return false,
            _ if part.at.node.span == node => return true,
            _ => found_in = *before,
        }
    }
    false
}

/// Says that a schema is all of itself. That part says nothing: it is left out.
fn circle<'a>(reader: &mut Reader<'a, '_>, at: At<'a>) {
    if !reader.interned.circles.insert(at.node.span) {
        return;
    }
    let message = "this schema is `allOf` of itself, directly or by way of others";
    reader.found.push(
        Diagnostic::warning("BFF0204", message, at.node.span)
            .help("That part says nothing, and is left out: take the reference back to it out of the document."),
    );
}

fn add_own<'a>(flat: &mut Flat<'a>, at: At<'a>) {
    if flat.owned.insert(at.node.span) {
        flat.owns.push(at);
    }
}

fn whole<'a>(reader: &mut Reader<'a, '_>, flat: &mut Flat<'a>, at: At<'a>, open: &mut Vec<Part<'a>>) {
    if !flat.seen.insert(at.node.span) {
        return;
    }
    match at.node.value {
        Value::Bool(true) => return,
        Value::Bool(false) => {
            flat.never = true;
            return;
        }
        Value::Object(_) => {}
        _ => {
            reader.found.push(malformed(at.node, "a schema", "object", true));
            return;
        }
    }
    let dialect = reader.dialect(at);
    if let Some(reference) = at.reference() {
        match reader.target(at, reference) {
            Ok((target, _, _)) => open.push(Part { at: target, view: View::Whole }),
            Err((what, mut why)) => {
                // the schema is known but for this part; what the part would have said is not checked
                why.severity = Severity::Warning;
                reader.found.push(why.help("This part of the schema is left out."));
                flat.missing.push((what, at.node.span));
            }
        }
        if !ref_siblings_assert(dialect) {
            flat.null |= nullable(at.node);
            return;
        }
    }
    add_own(flat, at);
    for view in [View::AnyOf, View::OneOf] {
        if at.node.get(keyword(view)).is_some() {
            open.push(Part { at, view });
        }
    }
    let Some(all) = at.node.get("allOf") else { return };
    match all.as_array() {
        Some(members) => open.extend(members.iter().rev().map(|m| Part { at: at.to(m), view: View::Whole })),
        None => reader.found.push(malformed(all, "`allOf`", "array", true)),
    }
}

/// The keyword of a view.
pub(super) fn keyword(view: View) -> &'static str {
    if view == View::OneOf { "oneOf" } else { "anyOf" }
}

fn union<'a>(reader: &mut Reader<'a, '_>, flat: &mut Flat<'a>, part: Part<'a>, open: &mut Vec<Part<'a>>) {
    let key = keyword(part.view);
    let Some(member) = part.at.node.member(key) else { return };
    let Some(all) = member.value.as_array() else {
        reader.found.push(malformed(&member.value, &format!("`{key}`"), "array", true));
        return;
    };
    if all.is_empty() {
        let what = format!("`{key}` is an empty list");
        reader.found.push(contradiction("", &what, member.key_span));
    }
    let members: Vec<At<'a>> = all.iter().filter(|m| !is_null_schema(m)).map(|m| part.at.to(m)).collect();
    flat.null |= members.len() < all.len();
    match members[..] {
        [] if all.is_empty() => {}
        [] => flat.only_null.push(Union { at: part.at, view: part.view, members, span: member.key_span }),
        [one] => open.push(Part { at: one, view: View::Whole }),
        _ => flat.unions.push(Union { at: part.at, view: part.view, members, span: member.key_span }),
    }
}

/// A base that lists its own heirs (`Pet: {oneOf: [Cat, Dog]}`, `Cat: {allOf: [Pet, ...]}`) says nothing
/// more about an heir: the union is dropped where one of its members is being read.
fn drop_own_unions<'a>(reader: &mut Reader<'a, '_>, flat: &mut Flat<'a>) {
    let unions = std::mem::take(&mut flat.unions);
    flat.unions = unions.into_iter().filter(|union| ends(reader, union).is_disjoint(&flat.seen)).collect();
}

/// What the members of a union stand for. Each of thousands of heirs asks for those of their base.
fn ends<'a>(reader: &mut Reader<'a, '_>, union: &Union<'a>) -> Rc<HashSet<Span>> {
    if let Some(known) = reader.interned.ends.get(&union.span) {
        return Rc::clone(known);
    }
    let spans = union.members.iter().filter_map(|member| Some(reader.canonical(*member).ok()?.at.node.span));
    let spans = Rc::new(spans.collect());
    reader.interned.ends.insert(union.span, Rc::clone(&spans));
    spans
}

impl<'a> Flat<'a> {
    /// Every value of a keyword, with the node that says it.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = (At<'a>, &'a Node)> {
        all(&self.owns, key)
    }
}

/// Every value of a keyword, with the node that says it.
pub(super) fn all<'a>(owns: &[At<'a>], key: &str) -> impl Iterator<Item = (At<'a>, &'a Node)> {
    owns.iter().filter_map(move |at| at.node.get(key).map(|node| (*at, node)))
}
