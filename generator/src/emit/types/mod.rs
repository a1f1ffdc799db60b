//! Types: which structs a crate has, where they stand, and the Rust type of a schema's values.

mod structs;
mod uses;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::names::{Names, ident, pascal, snake};
use crate::plan::demand::Demand;
use crate::plan::ty::{Ty, TyKind};
use crate::schema::{Additional, Kind, SchemaId, Schemas, Tell};

pub use uses::Uses;

/// Which module a struct stands in, and its name there.
#[derive(Clone, Debug)]
pub struct Home {
    /// `crate::generated::upstreams::users`
    pub module: String,
    /// `Profile`
    pub name: String,
    /// Strings are owned (results of hooks) rather than borrowed from a body.
    pub owned: bool,
}

/// All structs of the crate.
pub struct Types<'a> {
    /// Every schema.
    pub schemas: &'a Schemas,
    /// What is read.
    pub demand: &'a Demand,
    homes: IndexMap<SchemaId, Home>,
    /// Rust names of the fields of an object by their JSON names, once they were asked for.
    field_names: RefCell<HashMap<SchemaId, HashMap<String, String>>>,
}

impl<'a> Types<'a> {
    /// No structs yet.
    pub fn new(schemas: &'a Schemas, demand: &'a Demand) -> Self {
        Types { schemas, demand, homes: IndexMap::new(), field_names: RefCell::default() }
    }

    /// Gives a home to every struct that a value of the schema needs and that has none. Returns the new ones.
    pub fn settle(&mut self, root: SchemaId, module: &str, owned: bool, names: &mut Names) -> Vec<SchemaId> {
        let mut new = Vec::new();
        self.walk(root, module, owned, names, &mut new, &mut HashSet::new());
        new
    }

    fn walk(
        &mut self,
        id: SchemaId,
        module: &str,
        owned: bool,
        names: &mut Names,
        new: &mut Vec<SchemaId>,
        seen: &mut HashSet<SchemaId>,
    ) {
        let id = self.schemas.canonical(id);
        if !seen.insert(id) {
            return;
        }
        match &self.schemas.get(id).kind {
            Kind::Nullable(inner) => self.walk(*inner, module, owned, names, new, seen),
            Kind::Array(rules) if self.demand.is_typed(id) => self.walk(rules.items, module, owned, names, new, seen),
            Kind::Object(rules) if self.demand.is_typed(id) => {
                if let (Additional::Schema(values), true) = (&rules.additional, rules.properties.is_empty()) {
                    return self.walk(*values, module, owned, names, new, seen);
                }
                if !self.homes.contains_key(&id) {
                    let schema = self.schemas.get(id);
                    let title = schema.title.as_deref().filter(|title| !schema.component && title.len() <= 40);
                    let name = names.take(&pascal(&title.map_or_else(|| schema.type_name(), str::to_owned)), "Body");
                    self.homes.insert(id, Home { module: module.to_string(), name, owned });
                    new.push(id);
                }
                for property in self.read(id) {
                    self.walk(property.1, module, owned, names, new, seen);
                }
            }
            Kind::Union(_) if self.demand.is_typed(id) => {
                if !self.homes.contains_key(&id) {
                    let name = names.take(&pascal(&self.schemas.get(id).type_name()), "Body");
                    self.homes.insert(id, Home { module: module.to_string(), name, owned });
                    new.push(id);
                }
                for member in self.members(id).into_iter().flatten() {
                    self.walk(member, module, owned, names, new, seen);
                }
            }
            _ => {}
        }
    }

    /// Fields of an object that are read: name, schema, required; in the order of the document.
    pub fn read(&self, id: SchemaId) -> Vec<(String, SchemaId, bool)> {
        let Kind::Object(rules) = &self.schemas.get(id).kind else { return Vec::new() };
        let Some(used) = self.demand.of(id) else { return Vec::new() };
        rules
            .properties
            .iter()
            .filter(|p| used.fields.contains(&p.name))
            .map(|p| (p.name.clone(), p.schema, p.required))
            .collect()
    }

    /// The struct of an object, where it has one.
    pub fn home(&self, id: SchemaId) -> Option<&Home> {
        self.homes.get(&self.schemas.canonical(id))
    }

    /// Whether values of the type are owned rather than borrowed.
    pub fn is_owned(&self, ty: &Ty) -> bool {
        match &ty.bare().kind {
            TyKind::Object(id) | TyKind::Union(id) => self.home(*id).is_some_and(|home| home.owned),
            TyKind::List(item) | TyKind::Map(item) => self.is_owned(item),
            _ => false,
        }
    }

    /// The Rust type of a schema's values, as seen from a module; adds what it needs to import.
    pub fn rust(&self, id: SchemaId, from: &str, owned: bool, uses: &mut Uses) -> TokenStream {
        let id = self.schemas.canonical(id);
        let schema = self.schemas.get(id);
        let raw = |uses: &mut Uses| {
            uses.runtime("Raw");
            if owned {
                quote! { Raw<'static> }
            } else {
                quote! { Raw<'a> }
            }
        };
        match &schema.kind {
            Kind::Boolean => quote! { bool },
            Kind::Integer(_) => quote! { i64 },
            Kind::Number(_) if owned => quote! { f64 },
            Kind::Number(_) => {
                uses.runtime("Number");
                quote! { Number<'a> }
            }
            Kind::String(_) if owned => quote! { String },
            Kind::String(_) => {
                uses.runtime("Str");
                quote! { Str<'a> }
            }
            Kind::Nullable(inner) => {
                // Null and all else is carried as text, unless something tells what it is.
                match &self.schemas.get(*inner).kind {
                    Kind::Any | Kind::Unsupported { .. } | Kind::Never => return raw(uses),
                    Kind::Union(rules) if matches!(rules.tell, Tell::None { .. }) => return raw(uses),
                    _ => {}
                }
                uses.runtime("Nullable");
                let inner = self.rust(*inner, from, owned, uses);
                quote! { Nullable<#inner> }
            }
            Kind::Array(rules) if self.demand.is_typed(id) => {
                let item = self.rust(rules.items, from, owned, uses);
                quote! { Vec<#item> }
            }
            Kind::Object(rules) if self.demand.is_typed(id) => {
                if let (Additional::Schema(values), true) = (&rules.additional, rules.properties.is_empty()) {
                    uses.runtime("Map");
                    let value = self.rust(*values, from, owned, uses);
                    return quote! { Map<'a, #value> };
                }
                let Some(home) = self.home(id) else { return raw(uses) };
                self.named(id, home, from, uses)
            }
            Kind::Union(_) => match self.home(id) {
                Some(home) => self.named(id, home, from, uses),
                None => raw(uses),
            },
            _ => raw(uses),
        }
    }

    /// A struct or enum by its name, which is imported.
    fn named(&self, id: SchemaId, home: &Home, from: &str, uses: &mut Uses) -> TokenStream {
        let mut name = ident(&home.name).to_token_stream();
        if home.module != from {
            // Of two types of one name, only one can be imported.
            let own = self.homes.values().any(|other| other.module == from && other.name == home.name);
            match home.module.rsplit_once("::") {
                Some((parent, module)) if own || uses.is_taken(&home.module, &home.name) => {
                    uses.path(parent, module);
                    let module = ident(module);
                    name = quote! { #module::#name };
                }
                _ => uses.path(&home.module, &home.name),
            }
        }
        if self.borrows(id) {
            quote! { #name<'a> }
        } else {
            quote! { #name }
        }
    }

    /// Whether values of a schema are carried as text, whatever is read of them.
    pub(super) fn is_opaque(&self, id: SchemaId) -> bool {
        match self.schemas.get(id).kind {
            Kind::Any | Kind::Never => true,
            Kind::Union(_) => self.home(id).is_none(),
            _ => false,
        }
    }

    /// Whether values of a schema hold anything that is borrowed.
    pub fn borrows(&self, id: SchemaId) -> bool {
        self.borrows_within(id, &mut HashSet::new())
    }

    fn borrows_within(&self, id: SchemaId, seen: &mut HashSet<SchemaId>) -> bool {
        let id = self.schemas.canonical(id);
        if !seen.insert(id) {
            return false;
        }
        if self.home(id).is_some_and(|home| home.owned) {
            return false;
        }
        match &self.schemas.get(id).kind {
            Kind::Boolean | Kind::Integer(_) => false,
            Kind::Nullable(inner) => self.borrows_within(*inner, seen),
            Kind::Array(rules) if self.demand.is_typed(id) => self.borrows_within(rules.items, seen),
            Kind::Object(_) if self.demand.is_typed(id) && self.home(id).is_some() => {
                self.demand.is_raw(id) || self.read(id).iter().any(|(_, schema, _)| self.borrows_within(*schema, seen))
            }
            Kind::Union(_) if self.home(id).is_some() => {
                self.members(id).into_iter().flatten().any(|member| self.borrows_within(member, seen))
            }
            _ => true,
        }
    }

    /// Whether a member of `owner` must be boxed: its struct holds `owner` again without a list between.
    pub(super) fn boxed(&self, owner: SchemaId, member: SchemaId) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![member];
        while let Some(id) = open.pop() {
            let id = match self.schemas.get(id).kind {
                Kind::Nullable(inner) => self.schemas.canonical(inner),
                _ => self.schemas.canonical(id),
            };
            if id == owner {
                return true;
            }
            if self.home(id).is_some() && seen.insert(id) {
                open.extend(self.read(id).into_iter().map(|(_, schema, _)| schema));
                open.extend(self.members(id).into_iter().flatten());
            }
        }
        false
    }

    /// The same for a member by its name.
    pub(super) fn boxed_member(&self, owner: SchemaId, name: &str) -> bool {
        let owner = self.schemas.canonical(owner);
        self.read(owner).iter().any(|(known, schema, _)| known == name && self.boxed(owner, *schema))
    }

    fn field_names(&self, id: SchemaId) -> Vec<String> {
        let mut names =
            if self.demand.is_raw(id) { Names::with(&["raw", "r", "key", "rule"]) } else { Names::with(&["r", "key"]) };
        self.read(id).iter().map(|(json, _, _)| names.take(&snake(json), "_")).collect()
    }

    /// The Rust name of a member.
    pub fn field_name(&self, id: SchemaId, json: &str) -> String {
        let mut known = self.field_names.borrow_mut();
        let names = known.entry(id).or_insert_with(|| {
            let fields = self.read(id).into_iter().map(|(name, _, _)| name);
            fields.zip(self.field_names(id)).collect()
        });
        names.get(json).cloned().unwrap_or_else(|| snake(json))
    }
}

/// A member's name as it stands between the quotes of JSON text.
pub fn json_key(name: &str) -> String {
    let quoted = serde_json::Value::String(name.to_string()).to_string();
    quoted[1..quoted.len() - 1].to_string()
}
