//! A case: documents and a composition over them, without what the checker refuses.

use std::collections::{BTreeMap, BTreeSet};

use bffgen::diag::Severity;
use bffgen::{Compiled, Loader, Options, RuntimeChoice, compile};
use bffgen_tests::project;

use crate::document::document;
use crate::endpoint::{Around, endpoint};
use crate::features::features;
use crate::hooks::hooks;
use crate::model::Service;
use crate::named;
use crate::random::Random;

/// What was made of a seed.
pub struct Case {
    /// Documents, and the composition as `web.bff.yaml`.
    pub files: BTreeMap<String, String>,
    /// What the compiler made of it.
    pub compiled: Compiled,
    /// Endpoints and named shapes that were tried.
    pub tried: usize,
    /// Those that the checker accepts.
    pub accepted: usize,
    /// Findings of what was left out.
    pub refused: Vec<String>,
    /// What the accepted endpoints have of the language, once for each endpoint.
    pub features: Vec<&'static str>,
}

/// A line of a composition.
struct Line {
    text: String,
    /// Whether it is tried; the others are headings.
    tried: bool,
    features: Vec<&'static str>,
}

impl Line {
    fn heading(text: &str) -> Self {
        Line { text: text.to_owned(), tried: false, features: Vec::new() }
    }
}

struct Files<'a>(&'a BTreeMap<String, String>);

impl Loader for Files<'_> {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "there is no such file".to_owned())
    }
}

/// The case of a seed, for a crate `<name>-bff`; where nothing of it is accepted, the findings.
pub fn case(seed: u64, name: &str) -> Result<Case, Vec<String>> {
    let mut random = Random::new(seed);
    let services: Vec<Service> = (0..1 + random.below(2)).map(|at| Service::random(&mut random, at)).collect();
    let (head, mut lines) = composition(&services, &mut random, name);
    let mut files: BTreeMap<String, String> =
        services.iter().map(|service| (format!("{}.json", service.name), format!("{:#}", document(service)))).collect();
    let tried = lines.iter().filter(|line| line.tried).count();
    let mut refused = Vec::new();
    // What is left out can be what others refer to.
    for _ in 0..10 {
        let text = head.clone() + &lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>();
        files.insert("web.bff.yaml".into(), text);
        let out = Some(name.to_owned());
        let options = Options { out, runtime: Some(RuntimeChoice::Path(project("runtime"))), ..Options::default() };
        let compiled = compile("web.bff.yaml", &mut Files(&files), &options);
        let before = head.lines().count() + 1;
        let mut wrong = BTreeSet::new();
        for found in compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error) {
            refused.push(format!("{} {}", found.code, found.message));
            let own = |span: &bffgen::source::Span| compiled.sources.file(span.source).path == "web.bff.yaml";
            for span in found.labels.iter().map(|label| label.span).filter(own).take(1) {
                // What stands in the head cannot be left out.
                wrong.extend((span.place(&compiled.sources).line as usize).checked_sub(before));
            }
        }
        if wrong.is_empty() {
            let accepted = lines.iter().filter(|line| line.tried).count();
            let features = lines.into_iter().flat_map(|line| line.features).collect();
            return match accepted > 0 && compiled.output.is_some() {
                true => Ok(Case { files, compiled, tried, accepted, refused, features }),
                false => Err(refused),
            };
        }
        let mut at = 0;
        lines.retain(|line| {
            at += 1;
            !line.tried || !wrong.contains(&(at - 1))
        });
    }
    Err(refused)
}

/// What stands before the endpoints and shapes, and these, a line each.
fn composition(services: &[Service], random: &mut Random, name: &str) -> (String, Vec<Line>) {
    let mut head = format!("bffgen: 1\nbff: {name}\nupstreams:\n");
    for service in services {
        let more =
            random.of(&["", "", "auth: forward", "headers: { x-client: \"'web'\" }", "timeout: 700ms", "open: true"]);
        let comma = if more.is_empty() { "" } else { ", " };
        head.push_str(&format!("  {}: {{ spec: {}.json{comma}{more} }}\n", service.name, service.name));
    }
    let defaults = ["", "", "", "strict: true\n", "validate: full\n", "on_invalid: report\n"];
    head.push_str(defaults[random.below(defaults.len())]);
    let mut lines = Vec::new();
    let hooks = if random.once_in(2) { hooks(services, random) } else { Vec::new() };
    if !hooks.is_empty() {
        lines.push(Line::heading("hooks:"));
    }
    for hook in &hooks {
        lines.push(Line { tried: true, ..Line::heading(&format!("  {}: {}", hook.name, hook.types)) });
    }
    let mut named = Vec::new();
    for _ in 0..random.below(4) {
        if let Some((key, shape, made)) = named::shape(services, &named, random) {
            if named.is_empty() {
                lines.push(Line::heading("shapes:"));
            }
            lines.push(Line { tried: true, ..Line::heading(&format!("  {key:?}: {shape}")) });
            named.push(made);
        }
    }
    lines.push(Line::heading("endpoints:"));
    let around = Around { services, named: &named, hooks: &hooks };
    for at in 0..4 + random.below(6) {
        let endpoint = endpoint(&around, random);
        let text = format!("  \"{} /e{at}/{{id}}\": {}", endpoint.method, endpoint.made);
        lines.push(Line { text, tried: true, features: features(&endpoint.made, &endpoint.tags) });
    }
    (head, lines)
}
