//! How bytes reach an upstream: one small trait, and the pooled hyper client behind it.

mod body;
mod connect;
mod limits;
mod origin;
mod pool;
mod read;
mod transport;

pub use body::Body;
pub use limits::CallLimits;
pub(crate) use origin::{Address, address, shown};
pub(crate) use pool::Pool;
pub(crate) use read::{ReadError, announced, read};
pub use transport::{Transport, TransportError, UpstreamBody};
