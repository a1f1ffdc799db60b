//! Values as path, query and header parameters.

use crate::json::{Nullable, Number, Str};
use std::borrow::Cow;

/// A value that can be sent as a parameter: nothing (left out), one text, or several.
pub trait Param {
    /// Gives each text of the value.
    fn each_text(&self, take: &mut dyn FnMut(&str));
}

macro_rules! shown {
    ($($t:ty),*) => {$(
        impl Param for $t {
            fn each_text(&self, take: &mut dyn FnMut(&str)) {
                take(&self.to_string());
            }
        }
    )*};
}
shown!(bool, i32, i64, u32, u64, usize, f64, Number<'_>);

macro_rules! texts {
    ($($t:ty),*) => {$(
        impl Param for $t {
            fn each_text(&self, take: &mut dyn FnMut(&str)) {
                take(self);
            }
        }
    )*};
}
texts!(str, String, Cow<'_, str>);

impl Param for Str<'_> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        take(&self.as_str());
    }
}

impl<T: Param + ?Sized> Param for &T {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        (**self).each_text(take);
    }
}

impl<T: Param> Param for Option<T> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        if let Some(value) = self {
            value.each_text(take);
        }
    }
}

impl<T: Param> Param for Nullable<T> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        if let Some(value) = self.as_option() {
            value.each_text(take);
        }
    }
}

impl<T: Param> Param for [T] {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        self.iter().for_each(|value| value.each_text(take));
    }
}

impl<T: Param> Param for Vec<T> {
    fn each_text(&self, take: &mut dyn FnMut(&str)) {
        self.as_slice().each_text(take);
    }
}
