//! `$ref`: from a text to the node it names (RFC 3986 fragments, RFC 6901 pointers).

use super::files::join;
use super::{Dialect, Files};
use crate::source::{Node, Value, pointer};

/// References that lead to references, at most.
const MAX_HOPS: usize = 64;

/// What references are relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Base {
    /// A file of [`Files`].
    File(u32),
    /// A composition: references name an upstream.
    Inline,
}

/// A node and what its references are relative to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    pub(crate) node: &'a Node,
    pub(crate) base: Base,
}

/// What a reference leads to.
pub(crate) struct Target<'a> {
    pub(crate) at: At<'a>,
    /// The component's name, or words made of the pointer.
    pub(crate) name: String,
    /// Whether it is a named component.
    pub(crate) component: bool,
}

/// Why a reference leads nowhere.
#[derive(Debug)]
pub(crate) enum RefError {
    /// Nothing stands there; a sentence, and a reference that was perhaps meant.
    Dangling { why: String, meant: Option<String> },
    /// References lead to each other and never to anything.
    Cyclic,
}

/// What references are looked up in.
pub(crate) struct Lookup<'a, 'o> {
    pub(crate) files: &'a Files,
    /// The root file of an upstream that a composition names.
    pub(crate) upstream: &'o mut dyn FnMut(&str) -> Option<u32>,
}

impl<'a> At<'a> {
    /// The same base, another node.
    pub(crate) fn to(self, node: &'a Node) -> At<'a> {
        At { node, base: self.base }
    }

    /// The text of `$ref`, if there is one.
    pub(crate) fn reference(self) -> Option<&'a str> {
        self.node.get("$ref").and_then(Node::as_str)
    }
}

impl Base {
    /// Whose rules apply. Schemas in compositions follow 3.1.
    pub(crate) fn dialect(self, files: &Files) -> Dialect {
        match self {
            Base::File(file) => files.get(file).dialect,
            Base::Inline => Dialect::V31,
        }
    }
}

/// What a reference leads to, itself perhaps a reference again.
pub(crate) fn resolve<'a>(lookup: &mut Lookup<'a, '_>, base: Base, reference: &str) -> Result<Target<'a>, RefError> {
    hop(lookup, base, reference, 0)
}

/// A node that stands where a reference may stand instead: follows it to the end.
pub(crate) fn follow<'a>(lookup: &mut Lookup<'a, '_>, mut at: At<'a>) -> Result<(At<'a>, Option<String>), RefError> {
    let mut name = None;
    for _ in 0..MAX_HOPS {
        let Some(reference) = at.reference() else { return Ok((at, name)) };
        let target = resolve(lookup, at.base, reference)?;
        name = Some(target.name);
        at = target.at;
    }
    Err(RefError::Cyclic)
}

fn dangling(why: impl Into<String>) -> RefError {
    RefError::Dangling { why: why.into(), meant: None }
}

fn hop<'a>(lookup: &mut Lookup<'a, '_>, base: Base, reference: &str, hops: usize) -> Result<Target<'a>, RefError> {
    if hops > MAX_HOPS {
        return Err(RefError::Cyclic);
    }
    let (place, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let file = file_of(lookup, base, place)?;
    let loaded = lookup.files.get(file);
    let Some(root) = &loaded.root else {
        return Err(dangling(loaded.problem.clone().unwrap_or_else(|| format!("`{}` was not read", loaded.path))));
    };
    let pointer = percent_decode(fragment);
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(dangling(format!("no schema has the anchor `{pointer}` (`$anchor`, in documents of OpenAPI 3.1)")));
    }
    let tokens: Vec<String> = pointer::names(&pointer).collect();
    let at = walk(lookup, At { node: root, base: Base::File(file) }, &tokens, place, hops)?;
    let (name, component) = name_of(&tokens, place);
    Ok(Target { at, name, component })
}

fn file_of(lookup: &mut Lookup<'_, '_>, base: Base, place: &str) -> Result<u32, RefError> {
    match base {
        Base::File(file) if place.is_empty() => Ok(file),
        Base::File(_) if place.contains("://") => {
            Err(dangling(format!("`{place}` is an address on the network, and documents are read from files only")))
        }
        Base::File(file) => {
            let path = join(&lookup.files.get(file).path, place);
            lookup.files.find(&path).ok_or_else(|| dangling(format!("there is no file `{path}`")))
        }
        Base::Inline if place.is_empty() => {
            Err(dangling("a composition has no schemas of its own: name the upstream before the `#`"))
        }
        Base::Inline => {
            (lookup.upstream)(place).ok_or_else(|| dangling(format!("there is no upstream `{place}` that was read")))
        }
    }
}

fn walk<'a>(
    lookup: &mut Lookup<'a, '_>,
    mut at: At<'a>,
    tokens: &[String],
    place: &str,
    hops: usize,
) -> Result<At<'a>, RefError> {
    for (i, token) in tokens.iter().enumerate() {
        let next = match step(lookup.files, at.node, token) {
            Some(node) => Some(at.to(node)),
            // a pointer may lead through a reference
            None => match at.reference() {
                Some(reference) => {
                    let through = hop(lookup, at.base, reference, hops + 1)?.at;
                    step(lookup.files, through.node, token).map(|node| through.to(node))
                }
                None => None,
            },
        };
        let Some(next) = next else { return Err(missing(lookup.files, at.node, tokens, i, place)) };
        at = next;
    }
    Ok(at)
}

fn step<'a>(files: &Files, node: &'a Node, token: &str) -> Option<&'a Node> {
    match &node.value {
        Value::Object(_) => files.member(node, token),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Nothing stands there: how far the pointer is right, and what was perhaps meant.
fn missing(files: &Files, node: &Node, tokens: &[String], at: usize, place: &str) -> RefError {
    let pointer = |tokens: &[String]| pointer::of(tokens.iter().map(String::as_str));
    let meant = files.meant(node, &tokens[at]).map(|near| {
        let mut right = tokens.to_vec();
        near.clone_into(&mut right[at]);
        format!("{place}#{}", pointer(&right))
    });
    let parent = if at == 0 { "the document".to_owned() } else { format!("`{place}#{}`", pointer(&tokens[..at])) };
    RefError::Dangling { why: format!("{parent} has no `{}`", tokens[at]), meant }
}

/// A name for what a pointer leads to, and whether it is a named component.
fn name_of(tokens: &[String], place: &str) -> (String, bool) {
    if let [.., group, name] = tokens
        && matches!(&**group, "schemas" | "definitions" | "$defs" | "parameters" | "responses" | "requestBodies")
        && tokens.len() <= 3
    {
        return (name.clone(), true);
    }
    if tokens.is_empty() {
        let file = place.rsplit('/').next().unwrap_or(place);
        return (file.split('.').next().unwrap_or(file).to_owned(), true);
    }
    let silent = [
        "paths",
        "components",
        "schemas",
        "properties",
        "content",
        "schema",
        "responses",
        "allOf",
        "definitions",
        "$defs",
    ];
    let words = tokens.iter().filter(|t| !silent.contains(&t.as_str()));
    let words = words.map(|t| match t.as_str() {
        "items" => "item",
        "additionalProperties" => "value",
        "requestBody" => "request",
        other => other,
    });
    (words.collect::<Vec<_>>().join(" "), false)
}

/// `%7B` and its like; what is not such an escape stays.
pub(super) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let decoded = (*first == b'%').then(|| tail.get(..2)).flatten();
        let decoded = decoded.and_then(|hex| std::str::from_utf8(hex).ok()).filter(|hex| !hex.starts_with('+'));
        match decoded.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
