//! Demand: which parts of which schemas a composition reads, and so what is generated, decoded and checked.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};

use super::ty::{Ty, TyKind};
use crate::schema::{Additional, Kind, SchemaId, Schemas};

/// What is wanted of each schema.
#[derive(Clone, Debug, Default)]
pub struct Demand {
    uses: IndexMap<SchemaId, Use>,
    /// The endpoint that is checked, by position.
    pub reading: Option<usize>,
    /// Which endpoints read a member of an object, or with none the whole. Looked up only, never walked.
    readers: HashMap<(SchemaId, Option<String>), Vec<usize>>,
    /// Objects that are made of other values: where they go out whole, so do their members.
    made: IndexSet<SchemaId>,
}

/// What is wanted of one schema.
#[derive(Clone, Debug, Default)]
pub struct Use {
    /// It is looked into: an object has a struct, a list is a `Vec`.
    pub typed: bool,
    /// It goes out whole: it is carried as text.
    pub raw: bool,
    /// Members that are read, of an object.
    pub fields: IndexSet<String>,
    /// Members that are looked into, of a union, by position.
    pub members: IndexSet<usize>,
    /// Some `$match` of a union has no case for what is of no member.
    pub closed: bool,
}

impl Demand {
    /// A member of an object is read.
    pub fn field(&mut self, object: SchemaId, name: &str) {
        let used = self.uses.entry(object).or_default();
        used.typed = true;
        used.fields.insert(name.to_string());
        self.read(object, Some(name));
    }

    fn raw(&mut self, id: SchemaId) {
        self.uses.entry(id).or_default().raw = true;
        self.read(id, None);
    }

    fn read(&mut self, object: SchemaId, name: Option<&str>) {
        if let Some(reading) = self.reading {
            let readers = self.readers.entry((object, name.map(str::to_owned))).or_default();
            if readers.last() != Some(&reading) {
                readers.push(reading);
            }
        }
    }

    /// Another endpoint that reads a member of an object, where this one does not.
    pub fn other_reader(&self, object: SchemaId, name: &str, own: Option<usize>) -> Option<usize> {
        let of = |name: Option<&str>| self.readers.get(&(object, name.map(str::to_owned))).into_iter().flatten();
        let mut all = of(Some(name)).chain(of(None)).copied();
        let first = all.next()?;
        (Some(first) != own && all.all(|other| Some(other) != own)).then_some(first)
    }

    /// A value of an object's schema is made of other values.
    pub fn made(&mut self, object: SchemaId) {
        self.made.insert(object);
    }

    /// A union is taken apart; `closed` says that there is no case for what is of no member.
    pub fn matched(&mut self, union: SchemaId, closed: bool) {
        let used = self.uses.entry(union).or_default();
        used.typed = true;
        used.closed |= closed;
    }

    /// A member of a union is looked into.
    pub fn member(&mut self, union: SchemaId, position: usize) {
        self.uses.entry(union).or_default().members.insert(position);
    }

    /// The items of a list or the values of a map are looked at.
    pub fn items(&mut self, ty: &Ty) {
        if let (Some(schema), TyKind::List(_) | TyKind::Map(_)) = (ty.schema, &ty.kind) {
            self.uses.entry(schema).or_default().typed = true;
        }
    }

    /// A value becomes one of several that an expression gives: where the type of them all is not of the
    /// value's schema, it is a list (or map) in Rust and no text of a body.
    pub fn joined(&mut self, value: &Ty, all: &Ty) {
        match (&value.kind, &all.kind) {
            (TyKind::Optional(value), TyKind::Optional(all)) | (TyKind::Nullable(value), TyKind::Nullable(all)) => {
                self.joined(value, all);
            }
            (_, TyKind::Optional(all) | TyKind::Nullable(all)) => self.joined(value, all),
            (TyKind::Table(_, value), TyKind::Table(_, all)) => self.joined(value, all),
            (TyKind::List(item), TyKind::List(all_items)) | (TyKind::Map(item), TyKind::Map(all_items)) => {
                if value.schema != all.schema {
                    self.items(value);
                }
                // Lists of no schema, too, may be of items of different ones.
                self.joined(item, all_items);
            }
            _ => {}
        }
    }

    /// A value stands where one of another schema is wanted: where both are lists or maps, both are in Rust.
    pub fn meets(&mut self, value: &Ty, want: &Ty) {
        match (&value.kind, &want.kind) {
            (TyKind::Optional(value) | TyKind::Nullable(value), TyKind::Optional(want) | TyKind::Nullable(want)) => {
                self.meets(value, want);
            }
            (_, TyKind::Optional(want) | TyKind::Nullable(want)) => self.meets(value, want),
            (TyKind::List(item), TyKind::List(wanted)) | (TyKind::Map(item), TyKind::Map(wanted))
                if value.schema != want.schema =>
            {
                self.items(value);
                self.items(want);
                self.meets(item, wanted);
            }
            _ => {}
        }
    }

    /// The value goes out as it is.
    pub fn whole(&mut self, ty: &Ty) {
        match &ty.kind {
            TyKind::Object(id) | TyKind::Union(id) => self.raw(*id),
            TyKind::List(item) | TyKind::Map(item) => match ty.schema {
                Some(schema) => self.raw(schema),
                None => self.whole(item),
            },
            TyKind::Keyed(_, inner) | TyKind::Table(_, inner) | TyKind::Nullable(inner) | TyKind::Optional(inner) => {
                self.whole(inner)
            }
            TyKind::Any => {
                if let Some(schema) = ty.schema {
                    self.raw(schema);
                }
            }
            _ => {}
        }
    }

    /// Everything of the value is wanted as typed fields: it goes to a hook.
    pub fn deep(&mut self, schemas: &Schemas, id: SchemaId) {
        let id = schemas.canonical(id);
        let used = self.uses.entry(id).or_default();
        match &schemas.get(id).kind {
            Kind::Nullable(inner) => self.deep(schemas, *inner),
            Kind::Array(rules) => {
                used.typed = true;
                self.deep(schemas, rules.items);
            }
            Kind::Object(_) if is_free(schemas, id) => used.raw = true,
            Kind::Object(rules) => {
                let names: IndexSet<String> = rules.properties.iter().map(|p| p.name.clone()).collect();
                if used.typed && names.iter().all(|n| used.fields.contains(n)) {
                    return;
                }
                used.typed = true;
                used.fields.extend(names);
                if let Additional::Schema(values) = rules.additional {
                    self.deep(schemas, values);
                }
                for property in &rules.properties {
                    self.deep(schemas, property.schema);
                }
            }
            _ => used.raw = true,
        }
    }

    /// Lets demand flow down: where a list is looked into and also goes out whole, its items do both.
    pub fn settle(&mut self, schemas: &Schemas) {
        let mut at = 0;
        while let Some((&id, used)) = self.uses.get_index(at) {
            let used = used.clone();
            at += 1;
            let inner = match &schemas.get(id).kind {
                Kind::Nullable(inner) => vec![*inner],
                Kind::Array(rules) if used.typed => vec![rules.items],
                Kind::Union(rules) if used.typed => rules.members.clone(),
                Kind::Object(rules) if used.raw && self.made.contains(&id) => {
                    rules.properties.iter().map(|property| property.schema).collect()
                }
                Kind::Object(rules) if used.typed && rules.properties.is_empty() => match rules.additional {
                    Additional::Schema(values) => vec![values],
                    _ => continue,
                },
                _ => continue,
            };
            for inner in inner {
                let entry = self.uses.entry(schemas.canonical(inner)).or_default();
                if used.raw && !entry.raw {
                    entry.raw = true;
                    at = 0;
                }
            }
        }
    }

    /// Every schema that goes out whole, alone or within another that does.
    pub fn whole_schemas(&self, schemas: &Schemas) -> HashSet<SchemaId> {
        let mut whole = HashSet::new();
        let mut open: Vec<SchemaId> = self.uses.iter().filter(|(_, used)| used.raw).map(|(id, _)| *id).collect();
        while let Some(id) = open.pop() {
            let id = schemas.canonical(id);
            if !whole.insert(id) {
                continue;
            }
            match &schemas.get(id).kind {
                Kind::Nullable(inner) => open.push(*inner),
                Kind::Array(rules) => open.push(rules.items),
                Kind::Object(rules) => {
                    open.extend(rules.properties.iter().map(|property| property.schema));
                    open.extend(rules.heirs.iter().flat_map(|heirs| &heirs.members));
                    if let Additional::Schema(values) = rules.additional {
                        open.push(values);
                    }
                }
                Kind::Union(rules) => open.extend(&rules.members),
                _ => {}
            }
        }
        whole
    }

    /// What is wanted of a schema.
    pub fn of(&self, id: SchemaId) -> Option<&Use> {
        self.uses.get(&id)
    }

    /// Whether it is looked into.
    pub fn is_typed(&self, id: SchemaId) -> bool {
        self.of(id).is_some_and(|used| used.typed)
    }

    /// Whether it goes out whole.
    pub fn is_raw(&self, id: SchemaId) -> bool {
        self.of(id).is_some_and(|used| used.raw)
    }

    /// Every schema that is wanted, in the order in which it was first.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Use)> {
        self.uses.iter().map(|(id, used)| (*id, used))
    }
}

/// Whether an object has no declared fields and takes any: it is carried as text.
pub fn is_free(schemas: &Schemas, id: SchemaId) -> bool {
    match &schemas.get(id).kind {
        Kind::Object(rules) => {
            rules.properties.is_empty() && matches!(rules.additional, Additional::Unsaid | Additional::Any)
        }
        _ => false,
    }
}
