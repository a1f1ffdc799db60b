//! Unions: which of the rules a value satisfies, found by trying.

use crate::json::lenient::{Leniencies, Leniency};
use crate::json::reader::Reader;
use crate::json::rule::{Rule, TaggedRule};

/// How strictly a member of a union is tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempt {
    /// By the letter: what members do not allow tells them apart.
    Exact,
    /// With what may pass leniently.
    Lenient,
    /// Only types and required members.
    Types,
}

/// Where trying starts over.
struct Place {
    pos: usize,
    depth: u32,
    cuts: usize,
}

/// The member that fits best.
struct Match<'r> {
    rule: &'r Rule,
    /// Where the value ends, and what is cut of it.
    end: usize,
    cuts: Vec<(usize, usize)>,
    lost: usize,
    /// How many members fit.
    count: usize,
    /// It fits leniently.
    leans: bool,
}

impl Reader<'_> {
    /// Checks a value against the members of a union and goes on as the best match says: the one that cuts least.
    pub(crate) fn check_union(&mut self, members: &[&Rule], exactly_one: bool) -> bool {
        let place = Place { pos: self.cursor.pos, depth: self.cursor.depth, cuts: self.cuts.len() };
        let keyword = if exactly_one { "oneOf" } else { "anyOf" };
        let only_one = || format!("only one of the {} alternatives", members.len());
        if self.probing {
            // The outer attempt says how strict to be.
            let found = self.best(members, &place, exactly_one);
            return found.is_some_and(|found| {
                let unambiguous = !exactly_one || !self.rules || found.count == 1;
                self.accept(found);
                unambiguous || self.lean(Leniency::SeveralOneOf, place.pos, keyword, only_one)
            });
        }
        for attempt in [Attempt::Exact, Attempt::Lenient, Attempt::Types] {
            let wanted = match attempt {
                Attempt::Exact => true,
                Attempt::Lenient => self.rules && self.lenient.allowed.and(Leniencies::LETTER) != self.lenient.allowed,
                Attempt::Types => self.report || !self.rules,
            };
            if !wanted {
                continue;
            }
            let Some(found) = self.attempt(attempt, members, &place, exactly_one) else {
                if self.cursor.broken.is_some() {
                    return false;
                }
                continue;
            };
            if attempt != Attempt::Exact {
                // Once more, to record what it takes to pass.
                return self.check(found.rule);
            }
            let count = found.count;
            match found.leans {
                true => drop(self.check(found.rule)),
                false => self.accept(found),
            }
            return !exactly_one
                || count == 1
                || !self.rules
                || self.lean(Leniency::SeveralOneOf, place.pos, keyword, only_one)
                || self.rule_violation(place.pos, keyword, only_one);
        }
        self.type_violation(place.pos, keyword, || format!("one of the {} alternatives", members.len()));
        self.cursor.skip();
        false
    }

    /// The rule of the members that the value fits best by the letter; the reader is as before.
    pub(crate) fn fitting(&mut self, members: &[&'static Rule]) -> Option<&'static Rule> {
        let place = Place { pos: self.cursor.pos, depth: self.cursor.depth, cuts: self.cuts.len() };
        self.attempt(Attempt::Exact, members, &place, false).map(|found| found.rule)
    }

    /// Checks an object as the rule says that goes with its tag.
    pub(crate) fn check_tagged(&mut self, tagged: &TaggedRule) -> bool {
        self.tagged(tagged).is_some_and(|rule| self.check(rule))
    }

    /// The rule that goes with the tag of the object that comes next. None: noted, and stepped over.
    pub(crate) fn tagged(&mut self, tagged: &TaggedRule) -> Option<&'static Rule> {
        if self.cursor.peek() != b'{' {
            return self.wrong_type("an object");
        }
        let start = self.cursor.pos;
        let tag = self.peek_text(tagged.property);
        let said = tag.and_then(|tag| tagged.rules.iter().find(|(known, _)| tag == **known)).map(|(_, rule)| *rule);
        let rule = said.or(tagged.otherwise);
        if rule.is_none() {
            self.type_violation(start, "discriminator", || {
                format!("a `{}` that is one of the {} known texts", tagged.property, tagged.rules.len())
            });
            self.cursor.skip();
        }
        rule
    }

    /// Tries all members at one strictness; the reader is as before, but stands where it stood.
    fn attempt<'r>(
        &mut self,
        attempt: Attempt,
        members: &[&'r Rule],
        place: &Place,
        exactly_one: bool,
    ) -> Option<Match<'r>> {
        let before = (self.rules, self.lenient.allowed);
        self.probing = true;
        self.rules = attempt != Attempt::Types;
        if attempt == Attempt::Exact {
            self.lenient.allowed = before.1.and(Leniencies::LETTER);
        }
        let found = self.best(members, place, exactly_one);
        self.probing = false;
        (self.rules, self.lenient.allowed) = before;
        found
    }

    fn best<'r>(&mut self, members: &[&'r Rule], place: &Place, exactly_one: bool) -> Option<Match<'r>> {
        let mut best: Option<Match<'r>> = None;
        let leans = self.lenient.in_attempt;
        for rule in members {
            self.lenient.in_attempt = false;
            let fits = self.check(rule);
            let used = self.cursor.pos.saturating_sub(place.pos) + 16;
            if self.cursor.broken.is_some() {
                return None;
            }
            match self.budget.checked_sub(used) {
                Some(left) => self.budget = left,
                None => {
                    return self.cursor.fail(place.pos, "alternatives within alternatives take too long to tell apart");
                }
            }
            let (end, cuts) = (self.cursor.pos, self.cuts.split_off(place.cuts));
            (self.cursor.pos, self.cursor.depth) = (place.pos, place.depth);
            if !fits {
                continue;
            }
            let lost = cuts.iter().map(|cut| cut.1 - cut.0).sum();
            let count = 1 + best.as_ref().map_or(0, |best| best.count);
            match &mut best {
                Some(best) if best.lost <= lost => best.count = count,
                _ => best = Some(Match { rule, end, cuts, lost, count, leans: self.lenient.in_attempt }),
            }
            if !exactly_one && lost == 0 {
                break;
            }
        }
        self.lenient.in_attempt = leans;
        best
    }

    fn accept(&mut self, found: Match<'_>) {
        self.cursor.pos = found.end;
        self.lenient.in_attempt |= found.leans;
        self.cuts.extend(found.cuts);
    }
}
