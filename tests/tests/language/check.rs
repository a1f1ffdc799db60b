//! What the compiler says of a case, line by line.

use std::collections::BTreeMap;
use std::path::Path;

use bffgen::diag::short::{one_line, severity_name};
use bffgen::source::{Sources, Span};
use bffgen::{Compiled, Loader, Options, RuntimeChoice, compile};

use crate::page::Page;

/// Files in memory.
pub struct Files(pub BTreeMap<String, String>);

impl Loader for Files {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "there is no such file".to_owned())
    }
}

/// The composition of a case, whole.
pub fn composition(page: &Page, own: &str) -> String {
    let mut text = own.to_owned();
    let has = |text: &str, key: &str| text.lines().any(|line| line.starts_with(key));
    for line in ["bffgen: 1".to_owned(), format!("bff: {}", page.name)] {
        let key = line.split(' ').next().unwrap_or("");
        // A case of a file that lacks them says so itself with `bare`.
        if !has(&text, key) && !has(&text, "# bare") {
            text.push_str(&line);
            text.push('\n');
        }
    }
    if !has(own, "# bare") {
        text.push_str(&page.rest);
    }
    text
}

/// The files of a page and of the cases given, documents made whole.
pub fn files<'a>(page: &Page, cases: impl Iterator<Item = &'a crate::page::Case>) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = page.files.iter().cloned().collect();
    files.extend(cases.flat_map(|case| case.files.iter().cloned()));
    for (name, text) in &mut files {
        let document = text.starts_with("paths:") || text.starts_with("components:");
        if document && name.ends_with(".yaml") {
            text.push_str("openapi: 3.1.0\ninfo: { title: Test, version: '1' }\n");
        }
    }
    files
}

/// Compiles a composition over files, for a folder.
pub fn compiled(composition: String, mut files: BTreeMap<String, String>, out: Option<&Path>) -> Compiled {
    files.insert("web.bff.yaml".to_owned(), composition);
    let runtime = RuntimeChoice::Path(bffgen_tests::project("runtime"));
    let out = out.map(|folder| folder.to_string_lossy().into_owned());
    compile("web.bff.yaml", &mut Files(files), &Options { out, runtime: Some(runtime), ..Options::default() })
}

/// Writes the document that a composition publishes, where `BFFGEN_PUBLISHED` names a folder: for judges that others
/// wrote (`.ci/oracles`).
pub fn publish(name: &str, made: &Compiled) {
    let Some(folder) = std::env::var_os("BFFGEN_PUBLISHED") else { return };
    let text = made.output.iter().flat_map(|output| &output.files).find(|file| file.path == "openapi.json");
    if let Some(file) = text {
        std::fs::create_dir_all(&folder).expect("made");
        std::fs::write(Path::new(&folder).join(format!("{name}.json")), &file.text).expect("written");
    }
}

/// The findings of a case.
pub fn findings(page: &Page, at: usize) -> Vec<String> {
    let case = &page.cases[at];
    let text = composition(page, &case.composition);
    let made = compiled(text, files(page, std::iter::once(case)), None);
    publish(&format!("{}-{at}", page.name), &made);
    let mut lines = Vec::new();
    for found in &made.diagnostics {
        let places: Vec<String> = found.labels.iter().map(|label| place(&made.sources, label.span)).collect();
        let first = places.first().map(String::as_str).unwrap_or("-");
        let message = one_line(&found.message);
        let mut line = format!("{first} {}[{}] {message}", severity_name(found.severity), found.code);
        if places.len() > 1 {
            line.push_str(&format!(" ({})", places[1..].join(", ")));
        }
        lines.push(line);
        if case.with_help {
            lines.extend(found.help.iter().map(|help| format!("  help: {}", one_line(help))));
            let safe = |fix: &bffgen::diag::Fix| if fix.safe { "fix, safe" } else { "fix" };
            let fix = |fix| format!("  {}: {}", safe(fix), one_line(&fix.title));
            lines.extend(found.fixes.iter().map(fix));
        }
    }
    lines
}

fn place(sources: &Sources, span: Span) -> String {
    let place = span.place(sources);
    let place_text = format!("{}:{}", place.line, place.column);
    match sources.file(span.source).path.as_str() {
        "web.bff.yaml" => place_text,
        other => format!("{other}:{place_text}"),
    }
}
