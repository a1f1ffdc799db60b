//! Shop, for the web app. This file is yours: it is written once and never overwritten.

#[rustfmt::skip]
pub mod generated;
pub mod hooks;

pub use generated::{UPSTREAMS, router};
