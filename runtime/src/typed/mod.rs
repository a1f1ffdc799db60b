//! What a generated client of one service stands on: requests of typed values, answers into typed values.
//!
//! A call goes `Http` -> [`Request`] -> [`Answer`] -> value or [`Error`]. Values are anything that serialises; how they
//! stand in path, query, header and cookie says a [`Style`] (OpenAPI 3.0.4 / 3.1.1). Nothing waits without an end and
//! nothing is held without a limit; [`Http`] has the settings.
//!
//! ```
//! use bff_runtime::typed::{Error, Http, Method, Style};
//! # #[derive(serde::Deserialize)]
//! # struct Pet { name: String }
//! # #[derive(Debug, serde::Deserialize)]
//! # struct Problem { code: i32 }
//!
//! async fn list_pets(http: &Http, tags: &[&str]) -> Result<Vec<Pet>, Error<Problem>> {
//!     let answer = http
//!         .request(Method::GET, "/pets")
//!         .query("limit", &Some(20))
//!         .query_with("tags", tags, Style::PipeDelimited, false)
//!         .send()
//!         .await?;
//!     match answer.status() {
//!         200 => answer.json().await,
//!         400..=499 => Err(answer.refused().await),
//!         _ => Err(answer.unexpected().await),
//!     }
//! }
//!
//! let http = Http::new("https://petstore.example.com/v1")?.bearer("token");
//! let pets = list_pets(&http, &["dog", "cat"]);
//! # drop(pets);
//! # Ok::<(), bff_runtime::typed::UrlError>(())
//! ```

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
pub use crate::style::{Encoding, Style};
pub use ::http::{HeaderMap, Method, StatusCode};
pub use answer::Answer;
pub use bytes::Bytes;
pub use error::{Error, Refused, Undecoded, Unexpected};
pub use events::{Event, EventStream};
pub use multipart::{IntoParts, Multipart, Part};
pub use nullable::{present, required};
pub use request::Request;
pub use serde_json::Value as Json;
pub use stream::ByteStream;
pub use tagged::tagged;
pub use union::{has, member, no_member, tag, try_member, unknown_tag};

/// An object of any members, by name.
pub type Map<T> = std::collections::BTreeMap<String, T>;
