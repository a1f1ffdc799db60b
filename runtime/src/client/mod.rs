//! How bytes reach an upstream: one small trait, and the pooled hyper client behind it.

mod connect;
mod pool;
#[cfg(feature = "tls")]
mod tls;
mod transport;

pub(crate) use pool::Pool;
pub use transport::{Transport, TransportError, UpstreamBody};
