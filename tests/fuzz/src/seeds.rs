//! Where the fuzzers begin: the project's own documents and compositions, and those of the corpus.

use std::fs;
use std::path::{Path, PathBuf};

use bffgen::{Loader, Options};

use crate::targets::SEPARATOR;

/// Inputs of each target.
#[derive(Default)]
pub struct Seeds {
    /// JSON and YAML of any kind.
    pub tree: Vec<Vec<u8>>,
    /// OpenAPI documents.
    pub reader: Vec<Vec<u8>>,
    /// Compositions with their files.
    pub check: Vec<Vec<u8>>,
    /// Documents with overlays.
    pub overlay: Vec<Vec<u8>>,
}

/// What is in the project, by its folder: `tests/fuzz/seeds`, the specs, the examples, the odd compositions.
pub fn project(root: &Path) -> Seeds {
    let mut seeds = Seeds::default();
    for path in files(&root.join("tests/fuzz/seeds")) {
        let Ok(bytes) = fs::read(&path) else { continue };
        match path.parent().and_then(Path::file_name).and_then(|name| name.to_str()) {
            Some("tree") => seeds.tree.push(bytes),
            Some("reader") => seeds.reader.push(bytes),
            Some("check") => seeds.check.push(bytes),
            Some("overlay") => seeds.overlay.push(bytes),
            _ => {}
        }
    }
    let folders = ["specs", "examples/shop", "examples/fitness", "generator/tests/odd"];
    for path in folders.iter().flat_map(|folder| siblings(&root.join(folder))) {
        sort(&path, &mut seeds, 64 * 1024);
    }
    seeds
}

/// Adds a file to the targets that it is good for, unless it is larger than `limit` bytes.
pub fn sort(path: &Path, seeds: &mut Seeds, limit: u64) {
    let known = path.extension().is_some_and(|kind| kind == "json" || kind == "yaml" || kind == "yml");
    if !known || fs::metadata(path).map_or(true, |data| data.len() > limit) {
        return;
    }
    let Ok(bytes) = fs::read(path) else { return };
    let has = |word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
    if path.to_string_lossy().ends_with(".bff.yaml") {
        seeds.check.push(with_files(path));
    } else if has("overlay") && has("actions") {
        let document = include_str!("../seeds/reader/notes.yaml").trim_end();
        seeds.overlay.push([document.as_bytes(), b"\n%%% overlay.yaml\n", &bytes].concat());
    } else if has("paths") && (has("openapi") || has("swagger")) {
        seeds.reader.push(bytes.clone());
    }
    if bytes.len() < 4 * 1024 {
        seeds.tree.push(bytes);
    }
}

/// A composition, and behind it every file that compiling it reads.
fn with_files(path: &Path) -> Vec<u8> {
    let mut disk = Disk(Vec::new());
    bffgen::compile(&path.to_string_lossy(), &mut disk, &Options::default());
    let mut all = Vec::new();
    for (at, (path, bytes)) in disk.0.into_iter().enumerate() {
        if at > 0 {
            let name = path.rsplit('/').next().unwrap_or(&path);
            all.extend_from_slice(format!("{SEPARATOR}{name}\n").as_bytes());
        }
        all.extend_from_slice(&bytes);
        if !bytes.ends_with(b"\n") {
            all.push(b'\n');
        }
    }
    all
}

/// Reads from the disk and remembers what.
struct Disk(Vec<(String, Vec<u8>)>);

impl Loader for Disk {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let bytes = fs::read(path).map_err(|error| error.to_string())?;
        self.0.push((path.to_owned(), bytes.clone()));
        Ok(bytes)
    }
}

/// Files of a folder, in order.
fn siblings(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    all.sort();
    all
}

/// Files of a folder and of those in it, in order.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let all = siblings(folder);
    all.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
