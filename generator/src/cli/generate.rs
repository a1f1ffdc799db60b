//! `check` and `generate`.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bffgen::diag::words::counted;
use bffgen::diag::{Diagnostic, Severity};
use bffgen::output::{self, Plan};
use bffgen::source::Sources;
use bffgen::{Crate, Options, compile, lint_document};
use serde_json::{Value, json};

use super::args::{Check, Format, Generate};
use super::load::Disk;
use super::report::{Reporter, any_error, data, data_json, findings_json, say};
use super::{End, find, fix, options, write};

/// What all compositions of a command came to.
#[derive(Default)]
pub struct Outcome {
    pub failed: bool,
    findings: Vec<Value>,
    pub crates: Vec<Value>,
    /// Mends that were made and that were not; none where nobody asked for them.
    pub mends: Option<(Vec<Value>, Vec<Value>)>,
}

impl Outcome {
    pub fn take(&mut self, reporter: &Reporter, sources: &Sources, diagnostics: &[Diagnostic]) {
        self.failed |= any_error(diagnostics);
        self.findings.extend(findings_json(sources, diagnostics));
        reporter.findings(sources, diagnostics);
    }

    pub fn take_one(&mut self, reporter: &Reporter, diagnostic: Diagnostic) {
        self.take(reporter, &Sources::default(), &[diagnostic]);
    }

    /// Compares a crate with its folder. None where it must not be written.
    pub fn prepare(
        &mut self,
        reporter: &Reporter,
        output: &Crate,
        disk: &Disk,
        force: bool,
        check: bool,
    ) -> Option<Plan> {
        let mut prepared = write::prepare(output, disk, force);
        if let (true, Err(refused)) = (check, &prepared) {
            // What was edited by hand differs too, and a difference is what `--check` is asked for.
            self.take_one(reporter, refused.clone());
            prepared = write::prepare(output, disk, true);
        }
        prepared.map_err(|diagnostic| self.take_one(reporter, diagnostic)).ok()
    }

    /// Writes a crate, or shows how it differs from what is there. Whether that went well.
    pub fn deliver(&mut self, reporter: &Reporter, output: &Crate, plan: &Plan, check: bool) -> bool {
        if check {
            self.failed |= !plan.changes.is_empty();
            if reporter.format != Format::Json {
                data(&output::unified(plan, &output.folder));
            }
            return true;
        }
        let written = write::apply(output, plan);
        written.map_err(|diagnostic| self.take_one(reporter, diagnostic)).is_ok()
    }

    pub fn end(self, reporter: &Reporter, with_crates: bool) -> End {
        if reporter.format == Format::Json {
            let mut document = json!({ "diagnostics": self.findings });
            if with_crates {
                document["crates"] = Value::from(self.crates);
            }
            if let Some((made, left)) = self.mends {
                document["fixed"] = Value::from(made);
                document["notFixed"] = Value::from(left);
            }
            data_json(&document);
        }
        if self.failed { End::Findings } else { End::Fine }
    }
}

/// Checks compositions, and documents as a whole.
pub fn check(args: &Check, reporter: &Reporter) -> End {
    let (files, problems) = if args.paths.is_empty() { Default::default() } else { find::compositions(&args.paths) };
    let mut outcome = Outcome::default();
    outcome.take(reporter, &Sources::default(), &problems);
    for file in &files {
        let started = Instant::now();
        let compiled = if args.fix {
            fix::fixed(file, &mut outcome, reporter)
        } else {
            compile(file, &mut Disk::default(), &Options::default())
        };
        outcome.take(reporter, &compiled.sources, &compiled.diagnostics);
        say(&format!("{file}: {} ({} ms)\n", counts(&compiled.diagnostics), started.elapsed().as_millis()));
    }
    for file in args.specs.iter().map(|spec| find::clean(spec)) {
        let started = Instant::now();
        let (sources, found) = lint_document(&file, &mut Disk::default());
        outcome.take(reporter, &sources, &found);
        say(&format!("{file}: {} ({} ms)\n", counts(&found), started.elapsed().as_millis()));
    }
    outcome.end(reporter, false)
}

/// Generates crates, or compares them with what is there.
pub fn generate(args: &Generate, reporter: &Reporter) -> End {
    let (files, problems) = find::compositions(&args.paths.paths);
    let mut outcome = Outcome::default();
    outcome.take(reporter, &Sources::default(), &problems);
    // All are compiled and compared before the first is written: what is refused must not stand half done.
    let mut crates = Vec::new();
    for file in files {
        let (started, mut disk) = (Instant::now(), Disk::default());
        if args.fix {
            fix::fixed(&file, &mut outcome, reporter);
        }
        let compiled = compile(&file, &mut disk, &options(&args.output));
        outcome.take(reporter, &compiled.sources, &compiled.diagnostics);
        match compiled.output.filter(|_| !any_error(&compiled.diagnostics)) {
            Some(output) => crates.push((file, output, disk, started.elapsed())),
            None => say(&format!("{file}: {}; nothing was written\n", counts(&compiled.diagnostics))),
        }
    }
    let mut folders: BTreeMap<_, &str> = BTreeMap::new();
    let mut plans = Vec::new();
    for (file, output, disk, compiling) in &crates {
        if let Some(other) = folders.insert(write::absolute(output.folder.as_ref()), file) {
            outcome.take_one(reporter, same_folder(file, other, output));
            continue;
        }
        let started = Instant::now();
        let plan = outcome.prepare(reporter, output, disk, args.force, args.check);
        plans.extend(plan.map(|plan| (file, output, plan, *compiling + started.elapsed())));
    }
    if outcome.failed && !args.check {
        for (file, ..) in &plans {
            say(&format!("{file}: nothing was written, because of the others\n"));
        }
        return outcome.end(reporter, true);
    }
    for (_, output, plan, preparing) in &plans {
        let started = Instant::now();
        if !outcome.deliver(reporter, output, plan, args.check) {
            continue;
        }
        say(&summary(output, plan, args.check, *preparing + started.elapsed()));
        outcome.crates.push(crate_json(output, plan, args.check));
    }
    outcome.end(reporter, true)
}

/// One line on what was done.
pub fn summary(output: &Crate, plan: &Plan, check: bool, elapsed: Duration) -> String {
    let (name, files, ms) = (&output.name, output.files.len(), elapsed.as_millis());
    let (written, deleted, unchanged) = (plan.written(), plan.deleted(), plan.unchanged);
    match (check, plan.changes.is_empty()) {
        (false, _) => {
            format!("{name}: {files} files, {written} written, {deleted} deleted, {unchanged} unchanged ({ms} ms)\n")
        }
        (true, true) => format!("{name}: {files} files, up to date ({ms} ms)\n"),
        (true, false) => format!(
            "{name}: not up to date: {written} to write, {deleted} to delete, {unchanged} unchanged ({ms} ms)\n\
             Run the same command without `--check` and commit what it writes.\n"
        ),
    }
}

/// What was done, for programs.
pub fn crate_json(output: &Crate, plan: &Plan, check: bool) -> Value {
    let changes: Vec<Value> = plan
        .changes
        .iter()
        .map(|change| match change {
            output::Change::Write { path, .. } => json!({ "path": path, "action": "write" }),
            output::Change::Delete { path, .. } => json!({ "path": path, "action": "delete" }),
        })
        .collect();
    let mut document = json!({
        "name": output.name,
        "folder": output.folder,
        "files": output.files.len(),
        "unchanged": plan.unchanged,
        "changes": changes,
    });
    if check {
        document["diff"] = Value::from(output::unified(plan, &output.folder));
    }
    document
}

fn counts(diagnostics: &[Diagnostic]) -> String {
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => "fine".to_owned(),
        (0, warnings) => counted(warnings, "warning"),
        (errors, 0) => counted(errors, "error"),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}

fn same_folder(file: &str, other: &str, output: &Crate) -> Diagnostic {
    let message = format!("`{file}` and `{other}` would both be written to `{}`", output.folder);
    Diagnostic::new("BFF0706", Severity::Error, message, None)
        .help("Each composition needs a folder of its own: give them different names (`bff:`) or folders (`output:`).")
        .help("With `--out`, generate one composition at a time.")
}
