//! Helpers for types that are one of several: which member a value is.

use serde::de::{DeserializeOwned, Error};
use serde_json::Value;

/// Before messages of this module, which hold no values and can be shown.
pub(super) const MARK: &str = "union: ";

/// The text of a member such as a discriminator's.
pub fn tag<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}

/// Whether an object has a member.
pub fn has(value: &Value, name: &str) -> bool {
    value.get(name).is_some()
}

/// Reads a value as one type of the union.
pub fn member<T: DeserializeOwned, E: Error>(value: Value) -> Result<T, E> {
    serde_json::from_value(value).map_err(|error| E::custom(error))
}

/// Reads a value as one type of the union, if it is one.
pub fn try_member<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// The error of a discriminator that is missing, or whose text is not known.
pub fn unknown_tag<E: Error>(name: &str, found: Option<&str>) -> E {
    match found {
        Some(_) => E::custom(format_args!("{MARK}`{name}` has a text that the document does not declare")),
        None => E::custom(format_args!("{MARK}`{name}` is missing, which says what the value is")),
    }
}

/// The error of a value that is none of the union's types.
pub fn no_member<E: Error>(union: &str) -> E {
    E::custom(format_args!("{MARK}it is none of the types of `{union}`"))
}
