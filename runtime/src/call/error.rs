//! Why a call of an upstream failed: one kind a cause.

use crate::failure::{Failure, code_of};
use http::StatusCode;

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// The cause.
    pub kind: CallErrorKind,
    /// Whether the upstream may have seen the request; if not, trying again is always safe.
    pub may_have_been_sent: bool,
}

/// The cause of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallErrorKind {
    /// The request could not be built, for example because a path parameter is empty or `..`.
    Argument,
    /// No connection within the time for it.
    Connect,
    /// No complete answer within the time of a call.
    Timeout,
    /// No complete answer before the endpoint's deadline.
    Deadline,
    /// The connection broke before the answer was complete, or what came is not HTTP.
    Broken,
    /// A status that does not mean success.
    Status(u16),
    /// The answer's body is larger than allowed.
    TooLarge,
    /// The answer is not what the upstream's document promises.
    Contract,
    /// The client left, or a sibling call failed. Seen in logs and metrics only.
    Cancelled,
}

impl CallErrorKind {
    /// The stable code: in warnings, logs, metrics and problem documents.
    pub const fn code(self) -> &'static str {
        match self {
            CallErrorKind::Argument => "invalid_argument",
            CallErrorKind::Connect => "upstream_unreachable",
            CallErrorKind::Timeout => "upstream_timeout",
            CallErrorKind::Deadline => "deadline_exceeded",
            CallErrorKind::Broken => "upstream_broken",
            CallErrorKind::Status(_) => "upstream_status",
            CallErrorKind::TooLarge => "upstream_body_too_large",
            CallErrorKind::Contract => "upstream_contract",
            CallErrorKind::Cancelled => "cancelled",
        }
    }
}

impl CallError {
    pub(crate) fn sent(kind: CallErrorKind) -> CallError {
        CallError { kind, may_have_been_sent: true }
    }

    pub(crate) fn unsent(kind: CallErrorKind) -> CallError {
        CallError { kind, may_have_been_sent: false }
    }

    /// The status that came, where it is the cause.
    pub(crate) fn status(&self) -> Option<u16> {
        match self.kind {
            CallErrorKind::Status(status) => Some(status),
            _ => None,
        }
    }

    /// What the client gets: the mapped status if the composition maps the upstream's, else 502 or 504.
    pub(crate) fn into_failure(self, statuses: &[(u16, u16)]) -> Failure {
        if let CallErrorKind::Status(status) = self.kind {
            let mapped = statuses.iter().find(|(from, _)| *from == status).map(|(_, to)| *to);
            if let Some(status) = mapped.and_then(|to| StatusCode::from_u16(to).ok()) {
                return Failure::new(status, code_of(status), "A service that this answer needs refused.");
            }
        }
        let (status, detail) = match self.kind {
            CallErrorKind::Argument => {
                (StatusCode::BAD_REQUEST, "A value of the request cannot be sent to a service that this answer needs.")
            }
            CallErrorKind::Timeout | CallErrorKind::Deadline => {
                (StatusCode::GATEWAY_TIMEOUT, "A service that this answer needs was too slow.")
            }
            CallErrorKind::Connect | CallErrorKind::Broken => {
                (StatusCode::BAD_GATEWAY, "A service that this answer needs cannot be reached.")
            }
            _ => (StatusCode::BAD_GATEWAY, "A service that this answer needs answered in an unusable way."),
        };
        Failure::new(status, self.kind.code(), detail)
    }
}
