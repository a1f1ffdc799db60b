//! Parameters: path item's and operation's, styles with their defaults.

use super::body::{malformed, text};
use super::operation::Reading;
use super::{At, In, Parameter, Style};
use crate::diag::Diagnostic;
use crate::schema::{Kind, Schema, StringRules};
use crate::source::{Node, Span, Value};

/// Reads both lists; an operation's parameter replaces the path item's of the same name and place.
pub(super) fn parameters<'a>(
    reading: &mut Reading<'a, '_>,
    item: At<'a>,
    operation: At<'a>,
    id: &str,
) -> Vec<Parameter> {
    let mut all: Vec<Parameter> = Vec::new();
    for level in [item, operation] {
        let list = level.node.get("parameters").filter(|list| !matches!(list.value, Value::Null));
        let Some(list) = list else { continue };
        let Some(nodes) = list.as_array() else {
            reading.found.push(malformed(list, "`parameters`", "array", false));
            continue;
        };
        for node in nodes {
            let Some(parameter) = parameter(reading, level.to(node), id) else { continue };
            let same = |p: &Parameter| p.location == parameter.location && p.name == parameter.name;
            match all.iter().position(same) {
                Some(at) => all[at] = parameter,
                None => all.push(parameter),
            }
        }
    }
    all
}

fn parameter<'a>(reading: &mut Reading<'a, '_>, at: At<'a>, id: &str) -> Option<Parameter> {
    let (at, component) = reading.follow(at, "the parameter")?;
    let node = at.node;
    let Some(name) = node.get("name").and_then(Node::as_str) else {
        reading.found.push(malformed(node.get("name").unwrap_or(node), "the `name` of a parameter", "string", false));
        return None;
    };
    let place = node.get("in");
    let location = match place.and_then(Node::as_str) {
        Some("path") => In::Path,
        Some("query") => In::Query,
        Some("header") => In::Header,
        Some("cookie") => In::Cookie,
        other => {
            let message = format!(
                "parameter `{name}` must be in `path`, `query`, `header` or `cookie`, not in `{}`",
                other.unwrap_or("")
            );
            let span = place.map_or(node.span, |place| place.span);
            reading.found.push(Diagnostic::error("BFF0205", message, span).help("Mend the document."));
            return None;
        }
    };
    // OpenAPI 3.1, section 4.8.12.2: these are said by the media types and security schemes
    if location == In::Header && ["accept", "content-type", "authorization"].contains(&&*name.to_ascii_lowercase()) {
        return None;
    }
    let style = style(reading, node, location);
    let schema_name = component.map_or_else(|| format!("{id} {name}"), |component| format!("{component} parameter"));
    let media = node.get("content").and_then(Node::as_object).and_then(<[_]>::first);
    let schema = node.get("schema").or_else(|| media.and_then(|media| media.value.get("schema")));
    let schema = match schema {
        Some(schema) => reading.schema(at.to(schema), &schema_name),
        None => reading.schemas.add(Schema::new(node.span, schema_name, Kind::Any)),
    };
    Some(Parameter {
        name: name.to_owned(),
        location,
        required: location == In::Path || node.get("required").and_then(Node::as_bool).unwrap_or(false),
        style,
        explode: node.get("explode").and_then(Node::as_bool).unwrap_or(style == Style::Form),
        allow_reserved: node.get("allowReserved").and_then(Node::as_bool).unwrap_or(false),
        content: node.get("schema").is_none().then(|| media.map(|m| m.key.to_string())).flatten(),
        schema,
        description: text(node, "description"),
        deprecated: node.get("deprecated").and_then(Node::as_bool).unwrap_or(false),
        span: node.span,
    })
}

fn style<'a>(reading: &mut Reading<'a, '_>, node: &Node, location: In) -> Style {
    let default = match location {
        In::Path | In::Header => Style::Simple,
        In::Query | In::Cookie => Style::Form,
    };
    let Some(written) = node.get("style") else { return default };
    match (written.as_str().unwrap_or(""), location) {
        ("simple", In::Path | In::Header) => Style::Simple,
        ("label", In::Path) => Style::Label,
        ("matrix", In::Path) => Style::Matrix,
        ("form", In::Query | In::Cookie) => Style::Form,
        ("spaceDelimited", In::Query) => Style::SpaceDelimited,
        ("pipeDelimited", In::Query) => Style::PipeDelimited,
        ("deepObject", In::Query) => Style::DeepObject,
        (other, _) => {
            let message =
                format!("the style `{other}` does not exist for a parameter in this place; the default is used");
            let lint = Diagnostic::warning("BFF0206", message, written.span)
                .help("See the table of styles in OpenAPI's Parameter Object.");
            reading.found.push(lint);
            default
        }
    }
}

/// Every `{name}` of the path needs a parameter, or the address could not be made: one that the document
/// forgot is taken as a text.
pub(super) fn add_forgotten<'a>(
    reading: &mut Reading<'a, '_>,
    parameters: &mut Vec<Parameter>,
    path: &str,
    id: &str,
    span: Span,
) {
    for name in template_names(path) {
        if parameters.iter().any(|p| p.location == In::Path && p.name == name) {
            continue;
        }
        let message = format!("the path has `{{{name}}}`, and no parameter describes it; it is taken as a text");
        let lint = Diagnostic::warning("BFF0208", message, span)
            .help("Add a parameter of this name with `in: path` to the document.");
        reading.found.push(lint);
        let schema = Schema::new(span, format!("{id} {name}"), Kind::String(StringRules::default()));
        parameters.push(Parameter {
            name: name.to_owned(),
            location: In::Path,
            required: true,
            style: Style::Simple,
            explode: false,
            allow_reserved: false,
            content: None,
            schema: reading.schemas.add(schema),
            description: None,
            deprecated: false,
            span,
        });
    }
}

fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| !name.is_empty())
}
