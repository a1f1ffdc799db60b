//! How bytes reach an upstream: one small trait, and the pooled hyper client behind it.

mod body;
mod connect;
mod limits;
mod origin;
mod pool;
mod read;
#[cfg(feature = "tls")]
mod tls;
mod transport;

pub use body::Body;
pub use limits::CallLimits;
pub(crate) use origin::{Address, address, shown};
pub(crate) use pool::Pool;
pub(crate) use read::{ReadError, Stopped, announced, next, read};
pub use transport::{Transport, TransportError, UpstreamBody};

/// Why the file of `BFF_CA_FILE` is of no use.
fn unusable_ca_file(file: &std::path::Path, why: &str) -> String {
    format!(
        "The environment variable `BFF_CA_FILE` is `{}`, but {why}. It must name a PEM file with the certificates of authorities.",
        file.display()
    )
}
