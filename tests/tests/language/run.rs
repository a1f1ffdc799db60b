//! Makes one crate of the cases of a page, builds all of them at once, and asks what the pages ask.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bffgen::diag::{Severity, short::short};
use bffgen_tests::bff::{Bff, run_with, target_dir};
use bffgen_tests::client::{Answer, exchange};
use bffgen_tests::{generated, project};
use serde_json::Value;

use crate::check::{compiled, files};
use crate::page::Page;
use crate::script::{Message, Run};
use crate::services::Services;

/// Builds the programs of all pages, in their order.
///
/// # Panics
/// Where a page is refused, or what is generated does not build without a warning.
pub fn build(pages: &[Page]) -> Vec<PathBuf> {
    let folder = target_dir().join("language");
    let mut members = Vec::new();
    for page in pages {
        write(page, &folder.join(&page.name));
        members.push(format!("{:?}", page.name));
    }
    fs::create_dir_all(&folder).expect("made");
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.dev]\ndebug = 0\nincremental = false\n",
        members.join(", ")
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("written");
    fs::copy(project("Cargo.lock"), folder.join("Cargo.lock")).expect("copied");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--workspace", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target_dir())
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("warning"), "{said}");
    let program = |page: &Page| format!("{}-bff{}", page.name, std::env::consts::EXE_SUFFIX);
    pages.iter().map(|page| target_dir().join("debug").join(program(page))).collect()
}

/// Writes the crate of a page.
fn write(page: &Page, folder: &Path) {
    let running = || page.cases.iter().filter(|case| !case.runs.is_empty());
    let mut text = merged(page, running().map(|case| (case.title.as_str(), case.composition.as_str())));
    text.push_str(&format!("bffgen: 1\nbff: {}\n", page.name));
    let made = compiled(text.clone(), files(page, running()), Some(folder));
    let errors: Vec<_> = made.diagnostics.iter().filter(|found| found.severity == Severity::Error).cloned().collect();
    let Some(output) = made.output else { panic!("{}:\n{}\n{text}", page.name, short(&errors, &made.sources)) };
    for file in &output.files {
        let text = match (&page.hooks, file.path.as_str()) {
            (Some(hooks), "src/hooks.rs") => hooks.clone(),
            (_, "Cargo.toml") => {
                // A workspace of its own, but here a member of one, whose profile counts.
                let lines = file.text.replace("\n[workspace]\n", "\n");
                lines.split("\n[profile").next().unwrap_or_default().to_owned() + "\n"
            }
            _ => file.text.clone(),
        };
        generated::write(folder, &file.path, &text);
    }
}

/// Compositions as one: what stands under a key of one is put behind what stands under it in the others.
fn merged<'a>(page: &'a Page, cases: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut sections: Vec<(String, String)> = Vec::new();
    for (title, text) in cases.chain(std::iter::once(("", page.rest.as_str()))) {
        let mut current = None;
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            if line.starts_with([' ', '}']) {
                let at: usize = current.unwrap_or_else(|| panic!("{} ## {title}: `{line}` is under no key", page.name));
                sections[at].1.push_str(line);
                sections[at].1.push('\n');
                continue;
            }
            let known = sections.iter().position(|(key, _)| key == line);
            current = Some(known.unwrap_or_else(|| {
                sections.push((line.to_owned(), String::new()));
                sections.len() - 1
            }));
        }
    }
    sections.iter().map(|(key, text)| format!("{key}\n{text}")).collect()
}

/// Asks what a page asks; gives the answers with their lines.
pub async fn page(page: &Page, program: &Path, wrong: &mut Vec<String>) -> Vec<(usize, String)> {
    let services = Services::start(&page.upstreams()).await;
    let bff = run_with(program, &services.urls);
    let mut answers = Vec::new();
    for case in &page.cases {
        for run in &case.runs {
            let (answer, problems) = one(&bff, &services, run).await;
            let place = format!("{} ## {}: {}", page.name, case.title, run.request.show());
            wrong.extend(problems.into_iter().map(|problem| format!("{place}\n  {problem}")));
            let blessed = shown(&answer, run);
            if !agrees(&answer, &run.answer) && std::env::var_os("BFFGEN_BLESS").is_none() {
                wrong.push(format!("{place}\n  expected => {}\n  got      => {}", run.answer.show(), answer.text));
            }
            answers.push((run.line, blessed));
        }
    }
    answers
}

async fn one(bff: &Bff, services: &Services, run: &Run) -> (Answer, Vec<String>) {
    services.expect(&run.calls);
    let (method, target) = run.request.head.split_once(' ').expect("a method and a target");
    let own = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-type");
    let media = run.request.headers.iter().find(own).map_or("application/json", |(_, media)| media);
    let headers: Vec<_> = run.request.headers.iter().filter(|header| !own(header)).cloned().collect();
    let body = run.request.body.as_bytes();
    let body = (!body.is_empty()).then_some((media, body));
    let (status, head, bytes) = exchange(&bff.address, method, target, &headers, body).await;
    let answer = Answer { status, head, text: String::from_utf8_lossy(&bytes).into_owned() };
    (answer, services.wrong())
}

/// Members of problem documents that differ from run to run or say the same again.
const OF_NO_CASE: &[&str] = &["title", "status", "requestId"];

fn agrees(answer: &Answer, wanted: &Message) -> bool {
    let headers = wanted.headers.iter().all(|(name, value)| match value.as_str() {
        "-" => answer.header(name).is_none(),
        value => answer.header(name).is_some_and(|found| found.eq_ignore_ascii_case(value)),
    });
    let body = match (wanted.json(), answer.json()) {
        (Some(wanted), found) if answer.status >= 400 => {
            wanted.as_object().is_some_and(|wanted| wanted.iter().all(|(key, value)| found.get(key) == Some(value)))
        }
        // To the letter: the order of members and the digits of numbers are part of the answer.
        _ => compact(&answer.text) == compact(&wanted.body),
    };
    answer.status.to_string() == wanted.head && headers && body
}

/// JSON without blanks between its parts; other text as it is.
fn compact(text: &str) -> String {
    if serde_json::from_str::<Value>(text).is_err() {
        return text.to_owned();
    }
    let (mut out, mut within, mut escaped) = (String::with_capacity(text.len()), false, false);
    for c in text.chars() {
        if within || !c.is_ascii_whitespace() {
            out.push(c);
        }
        within ^= c == '"' && !escaped;
        escaped = within && c == '\\' && !escaped;
    }
    out
}

fn shown(answer: &Answer, run: &Run) -> String {
    let mut body = answer.text.clone();
    if let (400.., Value::Object(mut members)) = (answer.status, answer.json()) {
        members.retain(|key, _| !OF_NO_CASE.contains(&key.as_str()));
        body = Value::Object(members).to_string();
    }
    let headers = run.answer.headers.iter().map(|(name, _)| {
        let value = answer.header(name).unwrap_or("-");
        (name.clone(), value.to_owned())
    });
    let message = Message { head: answer.status.to_string(), headers: headers.collect(), body };
    format!("=> {}", message.show())
}
