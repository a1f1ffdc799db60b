//! All that generated code may use. Everything else in this crate is for people.

pub use crate::call::{
    AsContent, Batch, CallError, CallErrorKind, Content, Each, FileRule, FromHeader, HookError, Keyed, Later, Meta,
    Metas, Multipart, Operation, Pages, Param, Payload, Places, Request, Sendable, Streamed, Texts, Upstream, batch,
    batch_or, batch_present, each, each_present, hook, when,
};
pub use crate::cx::Cx;
pub use crate::endpoint::{Answer, Endpoint};
pub use crate::failure::{Failure, InputError};
pub use crate::inputs::{Input, Inputs};
pub use crate::json::*;
pub use crate::ops;
pub use crate::ops::*;
pub use crate::routes::{Routes, not_found, routes};
pub use crate::runtime::Runtime;
pub use crate::style::{Encoding, ParamValue, Style};
pub use crate::warning::{Partial, Warning};
pub use bytes::Bytes;
pub use futures_util::future::BoxFuture;
pub use http::Method;
pub use tokio::try_join;
