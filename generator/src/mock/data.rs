//! Seeded data that satisfies a schema.

use crate::schema::{
    Additional, ArrayRules, Direction, Json, Kind, ObjectRules, Property, SchemaId, Schemas, StringRules, UnionRules,
};

use super::check::{Checker, Patterns};
use super::random::Random;
use super::{number, string};

/// Nesting from which on everything that may be left out is left out.
const DEEP: usize = 12;
/// Nesting at which a schema that requires itself is given up.
const TOO_DEEP: usize = 80;
/// Values in one answer, beyond which everything that may be left out is left out.
const MANY: usize = 2_000;
/// How often another item is tried where items must differ.
const ATTEMPTS: usize = 30;

/// Which of the members that may be absent are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    /// All in the first of a list, most in the others.
    Usual,
    /// All that may be.
    All,
    /// Some, by chance.
    Some,
    /// None.
    None,
}

impl Presence {
    /// What is tried where a value is not as clauses say, one after the other.
    const TURNS: [Presence; 4] = [Presence::All, Presence::Some, Presence::None, Presence::Some];
}

/// Data, and what could not be satisfied, a sentence each.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The value.
    pub value: Json,
    /// What is wrong with it; empty where it satisfies the schema.
    pub notes: Vec<String>,
}

/// A value for the schema: `readOnly` is not sent, `writeOnly` is not received. The same schema and seed give the same value.
pub fn sample(schemas: &Schemas, id: SchemaId, seed: u64, direction: Direction) -> Sample {
    let patterns = Patterns::default();
    let mut maker = Maker {
        check: Checker { schemas, patterns: &patterns, sending: matches!(direction, Direction::Request) },
        random: Random::new(seed),
        direction,
        stack: Vec::new(),
        made: 0,
        presence: Presence::Usual,
        notes: Vec::new(),
    };
    let value = maker.make(id, true);
    Sample { value, notes: maker.notes }
}

struct Maker<'s> {
    check: Checker<'s>,
    random: Random,
    direction: Direction,
    /// Schemas that the value being made is nested in.
    stack: Vec<SchemaId>,
    made: usize,
    presence: Presence,
    notes: Vec<String>,
}

impl<'s> Maker<'s> {
    /// `first`: not a later item of a list, so examples are used and everything optional is there.
    fn make(&mut self, id: SchemaId, first: bool) -> Json {
        let schema = self.check.schemas.get(id);
        self.made += 1;
        if self.stack.len() >= TOO_DEEP && self.stack.contains(&id) {
            self.note(format!("`{}` requires itself without end: no value satisfies it", schema.name));
            return Json::Null;
        }
        if let Some(allowed) = schema.allowed.as_deref().filter(|allowed| !allowed.is_empty()) {
            let start = self.random.below(allowed.len());
            let turned = allowed.iter().cycle().skip(start).take(allowed.len());
            let chosen = turned.clone().find(|value| self.check.valid(id, value)).unwrap_or(&allowed[start]);
            return chosen.clone();
        }
        if let Some(example) = schema.examples.iter().find(|example| first && self.check.valid(id, example)) {
            return example.clone();
        }
        self.stack.push(id);
        let value = match schema.clauses.is_empty() {
            true => self.of_kind(id, &schema.kind, first),
            false => self.as_clauses_say(id, first),
        };
        self.stack.pop();
        value
    }

    /// A value that clauses let pass: made anew with other choices until one does.
    fn as_clauses_say(&mut self, id: SchemaId, first: bool) -> Json {
        let schema = self.check.schemas.get(id);
        let (before, notes) = (self.presence, self.notes.len());
        let mut value = self.of_kind(id, &schema.kind, first);
        for attempt in 0..ATTEMPTS {
            // In deep recursion nothing gets better by trying again, and trying multiplies.
            if self.check.holds(&schema.clauses, &value) || self.tight() {
                break;
            }
            self.notes.truncate(notes);
            self.presence = Presence::TURNS[attempt % Presence::TURNS.len()];
            value = self.of_kind(id, &schema.kind, false);
            self.presence = before;
        }
        if !self.check.holds(&schema.clauses, &value) {
            self.note(format!("`{}`: no value was found that all its keywords let pass; add an example", schema.name));
        }
        value
    }

    fn of_kind(&mut self, id: SchemaId, kind: &'s Kind, first: bool) -> Json {
        match kind {
            Kind::Any => Json::from(string::word(&mut self.random)),
            Kind::Null => Json::Null,
            Kind::Never => {
                self.note(format!("no value satisfies `{}`", self.name(id)));
                Json::Null
            }
            Kind::Unsupported { what, .. } => {
                self.note(format!("`{}` uses {what}, which is not supported: its value is null", self.name(id)));
                Json::Null
            }
            Kind::Nullable(inner) => {
                let null = self.tight() || self.repeats(*inner) || self.random.one_in(if first { 12 } else { 5 });
                if null { Json::Null } else { self.make(*inner, first) }
            }
            Kind::Boolean => Json::from(self.random.one_in(2)),
            Kind::Integer(rules) | Kind::Number(rules) => {
                let integer = matches!(kind, Kind::Integer(_));
                number::make(rules, integer, &mut self.random).unwrap_or_else(|| {
                    self.note(format!("no number satisfies the bounds of `{}`", self.name(id)));
                    Json::from(0)
                })
            }
            Kind::String(rules) => match string::make(rules, self.name(id), self.check.patterns, &mut self.random) {
                Ok(text) => Json::from(text),
                Err(best) => {
                    let schema = self.check.schemas.get(id);
                    if let Some(example) = schema.examples.iter().find(|e| e.is_string() && self.check.valid(id, e)) {
                        return example.clone();
                    }
                    let rule = match &rules.pattern {
                        Some(pattern) => format!("the pattern `{pattern}`"),
                        None => "the rules".to_owned(),
                    };
                    self.note(format!("`{}`: cannot make a text that satisfies {rule}; add an example", schema.name));
                    Json::from(best)
                }
            },
            Kind::Array(rules) => Json::from(self.array(id, rules, first)),
            Kind::Object(ObjectRules { heirs: Some(heirs), .. }) => self.union(id, heirs, first),
            Kind::Object(rules) => Json::from(self.object(rules, first)),
            Kind::Union(rules) => self.union(id, rules, first),
        }
    }

    fn array(&mut self, id: SchemaId, rules: &ArrayRules, first: bool) -> Vec<Json> {
        let min = rules.min_items.unwrap_or(0);
        let max = rules.max_items.unwrap_or(u64::MAX);
        let never = matches!(self.check.schemas.get(rules.rest).kind, Kind::Never);
        // behind the places that are named nothing may come
        let max = if never { max.min(rules.prefix_items.len() as u64) } else { max };
        let never = never && rules.prefix_items.is_empty();
        let usual = match self.stack.len() {
            _ if never || self.tight() || self.repeats(rules.items) => 0,
            0..=4 => self.random.between(2, 5) as u64,
            _ => self.random.between(1, 2) as u64,
        };
        let count = usual.clamp(min.min(max), max).min(10_000);
        let mut items: Vec<Json> = Vec::new();
        for at in 0..count {
            let schema = rules.at(at as usize);
            let mut item = self.make(schema, first && at == 0);
            let mut attempt = 0;
            while rules.unique_items && items.contains(&item) && attempt < ATTEMPTS {
                item = self.make(schema, false);
                attempt += 1;
            }
            if !(rules.unique_items && items.contains(&item)) {
                items.push(item);
            }
        }
        if (items.len() as u64) < min {
            self.note(format!("`{}` wants {min} different items; only {} were found", self.name(id), items.len()));
        }
        items
    }

    fn object(&mut self, rules: &'s ObjectRules, first: bool) -> serde_json::Map<String, Json> {
        let max = usize::try_from(rules.max_properties.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        let min = usize::try_from(rules.min_properties.unwrap_or(0)).unwrap_or(usize::MAX).min(1_000);
        let required = rules.properties.iter().filter(|property| property.required).count();
        let mut room = max.saturating_sub(required);
        let mut members = serde_json::Map::new();
        for property in &rules.properties {
            if !self.wanted(property, first, min) || (!property.required && room == 0) {
                continue;
            }
            if !property.required {
                room -= 1;
            }
            let value = self.make(property.schema, first);
            members.insert(property.name.clone(), value);
        }
        let by_pattern = rules.pattern_properties.first();
        let extra = match &rules.additional {
            Additional::Any if by_pattern.is_some_and(|(_, id)| !self.tight() && !self.repeats(*id)) => 1,
            Additional::Schema(schema) if rules.properties.is_empty() && !self.tight() && !self.repeats(*schema) => 2,
            _ => 0,
        };
        let target = min.max(members.len() + extra).min(max);
        for attempt in 0..target.saturating_mul(4) {
            if members.len() >= target {
                break;
            }
            let word = string::word(&mut self.random);
            let word = if attempt < 8 { word.to_owned() } else { format!("{word}{attempt}") };
            let key = self.key(rules).unwrap_or(word);
            let value = match &rules.additional {
                Additional::Forbidden => break,
                _ if !members.contains_key(&key) && by_pattern.is_some() => {
                    let Some((_, schema)) = by_pattern else { break };
                    self.make(*schema, first && members.is_empty())
                }
                _ if members.contains_key(&key) => continue,
                Additional::Schema(schema) => self.make(*schema, first && members.is_empty()),
                Additional::Any | Additional::Unsaid => Json::from(string::word(&mut self.random)),
            };
            members.insert(key, value);
        }
        members
    }

    /// A name that `patternProperties` or `propertyNames` asks for.
    fn key(&mut self, rules: &ObjectRules) -> Option<String> {
        let by_pattern = rules.pattern_properties.first();
        let by_pattern =
            by_pattern.map(|(pattern, _)| StringRules { pattern: Some(pattern.clone()), ..StringRules::default() });
        let names = rules.property_names.map(|id| self.check.schemas.get(id));
        if let (None, Some(allowed)) = (&by_pattern, names.and_then(|names| names.allowed.as_ref())) {
            let at = self.random.below(allowed.len());
            return allowed.get(at).and_then(Json::as_str).map(str::to_owned);
        }
        let by_names = names.and_then(|names| match &names.kind {
            Kind::String(rules) => Some(rules.clone()),
            _ => None,
        });
        let wanted = by_pattern.or(by_names)?;
        string::make(&wanted, "name", self.check.patterns, &mut self.random).ok()
    }

    /// Whether a declared member is there.
    fn wanted(&mut self, property: &Property, first: bool, min: usize) -> bool {
        let schema = self.check.schemas.get(property.schema);
        match self.direction {
            Direction::Request if schema.read_only => return false,
            Direction::Response if schema.write_only && !property.required => return false,
            _ if property.required => return true,
            _ => {}
        }
        let possible = !matches!(schema.kind, Kind::Never | Kind::Unsupported { .. });
        // A list of itself may be empty and a null of itself null, so only the bare case is left out.
        let usual = match self.presence {
            Presence::Usual => first || !self.random.one_in(5),
            Presence::All => true,
            Presence::Some => self.random.one_in(2),
            Presence::None => false,
        };
        let least = min > 0 && self.presence == Presence::Usual;
        possible && (least || !self.tight() && usual && !self.repeats(property.schema))
    }

    fn union(&mut self, id: SchemaId, rules: &UnionRules, first: bool) -> Json {
        let count = rules.members.len();
        let start = if first { 0 } else { self.random.below(count) };
        let mut order: Vec<usize> = (0..count).map(|at| (start + at) % count).collect();
        if self.tight() {
            order.sort_by_key(|at| !self.ends(rules.members[*at], &mut Vec::new()));
        }
        let mut last = Json::Null;
        for at in order {
            for _ in 0..3 {
                let notes = self.notes.len();
                last = self.member(rules, at, first);
                if self.check.valid(id, &last) {
                    return last;
                }
                // In deep recursion nothing gets better by trying again, and trying multiplies.
                if self.tight() {
                    break;
                }
                self.notes.truncate(notes);
            }
        }
        self.note(format!(
            "`{}`: no value was found that matches as many of its alternatives as it should",
            self.name(id)
        ));
        last
    }

    /// A value of one alternative, with the discriminator that names it.
    fn member(&mut self, rules: &UnionRules, at: usize, first: bool) -> Json {
        let id = rules.members[at];
        let mut value = self.make(id, first);
        if let (Some(tag), Json::Object(members)) = (&rules.discriminator, &mut value) {
            let names: Vec<&str> =
                tag.mapping.iter().filter(|(_, to)| *to == at).map(|(name, _)| name.as_str()).collect();
            let fits = members.get(&tag.property).and_then(Json::as_str).is_some_and(|now| names.contains(&now));
            if let (false, Some(name)) = (fits, names.first()) {
                members.insert(tag.property.clone(), Json::from(*name));
            }
        }
        value
    }

    /// Whether the smallest value of a schema ends without running into the schema again.
    fn ends(&self, id: SchemaId, path: &mut Vec<SchemaId>) -> bool {
        if path.len() > DEEP || path.contains(&id) || self.repeats(id) {
            return false;
        }
        path.push(id);
        let ends = match &self.check.schemas.get(id).kind {
            Kind::Array(rules) => rules.min_items.unwrap_or(0) == 0 || self.ends(rules.items, path),
            Kind::Object(rules) => rules.properties.iter().all(|p| !p.required || self.ends(p.schema, path)),
            Kind::Union(rules) => rules.members.iter().any(|member| self.ends(*member, path)),
            Kind::Never => false,
            _ => true,
        };
        path.pop();
        ends
    }

    /// Whether to leave out what may be left out.
    fn tight(&self) -> bool {
        self.stack.len() > DEEP || self.made > MANY
    }

    /// Whether a value of this schema is being made already, with one more inside it.
    fn repeats(&self, id: SchemaId) -> bool {
        self.stack.iter().filter(|open| **open == id).count() >= 2
    }

    fn name(&self, id: SchemaId) -> &'s str {
        &self.check.schemas.get(id).name
    }

    fn note(&mut self, note: String) {
        if self.notes.len() < 20 && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
