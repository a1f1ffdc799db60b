//! Checks a whole value by its table, and notes which of its bytes must not go out.

use crate::json::canonical::{Items, is_one_of};
use crate::json::clause::Clause;
use crate::json::field::Field;
use crate::json::holds::Start;
use crate::json::key::Found;
use crate::json::reader::Reader;
use crate::json::rule::{Additional, ArrayRule, Kind, ObjectRule, Rule, StringRule};
use crate::json::scan::Quoted;

/// Checks the value that comes next and steps over it. Returns whether it is usable (as far as it got; after a
/// violation the rest is checked too).
pub fn check(reader: &mut Reader<'_>, rule: &Rule) -> bool {
    let usable = reader.check(rule);
    reader.cuts.clear();
    usable
}

impl<'a> Reader<'a> {
    pub(crate) fn check(&mut self, rule: &Rule) -> bool {
        let start = self.cursor.pos;
        let first = self.cursor.peek();
        if rule.takes_others {
            if rule.nullable && first == b'n' {
                let is_null = self.cursor.literal("null").is_some();
                return is_null && (rule.null_is_free || self.check_clauses(rule, start));
            }
            if rule.implied && !self.implied_types && !rule.kind.is_about(first) {
                return self.cursor.skip().is_some() && self.check_allowed(rule, start);
            }
        }
        let usable = match &rule.kind {
            Kind::String(string) => self.check_string(string),
            Kind::Integer(number) => self.check_number(number, true),
            Kind::Number(number) => self.check_number(number, false),
            Kind::Object(object) => self.check_object(object, None),
            Kind::Array(array) => self.check_array(array),
            Kind::Any => self.cursor.skip().is_some(),
            Kind::Of(rule) => self.check(rule),
            Kind::Boolean if first == b't' => self.cursor.literal("true").is_some(),
            Kind::Boolean if first == b'f' => self.cursor.literal("false").is_some(),
            Kind::Boolean => self.wrong("true or false"),
            Kind::Null if first == b'n' => self.cursor.literal("null").is_some(),
            Kind::Null => self.wrong("null"),
            Kind::AnyOf(members) => self.check_union(members, false),
            Kind::OneOf(members) => self.check_union(members, true),
            Kind::Tagged(tagged) => self.check_tagged(tagged),
            Kind::Never => {
                self.type_violation(start, "never", || "no value at all".into());
                self.cursor.skip();
                false
            }
        };
        if !rule.has_more {
            return usable;
        }
        // What is wrong in itself is still looked at as a whole: all is told at once.
        match rule.kind {
            Kind::Of(_) => usable,
            _ if usable => self.check_more(rule, start),
            _ => !self.probing && self.check_clauses(rule, start) && usable,
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
        !rule.has_more || self.check_more(rule, start)
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

    #[inline]
    fn check_string(&mut self, rule: &StringRule) -> bool {
        if self.cursor.peek() != b'"' {
            return self.wrong("a string");
        }
        match self.cursor.string() {
            Some(quoted) => !rule.any || !self.rules || self.string_rules(rule, quoted),
            None => false,
        }
    }

    /// Checks what a rule says of the string that was just read.
    pub(crate) fn string_rules(&mut self, rule: &StringRule, quoted: Quoted) -> bool {
        let offset = quoted.start - 1;
        let written = (quoted.end - quoted.start) as u64;
        // A code point is written in at most four bytes, or in twelve as two `\u` escapes: most texts need no counting.
        let most = if quoted.escaped { 12 } else { 4 };
        let only_lengths = rule.pattern.is_none() && rule.format.is_none();
        if only_lengths && written <= rule.max_length && rule.min_length.saturating_mul(most) <= written {
            return true;
        }
        let text = self.cursor.string_text(quoted);
        let mut usable = true;
        let bytes = text.len() as u64;
        if bytes > rule.max_length && code_points(&text) > rule.max_length {
            usable &= self.rule_violation(offset, "maxLength", || format!("at most {} characters", rule.max_length));
        }
        if rule.min_length > 0 && bytes < rule.min_length.saturating_mul(4) && code_points(&text) < rule.min_length {
            usable &= self.rule_violation(offset, "minLength", || format!("at least {} characters", rule.min_length));
        }
        if let Some(pattern) = rule.pattern
            && !pattern.is_match(&text)
        {
            usable &= self.rule_violation(offset, "pattern", || format!("a text that matches {}", pattern.source()));
        }
        if let Some(format) = rule.format
            && self.formats
            && !format.check(&text)
        {
            usable &= self.rule_violation(offset, "format", || format!("the format {}", format.name()));
        }
        usable
    }

    fn check_array(&mut self, rule: &ArrayRule) -> bool {
        let start = self.cursor.pos;
        if self.cursor.peek() != b'[' {
            return self.wrong("a list");
        }
        let (mut usable, mut count, mut items) = (true, 0u64, Items::NONE);
        let Some(mut more) = self.cursor.open(b']') else { return false };
        while more {
            let item = self.cursor.pos;
            usable &= self.check(rule.items);
            if self.probing && !usable {
                return false;
            }
            count += 1;
            if rule.unique {
                items.push(self.cursor.slice(item, self.cursor.pos));
            }
            more = match self.cursor.next(b']') {
                Some(more) => more,
                None => return false,
            };
        }
        usable & self.array_rules(rule, start, count, &items)
    }

    /// Checks what a rule says of a list as a whole; `items` are their texts if they must differ.
    pub(crate) fn array_rules(&mut self, rule: &ArrayRule, start: usize, count: u64, items: &Items<'_>) -> bool {
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
        if rule.unique && !items.all_different() {
            usable &= self.rule_violation(start, "uniqueItems", || "items that all differ".into());
        }
        usable
    }

    /// Checks an object. `read` is called behind each declared member that is usable.
    pub(crate) fn check_object(&mut self, rule: &ObjectRule, mut read: Option<ReadMember<'_, 'a>>) -> bool {
        let start = self.cursor.pos;
        if self.cursor.peek() != b'{' {
            return self.wrong("an object");
        }
        let Some(mut more) = self.cursor.open(b'}') else { return false };
        let (mut usable, mut count, mut expected) = (true, 0u64, 0usize);
        let mut seen = Seen::default();
        // Where the text behind the last member begins, and whether a member goes out so far.
        let (mut behind, mut kept) = (start + 1, false);
        while more {
            let key = self.cursor.pos;
            let Some(field) = self.find_field(rule.fields, expected) else { return false };
            let keep = match field {
                Some(index) => {
                    expected = index + 1;
                    if seen.insert(index) {
                        let (field, value) = (&rule.fields[index], self.cursor.pos);
                        let fits = self.check(field.rule);
                        let absent = !fits && self.stands_for_absent(field, value);
                        usable &= fits | absent;
                        if let Some(read) = &mut read
                            && fits
                        {
                            self.read_again(value, field, read);
                        }
                        !absent
                    } else {
                        usable = self.duplicate();
                        true
                    }
                }
                None => match rule.additional {
                    Additional::Cut => {
                        self.cursor.skip();
                        self.keep_undeclared
                    }
                    Additional::Keep => {
                        self.cursor.skip();
                        true
                    }
                    Additional::Values(values) => {
                        usable &= self.check(values);
                        true
                    }
                    Additional::Refuse => {
                        let at = self.cursor.pos;
                        usable &= !self.rules
                            || self.is_extra(at)
                            || self.rule_violation(at, "additionalProperties", || "no member of this name".into());
                        self.cursor.skip();
                        self.keep_undeclared
                    }
                },
            };
            if self.probing && !usable {
                return false;
            }
            if !keep {
                self.cut(behind, self.cursor.pos);
            } else if !kept {
                // All before are cut: with them goes the comma.
                if count > 0 {
                    self.cut_before(behind, key);
                }
                kept = true;
            }
            behind = self.cursor.pos;
            count += 1;
            more = match self.cursor.next(b'}') {
                Some(more) => more,
                None => return false,
            };
        }
        let missing = rule.required & !seen.first != 0 || rule.fields.len() > 64;
        if missing {
            for (index, field) in rule.fields.iter().enumerate() {
                if field.required && !seen.contains(index) {
                    self.missing_in(start, field.name());
                    usable = false;
                }
            }
        }
        if self.rules && count < rule.min_properties {
            usable &=
                self.rule_violation(start, "minProperties", || format!("at least {} members", rule.min_properties));
        }
        if self.rules && count > rule.max_properties {
            usable &=
                self.rule_violation(start, "maxProperties", || format!("at most {} members", rule.max_properties));
        }
        usable
    }

    /// Steps over a key: which field it is, if any.
    #[inline]
    fn find_field(&mut self, fields: &[Field], expected: usize) -> Option<Option<usize>> {
        match self.cursor.find(self.cursor.pos, fields, expected) {
            Found::Key(index) => {
                self.cursor.pos += fields[index].name().len() + 2;
                self.cursor.colon()?;
                Some(Some(index))
            }
            Found::Other => self.cursor.key().map(|_| None),
            Found::Unclear => self.cursor.key_of(fields),
        }
    }

    /// Notes that a member is there twice and steps over the second.
    #[cold]
    pub(crate) fn duplicate(&mut self) -> bool {
        self.type_violation(self.cursor.pos, "duplicate", || "this member only once".into());
        self.cursor.skip();
        false
    }

    /// Leaves a range out of what goes out.
    fn cut(&mut self, from: usize, to: usize) {
        match self.cuts.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => self.cuts.push((from, to)),
        }
    }

    /// Leaves out a range that lies before the cuts made inside of the member that was just read.
    fn cut_before(&mut self, from: usize, to: usize) {
        let position = self.cuts.partition_point(|cut| cut.0 < from);
        match position.checked_sub(1).and_then(|before| self.cuts.get_mut(before)) {
            Some(before) if before.1 == from => before.1 = to,
            _ => self.cuts.insert(position, (from, to)),
        }
    }
}

/// What is done with a declared member: its name, and the rule of its value.
pub(crate) type ReadMember<'m, 'a> = &'m mut dyn FnMut(&mut Reader<'a>, &'static str, &'static Rule);

/// Which fields of a table were met.
#[derive(Default)]
struct Seen {
    first: u64,
    others: Vec<u64>,
}

impl Seen {
    /// Whether it is the first time.
    #[inline(always)]
    fn insert(&mut self, index: usize) -> bool {
        let bit = 1 << (index % 64);
        let word = if index < 64 {
            &mut self.first
        } else {
            if self.others.len() < index / 64 {
                self.others.resize(index / 64, 0);
            }
            &mut self.others[index / 64 - 1]
        };
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    fn contains(&self, index: usize) -> bool {
        let word = if index < 64 { self.first } else { self.others.get(index / 64 - 1).copied().unwrap_or(0) };
        word & 1 << (index % 64) != 0
    }
}

fn code_points(text: &str) -> u64 {
    text.chars().count() as u64
}
