//! What a whole document must keep to beyond the shape of each object: paths, ids, names of security schemes, and
//! defaults.

use std::collections::{HashMap, HashSet};

use super::operation::Reading;
use super::reference::percent_decode;
use super::{Base, Files, Method};
use crate::diag::Diagnostic;
use crate::schema::{Json, Kind, Schema, SchemaId, Schemas};
use crate::source::{Member, Node, Span};

/// Judges the document in a file, which is of OpenAPI 3.
pub(super) fn judge(reading: &mut Reading<'_, '_>, base: Base, root: &Node) {
    let mut found = Vec::new();
    paths(root, &mut found);
    operation_ids(root, &mut found);
    security(root, &mut found);
    let schemes = root.get("components").into_iter().flat_map(|components| members(components, "securitySchemes"));
    for scheme in schemes.filter(|_| reading.files.minor(base) == 0) {
        if let Some(kind) = scheme.value.get("type").filter(|kind| kind.as_str() == Some("mutualTLS")) {
            let message = "`mutualTLS` is of OpenAPI 3.1, and this document is older".to_owned();
            found.push(wrong(message, kind.span));
        }
    }
    reading.found.append(&mut found);
}

fn wrong(message: String, span: Span) -> Diagnostic {
    Diagnostic::error("BFF0205", message, span).help("Mend the document.")
}

fn members<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = &'n Member> {
    let members = node.get(key).and_then(Node::as_object).unwrap_or_default();
    members.iter().filter(|member| !member.key.starts_with("x-"))
}

/// Templates of paths are whole, name each parameter once, and no two are one (OpenAPI 3.1.1, section 4.8.8).
fn paths(root: &Node, found: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, &Member> = HashMap::new();
    for member in members(root, "paths") {
        let Some((shape, names)) = template(&member.key) else {
            let message = format!("the path `{}` has a brace without its other half", member.key);
            found.push(wrong(message, member.key_span));
            continue;
        };
        let mut once = HashSet::new();
        if let Some(name) = names.iter().find(|name| !once.insert(**name)) {
            let message = format!("the path `{}` has the parameter `{name}` twice", member.key);
            found.push(wrong(message, member.key_span));
        }
        match seen.get(&shape) {
            Some(other) => found.push(
                wrong(format!("the paths `{}` and `{}` are one", other.key, member.key), member.key_span)
                    .at("this one matches the same requests")
                    .label(other.key_span, "as this one"),
            ),
            None => {
                seen.insert(shape, member);
            }
        }
    }
}

/// A path without the names of its parameters and with escapes undone, and these names; none where a brace has no
/// other half.
fn template(path: &str) -> Option<(String, Vec<&str>)> {
    let (mut shape, mut names, mut rest) = (String::new(), Vec::new(), path);
    loop {
        let end = rest.find(['{', '}']).unwrap_or(rest.len());
        // an escaped slash or brace is no slash and no brace
        let plain = rest[..end].replace("%2F", "%252F").replace("%2f", "%252F").replace("%7B", "%257B");
        shape.push_str(&percent_decode(&plain));
        if end == rest.len() {
            return Some((shape, names));
        }
        let inner = rest[end..].strip_prefix('{')?;
        let (name, behind) = inner.split_once('}').filter(|(name, _)| !name.contains('{'))?;
        names.push(name);
        shape.push_str("{}");
        rest = behind;
    }
}

/// An `operationId` is of one operation only, those of webhooks among them (section 4.8.10). Those under `paths`
/// are held against each other when they are listed.
fn operation_ids(root: &Node, found: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for (group, operation) in operations(root) {
        let Some(id) = operation.value.get("operationId") else { continue };
        let Some(text) = id.as_str().filter(|text| !text.is_empty()) else { continue };
        match seen.get(text) {
            Some(first) if group == "webhooks" => found.push(
                Diagnostic::error("BFF0207", format!("the operationId `{text}` stands at two operations"), id.span)
                    .at("here again")
                    .label(*first, "first here")
                    .help("Give each operation an id of its own."),
            ),
            Some(_) => {}
            None => {
                seen.insert(text, id.span);
            }
        }
    }
}

/// Operations that stand in the document itself, with the key of what they stand in.
fn operations(root: &Node) -> impl Iterator<Item = (&'static str, &Member)> {
    let items = ["paths", "webhooks"].into_iter().flat_map(|group| members(root, group).map(move |item| (group, item)));
    items.flat_map(|(group, item)| {
        let members = item.value.as_object().unwrap_or_default().iter();
        members.filter(|member| Method::parse(&member.key).is_some()).map(move |member| (group, member))
    })
}

/// What is asked for is declared (section 4.8.30). OpenAPI 3.2 takes addresses, too.
fn security(root: &Node, found: &mut Vec<Diagnostic>) {
    let declared: HashSet<&str> = root
        .get("components")
        .into_iter()
        .flat_map(|components| members(components, "securitySchemes"))
        .map(|member| &*member.key)
        .collect();
    let asked = std::iter::once(root).chain(operations(root).map(|(_, operation)| &operation.value));
    let alternatives = asked.filter_map(|node| node.get("security")?.as_array()).flatten();
    for member in alternatives.filter_map(Node::as_object).flatten() {
        if !declared.contains(&*member.key) && !member.key.contains(['/', '#', ':']) {
            let message = format!("there is no security scheme `{}`", member.key);
            found.push(
                Diagnostic::error("BFF0205", message, member.key_span)
                    .help("Declare it under `components: { securitySchemes: ... }`."),
            );
        }
    }
}

/// A `default` is of the type of its schema. OpenAPI 3.0 demands it (section 4.7.24), 3.1 only advises it.
pub(super) fn defaults(schemas: &Schemas, files: &Files, found: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    for id in (0..schemas.len() as u32).map(SchemaId) {
        let schema = schemas.get(id);
        let Some(default) = &schema.default else { continue };
        // a copy says again what its original says
        if schema.copy_of.is_some() || fits(schemas, schema, default) || !files.is_strict(schema.span.source) {
            continue;
        }
        if seen.insert(schema.span) {
            let shown: String = default.to_string().chars().take(60).collect();
            let message = format!("the `default` of `{}` is not of its type: {shown}", schema.name);
            found.push(wrong(message, Span { end: schema.span.start, ..schema.span }));
        }
    }
}

fn fits(schemas: &Schemas, schema: &Schema, default: &Json) -> bool {
    match &schema.kind {
        Kind::Nullable(inner) => default.is_null() || fits(schemas, schemas.get(*inner), default),
        Kind::Boolean => default.is_boolean(),
        // numbers of any size are integers where they have no fraction
        Kind::Integer(_) => default.as_number().is_some_and(|number| {
            number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|value| value.fract() == 0.0)
        }),
        Kind::Number(_) => default.is_number(),
        Kind::String(_) => default.is_string(),
        Kind::Array(_) => default.is_array(),
        Kind::Object(_) => default.is_object(),
        _ => true,
    }
}
