//! The compiler: OpenAPI documents and a composition go in, a Rust crate and diagnostics come out.
//!
//! The library does no IO: files come through a loader, results are plain data.

pub mod client;
pub mod composition;
pub mod diag;
pub mod emit;
pub mod expr;
pub mod fix;
pub mod mock;
pub mod openapi;
pub mod output;
pub mod paths;
pub mod plan;
pub mod schema;
pub mod source;

use diag::Diagnostic;
use source::Sources;

/// Gives the text of a file, by path (relative to where the command runs, `/` as separator).
pub trait Loader {
    /// The file's bytes, or a sentence that says why there are none.
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String>;
}

/// Judges a whole document, whether a composition reaches its parts or not. The files that were read are for
/// the renderers.
pub fn lint_document(path: &str, loader: &mut dyn Loader) -> (Sources, Vec<Diagnostic>) {
    let (mut sources, mut specs) = (Sources::default(), openapi::Specs::default());
    let (doc, found) = specs.open(&mut sources, path, loader);
    let mut found = openapi::harden(found);
    if let Some(doc) = doc {
        found.extend(specs.lint(doc));
    }
    sort(&mut found);
    (sources, found)
}

/// What a compilation gives: diagnostics always, a crate when none of them is an error.
pub struct Compiled {
    /// All files read, for the renderers.
    pub sources: Sources,
    /// Findings, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the composition could be read, so that what it says was checked.
    pub checked: bool,
    /// The crate.
    pub output: Option<Crate>,
}

/// A generated crate, in memory.
pub struct Crate {
    /// Name of the package: `web-bff`.
    pub name: String,
    /// Folder, relative to where the command runs.
    pub folder: String,
    /// Its files, without the lock file.
    pub files: Vec<File>,
    /// Paths of every file that was read, for the lock file's hashes: composition, includes, documents.
    pub inputs: Vec<String>,
}

/// A file of a generated crate.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Path within the crate.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Who owns it once it is written.
    pub owner: Owner,
}

/// Who owns a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// bffgen: rewritten when it changes, deleted when it is no longer generated.
    Generator,
    /// The team: written once, never touched again.
    Team,
}

/// What the command line says about the output.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folder of the crate instead of the composition's own choice.
    pub out: Option<String>,
    /// How the generated crate gets the runtime, instead of the composition's own choice.
    pub runtime: Option<RuntimeChoice>,
    /// The folder where the command runs, absolute: what relative paths are relative to where others are absolute.
    pub here: Option<String>,
}

/// How the generated crate gets the runtime.
#[derive(Clone, Debug, PartialEq)]
pub enum RuntimeChoice {
    /// A path dependency.
    Path(String),
    /// A version from the registry.
    Version(String),
    /// A copy inside the crate.
    Copy,
}

/// Compiles one composition. `path` is as the user wrote it; everything else is found from there.
pub fn compile(path: &str, loader: &mut dyn Loader, options: &Options) -> Compiled {
    let mut sources = Sources::default();
    let (composition, mut diagnostics) = composition::read(&mut sources, path, loader);
    let (mut output, mut checked) = (None, false);
    // What is broken is left out of the tree, and checking the rest would blame what is sound; but a broken
    // expression stays in its place.
    let readable = diagnostics.iter().all(|d| d.severity != diag::Severity::Error || d.local);
    let whole = diagnostics.iter().all(|d| !d.local);
    if let Some(composition) = composition.filter(|_| readable) {
        checked = true;
        let mut specs = openapi::Specs::default();
        let (plan, findings) = plan::build(&composition, &paths::file_name(path), &mut sources, &mut specs, loader);
        // A broken expression may use what nothing else uses, and give a type to an input.
        let follows = |d: &Diagnostic| !whole && matches!(d.code, "BFF0411" | "BFF0417" | "BFF0418" | "BFF0419");
        diagnostics.extend(findings.into_iter().filter(|d| !follows(d)));
        let sound = diagnostics.iter().all(|d| d.severity != diag::Severity::Error);
        if let (Some(mut plan), true) = (plan, sound) {
            // What is written must not depend on where the command runs.
            for upstream in &mut plan.upstreams {
                upstream.spec = paths::relative(&paths::folder(path), &upstream.spec);
            }
            match write(path, &composition, &plan, &specs, options) {
                Ok(mut made) => {
                    made.inputs = sources.iter().map(|(_, file)| file.path.clone()).collect();
                    output = Some(made);
                }
                Err(error) => diagnostics.push(internal(&error)),
            }
        }
    }
    sort(&mut diagnostics);
    Compiled { sources, diagnostics, checked, output }
}

/// By place: the composition first, then files in the order in which they were read. What has no place comes first.
fn sort(found: &mut [Diagnostic]) {
    found.sort_by_key(|found| found.labels.first().map(|label| (label.span.source, label.span.start)));
}

fn write(
    path: &str,
    composition: &composition::ast::Composition,
    plan: &plan::Plan,
    specs: &openapi::Specs,
    options: &Options,
) -> Result<Crate, String> {
    use composition::ast::RuntimeSource;
    let home = paths::folder(path);
    let name = format!("{}-bff", emit::kebab(&plan.name));
    let folder = match (&options.out, &composition.output) {
        (Some(out), _) => paths::normalise(out),
        (None, Some(output)) => paths::join(&home, &output.value),
        (None, None) => paths::join(&home, &name),
    };
    let here = options.here.as_deref();
    let runtime = match (&options.runtime, &composition.runtime) {
        (Some(RuntimeChoice::Path(path)), _) => emit::Runtime::Path(paths::seen_from(&folder, path, here)),
        (Some(RuntimeChoice::Version(version)), _) => emit::Runtime::Version(version.clone()),
        (Some(RuntimeChoice::Copy), _) | (None, None) => emit::Runtime::Copy,
        (None, Some(RuntimeSource::Path(path))) => {
            emit::Runtime::Path(paths::seen_from(&folder, &paths::join(&home, &path.value), here))
        }
        (None, Some(RuntimeSource::Version(version))) => emit::Runtime::Version(version.value.clone()),
    };
    let files = emit::emit(plan, specs, &runtime)?;
    Ok(Crate { name, folder, files, inputs: Vec::new() })
}

/// The emitter wrote what is not Rust: our fault, and said so rather than a panic.
pub(crate) fn internal(error: &str) -> Diagnostic {
    let text: String = error.chars().take(400).collect();
    Diagnostic::new("BFF0499", diag::Severity::Error, format!("bffgen made code that does not parse: {text}"), None)
        .help("this is a fault of bffgen, not of the composition: please report it with the composition")
}
