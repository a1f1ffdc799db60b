//! One operation, read in full.

use super::body::{request_body, responses, text};
use super::index::Place;
use super::parameter::{add_forgotten, parameters};
use super::reference::{RefError, follow};
use super::security::requirements;
use super::server::servers;
use super::{At, Base, Dialect, Files, Lookup, Operation, OperationHead};
use crate::diag::Diagnostic;
use crate::schema::{Interned, Reader, SchemaId, Schemas};
use crate::source::{Node, Span};

/// What reading an operation works on.
pub(super) struct Reading<'a, 'r> {
    pub(super) files: &'a Files,
    pub(super) schemas: &'r mut Schemas,
    pub(super) interned: &'r mut Interned,
    pub(super) found: Vec<Diagnostic>,
}

/// Reads the operation at a place that the index knows.
pub(super) fn read(reading: &mut Reading<'_, '_>, file: u32, head: &OperationHead, place: &Place) -> Operation {
    let mut result = Operation {
        head: head.clone(),
        description: None,
        deprecated: false,
        parameters: Vec::new(),
        body: None,
        responses: Vec::new(),
        needs_credential: false,
        security: Vec::new(),
        servers: Vec::new(),
    };
    let Some(root) = &reading.files.get(file).root else { return result };
    let Some(node) = root.get("paths").and_then(|paths| paths.get(&place.path)) else { return result };
    let Some((item, _)) = reading.follow(At { node, base: Base::File(file) }, "the path item") else { return result };
    let Some(operation) = item.node.get(&place.method).map(|node| item.to(node)) else { return result };
    let node = operation.node;
    result.description = text(node, "description");
    result.deprecated = node.get("deprecated").and_then(Node::as_bool).unwrap_or(false);
    result.parameters = parameters(reading, item, operation, &head.id);
    add_forgotten(reading, &mut result.parameters, &head.path, &head.id, head.span);
    result.body = node.get("requestBody").and_then(|body| request_body(reading, operation.to(body), &head.id));
    match node.get("responses") {
        Some(node) => result.responses = responses(reading, operation.to(node), &head.id),
        // 3.1 allows an operation to say nothing of its answers
        None if reading.files.get(file).dialect == Dialect::V31 => {}
        None => reading.found.push(
            Diagnostic::warning("BFF0205", format!("the operation `{}` has no `responses`", head.id), head.span)
                .help("Nothing is known of what it answers. Add `responses` to the document."),
        ),
    }
    result.security = requirements(node, root);
    result.needs_credential =
        !result.security.is_empty() && result.security.iter().all(|alternative| !alternative.is_empty());
    let owner = if node.get("servers").is_some() { node } else { item.node };
    result.servers = servers(owner, &mut reading.found);
    result
}

impl<'a> Reading<'a, '_> {
    /// Follows references; one that leads nowhere is reported.
    pub(super) fn follow(&mut self, at: At<'a>, what: &str) -> Option<(At<'a>, Option<String>)> {
        let mut lookup = Lookup { files: self.files, upstream: &mut |_| None };
        match follow(&mut lookup, at) {
            Ok(found) => Some(found),
            Err(error) => {
                let span = at.node.get("$ref").map_or(at.node.span, |node| node.span);
                self.found.push(reference_error(&error, what, at.reference().unwrap_or(""), span));
                None
            }
        }
    }

    /// Follows references without a word.
    pub(super) fn peek(&mut self, at: At<'a>) -> Option<At<'a>> {
        let mut lookup = Lookup { files: self.files, upstream: &mut |_| None };
        follow(&mut lookup, at).ok().map(|(at, _)| at)
    }

    /// Reads a schema and what it refers to.
    pub(super) fn schema(&mut self, at: At<'a>, name: &str) -> SchemaId {
        let lookup = Lookup { files: self.files, upstream: &mut |_| None };
        let (id, found) = Reader::new(lookup, self.schemas, self.interned).read(at, name);
        self.found.extend(found);
        id
    }
}

/// The diagnostic for a reference that leads nowhere.
pub(crate) fn reference_error(error: &RefError, what: &str, reference: &str, span: Span) -> Diagnostic {
    match error {
        RefError::Cyclic => {
            let message = format!("{what} `{reference}` refers to itself and never reaches anything");
            Diagnostic::error("BFF0204", message, span)
                .help("Break the circle: one of these must say what it is instead of referring on.")
        }
        RefError::Dangling { why, meant } => {
            let message = format!("{what} refers to `{reference}`, and nothing is there");
            let diagnostic = Diagnostic::error("BFF0203", message, span).at(why.clone());
            match meant {
                Some(meant) => diagnostic.help(format!("Did you mean `{meant}`?")),
                None => diagnostic.help("Mend the reference, or add what it names to the document."),
            }
        }
    }
}
