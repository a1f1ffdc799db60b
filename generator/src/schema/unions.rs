//! `oneOf`, `anyOf` and lists of types.

use super::canonical::asserts_beside;
use super::flatten::{Flat, Union, keyword};
use super::key::{Part, Type, View};
use super::reader::{Reader, Work};
use super::types::{Shape, is_typed, type_name};
use super::{Discriminator, Kind, SchemaId, Tell, UnionRules, enums, residue};
use crate::openapi::{At, resolve};
use crate::source::{Node, Span, Value};

/// Parts of one schema, at most: beyond, unions of unions have run away.
const MAX_PARTS: usize = 48;

/// Alternatives that several unions make together, at most.
const MAX_COMBINATIONS: usize = 256;

/// `type: [string, integer]`: a union of the schema restricted to each type.
pub(super) fn of_types<'a>(reader: &mut Reader<'a, '_>, work: &Work<'a>, types: &[Type], name: &str) -> Kind {
    let members = types
        .iter()
        .map(|one| {
            reader.intern_as(work.parts.clone(), Some(*one), true, &format!("{name} {}", type_name(*one)), false)
        })
        .collect();
    Kind::Union(UnionRules { members, exactly_one: false, discriminator: None, tell: Tell::default() })
}

/// What a schema with unions, or of no known type, says.
pub(super) fn of_members<'a>(
    reader: &mut Reader<'a, '_>,
    work: &Work<'a>,
    flat: &Flat<'a>,
    shape: Shape,
    name: &str,
) -> Kind {
    let (conditions, unions): (Vec<&Union<'a>>, Vec<&Union<'a>>) =
        flat.unions.iter().partition(|u| only_requires(flat, u));
    for union in &conditions {
        residue::condition(reader, work, union);
    }
    if let Some((first, others)) = unions.split_first() {
        return distribute(reader, work, flat, first, others, name);
    }
    match shape {
        Shape::Types(types) => match types[..] {
            [one] => reader.of_type(flat, one, name),
            _ => of_types(reader, work, &types, name),
        },
        Shape::Never(what, span) => Kind::Unsupported { what, span },
        Shape::Any => Kind::Any,
    }
}

/// Members that only say which members an object must have: a condition on one object, not alternatives.
fn only_requires(flat: &Flat<'_>, union: &Union<'_>) -> bool {
    let object = flat.all("properties").next().is_some();
    let ignored: &[&str] = if object { &["required", "not", "type"] } else { &["required", "not"] };
    union.members.iter().all(|member| match &member.node.value {
        Value::Object(_) => member.reference().is_none() && !asserts_beside(member.node, ignored),
        _ => true,
    })
}

/// What holds beside a union holds for each of its members.
fn distribute<'a>(
    reader: &mut Reader<'a, '_>,
    work: &Work<'a>,
    flat: &Flat<'a>,
    union: &Union<'a>,
    others: &[&Union<'a>],
    name: &str,
) -> Kind {
    let mut base = base_parts(reader, flat, union);
    base.extend(others.iter().map(|other| Part { at: other.at, view: other.view }));
    let combinations = others.iter().fold(union.members.len(), |n, other| n.saturating_mul(other.members.len()));
    if base.len() > MAX_PARTS || (!others.is_empty() && combinations > MAX_COMBINATIONS) {
        let what = format!("`{}` of unions that are combined with each other", keyword(union.view));
        return Kind::Unsupported { what, span: union.span };
    }
    let mut members: Vec<SchemaId> = Vec::new();
    let mut places: Vec<(Option<Span>, Option<String>, usize)> = Vec::new();
    let possible = possible(reader, flat, union);
    for (i, member) in possible.iter().enumerate() {
        let target = reader.canonical(*member).ok();
        let component =
            target.as_ref().and_then(|t| t.name.clone()).filter(|(_, component)| *component).map(|(name, _)| name);
        let own = component.clone().unwrap_or_else(|| member_name(member.node, i));
        let id = if base.is_empty() {
            reader.id_of(*member, &format!("{name} {own}"), false)
        } else {
            let mut parts = base.clone();
            parts.push(Part { at: *member, view: View::Whole });
            reader.intern(parts, &format!("{name} {own}"), false)
        };
        let position = members.iter().position(|known| *known == id).unwrap_or_else(|| {
            members.push(id);
            members.len() - 1
        });
        places.push((target.map(|t| t.at.node.span), component, position));
    }
    // two members that are one: by the letter, `oneOf` never holds for it
    if members.len() < possible.len() && union.view == View::OneOf {
        residue::condition(reader, work, union);
    }
    let discriminator = discriminator(reader, union, &places);
    if let [one] = members[..] {
        if one != work.id {
            reader.schemas.get_mut(work.id).copy_of = Some(one);
        }
        return Kind::Any;
    }
    Kind::Union(UnionRules { members, exactly_one: union.view == View::OneOf, discriminator, tell: Tell::default() })
}

/// Everything but the union itself. A `type` alone says nothing where every member has one.
fn base_parts<'a>(reader: &mut Reader<'a, '_>, flat: &Flat<'a>, union: &Union<'a>) -> Vec<Part<'a>> {
    let combined: &[&str] = match all_typed(reader, union) {
        true => &["$ref", "allOf", "oneOf", "anyOf", "type"],
        false => &["$ref", "allOf", "oneOf", "anyOf"],
    };
    let says = |at: &&At<'a>| asserts_beside(at.node, combined);
    flat.owns.iter().filter(says).map(|at| Part { at: *at, view: View::Own }).collect()
}

/// Whether each member of a union has a type of its own.
pub(super) fn all_typed<'a>(reader: &mut Reader<'a, '_>, union: &Union<'a>) -> bool {
    union.members.iter().all(|member| match reader.canonical(*member) {
        Ok(target) => is_typed(target.at) || target.at.node.get("allOf").is_some(),
        Err(_) => true,
    })
}

/// The members that are possible beside the values that are allowed: `{enum: [a], oneOf: [{const: a}, {const: b}]}`.
fn possible<'a>(reader: &mut Reader<'a, '_>, flat: &Flat<'a>, union: &Union<'a>) -> Vec<At<'a>> {
    let Some(allowed) = enums::allowed(reader, &flat.owns) else { return union.members.clone() };
    let mut members = union.members.clone();
    members.retain(|member| reader.canonical(*member).map_or(true, |target| enums::may_have(target.at.node, &allowed)));
    if members.is_empty() { union.members.clone() } else { members }
}

fn member_name(node: &Node, position: usize) -> String {
    match node.get("title").and_then(Node::as_str) {
        Some(title) if !title.trim().is_empty() => title.trim().to_owned(),
        _ => match node.get("type").and_then(Node::as_str) {
            Some(one) if one != "object" => one.to_owned(),
            _ => format!("option {}", position + 1),
        },
    }
}

/// OpenAPI 3.1, section 4.8.25: values are mapped to schemas, and a component's name maps to it unsaid.
fn discriminator<'a>(
    reader: &mut Reader<'a, '_>,
    union: &Union<'a>,
    places: &[(Option<Span>, Option<String>, usize)],
) -> Option<Discriminator> {
    let (at, node) = match union.at.node.get("discriminator") {
        Some(node) => (union.at, node),
        None => base_discriminator(reader, union)?,
    };
    let own = at.node.span == union.at.node.span;
    let Some(property) = node.get("propertyName").and_then(Node::as_str) else {
        reader.lint(
            "BFF0205",
            "a `discriminator` needs a `propertyName`",
            node.span,
            "It is ignored. Mend the document.",
        );
        return None;
    };
    let mut mapping: Vec<(String, usize)> = Vec::new();
    for member in node.get("mapping").and_then(Node::as_object).unwrap_or_default() {
        let place = member.value.as_str().and_then(|to| mapped(reader, at, to));
        match place.and_then(|span| places.iter().find(|(at, _, _)| *at == Some(span))) {
            Some((_, _, position)) => mapping.push((member.key.to_string(), *position)),
            // a base may have heirs that this union leaves out
            None if !own => {}
            None => reader.lint(
                "BFF0206",
                format!(
                    "the discriminator maps `{}` to a schema that is not in this `{}`",
                    member.key,
                    keyword(union.view)
                ),
                member.value.span,
                "This value is left out. Add the schema to the list, or remove the entry.",
            ),
        }
    }
    for (_, component, position) in places {
        let Some(name) = component else { continue };
        if !mapping.iter().any(|(value, at)| at == position || value == name) {
            mapping.push((name.clone(), *position));
        }
    }
    Some(Discriminator { property: property.to_owned(), mapping })
}

/// The discriminator of the base that all members are heirs of (`allOf` with a reference to it).
fn base_discriminator<'a>(reader: &mut Reader<'a, '_>, union: &Union<'a>) -> Option<(At<'a>, &'a Node)> {
    let mut common: Option<(At<'a>, &'a Node)> = None;
    for member in &union.members {
        let heir = reader.canonical(*member).ok()?.at;
        let found = bases(reader, heir).into_iter().find_map(|at| Some((at, at.node.get("discriminator")?)))?;
        if common.is_some_and(|(_, node)| node.span != found.1.span) {
            return None;
        }
        common = Some(found);
    }
    common
}

/// What a schema is an heir of, near ones first.
fn bases<'a>(reader: &mut Reader<'a, '_>, heir: At<'a>) -> Vec<At<'a>> {
    let mut all = vec![heir];
    let mut next = 0;
    while next < all.len() && all.len() < MAX_PARTS {
        let at = all[next];
        next += 1;
        for part in at.node.get("allOf").and_then(Node::as_array).unwrap_or_default() {
            let Ok(base) = reader.canonical(at.to(part)) else { continue };
            if !all.iter().any(|known| known.node.span == base.at.node.span) {
                all.push(base.at);
            }
        }
    }
    all.split_off(1)
}

/// Where the schema stands that a mapping names, by component name or by reference.
pub(super) fn mapped<'a>(reader: &mut Reader<'a, '_>, at: At<'a>, to: &str) -> Option<Span> {
    let by_name = format!("#/components/schemas/{to}");
    let candidates = if to.contains('#') { [to, ""] } else { [by_name.as_str(), to] };
    for candidate in candidates.into_iter().filter(|c| !c.is_empty()) {
        if let Ok(target) = resolve(&mut reader.lookup, at.base, candidate) {
            return reader.canonical(target.at).ok().map(|canonical| canonical.at.node.span);
        }
    }
    None
}
