//! A case: documents and a composition over them, without what the checker refuses.

use std::collections::{BTreeMap, BTreeSet};

use bffgen::diag::Severity;
use bffgen::{Compiled, Loader, Options, RuntimeChoice, compile};
use bffgen_tests::project;

use crate::calls::{self, Named};
use crate::document::document;
use crate::expressions::Scope;
use crate::model::{Component, Service, Ty};
use crate::random::Random;
use crate::shapes;
use crate::values::Value;

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
    let tried = lines.iter().filter(|(tried, _)| *tried).count();
    let mut refused = Vec::new();
    // What is left out can be what others refer to.
    for _ in 0..10 {
        let text = head.clone() + &lines.iter().map(|(_, line)| format!("{line}\n")).collect::<String>();
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
            let accepted = lines.iter().filter(|(tried, _)| *tried).count();
            return match accepted > 0 && compiled.output.is_some() {
                true => Ok(Case { files, compiled, tried, accepted, refused }),
                false => Err(refused),
            };
        }
        let mut at = 0;
        lines.retain(|(tried, _)| {
            at += 1;
            !tried || !wrong.contains(&(at - 1))
        });
    }
    Err(refused)
}

/// What stands before the endpoints and shapes, and these, a line each; the second kind of line is a heading.
fn composition(services: &[Service], random: &mut Random, name: &str) -> (String, Vec<(bool, String)>) {
    let mut head = format!("bffgen: 1\nbff: {name}\nupstreams:\n");
    for service in services {
        head.push_str(&format!("  {}: {{ spec: {}.json }}\n", service.name, service.name));
    }
    let hooks = random.once_in(3);
    if hooks {
        head.push_str(
            "hooks:\n  rate: { args: { a: { type: string }, b: { type: integer } }, returns: { type: number } }\n",
        );
    }
    let mut lines = vec![(false, "shapes:".to_owned())];
    let mut named = Vec::new();
    for at in 0..random.below(3) {
        let service = random.below(services.len());
        let component = random.below(services[service].components.len());
        if matches!(services[service].components[component].1, Component::Plain(_)) {
            continue;
        }
        let ty = Ty::Component(component);
        let scope = Scope::new(services, vec![Value::plain("v", ty.clone(), service)]);
        let shape = serde_json::json!({ "made": shapes::answer(&scope, random, 2), "id": scope.text(random, 1) });
        let name = format!("{}{at}", random.of(&["Card", "type", "Result", "x_y"]));
        let (of, component) = (services[service].name, services[service].components[component].0);
        lines.push((true, format!("  {:?}: {shape}", format!("{name}(v: {of}#/components/schemas/{component})"))));
        named.push(Named { name, ty, service });
    }
    if named.is_empty() {
        lines.clear();
    }
    lines.push((false, "endpoints:".to_owned()));
    for at in 0..4 + random.below(6) {
        let made = calls::endpoint(services, &named, hooks, random);
        lines.push((true, format!("  \"GET /e{at}/{{id}}\": {made}")));
    }
    (head, lines)
}
