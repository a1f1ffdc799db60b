//! Values that may be null, and fields that may be absent.

use crate::nullable::Nullable;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Nullable::Null => serializer.serialize_none(),
            Nullable::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Nullable<T>, D::Error> {
        Option::deserialize(deserializer).map(Nullable::from)
    }
}

/// For a field that may be absent and may be null, an `Option<Nullable<T>>`: `null` is `Some(Null)`.
/// `#[serde(default, deserialize_with = "typed::present", skip_serializing_if = "Option::is_none")]`
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// For a field that must be there and may be null, a `Nullable<T>`: serde would take an absent one as null, this does
/// not. `#[serde(deserialize_with = "typed::required")]`
pub fn required<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}
