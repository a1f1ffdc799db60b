//! Expressions as they are shipped: put into a composition, compiled to a crate, built, and run with values.

mod program;
pub mod textproto;

pub use program::{Answer, Built, Case, Refusal, build};
