//! What a schema says about itself rather than about the value.

use super::reader::Reader;
use super::{Json, SchemaId};
use crate::openapi::{At, examples};
use crate::source::{Node, to_json};

/// Whether a node has an annotation that the model keeps.
pub(super) fn says_something(node: &Node) -> bool {
    const KEPT: [&str; 8] =
        ["title", "description", "deprecated", "readOnly", "writeOnly", "default", "example", "examples"];
    node.as_object().unwrap_or_default().iter().any(|m| KEPT.contains(&&*m.key))
}

/// Takes the annotations of several nodes; of two that say the same, the first (outermost) wins.
pub(super) fn annotate(reader: &mut Reader<'_, '_>, id: SchemaId, nodes: &[At<'_>]) {
    let first = |key: &str| nodes.iter().find_map(|at| at.node.get(key));
    let text = |key: &str| {
        let text =
            nodes.iter().filter_map(|at| at.node.get(key)?.as_str()).map(str::trim).find(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let flag = |key: &str| nodes.iter().any(|at| at.node.get(key).and_then(Node::as_bool) == Some(true));
    let examples: Vec<Json> = nodes
        .iter()
        .map(|at| examples(at.node))
        .find(|list| !list.is_empty())
        .unwrap_or_default()
        .into_iter()
        .map(to_json)
        .collect();
    let schema = reader.schemas.get_mut(id);
    schema.title = text("title");
    schema.description = text("description");
    schema.deprecated = flag("deprecated");
    schema.read_only = flag("readOnly");
    schema.write_only = flag("writeOnly");
    schema.default = first("default").map(to_json);
    schema.examples = examples;
}
