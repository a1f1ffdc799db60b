//! Whether a value is as clauses say, by the letter: what the kind of a schema does not say of made-up data.

use std::collections::HashSet;

use serde_json::Map;

use super::check::{Checker, looks_like, number, same};
use crate::schema::{Clause, ClausesId, Json, NumberRules};

/// Values and schemas nested deeper than this are not judged.
const MAX_DEPTH: usize = 64;

/// Members or items of a value that something has spoken of.
type Spoken = HashSet<String>;

impl Checker<'_> {
    /// Whether all clauses hold. Patterns that cannot be read and unknown formats are not judged.
    pub(super) fn holds(self, clauses: &[Clause], value: &Json) -> bool {
        self.all(clauses, value, &mut Spoken::new(), 0)
    }

    fn list(self, id: ClausesId, value: &Json, depth: usize) -> bool {
        self.in_place(id, value, &mut Spoken::new(), depth)
    }

    /// A list that speaks of the same value: what it speaks of counts where it holds.
    fn in_place(self, id: ClausesId, value: &Json, spoken: &mut Spoken, depth: usize) -> bool {
        let mut own = Spoken::new();
        let holds = self.all(&self.schemas.clauses(id).all, value, &mut own, depth + 1);
        if holds {
            spoken.extend(own);
        }
        holds
    }

    fn all(self, clauses: &[Clause], value: &Json, spoken: &mut Spoken, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return true;
        }
        // What nothing has spoken of is known at the end.
        let last = |clause: &&Clause| matches!(clause, Clause::UnevaluatedProperties(_) | Clause::UnevaluatedItems(_));
        let (leftovers, others): (Vec<_>, Vec<_>) = clauses.iter().partition(last);
        others.into_iter().chain(leftovers).all(|clause| self.one(clause, value, spoken, depth))
    }

    fn one(self, clause: &Clause, value: &Json, spoken: &mut Spoken, depth: usize) -> bool {
        match clause {
            Clause::Never => false,
            Clause::Ref(id) => self.in_place(*id, value, spoken, depth),
            Clause::AllOf(all) => all.iter().all(|id| self.in_place(*id, value, spoken, depth)),
            Clause::AnyOf(all) => all.iter().filter(|id| self.in_place(**id, value, spoken, depth)).count() > 0,
            Clause::OneOf(all) => all.iter().filter(|id| self.in_place(**id, value, spoken, depth)).count() == 1,
            Clause::Not(id) => !self.list(*id, value, depth),
            Clause::If { condition, then, otherwise } => {
                let next = if self.in_place(*condition, value, spoken, depth) { then } else { otherwise };
                next.is_none_or(|id| self.in_place(id, value, spoken, depth))
            }
            Clause::Type(names) => names.iter().any(|name| is_of(name, value)),
            Clause::Enum(texts) => {
                texts.iter().any(|text| serde_json::from_str(text).is_ok_and(|one: Json| same(&one, value)))
            }
            Clause::Bound(keyword, bound) => !value.is_number() || number(&rules(keyword, bound), false, value),
            Clause::Count(keyword, count) => counts(keyword, *count, value),
            Clause::Pattern(pattern) => self.finds(pattern, value) != Some(false),
            Clause::NoPattern(pattern) => self.finds(pattern, value) != Some(true),
            Clause::Format(format) => value.as_str().is_none_or(|text| looks_like(format, text)),
            _ => match value {
                Json::Array(items) => self.of_items(clause, items, spoken, depth),
                Json::Object(members) => self.of_members(clause, value, members, spoken, depth),
                _ => true,
            },
        }
    }

    fn of_items(self, clause: &Clause, items: &[Json], spoken: &mut Spoken, depth: usize) -> bool {
        let mut each = |from: usize, ids: &mut dyn Iterator<Item = ClausesId>| {
            let pairs = items.iter().enumerate().skip(from).zip(ids);
            let mut holds = true;
            for ((place, item), id) in pairs {
                spoken.insert(place.to_string());
                holds &= self.list(id, item, depth + 1);
            }
            holds
        };
        match clause {
            Clause::PrefixItems(all) => each(0, &mut all.iter().copied()),
            Clause::Items(from, id) => each(*from, &mut std::iter::repeat(*id)),
            Clause::Contains { item, min, max } => {
                let fits = |(_, one): &(usize, &Json)| self.list(*item, one, depth + 1);
                let found: Vec<usize> = items.iter().enumerate().filter(fits).map(|(place, _)| place).collect();
                let count = found.len() as u64;
                spoken.extend(found.iter().map(usize::to_string));
                count >= *min && max.is_none_or(|max| count <= max)
            }
            Clause::UniqueItems => items.iter().enumerate().all(|(at, a)| !items[..at].iter().any(|b| same(a, b))),
            Clause::UnevaluatedItems(id) => {
                let others = items.iter().enumerate().filter(|(place, _)| !spoken.contains(&place.to_string()));
                others.map(|(_, item)| item).all(|item| self.list(*id, item, depth + 1))
            }
            _ => true,
        }
    }

    fn of_members(
        self,
        clause: &Clause,
        value: &Json,
        members: &Map<String, Json>,
        spoken: &mut Spoken,
        depth: usize,
    ) -> bool {
        let mut each = |wanted: &dyn Fn(&str) -> bool, id: ClausesId| {
            let mut holds = true;
            for (name, value) in members.iter().filter(|(name, _)| wanted(name)) {
                spoken.insert(name.clone());
                holds &= self.list(id, value, depth + 1);
            }
            holds
        };
        let named = |pattern: &str, name: &str| self.finds(pattern, &Json::from(name)) == Some(true);
        match clause {
            Clause::Properties(all) => all.iter().all(|(known, id)| each(&|name| name == known, *id)),
            Clause::PatternProperties(all) => all.iter().all(|(pattern, id)| each(&|name| named(pattern, name), *id)),
            Clause::AdditionalProperties { names, patterns, value } => {
                let other = |name: &str| {
                    !names.iter().any(|known| known == name)
                        && patterns.iter().all(|pattern| self.finds(pattern, &Json::from(name)) == Some(false))
                };
                each(&other, *value)
            }
            Clause::PropertyNames(id) => {
                members.keys().all(|name| self.list(*id, &Json::from(name.as_str()), depth + 1))
            }
            Clause::Required(all) => all.iter().all(|name| members.contains_key(name)),
            Clause::DependentRequired(all) => all
                .iter()
                .filter(|(name, _)| members.contains_key(name))
                .all(|(_, others)| others.iter().all(|name| members.contains_key(name))),
            Clause::DependentSchemas(all) => all
                .iter()
                .filter(|(name, _)| members.contains_key(name))
                .all(|(_, id)| self.in_place(*id, value, spoken, depth)),
            Clause::UnevaluatedProperties(id) => {
                let others = members.iter().filter(|(name, _)| !spoken.contains(*name));
                others.map(|(_, value)| value).all(|value| self.list(*id, value, depth + 1))
            }
            _ => true,
        }
    }

    /// Whether a pattern finds a text; `None` where nothing can be said.
    fn finds(self, pattern: &str, value: &Json) -> Option<bool> {
        Some(self.patterns.get(pattern)?.matches(value.as_str()?))
    }
}

fn is_of(name: &str, value: &Json) -> bool {
    match value {
        Json::Null => name == "null",
        Json::Bool(_) => name == "boolean",
        Json::Number(_) => name == "number" || name == "integer" && number(&NumberRules::default(), true, value),
        Json::String(_) => name == "string",
        Json::Array(_) => name == "array",
        Json::Object(_) => name == "object",
    }
}

fn rules(keyword: &str, bound: &str) -> NumberRules {
    let mut rules = NumberRules::default();
    let place = match keyword {
        "minimum" => &mut rules.minimum,
        "maximum" => &mut rules.maximum,
        "exclusiveMinimum" => &mut rules.exclusive_minimum,
        "exclusiveMaximum" => &mut rules.exclusive_maximum,
        _ => &mut rules.multiple_of,
    };
    *place = Some(bound.to_owned());
    rules
}

fn counts(keyword: &str, count: u64, value: &Json) -> bool {
    let (least, found) = match (keyword, value) {
        ("minLength" | "maxLength", Json::String(text)) => (keyword == "minLength", text.chars().count()),
        ("minItems" | "maxItems", Json::Array(items)) => (keyword == "minItems", items.len()),
        ("minProperties" | "maxProperties", Json::Object(members)) => (keyword == "minProperties", members.len()),
        _ => return true,
    };
    if least { found as u64 >= count } else { found as u64 <= count }
}
