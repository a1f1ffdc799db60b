//! Which documents there are: all of 3.0, 3.1 and 2.0, and the roots of those in several files.

use std::path::Path;

/// A document to be read.
pub struct Document {
    /// Below the corpus: `openapi/3.0/github.json`.
    pub name: String,
    /// Where it is.
    pub path: String,
}

/// All documents, in order.
pub fn all(corpus: &Path, only: Option<&str>) -> Vec<Document> {
    let mut names = Vec::new();
    for folder in ["openapi/3.0", "openapi/3.1", "swagger2"] {
        let Ok(entries) = std::fs::read_dir(corpus.join(folder)) else { continue };
        let files = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.extend(files.filter(|file| is_document(file)).map(|file| format!("{folder}/{file}")));
    }
    names.extend(roots(corpus));
    names.sort();
    names
        .into_iter()
        .filter(|name| only.is_none_or(|text| name.contains(text)))
        .map(|name| Document { path: corpus.join(&name).to_string_lossy().into_owned(), name })
        .collect()
}

fn is_document(file: &str) -> bool {
    [".json", ".yaml", ".yml"].iter().any(|end| file.ends_with(end))
}

/// The second column of `multifile/index.tsv` has the roots of each set.
fn roots(corpus: &Path) -> Vec<String> {
    let index = std::fs::read_to_string(corpus.join("multifile/index.tsv")).unwrap_or_default();
    index
        .lines()
        .skip(1)
        .flat_map(|line| {
            let mut cells = line.split('\t');
            let set = cells.next().unwrap_or("").to_string();
            let roots: Vec<String> = cells.next().unwrap_or("").split(' ').map(str::to_owned).collect();
            roots.into_iter().map(move |root| format!("multifile/{set}/{root}"))
        })
        .collect()
}
