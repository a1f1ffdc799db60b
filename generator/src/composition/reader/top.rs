//! Reads the top of a composition: who it is for, and the lists of what it has.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::keys::{Allowed, clash, members, wrong_kind};
use super::route::Routes;
use super::{Reader, endpoint, hook, named, path, policies, upstream, values};
use crate::composition::ast::RuntimeSource;
use crate::diag::Diagnostic;
use crate::source::{Member, Node, Span, Spanned};

/// Keys that only the composition itself has.
pub(super) const CLIENT_KEYS: &[&str] =
    &["bff", "title", "version", "description", "output", "runtime", "strict", "endpoints"];

pub(super) const TOP: Allowed = Allowed {
    what: "a composition",
    keys: &[&["bffgen"], CLIENT_KEYS, &["include", "upstreams", "shapes", "hooks"], policies::KEYS],
    later: &[policies::LATER, &["auth", "require"]],
    elsewhere: &[],
};

pub(super) const RUNTIME: Allowed =
    Allowed { what: "`runtime`", keys: &[&["path", "version"]], later: &[], elsewhere: &[] };

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
                    let Some(found) = upstream::read(path, entry, &mut self.out) else { continue };
                    match self.names.add("the upstream", &found.name) {
                        None => self.into.upstreams.push(found),
                        taken => self.out.extend(taken),
                    }
                }
            }
            "shapes" => {
                for entry in values::entries(member, "shapes by name", &mut self.out) {
                    let Some(found) = named::read(entry, &mut self.out) else { continue };
                    match self.names.add("the shape", &found.name) {
                        None => self.into.shapes.push(found),
                        taken => self.out.extend(taken),
                    }
                }
            }
            "hooks" => {
                for entry in values::entries(member, "hooks by name", &mut self.out) {
                    let Some(found) = hook::read(entry, &mut self.out) else { continue };
                    match self.names.add("the hook", &found.name) {
                        None => self.into.hooks.push(found),
                        taken => self.out.extend(taken),
                    }
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
        let mut routes = Routes::default();
        for entry in entries {
            let Some(endpoint) = endpoint::read(entry, &mut self.out) else { continue };
            self.out.extend(routes.add(&endpoint, &self.into.endpoints));
            if let Some(id) = &endpoint.id {
                self.out.extend(self.names.add("the endpoint id", id));
            }
            self.into.endpoints.push(endpoint);
        }
    }
}

/// The names that are defined, by what they name, and where.
#[derive(Default)]
pub(super) struct Defined(HashMap<(&'static str, String), Span>);

impl Defined {
    /// The finding, if the name is taken.
    fn add(&mut self, what: &'static str, name: &Spanned<String>) -> Option<Diagnostic> {
        match self.0.entry((what, name.value.clone())) {
            Entry::Occupied(first) => Some(twice(what, *first.get(), name)),
            Entry::Vacant(free) => {
                free.insert(name.span);
                None
            }
        }
    }
}

/// A second definition of a name.
pub(super) fn twice(what: &str, first: Span, second: &Spanned<String>) -> Diagnostic {
    Diagnostic::error("BFF0309", format!("{what} `{}` is defined twice", second.value), second.span)
        .at("defined again here")
        .label(first, "first defined here")
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
