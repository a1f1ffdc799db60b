//! Whether an operation needs a credential.

use crate::source::Node;

/// Requirements name at least one scheme and no alternative is empty (OpenAPI 3.1, section 4.8.30). An
/// operation's own list, even an empty one, replaces the document's.
pub(super) fn needs_credential(operation: &Node, root: &Node) -> bool {
    let requirements = operation.get("security").or_else(|| root.get("security"));
    let alternatives = requirements.and_then(Node::as_array).unwrap_or_default();
    !alternatives.is_empty()
        && alternatives.iter().all(|one| one.as_object().is_some_and(|schemes| !schemes.is_empty()))
}
