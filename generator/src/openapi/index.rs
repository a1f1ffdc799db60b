//! The index of a document's operations: cheap, nothing of an operation but its head is read.

use std::collections::HashMap;

use super::names::{derived_id, unique};
use super::reference::{At, Lookup, follow};
use super::{Base, Files, Method, OperationHead};
use crate::diag::Diagnostic;
use crate::source::{Node, Span, Value};

/// Where an operation stands.
pub(super) struct Place {
    /// Key of its path item in `paths`.
    pub(super) path: String,
    /// Key of the operation in the path item, as written.
    pub(super) method: String,
}

/// The index of one document.
#[derive(Default)]
pub(super) struct Index {
    pub(super) heads: Vec<OperationHead>,
    pub(super) places: Vec<Place>,
    /// Positions by id.
    pub(super) by_id: HashMap<String, usize>,
    /// Positions by path.
    pub(super) by_path: HashMap<String, Vec<usize>>,
    /// `operationId` that occur again, with both places.
    pub(super) found: Vec<Diagnostic>,
}

/// Lists the operations under `paths`, in the order of the document.
pub(super) fn index(files: &Files, file: u32) -> Index {
    let mut index = Index::default();
    let Some(paths) = files.get(file).root.as_ref().and_then(|root| root.get("paths")) else { return index };
    let mut lookup = Lookup { files, upstream: &mut |_| None };
    for member in paths.as_object().unwrap_or_default() {
        if !member.key.starts_with('/') {
            if !member.key.starts_with("x-") {
                index.found.push(
                    Diagnostic::warning(
                        "BFF0205",
                        format!("the path `{}` does not begin with `/`", member.key),
                        member.key_span,
                    )
                    .help("It is left out. Paths are appended to the server's address, so they begin with `/`."),
                );
            }
            continue;
        }
        let at = At { node: &member.value, base: Base::File(file) };
        // what a dangling path item hides cannot be listed; whoever asks for it by path is told
        let Ok((item, _)) = follow(&mut lookup, at) else {
            index.found.push(
                Diagnostic::warning(
                    "BFF0203",
                    format!("the path item of `{}` refers to nothing", member.key),
                    member.value.span,
                )
                .help("Its operations are left out."),
            );
            continue;
        };
        for entry in item.node.as_object().unwrap_or_default() {
            let Some(method) = Method::parse(&entry.key) else { continue };
            if !matches!(entry.value.value, Value::Object(_)) {
                index.found.push(super::body::malformed(
                    &entry.value,
                    &format!("the operation `{}`", entry.key),
                    "object",
                    true,
                ));
                continue;
            }
            let id = entry.value.get("operationId").and_then(Node::as_str).filter(|id| !id.is_empty());
            index.heads.push(OperationHead {
                id: id.unwrap_or("").to_owned(),
                derived_id: id.is_none(),
                method,
                path: member.key.to_string(),
                span: entry.key_span,
                summary: first_line(&entry.value),
                tag: first_tag(&entry.value),
            });
            index.places.push(Place { path: member.key.to_string(), method: entry.key.to_string() });
        }
    }
    settle_ids(&mut index);
    for (at, head) in index.heads.iter().enumerate() {
        index.by_id.insert(head.id.clone(), at);
        index.by_path.entry(head.path.clone()).or_default().push(at);
    }
    index
}

/// Makes ids unique: the first with an `operationId` keeps it, the others get a derived one.
fn settle_ids(index: &mut Index) {
    let mut first: HashMap<String, Span> = HashMap::new();
    for head in &mut index.heads {
        if head.derived_id {
            continue;
        }
        if let Some(earlier) = first.get(&head.id) {
            let derived = derived_id(head.method.as_str(), &head.path);
            index.found.push(
                Diagnostic::warning(
                    "BFF0207",
                    format!("the operationId `{}` stands at two operations", head.id),
                    head.span,
                )
                .at("here again")
                .label(*earlier, "first here")
                .help(format!("This one is called `{derived}` here. Give each operation an id of its own.")),
            );
            head.derived_id = true;
            continue;
        }
        first.insert(head.id.clone(), head.span);
    }
    let mut taken: HashMap<String, usize> = first.into_keys().map(|id| (id, 2)).collect();
    for head in index.heads.iter_mut().filter(|head| head.derived_id) {
        head.id = unique(derived_id(head.method.as_str(), &head.path), &mut taken);
    }
}

fn first_tag(operation: &Node) -> Option<String> {
    let tag = operation.get("tags")?.as_array()?.first()?.as_str()?.trim();
    (!tag.is_empty()).then(|| tag.to_owned())
}

fn first_line(operation: &Node) -> Option<String> {
    let text = operation.get("summary").or_else(|| operation.get("description"))?.as_str()?;
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
}
