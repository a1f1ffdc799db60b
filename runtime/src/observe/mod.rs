//! What a running BFF tells: an access log, events, and metrics.

mod line;
mod log;
mod metrics;

pub(crate) use line::Millis;
pub(crate) use log::{Access, Log};
pub(crate) use metrics::{EndpointStats, Metrics};
