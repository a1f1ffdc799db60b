//! `explain FILE#POINTER`: the lines of a document that a JSON Pointer names, as the page of drift does.

use bffgen::Loader;
use bffgen::diag::suggest::did_you_mean;
use bffgen::diag::{Diagnostic, Severity};
use bffgen::source::pointer::names;
use bffgen::source::{Node, Sources, Span, add_bytes, parse};
use serde_json::json;

use super::End;
use super::args::Format;
use super::find::clean;
use super::load::Disk;
use super::report::{Reporter, data, data_json, say};

/// So many lines are shown.
const LINES: usize = 12;

/// Prints what stands there, with its lines.
pub fn place(file: &str, pointer: &str, reporter: &Reporter) -> End {
    let (path, mut sources) = (clean(file), Sources::default());
    let read = Disk::default().load(&path).map_err(|why| {
        let message = format!("`{path}` was not read: {why}");
        Diagnostic::new("BFF0101", Severity::Error, message, None).help("Check the path and the file's permissions.")
    });
    let (root, found) = match read.and_then(|bytes| add_bytes(&mut sources, &path, bytes)) {
        Ok(source) => parse(&sources, source),
        Err(why) => (None, vec![why]),
    };
    let Some(root) = root else {
        reporter.findings(&sources, &found);
        return End::Findings;
    };
    match walk(&root, pointer) {
        Ok(span) => show(&sources, &path, span, reporter),
        Err(why) => {
            say(&format!("{path}: {why}\n"));
            return End::Findings;
        }
    }
    End::Fine
}

/// Where a pointer leads (RFC 6901): from the key to the end of the value.
fn walk(root: &Node, pointer: &str) -> Result<Span, String> {
    let (mut node, mut span) = (root, root.span);
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(format!("`{pointer}` is no JSON Pointer, like `/components/schemas/Name`"));
    }
    for name in names(pointer) {
        let next = match node.as_array() {
            Some(items) => name.parse::<usize>().ok().and_then(|at| items.get(at)).map(|item| (item.span, item)),
            None => node.member(&name).map(|member| (member.key_span.to(member.value.span), &member.value)),
        };
        let Some(next) = next else {
            let names = node.as_object().unwrap_or_default().iter().map(|member| &*member.key);
            let near = did_you_mean(&name, names).map(|near| format!("; did you mean `{near}`?"));
            return Err(format!("`{pointer}` leads to nothing: there is no `{name}`{}", near.unwrap_or_default()));
        };
        (span, node) = next;
    }
    Ok(span)
}

fn show(sources: &Sources, path: &str, span: Span, reporter: &Reporter) {
    let place = span.place(sources);
    let text = &sources.file(span.source).text;
    let end = Span { start: span.end.saturating_sub(1).max(span.start), ..span }.place(sources).line;
    let last = end.min(place.line + LINES - 1);
    let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
    let lines = &lines[(place.line - 1).min(lines.len())..last.min(lines.len())];
    match reporter.format {
        Format::Json => {
            let text: Vec<&str> = lines.iter().map(|(_, line)| *line).collect();
            data_json(&json!({ "path": path, "line": place.line, "column": place.column, "lines": text }));
        }
        Format::Short => data(&format!("{path}:{}:{}\n", place.line, place.column)),
        Format::Human => {
            let mut out = format!("{path}:{}:{}\n", place.line, place.column);
            for (number, line) in lines {
                out.push_str(&format!("{number:>5} | {line}\n"));
            }
            if end > last {
                out.push_str(&format!("      | and {} more lines\n", end - last));
            }
            data(&out);
        }
    }
}
