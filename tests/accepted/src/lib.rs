//! Random documents and compositions: whatever of them the checker accepts must compile without a warning.

mod calls;
mod case;
mod document;
mod expressions;
mod model;
mod random;
mod shapes;
mod values;

pub use case::{Case, case};
