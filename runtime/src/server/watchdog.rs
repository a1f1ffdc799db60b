//! What a connection is doing, and when that has taken too long.

use crate::settings::Limits;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::Instant;

/// The state of one connection, in milliseconds since it began; 0 stands for "not now".
#[derive(Debug)]
pub(crate) struct Activity {
    began: Instant,
    requests: AtomicUsize,
    /// When a request ended or bytes were written, whatever was later.
    last_progress: AtomicU64,
    head_began: AtomicU64,
    stalled: AtomicU64,
}

/// A request under way; ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Ongoing(Arc<Activity>);

impl Ongoing {
    pub(crate) fn begin(activity: Arc<Activity>) -> Ongoing {
        activity.request_began();
        Ongoing(activity)
    }
}

impl Drop for Ongoing {
    fn drop(&mut self) {
        self.0.request_ended();
    }
}

/// Travels with a response whose body is made as it goes: whoever makes it holds a clone, and with it the request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open(Arc<OnceLock<Ongoing>>);

impl Open {
    pub(crate) fn hold(&self, request: Ongoing) {
        // A response is given out once.
        let _ = self.0.set(request);
    }
}

/// What is to be done with a connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fine,
    /// Nothing happens on it: end it politely.
    Idle,
    /// Its client is too slow: cut it.
    TooSlow,
}

impl Activity {
    pub(crate) fn new() -> Activity {
        Activity {
            began: Instant::now(),
            requests: AtomicUsize::new(0),
            last_progress: AtomicU64::new(0),
            head_began: AtomicU64::new(0),
            stalled: AtomicU64::new(0),
        }
    }

    fn now(&self) -> u64 {
        (self.began.elapsed().as_millis() as u64).max(1)
    }

    /// Bytes came. Between requests they begin the next head.
    pub(crate) fn bytes_came(&self) {
        if self.requests.load(Ordering::Relaxed) == 0 && self.head_began.load(Ordering::Relaxed) == 0 {
            self.head_began.store(self.now(), Ordering::Relaxed);
        }
    }

    /// The client took bytes.
    pub(crate) fn wrote(&self) {
        self.stalled.store(0, Ordering::Relaxed);
        self.last_progress.store(self.now(), Ordering::Relaxed);
    }

    /// The client takes no more bytes for now.
    pub(crate) fn write_stalls(&self) {
        if self.stalled.load(Ordering::Relaxed) == 0 {
            self.stalled.store(self.now(), Ordering::Relaxed);
        }
    }

    fn request_began(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.head_began.store(0, Ordering::Relaxed);
    }

    fn request_ended(&self) {
        self.last_progress.store(self.now(), Ordering::Relaxed);
        self.requests.fetch_sub(1, Ordering::Relaxed);
    }

    /// Looks at the state. `heads`: whether bytes between requests must become a head in time (HTTP/1.1; in HTTP/2
    /// they may be frames of the connection, and a head that never ends falls under the idle time).
    pub(crate) fn judge(&self, limits: &Limits, heads: bool) -> Verdict {
        let now = self.now();
        let since = |then: &AtomicU64| Duration::from_millis(now.saturating_sub(then.load(Ordering::Relaxed)));
        let is_set = |then: &AtomicU64| then.load(Ordering::Relaxed) != 0;
        if is_set(&self.stalled) && since(&self.stalled) >= limits.write_stall {
            return Verdict::TooSlow;
        }
        if self.requests.load(Ordering::Relaxed) > 0 {
            return Verdict::Fine;
        }
        if heads && is_set(&self.head_began) {
            return if since(&self.head_began) >= limits.head { Verdict::TooSlow } else { Verdict::Fine };
        }
        if since(&self.last_progress) >= limits.idle && !is_set(&self.stalled) { Verdict::Idle } else { Verdict::Fine }
    }

    /// How often to look: often enough that no limit is exceeded by more than a quarter.
    pub(crate) fn interval(limits: &Limits) -> Duration {
        let shortest = limits.head.min(limits.idle).min(limits.write_stall);
        (shortest / 4).max(Duration::from_millis(2))
    }
}
