//! `$id`, `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12, section 8.2): references by name become pointers.
//!
//! It is done once, when all files are there; whoever follows references then knows files and pointers only. What is
//! not found stays as it is written, and whoever follows it says so.

use std::collections::HashMap;

use super::files::join;
use super::{Dialect, Files};
use crate::source::{Node, Value, pointer};

/// Where a named schema stands: file, and pointer within it.
type Place = (u32, String);

/// Every schema with a name.
#[derive(Default)]
struct Names {
    /// By identifier, resolved against what is around it.
    ids: HashMap<String, Place>,
    /// By identifier of what it is in, and anchor.
    anchors: HashMap<(String, String), Place>,
    /// By dynamic anchor: none where several have the same.
    dynamic: HashMap<String, Option<Place>>,
}

/// Gives every reference by `$id` or anchor the pointer that it stands for, in the files from `first` on: those before
/// have been done.
pub(super) fn resolve(files: &mut Files, first: u32) {
    let mut names = Names::default();
    let modern: Vec<u32> = (0..files.len() as u32).filter(|file| files.get(*file).dialect == Dialect::V31).collect();
    for file in &modern {
        let loaded = files.get(*file);
        if let Some(root) = &loaded.root {
            collect(&mut names, root, *file, &loaded.path, &mut String::new());
        }
    }
    if names.ids.is_empty() && names.anchors.is_empty() {
        return;
    }
    let paths: Vec<String> = (0..files.len() as u32).map(|file| files.get(file).path.clone()).collect();
    for file in modern.into_iter().filter(|file| *file >= first) {
        if let Some(root) = files.root_mut(file) {
            rewrite(&names, &paths, root, file, &paths[file as usize], "");
        }
    }
}

/// The base of what is in a schema: its own identifier, if it has one.
fn base_of(node: &Node, base: &str) -> Option<String> {
    let id = node.get("$id").and_then(Node::as_str)?;
    Some(against(base, id.split('#').next().unwrap_or("")))
}

/// Keys whose values are data, and no schemas.
fn is_data(key: &str) -> bool {
    matches!(key, "example" | "examples" | "default" | "enum" | "const") || key.starts_with("x-")
}

fn escaped(key: &str) -> String {
    pointer::escaped(key).replace('%', "%25")
}

/// Notes the names in a node. Depth is bounded by the reader's limit.
fn collect(names: &mut Names, node: &Node, file: u32, base: &str, pointer: &mut String) {
    let own = base_of(node, base);
    if let Some(id) = &own {
        names.ids.entry(id.clone()).or_insert_with(|| (file, pointer.clone()));
    }
    let base = own.as_deref().unwrap_or(base);
    for (key, dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
        let Some(anchor) = node.get(key).and_then(Node::as_str) else { continue };
        let place = (file, pointer.clone());
        if dynamic {
            let first = !names.dynamic.contains_key(anchor);
            names.dynamic.insert(anchor.to_owned(), first.then(|| place.clone()));
        }
        names.anchors.entry((base.to_owned(), anchor.to_owned())).or_insert(place);
    }
    let length = pointer.len();
    match &node.value {
        Value::Object(members) => {
            for member in members.iter().filter(|member| !is_data(&member.key)) {
                pointer.push('/');
                pointer.push_str(&escaped(&member.key));
                collect(names, &member.value, file, base, pointer);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{at}"));
                collect(names, item, file, base, pointer);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// Rewrites the references in a node of a file. `resource` is the pointer of the schema with an identifier around it.
fn rewrite(names: &Names, paths: &[String], node: &mut Node, file: u32, base: &str, resource: &str) {
    let own = base_of(node, base);
    let resource = own.as_ref().and_then(|id| names.ids.get(id)).map_or(resource, |(_, pointer)| pointer);
    let base = own.as_deref().unwrap_or(base);
    match &mut node.value {
        Value::Object(members) => {
            for member in members.iter_mut().filter(|member| !is_data(&member.key)) {
                let Value::String(text) = &mut member.value.value else {
                    rewrite(names, paths, &mut member.value, file, base, resource);
                    continue;
                };
                let found = match &*member.key {
                    "$ref" => named(names, file, base, resource, &text.value),
                    // one schema has the anchor, so no other can take its place
                    "$dynamicRef" => text.value.strip_prefix('#').and_then(|name| names.dynamic.get(name)?.clone()),
                    _ => None,
                };
                let Some((to, pointer)) = found else { continue };
                let there = if to == file { String::new() } else { from_file(paths, file, to) };
                text.value = format!("{there}#{pointer}").into();
                text.verbatim_at = None;
                member.key = "$ref".into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(names, paths, item, file, base, resource)),
        _ => {}
    }
}

/// What a reference names; none where it is no name, or nothing has it.
fn named(names: &Names, file: u32, base: &str, resource: &str, reference: &str) -> Option<Place> {
    let (place, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let target = if place.is_empty() { base.to_owned() } else { against(base, place) };
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return names.anchors.get(&(target, fragment.to_owned())).cloned();
    }
    if !place.is_empty() {
        return names.ids.get(&target).map(|(file, pointer)| (*file, format!("{pointer}{fragment}")));
    }
    // a schema with an identifier is the root of its own pointers, but many mean the document all the same
    let within = !resource.is_empty() && !fragment.starts_with("/components/");
    within.then(|| (file, format!("{resource}{fragment}")))
}

/// The path from one file to another.
fn from_file(paths: &[String], from: u32, to: u32) -> String {
    let folder = paths[from as usize].rsplit_once('/').map_or("", |(folder, _)| folder);
    crate::paths::relative(folder, &paths[to as usize])
}

/// A reference resolved against a base (RFC 3986, section 5.2): addresses, or paths of files.
fn against(base: &str, to: &str) -> String {
    if to.contains("://") || to.starts_with("urn:") {
        return to.to_owned();
    }
    if to.is_empty() {
        return base.to_owned();
    }
    let path = base.find("://").map_or(0, |at| base[at + 3..].find('/').map_or(base.len(), |slash| at + 3 + slash));
    format!("{}{}", &base[..path], join(&base[path..], to))
}
