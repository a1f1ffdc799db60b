//! What a generated client of one service stands on: requests of typed values, answers into typed values.

mod answer;
mod convert;
mod decode;
mod error;
mod events;
mod form;
mod header;
mod http;
mod multipart;
mod nullable;
mod request;
mod stream;
mod tagged;
mod target;
mod union;

pub use self::http::{Http, UrlError};
pub use crate::client::{Body, Transport, TransportError, UpstreamBody};
pub use crate::nullable::Nullable;
pub use crate::style::Style;
pub use ::http::{HeaderMap, Method, StatusCode};
pub use answer::Answer;
pub use bytes::Bytes;
pub use error::{Error, Refused, Undecoded, Unexpected};
pub use events::{Event, EventStream};
pub use form::Encoding;
pub use multipart::{IntoParts, Multipart, Part};
pub use nullable::{present, required};
pub use request::Request;
pub use serde_json::Value as Json;
pub use stream::ByteStream;
pub use tagged::tagged;
pub use union::{has, member, no_member, tag, try_member, unknown_tag};

/// An object of any members, by name.
pub type Map<T> = std::collections::BTreeMap<String, T>;
