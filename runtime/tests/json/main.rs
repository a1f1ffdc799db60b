//! JSON as the contract with generated code has it, against serde_json as the judge of what is JSON.

mod cases;
mod clauses;
mod decoding;
mod formats;
mod hostile;
mod leniencies;
mod multiples;
mod names;
mod ops;
mod picked;
mod raw;
mod seek;
mod tabled;
mod writing;

use bff_runtime::json::{DecodeFailure, DecodeOptions, Raw, Rule, Violations, decode};

/// Violations as `pointer keyword`, in order; `syntax` for what is no JSON.
pub(crate) fn violations(rule: &Rule, json: &str, options: &DecodeOptions) -> Vec<String> {
    match decode::<Raw>(json.as_bytes(), rule, options) {
        Ok(decoded) => lines(&decoded.reported),
        Err(DecodeFailure::Invalid(violations)) => lines(&violations),
        Err(DecodeFailure::Syntax { .. }) => vec!["syntax".into()],
    }
}

pub(crate) fn lines(violations: &Violations) -> Vec<String> {
    violations.iter().map(|violation| format!("{} {}", violation.pointer, violation.rule)).collect()
}

/// What passed leniently, as `pointer (leniency)`.
pub(crate) fn passed(violations: &Violations) -> Vec<String> {
    violations.lenient().iter().map(|(leniency, at)| format!("{} ({})", at.pointer, leniency.name())).collect()
}

/// What goes out of a value that is carried whole.
pub(crate) fn raw(rule: &Rule, json: &str) -> String {
    match decode::<Raw>(json.as_bytes(), rule, &DecodeOptions::response()) {
        Ok(decoded) => decoded.value.as_json().to_owned(),
        Err(failure) => panic!("{json}: {failure}"),
    }
}
