//! A typed client of one document: its types whole, each operation a method of `Client`.
//!
//! The same documents and schemas as for a composition, seen from the other side: nothing is left out because
//! nobody reads it, values are owned, and a crate of its own comes out.

mod answers;
mod arguments;
mod body;
mod define;
mod files;
mod imports;
mod layout;
mod model;
mod operations;
mod sizes;
mod unions;

use std::rc::Rc;

use crate::diag::{Diagnostic, Severity};
use crate::openapi::{DocId, Operation, Specs};
use crate::source::Sources;
use crate::{Compiled, Crate, Loader, RuntimeChoice, diag, emit, paths};

/// What the command line says of a client.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folder of the crate.
    pub out: String,
    /// Name of the package instead of one made of the document's title.
    pub name: Option<String>,
    /// Ids, or `GET /path`; empty: all operations.
    pub operations: Vec<String>,
    /// How the crate gets the runtime. Default: a copy inside the crate.
    pub runtime: Option<RuntimeChoice>,
    /// The folder where the command runs, absolute: what relative paths are relative to where others are absolute.
    pub here: Option<String>,
}

/// A compiled client, and how much of the document is in it.
pub struct Client {
    /// Sources, findings and files.
    pub compiled: Compiled,
    /// Operations of the document.
    pub total: usize,
    /// Operations that became methods.
    pub emitted: usize,
    /// Components that operations reach, each with its Rust type as seen from the crate's root.
    pub types: Vec<(String, String)>,
}

/// Compiles a client of the document at `path`. A fault in one operation leaves that operation out; with
/// `operations` it is an error, because that operation was asked for.
pub fn compile(path: &str, loader: &mut dyn Loader, options: &Options) -> Client {
    let mut sources = Sources::default();
    let mut specs = Specs::default();
    let (doc, mut found) = specs.open(&mut sources, path, loader);
    let mut client = Client {
        compiled: Compiled { sources, diagnostics: Vec::new(), checked: true, output: None },
        total: 0,
        emitted: 0,
        types: Vec::new(),
    };
    if let Some(doc) = doc {
        client.total = specs.operations(doc).len();
        let operations = read(&mut specs, doc, path, options, &mut found);
        client.emitted = operations.len();
        if found.iter().all(|d| d.severity != Severity::Error) {
            match write(path, doc, &specs, &operations, options, &mut found) {
                Ok((mut made, types)) => {
                    client.types = types;
                    made.inputs = client.compiled.sources.iter().map(|(_, file)| file.path.clone()).collect();
                    client.compiled.output = Some(made);
                }
                Err(error) => found.push(crate::internal(&error)),
            }
        }
    }
    found.sort_by_key(|d| d.labels.first().map(|label| (label.span.source, label.span.start)));
    client.compiled.diagnostics = found;
    client
}

/// The operations that are asked for, as far as they can be read.
fn read(
    specs: &mut Specs,
    doc: DocId,
    path: &str,
    options: &Options,
    found: &mut Vec<Diagnostic>,
) -> Vec<Rc<Operation>> {
    let all = options.operations.is_empty();
    let wanted: Vec<usize> = match all {
        true => (0..specs.operations(doc).len()).collect(),
        false => {
            let mut wanted = Vec::new();
            for key in &options.operations {
                match specs.find(doc, key) {
                    Some(at) => wanted.push(at),
                    None => found.push(unknown(specs, doc, path, key)),
                }
            }
            wanted.sort_unstable();
            wanted.dedup();
            wanted
        }
    };
    let mut operations = Vec::new();
    for at in wanted {
        let (operation, diagnostics) = specs.operation(doc, at);
        let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
        found.extend(diagnostics.into_iter().map(|mut diagnostic| {
            if all && diagnostic.severity == Severity::Error {
                diagnostic.severity = Severity::Warning;
                diagnostic =
                    diagnostic.help(format!("The operation `{}` is left out of the client.", operation.head.id));
            }
            diagnostic
        }));
        if !broken {
            operations.push(operation);
        }
    }
    operations
}

fn unknown(specs: &Specs, doc: DocId, path: &str, key: &str) -> Diagnostic {
    let ids = specs.operations(doc).iter().map(|head| head.id.as_str());
    let message = format!("`{path}` has no operation `{key}`");
    let diagnostic = Diagnostic::new("BFF0602", Severity::Error, message, None);
    match diag::suggest::did_you_mean(key, ids) {
        Some(meant) => diagnostic.help(format!("Did you mean `{meant}`?")),
        None => diagnostic.help(format!("`bffgen operations {path}` lists them.")),
    }
}

fn write(
    path: &str,
    doc: DocId,
    specs: &Specs,
    operations: &[Rc<Operation>],
    options: &Options,
    found: &mut Vec<Diagnostic>,
) -> Result<(Crate, Vec<(String, String)>), String> {
    let folder = paths::normalise(&options.out);
    let runtime = match &options.runtime {
        Some(RuntimeChoice::Path(path)) => {
            emit::Runtime::Path(paths::seen_from(&folder, path, options.here.as_deref()))
        }
        Some(RuntimeChoice::Version(version)) => emit::Runtime::Version(version.clone()),
        Some(RuntimeChoice::Copy) | None => emit::Runtime::Copy,
    };
    let (title, version) = specs.info(doc);
    let name = options.name.clone().unwrap_or_else(|| files::package(title, path));
    let mut model = model::Model::new(&specs.schemas);
    let modules = operations::modules(&mut model, operations);
    let types = define::all(&mut model);
    let parts = files::Parts {
        name: &name,
        title,
        version,
        source: &paths::seen_from(&folder, path, options.here.as_deref()),
        runtime: &runtime,
        modules: &modules,
        types,
    };
    let files = files::all(parts)?;
    found.append(&mut model.found);
    Ok((Crate { name, folder, files, inputs: Vec::new() }, model.components()))
}
