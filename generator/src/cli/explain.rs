//! `explain`: the page of a diagnostic code.

use bffgen::diag::codes;
use serde_json::json;

use super::End;
use super::args::Format;
use super::report::{Reporter, data, data_json, say};

/// Prints the page of a code: `BFF0301`, `bff0301` or `0301`.
pub fn explain(code: &str, reporter: &Reporter) -> End {
    let trimmed = code.trim().to_ascii_uppercase();
    let wanted = if trimmed.starts_with("BFF") { trimmed } else { format!("BFF{trimmed}") };
    let Some(known) = codes::find(&wanted) else {
        // The first two digits say which part of bffgen it is from.
        let mut near: Vec<&codes::Code> = codes::CODES.iter().filter(|c| c.code.get(..5) == wanted.get(..5)).collect();
        if near.is_empty() {
            near = codes::CODES.iter().collect();
        }
        let lines: String = near.iter().map(|known| format!("  {}  {}\n", known.code, known.title())).collect();
        say(&format!("There is no code `{code}`. There are:\n{lines}"));
        return End::Usage;
    };
    match reporter.format {
        Format::Json => data_json(&json!({ "code": known.code, "title": known.title(), "page": known.page })),
        Format::Human | Format::Short => data(known.page),
    }
    End::Fine
}
