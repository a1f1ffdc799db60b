//! Checks a whole value by its table, and notes which of its bytes must not go out.

use crate::json::canonical::{Items, is_one_of};
use crate::json::check_object::Seen;
use crate::json::clause::Clause;
use crate::json::escape::unescape;
use crate::json::holds::Start;
use crate::json::lane;
use crate::json::names;
use crate::json::reader::Reader;
use crate::json::rule::{ArrayRule, Kind, Rule, StringRule};
use crate::json::scan::Quoted;

/// Checks the value that comes next and steps over it. Returns whether it is usable (as far as it got; after a
/// violation the rest is checked too).
pub fn check(reader: &mut Reader<'_>, rule: &Rule) -> bool {
    let usable = reader.check(rule);
    reader.cuts.clear();
    usable
}

impl<'a> Reader<'a> {
    #[inline(always)]
    pub(crate) fn check(&mut self, rule: &Rule) -> bool {
        if rule.plain { self.check_kind(&rule.kind) } else { self.check_all(rule) }
    }

    /// Of a rule that says more than its kind does.
    #[inline(never)]
    fn check_all(&mut self, rule: &Rule) -> bool {
        let (start, first) = (self.cursor.pos, self.cursor.peek());
        if rule.nullable && first == b'n' {
            let is_null = self.cursor.literal("null").is_some();
            return is_null && (rule.null_is_free || self.check_clauses(rule, start));
        }
        if rule.implied && !self.implied_types && !rule.kind.is_about(first) {
            return self.cursor.skip().is_some() && self.check_allowed(rule, start);
        }
        let usable = match &rule.kind {
            Kind::Object(object) if rule.asks_names => {
                // The walk notes the names that it meets; what does not hold is to be told.
                let mut seen = Seen::asked_by(rule.clauses);
                let usable = self.check_object(object, None, &mut seen);
                let has = |name: &str| seen.has(object.fields, name);
                if usable && rule.allowed.is_empty() && names::hold(rule.clauses, &has) {
                    return true;
                }
                usable
            }
            kind => self.check_kind(kind),
        };
        // What is wrong in itself is still looked at as a whole: all is told at once.
        match rule.kind {
            Kind::Of(_) => usable,
            _ if usable => self.check_allowed(rule, start),
            _ => !self.probing && self.check_clauses(rule, start) && usable,
        }
    }

    #[inline(always)]
    fn check_kind(&mut self, kind: &Kind) -> bool {
        match kind {
            Kind::String(string) => self.check_string(string),
            Kind::Integer(number) => self.check_number(number, true),
            Kind::Number(number) => self.check_number(number, false),
            Kind::Object(object) => self.check_object(object, None, &mut Seen::default()),
            Kind::Array(array) => self.check_array(array),
            Kind::Boolean => self.check_boolean(),
            Kind::Any => self.cursor.skip().is_some(),
            _ => self.check_rare(kind),
        }
    }

    #[inline(never)]
    fn check_rare(&mut self, kind: &Kind) -> bool {
        match kind {
            Kind::Of(rule) => self.check(rule),
            Kind::AnyOf(members) => self.check_union(members, false),
            Kind::OneOf(members) => self.check_union(members, true),
            Kind::Tagged(tagged) => self.check_tagged(tagged),
            Kind::Null if self.cursor.peek() == b'n' => self.cursor.literal("null").is_some(),
            Kind::Null => self.wrong("null"),
            _ => {
                self.type_violation(self.cursor.pos, "never", || "no value at all".into());
                self.cursor.skip();
                false
            }
        }
    }

    fn check_boolean(&mut self) -> bool {
        match self.cursor.peek() {
            b't' => self.cursor.literal("true").is_some(),
            b'f' => self.cursor.literal("false").is_some(),
            _ => self.wrong("true or false"),
        }
    }

    /// Notes a wrong type and steps over the value.
    #[cold]
    pub(crate) fn wrong(&mut self, expected: &'static str) -> bool {
        self.wrong_type::<()>(expected).is_some()
    }

    /// Checks `enum` and `const` and the clauses of the value that begins at `start` and was just read.
    #[inline(always)]
    pub(crate) fn check_allowed(&mut self, rule: &Rule, start: usize) -> bool {
        !rule.has_more() || self.check_more(rule, start)
    }

    fn check_more(&mut self, rule: &Rule, start: usize) -> bool {
        let value = self.cursor.slice(start, self.cursor.pos);
        let allowed = !self.rules
            || rule.allowed.is_empty()
            || is_one_of(value, rule.allowed)
            || self.unlisted(start, rule.allowed, rule.closed_enum);
        allowed & self.check_clauses(rule, start)
    }

    /// Checks the clauses of the value that begins at `start` and was just read.
    #[inline]
    pub(crate) fn check_clauses(&mut self, rule: &Rule, start: usize) -> bool {
        rule.clauses.is_empty() || !self.rules || self.clauses_from(rule, start)
    }

    #[inline(never)]
    fn clauses_from(&mut self, rule: &Rule, start: usize) -> bool {
        // Nothing to walk for.
        if let [Clause::Type(types)] = rule.clauses {
            return self.is_of(types, start) || self.rule_violation(start, "type", || types.join(" or "));
        }
        let end = self.here();
        self.back_to(Start { pos: start, ..end });
        let usable = self.hold(rule.clauses, None);
        self.back_to(end);
        usable
    }

    #[inline(never)]
    fn check_string(&mut self, rule: &StringRule) -> bool {
        if self.cursor.peek() != b'"' {
            return self.wrong("a string");
        }
        match self.cursor.string() {
            Some(quoted) => rule.surely_takes(&quoted) || !self.rules || self.string_rules(rule, quoted),
            None => false,
        }
    }

    /// Checks what a rule says of the string that was just read.
    pub(crate) fn string_rules(&mut self, rule: &StringRule, quoted: Quoted) -> bool {
        let (offset, raw) = (quoted.start - 1, self.cursor.slice(quoted.start, quoted.end));
        if !quoted.escaped {
            return self.text_rules(rule, offset, raw);
        }
        // A code point is written in at most two escapes `\u0000`.
        let surely =
            rule.only_lengths && raw.len() as u64 <= rule.max_length && rule.min_length <= raw.len() as u64 / 12;
        surely || self.text_rules(rule, offset, &unescape(raw))
    }

    fn text_rules(&mut self, rule: &StringRule, offset: usize, text: &str) -> bool {
        rule.takes(text, self.formats) || self.text_violations(rule, offset, text)
    }

    #[cold]
    fn text_violations(&mut self, rule: &StringRule, offset: usize, text: &str) -> bool {
        let mut usable = true;
        if !rule.is_short_enough(text) {
            usable &= self.rule_violation(offset, "maxLength", || format!("at most {} characters", rule.max_length));
        }
        if !rule.is_long_enough(text) {
            usable &= self.rule_violation(offset, "minLength", || format!("at least {} characters", rule.min_length));
        }
        if let Some(pattern) = rule.pattern
            && !pattern.is_match(text)
        {
            usable &= self.rule_violation(offset, "pattern", || format!("a text that matches {}", pattern.source()));
        }
        if let Some(format) = rule.format
            && self.formats
            && !format.check(text)
        {
            usable &= self.rule_violation(offset, "format", || format!("the format {}", format.name()));
        }
        usable
    }

    #[inline(never)]
    fn check_array(&mut self, rule: &ArrayRule) -> bool {
        let start = self.cursor.pos;
        if self.cursor.peek() != b'[' {
            return self.wrong("a list");
        }
        let (mut usable, mut count, mut items) = (true, 0u64, Items::new());
        let Some(mut more) = self.cursor.open(b']') else { return false };
        let quick = lane::may_take(rule.items) && self.cursor.depth > 0;
        while more {
            let item = self.cursor.pos;
            let taken = if quick { lane::value(self.cursor.text, item, rule.items) } else { None };
            match taken {
                Some(end) => self.cursor.pos = end,
                None => usable &= self.check(rule.items),
            }
            if self.probing && !usable {
                return false;
            }
            count += 1;
            if rule.unique {
                items.push(item, self.cursor.pos);
            }
            more = match self.cursor.next(b']') {
                Some(more) => more,
                None => return false,
            };
        }
        usable & self.array_rules(rule, start, count, &items)
    }

    /// Checks what a rule says of a list as a whole; `items` are their texts if they must differ.
    pub(crate) fn array_rules(&mut self, rule: &ArrayRule, start: usize, count: u64, items: &Items) -> bool {
        if !self.rules {
            return true;
        }
        let mut usable = true;
        if count < rule.min_items {
            usable &= self.rule_violation(start, "minItems", || format!("at least {} items", rule.min_items));
        }
        if count > rule.max_items {
            usable &= self.rule_violation(start, "maxItems", || format!("at most {} items", rule.max_items));
        }
        if rule.unique && !items.all_different(self.cursor.text) {
            usable &= self.rule_violation(start, "uniqueItems", || "items that all differ".into());
        }
        usable
    }
}

impl StringRule {
    /// Whether a quick look shows that a string keeps all of the rule: without escapes, a code point is written in at most
    /// four bytes, so most texts need no counting.
    #[inline(always)]
    pub(crate) fn surely_takes(&self, quoted: &Quoted) -> bool {
        let bytes = (quoted.end - quoted.start) as u64;
        self.only_lengths && !quoted.escaped && bytes >= self.surely_enough && bytes <= self.max_length
    }

    /// Whether a text keeps all of the rule.
    pub(crate) fn takes(&self, text: &str, formats: bool) -> bool {
        self.is_short_enough(text)
            && self.is_long_enough(text)
            && self.pattern.is_none_or(|pattern| pattern.is_match(text))
            && self.format.is_none_or(|format| !formats || format.check(text))
    }

    fn is_short_enough(&self, text: &str) -> bool {
        text.len() as u64 <= self.max_length || code_points(text) <= self.max_length
    }

    fn is_long_enough(&self, text: &str) -> bool {
        text.len() as u64 >= self.surely_enough || code_points(text) >= self.min_length
    }
}

fn code_points(text: &str) -> u64 {
    text.chars().count() as u64
}
