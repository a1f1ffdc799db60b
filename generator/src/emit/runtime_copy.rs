//! The runtime as a copy inside the crate, so that what is generated builds on any machine.

include!(concat!(env!("OUT_DIR"), "/runtime_files.rs"));

/// Every file of the copy, below `runtime/`.
pub fn files() -> Vec<(String, String)> {
    let mut files = vec![("runtime/Cargo.toml".to_string(), manifest())];
    files.extend(FILES.iter().map(|(path, text)| (format!("runtime/{path}"), (*text).to_string())));
    files
}

/// The manifest without what only the workspace has: inherited fields, lints, tests and benches.
fn manifest() -> String {
    let mut out = String::new();
    let mut skip = false;
    for line in MANIFEST.lines() {
        if line.starts_with('[') {
            skip = matches!(line, "[lints]" | "[dev-dependencies]" | "[[bench]]" | "[[test]]");
        }
        if skip {
            continue;
        }
        let inherited = match line.split_once(".workspace") {
            Some(("version", _)) => Some(format!("version = {:?}", env!("CARGO_PKG_VERSION"))),
            Some(("edition", _)) => Some("edition = \"2024\"".to_string()),
            Some(("rust-version", _)) => Some(format!("rust-version = {:?}", env!("CARGO_PKG_RUST_VERSION"))),
            Some(("license", _)) => Some(format!("license = {:?}", env!("CARGO_PKG_LICENSE"))),
            Some(_) => Some(String::new()),
            None => None,
        };
        let line = inherited.as_deref().unwrap_or(line);
        if !(line.is_empty() && out.ends_with("\n\n")) {
            out.push_str(line);
            out.push('\n');
        }
    }
    format!("{}\n", out.trim_end())
}
