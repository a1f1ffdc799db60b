//! Schemas that lead back to themselves without a member or an item between: no value could ever be checked.

use std::collections::HashSet;

use super::Schemas;
use super::clauses::{Clause, ClausesId};

/// Takes away the clauses that close a circle: what they say is being checked already.
pub(super) fn cut(schemas: &mut Schemas, fresh: &[ClausesId]) {
    let mut done: HashSet<ClausesId> = HashSet::new();
    for id in fresh {
        // Each list on the way, and which of its clauses and lists within is looked at.
        let mut way: Vec<(ClausesId, Vec<(usize, ClausesId)>)> = vec![(*id, leads(schemas, *id))];
        let mut open: HashSet<ClausesId> = HashSet::from([*id]);
        while let Some((at, rest)) = way.last_mut() {
            let at = *at;
            let Some((clause, next)) = rest.pop() else {
                way.pop();
                open.remove(&at);
                done.insert(at);
                continue;
            };
            if open.contains(&next) {
                without(&mut schemas.clauses_mut(at).all[clause], next);
            } else if !done.contains(&next) {
                open.insert(next);
                way.push((next, leads(schemas, next)));
            }
        }
    }
}

fn leads(schemas: &Schemas, id: ClausesId) -> Vec<(usize, ClausesId)> {
    let all = schemas.clauses(id).all.iter().enumerate();
    all.flat_map(|(at, clause)| clause.in_place().into_iter().map(move |to| (at, to))).collect()
}

/// The clause without what leads back: that adds nothing to a conjunction.
fn without(clause: &mut Clause, back: ClausesId) {
    match clause {
        Clause::AnyOf(all) | Clause::OneOf(all) if all.iter().all(|one| *one == back) => {
            *clause = Clause::AllOf(Vec::new())
        }
        Clause::AllOf(all) | Clause::AnyOf(all) | Clause::OneOf(all) => all.retain(|one| *one != back),
        Clause::DependentSchemas(all) => all.retain(|(_, one)| *one != back),
        Clause::If { then, otherwise, condition } if *condition != back => {
            *then = then.filter(|one| *one != back);
            *otherwise = otherwise.filter(|one| *one != back);
        }
        _ => *clause = Clause::AllOf(Vec::new()),
    }
}
