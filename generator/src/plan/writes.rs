//! Calls that change something are made one after the other, in an order that the composition says.

use super::operations::Resolved;
use super::scope::Env;
use crate::composition::ast::{Call, Endpoint};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::openapi::Method;

/// Names behind `after` that are no calls.
pub fn known(env: &mut Env, endpoint: &Endpoint) {
    for call in &endpoint.calls {
        for name in call.after.iter().flatten() {
            let others = || endpoint.calls.iter().filter(move |other| other.name.value != call.name.value);
            if name.value == call.name.value || others().any(|other| other.name.value == name.value) {
                continue;
            }
            let diag = Diagnostic::error("BFF0403", format!("there is no call `{}`", name.value), name.span);
            env.diags.push(match did_you_mean(&name.value, others().map(|other| other.name.value.as_str())) {
                Some(near) => diag.meant(near, name.span),
                None => diag.help("`after` names calls of this endpoint"),
            });
        }
    }
}

/// Two calls that change something, and nothing says which comes first: that they run at the same time must
/// be meant.
pub fn ordered(env: &mut Env, endpoint: &Endpoint, resolved: &[Option<Resolved>], depends_on: &[Vec<usize>]) {
    let writes = |at: &usize| {
        let method = resolved[*at].as_ref().map(|resolved| resolved.operation.head.method);
        method.is_some_and(|method| matches!(method, Method::Post | Method::Put | Method::Patch | Method::Delete))
    };
    let all: Vec<usize> = (0..endpoint.calls.len()).filter(writes).collect();
    if all.len() < 2 {
        return;
    }
    let waits: Vec<Vec<bool>> = all.iter().map(|&at| reached(at, depends_on)).collect();
    for second in 1..all.len() {
        let loose = |first: &usize| !waits[second][all[*first]] && !waits[*first][all[second]];
        let Some(first) = (0..second).find(loose) else { continue };
        let (first, second) = (&endpoint.calls[all[first]], &endpoint.calls[all[second]]);
        if first.after.is_none() || second.after.is_none() {
            env.diags.push(unordered(first, second));
        }
    }
}

/// What a call waits for, directly or not.
fn reached(call: usize, depends_on: &[Vec<usize>]) -> Vec<bool> {
    let mut seen = vec![false; depends_on.len()];
    let mut open = depends_on[call].clone();
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(&depends_on[at]);
        }
    }
    seen
}

fn unordered(first: &Call, second: &Call) -> Diagnostic {
    let (a, b) = (&first.name.value, &second.name.value);
    let message = format!("`{a}` and `{b}` both change something, and run at the same time");
    let diag = Diagnostic::error("BFF0442", message, second.name.span)
        .label(first.name.span, "the other one")
        .help(format!("if one fails, the other may have happened: say which comes first with `after: {a}` on `{b}`"))
        .help("`after: []` on both says that they may run at the same time");
    // The short form has nothing but the operation, so the whole value can be replaced.
    let reference = &second.operation;
    let at = reference.upstream.span.to(reference.operation.span);
    let plain = reference.operation.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match second.name.span.to(at) == second.span && second.is_short() && plain {
        true => {
            let operation = format!("{}.{}", reference.upstream.value, reference.operation.value);
            diag.fix(format!("call `{b}` after `{a}`"), at, format!("{{ operation: {operation}, after: {a} }}"))
        }
        false => diag,
    }
}
