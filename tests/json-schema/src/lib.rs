//! Rules as they are shipped: schemas are put into a document, the generator writes their rules, these are built
//! into one program, and values are run against them.

mod program;

pub use program::{Built, Run, Schemas, build};
