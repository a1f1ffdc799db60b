//! OpenAPI Overlay 1.0 and 1.1: changes of a document before it is read.

mod shape;

use super::body::malformed;
use super::jsonpath::{Query, Way, size};
use crate::diag::Diagnostic;
use crate::source::{MAX_DEPTH, Node, Value};

/// Nodes that the actions of one overlay may add: an update of everything by everything has no end.
const MAX_ADDED: usize = 200_000;

/// Applies the actions of an overlay in their order. What it adds keeps its place in the overlay's file. Nothing
/// is applied of an overlay that is not written as its specification wants it; where an action cannot be applied,
/// those before it were.
pub fn apply(tree: &mut Node, overlay: &Node) -> Vec<Diagnostic> {
    let mut found = shape::judge(overlay);
    let actions = overlay.get("actions").and_then(Node::as_array).unwrap_or_default();
    if !found.is_empty() {
        return found;
    }
    let mut added = 0;
    for action in actions {
        if let Err(wrong) = act(tree, action, &mut added, &mut found) {
            found.push(*wrong);
        }
        // each further action would look at all that was added
        if added > MAX_ADDED {
            break;
        }
    }
    found
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

fn act(tree: &mut Node, action: &Node, added: &mut usize, found: &mut Vec<Diagnostic>) -> Outcome<()> {
    let Some(target) = action.get("target") else { return Ok(()) };
    let mut ways = select(tree, target)?;
    if ways.is_empty() {
        found.push(
            Diagnostic::warning("BFF0210", "the `target` of this action selects nothing", target.span)
                .help("Nothing is changed. Check the JSONPath against the document."),
        );
        return Ok(());
    }
    if action.get("remove").and_then(Node::as_bool) == Some(true) {
        remove(tree, ways);
        return Ok(());
    }
    let update = match action.get("copy") {
        Some(from) => {
            let sources = select(tree, from)?;
            let [one] = &sources[..] else {
                let message = format!("`copy` takes one part of the document, and this selects {}", sources.len());
                return Err(Box::new(
                    Diagnostic::error("BFF0210", message, from.span).help("Narrow or mend the JSONPath."),
                ));
            };
            at(tree, one).map(|node| node.clone())
        }
        None => action.get("update").cloned(),
    };
    let Some(update) = update else { return Ok(()) };
    *added = added.saturating_add(size(&update).saturating_mul(ways.len()));
    if *added > MAX_ADDED {
        let message = format!("the overlay adds more than {MAX_ADDED} values");
        return Err(Box::new(Diagnostic::error("BFF0210", message, action.span).help("Select fewer targets.")));
    }
    let deepest = ways.iter().map(Vec::len).max().unwrap_or(0);
    if deepest + height(&update) > MAX_DEPTH {
        let message = format!("the overlay nests more than {MAX_DEPTH} deep");
        return Err(Box::new(
            Diagnostic::error("BFF0210", message, action.span).help("Nothing real is nested so deep."),
        ));
    }
    // deeper ones first, so that a change does not move what is still to be changed
    ways.sort_by_key(|way| std::cmp::Reverse(way.len()));
    for way in &ways {
        if let Some(node) = at(tree, way) {
            combine(node, &update);
        }
    }
    Ok(())
}

fn select(tree: &Node, path: &Node) -> Outcome<Vec<Way>> {
    let Some(text) = path.as_str() else {
        return Err(Box::new(malformed(path, "a JSONPath", "string", false)));
    };
    let ways = Query::parse(text).and_then(|query| query.select(tree));
    ways.map_err(|why| {
        let message = format!("the JSONPath `{text}` cannot be used: {why}");
        Box::new(
            Diagnostic::error("BFF0210", message, path.span)
                .help("RFC 9535 says how it is written: `$.paths['/users'].get`, `$..parameters[?@.name == 'id']`."),
        )
    })
}

fn at<'n>(tree: &'n mut Node, way: &Way) -> Option<&'n mut Node> {
    way.iter().try_fold(tree, |node, at| match &mut node.value {
        Value::Array(items) => items.get_mut(*at),
        Value::Object(members) => members.get_mut(*at).map(|member| &mut member.value),
        _ => None,
    })
}

/// Removes from the end on, so that positions stay right.
fn remove(tree: &mut Node, mut ways: Vec<Way>) {
    ways.sort();
    for way in ways.iter().rev() {
        let Some((last, parent)) = way.split_last() else { continue };
        match at(tree, &parent.to_vec()).map(|node| &mut node.value) {
            Some(Value::Array(items)) if *last < items.len() => {
                items.remove(*last);
            }
            Some(Value::Object(members)) if *last < members.len() => {
                members.remove(*last);
            }
            _ => {}
        }
    }
}

/// Objects are merged, lists get longer, everything else is replaced (Overlay 1.1, section 4.4.3). Depth is
/// bounded by the reader of files.
fn combine(node: &mut Node, update: &Node) {
    match (&mut node.value, &update.value) {
        (Value::Object(members), Value::Object(others)) => {
            for other in others {
                match members.iter_mut().find(|member| member.key == other.key) {
                    Some(member) => combine(&mut member.value, &other.value),
                    None => members.push(other.clone()),
                }
            }
        }
        (Value::Array(items), Value::Array(others)) => items.extend(others.iter().cloned()),
        (Value::Array(items), _) => items.push(update.clone()),
        _ => *node = update.clone(),
    }
}

fn height(node: &Node) -> usize {
    match &node.value {
        Value::Array(items) => 1 + items.iter().map(height).max().unwrap_or(0),
        Value::Object(members) => 1 + members.iter().map(|member| height(&member.value)).max().unwrap_or(0),
        _ => 0,
    }
}
