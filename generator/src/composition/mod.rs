//! The composition file: its syntax tree with places, and the reader that makes it.

pub mod ast;
pub mod format;
mod reader;

pub use reader::{normalise, read, resolve};
