//! References and wrappers that say nothing themselves collapse to what they stand for.

use std::collections::HashSet;

use super::key::{Part, View};
use super::reader::Reader;
use super::{Kind, SchemaId, annotations, types};
use crate::diag::Diagnostic;
use crate::openapi::{At, Base, RefError, malformed, ref_siblings_assert, reference_error, resolve};
use crate::source::{Node, Span, Value};

/// What a node stands for in the end.
pub(super) struct Canonical<'a> {
    pub(super) at: At<'a>,
    pub(super) name: Option<(String, bool)>,
    /// Nodes on the way that have annotations of their own, the outermost first.
    notes: Vec<At<'a>>,
    /// Null is allowed on the way.
    nullable: bool,
}

impl<'a> Reader<'a, '_> {
    /// The id of a schema node, read later. The name is for a schema that is written here.
    pub(super) fn id_of(&mut self, at: At<'a>, name: &str, component: bool) -> SchemaId {
        if let Some(id) = self.known(at, View::Notes).or_else(|| self.known(at, View::Whole)) {
            return id;
        }
        let canonical = match self.canonical(at) {
            Ok(canonical) => canonical,
            Err((what, why)) => {
                let id = self.poison(at.node.span, name, &what, *why);
                self.remember(at, View::Whole, id);
                return id;
            }
        };
        let (name, component) = canonical.name.unwrap_or((name.to_owned(), component));
        let base = self.intern(vec![Part { at: canonical.at, view: View::Whole }], &name, component);
        if canonical.notes.is_empty() && !canonical.nullable {
            if at.node.span != canonical.at.node.span {
                self.remember(at, View::Notes, base);
            }
            return base;
        }
        // a copy takes its kind from the original once that is read
        let id = self.add(at.node.span, &name, component && !canonical.nullable);
        self.remember(at, View::Notes, id);
        annotations::annotate(self, id, &canonical.notes);
        let schema = self.schemas.get_mut(id);
        if canonical.nullable {
            schema.kind = Kind::Nullable(base);
        } else {
            schema.copy_of = Some(base);
        }
        id
    }

    /// Follows references and single-member wrappers.
    pub(super) fn canonical(&mut self, at: At<'a>) -> Result<Canonical<'a>, (String, Box<Diagnostic>)> {
        let mut canonical = Canonical { at, name: None, notes: Vec::new(), nullable: false };
        let mut seen: HashSet<Span> = HashSet::new();
        loop {
            let at = canonical.at;
            if !seen.insert(at.node.span) {
                let reference = at.reference().unwrap_or("");
                let why = reference_error(&RefError::Cyclic, "the schema", reference, at.node.span);
                return Err((format!("the circle of references through `{reference}`"), Box::new(why)));
            }
            let reference = match (&at.node.value, at.base) {
                (Value::String(text), Base::Inline) => Some(&*text.value),
                (Value::Bool(_), _) => return Ok(canonical),
                (Value::Object(_), _) => at.reference(),
                _ => {
                    let why = malformed(at.node, "a schema", "object", false);
                    return Err(("a schema that is not an object".to_owned(), Box::new(why)));
                }
            };
            let next = match reference {
                Some(reference) => {
                    if ref_siblings_assert(self.dialect(at)) && asserts_beside(at.node, &["$ref"]) {
                        return Ok(canonical);
                    }
                    let target = self.target(at, reference)?;
                    canonical.name = Some((target.1, target.2));
                    target.0
                }
                None => match self.only_member(at) {
                    Some((member, null)) => {
                        canonical.nullable |= null;
                        member
                    }
                    None => return Ok(canonical),
                },
            };
            canonical.nullable |= types::nullable_beside(at.node);
            if annotations::says_something(at.node) {
                canonical.notes.push(at);
            }
            canonical.at = next;
        }
    }

    /// What a `$ref` leads to, with its name.
    pub(super) fn target(
        &mut self,
        at: At<'a>,
        reference: &str,
    ) -> Result<(At<'a>, String, bool), (String, Box<Diagnostic>)> {
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
