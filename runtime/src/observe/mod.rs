//! What a running BFF tells: an access log, events, and metrics.

mod drift;
mod drift_page;
mod line;
mod log;
mod metrics;

pub(crate) use drift::{Drift, Found};
pub(crate) use drift_page::{Form, drift_text};
pub(crate) use line::Millis;
pub(crate) use log::{Access, Log};
pub(crate) use metrics::{EndpointStats, Metrics};
