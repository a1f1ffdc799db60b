//! How bytes reach an upstream: one small trait, and the pooled hyper client behind it.

mod connect;
mod pool;
mod transport;

pub(crate) use pool::Pool;
pub use transport::{Transport, TransportError, UpstreamBody};
