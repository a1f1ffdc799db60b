//! Reads a composition and the files that it includes.

mod batch;
mod call;
mod commas;
mod endpoint;
mod hook;
mod input;
mod keys;
mod lenient;
mod named;
mod on_error;
mod operation;
mod paginate;
mod path;
mod policies;
mod route;
mod shape;
mod stream;
mod tables;
mod top;
mod upstream;
mod values;

pub use path::{normalise, resolve};
pub(super) use route::METHODS;
pub(super) use tables::tables;
pub(super) use upstream::OWN_HEADERS;
pub(super) use values::TAKEN;

use super::ast::{Composition, Policies};
use crate::Loader;
use crate::diag::{Diagnostic, Severity};
use crate::source::{Node, Sources, Span, Spanned, add_bytes, parse};
use keys::{Allowed, members, wrong_kind};
use top::Defined;

/// Reads the composition at `path` and everything it includes. Paths in it come out relative to where
/// the command runs (`spec`), or as written (`output`, `runtime`).
///
/// None where there is nothing to go on with. With errors among the findings the composition is what
/// could be read: what is broken is left out, so what later stages find missing may follow from that.
pub fn read(sources: &mut Sources, path: &str, loader: &mut dyn Loader) -> (Option<Composition>, Vec<Diagnostic>) {
    let mut reader = Reader {
        sources,
        loader,
        open: Vec::new(),
        names: Defined::default(),
        bff: None,
        out: Vec::new(),
        into: empty(),
    };
    let path = normalise(path);
    if let Some(root) = reader.load(&path, None)
        && reader.is_composition(&root)
    {
        reader.composition(&path, &root);
    }
    let Reader { bff, mut out, mut into, sources, .. } = reader;
    out.iter_mut().for_each(|found| commas::explain(found, sources));
    forgive(&mut out);
    // Keys are read in groups; people read from top to bottom.
    out.sort_by_key(|found| found.labels.first().map(|label| (label.span.source, label.span.start)));
    let composition = bff.map(|bff| {
        into.bff = bff;
        into
    });
    (composition, out)
}

/// A name that no upstream can have is told where it is given, and not where it is used, too.
fn forgive(out: &mut Vec<Diagnostic>) {
    let refused = |found: &Diagnostic| {
        let name = found.message.strip_suffix(" cannot be the name of an upstream")?;
        Some(name.strip_suffix('`')?.to_owned())
    };
    let names: Vec<String> = out.iter().filter(|found| found.code == "BFF0308").filter_map(refused).collect();
    let uses = |found: &Diagnostic| {
        let rest =
            |name: &String| found.message.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(['.', '[']));
        found.code == "BFF0314" && names.iter().any(rest)
    };
    out.retain(|found| !uses(found));
}

struct Reader<'a> {
    sources: &'a mut Sources,
    loader: &'a mut dyn Loader,
    /// Files that are being read, the composition first: what an include must not name again.
    open: Vec<String>,
    names: Defined,
    bff: Option<Spanned<String>>,
    out: Vec<Diagnostic>,
    into: Composition,
}

impl Reader<'_> {
    /// Loads and parses a file; `named_at` is where another file names it.
    fn load(&mut self, path: &str, named_at: Option<Span>) -> Option<Node> {
        let bytes = match self.loader.load(path) {
            Ok(bytes) => bytes,
            Err(why) => {
                let message = format!("`{path}` cannot be read: {why}");
                let mut found = Diagnostic::new("BFF0316", Severity::Error, message, named_at);
                if named_at.is_some() {
                    found = found.help("Paths are relative to the file that names them.");
                }
                self.out.push(found);
                return None;
            }
        };
        let id = match add_bytes(self.sources, path, bytes) {
            Ok(id) => id,
            Err(mut found) => {
                if let (true, Some(span)) = (found.labels.is_empty(), named_at) {
                    found = found.label(span, "named here");
                }
                self.out.push(found);
                return None;
            }
        };
        self.into.files.push(path.to_owned());
        let (node, found) = parse(self.sources, id);
        self.out.extend(found.into_iter().map(about_colons));
        node
    }

    /// Whether this is a composition of this version; says why not.
    fn is_composition(&mut self, root: &Node) -> bool {
        if root.as_object().is_none() {
            self.out.push(
                Diagnostic::error("BFF0301", "this is not a composition", first_line(root.span))
                    .at(format!("this is {}", keys::kind_of(root)))
                    .help("A composition is a mapping that begins with `bffgen: 1`."),
            );
            return false;
        }
        let Some(version) = root.member("bffgen") else {
            let found = Diagnostic::error(
                "BFF0301",
                "this is not a composition: `bffgen: 1` is missing",
                first_line(root.span),
            );
            let is_document = root.get("openapi").is_some() || root.get("swagger").is_some();
            self.out.push(if is_document {
                found.help("This is an OpenAPI document: name it under `upstreams:` of a composition.")
            } else {
                found.help("Write `bffgen: 1` on the first line: the version of the language.")
            });
            return false;
        };
        self.is_version(&version.value)
    }

    fn is_version(&mut self, version: &Node) -> bool {
        let found = match (&version.value, version.as_i64(), version.as_str()) {
            (_, Some(1), _) => return true,
            (_, Some(other), _) => {
                let message = format!(
                    "this composition is written for version {other} of the language; this bffgen knows version 1"
                );
                Diagnostic::error("BFF0302", message, version.span).help("Write `bffgen: 1`, or use a newer bffgen.")
            }
            (_, None, Some(text)) => {
                Diagnostic::error("BFF0302", format!("`{text}` is not a version of the language"), version.span)
                    .help("Write `bffgen: 1`, without quotes.")
            }
            _ => wrong_kind(version, "bffgen", "the number 1"),
        };
        self.out.push(found);
        false
    }

    fn include(&mut self, from: &str, list: &Node) {
        let Some(items) = list.as_array() else {
            self.out.push(wrong_kind(list, "include", "a list of files: `[../shared/upstreams.yaml]`"));
            return;
        };
        let mut seen: Vec<(String, Span)> = Vec::new();
        for item in items {
            let Some(file) = item.as_str() else {
                self.out.push(wrong_kind(item, "include", "paths of files"));
                continue;
            };
            let path = resolve(from, file);
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == path) {
                let found = Diagnostic::error("BFF0312", format!("`{path}` is included twice"), item.span);
                self.out.push(found.label(*first, "already here").help("Take one of the two out."));
            } else if self.open.contains(&path) {
                let chain: Vec<&str> = self.open.iter().map(String::as_str).skip_while(|open| *open != path).collect();
                let message = format!("this file includes itself: {} -> {path}", chain.join(" -> "));
                self.out.push(Diagnostic::error("BFF0312", message, item.span).help("Take the entry out."));
            } else {
                seen.push((path.clone(), item.span));
                // Two files may share a third: it is read once.
                if !self.into.files.contains(&path) {
                    self.included(&path, item.span);
                }
            }
        }
    }

    fn included(&mut self, path: &str, named_at: Span) {
        let Some(root) = self.load(path, Some(named_at)) else { return };
        self.open.push(path.to_owned());
        for member in members(&root, &INCLUDED, &mut self.out) {
            match &*member.key {
                "bffgen" => {
                    self.is_version(&member.value);
                }
                _ => self.shared(path, member),
            }
        }
        self.open.pop();
    }
}

/// What an included file may have.
const INCLUDED: Allowed = Allowed {
    what: "an included file",
    keys: &[&["bffgen", "include", "upstreams", "shapes", "hooks"]],
    later: &[],
    elsewhere: &[top::CLIENT_KEYS, policies::KEYS],
};

fn empty() -> Composition {
    let nowhere = Span { source: crate::source::SourceId(0), start: 0, end: 0 };
    Composition {
        bff: Spanned::new(String::new(), nowhere),
        title: None,
        version: "0.1.0".to_owned(),
        description: None,
        output: None,
        runtime: None,
        strict: false,
        policies: Policies::default(),
        upstreams: Vec::new(),
        shapes: Vec::new(),
        hooks: Vec::new(),
        endpoints: Vec::new(),
        files: Vec::new(),
    }
}

/// YAML takes the `: ` of a condition for the end of a key, and says so in its own words.
fn about_colons(found: Diagnostic) -> Diagnostic {
    if !found.message.contains("mapping values are not allowed") {
        return found;
    }
    found.help("An expression with `: ` in it stands in quotes: `\"a ? b : c\"`.")
}

/// A finding about a whole file is shown at its beginning.
fn first_line(span: Span) -> Span {
    Span { end: span.start, ..span }
}
