//! The files that documents consist of: the root, and those it refers to by relative path.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::{Dialect, DocId, overlay, swagger};
use crate::Loader;
use crate::diag::suggest::did_you_mean;
use crate::diag::{Diagnostic, Severity};
use crate::source::{self, Node, SourceId, Sources, Span, Value};

/// One file, or why it is not there.
pub(crate) struct LoadedFile {
    /// Path as the loader knows it.
    pub(crate) path: String,
    /// The file among all sources.
    pub(crate) source: Option<SourceId>,
    /// Its content; none where it could not be read.
    pub(crate) root: Option<Node>,
    /// Whose rules it follows.
    pub(crate) dialect: Dialect,
    /// Swagger 2.0 that is not lifted yet.
    swagger: bool,
    /// Why there is no content.
    pub(crate) problem: Option<String>,
}

/// All files of all documents. A [`super::Base::File`] is a position in it.
#[derive(Default)]
pub(crate) struct Files {
    list: Vec<LoadedFile>,
    by_path: HashMap<String, u32>,
    /// Root files that are documents, by position in `Specs`.
    pub(crate) roots: Vec<u32>,
    /// Positions of the members of large objects, by where these stand.
    members: RefCell<HashMap<Span, HashMap<Box<str>, usize>>>,
    /// References to nothing for which names were looked through so far.
    guesses: Cell<usize>,
}

/// Objects up to this size are searched from their beginning.
const SMALL: usize = 32;

/// The latest minor version of OpenAPI 3 that is known.
const NEWEST: u8 = 2;

/// References to nothing that are told what was perhaps meant: who has more of them has another problem.
const MAX_GUESSES: usize = 100;

impl Files {
    /// Every file, in the order in which they were loaded.
    pub(super) fn loaded(&self) -> impl Iterator<Item = &LoadedFile> {
        self.list.iter()
    }

    /// [`Node::get`] for objects with thousands of members, in which each reference would be searched for.
    pub(crate) fn member<'a>(&self, node: &'a Node, key: &str) -> Option<&'a Node> {
        let members = node.as_object().filter(|members| members.len() > SMALL);
        let Some(members) = members else { return node.get(key) };
        let mut known = self.members.borrow_mut();
        let positions = known
            .entry(node.span)
            .or_insert_with(|| members.iter().enumerate().rev().map(|(at, m)| (m.key.clone(), at)).collect());
        // objects change while documents are brought to one shape
        let found = positions.get(key).and_then(|at| members.get(*at)).filter(|member| &*member.key == key);
        found.map_or_else(|| node.get(key), |member| Some(&member.value))
    }

    /// The name of a member that was perhaps meant.
    pub(crate) fn meant<'a>(&self, node: &'a Node, key: &str) -> Option<&'a str> {
        let guesses = self.guesses.replace(self.guesses.get() + 1);
        let members = node.as_object().filter(|_| guesses < MAX_GUESSES)?;
        did_you_mean(key, members.iter().map(|member| &*member.key)).map(|near| near.name)
    }

    /// Which 3.x rules: what the file says, or the newest for one that does not say and is not of 3.0.
    pub(crate) fn minor(&self, base: super::Base) -> u8 {
        let super::Base::File(file) = base else { return NEWEST };
        let file = self.get(file);
        let says = file.root.as_ref().and_then(|root| root.get("openapi")).and_then(version_text);
        match (says, file.dialect) {
            (_, Dialect::V30) => 0,
            (Some(text), _) if text.starts_with("3.1") => 1,
            _ => NEWEST,
        }
    }

    /// Whether a source is a file of OpenAPI 3.0, which is stricter than JSON Schema.
    pub(crate) fn is_strict(&self, source: SourceId) -> bool {
        self.list.iter().any(|file| file.source == Some(source) && file.dialect == Dialect::V30)
    }

    /// A file by position.
    pub(crate) fn get(&self, file: u32) -> &LoadedFile {
        &self.list[file as usize]
    }

    /// The content of a file, to bring it to one shape.
    pub(super) fn root_mut(&mut self, file: u32) -> Option<&mut Node> {
        self.list[file as usize].root.as_mut()
    }

    /// How many files there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// A file by path.
    pub(crate) fn find(&self, path: &str) -> Option<u32> {
        self.by_path.get(path).copied()
    }

    /// The root file of a document.
    pub(crate) fn of(&self, doc: DocId) -> u32 {
        self.roots[doc.0 as usize]
    }

    /// Loads and parses a file unless it is there already.
    pub(crate) fn load(
        &mut self,
        sources: &mut Sources,
        path: &str,
        loader: &mut dyn Loader,
        parent: Option<(Dialect, bool)>,
        overlays: &[String],
    ) -> (u32, Vec<Diagnostic>) {
        if let Some(file) = self.find(path) {
            return (file, Vec::new());
        }
        let mut found = Vec::new();
        let mut file = LoadedFile {
            path: path.to_owned(),
            source: None,
            root: None,
            dialect: Dialect::V31,
            swagger: false,
            problem: None,
        };
        match loader.load(path) {
            Err(reason) => {
                let message = format!("`{path}` cannot be read: {reason}");
                found.push(
                    Diagnostic::new("BFF0101", Severity::Error, message, None)
                        .help("Check the path and the file's permissions."),
                );
            }
            Ok(bytes) => match source::add_bytes(sources, path, bytes) {
                Err(error) => found.push(error),
                Ok(id) => {
                    let (root, parsed) = source::parse(sources, id);
                    file.source = Some(id);
                    file.root = root;
                    found.extend(parsed.into_iter().map(|d| soften(d, file.root.is_some())));
                }
            },
        }
        if let Some(root) = &mut file.root {
            let mut added = overlay::Added::default();
            for (overlay, said) in overlays.iter().map(|path| read_overlay(sources, path, loader)) {
                found.extend(said);
                if let Some(overlay) = overlay {
                    found.extend(overlay::apply(root, &overlay, &mut added));
                }
            }
        }
        if file.root.is_none() {
            file.problem = Some(found.last().map_or_else(|| "it has no content".to_owned(), |d| d.message.clone()));
        }
        let says = |key| file.root.as_ref().and_then(|root| root.get(key)).and_then(version_text);
        (file.dialect, file.swagger) = match (says("openapi"), says("swagger")) {
            (Some(text), _) if text.starts_with("3.0") => (Dialect::V30, false),
            (Some(_), _) => (Dialect::V31, false),
            (None, Some(_)) => (Dialect::V30, true),
            (None, None) => parent.unwrap_or((Dialect::V31, false)),
        };
        self.list.push(file);
        let position = self.list.len() as u32 - 1;
        self.by_path.insert(path.to_owned(), position);
        (position, found)
    }

    /// Loads every file that a file refers to, and theirs. What cannot be loaded is an error only where
    /// something that is used refers to it, so nothing is reported here.
    pub(crate) fn load_referred(&mut self, sources: &mut Sources, root: u32, loader: &mut dyn Loader) {
        let mut queue = vec![root];
        while let Some(file) = queue.pop() {
            let LoadedFile { path, root, dialect, swagger, .. } = self.get(file);
            let mut outside = Vec::new();
            if let Some(root) = root {
                collect_outside(root, &mut outside);
            }
            let (parent, paths) = ((*dialect, *swagger), outside.iter().map(|to| join(path, to)).collect::<Vec<_>>());
            for path in paths {
                if self.find(&path).is_none() {
                    let (loaded, _) = self.load(sources, &path, loader, Some(parent), &[]);
                    queue.push(loaded);
                }
            }
        }
    }
}

impl Files {
    /// Brings every file of Swagger 2.0 to the shape of OpenAPI 3, once all are there. `root` says the media types.
    pub(crate) fn lift(&mut self, root: u32) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut lifted = Vec::new();
        for file in (0..self.list.len() as u32).filter(|file| self.get(*file).swagger) {
            let (node, said) = swagger::lift(self, file, root);
            found.extend(said);
            lifted.push((file, node));
        }
        for (file, node) in lifted {
            let file = &mut self.list[file as usize];
            (file.root, file.swagger) = (node, false);
        }
        found
    }
}

fn read_overlay(sources: &mut Sources, path: &str, loader: &mut dyn Loader) -> (Option<Node>, Vec<Diagnostic>) {
    let bytes = match loader.load(path) {
        Ok(bytes) => bytes,
        Err(reason) => {
            let message = format!("the overlay `{path}` cannot be read: {reason}");
            let found = Diagnostic::new("BFF0101", Severity::Error, message, None);
            return (None, vec![found.help("Check the path and the file's permissions.")]);
        }
    };
    match source::add_bytes(sources, path, bytes) {
        Ok(id) => source::parse(sources, id),
        Err(error) => (None, vec![error]),
    }
}

/// Real documents have keys twice, and every other tool takes the last; so do we, aloud.
fn soften(mut found: Diagnostic, read: bool) -> Diagnostic {
    if read && found.code == "BFF0106" {
        found.severity = Severity::Warning;
    }
    found
}

/// The text of `openapi`, quotes forgotten or not.
pub(super) fn version_text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Number(text) => Some(text),
        _ => node.as_str(),
    }
}

/// File parts of all `$ref`s that leave the file. Depth is bounded by the reader's limit.
fn collect_outside<'a>(node: &'a Node, outside: &mut Vec<&'a str>) {
    match &node.value {
        Value::Array(items) => items.iter().for_each(|item| collect_outside(item, outside)),
        Value::Object(members) => {
            for member in members {
                match member.value.as_str() {
                    Some(to) if &*member.key == "$ref" => {
                        let file = to.split('#').next().unwrap_or("");
                        if !file.is_empty() && !file.contains("://") && !outside.contains(&file) {
                            outside.push(file);
                        }
                    }
                    _ => collect_outside(&member.value, outside),
                }
            }
        }
        _ => {}
    }
}

/// A path relative to the folder of another file, `.` and `..` resolved.
pub(super) fn join(from: &str, to: &str) -> String {
    let to = super::reference::percent_decode(to);
    if to.starts_with('/') {
        return to;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, ".." | "")) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
