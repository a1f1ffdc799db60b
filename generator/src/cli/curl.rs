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
    let (path, body) = service.example(operation, seed);
    let url = quoted(&format!("{base}{path}"));
    match (operation.head.method.as_str(), body) {
        ("GET", None) => format!("curl {url}\n"),
        ("HEAD", None) => format!("curl -I {url}\n"),
        (method, None) => format!("curl -X {method} {url}\n"),
        (method, Some(body)) => {
            format!("curl -X {method} {url} -H 'content-type: application/json' -d {}\n", quoted(&body.to_string()))
        }
    }
}

/// For a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
