//! Schemas as values go one way: what is `readOnly` is not asked of requests, what is `writeOnly` not of answers
//! (OpenAPI 3.0, Schema Object). Where that makes a difference, the schema of that way is one of its own.

use std::collections::{BTreeSet, HashMap, HashSet};

use indexmap::IndexSet;

use super::clauses::{Clause, Clauses, ClausesId};
use super::{Additional, Kind, Schema, SchemaId, Schemas, Tell, UnionRules, tell};

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From a client, or to a service.
    Request,
    /// From a service.
    Response,
}

/// Names of members that are not asked for.
type Names = BTreeSet<String>;

impl Direction {
    /// Whether a member of a schema goes the other way only.
    pub fn lacks(self, schema: &Schema) -> bool {
        match self {
            Direction::Request => schema.read_only && !schema.write_only,
            Direction::Response => schema.write_only && !schema.read_only,
        }
    }
}

impl Schemas {
    /// What a schema asks for of values that go one way; itself, where that is the same.
    pub fn one_way(&mut self, root: SchemaId, direction: Direction) -> SchemaId {
        let found = self.not_known(root, direction);
        let changed = self.changed(&found, direction);
        for id in &found {
            let turned = match changed.contains(id) {
                true => self.add(Schema { going: Some((direction, *id)), ..self.get(*id).clone() }),
                false => *id,
            };
            self.turned.insert((*id, direction), turned);
        }
        let turned: Vec<(SchemaId, SchemaId)> =
            found.iter().filter(|id| changed.contains(id)).map(|id| (*id, self.turned[&(*id, direction)])).collect();
        for (from, to) in &turned {
            self.turn(*from, *to, direction);
        }
        // They are told apart by what they require.
        turned.iter().for_each(|(_, to)| tell::fill(self, *to));
        self.turned.get(&(root, direction)).copied().unwrap_or(root)
    }

    /// The schema as it stands in its document, of one that says what goes one way.
    pub fn both_ways(&self, id: SchemaId) -> SchemaId {
        self.get(id).going.map_or(id, |(_, from)| from)
    }

    /// What a schema leads to, itself first, but for what was seen before.
    fn not_known(&mut self, root: SchemaId, direction: Direction) -> IndexSet<SchemaId> {
        let mut found = IndexSet::new();
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if !self.turned.contains_key(&(id, direction)) && found.insert(id) {
                every_part(self.get_mut(id), &mut |part| open.push(*part));
            }
        }
        found
    }

    /// Those of the schemas that are others that way: they ask for less, or lead to what does.
    fn changed(&mut self, found: &IndexSet<SchemaId>, direction: Direction) -> HashSet<SchemaId> {
        let mut leads: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        let mut open = Vec::new();
        for id in found {
            let mut inner = Vec::new();
            every_part(self.get_mut(*id), &mut |part| inner.push(*part));
            let known = |part: &SchemaId| self.turned.get(&(*part, direction)).is_some_and(|turned| turned != part);
            if inner.iter().any(known) || self.asks(*id, direction) {
                open.push(*id);
            }
            inner.into_iter().for_each(|part| leads.entry(part).or_default().push(*id));
        }
        let mut changed = HashSet::new();
        while let Some(id) = open.pop() {
            if changed.insert(id) {
                open.extend(leads.get(&id).into_iter().flatten());
            }
        }
        changed
    }

    /// Whether a schema itself asks for what goes the other way only.
    fn asks(&self, id: SchemaId, direction: Direction) -> bool {
        let schema = self.get(id);
        let mut lacking = self.lacking(schema, direction);
        let required = match &schema.kind {
            Kind::Object(rules) => rules.properties.iter().any(|p| p.required && lacking.contains(&p.name)),
            _ => false,
        };
        let lists: Vec<&Clauses> = self.clauses_of(id).into_iter().map(|id| self.clauses(id)).collect();
        let declared = lists.iter().flat_map(|list| &list.one_way).filter(|(_, to)| *to == direction);
        lacking.extend(declared.map(|(name, _)| name.clone()));
        let asks = |clause: &Clause| match clause {
            Clause::Required(all) => all.iter().any(|name| lacking.contains(name)),
            Clause::DependentRequired(all) => all.iter().flat_map(|(_, all)| all).any(|name| lacking.contains(name)),
            _ => false,
        };
        required
            || schema.kind.alternatives().is_some_and(|rules| self.is_untold(rules, direction))
            || schema.clauses.iter().chain(lists.iter().flat_map(|list| &list.all)).any(asks)
    }

    /// Whether what tells alternatives apart goes the other way only.
    fn is_untold(&self, rules: &UnionRules, direction: Direction) -> bool {
        let Some(told) = &rules.discriminator else { return false };
        rules.members.iter().any(|member| self.lacking(self.get(*member), direction).contains(&told.property))
    }

    /// Members that go the other way only.
    fn lacking(&self, schema: &Schema, direction: Direction) -> Names {
        match &schema.kind {
            Kind::Object(rules) => {
                let lacking = rules.properties.iter().filter(|property| direction.lacks(self.get(property.schema)));
                lacking.map(|property| property.name.clone()).collect()
            }
            _ => Names::new(),
        }
    }

    fn turn(&mut self, from: SchemaId, to: SchemaId, direction: Direction) {
        let lacking = self.lacking(self.get(from), direction);
        let mut schema = self.get(to).clone();
        let untold = schema.kind.alternatives().is_some_and(|rules| self.is_untold(rules, direction));
        schema.clauses = Turn::new(self, direction).clauses(&schema.clauses, &lacking);
        every_part(&mut schema, &mut |part| *part = self.turned.get(&(*part, direction)).copied().unwrap_or(*part));
        if let Kind::Object(rules) = &mut schema.kind {
            rules.properties.iter_mut().for_each(|property| property.required &= !lacking.contains(&property.name));
        }
        let alternatives = match &mut schema.kind {
            Kind::Union(rules) => Some(rules),
            Kind::Object(rules) => rules.heirs.as_deref_mut(),
            _ => None,
        };
        if let Some(rules) = alternatives.filter(|_| untold) {
            rules.discriminator = None;
            rules.tell = Tell::None { reason: "what tells them apart is not sent".to_owned() };
        }
        *self.get_mut(to) = schema;
    }
}

/// Every schema that one is made of, or is a copy of.
fn every_part(schema: &mut Schema, visit: &mut dyn FnMut(&mut SchemaId)) {
    schema.copy_of.iter_mut().for_each(&mut *visit);
    match &mut schema.kind {
        Kind::Nullable(inner) => visit(inner),
        Kind::Array(rules) => {
            visit(&mut rules.items);
            rules.prefix_items.iter_mut().for_each(&mut *visit);
            visit(&mut rules.rest);
        }
        Kind::Object(rules) => {
            rules.properties.iter_mut().for_each(|property| visit(&mut property.schema));
            rules.pattern_properties.iter_mut().for_each(|(_, values)| visit(values));
            rules.pattern_values.iter_mut().for_each(&mut *visit);
            for others in [&mut rules.additional, &mut rules.unmatched] {
                if let Additional::Schema(values) = others {
                    visit(values);
                }
            }
            rules.heirs.iter_mut().flat_map(|heirs| &mut heirs.members).for_each(visit);
        }
        Kind::Union(rules) => rules.members.iter_mut().for_each(visit),
        _ => {}
    }
}

/// Clauses that are being turned. What tests a value (`not`, `if`) stays as it is: it asks for nothing.
struct Turn<'s> {
    schemas: &'s mut Schemas,
    direction: Direction,
    /// Lists that were met, with the names that are not asked for there.
    known: HashMap<(ClausesId, Names), ClausesId>,
    open: Vec<(ClausesId, ClausesId, Names)>,
}

impl<'s> Turn<'s> {
    fn new(schemas: &'s mut Schemas, direction: Direction) -> Self {
        Turn { schemas, direction, known: HashMap::new(), open: Vec::new() }
    }

    fn clauses(mut self, clauses: &[Clause], names: &Names) -> Vec<Clause> {
        let turned = clauses.iter().map(|clause| self.clause(clause, names)).collect();
        // A list at a time: they can lead to each other as long as they like.
        while let Some((from, to, names)) = self.open.pop() {
            let clauses = self.schemas.clauses(from).clone();
            let turned = clauses.all.iter().map(|clause| self.clause(clause, &names)).collect();
            let to = self.schemas.clauses_mut(to);
            (to.all, to.unsupported) = (turned, clauses.unsupported);
        }
        turned
    }

    /// A list about the same value (with the names that are known of it), or about a part of it (with none).
    fn list(&mut self, id: ClausesId, names: &Names) -> ClausesId {
        let clauses = self.schemas.clauses(id);
        let own = clauses.one_way.iter().filter(|(_, to)| *to == self.direction).map(|(name, _)| name.clone());
        let names: Names = names.iter().cloned().chain(own).collect();
        let key = (id, names);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let name = clauses.name.clone();
        let to = self.schemas.add_clauses(&name);
        self.open.push((id, to, key.1.clone()));
        self.known.insert(key, to);
        to
    }

    fn clause(&mut self, clause: &Clause, names: &Names) -> Clause {
        let none = Names::new();
        let asked = |all: &[String]| all.iter().filter(|name| !names.contains(*name)).cloned().collect();
        let mut turned = clause.clone();
        match &mut turned {
            Clause::Required(all) => *all = asked(all),
            Clause::DependentRequired(all) => all.iter_mut().for_each(|(_, all)| *all = asked(all)),
            Clause::Ref(one) => *one = self.list(*one, names),
            Clause::AllOf(all) => all.iter_mut().for_each(|one| *one = self.list(*one, names)),
            Clause::DependentSchemas(all) => all.iter_mut().for_each(|(_, one)| *one = self.list(*one, names)),
            Clause::If { then, otherwise, .. } => {
                [then, otherwise].into_iter().flatten().for_each(|one| *one = self.list(*one, names));
            }
            // There is another choice: only what an alternative declares itself is left out.
            Clause::AnyOf(all) | Clause::OneOf(all) | Clause::PrefixItems(all) => {
                all.iter_mut().for_each(|one| *one = self.list(*one, &none));
            }
            Clause::Items(_, one)
            | Clause::Contains { item: one, .. }
            | Clause::AdditionalProperties { value: one, .. }
            | Clause::UnevaluatedProperties(one)
            | Clause::UnevaluatedItems(one) => *one = self.list(*one, &none),
            Clause::Properties(all) | Clause::PatternProperties(all) => {
                all.iter_mut().for_each(|(_, one)| *one = self.list(*one, &none));
            }
            _ => {}
        }
        turned
    }
}
