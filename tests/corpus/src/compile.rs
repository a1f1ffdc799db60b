//! Checks generated crates with cargo: all as members of one workspace, so that dependencies are built once.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::str::FromStr;

use serde_json::Value;

use crate::one::Row;

/// Crates that one run of cargo checks: as many as fit well into memory.
const BATCH: usize = 24;

/// Which crates are compiled.
pub enum Sample {
    /// Every one.
    All,
    /// Every `of`-th, beginning with the `part`-th.
    Part { part: usize, of: usize },
}

impl FromStr for Sample {
    type Err = String;

    fn from_str(text: &str) -> Result<Sample, String> {
        if text == "all" {
            return Ok(Sample::All);
        }
        let (part, of) = text.split_once('/').ok_or("a sample is `all` or `I/N`")?;
        match (part.parse(), of.parse()) {
            (Ok(part), Ok(of)) if of > 0 && part < of => Ok(Sample::Part { part, of }),
            _ => Err("a sample is `all` or `I/N` with I from 0 to N-1".into()),
        }
    }
}

/// The generated crates of a sample, as places among the rows.
pub fn chosen(rows: &[Row], sample: &Sample) -> Vec<usize> {
    (0..rows.len())
        .filter(|at| match sample {
            Sample::All => true,
            Sample::Part { part, of } => at % of == *part,
        })
        .filter(|at| rows[*at].generated.is_ok())
        .collect()
}

/// Compiles the crates of the sample and notes what came of each.
pub fn check(rows: &mut [Row], sample: &Sample, work: &Path, clippy: bool) {
    let command = if clippy { "clippy" } else { "check" };
    for batch in chosen(rows, sample).chunks(BATCH) {
        let packages: Vec<String> = batch.iter().map(|at| rows[*at].package.clone()).collect();
        let outcome = workspace(&packages, work, command)
            .map(|found| (found, String::new()))
            .unwrap_or_else(|problem| (BTreeMap::new(), problem));
        for at in batch {
            let row = &mut rows[*at];
            row.compiled = Some(match (outcome.1.is_empty(), outcome.0.get(&row.package)) {
                (false, _) => Err(outcome.1.clone()),
                (true, None) => Ok(()),
                (true, Some(message)) => Err(message.clone()),
            });
        }
    }
}

/// Runs `cargo check`, `clippy` or `build` over packages: the first warning or error of each.
pub fn workspace(packages: &[String], work: &Path, command: &str) -> Result<BTreeMap<String, String>, String> {
    let members: Vec<String> = packages.iter().map(|package| format!("{package:?}")).collect();
    let crates = work.join("crates");
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.dev]\ndebug = 0\nincremental = false\n",
        members.join(", ")
    );
    std::fs::write(crates.join("Cargo.toml"), manifest).map_err(|error| error.to_string())?;
    for package in packages {
        let place = crates.join(package).join("Cargo.toml");
        let text = std::fs::read_to_string(&place).map_err(|error| error.to_string())?;
        // A workspace of its own, but here a member of one.
        std::fs::write(&place, text.replace("\n[workspace]\n", "\n")).map_err(|error| error.to_string())?;
    }
    let output = Command::new("cargo")
        .args([command, "--workspace", "--keep-going", "--message-format=json", "--manifest-path"])
        .arg(crates.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", work.join("target"))
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| error.to_string())?;
    let mut found = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        if message["reason"] != "compiler-message" {
            continue;
        }
        let package = message["manifest_path"].as_str().map(Path::new).and_then(Path::parent).and_then(Path::file_name);
        let package = package.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = message["message"]["message"].as_str().unwrap_or("");
        let place = message["message"]["spans"][0].clone();
        let place = format!("{}:{}", place["file_name"].as_str().unwrap_or(""), place["line_start"]);
        found.entry(package).or_insert_with(|| format!("{text} ({place})"));
    }
    if !output.status.success() && found.is_empty() {
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().find(|line| line.starts_with("error")).unwrap_or("cargo failed");
        return Err(line.to_owned());
    }
    Ok(found)
}
