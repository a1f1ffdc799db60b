//! Where a node of a document stands, as file and JSON Pointer: for what is told to people at run time.

use super::Files;
use super::specs::Specs;
use crate::source::pointer::push;
use crate::source::{Node, Span, Value};

impl Specs {
    /// The file that a node of a document stands in, by its name, and the JSON Pointer to it there. `None` for what stands
    /// in no document, as the parts that an overlay brings.
    pub fn pointer_of(&self, span: Span) -> Option<(String, String)> {
        pointer_of(self.files(), span)
    }
}

fn pointer_of(files: &Files, span: Span) -> Option<(String, String)> {
    files.loaded().find_map(|file| {
        if file.source != Some(span.source) {
            return None;
        }
        let mut pointer = String::new();
        descend(file.root.as_ref()?, span, &mut pointer)?;
        let name = file.path.rsplit(['/', '\\']).next().unwrap_or_default();
        Some((name.to_owned(), pointer))
    })
}

/// Goes from node to node, each of which holds the span, down to the one that is it.
fn descend(root: &Node, span: Span, pointer: &mut String) -> Option<()> {
    let holds =
        |node: &Node| node.span.source == span.source && node.span.start <= span.start && span.end <= node.span.end;
    let mut node = root;
    while node.span != span {
        let next = match &node.value {
            Value::Object(members) => {
                let member = members.iter().find(|member| holds(&member.value))?;
                push(pointer, &member.key);
                &member.value
            }
            Value::Array(items) => {
                let at = items.iter().position(holds)?;
                push(pointer, &at.to_string());
                items.get(at)?
            }
            _ => return None,
        };
        node = next;
    }
    Some(())
}
