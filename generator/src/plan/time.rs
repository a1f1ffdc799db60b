//! Whether the calls of an endpoint can be made in the time that it has.

use super::model::{Endpoint, Upstream};
use super::scope::Env;
use crate::composition::ast;
use crate::diag::Diagnostic;

/// The time that an endpoint has where nothing is said, in milliseconds: as in the runtime.
const DEADLINE: u64 = 5_000;

/// The time that a call has where nothing is said, in milliseconds: as in the runtime.
const CALL: u64 = 2_000;

/// A call, or calls that wait for each other, may take longer than the whole answer. (One call alone of which nothing
/// is said is not meant to.)
pub fn check(env: &mut Env, declared: &ast::Endpoint, endpoint: &Endpoint, upstreams: &[Upstream]) {
    let deadline = endpoint.timeout.unwrap_or(DEADLINE);
    let said = |at: usize| endpoint.calls[at].policy.timeout.or(upstreams[endpoint.calls[at].upstream].timeout);
    let own = |at: usize| said(at).unwrap_or(CALL);
    let mut ends: Vec<(u64, Option<usize>)> = vec![(0, None); endpoint.calls.len()];
    for &at in &endpoint.order {
        let before = endpoint.calls[at].depends_on.iter().max_by_key(|before| ends[**before].0).copied();
        let start = before.map_or(0, |before| ends[before].0);
        ends[at] = (start.saturating_add(own(at)), before);
    }
    let meant = |at: &usize| said(*at).is_some() || ends[*at].1.is_some();
    let longest = (0..ends.len()).filter(meant).max_by_key(|at| ends[*at].0);
    let Some(last) = longest.filter(|at| ends[*at].0 > deadline) else { return };
    let mut names = vec![last];
    while let Some(before) = ends[names[names.len() - 1]].1 {
        names.push(before);
    }
    names.reverse();
    let chain: Vec<String> = names
        .iter()
        .map(|at| match said(*at) {
            Some(ms) => format!("`{}` {ms} ms", endpoint.calls[*at].name),
            None => format!("`{}` {CALL} ms, as nothing is said", endpoint.calls[*at].name),
        })
        .collect();
    let message = format!("these calls may take {} ms, and the answer has {deadline} ms", ends[last].0);
    let span = declared.calls.get(last).map_or(declared.span, |call| call.name.span);
    let given = declared.policies.timeout.as_ref().map(|timeout| timeout.span);
    let diag = Diagnostic::warning("BFF0445", message, span)
        .at(chain.join(", then "))
        .help("the answer fails with 504 before its calls have used their time: shorten theirs, or give the endpoint more `timeout`");
    env.diags.push(match given {
        Some(span) => diag.label(span, "the time for the whole answer"),
        None => diag,
    });
}
