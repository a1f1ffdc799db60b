//! Reads references to operations: `users.getUser`, `users["GET /users/{id}"]`.

use super::keys::wrong_kind;
use super::values::is_identifier;
use crate::composition::ast::OperationRef;
use crate::diag::Diagnostic;
use crate::expr::Place;
use crate::source::{Node, Spanned};

/// Reads the reference; `key` is what it is the value of.
pub(super) fn read(node: &Node, key: &str, out: &mut Vec<Diagnostic>) -> Option<OperationRef> {
    let Some(text) = node.as_str() else {
        out.push(wrong_kind(node, key, "an operation, like `users.getUser`"));
        return None;
    };
    let place = Place::of(node);
    let found = parts(text).map(|(upstream, from, to)| OperationRef {
        upstream: Spanned::new(upstream.to_owned(), place.span(0, upstream.len())),
        operation: Spanned::new(text[from..to].to_owned(), place.span(from, to)),
    });
    if found.is_none() {
        out.push(
            Diagnostic::error("BFF0314", format!("`{text}` is not a reference to an operation"), node.span)
                .help("Write `users.getUser` (upstream and operationId) or `users[\"GET /users/{id}\"]`."),
        );
    }
    found
}

/// The upstream's name, and the range of the operation.
fn parts(text: &str) -> Option<(&str, usize, usize)> {
    let at = text.find(['.', '['])?;
    let (upstream, rest) = (&text[..at], &text[at + 1..]);
    if !is_identifier(upstream) {
        return None;
    }
    let (from, to) = if text[at..].starts_with('.') {
        (at + 1, text.len())
    } else {
        let quoted = rest.strip_suffix(']')?;
        let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let inner = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
        (at + 2, at + 2 + inner.len())
    };
    let operation = &text[from..to];
    (!operation.is_empty() && operation == operation.trim()).then_some((upstream, from, to))
}
