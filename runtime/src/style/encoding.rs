//! How a property of a form stands in it (OpenAPI's Encoding Object).

use super::{Allow, Style};

/// How a property of a form, or of a body of parts, stands in it.
#[derive(Clone, Copy, Debug)]
pub struct Encoding<'a> {
    pub(crate) name: &'a str,
    pub(crate) how: How,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
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

    /// What is said of a property.
    pub(crate) fn find(all: &[Encoding<'_>], name: &str) -> Option<How> {
        all.iter().find(|one| one.name == name).map(|one| one.how)
    }
}
