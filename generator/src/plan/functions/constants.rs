//! Constants that could never be what they are converted to: found before anything runs.

use crate::diag::Diagnostic;
use crate::plan::ir::{TExpr, TKind};
use crate::plan::scope::Env;

/// Reports an argument that is a text literal and cannot be converted by the function.
pub fn check(env: &mut Env, function: &str, arg: &TExpr) {
    let TKind::Str(text) = &arg.kind else { return };
    let (right, what, help) = match function {
        "int" => (text.parse::<i64>().is_ok(), "an integer", "write digits, with a `-` in front if need be"),
        "double" => (text.parse::<f64>().is_ok(), "a number", "write it like `4.2` or `1e3`"),
        "bool" => {
            let known = ["1", "t", "true", "TRUE", "True", "0", "f", "false", "FALSE", "False"];
            (known.contains(&text.as_str()), "a boolean", "write `true` or `false`")
        }
        "timestamp" => (is_timestamp(text), "a timestamp", "write it like `2024-01-31T10:00:00Z` (RFC 3339)"),
        "duration" => (is_duration(text), "a duration", "write it like `90s`, `1h30m` or `250ms`"),
        "base64.decode" => (is_base64(text), "base64", "it has letters, digits, `+` and `/`, and `=` at the end"),
        _ => return,
    };
    if !right {
        let message = format!("`{}` is not {what}", text.escape_debug());
        env.diags.push(Diagnostic::error("BFF0430", message, arg.span).at("never works").help(help));
    }
}

/// Reports a time zone that is a literal and none that is known.
pub fn zone(env: &mut Env, arg: &TExpr) {
    let TKind::Str(text) = &arg.kind else { return };
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let known = match digits.as_bytes() {
        [h1, h2, b':', m1, m2] => {
            let number = |a: &u8, b: &u8| (a.is_ascii_digit() && b.is_ascii_digit()).then(|| (a - 48) * 10 + b - 48);
            number(h1, h2).is_some_and(|hours| hours < 24) && number(m1, m2).is_some_and(|minutes| minutes < 60)
        }
        _ => matches!(text.as_str(), "UTC" | "Z" | ""),
    };
    if !known {
        let message = format!("`{}` is not a time zone that is known here", text.escape_debug());
        let help = "write `UTC` or an offset like `+02:00`; names of places need a database that a BFF does not carry";
        env.diags.push(Diagnostic::error("BFF0430", message, arg.span).help(help));
    }
}

/// RFC 3339, years 1 to 9999.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number = |at: usize, count: usize| -> Option<u32> {
        let digits = text.get(at..at + count)?;
        if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
    };
    let marks = [(4, b"--"), (7, b"--"), (10, b"Tt"), (13, b"::"), (16, b"::")];
    if !marks.iter().all(|(at, allowed)| bytes.get(*at).is_some_and(|byte| allowed.contains(byte))) {
        return false;
    }
    let parts = [(0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2)].map(|(at, count)| number(at, count));
    let [Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(second)] = parts else { return false };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return false,
    };
    let rest = &text[19..];
    let rest = match rest.strip_prefix('.') {
        Some(digits) => {
            let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            if end == 0 {
                return false;
            }
            &digits[end..]
        }
        None => rest,
    };
    let zone = match rest.as_bytes() {
        b"Z" | b"z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    year > 0 && (1..=last).contains(&day) && hour < 24 && minute < 60 && second < 60 && zone
}

/// Numbers with units, at most 292 years.
fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest.is_empty() {
        return false;
    }
    let mut seconds = 0.0;
    while !rest.is_empty() && rest != "0" {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let Ok(number) = rest[..end].parse::<f64>() else { return false };
        let units = [
            ("ns", 1e-9),
            ("us", 1e-6),
            ("µs", 1e-6),
            ("μs", 1e-6),
            ("ms", 1e-3),
            ("s", 1.0),
            ("m", 60.0),
            ("h", 3600.0),
        ];
        let Some((unit, size)) = units.iter().find(|(unit, _)| rest[end..].starts_with(unit)) else { return false };
        seconds += number * size;
        rest = &rest[end + unit.len()..];
    }
    seconds < 9_223_372_036.854
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    digits.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
        && digits.len() % 4 != 1
        && (padding == 0 || padding < 3 && text.len().is_multiple_of(4))
}
