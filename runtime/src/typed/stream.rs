//! A body that is read as it comes.

use super::error::Error;
use crate::client::{Stopped, UpstreamBody, next};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use std::fmt;
use std::time::Duration;

/// A body that is read as it comes. Dropping it ends the call.
#[must_use = "a stream is read with `next`"]
pub struct ByteStream {
    /// `None`: it has ended or failed.
    body: Option<UpstreamBody>,
    status: StatusCode,
    idle: Duration,
}

impl ByteStream {
    pub(super) fn new(body: UpstreamBody, status: StatusCode) -> ByteStream {
        ByteStream { body: Some(body), status, idle: Duration::from_secs(30) }
    }

    /// How long nothing may come. Default 30 s.
    pub fn idle(mut self, longest: Duration) -> ByteStream {
        self.idle = longest;
        self
    }

    /// The next bytes. `None`: that was all. After an error, nothing more comes.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        let error = match next(self.body.as_mut()?, self.idle).await {
            Some(Ok(data)) => return Some(Ok(data)),
            Some(Err(Stopped::Broken(error))) => Some(Err(Error::broken(error))),
            Some(Err(Stopped::Idle)) => Some(Err(Error::Timeout)),
            None => None,
        };
        self.body = None;
        error
    }

    /// All that is left, of at most `limit` bytes.
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes, Error> {
        let mut all = BytesMut::new();
        while let Some(data) = self.next().await {
            let data = data?;
            if all.len() + data.len() > limit {
                return Err(Error::TooLarge { status: self.status, limit });
            }
            all.extend_from_slice(&data);
        }
        Ok(all.freeze())
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// Nothing more is read.
    pub(super) fn close(&mut self) {
        self.body = None;
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").field("status", &self.status).finish_non_exhaustive()
    }
}
