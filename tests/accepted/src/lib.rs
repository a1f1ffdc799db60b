//! Random documents and compositions: whatever of them the checker accepts must compile without a warning.

mod calls;
mod case;
mod document;
mod endpoint;
mod expressions;
mod features;
mod functions;
mod hooks;
mod inputs;
mod keyed;
mod model;
mod named;
mod operations;
mod pages;
mod random;
mod shapes;
mod values;

pub use case::{Case, case};
pub use features::all as all_features;
