//! `deepObject`: `name[key]=a&name[list][0]=b`, as deep as the client goes.

use super::ParamValue;
use super::decode::{Misread, Wanted};
use std::borrow::Cow;

/// What stands at a key: its text, and what is below.
#[derive(Default)]
struct Node<'q> {
    key: &'q str,
    text: Option<&'q str>,
    below: Vec<Node<'q>>,
}

const BRACKETS: Misread = Misread("keys in brackets, such as `name[key]=value`");
const DEPTH: Misread = Misread("keys in fewer brackets");
const ONCE: Misread = Misread("each key at most once");
const INDICES: Misread = Misread("the items of a list numbered from 0 without gaps");

/// Reads all pairs of a query that belong to a parameter. `wanted` says what a rule takes, `member` the rule of a key
/// or, without one, of an item. `Ok(None)`: there are none.
pub(crate) fn deep_object<'q, R: Copy>(
    query: impl Iterator<Item = (&'q str, &'q str)>,
    name: &str,
    depth: u32,
    rule: R,
    wanted: &dyn Fn(R) -> Wanted,
    member: &dyn Fn(R, Option<&str>) -> R,
) -> Result<Option<ParamValue<'static>>, Misread> {
    let mut root = Node::default();
    for (key, text) in query {
        let Some(mut keys) = key.strip_prefix(name).filter(|keys| keys.starts_with('[')) else { continue };
        let (mut node, mut level) = (&mut root, 0);
        while !keys.is_empty() {
            let (key, rest) = keys.strip_prefix('[').and_then(|keys| keys.split_once(']')).ok_or(BRACKETS)?;
            level += 1;
            if level > depth {
                return Err(DEPTH);
            }
            // `name[]` is one more item each time.
            let at = node.below.iter().position(|below| below.key == key && !key.is_empty());
            let at = at.unwrap_or_else(|| {
                node.below.push(Node { key, ..Node::default() });
                node.below.len() - 1
            });
            node = &mut node.below[at];
            keys = rest;
        }
        if node.text.replace(text).is_some() {
            return Err(ONCE);
        }
    }
    if root.below.is_empty() {
        return Ok(None);
    }
    value(&root, rule, wanted, member).map(Some)
}

fn value<R: Copy>(
    node: &Node<'_>,
    rule: R,
    wanted: &dyn Fn(R) -> Wanted,
    member: &dyn Fn(R, Option<&str>) -> R,
) -> Result<ParamValue<'static>, Misread> {
    let want = wanted(rule);
    if let Some(text) = node.text
        // Below a text is nothing that the document declares; next to it, it is like an undeclared member.
        && (want == Wanted::Text || node.below.is_empty())
    {
        return Ok(ParamValue::Text(Cow::Owned(text.to_owned())));
    }
    if want == Wanted::List {
        let mut items = Vec::with_capacity(node.below.len());
        for (at, below) in node.below.iter().enumerate() {
            let index = if below.key.is_empty() { Ok(at) } else { below.key.parse() };
            items.push((index.map_err(|_| INDICES)?, below));
        }
        items.sort_by_key(|(index, _)| *index);
        // Gaps are not filled: their size would be the client's to choose.
        if items.iter().enumerate().any(|(at, (index, _))| at != *index) {
            return Err(INDICES);
        }
        let items = items.into_iter().map(|(_, below)| value(below, member(rule, None), wanted, member));
        return items.collect::<Result<_, _>>().map(ParamValue::List);
    }
    let members = node.below.iter().map(|below| {
        let member = value(below, member(rule, Some(below.key)), wanted, member)?;
        Ok((Cow::Owned(below.key.to_owned()), member))
    });
    members.collect::<Result<_, _>>().map(ParamValue::Object)
}
