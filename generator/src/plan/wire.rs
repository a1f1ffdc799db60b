//! How the values of parameters stand in text: which have one, and what a call hands over for it.

use crate::composition::ast::InputPlace;
use crate::openapi::{In, Parameter, Style};
use crate::schema::{Kind, Schema, SchemaId, Schemas};

/// How a value that is more than one text stands in a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// In a style, with or without `explode`.
    Style(Style, bool),
    /// As JSON (`content: application/json`).
    Json,
}

/// What a call hands over for a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed {
    /// A string, number or boolean.
    Scalar,
    /// A list of them.
    List,
    /// Whatever the value is, as the styles see it: objects, lists of anything, values of no one type.
    Value,
    /// A value as JSON.
    Json,
}

/// What a call hands over for a parameter of an operation.
pub fn handed(schemas: &Schemas, param: &Parameter) -> Handed {
    if is_json(param) { Handed::Json } else { of_schema(schemas, param.schema) }
}

/// Whether a parameter is JSON. Other media types of parameters are texts as they are.
fn is_json(param: &Parameter) -> bool {
    let media = param.content.as_deref().unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().ends_with("json"))
}

fn of_schema(schemas: &Schemas, id: SchemaId) -> Handed {
    match &bare(schemas, id).kind {
        kind if is_scalar(kind) => Handed::Scalar,
        Kind::Array(rules) if is_scalar(&schemas.get(rules.items).kind) => Handed::List,
        _ => Handed::Value,
    }
}

fn is_scalar(kind: &Kind) -> bool {
    matches!(kind, Kind::Boolean | Kind::Integer(_) | Kind::Number(_) | Kind::String(_))
}

/// Null and absent are one thing outside of JSON.
fn bare(schemas: &Schemas, id: SchemaId) -> &Schema {
    match schemas.get(id).kind {
        Kind::Nullable(inner) => schemas.get(inner),
        _ => schemas.get(id),
    }
}

/// Why a parameter cannot be sent, if so: its schema, or values that have no form in its style (OpenAPI 3.1.1,
/// "Style Values").
pub fn formless(schemas: &Schemas, param: &Parameter) -> Option<String> {
    if let Kind::Unsupported { what, .. } = &bare(schemas, param.schema).kind {
        return Some(format!("a parameter with {what}"));
    }
    match (handed(schemas, param), &param.content) {
        (Handed::Json, _) | (_, None) => {}
        (Handed::Scalar, Some(_)) => return None,
        (_, Some(media)) => return Some(format!("an object or a list as a parameter with `content: {media}`")),
    }
    match is_json(param) {
        true => None,
        false => formless_in(schemas, param.schema, param.style, param.explode),
    }
}

/// Why values of a schema have no form in a style, if so.
pub fn formless_in(schemas: &Schemas, id: SchemaId, style: Style, explode: bool) -> Option<String> {
    let nested = |id: SchemaId| matches!(bare(schemas, id).kind, Kind::Array(_) | Kind::Object(_));
    let name = style_name(style);
    match &bare(schemas, id).kind {
        _ if style == Style::DeepObject => None,
        Kind::Array(rules) if nested(rules.items) => {
            Some(format!("a list of lists or objects in a parameter of the style `{name}`, which has no form for it,"))
        }
        Kind::Object(_) if explode && matches!(style, Style::SpaceDelimited | Style::PipeDelimited) => {
            Some(format!("an object in a parameter of the style `{name}` with `explode`, which has no form for it,"))
        }
        Kind::Object(rules) => {
            let inner = rules.properties.iter().find(|property| nested(property.schema))?;
            let what = format!("a parameter of the style `{name}`, which has no form for the lists and objects in it");
            Some(format!("{what} (`{}`),", inner.name))
        }
        _ => None,
    }
}

/// As OpenAPI spells it.
pub fn style_name(style: Style) -> &'static str {
    match style {
        Style::Simple => "simple",
        Style::Label => "label",
        Style::Matrix => "matrix",
        Style::Form => "form",
        Style::SpaceDelimited => "spaceDelimited",
        Style::PipeDelimited => "pipeDelimited",
        Style::DeepObject => "deepObject",
    }
}

/// How an input stands in its place: as the parameter that it is passed to where both stand in the same place,
/// else in the default style. `None`: one text or, in the query, a list that is repeated.
pub fn of_input(
    schemas: &Schemas,
    place: InputPlace,
    schema: SchemaId,
    param: Option<&Parameter>,
) -> Result<Option<Wire>, String> {
    let (default, explode, location) = match place {
        InputPlace::Path => (Style::Simple, false, In::Path),
        InputPlace::Query => (Style::Form, true, In::Query),
        InputPlace::Header => (Style::Simple, false, In::Header),
        InputPlace::Cookie => (Style::Form, true, In::Cookie),
        InputPlace::Body => return Ok(None),
    };
    if let Some(what) = param.and_then(|param| formless(schemas, param)) {
        return Err(what);
    }
    if param.is_some_and(is_json) {
        return Ok(Some(Wire::Json));
    }
    let (style, explode) = match param.filter(|param| param.location == location) {
        Some(param) => (param.style, param.explode),
        None => (default, explode),
    };
    match (of_schema(schemas, schema), place) {
        (Handed::Scalar, _) => Ok(None),
        (Handed::List, InputPlace::Query) if explode && style != Style::DeepObject => Ok(None),
        _ => match formless_in(schemas, schema, style, explode) {
            Some(what) => Err(what),
            None => Ok(Some(Wire::Style(style, explode))),
        },
    }
}
