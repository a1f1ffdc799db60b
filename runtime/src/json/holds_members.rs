//! Checks clauses of objects and lists: those that speak of their members and items.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::json::canonical::Items;
use crate::json::clause::{Clause, Clauses, Evaluated};
use crate::json::holds::Start;
use crate::json::names::{self, Asked};
use crate::json::reader::Reader;

impl<'a> Reader<'a> {
    pub(crate) fn hold_object(&mut self, clauses: Clauses, mut seen: Option<&mut Evaluated>) -> bool {
        let start = self.cursor.pos;
        let mut names = Names::asked_by(clauses);
        let Some(mut more) = self.cursor.open(b'}') else { return false };
        let (mut usable, mut count) = (true, 0usize);
        while more {
            let place = self.here();
            let Some(key) = self.cursor.key() else { return false };
            let name = self.cursor.string_text(key);
            let value = self.here();
            let spoken = self.hold_member(clauses, &name, place, value, &mut usable);
            if self.cursor.broken.is_some() || (self.probing && !usable) {
                return false;
            }
            if self.cursor.pos <= value.pos && (self.cursor.skip().is_none() || !self.pay(self.cursor.pos - value.pos))
            {
                return false;
            }
            if let (Some(seen), true) = (&mut seen, spoken) {
                seen.insert(count);
            }
            names.insert(clauses, name);
            count += 1;
            more = match self.cursor.next(b'}') {
                Some(more) => more,
                None => return false,
            };
        }
        usable & self.hold_names(clauses, start, count as u64, &names) && self.pay(16 * count)
    }

    /// Whether clauses hold that ask for nothing but names: one walk by structure, over all of the object. `None`: there are too
    /// many names, or the text is no JSON.
    pub(crate) fn hold_by_names(&mut self, clauses: Clauses) -> Option<bool> {
        let asked = Asked::by(clauses)?;
        let (start, mut there) = (self.cursor.pos, 0u64);
        let mut more = self.cursor.open(b'}')?;
        while more {
            let Some(found) = self.cursor.seek(asked.keys(), 0)? else { break };
            there |= 1 << found;
            self.cursor.pass()?;
            more = self.cursor.next(b'}')?;
        }
        let has = |name: &str| asked.place(name).is_some_and(|place| there >> place & 1 == 1);
        self.pay(self.cursor.pos - start).then(|| names::hold(clauses, &has))
    }

    /// What the clauses say of one member, whether any speaks of it. Stands behind its value, or in front of it.
    fn hold_member(&mut self, clauses: Clauses, name: &str, key: Start, value: Start, usable: &mut bool) -> bool {
        let mut spoken = false;
        for clause in clauses {
            let (keyword, clauses) = match clause {
                Clause::Properties(all) => match all.iter().find(|(known, _)| *known == name) {
                    Some((_, clauses)) => ("properties", *clauses),
                    None => continue,
                },
                Clause::PatternProperties(all) => {
                    for (_, clauses) in all.iter().filter(|(pattern, _)| pattern.is_match(name)) {
                        spoken = true;
                        self.back_to(value);
                        *usable &= self.hold_of("patternProperties", clauses);
                    }
                    continue;
                }
                Clause::AdditionalProperties { names, patterns, value } => {
                    if names.contains(&name) || patterns.iter().any(|pattern| pattern.is_match(name)) {
                        continue;
                    }
                    ("additionalProperties", *value)
                }
                Clause::PropertyNames(clauses) => {
                    self.back_to(key);
                    *usable &= self.hold_of("propertyNames", clauses);
                    self.back_to(value);
                    continue;
                }
                _ => continue,
            };
            spoken = true;
            self.back_to(value);
            *usable &= self.hold_of(keyword, clauses);
            if self.probing && !*usable {
                return false;
            }
        }
        spoken
    }

    /// Clauses of the value that comes next; where there must be none, it is the keyword that says so.
    fn hold_of(&mut self, keyword: &'static str, clauses: Clauses) -> bool {
        if let [Clause::Never] = clauses {
            let at = self.cursor.pos;
            return self.cursor.skip().is_some() && self.rule_violation(at, keyword, || "nothing here".into());
        }
        self.hold(clauses, None)
    }

    /// What the clauses say of which members there are.
    fn hold_names(&mut self, clauses: Clauses, start: usize, count: u64, names: &Names<'_>) -> bool {
        let mut usable = true;
        let mut place = 0;
        for clause in clauses {
            match clause {
                Clause::Required(all) => {
                    for name in *all {
                        if !names.contains(place, name) {
                            usable &= self.lacks(start, name, "required");
                        }
                        place += 1;
                    }
                }
                Clause::DependentRequired(all) => {
                    for (name, others) in *all {
                        let asks = names.contains(place, name);
                        place += 1;
                        for other in *others {
                            if asks && !names.contains(place, other) {
                                usable &= self.lacks(start, other, "dependentRequired");
                            }
                            place += 1;
                        }
                    }
                }
                Clause::MinProperties(least) if count < *least => {
                    usable &= self.rule_violation(start, "minProperties", || format!("at least {least} members"));
                }
                Clause::MaxProperties(most) if count > *most => {
                    usable &= self.rule_violation(start, "maxProperties", || format!("at most {most} members"));
                }
                _ => {}
            }
        }
        usable
    }

    pub(crate) fn hold_array(&mut self, clauses: Clauses, mut seen: Option<&mut Evaluated>) -> bool {
        let start = self.cursor.pos;
        let unique = clauses.iter().any(|clause| matches!(clause, Clause::UniqueItems));
        let mut items = Items::new();
        // Of each `contains`, how many items are as it says.
        let mut found = vec![0u64; clauses.iter().filter(|clause| matches!(clause, Clause::Contains { .. })).count()];
        let Some(mut more) = self.cursor.open(b']') else { return false };
        let (mut usable, mut count) = (true, 0usize);
        while more {
            let item = self.here();
            let (mut spoken, mut behind, mut contains) = (false, None, 0);
            for clause in clauses {
                let (keyword, clauses) = match clause {
                    Clause::PrefixItems(all) if count < all.len() => ("prefixItems", all[count]),
                    Clause::Items(from, clauses) if count >= *from => ("items", *clauses),
                    Clause::Contains { item: clauses, .. } => {
                        let holds = self.attempted(item, clauses, None);
                        found[contains] += u64::from(holds);
                        contains += 1;
                        spoken |= holds;
                        self.back_to(item);
                        continue;
                    }
                    _ => continue,
                };
                spoken = true;
                self.back_to(item);
                usable &= self.hold_of(keyword, clauses);
                behind = Some(self.here());
                if self.cursor.broken.is_some() || (self.probing && !usable) {
                    return false;
                }
            }
            match behind {
                Some(behind) => self.back_to(behind),
                None if self.cursor.skip().is_none() || !self.pay(self.cursor.pos - item.pos) => return false,
                None => {}
            }
            if let (Some(seen), true) = (&mut seen, spoken) {
                seen.insert(count);
            }
            if unique {
                items.push(item.pos, self.cursor.pos);
            }
            count += 1;
            more = match self.cursor.next(b']') {
                Some(more) => more,
                None => return false,
            };
        }
        if unique && !items.all_different(self.cursor.text) {
            usable &= self.rule_violation(start, "uniqueItems", || "items that all differ".into());
        }
        usable & self.hold_count(clauses, start, count as u64, &found) && self.pay(16 * count)
    }

    /// What the clauses say of how many items there are.
    fn hold_count(&mut self, clauses: Clauses, start: usize, count: u64, found: &[u64]) -> bool {
        let mut usable = true;
        let mut found = found.iter();
        for clause in clauses {
            match clause {
                Clause::MinItems(least) if count < *least => {
                    usable &= self.rule_violation(start, "minItems", || format!("at least {least} items"));
                }
                Clause::MaxItems(most) if count > *most => {
                    usable &= self.rule_violation(start, "maxItems", || format!("at most {most} items"));
                }
                Clause::Contains { min, max, .. } => {
                    let found = found.next().copied().unwrap_or(0);
                    if found < *min {
                        let keyword = if *min == 1 { "contains" } else { "minContains" };
                        let expected = || format!("at least {min} items as `contains` says");
                        usable &= self.rule_violation(start, keyword, expected);
                    }
                    if found > *max {
                        let expected = || format!("at most {max} items as `contains` says");
                        usable &= self.rule_violation(start, "maxContains", expected);
                    }
                }
                _ => {}
            }
        }
        usable
    }

    /// `unevaluatedItems` and `unevaluatedProperties`: of what nothing has spoken of so far.
    pub(crate) fn hold_leftovers(&mut self, clauses: Clauses, start: Start, seen: &mut Evaluated) -> bool {
        let object = match self.cursor.at(start.pos) {
            b'{' => true,
            b'[' => false,
            _ => return true,
        };
        let end = self.here();
        let mut usable = true;
        for clause in clauses {
            let (keyword, clauses) = match clause {
                Clause::UnevaluatedProperties(clauses) if object => ("unevaluatedProperties", *clauses),
                Clause::UnevaluatedItems(clauses) if !object => ("unevaluatedItems", *clauses),
                _ => continue,
            };
            self.back_to(start);
            match self.hold_others(keyword, clauses, object, seen) {
                Some(fits) => usable &= fits,
                None => return false,
            }
            seen.insert_all();
        }
        self.back_to(end);
        usable
    }

    /// Checks clauses of the members or items that were not spoken of. `None`: the text is no JSON, or an attempt failed.
    fn hold_others(&mut self, keyword: &'static str, clauses: Clauses, object: bool, seen: &Evaluated) -> Option<bool> {
        let close = if object { b'}' } else { b']' };
        let mut usable = true;
        let mut more = self.cursor.open(close)?;
        let mut place = 0;
        while more {
            if object {
                self.cursor.key()?;
            }
            let at = self.cursor.pos;
            if seen.contains(place) {
                self.cursor.skip()?;
            } else {
                usable &= self.hold_of(keyword, clauses);
                if self.probing && !usable {
                    return None;
                }
            }
            if !self.pay(self.cursor.pos.saturating_sub(at)) {
                return None;
            }
            place += 1;
            more = self.cursor.next(close)?;
        }
        Some(usable)
    }
}

/// Which of the members that clauses ask for are there: a bit for each name, in the order in which they ask; of very
/// many, all that are there.
struct Names<'a> {
    asked: usize,
    few: u64,
    many: HashSet<Cow<'a, str>>,
}

impl<'a> Names<'a> {
    fn asked_by(clauses: Clauses) -> Names<'a> {
        Names { asked: asked(clauses).count(), few: 0, many: HashSet::new() }
    }

    fn insert(&mut self, clauses: Clauses, name: Cow<'a, str>) {
        if self.asked > 64 {
            self.many.insert(name);
        } else if self.asked > 0 {
            let bits = asked(clauses).enumerate().map(|(place, asked)| u64::from(asked == name) << place);
            self.few |= bits.fold(0, |all, bit| all | bit);
        }
    }

    /// Whether the name that is asked for in this place is there.
    fn contains(&self, place: usize, name: &str) -> bool {
        if self.asked > 64 { self.many.contains(name) } else { self.few >> place & 1 == 1 }
    }
}

/// The names of members that clauses ask for.
fn asked(clauses: Clauses) -> impl Iterator<Item = &'static str> {
    clauses.iter().flat_map(|clause| {
        let (required, dependent): (&[&'static str], &[(&'static str, &'static [&'static str])]) = match clause {
            Clause::Required(all) => (all, &[]),
            Clause::DependentRequired(all) => (&[], all),
            _ => (&[], &[]),
        };
        let dependent =
            dependent.iter().flat_map(|(name, others)| std::iter::once(*name).chain(others.iter().copied()));
        required.iter().copied().chain(dependent)
    })
}
