//! `partial`: which parts of an answer miss something when a call fails and the answer goes on without.

use std::collections::HashSet;

use super::endpoint::soft_calls;
use super::ir::{TExpr, TKind, TShape, TShapeKind};
use super::model::{Answer, Call, Endpoint};
use super::walk;
use crate::source::pointer::escaped;

/// For each call that can fail without failing the answer: its name, and JSON Pointers (RFC 6901) of the fields that
/// read it, or read a call that reads it. A field within a list is shown as the list.
pub fn parts(endpoint: &Endpoint) -> Vec<(String, Vec<String>)> {
    let asked = |answer: &Answer| {
        let mut asked = false;
        answer.each(&mut |e| asked |= matches!(e.kind, TKind::Partial));
        asked
    };
    if !asked(&endpoint.answer)
        && !endpoint.headers.iter().any(|(_, value)| mentions(value, |kind| matches!(kind, TKind::Partial)))
    {
        return Vec::new();
    }
    let soft = soft_calls(endpoint);
    let all = soft.iter().map(|name| {
        let at = endpoint.calls.iter().position(|call| call.name == *name);
        let missing = at.map(|at| dependents(endpoint, at)).unwrap_or_default();
        let mut found = Vec::new();
        if let Answer::Shape(shape) = &endpoint.answer {
            fields(shape, &missing, String::new(), &mut found);
        }
        found.dedup();
        (name.to_string(), found)
    });
    all.collect()
}

/// A call, and all that read it, directly or not.
fn dependents(endpoint: &Endpoint, at: usize) -> HashSet<usize> {
    let mut all = HashSet::from([at]);
    for &next in &endpoint.order {
        if reads_any(&endpoint.calls[next], &all) {
            all.insert(next);
        }
    }
    all
}

fn reads_any(call: &Call, others: &HashSet<usize>) -> bool {
    let mut found = false;
    walk::call(call, &mut |e| found |= is_of(&e.kind, others));
    found
}

fn is_of(kind: &TKind, calls: &HashSet<usize>) -> bool {
    matches!(kind, TKind::Call(at) if calls.contains(at))
}

fn mentions(value: &TExpr, which: impl Fn(&TKind) -> bool) -> bool {
    let mut found = false;
    walk::expr(value, &mut |e| found |= which(&e.kind));
    found
}

/// Pointers of the shallowest fields that read one of the calls.
fn fields(shape: &TShape, calls: &HashSet<usize>, pointer: String, found: &mut Vec<String>) {
    let read = |value: &TExpr| mentions(value, |kind| is_of(kind, calls));
    let anywhere = |shape: &TShape| {
        let mut hit = false;
        walk::shape(shape, &mut |e| hit |= is_of(&e.kind, calls));
        hit
    };
    let (here, within): (bool, Vec<(&TShape, String)>) = match &shape.kind {
        TShapeKind::Literal(_) => (false, Vec::new()),
        TShapeKind::Expr(value) => (read(value), Vec::new()),
        TShapeKind::Array(_) | TShapeKind::Each(_) => (anywhere(shape), Vec::new()),
        TShapeKind::Object { spreads, fields } => {
            let within = fields.iter().map(|field| (&field.shape, format!("{pointer}/{}", escaped(&field.name))));
            (spreads.iter().any(|spread| read(&spread.value)), within.collect())
        }
        TShapeKind::When(condition, inner) => (read(condition), vec![(inner.as_ref(), pointer.clone())]),
        TShapeKind::Use(_, args) => (args.iter().any(read), Vec::new()),
        TShapeKind::Match(matching) => {
            (read(&matching.value), matching.shapes().map(|inner| (inner, pointer.clone())).collect())
        }
    };
    if here {
        return found.push(pointer);
    }
    for (inner, pointer) in within {
        fields(inner, calls, pointer, found);
    }
}
