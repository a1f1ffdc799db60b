//! Fitness, for the watch. This file is yours: it is written once and never overwritten.

#[rustfmt::skip]
pub mod generated;

pub use generated::{UPSTREAMS, router};
