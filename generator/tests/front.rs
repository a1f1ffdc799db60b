//! The front of the compiler: expressions, compositions and how findings are shown.

#[path = "front/codes.rs"]
mod codes;
#[path = "front/compositions.rs"]
mod compositions;
#[path = "front/expressions.rs"]
mod expressions;
#[path = "front/mutations.rs"]
mod mutations;
#[path = "front/renderers.rs"]
mod renderers;

use bffgen::Loader;
use bffgen::composition::ast::Composition;
use bffgen::diag::Diagnostic;
use bffgen::source::Sources;

/// Files in memory.
struct Files(Vec<(String, Vec<u8>)>);

impl Loader for Files {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|(name, _)| name == path);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| "there is no such file".to_owned())
    }
}

/// Reads `web.bff.yaml` of a text that may have more files, each behind a line `--- path`.
fn read(text: &str) -> (Option<Composition>, Vec<Diagnostic>, Sources) {
    let mut files = vec![("web.bff.yaml".to_owned(), String::new())];
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("--- ") {
            Some(path) => files.push((path.trim().to_owned(), String::new())),
            None => files.last_mut().expect("one file").1.push_str(line),
        }
    }
    let mut files = Files(files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect());
    let mut sources = Sources::default();
    let (composition, found) = bffgen::composition::read(&mut sources, "web.bff.yaml", &mut files);
    (composition, found, sources)
}
