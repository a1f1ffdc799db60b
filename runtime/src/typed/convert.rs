//! From any serialisable value to what the styles tell apart.

use crate::style::ParamValue;
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// The value as JSON. `Err`: why it has none, for people.
pub(super) fn json_of(value: &(impl Serialize + ?Sized)) -> Result<Value, String> {
    serde_json::to_value(value).map_err(|_| "its value cannot be written as JSON".to_owned())
}

/// The value as a parameter. `null` leaves it out.
pub(super) fn parameter_of(value: &Value) -> ParamValue<'_> {
    match value {
        Value::Null => ParamValue::Absent,
        Value::Bool(_) | Value::Number(_) => ParamValue::Text(Cow::Owned(value.to_string())),
        Value::String(text) => ParamValue::Text(Cow::Borrowed(text)),
        Value::Array(items) => ParamValue::List(items.iter().map(parameter_of).collect()),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), parameter_of(value)));
            ParamValue::Object(members.collect())
        }
    }
}

/// The value of a parameter whose `content` is JSON. `null` leaves it out.
pub(super) fn content_of(value: &Value) -> ParamValue<'_> {
    match value {
        Value::Null => ParamValue::Absent,
        value => ParamValue::Text(Cow::Owned(value.to_string())),
    }
}
