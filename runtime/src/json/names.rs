//! Clauses that ask for nothing but which members an object has: they are answered without looking at it again.

use crate::json::clause::{Clause, Clauses};

/// Whether clauses ask of objects for nothing but their members' names.
pub(crate) const fn only_names(clauses: Clauses) -> bool {
    let mut index = 0;
    while index < clauses.len() {
        let only = match &clauses[index] {
            Clause::Type(_) | Clause::Required(_) | Clause::DependentRequired(_) => true,
            Clause::Not(clauses) => only_names(clauses),
            Clause::AllOf(lists) | Clause::AnyOf(lists) | Clause::OneOf(lists) => all_only_names(lists),
            Clause::If { condition, then, otherwise } => {
                only_names(condition) && only_names(then) && only_names(otherwise)
            }
            _ => false,
        };
        if !only {
            return false;
        }
        index += 1;
    }
    true
}

const fn all_only_names(lists: &[Clauses]) -> bool {
    let mut index = 0;
    while index < lists.len() {
        if !only_names(lists[index]) {
            return false;
        }
        index += 1;
    }
    true
}

/// Whether such clauses hold of an object; `has` knows which members it has.
pub(crate) fn hold(clauses: Clauses, has: &impl Fn(&str) -> bool) -> bool {
    clauses.iter().all(|clause| match clause {
        Clause::Type(types) => types.contains(&"object"),
        Clause::Required(names) => names.iter().all(|name| has(name)),
        Clause::DependentRequired(all) => {
            all.iter().all(|(name, others)| !has(name) || others.iter().all(|name| has(name)))
        }
        Clause::Not(clauses) => !hold(clauses, has),
        Clause::AllOf(lists) => lists.iter().all(|clauses| hold(clauses, has)),
        Clause::AnyOf(lists) => lists.iter().any(|clauses| hold(clauses, has)),
        Clause::OneOf(lists) => lists.iter().filter(|clauses| hold(clauses, has)).count() == 1,
        Clause::If { condition, then, otherwise } => hold(if hold(condition, has) { then } else { otherwise }, has),
        _ => false,
    })
}

/// Whether such clauses ask for a name.
pub(crate) fn ask_for(clauses: Clauses, name: &str) -> bool {
    let any = |lists: &[Clauses]| lists.iter().any(|clauses| ask_for(clauses, name));
    clauses.iter().any(|clause| match clause {
        Clause::Required(names) => names.contains(&name),
        Clause::DependentRequired(all) => all.iter().any(|(one, others)| *one == name || others.contains(&name)),
        Clause::Not(clauses) => ask_for(clauses, name),
        Clause::AllOf(lists) | Clause::AnyOf(lists) | Clause::OneOf(lists) => any(lists),
        Clause::If { condition, then, otherwise } => any(&[condition, then, otherwise]),
        _ => false,
    })
}
