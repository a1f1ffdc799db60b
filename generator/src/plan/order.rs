//! What must be made before what: calls, and whatever else waits for others.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::refs;
use super::scope::Env;
use crate::composition::ast::Call;
use crate::diag::Diagnostic;

/// Calls a call waits for, by position, from the names it mentions.
pub fn dependencies(calls: &[Call]) -> Vec<Vec<usize>> {
    let positions: HashMap<&str, usize> =
        calls.iter().enumerate().rev().map(|(at, call)| (call.name.value.as_str(), at)).collect();
    calls
        .iter()
        .map(|call| {
            let mut found = Vec::new();
            refs::names_in_call(call, &mut |name| {
                found.extend(positions.get(name));
            });
            found.sort_unstable();
            found.dedup();
            found
        })
        .collect()
}

/// Positions in an order in which each call stands after what it waits for. A cycle is reported,
/// and its calls come last.
pub fn order(env: &mut Env, calls: &[Call], depends_on: &[Vec<usize>]) -> Vec<usize> {
    let mut order = in_order(depends_on);
    if order.len() < calls.len() {
        let done: HashSet<usize> = order.iter().copied().collect();
        let rest: Vec<usize> = (0..calls.len()).filter(|at| !done.contains(at)).collect();
        for cycle in cycles(&rest, &done, depends_on) {
            let mut names: Vec<&str> = cycle.iter().map(|at| calls[*at].name.value.as_str()).collect();
            names.push(names[0]);
            let message = match cycle.len() {
                1 => format!("the call `{}` waits for itself", names[0]),
                _ => format!("these calls wait for each other: {}", names.join(" -> ")),
            };
            let mut diag = Diagnostic::error("BFF0408", message, calls[cycle[0]].name.span)
                .help("no order can make them: break the circle by taking a value from elsewhere");
            for at in cycle.iter().skip(1) {
                diag = diag.label(calls[*at].name.span, "part of the circle");
            }
            env.diags.push(diag);
        }
        order.extend(rest);
    }
    order
}

/// A circle for each group of calls that only wait for each other.
fn cycles(rest: &[usize], done: &HashSet<usize>, depends_on: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut walked = HashSet::new();
    let mut cycles = Vec::new();
    for start in rest {
        // Walk along unmet dependencies until a call comes up again.
        let (mut walk, mut places, mut at) = (Vec::new(), HashMap::new(), *start);
        while walked.insert(at) {
            places.insert(at, walk.len());
            walk.push(at);
            match depends_on[at].iter().find(|next| !done.contains(next)) {
                Some(next) => at = *next,
                None => break,
            }
        }
        if let Some(first) = places.get(&at) {
            cycles.push(walk.split_off(*first));
        }
    }
    cycles
}

/// Positions in an order in which each stands after what it waits for, the first that can be taken first. What
/// waits for itself is left out, and what waits for that.
pub fn in_order(waits: &[Vec<usize>]) -> Vec<usize> {
    let mut waited_by: Vec<Vec<usize>> = vec![Vec::new(); waits.len()];
    let mut open: Vec<usize> = waits.iter().map(Vec::len).collect();
    for (at, others) in waits.iter().enumerate() {
        others.iter().for_each(|other| waited_by[*other].push(at));
    }
    let mut ready: BinaryHeap<Reverse<usize>> = (0..waits.len()).filter(|at| open[*at] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(waits.len());
    while let Some(Reverse(at)) = ready.pop() {
        order.push(at);
        for next in &waited_by[at] {
            open[*next] -= 1;
            if open[*next] == 0 {
                ready.push(Reverse(*next));
            }
        }
    }
    order
}
