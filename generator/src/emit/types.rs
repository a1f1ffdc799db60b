//! Types: the structs that a schema becomes, with the fields that are read, and how they are decoded.

use std::collections::HashSet;

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use super::names::{Names, ident, pascal, snake};
use super::print::docs;
use super::rules::Rules;
use crate::plan::demand::Demand;
use crate::plan::ty::{Ty, TyKind};
use crate::schema::{Additional, Kind, SchemaId, Schemas, Tell};

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
}

impl<'a> Types<'a> {
    /// No structs yet.
    pub fn new(schemas: &'a Schemas, demand: &'a Demand) -> Self {
        Types { schemas, demand, homes: IndexMap::new() }
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
                    let name = names.take(&pascal(title.unwrap_or(&schema.name)), "Body");
                    self.homes.insert(id, Home { module: module.to_string(), name, owned });
                    new.push(id);
                }
                for property in self.read(id) {
                    self.walk(property.1, module, owned, names, new, seen);
                }
            }
            Kind::Union(_) if self.demand.is_typed(id) => {
                if !self.homes.contains_key(&id) {
                    let name = names.take(&pascal(&self.schemas.get(id).name), "Body");
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
        let name = ident(&home.name);
        if home.module != from {
            uses.path(&home.module, &home.name);
        }
        if self.borrows(id) {
            quote! { #name<'a> }
        } else {
            quote! { #name }
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

    /// The struct of an object with its decoder.
    pub fn item(&self, id: SchemaId, rules: &mut Rules, uses: &mut Uses) -> Vec<TokenStream> {
        let Some(home) = self.home(id) else { return Vec::new() };
        let schema = self.schemas.get(id);
        if let Kind::Union(union) = &schema.kind {
            return self.union(id, union, rules, uses);
        }
        let fields = self.fields(id, &home.module, home.owned, uses);
        let name = ident(&home.name);
        let doc = schema.description.as_deref().or(schema.title.as_deref());
        let fallback = format!("`{}`, the fields that are read.", schema.name);
        let docs_tokens = docs(doc.unwrap_or(&fallback));
        let raw = self.demand.is_raw(id) && !home.owned;
        let lifetime = if self.borrows(id) {
            quote! { <'a> }
        } else {
            quote! {}
        };
        let raw_field = raw.then(|| {
            uses.runtime("Raw");
            quote! {
                /// The whole object, as it goes out.
                pub raw: Raw<'a>,
            }
        });
        let members = fields.iter().map(|field| {
            let (docs, ident, ty) = (docs(&field.doc), ident(&field.rust), &field.ty);
            quote! { #docs pub #ident: #ty }
        });
        let mut items = vec![quote! {
            #docs_tokens
            #[derive(Clone, Debug)]
            pub struct #name #lifetime { #raw_field #(#members),* }
        }];
        if home.owned {
            items.push(self.write_impl(&name, &fields, uses));
            return items;
        }
        items.push(self.decode_impl(id, &name, &fields, raw, rules, uses));
        if raw {
            uses.runtime("WriteJson");
            uses.runtime("JsonBuffer");
            items.push(quote! {
                impl WriteJson for #name<'_> {
                    fn write_json(&self, json: &mut JsonBuffer) {
                        self.raw.write_json(json);
                    }
                }
            });
        }
        items
    }

    fn decode_impl(
        &self,
        id: SchemaId,
        name: &proc_macro2::Ident,
        fields: &[Member],
        raw: bool,
        rules: &mut Rules,
        uses: &mut Uses,
    ) -> TokenStream {
        for needed in ["Decode", "Reader", "Rule", "Slot"] {
            uses.runtime(needed);
        }
        let owner = self.home(id).map_or("", |home| home.name.as_str());
        let lifetime = if self.borrows(id) {
            quote! { <'a> }
        } else {
            quote! {}
        };
        let slots: Vec<_> = fields.iter().map(|field| ident(&field.rust)).collect();
        // With several required members each is looked for before the first that is missing ends it.
        let required: Vec<&Member> = fields.iter().filter(|field| field.required).collect();
        let several = required.len() > 1;
        let names: Vec<_> = required.iter().map(|field| ident(&field.rust)).collect();
        let finds = required.iter().map(|field| {
            let (slot, key) = (ident(&field.rust), &field.json);
            quote! { #slot.required(r, #key) }
        });
        let found = several.then(|| quote! { let (#(#names),*) = (#(#finds),*); });
        let values: Vec<TokenStream> = fields
            .iter()
            .map(|field| {
                let (slot, key) = (ident(&field.rust), &field.json);
                match (field.required, several) {
                    (true, true) => quote! { #slot: #slot? },
                    (true, false) => quote! { #slot: #slot.required(r, #key)? },
                    (false, _) => quote! { #slot: #slot.optional() },
                }
            })
            .collect();
        let slots_let = match slots.as_slice() {
            [] => quote! {},
            [one] => quote! { let mut #one = Slot::default(); },
            many => {
                let muts = many.iter().map(|slot| quote! { mut #slot });
                let defaults = many.iter().map(|_| quote! { Slot::default() });
                quote! { let (#(#muts),*) = (#(#defaults),*); }
            }
        };
        if raw {
            // Checked and cut by its table, which hands out the members that are read on the way.
            let rule = rules.reference(self.schemas, id);
            let reads: Vec<_> = fields.iter().map(|field| ident(&field.rust)).collect();
            let keys: Vec<_> = fields.iter().map(|field| &field.json).collect();
            let read = match (reads.as_slice(), keys.as_slice()) {
                ([], _) => quote! { Raw::decode(r, #rule)? },
                ([slot], [key]) => quote! {
                    r.object_with_raw(#rule, |r, key, rule| if key == #key { #slot.read(r, rule) })?
                },
                _ => quote! {
                    r.object_with_raw(#rule, |r, key, rule| match key {
                        #(#keys => #reads.read(r, rule),)*
                        _ => {}
                    })?
                },
            };
            return quote! {
                impl<'a> Decode<'a> for #name<'a> {
                    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
                        #slots_let
                        let raw = #read;
                        #found
                        Some(#name { raw, #(#values),* })
                    }
                }
            };
        }
        let arms = fields.iter().map(|field| {
            let (slot, key) = (ident(&field.rust), &field.json);
            let canonical = self.schemas.canonical(field.schema);
            let whole =
                self.demand.is_raw(canonical) && !self.demand.is_typed(canonical) || self.is_opaque(field.schema);
            let rule = if whole {
                rules.member(self.schemas, owner, &field.json, field.schema, true)
            } else {
                rules.typed_member(self, owner, &field.json, field.schema)
            };
            quote! { #key => #slot.read(r, #rule) }
        });
        quote! {
            impl<'a> Decode<'a> for #name #lifetime {
                fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
                    #slots_let
                    r.object(|r, key| match key { #(#arms,)* _ => r.skip() })?;
                    #found
                    Some(#name { #(#values),* })
                }
            }
        }
    }

    /// How an owned struct is written: it goes out as it is.
    fn write_impl(&self, name: &proc_macro2::Ident, fields: &[Member], uses: &mut Uses) -> TokenStream {
        uses.runtime("WriteJson");
        uses.runtime("JsonBuffer");
        let writes = fields.iter().map(|field| {
            let (slot, key) = (ident(&field.rust), json_key(&field.json));
            let method = ident(if field.required { "field" } else { "optional" });
            quote! { object.#method(#key, &self.#slot); }
        });
        quote! {
            impl WriteJson for #name {
                fn write_json(&self, json: &mut JsonBuffer) {
                    let mut object = json.object();
                    #(#writes)*
                    object.end();
                }
            }
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

    fn fields(&self, id: SchemaId, module: &str, owned: bool, uses: &mut Uses) -> Vec<Member> {
        let mut names = self.field_names(id);
        self.read(id)
            .into_iter()
            .map(|(json, schema, required)| {
                let ty = self.rust(schema, module, owned, uses);
                let ty = if self.boxed(id, schema) {
                    quote! { Box<#ty> }
                } else {
                    ty
                };
                let ty = if required {
                    ty
                } else {
                    quote! { Option<#ty> }
                };
                let about = self.schemas.get(schema);
                let text = about.description.as_deref().or(about.title.as_deref()).map(super::print::first_sentence);
                let doc = text.filter(|t| !t.is_empty()).unwrap_or_else(|| format!("`{json}`"));
                let rust = names.remove(0);
                Member { json, rust, schema, required, ty, doc }
            })
            .collect()
    }

    fn field_names(&self, id: SchemaId) -> Vec<String> {
        let mut names =
            if self.demand.is_raw(id) { Names::with(&["raw", "r", "key", "rule"]) } else { Names::with(&["r", "key"]) };
        self.read(id).iter().map(|(json, _, _)| names.take(&snake(json), "_")).collect()
    }

    /// The Rust name of a member.
    pub fn field_name(&self, id: SchemaId, json: &str) -> String {
        let at = self.read(id).iter().position(|(name, _, _)| name == json);
        at.and_then(|at| self.field_names(id).into_iter().nth(at)).unwrap_or_else(|| snake(json))
    }
}

struct Member {
    json: String,
    rust: String,
    schema: SchemaId,
    required: bool,
    ty: TokenStream,
    doc: String,
}

/// A member's name as it stands between the quotes of JSON text.
pub fn json_key(name: &str) -> String {
    let quoted = serde_json::Value::String(name.to_string()).to_string();
    quoted[1..quoted.len() - 1].to_string()
}

/// What a module imports: from the runtime, and from its neighbours.
#[derive(Default)]
pub struct Uses {
    runtime: std::collections::BTreeSet<String>,
    paths: std::collections::BTreeMap<String, std::collections::BTreeSet<String>>,
}

impl Uses {
    /// A name of `bff_runtime::codegen`.
    pub fn runtime(&mut self, name: &str) {
        self.runtime.insert(name.to_string());
    }

    /// A name of another module.
    pub fn path(&mut self, module: &str, name: &str) {
        self.paths.entry(module.to_string()).or_default().insert(name.to_string());
    }

    /// Adds the runtime's names that items mention.
    pub fn mentioned(&mut self, items: &[TokenStream], names: &[&str]) {
        // A small name counts where it is a path (`list::at`) or called (`each(...)`), not as a
        // variable, a field or a method.
        fn collect(tokens: &TokenStream, found: &mut HashSet<String>) {
            let trees: Vec<_> = tokens.clone().into_iter().collect();
            for (at, tree) in trees.iter().enumerate() {
                match tree {
                    proc_macro2::TokenTree::Ident(ident) => {
                        let name = ident.to_string();
                        let punct = |at: usize, c: char| matches!(trees.get(at), Some(proc_macro2::TokenTree::Punct(p)) if p.as_char() == c);
                        let is_type = name.starts_with(char::is_uppercase);
                        let after_dot = at > 0 && punct(at - 1, '.');
                        let is_path = punct(at + 1, ':') && punct(at + 2, ':');
                        let is_called = matches!(
                            trees.get(at + 1),
                            Some(proc_macro2::TokenTree::Group(g)) if g.delimiter() == proc_macro2::Delimiter::Parenthesis
                        );
                        let declared =
                            at > 0 && matches!(&trees[at - 1], proc_macro2::TokenTree::Ident(word) if *word == "fn");
                        // `JsonType::Number` names a variant, not the type `Number`.
                        let within = at > 1 && punct(at - 1, ':') && punct(at - 2, ':');
                        if is_type && !within || (!after_dot && !declared && (is_path || is_called)) {
                            found.insert(name);
                        }
                    }
                    proc_macro2::TokenTree::Group(group) => collect(&group.stream(), found),
                    _ => {}
                }
            }
        }
        let mut found = HashSet::new();
        items.iter().for_each(|item| collect(item, &mut found));
        for name in names {
            if found.contains(*name) {
                self.runtime(name);
            }
        }
    }

    /// The `use` items.
    pub fn tokens(&self) -> TokenStream {
        let group = |path: TokenStream, names: &std::collections::BTreeSet<String>| {
            let names: Vec<_> = names.iter().map(|name| ident(name)).collect();
            match names.as_slice() {
                [one] => quote! { use #path::#one; },
                many => quote! { use #path::{#(#many),*}; },
            }
        };
        let mut out = TokenStream::new();
        if !self.runtime.is_empty() {
            out.extend(group(quote! { bff_runtime::codegen }, &self.runtime));
        }
        for (module, names) in &self.paths {
            if let Ok(path) = syn::parse_str::<syn::Path>(module) {
                out.extend(group(quote! { #path }, names));
            }
        }
        out
    }
}
