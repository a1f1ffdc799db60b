//! The compiler: OpenAPI documents and a composition go in, a Rust crate and diagnostics come out.
//!
//! The library does no IO: files come through a loader, results are plain data.

pub mod composition;
pub mod diag;
pub mod expr;
pub mod openapi;
pub mod schema;
pub mod source;
