//! Lays out methods as rustfmt does where the printer breaks lines earlier or adds braces.

use proc_macro2::TokenStream;

use crate::emit::print;

/// The width of a line.
const WIDTH: usize = 100;

/// A file, see [`print::file`].
pub fn file(head: &[String], uses: TokenStream, items: Vec<TokenStream>) -> Result<String, String> {
    let text = print::file(head, uses, items)?;
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        lines.push(line.to_owned());
        close(&mut lines);
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

/// What the last line closes, shorter if there is a shorter form.
fn close(lines: &mut Vec<String>) {
    let Some(last) = lines.last() else { return };
    let indent = indent(last);
    match last.trim_start() {
        text if text.starts_with(") -> ") && text.ends_with('{') => signature(lines, indent),
        "}" => arm(lines, indent),
        ")" | ");" | ")," => call(lines, indent),
        _ => {}
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Where the block that ends with the last line begins: the line before it with the same indent.
fn beginning(lines: &[String], indent_of: usize) -> Option<usize> {
    lines[..lines.len() - 1].iter().rposition(|line| !line.is_empty() && indent(line) <= indent_of)
}

/// A signature on one line, if it fits.
fn signature(lines: &mut Vec<String>, indent: usize) {
    let Some(start) = beginning(lines, indent).filter(|at| lines[*at].ends_with('(')) else { return };
    if !lines[start].contains(" fn ") {
        return;
    }
    let arguments: Vec<&str> = lines[start + 1..lines.len() - 1].iter().map(|line| line.trim()).collect();
    let arguments = arguments.join(" ");
    let joined = format!("{}{}{}", lines[start], arguments.trim_end_matches(','), lines[lines.len() - 1].trim_start());
    if joined.len() <= WIDTH {
        lines.truncate(start);
        lines.push(joined);
    }
}

/// An arm of one expression, without braces.
fn arm(lines: &mut Vec<String>, indent_of: usize) {
    let Some(start) = beginning(lines, indent_of).filter(|at| lines[*at].ends_with(" => {")) else { return };
    let body = &lines[start + 1..lines.len() - 1];
    let head = lines[start].trim_end_matches('{');
    let joined = match body {
        [one] if !one.ends_with(';') => vec![format!("{head}{},", one.trim())],
        // `Ok(Answer { ... })`
        [first, within @ .., last] if first.trim_start().starts_with("Ok(") && last.trim() == "})" => {
            let mut joined = vec![format!("{head}{}", first.trim())];
            joined.extend(within.iter().map(|line| line.get(4..).unwrap_or(line).to_owned()));
            joined.push(format!("{:indent_of$}}}),", ""));
            joined
        }
        _ => return,
    };
    if joined[0].len() <= WIDTH {
        lines.truncate(start);
        lines.extend(joined);
    }
}

/// A call whose last argument is a closure: `.when(body, |request, body| { ... })`.
fn call(lines: &mut Vec<String>, indent_of: usize) {
    let Some(start) = beginning(lines, indent_of).filter(|at| lines[*at].trim() == ".when(") else { return };
    let [first, second, within @ .., last] = &lines[start + 1..lines.len() - 1] else { return };
    if !second.ends_with("| {") || last.trim() != "}," {
        return;
    }
    let mut joined = vec![format!("{}{} {}", lines[start], first.trim(), second.trim())];
    joined.extend(within.iter().map(|line| line.get(4..).unwrap_or(line).to_owned()));
    let end = lines[lines.len() - 1].trim();
    joined.push(format!("{:indent_of$}}}{end}", ""));
    lines.truncate(start);
    lines.extend(joined);
}
