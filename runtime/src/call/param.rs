//! Values as path, query and header parameters.

use super::members;
use crate::json::{JsonBuffer, Map, Nullable, Number, Str};
use crate::style::ParamValue;
use std::borrow::Cow;
use std::fmt::{self, Display, Write};

/// A value that can be sent as a parameter: nothing (left out), one text, or several.
pub trait Param {
    /// Gives each text of the value.
    fn each_text(&self, take: &mut dyn FnMut(&str));

    /// The value as the styles see it. Needed where it is a list or an object, or may be absent.
    fn value(&self) -> ParamValue<'_> {
        let mut value = ParamValue::Absent;
        self.each_text(&mut |text| value = ParamValue::Text(Cow::Owned(text.to_owned())));
        value
    }
}

impl<'a> ParamValue<'a> {
    /// A value as the styles see it.
    pub fn of(value: &'a (impl Param + ?Sized)) -> ParamValue<'a> {
        value.value()
    }

    /// A value that was written as JSON, taken apart for the styles. Nothing written, and `null`: absent.
    pub fn of_json(json: &JsonBuffer) -> ParamValue<'static> {
        members::value(json)
    }

    /// A value that was written as JSON, as its text (`content: application/json`). Nothing written: absent.
    pub fn text_of(json: &JsonBuffer) -> ParamValue<'_> {
        match str::from_utf8(json.as_bytes()) {
            Ok(text) if !text.is_empty() => ParamValue::Text(Cow::Borrowed(text)),
            _ => ParamValue::Absent,
        }
    }

    /// An object without members: `ParamValue::object().with("role", &role)`.
    pub fn object() -> ParamValue<'a> {
        ParamValue::Object(Vec::new())
    }

    /// Adds a member to an object. What is absent is left out.
    #[must_use]
    pub fn with(mut self, name: &'a str, value: &'a (impl Param + ?Sized)) -> ParamValue<'a> {
        if let ParamValue::Object(members) = &mut self {
            members.push((Cow::Borrowed(name), value.value()));
        }
        self
    }
}

impl Param for ParamValue<'_> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        match self {
            ParamValue::Absent => {}
            ParamValue::Text(text) => take(text),
            ParamValue::List(items) => items.iter().for_each(|item| item.each_text(take)),
            ParamValue::Object(members) => members.iter().for_each(|(_, member)| member.each_text(take)),
        }
    }

    fn value(&self) -> ParamValue<'_> {
        self.clone()
    }
}

impl<T: Param> Param for Map<'_, T> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        self.values().for_each(|value| value.each_text(take));
    }

    fn value(&self) -> ParamValue<'_> {
        ParamValue::Object(self.iter().map(|(key, value)| (key.as_str(), value.value())).collect())
    }
}

macro_rules! shown {
    ($($t:ty),*) => {$(
        impl Param for $t {
            fn each_text(&self, take: &mut dyn FnMut(&str)) {
                shown(self, take);
            }
        }
    )*};
}
shown!(bool, i32, i64, u32, u64, usize, f64, Number<'_>);

/// Gives a text that is mostly short, without memory of its own then.
fn shown(value: &dyn Display, take: &mut dyn FnMut(&str)) {
    let mut short = Short::default();
    match write!(short, "{value}").map(|()| short.as_str()) {
        Ok(Some(text)) => take(text),
        _ => take(&value.to_string()),
    }
}

/// A text of few bytes.
#[derive(Default)]
struct Short {
    bytes: [u8; 32],
    len: usize,
}

impl Short {
    fn as_str(&self) -> Option<&str> {
        str::from_utf8(self.bytes.get(..self.len)?).ok()
    }
}

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

macro_rules! texts {
    ($($t:ty),*) => {$(
        impl Param for $t {
            fn each_text(&self, take: &mut dyn FnMut(&str)) {
                take(self);
            }

            fn value(&self) -> ParamValue<'_> {
                ParamValue::Text(Cow::Borrowed(self))
            }
        }
    )*};
}
texts!(str, String, Cow<'_, str>);

impl Param for Str<'_> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        take(&self.as_str());
    }

    fn value(&self) -> ParamValue<'_> {
        ParamValue::Text(self.as_str())
    }
}

impl<T: Param + ?Sized> Param for &T {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        (**self).each_text(take);
    }

    fn value(&self) -> ParamValue<'_> {
        (**self).value()
    }
}

impl<T: Param> Param for Option<T> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        if let Some(value) = self {
            value.each_text(take);
        }
    }

    fn value(&self) -> ParamValue<'_> {
        self.as_ref().map_or(ParamValue::Absent, Param::value)
    }
}

impl<T: Param> Param for Nullable<T> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        if let Some(value) = self.as_option() {
            value.each_text(take);
        }
    }

    fn value(&self) -> ParamValue<'_> {
        self.as_option().map_or(ParamValue::Absent, Param::value)
    }
}

impl<T: Param> Param for [T] {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        self.iter().for_each(|value| value.each_text(take));
    }

    fn value(&self) -> ParamValue<'_> {
        ParamValue::List(self.iter().map(Param::value).collect())
    }
}

impl<T: Param> Param for Vec<T> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        self.as_slice().each_text(take);
    }

    fn value(&self) -> ParamValue<'_> {
        self.as_slice().value()
    }
}
