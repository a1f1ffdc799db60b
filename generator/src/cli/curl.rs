//! Shell lines that call every endpoint of a BFF, made from the document it publishes.

use bffgen::mock::Service;
use bffgen::{Crate, Loader};

use super::services::Documents;

/// Where a crate keeps the document it publishes.
const DOCUMENT: &str = "openapi.json";

/// The text of the published document, whatever path is asked for.
struct Published(String);

impl Loader for Published {
    fn load(&mut self, _path: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.clone().into_bytes())
    }
}

/// One `curl` line an endpoint, in the order of the document; nothing where the crate publishes none.
pub fn lines(output: &Crate, base: &str, seed: u64) -> String {
    let Some(published) = output.files.iter().find(|file| file.path == DOCUMENT) else { return String::new() };
    let mut documents = Documents::with(Box::new(Published(published.text.clone())));
    let Some(service) = documents.service("bff", DOCUMENT) else { return String::new() };
    service.operations().iter().map(|operation| line(&service, operation, base, seed)).collect()
}

fn line(service: &Service, operation: &bffgen::openapi::Operation, base: &str, seed: u64) -> String {
    let example = service.example(operation, seed);
    let method = match operation.head.method.as_str() {
        "GET" => String::new(),
        "HEAD" => " -I".to_owned(),
        method => format!(" -X {method}"),
    };
    let mut headers = example.headers;
    let body = example.body.map(|body| format!(" -d {}", quoted(&body.to_string()))).unwrap_or_default();
    if !body.is_empty() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    let headers: String =
        headers.iter().map(|(name, value)| format!(" -H {}", quoted(&format!("{name}: {value}")))).collect();
    format!("curl{method} {}{headers}{body}\n", quoted(&format!("{base}{}", example.target)))
}

/// For a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
