//! What a large document costs: generating three operations of GitHub's 13 MB, and checking the crate.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const ROUNDS: usize = 5;

fn main() -> Result<()> {
    let corpus = std::env::var("BFFGEN_CORPUS")
        .map_err(|_| "BFFGEN_CORPUS names no folder; it should have openapi/3.0/github.api.json")?;
    let folder = std::env::temp_dir().join(format!("bffgen-github-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let measured = measure(&corpus, &folder);
    fs::remove_dir_all(&folder)?;
    measured
}

fn measure(corpus: &str, folder: &Path) -> Result<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    timed(cargo().args(["build", "--release", "-p", "bffgen"]).current_dir(&workspace))?;
    let template = fs::read_to_string(workspace.join("tests/compositions/github.bff.yaml"))?;
    fs::write(folder.join("github.bff.yaml"), template.replace("${CORPUS}", corpus))?;
    let made = folder.join("github-bff");
    let mut generate = Command::new(target.join("release/bffgen"));
    generate.args(["generate", "github.bff.yaml", "--runtime-path"]).arg(workspace.join("runtime"));
    let generating = median(|| {
        if made.exists() {
            fs::remove_dir_all(&made)?;
        }
        timed(generate.current_dir(folder))
    })?;
    println!("generate, all files new: {} ms", generating.as_millis());
    for part in ["upstreams", "endpoints"] {
        println!("lines in src/generated/{part}: {}", lines(&made.join("src/generated").join(part))?);
    }
    // The versions of this workspace.
    fs::copy(workspace.join("Cargo.lock"), made.join("Cargo.lock"))?;
    let mut check = cargo();
    check.arg("check").current_dir(&made).env("CARGO_TARGET_DIR", folder.join("target"));
    println!("cargo check, nothing built before: {} ms", timed(&mut check)?.as_millis());
    for file in ["src/main.rs", "src/lib.rs"] {
        let again = median(|| {
            fs::File::options().append(true).open(made.join(file))?.set_modified(std::time::SystemTime::now())?;
            timed(&mut check)
        })?;
        println!("cargo check after a change of {file}: {} ms", again.as_millis());
    }
    Ok(())
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// How long a command takes, from start to end.
fn timed(command: &mut Command) -> Result<Duration> {
    let started = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let elapsed = started.elapsed();
    if output.status.success() { Ok(elapsed) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
}

/// Of five rounds.
fn median(mut round: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let mut all = (0..ROUNDS).map(|_| round()).collect::<Result<Vec<_>>>()?;
    all.sort();
    Ok(all[ROUNDS / 2])
}

fn lines(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        count += fs::read_to_string(entry?.path())?.lines().count();
    }
    Ok(count)
}
