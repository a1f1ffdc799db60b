//! Accepted means compiles: crates of random compositions, built without a warning.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use bffgen_accepted::{all_features, case};
use bffgen_tests::bff::target_dir;
use bffgen_tests::{generated, project};

/// A composition that compares a value with itself, orders by the empty text, or says one condition or one value
/// twice says so in Rust too.
const NONSENSE: [&str; 6] = [
    "comparison_to_empty",
    "const_is_empty",
    "eq_op",
    "if_same_then_else",
    "nonminimal_bool",
    "overly_complex_bool_expr",
];

/// Crates that are checked at once.
const BATCH: u64 = 50;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// `BFFGEN_ACCEPTED` says how many crates (12), `BFFGEN_SEED` the first seed (0); with `BFFGEN_REFUSED` nothing is
/// compiled, and what the checker refused most is listed.
#[test]
fn what_is_accepted_compiles() {
    let (count, first) = (number("BFFGEN_ACCEPTED", 12), number("BFFGEN_SEED", 0));
    let (mut seed, mut made, mut tried, mut accepted) = (first, 0, 0, 0);
    let mut wrong = Vec::new();
    let mut refused = BTreeMap::<String, usize>::new();
    let mut features: BTreeMap<&str, usize> = all_features().map(|feature| (feature, 0)).collect();
    while made < count {
        let folder = target_dir().join("accepted");
        // Crates of another run are no members.
        let _ = std::fs::remove_dir_all(&folder);
        let mut members = Vec::new();
        while made < count && (members.len() as u64) < BATCH {
            let name = format!("case{seed}");
            seed += 1;
            assert!(seed < first + 3 * count + 100, "most seeds give nothing that is accepted");
            let made_of_it = case(seed - 1, &name);
            let findings = match &made_of_it {
                Ok(case) => &case.refused,
                Err(findings) => findings,
            };
            for finding in findings {
                *refused.entry(finding.clone()).or_default() += 1;
            }
            let Ok(case) = made_of_it else { continue };
            tried += case.tried;
            accepted += case.accepted;
            for feature in &case.features {
                *features.entry(feature).or_default() += 1;
            }
            write(&case, &folder.join(&name));
            members.push(name);
            made += 1;
        }
        if std::env::var_os("BFFGEN_REFUSED").is_none() {
            wrong.extend(lint(&folder, &members));
        }
    }
    println!("{made} crates, {accepted} of {tried} endpoints and shapes accepted, seeds {first} to {}", seed - 1);
    println!("accepted endpoints with each feature of the language:");
    features.iter().for_each(|(feature, count)| println!("{count:6} {feature}"));
    if std::env::var_os("BFFGEN_REFUSED").is_some() {
        let mut refused: Vec<_> = refused.into_iter().collect();
        refused.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        refused.iter().take(80).for_each(|(finding, count)| println!("{count:5} {finding}"));
    }
    assert!(accepted * 3 > tried, "only {accepted} of {tried} are accepted: the cases show little");
    // A few crates cannot have all.
    let missing: Vec<_> = features.iter().filter(|(_, count)| **count == 0).map(|(feature, _)| *feature).collect();
    assert!(made < 200 || missing.is_empty(), "nothing that is accepted has {}", missing.join(", "));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn write(case: &bffgen_accepted::Case, folder: &Path) {
    let output = case.compiled.output.as_ref().expect("a case has a crate");
    for file in &output.files {
        let text = match file.path.as_str() {
            // A workspace of its own, but here a member of one, whose profile counts.
            "Cargo.toml" => {
                file.text.replace("\n[workspace]\n", "\n").split("\n[profile").next().unwrap_or("").to_owned() + "\n"
            }
            _ => file.text.clone(),
        };
        generated::write(folder, &file.path, &text);
    }
    // To look a finding up.
    case.files.iter().for_each(|(path, text)| generated::write(&folder.join("source"), path, text));
}

/// What clippy says of the crates.
fn lint(folder: &Path, members: &[String]) -> Vec<String> {
    let list: Vec<String> = members.iter().map(|name| format!("{name:?}")).collect();
    let manifest =
        format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.dev]\ndebug = 0\n", list.join(", "));
    generated::write(folder, "Cargo.toml", &manifest);
    std::fs::copy(project("Cargo.lock"), folder.join("Cargo.lock")).expect("copied");
    let output = Command::new(env!("CARGO"))
        .args(["clippy", "--workspace", "--keep-going", "--message-format=short", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target_dir())
        .args(["--", "-D", "warnings"])
        .args(NONSENSE.map(|lint| format!("-Aclippy::{lint}")))
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let lines = said.lines().filter(|line| line.contains("error") || line.contains("warning")).map(str::to_owned);
    let lines: Vec<String> = lines.take(60).collect();
    assert!(output.status.success() || !lines.is_empty(), "{said}");
    lines
}
