//! What all requests of a BFF share: settings, upstreams, connections, metrics and the log.

use crate::call::{Operation, Sample, Sampler, Upstream};
use crate::client::{Address, Pool, Transport, address, shown};
use crate::json::Violations;
use crate::observe::{Drift, Found, Log, Metrics};
use crate::settings::{Settings, StartError};
use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A BFF that is set up. Cheap to clone.
#[derive(Clone)]
pub struct Runtime(Arc<Shared>);

struct Shared {
    settings: Settings,
    origins: Vec<Origin>,
    transport: Arc<dyn Transport>,
    metrics: Metrics,
    log: Log,
    drift: Drift,
    sampler: Sampler,
    ready: AtomicBool,
}

/// Where an upstream is, and what every call of it carries.
pub(crate) struct Origin {
    name: &'static str,
    pub(crate) address: Address,
    headers: HeaderMap,
}

impl Runtime {
    /// Resolves the urls of the upstreams, reads the certificates to trust, and starts the log. Nothing is connected yet.
    pub fn new(settings: Settings, upstreams: &[&'static Upstream]) -> Result<Runtime, StartError> {
        let pool = Pool::new(&settings.calls, settings.ca_file.as_deref()).map_err(StartError::new)?;
        Runtime::with_transport(settings, upstreams, Arc::new(pool))
    }

    /// The same with another way to reach upstreams.
    pub fn with_transport(
        settings: Settings,
        upstreams: &[&'static Upstream],
        transport: Arc<dyn Transport>,
    ) -> Result<Runtime, StartError> {
        let origins = upstreams.iter().enumerate().map(|(at, upstream)| origin(&settings, at, upstream));
        let origins = origins.collect::<Result<_, _>>()?;
        let (metrics, log) = (Metrics::default(), Log::start(&settings)?);
        let ready = AtomicBool::new(true);
        Ok(Runtime(Arc::new(Shared {
            settings,
            origins,
            transport,
            metrics,
            log,
            drift: Drift::default(),
            sampler: Sampler::default(),
            ready,
        })))
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Whether load balancers may send requests here: yes until the server begins to stop.
    pub fn is_ready(&self) -> bool {
        self.0.ready.load(Ordering::Acquire)
    }

    /// Waits until the log is written as far as it goes, at most one second.
    pub fn flush_log(&self) {
        self.0.log.flush();
    }

    /// Waits until the answers that were to be checked on the side so far are checked, at most ten seconds.
    pub fn flush_samples(&self) {
        self.0.sampler.flush();
    }

    pub(crate) fn not_ready(&self) {
        self.0.ready.store(false, Ordering::Release);
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn log(&self) -> &Log {
        &self.0.log
    }

    pub(crate) fn drift(&self) -> &Drift {
        &self.0.drift
    }

    /// Counts what was found in an answer, and tells what is new.
    pub(crate) fn tell_drift(&self, operation: &Operation, found: &Violations, how: Found) {
        for (key, row) in self.0.drift.note(operation, found, how) {
            self.0.log.drift(&key, &row);
        }
    }

    /// Has answers checked whole, by and by.
    pub(crate) fn check_later(&self, samples: Vec<Sample>) {
        if !samples.is_empty() {
            self.0.sampler.check(self, samples);
        }
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.0.transport
    }

    /// Where an upstream is. `None` if the upstream is not one that the runtime was made with.
    pub(crate) fn origin(&self, upstream: &Upstream) -> Option<&Origin> {
        self.0.origins.get(upstream.position).filter(|origin| origin.name == upstream.name)
    }

    /// The beginning of a call: its path with placeholders, and the headers that all calls carry.
    pub(crate) fn start_of_call(&self, operation: &Operation) -> (String, HeaderMap) {
        let Some(origin) = self.origin(operation.upstream) else {
            return (operation.path.to_owned(), HeaderMap::new());
        };
        let mut target = String::with_capacity(origin.address.path.len() + operation.path.len() + 64);
        target.push_str(&origin.address.path);
        target.push_str(operation.path);
        (target, origin.headers.clone())
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

fn origin(settings: &Settings, at: usize, upstream: &'static Upstream) -> Result<Origin, StartError> {
    let name = upstream.name;
    if upstream.position != at {
        let position = upstream.position;
        return Err(StartError::new(format!(
            "Upstream `{name}` is number {at} of the list of upstreams, but was generated as number {position}. Pass the generated `UPSTREAMS` as it is."
        )));
    }
    let url = settings.url_of(name, upstream.url)?;
    let address = address(&url).map_err(|why| {
        let shown = shown(&url);
        StartError::new(format!(
            "The url of upstream `{name}` is `{shown}` (from `{}`): {why}. It must look like `https://orders.example.com/v1`.",
            upstream.url
        ))
    })?;
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(USER_AGENT, HeaderValue::from_static(concat!("bff-runtime/", env!("CARGO_PKG_VERSION"))));
    for (header, value) in upstream.headers() {
        let pair = (HeaderName::from_bytes(header.as_bytes()), HeaderValue::from_str(value));
        let (Ok(header), Ok(value)) = pair else {
            return Err(StartError::new(format!(
                "Upstream `{name}` has the header `{header}: {value}`, which cannot be sent. Correct `headers` in the composition and generate again."
            )));
        };
        headers.insert(header, value);
    }
    Ok(Origin { name, address, headers })
}
