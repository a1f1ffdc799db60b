//! `client`: a typed client crate of each document.

use std::time::Instant;

use bffgen::client::{self, Options};
use bffgen::paths;

use super::args::ClientArgs;
use super::generate::{Outcome, crate_json, summary};
use super::load::Disk;
use super::report::{Reporter, any_error, say};
use super::{End, here, runtime_choice};

/// Generates the clients, or compares them with what is there.
pub fn client(args: &ClientArgs, reporter: &Reporter) -> End {
    let mut outcome = Outcome::default();
    for spec in &args.specs {
        let (started, mut disk) = (Instant::now(), Disk::default());
        let options = Options {
            out: folder(args, spec),
            name: args.name.clone(),
            operations: args.operations.clone(),
            runtime: runtime_choice(&args.runtime),
            here: here(),
        };
        let made = client::compile(spec, &mut disk, &options);
        let compiled = made.compiled;
        outcome.take(reporter, &compiled.sources, &compiled.diagnostics);
        let Some(output) = compiled.output.filter(|_| !any_error(&compiled.diagnostics)) else {
            say(&format!("{spec}: nothing was written\n"));
            continue;
        };
        let Some(plan) = outcome.prepare(reporter, &output, &disk, args.force, args.check) else { continue };
        if !outcome.deliver(reporter, &output, &plan, args.check) {
            continue;
        }
        say(&format!("{spec}: {} of {} operations\n", made.emitted, made.total));
        say(&summary(&output, &plan, args.check, started.elapsed()));
        outcome.crates.push(crate_json(&output, &plan, args.check));
    }
    outcome.end(reporter, true)
}

/// One document goes into the folder itself, several into a folder each within it.
fn folder(args: &ClientArgs, spec: &str) -> String {
    match args.specs.len() {
        1 => args.out.clone(),
        _ => paths::join(&args.out, paths::file_name(spec).split('.').next().unwrap_or("api")),
    }
}
