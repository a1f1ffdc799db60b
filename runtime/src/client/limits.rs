//! Limits on calls of upstreams.

use std::time::Duration;

/// Limits on calls of upstreams.
#[derive(Clone, Debug)]
pub struct CallLimits {
    /// Connecting, with name look-up and TLS. Default 1 s.
    pub connect: Duration,
    /// One try, from the request to the end of the answer's body. Default 2 s.
    pub per_try: Duration,
    /// What is left for the BFF of an endpoint's deadline when its calls must have ended. Default 50 ms.
    pub reserve: Duration,
    /// Size of an answer's body in bytes. Default 4 MiB.
    pub body_bytes: usize,
    /// How long nothing may come of a body that is passed on as it comes. Default 30 s.
    pub stream_idle: Duration,
    /// How long an unused connection is kept. Default 15 s.
    pub idle: Duration,
}

impl Default for CallLimits {
    fn default() -> Self {
        CallLimits {
            connect: Duration::from_secs(1),
            per_try: Duration::from_secs(2),
            reserve: Duration::from_millis(50),
            body_bytes: 4 << 20,
            stream_idle: Duration::from_secs(30),
            idle: Duration::from_secs(15),
        }
    }
}
