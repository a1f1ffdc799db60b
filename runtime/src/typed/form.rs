//! Bodies of `application/x-www-form-urlencoded`.

use super::convert::{content_of, parameter_of};
use crate::style::{self, Allow, ParamValue, Style};
use serde_json::Value;

/// How a property of a form stands in it (OpenAPI's Encoding Object).
#[derive(Clone, Copy, Debug)]
pub struct Encoding<'a> {
    name: &'a str,
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Style(Style, bool, Allow),
    Json,
}

impl<'a> Encoding<'a> {
    /// A property in a style.
    pub const fn of(name: &'a str, style: Style, explode: bool) -> Encoding<'a> {
        Encoding { name, how: How::Style(style, explode, Allow::Unreserved) }
    }

    /// A property in a style, in which reserved characters stay as they are (`allowReserved`).
    pub const fn reserved(name: &'a str, style: Style, explode: bool) -> Encoding<'a> {
        Encoding { name, how: How::Style(style, explode, Allow::Reserved) }
    }

    /// A property that is JSON (`contentType: application/json`).
    pub const fn json(name: &'a str) -> Encoding<'a> {
        Encoding { name, how: How::Json }
    }
}

/// The form of an object. `Err`: why there is none.
pub(super) fn encode_form(body: &Value, encodings: &[Encoding<'_>]) -> Result<String, String> {
    let members = body.as_object().ok_or("a form must be an object")?;
    let mut form = String::new();
    for (name, value) in members {
        let (value, style, explode, allow) = match encodings.iter().find(|one| one.name == name).map(|one| one.how) {
            Some(How::Style(style, explode, allow)) => (parameter_of(value), style, explode, allow),
            Some(How::Json) => (content_of(value), Style::Form, true, Allow::Unreserved),
            None => (usual(value), Style::Form, true, Allow::Unreserved),
        };
        style::query(&mut form, name, &value, style, explode, allow).map_err(|why| format!("`{name}`: {}", why.0))?;
    }
    Ok(form)
}

/// Without an encoding, lists give a pair an item, and objects are JSON (OpenAPI 3.0.4, "Encoding Object").
fn usual(value: &Value) -> ParamValue<'_> {
    match value {
        Value::Array(items) => {
            let item = |item| if matches!(item, &Value::Array(_)) { content_of(item) } else { usual(item) };
            ParamValue::List(items.iter().map(item).collect())
        }
        Value::Object(_) => content_of(value),
        value => parameter_of(value),
    }
}
