//! Bases: an object with a `discriminator` and no `oneOf`, which components are made of by `allOf`.
//!
//! Where a base is referred to, the value is one of its heirs (OpenAPI 3.0.4 and 3.1.1, "Discriminator Object"). In
//! their own `allOf` it is the plain object, so neither leads back to the other.

use std::collections::{HashMap, HashSet};

use super::flatten::flatten;
use super::key::{Part, View};
use super::reader::{Reader, Work};
use super::unions::mapped;
use super::{Discriminator, ObjectRules, Tell, UnionRules};
use crate::openapi::{At, Base, follow};
use crate::source::{Node, Span};

/// Schemas that one heir is looked for in, at most.
const MAX_BASES: usize = 48;

/// Heirs of one base, at most.
const MAX_HEIRS: usize = 512;

/// Where components stand in a file.
const GROUPS: [&[&str]; 2] = [&["components", "schemas"], &["definitions"]];

/// The heirs of every base of the files that were there when it was made.
#[derive(Default)]
pub(crate) struct Index {
    files: usize,
    heirs: HashMap<Span, Vec<Component>>,
    all: HashSet<Span>,
}

/// A component that is an heir, by its place.
#[derive(Clone)]
struct Component {
    file: u32,
    group: usize,
    key: String,
    /// What it is called; aliases make several names.
    names: Vec<String>,
    span: Span,
}

/// An heir, and the values of the discriminator that mean it.
struct Heir<'a> {
    at: At<'a>,
    names: Vec<String>,
    values: Vec<String>,
}

/// What values of a base are, told apart by its discriminator. None: it is no base, or nothing is made of it.
pub(super) fn of<'a>(
    reader: &mut Reader<'a, '_>,
    work: &Work<'a>,
    rules: &ObjectRules,
    name: &str,
) -> Option<Box<UnionRules>> {
    let [Part { at, view: View::Whole }] = work.parts[..] else { return None };
    let property = property(at.node).filter(|_| work.only.is_none())?;
    let mut heirs = heirs(reader, at, property);
    let values = allowed(reader, at, property);
    assign(reader, at, property, values.as_deref(), &mut heirs)?;
    heirs.retain(|heir| !heir.values.is_empty());
    let mapping: Vec<(String, usize)> = heirs
        .iter()
        .enumerate()
        .flat_map(|(position, heir)| heir.values.iter().map(move |value| (value.clone(), position)))
        .collect();
    let required = rules.properties.iter().any(|p| p.name == *property && p.required);
    let other = |value: &String| !mapping.iter().any(|(known, _)| known == value);
    let itself = !required || values.is_none_or(|values| values.iter().any(other));
    if heirs.is_empty() || heirs.len() + usize::from(itself) < 2 {
        return None;
    }
    let mut members = Vec::with_capacity(heirs.len() + 1);
    for heir in &heirs {
        members.push(match self::property(heir.at.node) {
            // its own heirs are listed here as well
            Some(again) if again == property => {
                let name = format!("{} base", heir.names[0]);
                reader.intern(vec![Part { at: heir.at, view: View::Plain }], &name, false)
            }
            _ => reader.id_of(heir.at, &heir.names[0], true),
        });
    }
    let otherwise = itself.then_some(members.len());
    if itself {
        members.push(reader.intern(vec![Part { at, view: View::Plain }], &format!("{name} base"), false));
    }
    let discriminator = Some(Discriminator { property: property.to_owned(), mapping: mapping.clone() });
    let tell = Tell::Discriminator { property: property.to_owned(), mapping, otherwise };
    Some(Box::new(UnionRules { members, exactly_one: false, discriminator, tell }))
}

/// The property of a base's discriminator; none for what is no base.
fn property(node: &Node) -> Option<&str> {
    if node.get("oneOf").is_some() || node.get("anyOf").is_some() {
        return None;
    }
    discriminator(node)?.get("propertyName").and_then(Node::as_str)
}

/// The `discriminator` of a schema, or of a part that is written in it.
fn discriminator(node: &Node) -> Option<&Node> {
    let parts = node.get("allOf").and_then(Node::as_array).unwrap_or_default();
    node.get("discriminator").or_else(|| parts.iter().find_map(|part| part.get("discriminator")))
}

/// The heirs whose values a base's property tells apart, in the order of the document.
fn heirs<'a>(reader: &mut Reader<'a, '_>, base: At<'a>, property: &str) -> Vec<Heir<'a>> {
    let components = reader.heirs_of(base.node.span);
    let mut found: Vec<(At<'a>, Vec<String>)> = Vec::new();
    for component in components.into_iter().take(MAX_HEIRS) {
        if let Some(at) = reader.component(&component) {
            found.push((at, component.names));
        }
    }
    // an heir that tells its own heirs apart by another property is one alternative, and they are within it
    let mut within: HashSet<Span> = HashSet::new();
    for (at, _) in &found {
        if self::property(at.node).is_some_and(|other| other != property) {
            within.extend(reader.heirs_of(at.node.span).iter().map(|component| component.span));
        }
    }
    found.retain(|(at, _)| !within.contains(&at.node.span));
    found.into_iter().map(|(at, names)| Heir { at, names, values: Vec::new() }).collect()
}

/// Which values mean which heir: what `mapping` says, else the component's name, as far as the property may have them.
/// None where a value means two.
fn assign<'a>(
    reader: &mut Reader<'a, '_>,
    base: At<'a>,
    property: &str,
    values: Option<&[String]>,
    heirs: &mut [Heir<'a>],
) -> Option<()> {
    let discriminator = discriminator(base.node)?;
    for member in discriminator.get("mapping").and_then(Node::as_object).unwrap_or_default() {
        let target = member.value.as_str().and_then(|to| mapped(reader, base, to));
        match heirs.iter_mut().find(|heir| Some(heir.at.node.span) == target) {
            Some(heir) => heir.values.push(member.key.to_string()),
            None if target == Some(base.node.span) => {}
            None => reader.lint(
                "BFF0206",
                format!("the discriminator maps `{}` to a schema that is not made of this one", member.key),
                member.value.span,
                "This value is left out. Let the schema have this one in its `allOf`, or list both in a `oneOf`.",
            ),
        }
    }
    for heir in heirs.iter_mut() {
        if heir.values.is_empty() {
            let said = heir.at.node.get("x-ms-discriminator-value").and_then(Node::as_str);
            heir.values = said.map_or_else(|| heir.names.clone(), |said| vec![said.to_owned()]);
        }
        if let Some(own) = allowed(reader, heir.at, property) {
            heir.values.retain(|value| own.contains(value));
            if heir.values.is_empty() && values != Some(&own) {
                heir.values = own;
            }
        }
    }
    let mut taken: HashSet<&str> = HashSet::new();
    let twice = heirs.iter().flat_map(|heir| &heir.values).find(|value| !taken.insert(value.as_str()));
    match twice.cloned() {
        None => Some(()),
        Some(value) => {
            reader.lint(
                "BFF0206",
                format!("the discriminator's value `{value}` means several schemas"),
                discriminator.span,
                "The schemas are not told apart. Give each its own value by `mapping` or by a `const` in each.",
            );
            None
        }
    }
}

/// The texts that a property may have by `enum` or `const`. None: any.
fn allowed<'a>(reader: &mut Reader<'a, '_>, at: At<'a>, property: &str) -> Option<Vec<String>> {
    let flat = flatten(reader, &[Part { at, view: View::Whole }]);
    let mut allowed: Option<Vec<String>> = None;
    let schemas: Vec<At<'a>> =
        flat.all("properties").filter_map(|(own, all)| all.get(property).map(|node| own.to(node))).collect();
    for schema in schemas {
        let Ok(schema) = reader.canonical(schema) else { continue };
        let node = schema.at.node;
        let listed = node.get("enum").and_then(Node::as_array);
        let Some(listed) = listed.or_else(|| node.get("const").map(std::slice::from_ref)) else { continue };
        let texts: Vec<String> = listed.iter().filter_map(Node::as_str).map(str::to_owned).collect();
        match &mut allowed {
            Some(allowed) => allowed.retain(|value| texts.contains(value)),
            None => allowed = Some(texts),
        }
    }
    allowed
}

impl<'a> Reader<'a, '_> {
    /// Whether a schema is a component that is made of a base.
    pub(super) fn is_heir(&mut self, at: At<'a>) -> bool {
        self.index_heirs();
        self.interned.heirs.all.contains(&at.node.span)
    }

    fn heirs_of(&mut self, base: Span) -> Vec<Component> {
        self.index_heirs();
        self.interned.heirs.heirs.get(&base).cloned().unwrap_or_default()
    }

    /// Where an heir stands, references followed.
    fn component(&mut self, component: &Component) -> Option<At<'a>> {
        let files = self.lookup.files;
        let group = group(files.get(component.file).root.as_ref()?, component.group)?;
        let at = At { node: files.member(group, &component.key)?, base: Base::File(component.file) };
        follow(&mut self.lookup, at).ok().map(|(at, _)| at)
    }

    /// Lists heirs once, and again when files have come.
    fn index_heirs(&mut self) {
        let files = self.lookup.files;
        if self.interned.heirs.files == files.len() {
            return;
        }
        let mut index = Index { files: files.len(), ..Index::default() };
        for file in 0..files.len() as u32 {
            let Some(root) = &files.get(file).root else { continue };
            for (group, members) in (0..GROUPS.len()).filter_map(|at| Some((at, self::group(root, at)?.as_object()?))) {
                for member in members {
                    let at = At { node: &member.value, base: Base::File(file) };
                    let Ok((heir, _)) = follow(&mut self.lookup, at) else { continue };
                    for base in self.discriminated(heir) {
                        index.all.insert(heir.node.span);
                        let heirs = index.heirs.entry(base).or_default();
                        match heirs.iter_mut().find(|known| known.span == heir.node.span) {
                            Some(known) if known.names.contains(&member.key.to_string()) => {}
                            Some(known) => known.names.push(member.key.to_string()),
                            None => heirs.push(Component {
                                file,
                                group,
                                key: member.key.to_string(),
                                names: vec![member.key.to_string()],
                                span: heir.node.span,
                            }),
                        }
                    }
                }
            }
        }
        self.interned.heirs = index;
    }

    /// The bases that a schema is made of, near ones first.
    fn discriminated(&mut self, heir: At<'a>) -> Vec<Span> {
        let mut all = vec![heir];
        let mut next = 0;
        while next < all.len() && all.len() < MAX_BASES {
            let at = all[next];
            next += 1;
            for part in at.node.get("allOf").and_then(Node::as_array).unwrap_or_default() {
                let Ok((base, _)) = follow(&mut self.lookup, at.to(part)) else { continue };
                // made of itself: nobody's heir
                if base.node.span == heir.node.span {
                    return Vec::new();
                }
                if !all.iter().any(|known| known.node.span == base.node.span) {
                    all.push(base);
                }
            }
        }
        let bases = all.into_iter().skip(1).filter(|at| property(at.node).is_some());
        bases.map(|at| at.node.span).collect()
    }
}

fn group(root: &Node, at: usize) -> Option<&Node> {
    GROUPS[at].iter().try_fold(root, |node, key| node.get(key))
}
