//! How parameters stand in text: OpenAPI's styles (3.0.4 / 3.1.1, "Style Values" and "Style Examples").
//!
//! Values come as plain data ([`ParamValue`]), so that typed clients and the calls of a BFF share this.

#[cfg(feature = "server")]
mod decode;
#[cfg(feature = "server")]
mod deep;
mod encode;
mod encoding;
mod percent;

#[cfg(feature = "server")]
pub(crate) use decode::{Decoder, Misread, Wanted, as_it_is, delimited, path as decode_path};
#[cfg(feature = "server")]
pub(crate) use deep::deep_object;
pub(crate) use encode::{NoForm, cookie, header, path, query};
pub use encoding::Encoding;
pub(crate) use encoding::How;
pub(crate) use percent::Allow;
#[cfg(feature = "server")]
pub(crate) use percent::encode as percent_encode;
#[cfg(feature = "client")]
pub(crate) use percent::encode_literal;

use std::borrow::Cow;

/// How a parameter's value becomes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `a,b`: paths and headers.
    Simple,
    /// `.a.b`: paths.
    Label,
    /// `;name=a;name=b`: paths.
    Matrix,
    /// `name=a&name=b`: queries and cookies.
    Form,
    /// `name=a%20b`: queries.
    SpaceDelimited,
    /// `name=a%7Cb`: queries.
    PipeDelimited,
    /// `name[key]=a`: queries. Does not look at `explode`, as OpenAPI 3.2 says and documents expect.
    DeepObject,
}

/// A parameter's value: what the styles tell apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamValue<'a> {
    /// Nothing: the parameter, item or member is left out.
    Absent,
    /// A string, number or boolean.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<ParamValue<'a>>),
    /// An object, its members in order.
    Object(Vec<(Cow<'a, str>, ParamValue<'a>)>),
}
