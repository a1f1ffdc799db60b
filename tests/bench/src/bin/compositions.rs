//! A large composition over real documents: 200 endpoints over 20 documents of `BFFGEN_CORPUS`. How long `check` and
//! `generate` take, and what is written again after one endpoint changed.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const DOCUMENTS: usize = 20;
const ENDPOINTS_EACH: usize = 10;
const ROUNDS: usize = 5;
/// Operations of a document that are tried.
const TRIED: usize = 60;
/// Documents neither small nor huge, in bytes.
const SIZES: std::ops::Range<u64> = 100_000..1_500_000;

fn main() -> Result<()> {
    let Some(corpus) = std::env::var_os("BFFGEN_CORPUS") else {
        println!("BFFGEN_CORPUS is not set: there are no documents to measure with");
        return Ok(());
    };
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo).args(["build", "--release", "-p", "bffgen"]).current_dir(&workspace).status()?;
    if !built.success() {
        return Err("bffgen does not build".into());
    }
    let folder = std::env::temp_dir().join(format!("bffgen-compositions-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let measured = measure(&Bffgen { program: target.join("release/bffgen"), folder: &folder }, Path::new(&corpus));
    fs::remove_dir_all(&folder)?;
    measured
}

/// The compiler in a folder.
struct Bffgen<'a> {
    program: PathBuf,
    folder: &'a Path,
}

impl Bffgen<'_> {
    fn run(&self, arguments: &[&str]) -> Result<Output> {
        Ok(Command::new(&self.program).args(arguments).current_dir(self.folder).stdin(Stdio::null()).output()?)
    }

    fn json(&self, arguments: &[&str]) -> Result<Value> {
        let output = self.run(&[arguments, &["--format", "json"]].concat())?;
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// The median of some runs that must succeed, each after `before`.
    fn time(&self, arguments: &[&str], before: impl Fn() -> Result<()>) -> Result<Duration> {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            before()?;
            let started = Instant::now();
            let output = self.run(arguments)?;
            times.push(started.elapsed());
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into());
            }
        }
        times.sort();
        Ok(times[ROUNDS / 2])
    }
}

fn measure(bffgen: &Bffgen, corpus: &Path) -> Result<()> {
    let (mut upstreams, mut endpoints, mut bytes, mut count) = (String::new(), Vec::new(), 0, 0);
    for (document, size) in documents(corpus)? {
        let name = format!("u{count}");
        let lines = usable(bffgen, &name, &document)?;
        if lines.len() == ENDPOINTS_EACH {
            writeln!(upstreams, "  {name}: {{ spec: {} }}", document.display())?;
            endpoints.extend(lines);
            (bytes, count) = (bytes + size, count + 1);
        }
        if count == DOCUMENTS {
            break;
        }
    }
    if count < DOCUMENTS {
        return Err(format!("only {count} documents have {ENDPOINTS_EACH} operations that can be used").into());
    }
    let write = |endpoints: &[String]| {
        let text = format!("bffgen: 1\nbff: large\nupstreams:\n{upstreams}endpoints:\n{}", endpoints.concat());
        fs::write(bffgen.folder.join("large.bff.yaml"), text)
    };
    write(&endpoints)?;
    let megabytes = bytes as f64 / 1e6;
    println!("{} endpoints over {count} documents of {megabytes:.1} MB", endpoints.len());

    let generate = ["generate", "large.bff.yaml", "--runtime-version", "0.1.0"];
    let crate_folder = bffgen.folder.join("large-bff");
    let remove = || match fs::remove_dir_all(&crate_folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    };
    println!("check                 {:>6} ms", bffgen.time(&["check", "large.bff.yaml"], || Ok(()))?.as_millis());
    println!("generate              {:>6} ms", bffgen.time(&generate, remove)?.as_millis());
    println!("generate, no change   {:>6} ms", bffgen.time(&generate, || Ok(()))?.as_millis());

    endpoints[0] = endpoints[0].replacen("GET /u0/", "GET /changed/", 1);
    write(&endpoints)?;
    let made = bffgen.json(&generate)?;
    let one = &made["crates"][0];
    let changes = one["changes"].as_array().ok_or("no list of changes")?;
    println!("one endpoint changed: {} of {} files", changes.len(), one["files"]);
    for change in changes {
        let text = |key: &str| change[key].as_str().unwrap_or_default();
        println!("  {:<6} {}", text("action"), text("path"));
    }
    Ok(())
}

/// Documents of the corpus with their sizes, by name.
fn documents(corpus: &Path) -> Result<Vec<(PathBuf, u64)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(corpus.join("openapi/3.0"))? {
        let entry = entry?;
        let size = entry.metadata()?.len();
        if SIZES.contains(&size) {
            all.push((entry.path().canonicalize()?, size));
        }
    }
    all.sort();
    Ok(all)
}

/// Endpoints in their short form, of the first operations that the compiler has nothing against.
fn usable(bffgen: &Bffgen, name: &str, document: &Path) -> Result<Vec<String>> {
    let path = document.to_str().ok_or("a path that is no text")?;
    let Ok(listed) = bffgen.json(&["operations", path]) else { return Ok(Vec::new()) };
    let listed = listed["operations"].as_array().or(listed.as_array()).cloned().unwrap_or_default();
    let paths = listed.iter().filter(|one| one["method"] == "GET").filter_map(|one| one["path"].as_str());
    let lines: Vec<String> = paths
        .take(TRIED)
        .enumerate()
        .map(|(at, path)| {
            let plain = path.split(['?', '#']).next().unwrap_or(path);
            format!("  \"GET /{name}/{at}{plain}\": '{name}[\"GET {path}\"]'\n")
        })
        .collect();
    let head = format!("bffgen: 1\nbff: try\nupstreams:\n  {name}: {{ spec: {path} }}\nendpoints:\n");
    fs::write(bffgen.folder.join("try.bff.yaml"), format!("{head}{}", lines.concat()))?;
    let found = bffgen.json(&["check", "try.bff.yaml"])?;
    let first = head.lines().count() as u64 + 1;
    let errors = found["diagnostics"].as_array().map(Vec::as_slice).unwrap_or_default().iter();
    let errors = errors.filter(|found| found["severity"] == "error" && found["file"] == "try.bff.yaml");
    let bad: Vec<u64> = errors.filter_map(|found| found["line"].as_u64()).collect();
    let good = (first..).zip(lines).filter(|(line, _)| !bad.contains(line)).map(|(_, line)| line);
    Ok(good.take(ENDPOINTS_EACH).collect())
}
