//! Lists the runtime's sources, so that a generated crate can carry a copy of them.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let runtime = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../runtime");
    let mut files = Vec::new();
    collect(&runtime.join("src"), "src", &mut files)?;
    files.sort();
    let mut table = String::from("/// Path in the crate, and text.\npub const FILES: &[(&str, &str)] = &[\n");
    for (name, path) in &files {
        let _ = writeln!(table, "    ({name:?}, include_str!({path:?})),");
    }
    table.push_str("];\n");
    let _ = writeln!(
        table,
        "/// The manifest as it stands in the workspace.\npub const MANIFEST: &str = include_str!({:?});",
        runtime.join("Cargo.toml")
    );
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("runtime_files.rs"), table)?;
    println!("cargo::rerun-if-changed={}", runtime.display());
    Ok(())
}

fn collect(folder: &Path, name: &str, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &name, files)?;
        } else if name.ends_with(".rs") {
            files.push((name, entry.path().display().to_string()));
        }
    }
    Ok(())
}
