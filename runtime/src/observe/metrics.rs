//! Counters in atomics, and their text for Prometheus (exposition format 0.0.4).

use super::drift::Drift;
use crate::call::Operation;
use crate::chain::Chain;
use crate::endpoint::Endpoint;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the histograms' buckets in milliseconds.
const BUCKETS: [u64; 9] = [5, 10, 25, 50, 100, 250, 500, 1000, 2500];
/// How calls end, in the order of [`OperationStats::outcomes`].
const OUTCOMES: [&str; 10] = [
    "ok",
    "invalid_argument",
    "upstream_unreachable",
    "upstream_timeout",
    "deadline_exceeded",
    "upstream_broken",
    "upstream_status",
    "upstream_body_too_large",
    "upstream_contract",
    "cancelled",
];

/// All counters of one BFF.
#[derive(Default)]
pub(crate) struct Metrics {
    endpoints: Mutex<Vec<Arc<EndpointStats>>>,
    operations: Chain<OperationStats>,
    pub(crate) connections: AtomicI64,
    refused: AtomicU64,
}

/// The counters of one endpoint.
pub(crate) struct EndpointStats {
    name: &'static str,
    /// 1xx to 5xx, and requests that were given up.
    classes: [AtomicU64; 6],
    durations: Histogram,
}

struct OperationStats {
    operation: &'static Operation,
    outcomes: [AtomicU64; OUTCOMES.len()],
    durations: Histogram,
}

#[derive(Default)]
struct Histogram {
    buckets: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

impl Histogram {
    fn add(&self, took: Duration) {
        let millis = took.as_micros().div_ceil(1000);
        let bucket = BUCKETS.partition_point(|bound| u128::from(*bound) < millis);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(took.as_micros() as u64, Ordering::Relaxed);
    }

    fn write(&self, out: &mut String, name: &str, labels: &str) {
        let mut total = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            total += count.load(Ordering::Relaxed);
            let bound = BUCKETS.get(index).map_or("+Inf".to_owned(), |ms| (*ms as f64 / 1000.0).to_string());
            let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {total}");
        }
        let seconds = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(out, "{name}_sum{{{labels}}} {seconds}\n{name}_count{{{labels}}} {total}");
    }
}

impl EndpointStats {
    /// Counts an answered request.
    pub(crate) fn request(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        self.durations.add(took);
    }

    /// Counts a request that its client gave up.
    pub(crate) fn cancelled(&self, took: Duration) {
        self.classes[5].fetch_add(1, Ordering::Relaxed);
        self.durations.add(took);
    }
}

impl Metrics {
    /// The counters of an endpoint, made at the first time.
    pub(crate) fn endpoint(&self, endpoint: &'static Endpoint) -> Arc<EndpointStats> {
        let mut all = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.iter().find(|stats| stats.name == endpoint.name) {
            return Arc::clone(known);
        }
        let stats = Arc::new(EndpointStats {
            name: endpoint.name,
            classes: Default::default(),
            durations: Histogram::default(),
        });
        all.push(Arc::clone(&stats));
        stats
    }

    /// Counts a request that reached no endpoint.
    pub(crate) fn count_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a call by how it ended.
    pub(crate) fn call(&self, operation: &'static Operation, outcome: &str, took: Duration) {
        // Two first calls at the same time may add an operation twice; `write` adds such twins up.
        let known = self.operations.iter().find(|stats| std::ptr::eq(stats.operation, operation));
        let new = || OperationStats { operation, outcomes: Default::default(), durations: Histogram::default() };
        let Some(stats) = known.or_else(|| self.operations.push(new())) else { return };
        if let Some(at) = OUTCOMES.iter().position(|name| *name == outcome) {
            stats.outcomes[at].fetch_add(1, Ordering::Relaxed);
        }
        stats.durations.add(took);
    }

    /// The text that Prometheus reads.
    pub(crate) fn write(&self, drift: &Drift, ready: bool, dropped_lines: u64) -> String {
        let mut out = String::with_capacity(8 << 10);
        let mut head = |out: &mut String, name: &str, kind: &str, help: &str| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        };
        head(&mut out, "bff_requests_total", "counter", "Requests by endpoint and class of status.");
        let endpoints = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        for stats in endpoints.iter() {
            for (class, count) in ["1xx", "2xx", "3xx", "4xx", "5xx", "cancelled"].iter().zip(&stats.classes) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let _ =
                        writeln!(out, "bff_requests_total{{endpoint=\"{}\",status=\"{class}\"}} {count}", stats.name);
                }
            }
        }
        head(&mut out, "bff_request_duration_seconds", "histogram", "Time to answer by endpoint.");
        for stats in endpoints.iter() {
            stats.durations.write(&mut out, "bff_request_duration_seconds", &format!("endpoint=\"{}\"", stats.name));
        }
        self.write_calls(&mut out, &mut head);
        drift.write(&mut out, &mut head);
        head(&mut out, "bff_connections", "gauge", "Open connections of clients.");
        let _ = writeln!(out, "bff_connections {}", self.connections.load(Ordering::Relaxed));
        head(&mut out, "bff_refused_total", "counter", "Requests refused before they reached an endpoint.");
        let _ = writeln!(out, "bff_refused_total {}", self.refused.load(Ordering::Relaxed));
        head(&mut out, "bff_log_lines_dropped_total", "counter", "Log lines dropped because the writer was too slow.");
        let _ = writeln!(out, "bff_log_lines_dropped_total {dropped_lines}");
        head(&mut out, "bff_ready", "gauge", "1 while requests are welcome.");
        let _ = writeln!(out, "bff_ready {}", u8::from(ready));
        out
    }

    fn write_calls(&self, out: &mut String, head: &mut impl FnMut(&mut String, &str, &str, &str)) {
        // By operation, twins together.
        let mut all: Vec<(String, [u64; OUTCOMES.len()], Histogram)> = Vec::new();
        for stats in self.operations.iter() {
            let operation = stats.operation;
            let labels = format!("upstream=\"{}\",operation=\"{}\"", operation.upstream.name, operation.name);
            let at = all.iter().position(|one| one.0 == labels).unwrap_or_else(|| {
                all.push((labels, Default::default(), Histogram::default()));
                all.len() - 1
            });
            let (_, outcomes, durations) = &mut all[at];
            for (sum, count) in outcomes.iter_mut().zip(&stats.outcomes) {
                *sum += count.load(Ordering::Relaxed);
            }
            for (sum, count) in durations.buckets.iter_mut().zip(&stats.durations.buckets) {
                *sum.get_mut() += count.load(Ordering::Relaxed);
            }
            *durations.micros.get_mut() += stats.durations.micros.load(Ordering::Relaxed);
        }
        head(out, "bff_calls_total", "counter", "Calls of upstreams by operation and outcome.");
        for (labels, outcomes, _) in &all {
            for (outcome, count) in OUTCOMES.iter().zip(outcomes).filter(|(_, count)| **count > 0) {
                let _ = writeln!(out, "bff_calls_total{{{labels},outcome=\"{outcome}\"}} {count}");
            }
        }
        head(out, "bff_call_duration_seconds", "histogram", "Time of calls of upstreams.");
        for (labels, _, durations) in &all {
            durations.write(out, "bff_call_duration_seconds", labels);
        }
    }
}
