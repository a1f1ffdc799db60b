//! Checks an object by its table: its members, those that are missing, and those that must not go out.

use std::borrow::Cow;

use crate::json::clause::Clauses;
use crate::json::field::Field;
use crate::json::key::Found;
use crate::json::lane::{Members, Stop};
use crate::json::names::ask_for;
use crate::json::reader::Reader;
use crate::json::rule::{Additional, ObjectRule, Rule};
use crate::json::scan::Cursor;

impl<'a> Reader<'a> {
    /// Checks an object. `read` is called behind each declared member that is usable; `seen` knows afterwards which members
    /// there are.
    pub(crate) fn check_object(
        &mut self,
        rule: &ObjectRule,
        mut read: Option<ReadMember<'_, 'a>>,
        seen: &mut Seen<'a>,
    ) -> bool {
        let start = self.cursor.pos;
        if self.cursor.peek() != b'{' {
            return self.wrong("an object");
        }
        let Some(mut more) = self.cursor.open(b'}') else { return false };
        let (mut usable, mut count, mut expected) = (true, 0u64, 0usize);
        // Where the text behind the last member begins, and whether there were members, none of which goes out.
        let (mut behind, mut none_kept) = (start + 1, false);
        while more {
            let mut found = None;
            if read.is_none() && !none_kept && self.cursor.depth > 0 {
                let mut members = Members { place: self.cursor.pos, behind, expected, seen: seen.first, count };
                let stop = members.take(self.cursor.text, rule.fields, &self.orders);
                (expected, behind, seen.first, count) = (members.expected, members.behind, members.seen, members.count);
                self.cursor.pos = members.place;
                match stop {
                    Stop::Behind => {
                        more = match self.cursor.next(b'}') {
                            Some(more) => more,
                            None => return false,
                        };
                        continue;
                    }
                    Stop::Value(field) => (found, expected) = (rule.fields.get(field), field),
                    Stop::Key => {}
                }
                self.cursor.space();
            }
            let key = self.cursor.pos;
            let field = match rule.fields.get(expected) {
                _ if found.is_some() => found,
                Some(field) if self.cursor.take_key(&field.key) => Some(field),
                _ => match self.find_field(rule.fields, &mut expected) {
                    Some(field) => field,
                    None => return false,
                },
            };
            let mut keep = true;
            match field {
                Some(field) if seen.insert(expected) => {
                    let value = self.cursor.pos;
                    expected += 1;
                    if !self.check(field.rule) {
                        keep = !self.stands_for_absent(field, value);
                        usable &= !keep;
                    } else if let Some(read) = &mut read {
                        self.read_again(value, field, read);
                    }
                }
                Some(_) => usable = self.duplicate(),
                None => {
                    seen.insert_undeclared(&self.cursor, key);
                    usable &= self.check_undeclared(rule.additional, &mut keep);
                }
            }
            if !usable && self.probing {
                return false;
            }
            if !keep {
                self.cut(behind, self.cursor.pos);
                none_kept |= count == 0;
            } else if none_kept {
                // All before are cut: with them goes the comma.
                self.cut_before(behind, key);
                none_kept = false;
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
            usable &= self.check_required(rule.fields, seen, start);
        }
        let sizes = rule.min_properties..=rule.max_properties;
        if self.rules && !sizes.contains(&count) {
            usable &= self.size_violation(rule, start, count);
        }
        usable
    }

    /// Steps over a key that is not the expected one: which field it is, if any, and from there on its place.
    #[inline(never)]
    fn find_field(&mut self, fields: &'static [Field], expected: &mut usize) -> Option<Option<&'static Field>> {
        if let Some(index) = self.orders.guess(fields, *expected)
            && self.cursor.take_key(&fields[index].key)
        {
            *expected = index;
            return Some(fields.get(index));
        }
        let found = match self.cursor.find(self.cursor.pos, fields, *expected) {
            Found::Key(index) => {
                self.cursor.pos += fields[index].name().len() + 2;
                self.cursor.colon()?;
                Some(index)
            }
            Found::Other => self.cursor.key().map(|_| None)?,
            Found::Unclear => self.cursor.key_of(fields)?,
        };
        let Some(index) = found else { return Some(None) };
        self.orders.note(fields, *expected, index);
        *expected = index;
        Some(fields.get(index))
    }

    /// Goes on with a member that is not declared: whether it is usable. Sets `keep` to whether it goes out.
    #[inline(never)]
    fn check_undeclared(&mut self, additional: Additional, keep: &mut bool) -> bool {
        match additional {
            Additional::Cut => {
                *keep = self.keep_undeclared;
                self.cursor.skip();
                true
            }
            Additional::Keep => {
                self.cursor.skip();
                true
            }
            Additional::Values(values) => self.check(values),
            Additional::Refuse => {
                *keep = self.keep_undeclared;
                let at = self.cursor.pos;
                let expected = || "no member of this name".into();
                let usable =
                    !self.rules || self.is_extra(at) || self.rule_violation(at, "additionalProperties", expected);
                self.cursor.skip();
                usable
            }
        }
    }

    /// Whether all fields that must be there were met.
    #[cold]
    fn check_required(&mut self, fields: &[Field], seen: &Seen<'_>, start: usize) -> bool {
        let mut usable = true;
        for (index, field) in fields.iter().enumerate() {
            if field.required && !seen.contains(index) {
                self.missing_in(start, field.name());
                usable = false;
            }
        }
        usable
    }

    #[cold]
    fn size_violation(&mut self, rule: &ObjectRule, start: usize, count: u64) -> bool {
        if count < rule.min_properties {
            self.rule_violation(start, "minProperties", || format!("at least {} members", rule.min_properties))
        } else {
            self.rule_violation(start, "maxProperties", || format!("at most {} members", rule.max_properties))
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

/// Which members were met.
#[derive(Default)]
pub(crate) struct Seen<'a> {
    /// Fields of the table, a bit each.
    first: u64,
    others: Vec<u64>,
    /// What asks for names, and those that it asks for and the table does not have.
    asked_by: Clauses,
    undeclared: Vec<Cow<'a, str>>,
}

impl<'a> Seen<'a> {
    /// Nothing yet; the names are noted that clauses ask for.
    pub(crate) fn asked_by(clauses: Clauses) -> Seen<'a> {
        Seen { asked_by: clauses, ..Seen::default() }
    }

    /// Whether it is the first time.
    #[inline(always)]
    fn insert(&mut self, index: usize) -> bool {
        if index >= 64 {
            return self.insert_other(index);
        }
        let before = self.first;
        self.first |= 1 << index;
        self.first != before
    }

    #[cold]
    fn insert_other(&mut self, index: usize) -> bool {
        if self.others.len() < index / 64 {
            self.others.resize(index / 64, 0);
        }
        let word = &mut self.others[index / 64 - 1];
        let before = *word;
        *word |= 1 << (index % 64);
        *word != before
    }

    /// Of a member whose key begins at `key`, in front of its value.
    #[inline]
    fn insert_undeclared(&mut self, cursor: &Cursor<'a>, key: usize) {
        if !self.asked_by.is_empty() {
            self.note_name(cursor, key);
        }
    }

    #[inline(never)]
    fn note_name(&mut self, cursor: &Cursor<'a>, key: usize) {
        let mut again = Cursor { pos: key, ..cursor.clone() };
        if let Some(name) = again.string().map(|quoted| cursor.string_text(quoted))
            && !self.undeclared.contains(&name)
            && ask_for(self.asked_by, &name)
        {
            self.undeclared.push(name);
        }
    }

    fn contains(&self, index: usize) -> bool {
        let word = if index < 64 { self.first } else { self.others.get(index / 64 - 1).copied().unwrap_or(0) };
        word & 1 << (index % 64) != 0
    }

    /// Whether a member was met, of those that are declared or asked for.
    pub(crate) fn has(&self, fields: &[Field], name: &str) -> bool {
        match fields.iter().position(|field| field.name() == name) {
            Some(index) => self.contains(index),
            None => self.undeclared.iter().any(|one| one == name),
        }
    }
}
