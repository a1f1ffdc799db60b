//! What the kind of a schema does not say: kept as clauses, so that nothing is dropped.

use std::collections::HashSet;

use super::clauses::Clause;
use super::flatten::{Flat, Union, keyword};
use super::key::View;
use super::pattern::parts;
use super::read_clauses::read;
use super::reader::{Reader, Work};
use super::unions::all_typed;
use super::{Kind, enums};
use crate::openapi::{At, types};
use crate::source::{Node, Span};

/// Keywords that no kind says.
const ALWAYS: [&str; 6] = ["not", "if", "dependentRequired", "dependentSchemas", "propertyNames", "contains"];

/// Keywords that speak of values of one type.
const OF_NUMBERS: &[&str] = &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const OF_TEXTS: &[&str] = &["minLength", "maxLength", "pattern", "format"];
const OF_LISTS: &[&str] = &["items", "prefixItems", "minItems", "maxItems", "uniqueItems"];
const OF_OBJECTS: &[&str] =
    &["properties", "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties"];

/// Adds the clauses of all that holds beside the kind. `implied`: no type was said.
pub(super) fn note<'a>(reader: &mut Reader<'a, '_>, work: &Work<'a>, flat: &Flat<'a>, kind: &Kind, implied: bool) {
    if work.only.is_some() || matches!(kind, Kind::Unsupported { .. } | Kind::Never) {
        return;
    }
    let base: HashSet<Span> =
        work.parts.iter().filter(|part| part.view == View::Own).map(|part| part.at.node.span).collect();
    let untyped = matches!(kind, Kind::Any) && flat.unions.is_empty();
    let foreign = if implied || untyped { foreign(kind) } else { Vec::new() };
    let has = |at: &At<'a>, key: &str| at.node.get(key).is_some();
    let prefixed = flat.owns.iter().any(|at| has(at, "prefixItems"));
    let mut before: Vec<At<'a>> = Vec::new();
    for at in &flat.owns {
        let repeated = repeated(&before, at.node);
        before.push(*at);
        let node = at.node;
        // What holds beside a union is said where the union is, and not again for each of its members.
        let shared = base.contains(&node.span);
        let whole = !shared && (says(node, "unevaluatedProperties") || says(node, "unevaluatedItems"));
        let patterns = has(at, "patternProperties");
        let others = |other: &At<'a>| {
            other.node.span != node.span && (has(other, "properties") || has(other, "patternProperties"))
        };
        let several = flat.owns.iter().any(others);
        let closed = says(node, "additionalProperties") && (patterns || several || requires_others(node));
        let real = |key: &str| {
            let inexact = || node.get(key).is_some_and(|values| !enums::is_exact(values));
            let own = ALWAYS.contains(&key)
                || (matches!(key, "enum" | "const") && inexact())
                || (key == "patternProperties" && patterns)
                || (key == "additionalProperties" && closed)
                || (matches!(key, "prefixItems" | "items") && prefixed)
                || repeated.contains(&key);
            let unevaluated = whole && matches!(key, "unevaluatedProperties" | "unevaluatedItems");
            unevaluated || (!shared && own) || foreign.contains(&key)
        };
        // What the kind says holds anyway: here it only matters of which members and items it speaks.
        let chosen = |key: &str| real(key) || (whole && key != "nullable");
        let name = reader.schemas.get(work.id).name.clone();
        let mut made = read(reader, *at, &name, &chosen, &|key| !real(key));
        if whole && flat.owns.len() > 1 {
            // What another part speaks of does not count as evaluated by this one.
            let apart = reader.clauses_made(&name, std::mem::take(&mut made.all));
            made.all.push(Clause::AllOf(vec![apart]));
        } else if !whole {
            made.all.retain(|clause| !matches!(clause, Clause::If { then: None, otherwise: None, .. }));
        }
        let schema = reader.schemas.get_mut(work.id);
        schema.clauses.extend(made.all);
        schema.unsupported.extend(made.unsupported.into_iter().map(|(what, span)| (what.replace('`', ""), span)));
    }
    for union in &flat.only_null {
        condition(reader, work, union);
    }
    if matches!(kind, Kind::Union(_)) {
        dropped_types(reader, work, flat);
    }
}

/// A union by the letter: what its kind does not say exactly.
pub(super) fn condition<'a>(reader: &mut Reader<'a, '_>, work: &Work<'a>, union: &Union<'a>) {
    let name = reader.schemas.get(work.id).name.clone();
    let key = keyword(union.view);
    let made = read(reader, union.at, &name, &|chosen| chosen == key, &|_| false);
    reader.schemas.get_mut(work.id).clauses.extend(made.all);
}

/// Keywords of types other than the kind's.
fn foreign(kind: &Kind) -> Vec<&'static str> {
    let own = match kind {
        Kind::Integer(_) | Kind::Number(_) => OF_NUMBERS,
        Kind::String(_) => OF_TEXTS,
        Kind::Array(_) => OF_LISTS,
        Kind::Object(_) => OF_OBJECTS,
        Kind::Boolean => &[],
        Kind::Any => &[],
        _ => return Vec::new(),
    };
    let all = [OF_NUMBERS, OF_TEXTS, OF_LISTS, OF_OBJECTS];
    all.into_iter().filter(|keys| *keys != own).flatten().copied().collect()
}

/// Keywords of which a kind holds one, and another part had another one before; a pattern that is several.
fn repeated(before: &[At<'_>], node: &Node) -> Vec<&'static str> {
    let differs = |key: &&'static str| {
        let value = node.get(key).map(crate::source::to_json);
        let mut earlier = before.iter().filter_map(|at| at.node.get(key)).map(crate::source::to_json);
        value.is_some_and(|value| earlier.next().is_some_and(|first| first != value))
    };
    let split = |key: &&'static str| {
        let pattern = if *key == "pattern" { node.get("pattern").and_then(Node::as_str) } else { None };
        pattern.is_some_and(|pattern| parts(pattern).is_ok_and(|parts| parts.len() > 1))
    };
    ["multipleOf", "pattern", "format"].into_iter().filter(|key| differs(key) || split(key)).collect()
}

/// Whether a schema keyword is there and does not allow everything.
fn says(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|node| {
        node.as_bool() != Some(true)
            && !node.as_object().is_some_and(|all| all.iter().all(|member| member.key.starts_with("x-")))
    })
}

/// Whether `required` names what `properties` does not.
fn requires_others(node: &Node) -> bool {
    let declared = node.get("properties").and_then(Node::as_object).unwrap_or_default();
    let required = node.get("required").and_then(Node::as_array).unwrap_or_default();
    required.iter().filter_map(Node::as_str).any(|name| !declared.iter().any(|member| &*member.key == name))
}

/// A `type` beside a union is left out of its members where each has one of its own: it still holds.
fn dropped_types<'a>(reader: &mut Reader<'a, '_>, work: &Work<'a>, flat: &Flat<'a>) {
    let Some(union) = flat.unions.first().filter(|union| all_typed(reader, union)) else { return };
    for own in flat.owns.iter().filter(|at| at.node.get("type").is_some()) {
        let said = types(own.node).unwrap_or_default();
        let mut within = true;
        for member in &union.members {
            within &= match reader.canonical(*member) {
                Ok(target) => types(target.at.node).is_some_and(|types| types.iter().all(|one| said.contains(one))),
                Err(_) => true,
            };
        }
        if !within {
            let clause = Clause::Type(said.into_iter().map(str::to_owned).collect());
            let schema = reader.schemas.get_mut(work.id);
            if !schema.clauses.contains(&clause) {
                schema.clauses.push(clause);
            }
        }
    }
}
