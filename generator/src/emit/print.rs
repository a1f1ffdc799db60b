//! Prints Rust: items through `prettyplease`, with blank lines and comments where a person puts them.

use proc_macro2::TokenStream;
use quote::quote;

const BLANK: &str = "__bffgen_blank!();";

/// A blank line in a function body.
pub fn blank() -> TokenStream {
    quote! { __bffgen_blank!(); }
}

/// A file: its `//!` lines, the uses, and its items with a blank line between them.
pub fn file(head: &[String], uses: TokenStream, items: Vec<TokenStream>) -> Result<String, String> {
    let mut out = String::new();
    for line in head {
        out.push_str(if line.is_empty() { "//!" } else { "//! " });
        // A title of a document may be of several lines.
        out.extend(line.chars().map(|c| if c.is_control() { ' ' } else { c }));
        out.push('\n');
    }
    let mut parts = Vec::new();
    if !uses.is_empty() {
        parts.push(item(uses)?);
    }
    for tokens in items {
        parts.push(item(tokens)?);
    }
    for part in parts {
        out.push('\n');
        out.push_str(&part);
    }
    Ok(out)
}

/// One item, or several that belong together without a blank line.
fn item(tokens: TokenStream) -> Result<String, String> {
    let text = tokens.to_string();
    let mut file: syn::File = syn::parse2(tokens).map_err(|error| format!("{error}: {text}"))?;
    super::tidy::tidy(&mut file);
    // Macro arguments are printed as tokens; as a call they are laid out like any other.
    let printed = prettyplease::unparse(&file).replace("__bffgen_try_join(", "try_join!(");
    let mut out = String::with_capacity(printed.len());
    let mut within_impl = false;
    for line in printed.lines() {
        // The functions of an `impl` stand apart.
        within_impl = line.starts_with("impl") || within_impl && line != "}";
        let opens = line.starts_with("    ") && !line.starts_with("     ");
        if within_impl && opens && out.ends_with("\n    }\n") {
            out.push('\n');
        }
        let trimmed = line.trim_start();
        if trimmed == BLANK {
            // Never two, and none at the start of a block.
            if !out.ends_with("{\n") && !out.ends_with("\n\n") {
                out.push('\n');
            }
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    Ok(out)
}

/// Doc attributes of a text: one a line, nothing in it can end the comment.
pub fn docs(text: &str) -> TokenStream {
    let lines = doc_lines(text);
    quote! { #(#[doc = #lines])* }
}

/// Lines of a doc comment: trimmed, at most twelve, brackets and code fences defused, so that no
/// description becomes a doc test or a broken link.
pub fn doc_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| {
            let clean: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
            let clean = clean.trim().replace('\t', " ").replace("```", "'''");
            format!(" {}", clean.replace('[', "\\[").replace(']', "\\]").replace('<', "\\<").replace('>', "\\>"))
        })
        .map(|line| if line.trim().is_empty() { String::new() } else { line })
        .collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    if lines.len() > 12 {
        lines.truncate(11);
        lines.push(" ...".into());
    }
    indent_items(&mut lines);
    lines
}

/// Lines that go on with an item of a list stand below its text, as rustdoc wants it.
fn indent_items(lines: &mut [String]) {
    let mut indent = 0;
    for line in lines {
        let text = line.trim_start();
        let marker = marker(text);
        if text.is_empty() {
            indent = 0;
        } else if marker > 0 {
            indent = marker;
        } else if indent > 0 {
            *line = format!(" {:indent$}{text}", "");
        }
    }
}

/// The length of the sign before an item of a list (`- `, `12. `), 0 where the line is none.
fn marker(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = match text.as_bytes().get(digits) {
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        Some(b'.' | b')') if (1..10).contains(&digits) => digits + 1,
        _ => return 0,
    };
    match text.as_bytes().get(sign) {
        Some(b' ') => sign + text[sign..].bytes().take_while(|byte| *byte == b' ').count().min(4),
        _ => 0,
    }
}

/// The first sentence or line, for a one-line doc comment; ends with a full stop.
pub fn first_sentence(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or("").trim();
    let end = line.find(". ").map_or(line.len(), |at| at + 1);
    let sentence = line[..end].trim_end_matches('.').trim();
    if sentence.is_empty() { String::new() } else { format!("{sentence}.") }
}
