//! The scoreboard over real documents: read, generated, compiled, with time and memory.
//!
//! `cargo run --release -p bffgen-corpus -- corpus` reads the documents in the folder that `BFFGEN_CORPUS` names
//! and generates a client of every operation. `--compile all`, or `--compile 5/20` for the fifth of twenty samples,
//! also checks the crates with cargo, `--clippy` with its lints. `--round-trip` sends instances of the component
//! schemas through the generated types and back. `--only TEXT` takes the documents whose path has the text.

mod cases;
mod compile;
mod documents;
mod expected;
mod one;
mod report;
mod round_trip;
mod sample;

use std::path::PathBuf;
use std::process::ExitCode;

/// What the command line asks for.
struct Options {
    corpus: PathBuf,
    only: Option<String>,
    compile: Option<compile::Sample>,
    /// Whether what is compiled is linted as well.
    clippy: bool,
    round_trip: Option<compile::Sample>,
    /// Where crates are written and built.
    work: PathBuf,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        // One document in a process of its own, so that its memory is its own.
        Some("one") => one::main(arguments),
        Some("corpus") => match options(arguments) {
            Ok(options) => run(&options),
            Err(problem) => {
                eprintln!("{problem}");
                ExitCode::from(2)
            }
        },
        _ => {
            eprintln!(
                "usage: bffgen-corpus corpus [--only TEXT] [--compile|--clippy all|I/N] [--round-trip all|I/N] [--work DIR]"
            );
            ExitCode::from(2)
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let corpus = std::env::var_os("BFFGEN_CORPUS").ok_or("BFFGEN_CORPUS does not name the folder of the corpus")?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let mut options = Options {
        corpus: corpus.into(),
        only: None,
        compile: None,
        clippy: false,
        round_trip: None,
        work: target.join("corpus"),
    };
    while let Some(flag) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--only" => options.only = Some(value),
            "--compile" => options.compile = Some(value.parse()?),
            "--clippy" => (options.compile, options.clippy) = (Some(value.parse()?), true),
            "--round-trip" => options.round_trip = Some(value.parse()?),
            "--work" => options.work = value.into(),
            _ => return Err(format!("unknown flag {flag}")),
        }
    }
    Ok(options)
}

fn run(options: &Options) -> ExitCode {
    let documents = documents::all(&options.corpus, options.only.as_deref());
    let mut rows = Vec::new();
    for document in &documents {
        let row = one::in_a_process(document, options);
        report::line(&row);
        rows.push(row);
    }
    if let Some(sample) = &options.compile {
        compile::check(&mut rows, sample, &options.work, options.clippy);
    }
    if let Some(sample) = &options.round_trip {
        round_trip::check(&mut rows, sample, &options.work);
    }
    report::summary(&rows);
    let complaints = expected::compare(&rows, options.only.is_some());
    for complaint in &complaints {
        println!("not as expected: {complaint}");
    }
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
