//! Reads the policies that a call, an upstream, an endpoint or the file may have.

use super::{lenient, on_error, values};
use crate::composition::ast::{OnInvalid, Policies, Validate};
use crate::diag::Diagnostic;
use crate::source::Member;

/// Policies that are supported.
pub(super) const KEYS: &[&str] =
    &["timeout", "validate", "on_invalid", "on_error", "open", "formats", "lenient", "sample"];
/// Policies that are not supported yet.
pub(super) const LATER: &[&str] = &["retry", "hedge", "breaker", "concurrency", "cache", "coalesce"];

/// The policies among the members of a mapping.
pub(super) fn read(members: &[&Member], out: &mut Vec<Diagnostic>) -> Policies {
    let mut policies = Policies::default();
    for member in members {
        match &*member.key {
            "timeout" => policies.timeout = values::duration(member, out),
            "validate" => {
                let words = [("used", Validate::Used), ("full", Validate::Full), ("off", Validate::Off)];
                policies.validate = values::word(member, &words, &[], out);
            }
            "on_invalid" => {
                let words = [("fail", OnInvalid::Fail), ("report", OnInvalid::Report)];
                policies.on_invalid = values::word(member, &words, &[], out);
            }
            "on_error" => policies.on_error = on_error::read(member, out),
            "open" => policies.open = values::flag(member, out),
            "formats" => policies.formats = values::flag(member, out),
            "sample" => policies.sample = values::share(member, out),
            "lenient" => policies.lenient = lenient::read(member, out),
            _ => {}
        }
    }
    policies
}
