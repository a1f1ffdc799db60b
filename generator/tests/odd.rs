//! Odd compositions: names that clash with Rust's and with generated code's own, and expressions nobody
//! would write. What is accepted compiles without a warning. New cases go into `odd/`.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The crates in `target/generated/odd` share what they build.
fn compiles(name: &str) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = here.parent().expect("a workspace");
    let target = workspace.join("target/generated");
    let out = target.join("odd").join(name);
    let _ = fs::remove_dir_all(&out);
    let generated = Command::new(env!("CARGO_BIN_EXE_bffgen"))
        .arg("generate")
        .arg(here.join(format!("tests/odd/{name}.bff.yaml")))
        .arg("--out")
        .arg(&out)
        .arg("--runtime-path")
        .arg(workspace.join("runtime"))
        .output()
        .expect("bffgen runs");
    assert!(generated.status.success(), "{}", String::from_utf8_lossy(&generated.stderr));
    fs::copy(workspace.join("Cargo.lock"), out.join("Cargo.lock")).expect("the workspace's lock");
    let checked = Command::new(env!("CARGO"))
        .args(["clippy", "--quiet", "--offline", "--", "-D", "warnings"])
        .args(ODD.iter().map(|lint| format!("-Aclippy::{lint}")))
        .current_dir(&out)
        .env(
            "CARGO_TARGET_DIR",
            std::env::var_os("CARGO_TARGET_DIR").map_or(target, |dir| Path::new(&dir).join("generated")),
        )
        .output()
        .expect("cargo runs");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn odd_names_compile() {
    compiles("names");
}

#[test]
fn odd_expressions_compile() {
    compiles("expressions");
}

#[test]
fn the_whole_language_compiles() {
    compiles("language");
}

#[test]
fn what_meets_is_of_one_type() {
    compiles("joins");
}

#[test]
fn bases_and_their_heirs_compile() {
    compiles("bases");
}

#[test]
fn whatever_a_call_can_carry_compiles() {
    compiles("media");
}

/// What clippy would write shorter in expressions that nobody would write: they stand as the composition has them,
/// and these say `x && x`, `1 * n` or `[a].map(b, b)`. Nothing that a sensible composition brings belongs here.
const ODD: &[&str] = &[
    "approx_constant",
    "blocks_in_conditions",
    "bool_comparison",
    "borrow_deref_ref",
    "cmp_owned",
    "comparison_to_empty",
    "double_comparisons",
    "eq_op",
    "erasing_op",
    "excessive_precision",
    "explicit_auto_deref",
    "identity_op",
    "if_same_then_else",
    "impossible_comparisons",
    "iter_count",
    "manual_next_back",
    "manual_range_contains",
    "map_identity",
    "needless_bool",
    "neg_cmp_op_on_partial_ord",
    "nonminimal_bool",
    "overly_complex_bool_expr",
    "redundant_comparisons",
    "suspicious_else_formatting",
    "suspicious_map",
    "unnecessary_lazy_evaluations",
    "unnecessary_literal_unwrap",
    "unnecessary_to_owned",
];
