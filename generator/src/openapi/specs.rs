//! All documents of a compilation, filled on demand: only what is asked for is read and judged.

use std::rc::Rc;

use super::careful;
use super::files::version_text;
use super::identifiers;
use super::index::{Index, index};
use super::lint;
use super::operation::{self, Reading};
use super::reference::{At, Base, Lookup, RefError, resolve};
use super::security;
use super::server::{Server, servers};
use super::{DocId, Files, Operation, OperationHead, SecurityScheme};
use crate::Loader;
use crate::diag::{Diagnostic, Severity};
use crate::schema::{Interned, Reader, SchemaId, Schemas};
use crate::source::{Node, SourceId, Sources, Span, Value};

/// Documents and their schemas. Filled on demand: only what is asked for is read and judged.
#[derive(Default)]
pub struct Specs {
    /// Every schema read so far, of all documents.
    pub schemas: Schemas,
    files: Files,
    interned: Interned,
    docs: Vec<Doc>,
}

/// One document.
struct Doc {
    source: SourceId,
    overlays: Vec<String>,
    title: String,
    version: String,
    index: Index,
    /// By position in the index.
    operations: Vec<Option<Rc<Operation>>>,
}

/// A pointer that leads nowhere in a document.
#[derive(Clone, Debug, PartialEq)]
pub struct NotFound {
    /// How far it is right: "`#/components/schemas` has no `Usr`".
    pub why: String,
    /// The pointer that was perhaps meant: `/components/schemas/User`.
    pub meant: Option<String>,
}

impl Specs {
    /// All files of all documents.
    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    /// Loads and parses the document at a path, checks that it is OpenAPI 3.0 or 3.1, and lists its
    /// operations. The same path is the same document. Files it refers to are loaded too; one that is
    /// not there matters only where something that is used refers to it.
    pub fn open(
        &mut self,
        sources: &mut Sources,
        path: &str,
        loader: &mut dyn Loader,
    ) -> (Option<DocId>, Vec<Diagnostic>) {
        self.open_with(sources, path, &[], loader)
    }

    /// Like [`Specs::open`], with overlays that are applied one after the other before the document is read. One
    /// document cannot be read with different overlays.
    pub fn open_with(
        &mut self,
        sources: &mut Sources,
        path: &str,
        overlays: &[String],
        loader: &mut dyn Loader,
    ) -> (Option<DocId>, Vec<Diagnostic>) {
        if let Some(file) = self.files.find(path) {
            let doc = self.files.roots.iter().position(|root| *root == file);
            let same = doc.is_some_and(|doc| self.docs[doc].overlays == overlays);
            if let (Some(doc), true) = (doc, same) {
                return (Some(DocId(doc as u32)), Vec::new());
            }
            if doc.is_some() || !overlays.is_empty() {
                let message = format!("`{path}` is used twice, with different overlays");
                let found = Diagnostic::new("BFF0210", Severity::Error, message, None)
                    .help("A document is read once: name the same overlays everywhere, or make a copy of it.");
                return (None, vec![found]);
            }
        }
        let known = self.files.len() as u32;
        let (file, mut found) = self.files.load(sources, path, loader, None, overlays);
        let loaded = self.files.get(file);
        let (Some(root), Some(source)) = (&loaded.root, loaded.source) else {
            if found.is_empty() {
                let why = loaded.problem.clone().unwrap_or_default();
                found.push(Diagnostic::new("BFF0101", Severity::Error, format!("`{path}` was not read: {why}"), None));
            }
            return (None, found);
        };
        if let Err(error) = check_head(root, path) {
            found.push(*error);
            return (None, found);
        }
        if let Some(version) = root.get("openapi").filter(|v| version_text(v).is_some_and(|v| v.starts_with("3.2"))) {
            let message = "OpenAPI 3.2 is read as 3.1";
            let note = Diagnostic::new("BFF0209", Severity::Note, message, Some(version.span));
            found.push(note.help("What is new in 3.2 is not seen: other methods, streams by item, `querystring`."));
        }
        let info =
            |key| root.get("info").and_then(|info| info.get(key)).and_then(version_text).unwrap_or("").to_owned();
        let (title, version) = (info("title"), info("version"));
        self.files.load_referred(sources, file, loader);
        found.extend(self.files.lift(file));
        identifiers::resolve(&mut self.files, known);
        let mut index = index(&self.files, file);
        found.append(&mut index.found);
        let operations = vec![None; index.heads.len()];
        self.docs.push(Doc { source, overlays: overlays.to_vec(), title, version, index, operations });
        self.files.roots.push(file);
        (Some(DocId(self.docs.len() as u32 - 1)), found)
    }

    /// The document's file.
    pub fn source(&self, doc: DocId) -> SourceId {
        self.doc(doc).source
    }

    /// Title and version; empty where the document does not say.
    pub fn info(&self, doc: DocId) -> (&str, &str) {
        let doc = self.doc(doc);
        (&doc.title, &doc.version)
    }

    /// Every operation, in the order of the document. Ids are unique.
    pub fn operations(&self, doc: DocId) -> &[OperationHead] {
        &self.doc(doc).index.heads
    }

    /// The document's servers, in its order. Empty where it names none: then it is where the document came from.
    pub fn servers(&self, doc: DocId) -> (Vec<Server>, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let root = self.files.get(self.files.of(doc)).root.as_ref();
        let servers = root.map(|root| servers(root, &mut found)).unwrap_or_default();
        (servers, found)
    }

    /// The document's security schemes, in its order. One that cannot be read is left out with a lint.
    pub fn security_schemes(&self, doc: DocId) -> (Vec<SecurityScheme>, Vec<Diagnostic>) {
        security::schemes(&self.files, self.files.of(doc))
    }

    /// Finds an operation by id, or by method and path (`GET /users/{id}`).
    pub fn find(&self, doc: DocId, key: &str) -> Option<usize> {
        let index = &self.doc(doc).index;
        index.by_id.get(key).copied().or_else(|| {
            let (method, path) = key.split_once(' ')?;
            index.by_path.get(path.trim())?.iter().copied().find(|at| index.heads[*at].method.as_str() == method)
        })
    }

    /// Reads an operation and all schemas that it reaches. Diagnostics come with the first reading only;
    /// a schema that cannot be read is a warning and of [`crate::schema::Kind::Unsupported`], so that it
    /// matters only where it is used.
    pub fn operation(&mut self, doc: DocId, index: usize) -> (Rc<Operation>, Vec<Diagnostic>) {
        let file = self.files.of(doc);
        let known = &mut self.docs[doc.0 as usize];
        if let Some(operation) = &known.operations[index] {
            return (Rc::clone(operation), Vec::new());
        }
        let mut reading =
            Reading { files: &self.files, schemas: &mut self.schemas, interned: &mut self.interned, found: Vec::new() };
        let operation = operation::read(&mut reading, file, &known.index.heads[index], &known.index.places[index]);
        let found = reading.found;
        let operation = Rc::new(operation);
        known.operations[index] = Some(Rc::clone(&operation));
        (operation, found)
    }

    /// Judges the whole document: every operation and every component, reached or not. What is wrong is an
    /// error here, though a composition that does not reach it compiles.
    pub fn lint(&mut self, doc: DocId) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for index in 0..self.operations(doc).len() {
            found.extend(self.operation(doc, index).1);
        }
        // behind the operations, so that schemas have the names that these give
        let mut reading =
            Reading { files: &self.files, schemas: &mut self.schemas, interned: &mut self.interned, found: Vec::new() };
        lint::lint(&mut reading, self.files.of(doc));
        found.append(&mut reading.found);
        careful::defaults(&self.schemas, &self.files, &mut found);
        found.extend(self.servers(doc).1);
        found.extend(self.security_schemes(doc).1);
        lint::harden(found)
    }

    /// The schema at a JSON Pointer (`/components/schemas/NewUser`; a leading `#` does not matter).
    pub fn schema_at(&mut self, doc: DocId, pointer: &str) -> Result<(SchemaId, Vec<Diagnostic>), NotFound> {
        let file = self.files.of(doc);
        let reference = if pointer.starts_with('#') { pointer.to_owned() } else { format!("#{pointer}") };
        let mut lookup = Lookup { files: &self.files, upstream: &mut |_| None };
        let target = match resolve(&mut lookup, Base::File(file), &reference) {
            Ok(target) => target,
            Err(RefError::Cyclic) => {
                let why = format!("`{reference}` leads through references that never end");
                return Err(NotFound { why, meant: None });
            }
            Err(RefError::Dangling { why, meant }) => {
                let meant = meant.map(|meant| meant.trim_start_matches('#').to_owned());
                return Err(NotFound { why, meant });
            }
        };
        let reader = Reader::new(lookup, &mut self.schemas, &mut self.interned);
        Ok(reader.read_named(target.at, &target.name, target.component))
    }

    /// Reads a schema that is written in a composition, in the syntax of OpenAPI 3.1. References name an
    /// upstream (`users#/components/schemas/User`); a plain string is such a reference too.
    pub fn inline_schema(
        &mut self,
        node: &Node,
        name: &str,
        resolve: &mut dyn FnMut(&str) -> Option<DocId>,
    ) -> (SchemaId, Vec<Diagnostic>) {
        let files = &self.files;
        let mut upstream = |name: &str| resolve(name).map(|doc| files.of(doc));
        let lookup = Lookup { files, upstream: &mut upstream };
        let reader = Reader::new(lookup, &mut self.schemas, &mut self.interned);
        reader.read(At { node, base: Base::Inline }, name)
    }

    fn doc(&self, doc: DocId) -> &Doc {
        &self.docs[doc.0 as usize]
    }
}

/// `openapi` is a version that is read, and `paths` is there.
fn check_head(root: &Node, path: &str) -> Result<(), Box<Diagnostic>> {
    let top = Span { end: root.span.start, ..root.span };
    if root.as_object().is_none() {
        let message = format!("`{path}` is not an OpenAPI document: it holds {}, not an object", root.type_name());
        return Err(Box::new(
            Diagnostic::error("BFF0201", message, top).help("An OpenAPI document begins with `openapi: 3.1.0`."),
        ));
    }
    let Some(version) = root.member("openapi").or_else(|| root.member("swagger")) else {
        let message = format!("`{path}` is not an OpenAPI document: it has no `openapi`");
        return Err(Box::new(
            Diagnostic::error("BFF0201", message, top).help("An OpenAPI document begins with `openapi: 3.1.0`."),
        ));
    };
    let text = version_text(&version.value).unwrap_or("");
    let is = |known: &str| text == known || text.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'));
    let versions: &[&str] = if &*version.key == "swagger" { &["2.0"] } else { &["3.0", "3.1", "3.2"] };
    if !versions.iter().any(|known| is(known)) {
        let message = format!("OpenAPI version `{text}` is not supported");
        return Err(Box::new(
            Diagnostic::error("BFF0202", message, version.value.span)
                .help("OpenAPI 3.0, 3.1 and 3.2 and Swagger 2.0 are read."),
        ));
    }
    match root.member("paths") {
        Some(paths) if paths.value.as_object().is_none() && !matches!(paths.value.value, Value::Null) => {
            Err(Box::new(super::body::malformed(&paths.value, "`paths`", "object", false)))
        }
        // 3.1 allows documents of components and webhooks only; there is nothing to call, but schemas to use
        None if (text.starts_with("3.0") && root.get("components").is_none()) || text.starts_with("2.0") => {
            let message = format!("`{path}` has no `paths`, so there is no operation to call");
            Err(Box::new(Diagnostic::error("BFF0201", message, top).help("Name the root document of the service.")))
        }
        _ => Ok(()),
    }
}
