//! Bodies of `application/x-www-form-urlencoded`.

use super::convert::{content_of, parameter_of};
use crate::style::{self, Allow, Encoding, How, ParamValue, Style};
use serde_json::Value;

/// The form of an object. `Err`: why there is none.
pub(super) fn encode_form(body: &Value, encodings: &[Encoding<'_>]) -> Result<String, String> {
    let members = body.as_object().ok_or("a form must be an object")?;
    let mut form = String::new();
    for (name, value) in members {
        let (value, style, explode, allow) = match Encoding::find(encodings, name) {
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
