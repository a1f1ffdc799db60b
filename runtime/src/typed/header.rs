//! Headers of answers into types (`simple`).

use super::decode::of_data;
use http::HeaderMap;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use std::fmt;

/// Reads a header. `Err`: what is wrong with it. Several lines of one name are one list (RFC 9110, 5.3).
pub(super) fn from_header<T: DeserializeOwned>(headers: &HeaderMap, name: &str) -> Result<Option<T>, String> {
    let lines: Result<Vec<&str>, _> =
        headers.get_all(name).iter().map(|value| std::str::from_utf8(value.as_bytes()).map(str::trim)).collect();
    let lines = lines.map_err(|_| "it is not UTF-8".to_owned())?;
    if lines.is_empty() {
        return Ok(None);
    }
    T::deserialize(Text(&lines.join(","))).map(Some).map_err(|error| of_data(&error.0))
}

/// A text that is read as whatever is asked for.
struct Text<'t>(&'t str);

/// What serde says.
#[derive(Debug)]
struct Wrong(String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl serde::de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Wrong {
        Wrong(message.to_string())
    }
}

impl<'t> Text<'t> {
    fn items(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.0.split(',').map(str::trim).filter(|item| !item.is_empty())
    }

    fn parsed<T: std::str::FromStr>(&self, expected: &str) -> Result<T, Wrong> {
        self.0.parse().map_err(|_| Wrong(format!(", expected {expected}")))
    }
}

impl<'de, 't> IntoDeserializer<'de, Wrong> for Text<'t> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $expected:literal),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            visitor.$visit(self.parsed($expected)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Wrong;

    parsed!(
        deserialize_bool visit_bool "`true` or `false`",
        deserialize_i8 visit_i8 "an integer", deserialize_i16 visit_i16 "an integer",
        deserialize_i32 visit_i32 "an integer", deserialize_i64 visit_i64 "an integer",
        deserialize_i128 visit_i128 "an integer",
        deserialize_u8 visit_u8 "an integer", deserialize_u16 visit_u16 "an integer",
        deserialize_u32 visit_u32 "an integer", deserialize_u64 visit_u64 "an integer",
        deserialize_u128 visit_u128 "an integer",
        deserialize_f32 visit_f32 "a number", deserialize_f64 visit_f64 "a number"
    );

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(SeqDeserializer::new(self.items().map(Text)))
    }

    /// `a=1,b=2` if every item is a pair, otherwise `a,1,b,2`.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let exploded: Option<Vec<_>> = self.items().map(|item| item.split_once('=')).collect();
        let pairs = match exploded {
            Some(pairs) => pairs,
            None => {
                let items: Vec<_> = self.items().collect();
                let (pairs, []) = items.as_chunks::<2>() else {
                    return Err(Wrong::custom(", expected names and values"));
                };
                pairs.iter().map(|[name, value]| (*name, *value)).collect()
            }
        };
        visitor.visit_map(MapDeserializer::new(pairs.into_iter().map(|(name, value)| (name, Text(value)))))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}
