//! What is fuzzed: one function a target, which panics where bffgen breaks a promise.
//!
//! The fuzzers of this folder and the smoke test of the compiler share this file.

use bffgen::diag::{Diagnostic, json, render, short};
use bffgen::openapi::Specs;
use bffgen::source::{self, Node, Sources, Span, Value};
use bffgen::{Compiled, Loader, Options, RuntimeChoice, client};

/// A line that begins a further file of an input; its name follows.
pub const SEPARATOR: &str = "%%% ";

/// The files of one input: the first has the name that its target gives it, the others stand behind a
/// [`SEPARATOR`]. They are found by their last name, whatever their folder is said to be.
struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    fn split(first: &str, data: &[u8]) -> Files {
        let mut files = vec![(first.to_owned(), Vec::new())];
        for line in data.split_inclusive(|byte| *byte == b'\n') {
            match (line.strip_prefix(SEPARATOR.as_bytes()), files.last_mut()) {
                (Some(name), _) => files.push((String::from_utf8_lossy(name).trim().to_owned(), Vec::new())),
                (None, Some((_, text))) => text.extend_from_slice(line),
                (None, None) => {}
            }
        }
        Files(files)
    }
}

impl Loader for Files {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| "no such file".to_owned())
    }
}

/// Bytes as a source tree.
pub fn tree(data: &[u8]) {
    let mut sources = Sources::default();
    let id = match source::add_bytes(&mut sources, "in.json", data.to_vec()) {
        Ok(id) => id,
        Err(found) => {
            assert!(std::str::from_utf8(data).is_err(), "text is refused: {}", found.message);
            return judge(&[found], &sources);
        }
    };
    let (node, found) = source::parse(&sources, id);
    judge(&found, &sources);
    assert!(node.is_some() || !found.is_empty(), "nothing is read, and nothing said");
    let text = sources.file(id).text.as_str();
    if let Some(node) = &node {
        places(node, text);
    }
    same_as_serde(text, node.as_ref(), &found);
}

/// Every place is within the text and its parent; a text that says where it stands stands there.
fn places(node: &Node, text: &str) {
    // what an alias stands for, stands elsewhere
    let contained = !text.contains('*');
    let within = |span: Span| {
        let written = text.get(span.start as usize..span.end as usize);
        assert!(written.is_some(), "{span:?} is no place in the text");
        assert!(
            !contained || (node.span.start <= span.start && span.end <= node.span.end),
            "{span:?} is outside {:?}",
            node.span
        );
    };
    within(node.span);
    match &node.value {
        Value::String(string) => {
            if let Some(at) = string.verbatim_at {
                assert!(text[at as usize..].starts_with(&*string.value), "{:?} does not stand at {at}", string.value);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| {
            within(item.span);
            places(item, text);
        }),
        Value::Object(members) => members.iter().for_each(|member| {
            within(member.key_span);
            within(member.value.span);
            places(&member.value, text);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// JSON objects and arrays mean what they mean to `serde_json`, and what we call JSON is JSON to it. It alone
/// refuses half surrogate pairs and numbers beyond `f64`, and has another limit of depth.
fn same_as_serde(text: &str, node: Option<&Node>, found: &[Diagnostic]) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(['{', '[']) {
        return;
    }
    match (serde_json::from_str::<serde_json::Value>(text), node) {
        (Ok(theirs), Some(node)) => {
            assert_eq!(source::to_json(node), theirs, "the values differ");
            let written = found.iter().find(|found| matches!(found.code, "BFF0104" | "BFF0105"));
            assert!(written.is_none(), "JSON, but {written:?}");
        }
        (Ok(_), None) => panic!("JSON is refused: {found:?}"),
        (Err(_), None) => {}
        (Err(error), Some(_)) => {
            // a flow mapping of YAML begins like this, too, and is called JSON only with a quoted key
            let start = text.trim_start().strip_prefix('{').map(str::trim_start);
            let claimed = start.is_some_and(|rest| rest.starts_with(['"', '}']));
            let told = found.iter().any(|found| found.code == "BFF0104");
            let theirs = ["recursion", "surrogate", "hex escape", "out of range"];
            let known = theirs.iter().any(|limit| error.to_string().contains(limit));
            assert!(!claimed || told || known, "read as JSON, which it is not: {error}");
        }
    }
}

/// An OpenAPI document, whole: opened, every operation read, judged, and made a client.
pub fn reader(data: &[u8]) {
    let mut files = Files::split("spec.yaml", data);
    let (mut sources, mut specs) = (Sources::default(), Specs::default());
    let (doc, found) = specs.open(&mut sources, "spec.yaml", &mut files);
    judge(&found, &sources);
    let Some(doc) = doc else { return };
    for at in 0..specs.operations(doc).len() {
        let (_, found) = specs.operation(doc, at);
        judge(&found, &sources);
    }
    judge(&specs.servers(doc).1, &sources);
    judge(&specs.security_schemes(doc).1, &sources);
    let (sources, found) = bffgen::lint_document("spec.yaml", &mut files);
    judge(&found, &sources);
    let options = client::Options {
        out: "out".to_owned(),
        runtime: Some(RuntimeChoice::Version("0.1".to_owned())),
        ..client::Options::default()
    };
    made(&client::compile("spec.yaml", &mut files, &options).compiled);
}

/// A composition and the files that it names.
pub fn check(data: &[u8]) {
    let mut files = Files::split("web.bff.yaml", data);
    let options = Options { runtime: Some(RuntimeChoice::Version("0.1".to_owned())), ..Options::default() };
    made(&bffgen::compile("web.bff.yaml", &mut files, &options));
}

/// A document and the overlays behind it.
pub fn overlay(data: &[u8]) {
    let mut files = Files::split("spec.yaml", data);
    let overlays: Vec<String> = files.0.iter().skip(1).map(|(name, _)| name.clone()).collect();
    let (mut sources, mut specs) = (Sources::default(), Specs::default());
    let (doc, found) = specs.open_with(&mut sources, "spec.yaml", &overlays, &mut files);
    judge(&found, &sources);
    if let Some(doc) = doc {
        judge(&specs.lint(doc), &sources);
    }
}

/// The findings are for people, and a crate is there unless one of them is an error. Its files are Rust.
fn made(compiled: &Compiled) {
    judge(&compiled.diagnostics, &compiled.sources);
    let Some(output) = &compiled.output else {
        return assert!(!compiled.diagnostics.is_empty(), "nothing is made, and nothing said");
    };
    for file in output.files.iter().filter(|file| file.path.ends_with(".rs")) {
        if let Err(error) = syn::parse_file(&file.text) {
            panic!("{} does not parse: {error}\n{}", file.path, file.text);
        }
    }
}

/// No finding says that bffgen itself is at fault, and each can be shown in every way.
fn judge(found: &[Diagnostic], sources: &Sources) {
    for finding in found {
        assert!(finding.code != "BFF0499", "{}", finding.message);
        assert!(!finding.message.is_empty(), "{} says nothing", finding.code);
    }
    for colour in [false, true] {
        render::render(found, sources, render::Style { colour });
    }
    short::short(found, sources);
    json::json(found, sources);
}
