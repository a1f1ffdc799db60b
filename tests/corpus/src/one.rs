//! One document, in a process of its own: read it, generate its client, say what it took.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use bffgen::client::{self, Options};
use bffgen::diag::Severity;
use bffgen::{Loader, RuntimeChoice, source};
use serde_json::{Value, json};

use crate::Options as Arguments;
use crate::cases;
use crate::documents::Document;
use crate::round_trip::{self, Trips};

/// What became of a document.
pub struct Row {
    /// Below the corpus.
    pub name: String,
    /// Package and folder of the client.
    pub package: String,
    /// Whether a crate came out. Else why not.
    pub generated: Result<(), String>,
    /// Operations of the document.
    pub total: usize,
    /// Operations that became methods.
    pub emitted: usize,
    /// Lines of methods and the types beside them, without those of `types.rs`.
    pub lines: usize,
    /// Lines of `types.rs`.
    pub type_lines: usize,
    /// Milliseconds from the first byte to the last file.
    pub ms: u64,
    /// Peak memory, in MB.
    pub mb: u64,
    /// Bytes of the document.
    pub bytes: u64,
    /// Whether it compiled without a warning; none: not tried.
    pub compiled: Option<Result<(), String>>,
    /// What came of instances that went through the types; none: not tried.
    pub trips: Option<Trips>,
}

struct Disk;

impl Loader for Disk {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| error.to_string())
    }
}

/// `github-json`: unique for a document.
fn package(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    format!("c-{plain}")
}

/// Runs [`main`] in a process of its own.
pub fn in_a_process(document: &Document, options: &Arguments) -> Row {
    let package = package(&document.name);
    let mut row = Row {
        name: document.name.clone(),
        package: package.clone(),
        generated: Err(String::new()),
        total: 0,
        emitted: 0,
        lines: 0,
        type_lines: 0,
        ms: 0,
        mb: 0,
        bytes: std::fs::metadata(&document.path).map_or(0, |meta| meta.len()),
        compiled: None,
        trips: None,
    };
    let folder = options.work.join("crates").join(&package);
    let trips = if options.round_trip.is_some() { "trips" } else { "" };
    let output = std::env::current_exe().and_then(|program| {
        Command::new(program).arg("one").arg(&document.path).arg(&package).arg(folder).arg(trips).output()
    });
    let said: Value = match output {
        Ok(output) if output.status.success() => serde_json::from_slice(&output.stdout).unwrap_or_default(),
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            row.generated = Err(format!("died: {}", text.lines().next().unwrap_or("")));
            return row;
        }
        Err(error) => {
            row.generated = Err(error.to_string());
            return row;
        }
    };
    let number = |key: &str| said[key].as_u64().unwrap_or(0);
    row.generated = match said["problem"].as_str() {
        None => Ok(()),
        Some(problem) => Err(problem.to_owned()),
    };
    row.total = number("total") as usize;
    row.emitted = number("emitted") as usize;
    row.lines = number("lines") as usize;
    row.type_lines = number("type_lines") as usize;
    (row.ms, row.mb) = (number("ms"), number("mb"));
    row
}

/// `one DOCUMENT PACKAGE FOLDER TRIPS`: writes the client, with what a round trip needs if `TRIPS` says so, and prints a line of JSON.
pub fn main(arguments: impl Iterator<Item = String>) -> ExitCode {
    let arguments: Vec<String> = arguments.collect();
    let [path, package, folder, trips] = arguments.as_slice() else { return ExitCode::from(2) };
    let started = Instant::now();
    let options = Options {
        out: folder.clone(),
        name: Some(package.clone()),
        operations: Vec::new(),
        runtime: Some(RuntimeChoice::Path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../runtime").into())),
        ..Options::default()
    };
    let made = client::compile(path, &mut Disk, &options);
    let ms = started.elapsed().as_millis();
    let problem = made.compiled.diagnostics.iter().find(|d| d.severity == Severity::Error);
    let problem = problem.map(|d| format!("{}: {}", d.code, d.message));
    let (mut lines, mut type_lines) = (0, 0);
    for file in made.compiled.output.iter().flat_map(|output| &output.files) {
        let count = file.text.lines().count();
        match file.path.as_str() {
            "src/types.rs" => type_lines += count,
            "src/lib.rs" => {}
            path if path.starts_with("src/") => lines += count,
            _ => {}
        }
        let place = Path::new(folder).join(&file.path);
        let written = std::fs::create_dir_all(place.parent().unwrap_or(Path::new(folder)))
            .and_then(|()| std::fs::write(&place, &file.text));
        if let Err(error) = written {
            eprintln!("{}: {error}", place.display());
            return ExitCode::FAILURE;
        }
    }
    if !trips.is_empty() && made.compiled.output.is_some() {
        let sources = &made.compiled.sources;
        let root = sources.iter().next().and_then(|(id, _)| source::parse(sources, id).0);
        let cases = root.map(|node| cases::cases(&source::to_json(&node), &made.types)).unwrap_or_default();
        if let Err(error) = round_trip::write(Path::new(folder), &cases) {
            eprintln!("{folder}: {error}");
            return ExitCode::FAILURE;
        }
    }
    println!(
        "{}",
        json!({
            "problem": problem, "total": made.total, "emitted": made.emitted, "lines": lines,
            "type_lines": type_lines, "ms": ms, "mb": peak_mb(),
        })
    );
    ExitCode::SUCCESS
}

/// Peak memory of this process in MB, where the system says it.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).map_or(0, |kb| kb / 1024)
}
