//! Clauses: the tables of what a schema says beyond the form of a value.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::names::{ident, pascal, screaming};
use super::rules::{Rules, any_format};
use crate::schema::{Clause, ClausesId, SchemaId, Schemas};

impl Rules {
    /// The static of a schema's own clauses; none where it has none.
    pub fn clauses(&mut self, schemas: &Schemas, id: SchemaId) -> Option<TokenStream> {
        let schema = schemas.get(id);
        if schema.clauses.is_empty() {
            return None;
        }
        // A schema and its nullable form say the same.
        let key = format!("{:?}", schema.clauses);
        if let Some(name) = self.own_clauses.get(&key) {
            let name = ident(name);
            return Some(quote! { #name });
        }
        let name = self.take(&screaming(&schema.type_name()), "_CLAUSES");
        self.own_clauses.insert(key, name.clone());
        self.reserve_static(&name);
        let list = self.list(schemas, &schema.name, &schema.clauses);
        let ident = ident(&name);
        self.define(name, quote! { static #ident: &[Clause] = #list; });
        Some(quote! { #ident })
    }

    /// A list that stands where it is used.
    fn inline(&mut self, schemas: &Schemas, id: ClausesId) -> TokenStream {
        let clauses = schemas.clauses(id);
        self.list(schemas, &clauses.name, &clauses.all)
    }

    /// The static of a list that is referred to.
    fn referred(&mut self, schemas: &Schemas, id: ClausesId) -> TokenStream {
        if let Some(name) = self.clauses.get(&id) {
            let name = ident(name);
            return quote! { &#name };
        }
        let clauses = schemas.clauses(id);
        let name = self.take(&screaming(&clauses.name), "_CLAUSES");
        self.clauses.insert(id, name.clone());
        // Reserved before it is built, so that a schema that holds itself ends here.
        self.reserve_static(&name);
        let list = self.list(schemas, &clauses.name, &clauses.all);
        let ident = ident(&name);
        self.define(name, quote! { static #ident: &[Clause] = #list; });
        quote! { &#ident }
    }

    fn list(&mut self, schemas: &Schemas, owner: &str, all: &[Clause]) -> TokenStream {
        let clauses: Vec<TokenStream> = all
            .iter()
            .filter_map(|clause| self.clause(schemas, owner, clause))
            .map(|say| quote! { Clause::#say })
            .collect();
        quote! { &[#(#clauses),*] }
    }

    fn several(&mut self, schemas: &Schemas, all: &[ClausesId]) -> TokenStream {
        let all: Vec<TokenStream> = all.iter().map(|id| self.inline(schemas, *id)).collect();
        quote! { &[#(#all),*] }
    }

    fn named(&mut self, schemas: &Schemas, all: &[(String, ClausesId)]) -> TokenStream {
        let all: Vec<TokenStream> = all
            .iter()
            .map(|(name, id)| {
                let clauses = self.inline(schemas, *id);
                quote! { (#name, #clauses) }
            })
            .collect();
        quote! { &[#(#all),*] }
    }

    /// One clause; none where it says nothing that could be checked.
    fn clause(&mut self, schemas: &Schemas, owner: &str, clause: &Clause) -> Option<TokenStream> {
        let mut one = |id: ClausesId| self.inline(schemas, id);
        Some(match clause {
            Clause::Never => quote! { Never },
            Clause::Ref(id) => {
                let name = self.referred(schemas, *id);
                quote! { Ref(#name) }
            }
            Clause::AllOf(all) => {
                let all = self.several(schemas, all);
                quote! { AllOf(#all) }
            }
            Clause::AnyOf(all) => {
                let all = self.several(schemas, all);
                quote! { AnyOf(#all) }
            }
            Clause::OneOf(all) => {
                let all = self.several(schemas, all);
                quote! { OneOf(#all) }
            }
            Clause::Not(id) => {
                let not = one(*id);
                quote! { Not(#not) }
            }
            Clause::If { condition, then, otherwise } => {
                let condition = one(*condition);
                let then = then.map_or(quote! { &[] }, &mut one);
                let otherwise = otherwise.map_or(quote! { &[] }, &mut one);
                quote! { If { condition: #condition, then: #then, otherwise: #otherwise } }
            }
            Clause::Type(types) => quote! { Type(&[#(#types),*]) },
            Clause::Enum(values) => quote! { Enum(&[#(#values),*]) },
            Clause::Bound(key, text) => {
                let key = ident(&pascal(key));
                quote! { #key(#text) }
            }
            Clause::Count(key, count) => {
                let (key, count) = (ident(&pascal(key)), Literal::u64_unsuffixed(*count));
                quote! { #key(#count) }
            }
            Clause::Pattern(pattern) => {
                let pattern = self.translated(owner, pattern);
                quote! { Pattern(#pattern) }
            }
            Clause::NoPattern(pattern) => {
                let pattern = self.translated(owner, pattern);
                quote! { NoPattern(#pattern) }
            }
            Clause::Format(name) => {
                let format = any_format(name)?;
                quote! { Format(#format) }
            }
            Clause::PrefixItems(all) => {
                let all = self.several(schemas, all);
                quote! { PrefixItems(#all) }
            }
            Clause::Items(from, id) => {
                let (from, items) = (Literal::usize_unsuffixed(*from), one(*id));
                quote! { Items(#from, #items) }
            }
            Clause::Contains { item, min, max } => {
                let (item, min) = (one(*item), Literal::u64_unsuffixed(*min));
                let max = max.map_or(quote! { u64::MAX }, |max| {
                    let max = Literal::u64_unsuffixed(max);
                    quote! { #max }
                });
                quote! { Contains { item: #item, min: #min, max: #max } }
            }
            Clause::UniqueItems => quote! { UniqueItems },
            Clause::Properties(all) => {
                let all = self.named(schemas, all);
                quote! { Properties(#all) }
            }
            Clause::PatternProperties(all) => {
                let all: Vec<TokenStream> = all
                    .iter()
                    .map(|(pattern, id)| {
                        let (pattern, clauses) = (self.translated(owner, pattern), self.inline(schemas, *id));
                        quote! { (#pattern, #clauses) }
                    })
                    .collect();
                quote! { PatternProperties(&[#(#all),*]) }
            }
            Clause::AdditionalProperties { names, patterns, value } => {
                let patterns: Vec<TokenStream> = patterns.iter().map(|one| self.translated(owner, one)).collect();
                let value = self.inline(schemas, *value);
                quote! { AdditionalProperties { names: &[#(#names),*], patterns: &[#(#patterns),*], value: #value } }
            }
            Clause::PropertyNames(id) => {
                let names = one(*id);
                quote! { PropertyNames(#names) }
            }
            Clause::Required(names) => quote! { Required(&[#(#names),*]) },
            Clause::DependentRequired(all) => {
                let all = all.iter().map(|(name, others)| quote! { (#name, &[#(#others),*]) });
                quote! { DependentRequired(&[#(#all),*]) }
            }
            Clause::DependentSchemas(all) => {
                let all = self.named(schemas, all);
                quote! { DependentSchemas(#all) }
            }
            Clause::UnevaluatedProperties(id) => {
                let others = one(*id);
                quote! { UnevaluatedProperties(#others) }
            }
            Clause::UnevaluatedItems(id) => {
                let others = one(*id);
                quote! { UnevaluatedItems(#others) }
            }
        })
    }
}
