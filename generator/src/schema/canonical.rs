//! References and wrappers that say nothing themselves collapse to what they stand for.

use std::collections::HashSet;

use super::key::{Part, View};
use super::reader::Reader;
use super::{Kind, Schema, SchemaId, annotations, types};
use crate::diag::Diagnostic;
use crate::openapi::{self, At, Base, RefError, malformed, ref_siblings_assert, reference_error, resolve};
use crate::source::{Node, Span, Value};

/// What a node stands for in the end.
pub(super) struct Canonical<'a> {
    pub(super) at: At<'a>,
    pub(super) name: Option<(String, bool)>,
}

/// A node that stands for another one.
struct Step<'a> {
    /// The node itself.
    at: At<'a>,
    next: At<'a>,
    /// Where it is a reference: the name of what it refers to, and whether that is a component.
    name: Option<(String, bool)>,
    /// It allows null beside.
    nullable: bool,
}

/// A schema that says something of its own about another one: null is allowed, or annotations.
#[derive(Clone, Copy)]
pub(super) struct Wrapper {
    of: SchemaId,
    nullable: bool,
}

/// Why a node stands for nothing: what it is, and the finding.
type Broken = (String, Box<Diagnostic>);

impl<'a> Reader<'a, '_> {
    /// The id of a schema node, read later. The name is for a schema that is written here.
    pub(super) fn id_of(&mut self, at: At<'a>, name: &str, component: bool) -> SchemaId {
        if let Some(id) = self.known_as(at) {
            return id;
        }
        // Every node on the way gets its id now, the last one first: a chain of thousands is walked once, not
        // once from each of its nodes.
        let mut way: Vec<Step<'a>> = Vec::new();
        let mut seen: HashSet<Span> = HashSet::new();
        let mut end = at;
        let mut known = None;
        let broken = loop {
            if !seen.insert(end.node.span) {
                break Some(circle(end));
            }
            match self.step(end) {
                Err(broken) => break Some(broken),
                Ok(None) => break None,
                Ok(Some(step)) => {
                    end = step.next;
                    way.push(step);
                }
            }
            known = self.known_as(end);
            if known.is_some() {
                break None;
            }
        };
        if let Some((what, why)) = broken {
            let id = self.poison(at.node.span, name, &what, *why);
            self.remember(at, View::Whole, id);
            way.iter().for_each(|step| self.remember(step.at, View::Whole, id));
            return id;
        }
        let mut id = known.unwrap_or_else(|| {
            let named = way.iter().rev().find_map(|step| step.name.clone());
            let (name, component) = named.unwrap_or((name.to_owned(), component));
            self.intern(vec![Part { at: end, view: View::Whole }], &name, component)
        });
        for step in way.iter().rev() {
            if step.nullable || annotations::says_something(step.at.node) {
                id = self.wrap(step, id);
            }
            self.remember(step.at, View::Notes, id);
        }
        id
    }

    fn known_as(&self, at: At<'a>) -> Option<SchemaId> {
        self.known(at, View::Notes).or_else(|| self.known(at, View::Whole))
    }

    /// A schema of what a node says about the one that it stands for, and of what that one says so itself.
    fn wrap(&mut self, step: &Step<'a>, next: SchemaId) -> SchemaId {
        let inner = self.interned.wrappers.get(&next).copied();
        let wrapper = Wrapper {
            of: inner.map_or(next, |inner| inner.of),
            nullable: step.nullable || inner.is_some_and(|inner| inner.nullable),
        };
        let Schema { name, component, .. } = self.schemas.get(next);
        let (name, component) = (name.clone(), *component && !wrapper.nullable);
        let id = self.add(step.at.node.span, &name, component);
        annotations::annotate(self, id, &[step.at]);
        if inner.is_some() {
            let said = self.schemas.get(next).clone();
            self.schemas.get_mut(id).inherit(&said);
        }
        let schema = self.schemas.get_mut(id);
        if wrapper.nullable {
            schema.kind = Kind::Nullable(wrapper.of);
        } else {
            // a copy takes its kind from the original once that is read
            schema.copy_of = Some(wrapper.of);
        }
        self.interned.wrappers.insert(id, wrapper);
        id
    }

    /// Follows references and single-member wrappers.
    pub(super) fn canonical(&mut self, at: At<'a>) -> Result<Canonical<'a>, Broken> {
        let mut canonical = Canonical { at, name: None };
        let mut seen: HashSet<Span> = HashSet::new();
        loop {
            if !seen.insert(canonical.at.node.span) {
                return Err(circle(canonical.at));
            }
            let Some(step) = self.step(canonical.at)? else { return Ok(canonical) };
            canonical = Canonical { at: step.next, name: step.name.or(canonical.name) };
        }
    }

    /// One reference or single-member wrapper; none where the node stands for itself.
    fn step(&mut self, at: At<'a>) -> Result<Option<Step<'a>>, Broken> {
        let reference = match (&at.node.value, at.base) {
            (Value::String(text), Base::Inline) => Some(&*text.value),
            (Value::Bool(_), _) => return Ok(None),
            (Value::Object(_), _) => at.reference(),
            _ => {
                let why = malformed(at.node, "a schema", "object", false);
                return Err(("a schema that is not an object".to_owned(), Box::new(why)));
            }
        };
        let (next, name, null) = match reference {
            Some(reference) => {
                if ref_siblings_assert(self.dialect(at)) && asserts_beside(at.node, &["$ref"]) {
                    return Ok(None);
                }
                let (target, name, component) = self.target(at, reference)?;
                (target, Some((name, component)), false)
            }
            None => match self.only_member(at) {
                Some((member, null)) => (member, None, null),
                None => return Ok(None),
            },
        };
        Ok(Some(Step { at, next, name, nullable: null || types::nullable_beside(at.node) }))
    }

    /// What a `$ref` leads to, with its name.
    pub(super) fn target(&mut self, at: At<'a>, reference: &str) -> Result<(At<'a>, String, bool), Broken> {
        let span = at.node.get("$ref").map_or(at.node.span, |node| node.span);
        match resolve(&mut self.lookup, at.base, reference) {
            Ok(target) => Ok((target.at, target.name, target.component)),
            Err(error) => {
                let what = match error {
                    RefError::Dangling { .. } => format!("the reference `{reference}` to nothing"),
                    RefError::Cyclic => format!("the circle of references through `{reference}`"),
                };
                Err((what, Box::new(reference_error(&error, "the schema", reference, span))))
            }
        }
    }

    /// `allOf`, `oneOf` or `anyOf` with one member and nothing else; null beside it counts apart. A `type`
    /// that the member says too is nothing else.
    fn only_member(&mut self, at: At<'a>) -> Option<(At<'a>, bool)> {
        for key in ["allOf", "oneOf", "anyOf"] {
            let Some(members) = at.node.get(key).and_then(Node::as_array) else { continue };
            // an heir that adds nothing is still not its base
            if asserts_beside(at.node, &[key, "type", "discriminator"]) || (key == "allOf" && self.is_heir(at)) {
                return None;
            }
            let others: Vec<&Node> = members.iter().filter(|m| key == "allOf" || !types::is_null_schema(m)).collect();
            let [one] = others[..] else { return None };
            let null = members.len() > 1;
            let member = at.to(one);
            if let Some(said) = at.node.get("type").and_then(Node::as_str) {
                let target = match member.reference() {
                    Some(reference) => self.target(member, reference).ok()?.0,
                    // What is written here has no name to be kept: its type is said.
                    None if openapi::types(one).is_none() => return None,
                    None => member,
                };
                if null || types::implied(target.node) != Some(said) {
                    return None;
                }
            }
            return Some((member, null));
        }
        None
    }
}

/// References that lead back to where they began.
fn circle(at: At<'_>) -> Broken {
    let within = || {
        let lists = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|key| at.node.get(key)?.as_array());
        lists.flatten().find_map(|member| member.get("$ref")?.as_str())
    };
    let reference = at.reference().or_else(within).unwrap_or("");
    let why = reference_error(&RefError::Cyclic, "the schema", reference, at.node.span);
    (format!("the circle of references through `{reference}`"), Box::new(why))
}

/// Whether a node says anything about the value beside the keywords named.
pub(super) fn asserts_beside(node: &Node, keywords: &[&str]) -> bool {
    let members = node.as_object().unwrap_or_default();
    members.iter().any(|m| !keywords.contains(&&*m.key) && asserts(&m.key))
}

/// Whether a keyword says something about the value, rather than about the schema.
fn asserts(key: &str) -> bool {
    const ASSERTIONS: [&str; 43] = [
        "$dynamicRef",
        "$recursiveRef",
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "contains",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "if",
        "items",
        "maxContains",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minContains",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "patternProperties",
        "prefixItems",
        "properties",
        "propertyNames",
        "required",
        "then",
        "type",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
        "additionalItems",
    ];
    ASSERTIONS.contains(&key)
}
