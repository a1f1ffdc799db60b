//! Reads the top of a composition: who it is for, and the lists of what it has.

use super::keys::{Allowed, clash, members, wrong_kind};
use super::{Reader, endpoint, hook, named, path, policies, upstream, values};
use crate::composition::ast::{Endpoint, RuntimeSource};
use crate::diag::Diagnostic;
use crate::source::{Member, Node, Spanned};

/// Keys that only the composition itself has.
pub(super) const CLIENT_KEYS: &[&str] =
    &["bff", "title", "version", "description", "output", "runtime", "strict", "endpoints"];

const TOP: Allowed = Allowed {
    what: "a composition",
    keys: &[&["bffgen"], CLIENT_KEYS, &["include", "upstreams", "shapes", "hooks"], policies::KEYS],
    later: &[policies::LATER, &["auth", "require"]],
    elsewhere: &[],
};

const RUNTIME: Allowed = Allowed { what: "`runtime`", keys: &[&["path", "version"]], later: &[], elsewhere: &[] };

impl Reader<'_> {
    pub(super) fn composition(&mut self, path: &str, root: &Node) {
        self.open.push(path.to_owned());
        let known = members(root, &TOP, &mut self.out);
        for &member in &known {
            match &*member.key {
                "bff" => self.bff = bff_name(member, &mut self.out),
                "title" => self.into.title = values::plain_text(member, &mut self.out),
                "version" => {
                    if let Some(version) = values::plain_text(member, &mut self.out) {
                        self.into.version = version;
                    }
                }
                "description" => self.into.description = values::plain_text(member, &mut self.out),
                "output" => self.into.output = values::text(member, &mut self.out),
                "runtime" => self.into.runtime = runtime(member, &mut self.out),
                "strict" => self.into.strict = values::flag(member, &mut self.out).is_some_and(|flag| flag.value),
                "endpoints" => self.endpoints(member),
                _ => self.shared(path, member),
            }
        }
        self.into.policies = policies::read(&known, &mut self.out);
        let missing = [("bff", "the name of the client: `bff: web`"), ("endpoints", "what the client can call")];
        for (key, what) in missing {
            if root.get(key).is_none() {
                let found = Diagnostic::error("BFF0305", format!("`{key}` is missing"), super::first_line(root.span));
                self.out.push(found.help(format!("It is {what}.")));
            }
        }
    }

    /// What a composition and an included file may both have.
    pub(super) fn shared(&mut self, path: &str, member: &Member) {
        match &*member.key {
            "include" => self.include(path, &member.value),
            "upstreams" => {
                for entry in values::entries(member, "upstreams by name", &mut self.out) {
                    let found = upstream::read(path, entry, &mut self.out);
                    add(found, &mut self.into.upstreams, |upstream| &upstream.name, "the upstream", &mut self.out);
                }
            }
            "shapes" => {
                for entry in values::entries(member, "shapes by name", &mut self.out) {
                    let found = named::read(entry, &mut self.out);
                    add(found, &mut self.into.shapes, |shape| &shape.name, "the shape", &mut self.out);
                }
            }
            "hooks" => {
                for entry in values::entries(member, "hooks by name", &mut self.out) {
                    let found = hook::read(entry, &mut self.out);
                    add(found, &mut self.into.hooks, |hook| &hook.name, "the hook", &mut self.out);
                }
            }
            // Policies are read together.
            _ => {}
        }
    }

    fn endpoints(&mut self, member: &Member) {
        let entries = values::entries(member, "endpoints, such as `GET /products/{id}`", &mut self.out);
        if entries.is_empty() && member.value.as_object().is_some() {
            self.out.push(
                Diagnostic::error("BFF0305", "there is no endpoint", member.key_span)
                    .help("Write one: `GET /products/{id}: catalog.getProduct`."),
            );
        }
        for entry in entries {
            let Some(endpoint) = endpoint::read(entry, &mut self.out) else { continue };
            let others = &self.into.endpoints;
            self.out.extend(others.iter().find_map(|other| super::route::conflict(other, &endpoint)));
            self.out.extend(others.iter().find_map(|other| same_id(other, &endpoint)));
            self.into.endpoints.push(endpoint);
        }
    }
}

fn same_id(other: &Endpoint, endpoint: &Endpoint) -> Option<Diagnostic> {
    let (first, second) = (other.id.as_ref()?, endpoint.id.as_ref()?);
    (first.value == second.value).then(|| twice("the endpoint id", first, second))
}

/// Adds what was read, unless the name is taken.
fn add<T>(found: Option<T>, all: &mut Vec<T>, name: fn(&T) -> &Spanned<String>, what: &str, out: &mut Vec<Diagnostic>) {
    let Some(found) = found else { return };
    match all.iter().find(|other| name(other).value == name(&found).value) {
        Some(other) => out.push(twice(what, name(other), name(&found))),
        None => all.push(found),
    }
}

/// A second definition of a name.
pub(super) fn twice(what: &str, first: &Spanned<String>, second: &Spanned<String>) -> Diagnostic {
    Diagnostic::error("BFF0309", format!("{what} `{}` is defined twice", second.value), second.span)
        .at("defined again here")
        .label(first.span, "first defined here")
        .help("Rename one of the two or take it out.")
}

fn bff_name(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let Some(text) = member.value.as_str() else {
        out.push(wrong_kind(&member.value, "bff", "the name of the client, like web"));
        return None;
    };
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) || !text.split('-').all(is_part) || text.len() > 50 {
        let found = Diagnostic::error("BFF0308", format!("`{text}` cannot be the name of a client"), member.value.span);
        out.push(found.help(
            "Small letters, digits and single `-`, at most 50: `web`, `mobile-app`. The crate is called `web-bff`.",
        ));
        return None;
    }
    Some(Spanned::new(text.to_owned(), member.value.span))
}

fn runtime(member: &Member, out: &mut Vec<Diagnostic>) -> Option<RuntimeSource> {
    let known = members(&member.value, &RUNTIME, out);
    if let [_, second, ..] = known.as_slice() {
        out.push(clash("the runtime has either a `path` or a `version`", second));
        return None;
    }
    let Some(only) = known.first() else {
        if member.value.as_object().is_some_and(<[Member]>::is_empty) {
            let found = Diagnostic::error("BFF0305", "`runtime` says neither `path` nor `version`", member.key_span);
            out.push(found.help("Without `runtime`, the crate carries a copy."));
        }
        return None;
    };
    let text = values::text(only, out)?;
    Some(match &*only.key {
        "path" => RuntimeSource::Path(Spanned::new(path::normalise(&text.value), text.span)),
        _ => RuntimeSource::Version(text),
    })
}
