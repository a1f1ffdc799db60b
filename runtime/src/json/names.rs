//! Clauses that ask for nothing but which members an object has: they are answered without looking at it again.

use crate::json::clause::{Clause, Clauses};
use crate::json::key::Key;

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

/// Calls `name` with each name that such clauses ask for; with some more than once.
pub(crate) fn each(clauses: Clauses, name: &mut impl FnMut(&'static str)) {
    for clause in clauses {
        match clause {
            Clause::Required(names) => names.iter().for_each(|one| name(one)),
            Clause::DependentRequired(all) => all.iter().for_each(|(one, others)| {
                name(one);
                others.iter().for_each(|other| name(other));
            }),
            Clause::Not(clauses) => each(clauses, name),
            Clause::AllOf(lists) | Clause::AnyOf(lists) | Clause::OneOf(lists) => {
                lists.iter().for_each(|clauses| each(clauses, name));
            }
            Clause::If { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|clauses| each(clauses, name));
            }
            _ => {}
        }
    }
}

/// Whether such clauses ask for a name.
pub(crate) fn ask_for(clauses: Clauses, name: &str) -> bool {
    let mut found = false;
    each(clauses, &mut |one| found |= one == name);
    found
}

/// The names that such clauses ask for, as keys to be looked for; `None`: they are many.
#[derive(Debug)]
pub(crate) struct Asked {
    keys: [Key; FEW],
    count: usize,
}

/// So many names are looked for by structure at a time, which is quicker than reading all keys of an object.
const FEW: usize = 8;

impl Asked {
    pub(crate) fn by(clauses: Clauses) -> Option<Asked> {
        let mut asked = Asked { keys: [Key::new(""); FEW], count: 0 };
        each(clauses, &mut |name| {
            if !asked.keys.iter().take(asked.count).any(|key| key.name == name) {
                if let Some(place) = asked.keys.get_mut(asked.count) {
                    *place = Key::new(name);
                }
                asked.count += 1;
            }
        });
        (asked.count <= FEW).then_some(asked)
    }

    pub(crate) fn keys(&self) -> &[Key] {
        self.keys.get(..self.count).unwrap_or_default()
    }

    /// A name's place among the keys.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.keys().iter().position(|key| key.name == name)
    }
}
