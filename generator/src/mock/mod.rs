//! Stand-ins for services, made from their documents: examples, else seeded data that satisfies the schema.
//!
//! The same seed gives the same data. Nothing here opens a socket; [`Service::router`] is served by the caller.

mod answer;
mod broken;
pub(crate) mod check;
mod clauses;
mod data;
mod keys;
pub(crate) mod number;
mod pattern;
mod random;
mod route;
mod server;
mod string;

use crate::schema::{Json, SchemaId, Schemas};

pub use crate::schema::Direction;
pub use answer::{Answer, Call, Example, Service};
pub use check::valid;
pub use data::{Sample, sample};
pub use random::mix;
pub use server::Faults;

/// A value that satisfies the schema, as a service would send it.
pub fn body(schemas: &Schemas, id: SchemaId, seed: u64) -> Json {
    sample(schemas, id, seed, Direction::Response).value
}
