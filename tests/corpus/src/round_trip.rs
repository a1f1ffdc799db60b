//! Instances through the generated types and back: what comes back is what went in.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::compile::{self, Sample};
use crate::one::Row;

/// Crates that are built at once.
const BATCH: usize = 8;

/// Makes of a crate the program that reads `TYPE<TAB>JSON` lines and writes each value back. Its operations stay
/// out: they are compiled elsewhere, and take most of the time.
pub fn write(folder: &Path, cases: &[Value]) -> std::io::Result<()> {
    let types: BTreeSet<&str> = cases.iter().filter_map(|case| case["type"].as_str()).collect();
    let arms: String = types.iter().map(|ty| format!("        {ty:?} => back::<{ty}>(json),\n")).collect();
    let library = folder.file_name().map(|name| name.to_string_lossy().replace('-', "_")).unwrap_or_default();
    let program = format!(
        "#![allow(unused_imports)]\nuse bff_runtime::typed::{{Json, Nullable}};\nuse std::collections::BTreeMap;\nuse {library}::types;\n\n\
         fn back<T: serde::de::DeserializeOwned + serde::Serialize>(json: &str) -> Result<String, serde_json::Error> {{\n    \
         serde_json::to_string(&serde_json::from_str::<T>(json)?)\n}}\n\n\
         fn one(name: &str, json: &str) -> Result<String, serde_json::Error> {{\n    match name {{\n{arms}        \
         _ => unreachable!(),\n    }}\n}}\n\n\
         fn main() {{\n    for line in std::io::stdin().lines().map_while(Result::ok) {{\n        \
         let (name, json) = line.split_once('\\t').unwrap_or_default();\n        \
         match one(name, json) {{\n            Ok(json) => println!(\"{{json}}\"),\n            \
         Err(error) => println!(\"!{{error}}\"),\n        }}\n    }}\n}}\n"
    );
    std::fs::create_dir_all(folder.join("src/bin"))?;
    std::fs::write(folder.join("src/bin").join(format!("{}.rs", name(folder))), program)?;
    std::fs::write(folder.join("src/lib.rs"), "pub mod types;\n")?;
    std::fs::write(folder.join("cases.json"), serde_json::to_string(cases)?)?;
    let manifest = folder.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest)?;
    std::fs::write(&manifest, text.trim_end().to_owned() + "\nserde_json = \"1\"\n")
}

/// Builds the programs of the sample, and notes what differs.
pub fn check(rows: &mut [Row], sample: &Sample, work: &Path) {
    let chosen = compile::chosen(rows, sample);
    for batch in chosen.chunks(BATCH) {
        let packages: Vec<String> = batch.iter().map(|at| rows[*at].package.clone()).collect();
        let built = compile::workspace(&packages, work, "build");
        for at in batch {
            let row = &mut rows[*at];
            row.trips = Some(match &built {
                Err(problem) => Trips { tried: 0, differing: BTreeMap::from([("build".into(), problem.clone())]) },
                Ok(_) => trips(&work.join("crates").join(&row.package), &work.join("target/debug")),
            });
        }
    }
}

/// The round trips of one document.
#[derive(Default)]
pub struct Trips {
    /// Instances that went through.
    pub tried: usize,
    /// The first that came back otherwise, by component.
    pub differing: BTreeMap<String, String>,
}

/// `trip-petstore`: the program of a crate.
fn name(folder: &Path) -> String {
    let package = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!("trip-{package}")
}

fn trips(folder: &Path, programs: &Path) -> Trips {
    let mut trips = Trips::default();
    let text = std::fs::read_to_string(folder.join("cases.json")).unwrap_or_default();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap_or_default();
    if cases.is_empty() {
        return trips;
    }
    let answers = match run(&programs.join(name(folder)), &cases) {
        Ok(answers) => answers,
        Err(error) => {
            trips.differing.insert("run".into(), error);
            return trips;
        }
    };
    for (case, answer) in cases.iter().zip(&answers) {
        trips.tried += 1;
        let component = case["component"].as_str().unwrap_or("");
        let back: Option<Value> = serde_json::from_str(answer).ok();
        if back.is_none_or(|back| !same(&case["value"], &back)) {
            let told = format!("{} came back as {answer}", case["value"]);
            trips.differing.entry(component.to_owned()).or_insert(told);
        }
    }
    if answers.len() != cases.len() {
        trips.differing.insert("run".into(), format!("{} answers to {} cases", answers.len(), cases.len()));
    }
    trips
}

fn run(program: &Path, cases: &[Value]) -> Result<Vec<String>, String> {
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut input = child.stdin.take().ok_or("no stdin")?;
    let lines: String =
        cases.iter().map(|case| format!("{}\t{}\n", case["type"].as_str().unwrap_or(""), case["value"])).collect();
    // Written beside the reading: neither waits for the other.
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let _ = writer.join();
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// The same JSON: numbers by value, members in any order.
fn same(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64())),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (a, b) => a == b,
    }
}
