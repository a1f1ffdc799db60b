//! OpenAPI documents opened for a command, and the services that stand in for them.

use std::collections::BTreeSet;

use bffgen::Loader;
use bffgen::composition;
use bffgen::diag::{Diagnostic, Severity};
use bffgen::mock::Service;
use bffgen::openapi::{DocId, OperationHead, Specs};
use bffgen::source::Sources;
use serde_json::Value;

use super::load::Disk;
use super::report::{Reporter, any_error, findings_json};
use super::stand_ins::{StandIn, default_variable};
use super::{End, find};

/// Documents with all that was found in them.
pub struct Documents {
    loader: Box<dyn Loader>,
    sources: Sources,
    specs: Specs,
    diagnostics: Vec<Diagnostic>,
}

impl Default for Documents {
    fn default() -> Self {
        Documents::with(Box::new(Disk::default()))
    }
}

impl Documents {
    /// Documents of a loader.
    pub fn with(loader: Box<dyn Loader>) -> Self {
        Documents { loader, sources: Sources::default(), specs: Specs::default(), diagnostics: Vec::new() }
    }

    /// Opens a document.
    pub fn open(&mut self, path: &str) -> Option<DocId> {
        let (doc, found) = self.specs.open(&mut self.sources, path, &mut *self.loader);
        self.diagnostics.extend(found);
        doc
    }

    /// Its operations, in its order.
    pub fn operations(&self, doc: DocId) -> Vec<OperationHead> {
        self.specs.operations(doc).to_vec()
    }

    /// The service of a document.
    pub fn service(&mut self, name: &str, path: &str) -> Option<Service> {
        let doc = self.open(path)?;
        let (service, found) = Service::new(name, &mut self.specs, doc);
        self.diagnostics.extend(found);
        Some(service)
    }

    /// Stand-ins for the documents, or for the upstreams of the compositions, of a command line.
    pub fn stand_ins(&mut self, inputs: &[String]) -> Vec<StandIn> {
        let mut wanted = Vec::new();
        for input in inputs {
            let (name, path) = input.split_once('=').map_or((None, input.as_str()), |(name, path)| (Some(name), path));
            let path = find::clean(path);
            if path.ends_with(find::SUFFIX) {
                wanted.extend(self.upstreams(&path));
            } else {
                let name = name.map_or_else(|| stem(&path), str::to_owned);
                let variable = Some(default_variable(&name));
                wanted.push((name, path, variable));
            }
        }
        let mut names = BTreeSet::new();
        let mut stand_ins = Vec::new();
        for (name, path, variable) in wanted {
            if !names.insert(name.clone()) {
                self.diagnostics.push(twice(&name));
            } else if let Some(service) = self.service(&name, &path) {
                stand_ins.push(StandIn { service, variable });
            }
        }
        stand_ins
    }

    /// Name, document and variable of each upstream.
    fn upstreams(&mut self, path: &str) -> Vec<(String, String, Option<String>)> {
        let (composition, found) = composition::read(&mut self.sources, path, &mut *self.loader);
        self.diagnostics.extend(found);
        let upstreams = composition.map(|composition| composition.upstreams).unwrap_or_default();
        upstreams
            .into_iter()
            .map(|upstream| {
                let name = upstream.name.value;
                let variable = match &upstream.url {
                    Some(url) => variable_of(&url.value),
                    None => Some(default_variable(&name)),
                };
                (name, upstream.spec.value, variable)
            })
            .collect()
    }

    /// Says what was found.
    pub fn report(&self, reporter: &Reporter) -> End {
        reporter.findings(&self.sources, &self.diagnostics);
        if any_error(&self.diagnostics) { End::Findings } else { End::Fine }
    }

    /// What was found, as JSON.
    pub fn findings_json(&self) -> Vec<Value> {
        findings_json(&self.sources, &self.diagnostics)
    }
}

/// `specs/users.openapi.yaml` is `users`.
fn stem(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file).to_owned()
}

/// The variable of `${USERS_URL:-http://localhost:4001}`; an address may have more before and behind it.
fn variable_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("${")?;
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn twice(name: &str) -> Diagnostic {
    Diagnostic::new("BFF0710", Severity::Error, format!("two stand-ins would be called `{name}`"), None)
        .help(format!("Give one of them another name: `other-{name}=path/to/document.yaml`."))
}
