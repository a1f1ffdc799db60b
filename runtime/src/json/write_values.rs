//! The JSON form of each type.

use std::borrow::Cow;
use std::fmt::Write;

use crate::json::number::Number;
use crate::json::raw::Raw;
use crate::json::text::Str;
use crate::json::value::Map;
use crate::json::write::{JsonBuffer, WriteJson};
use crate::nullable::Nullable;

impl WriteJson for bool {
    fn write_json(&self, json: &mut JsonBuffer) {
        json.push_json(if *self { "true" } else { "false" });
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl WriteJson for $integer {
            fn write_json(&self, json: &mut JsonBuffer) {
                let mut text = itoa::Buffer::new();
                json.push_json(text.format(*self));
            }
        }
    )*};
}

integers!(i8, u8, i16, u16, i32, u32, i64, u64, isize, usize);

impl WriteJson for f64 {
    /// The shortest text that reads back as the same number; `null` for what JSON cannot say.
    fn write_json(&self, json: &mut JsonBuffer) {
        let size = self.abs();
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = if !self.is_finite() {
            text.write_str("null")
        } else if size == 0.0 || (1e-6..1e16).contains(&size) {
            write!(text, "{self}")
        } else {
            write!(text, "{self:e}")
        };
        json.push_json(&text);
    }
}

impl WriteJson for Str<'_> {
    #[inline]
    fn write_json(&self, json: &mut JsonBuffer) {
        match self.wire() {
            Some(inside) => json.push_quoted(inside),
            None => json.push_text(&self.as_str()),
        }
    }
}

impl WriteJson for str {
    fn write_json(&self, json: &mut JsonBuffer) {
        json.push_text(self);
    }
}

impl WriteJson for String {
    fn write_json(&self, json: &mut JsonBuffer) {
        json.push_text(self);
    }
}

impl<T: WriteJson + ToOwned + ?Sized> WriteJson for Cow<'_, T> {
    fn write_json(&self, json: &mut JsonBuffer) {
        (**self).write_json(json);
    }
}

impl WriteJson for Number<'_> {
    fn write_json(&self, json: &mut JsonBuffer) {
        match self.text() {
            Some(text) => json.push_json(text),
            None => self.get().write_json(json),
        }
    }
}

impl WriteJson for Raw<'_> {
    fn write_json(&self, json: &mut JsonBuffer) {
        json.push_json(self.as_json());
    }
}

impl<T: WriteJson> WriteJson for Nullable<T> {
    fn write_json(&self, json: &mut JsonBuffer) {
        match self {
            Nullable::Null => json.push_json("null"),
            Nullable::Value(value) => value.write_json(json),
        }
    }
}

impl<T: WriteJson> WriteJson for [T] {
    fn write_json(&self, json: &mut JsonBuffer) {
        let mut array = json.array();
        for item in self {
            array.value(item);
        }
        array.end();
    }
}

impl<T: WriteJson> WriteJson for Vec<T> {
    fn write_json(&self, json: &mut JsonBuffer) {
        self.as_slice().write_json(json);
    }
}

impl<T: WriteJson, const N: usize> WriteJson for [T; N] {
    fn write_json(&self, json: &mut JsonBuffer) {
        self.as_slice().write_json(json);
    }
}

impl<T: WriteJson> WriteJson for Map<'_, T> {
    fn write_json(&self, json: &mut JsonBuffer) {
        json.push_json("{");
        for (index, (key, value)) in self.iter().enumerate() {
            if index > 0 {
                json.push_json(",");
            }
            key.write_json(json);
            json.push_json(":");
            value.write_json(json);
        }
        json.push_json("}");
    }
}

impl<T: WriteJson + ?Sized> WriteJson for &T {
    fn write_json(&self, json: &mut JsonBuffer) {
        (**self).write_json(json);
    }
}

impl<T: WriteJson + ?Sized> WriteJson for Box<T> {
    fn write_json(&self, json: &mut JsonBuffer) {
        (**self).write_json(json);
    }
}
