//! Checks clauses of a value: those of the value itself, and of schemas that hold in place.
//!
//! A value is walked once for each list of clauses that speaks of it. What members of unions cost is bounded by the
//! reader's budget, as for rules; how deep schemas lead to schemas, by [`MAX_NESTED`].

use std::cmp::Ordering;

use crate::json::canonical::is_one_of;
use crate::json::clause::{Clause, Clauses, Evaluated};
use crate::json::decimal::Decimal;
use crate::json::lenient::{Leniencies, Leniency};
use crate::json::names::only_names;
use crate::json::reader::Reader;

/// Lists of clauses within each other, in place or by members: each is a call.
const MAX_NESTED: u32 = 400;

/// Where a value stands, to be looked at again.
#[derive(Clone, Copy)]
pub(crate) struct Start {
    pub pos: usize,
    pub depth: u32,
}

impl<'a> Reader<'a> {
    /// Checks clauses of the value that comes next, without reading it: what they find is noted.
    pub fn holds(&mut self, clauses: Clauses) {
        if !self.rules {
            return;
        }
        let start = self.here();
        match clauses {
            // Nothing to walk for.
            [clause @ Clause::Type(_)] => {
                self.hold_in_place(clause, start, start, None);
            }
            _ => {
                self.hold(clauses, None);
            }
        }
        self.back_to(start);
    }

    pub(crate) fn here(&self) -> Start {
        Start { pos: self.cursor.pos, depth: self.cursor.depth }
    }

    /// Goes back, unless the text is no JSON.
    pub(crate) fn back_to(&mut self, start: Start) {
        if self.cursor.broken.is_none() {
            (self.cursor.pos, self.cursor.depth) = (start.pos, start.depth);
        }
    }

    /// Checks clauses of the value that comes next and steps over it, unless an attempt fails early. Adds to `seen`
    /// what they spoke of.
    pub(crate) fn hold(&mut self, clauses: Clauses, seen: Option<&mut Evaluated>) -> bool {
        if clauses.is_empty() {
            return self.cursor.skip().is_some();
        }
        if self.nested == MAX_NESTED {
            return self.cursor.fail::<()>(self.cursor.pos, "schemas within schemas take too long to check").is_some();
        }
        self.nested += 1;
        let usable = self.hold_here(clauses, seen);
        self.nested -= 1;
        usable
    }

    fn hold_here(&mut self, clauses: Clauses, seen: Option<&mut Evaluated>) -> bool {
        let start = self.here();
        if self.cursor.peek() == b'{' && only_names(clauses) {
            match self.hold_by_names(clauses) {
                // Names speak of no member's value: there is nothing to add to `seen`.
                Some(true) => return true,
                Some(false) if self.probing && !self.lenient.allowed.has(Leniency::SeveralOneOf) => return false,
                // What does not hold is to be told, one by one, or holds leniently.
                _ => self.back_to(start),
            }
        }
        let leftovers =
            |clause: &Clause| matches!(clause, Clause::UnevaluatedItems(_) | Clause::UnevaluatedProperties(_));
        let leftovers = clauses.iter().any(leftovers);
        let mut spoken = (leftovers || seen.is_some()).then(Evaluated::default);
        let mut usable = match self.cursor.peek() {
            b'{' => self.hold_object(clauses, spoken.as_mut()),
            b'[' => self.hold_array(clauses, spoken.as_mut()),
            b'"' => self.hold_string(clauses),
            b'-' | b'0'..=b'9' => self.hold_number(clauses),
            _ => self.cursor.skip().is_some(),
        };
        if (self.probing && !usable) || !self.spend(start.pos) {
            return false;
        }
        let end = self.here();
        for clause in clauses {
            usable &= self.hold_in_place(clause, start, end, spoken.as_mut());
            if self.cursor.broken.is_some() || (self.probing && !usable) {
                return false;
            }
        }
        self.back_to(end);
        if let Some(spoken) = &mut spoken {
            if leftovers {
                usable &= self.hold_leftovers(clauses, start, spoken);
            }
            // What an attempt that fails spoke of does not count. Elsewhere the value is refused already, and is not to be
            // blamed twice.
            if let (Some(seen), true) = (seen, usable || !self.probing) {
                seen.merge(spoken);
            }
        }
        usable
    }

    /// Takes the cost of what was just walked from the budget.
    fn spend(&mut self, start: usize) -> bool {
        let flat = !matches!(self.cursor.at(start), b'{' | b'[');
        let cost = if flat { self.cursor.pos.saturating_sub(start) + 16 } else { 16 };
        self.pay(cost)
    }

    /// Takes bytes from the budget. `false`: there are none left, and the body is refused.
    pub(crate) fn pay(&mut self, cost: usize) -> bool {
        match self.budget.checked_sub(cost) {
            Some(left) => self.budget = left,
            None => {
                let _: Option<()> =
                    self.cursor.fail(self.cursor.pos, "the schemas of this body take too long to check");
            }
        }
        self.cursor.broken.is_none()
    }

    /// One clause that speaks of the value as a whole.
    fn hold_in_place(
        &mut self,
        clause: &'static Clause,
        start: Start,
        end: Start,
        mut seen: Option<&mut Evaluated>,
    ) -> bool {
        let all = |count: usize| format!("one of the {count} alternatives");
        match clause {
            Clause::Never => self.rule_violation(start.pos, "never", || "no value at all".into()),
            Clause::Type(types) => {
                self.is_of(types, start.pos) || self.rule_violation(start.pos, "type", || types.join(" or "))
            }
            Clause::Enum(values) => {
                let value = self.cursor.slice(start.pos, end.pos);
                is_one_of(value, values) || self.unlisted(start.pos, values, false)
            }
            Clause::Ref(clauses) => self.again(start, clauses, seen),
            Clause::AllOf(all) => {
                let mut usable = true;
                for clauses in *all {
                    usable &= self.again(start, clauses, seen.as_deref_mut());
                    if self.probing && !usable {
                        return false;
                    }
                }
                usable
            }
            Clause::AnyOf(members) => {
                let mut fits = false;
                for clauses in *members {
                    fits |= self.attempted(start, clauses, seen.as_deref_mut());
                    // Where nobody asks what was spoken of, one is enough.
                    if (fits && seen.is_none()) || self.cursor.broken.is_some() {
                        break;
                    }
                }
                fits || self.rule_violation(start.pos, "anyOf", || all(members.len()))
            }
            Clause::OneOf(members) => {
                let mut count = 0;
                for clauses in *members {
                    count += usize::from(self.attempted(start, clauses, seen.as_deref_mut()));
                    if count > 1 || self.cursor.broken.is_some() {
                        break;
                    }
                }
                match count {
                    1 => true,
                    0 => self.rule_violation(start.pos, "oneOf", || all(members.len())),
                    _ => {
                        let expected = || format!("only {}", all(members.len()));
                        self.lean(Leniency::SeveralOneOf, start.pos, "oneOf", expected)
                            || self.rule_violation(start.pos, "oneOf", expected)
                    }
                }
            }
            Clause::Not(clauses) => {
                !self.attempted(start, clauses, None)
                    || self.rule_violation(start.pos, "not", || "none of what `not` describes".into())
            }
            Clause::If { condition, then, otherwise } => {
                let holds = self.attempted(start, condition, seen.as_deref_mut());
                self.again(start, if holds { then } else { otherwise }, seen)
            }
            Clause::DependentSchemas(members) => {
                let mut usable = true;
                for (name, clauses) in *members {
                    self.back_to(start);
                    if self.peek_member(name) && self.pay(end.pos - start.pos) {
                        usable &= self.again(start, clauses, seen.as_deref_mut());
                    }
                }
                usable
            }
            _ => true,
        }
    }

    /// Checks clauses of the value at `start`.
    fn again(&mut self, start: Start, clauses: Clauses, seen: Option<&mut Evaluated>) -> bool {
        self.back_to(start);
        clauses.is_empty() || self.hold(clauses, seen)
    }

    /// Whether clauses hold of the value at `start`: exactly, and nothing is noted.
    pub(crate) fn attempted(&mut self, start: Start, clauses: Clauses, seen: Option<&mut Evaluated>) -> bool {
        let before = (self.probing, self.lenient.allowed, self.lenient.in_attempt);
        (self.probing, self.lenient.allowed) = (true, before.1.and(Leniencies::LETTER));
        let holds = self.again(start, clauses, seen);
        (self.probing, self.lenient.allowed, self.lenient.in_attempt) = before;
        holds
    }

    /// Whether the value at `start` is of one of these types.
    pub(crate) fn is_of(&mut self, types: &[&str], start: usize) -> bool {
        types.iter().any(|name| match self.cursor.at(start) {
            b'{' => *name == "object",
            b'[' => *name == "array",
            b'"' => *name == "string",
            b't' | b'f' => *name == "boolean",
            b'n' => *name == "null",
            _ if *name == "integer" => {
                let mut cursor = self.cursor.clone();
                cursor.pos = start;
                let digits = cursor.number();
                digits.is_some_and(|digits| digits.small().is_some() || self.is_integral(digits.start, digits.end))
            }
            _ => *name == "number",
        })
    }

    fn hold_string(&mut self, clauses: Clauses) -> bool {
        let start = self.cursor.pos;
        let Some(quoted) = self.cursor.string() else { return false };
        let text = self.cursor.string_text(quoted);
        let length = || text.chars().count() as u64;
        let mut usable = true;
        for clause in clauses {
            usable &= match clause {
                Clause::MinLength(least) => {
                    length() >= *least
                        || self.rule_violation(start, "minLength", || format!("at least {least} characters"))
                }
                Clause::MaxLength(most) => {
                    text.len() as u64 <= *most
                        || length() <= *most
                        || self.rule_violation(start, "maxLength", || format!("at most {most} characters"))
                }
                Clause::Pattern(pattern) => {
                    let expected = || format!("a text that matches {}", pattern.source());
                    pattern.is_match(&text) || self.rule_violation(start, "pattern", expected)
                }
                Clause::NoPattern(pattern) => {
                    let expected = || format!("a text that does not match {}", pattern.source());
                    !pattern.is_match(&text) || self.rule_violation(start, "pattern", expected)
                }
                Clause::Format(format) => {
                    let expected = || format!("the format {}", format.name());
                    !self.formats || format.check(&text) || self.rule_violation(start, "format", expected)
                }
                _ => true,
            };
        }
        usable
    }

    fn hold_number(&mut self, clauses: Clauses) -> bool {
        use Ordering::{Greater, Less};
        let Some(digits) = self.cursor.number() else { return false };
        let value = Decimal::new(self.cursor.slice(digits.start, digits.end));
        let against = |bound: &str| value.compare(&Decimal::new(bound));
        let start = digits.start;
        let mut usable = true;
        for clause in clauses {
            usable &= match clause {
                Clause::Minimum(bound) => {
                    against(bound) != Less || self.rule_violation(start, "minimum", || format!("at least {bound}"))
                }
                Clause::Maximum(bound) => {
                    against(bound) != Greater || self.rule_violation(start, "maximum", || format!("at most {bound}"))
                }
                Clause::ExclusiveMinimum(bound) => {
                    let expected = || format!("more than {bound}");
                    against(bound) == Greater || self.rule_violation(start, "exclusiveMinimum", expected)
                }
                Clause::ExclusiveMaximum(bound) => {
                    let expected = || format!("less than {bound}");
                    against(bound) == Less || self.rule_violation(start, "exclusiveMaximum", expected)
                }
                Clause::MultipleOf(step) => {
                    let expected = || format!("a multiple of {step}");
                    value.is_multiple_of(&Decimal::new(step)) || self.rule_violation(start, "multipleOf", expected)
                }
                Clause::Format(format) => {
                    let expected = || format!("the format {}", format.name());
                    let text = self.cursor.slice(start, digits.end);
                    !self.formats || format.check_number(text) || self.rule_violation(start, "format", expected)
                }
                _ => true,
            };
        }
        usable
    }
}
