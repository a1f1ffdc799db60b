//! Calling upstreams: what a call says, how it is sent, and what its answer means.

mod batch;
mod content;
mod decode;
mod each;
mod error;
mod exchange;
mod gather;
mod hook;
mod later;
mod link;
mod members;
mod meta;
mod metas;
mod pages;
mod param;
mod places;
mod request;
mod sample;
mod sendable;
mod stream;
mod styled;
mod texts;
mod upstream;

pub use batch::{Batch, batch, batch_or, batch_present};
pub use content::{AsContent, Content, Multipart};
pub use decode::Payload;
pub use each::{Each, Keyed, each, each_present};
pub use error::{CallError, CallErrorKind};
pub use hook::{HookError, hook};
pub use later::{Later, when};
pub use meta::{FromHeader, Meta};
pub use metas::Metas;
pub use pages::Pages;
pub use param::Param;
pub use places::Places;
pub(crate) use places::Spot;
pub use request::Request;
pub(crate) use sample::{Sample, Sampler};
pub use sendable::Sendable;
pub use stream::Streamed;
pub use texts::Texts;
pub use upstream::{Operation, Upstream};

pub(crate) use exchange::{is_json, is_of};
pub(crate) use link::next_link;
