//! Rules: the table that a schema becomes, against which the runtime checks a value.

use indexmap::IndexMap;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::names::{Names, ident, screaming};
use super::types::Types;
use crate::schema::formats::{self, OF_NUMBERS, OF_TEXTS};
use crate::schema::pattern::translate;
use crate::schema::{
    Additional, ArrayRules, ClausesId, Json, Kind, ObjectRules, SchemaId, Schemas, StringRules, Tell, UnionRules,
};

/// The statics of one module: a rule a schema, patterns beside them.
#[derive(Default)]
pub struct Rules {
    names: IndexMap<SchemaId, String>,
    statics: IndexMap<String, TokenStream>,
    taken: Names,
    patterns: IndexMap<String, String>,
    pub(super) clauses: IndexMap<ClausesId, String>,
    pub(super) own_clauses: IndexMap<String, String>,
}

/// The runtime's name of a format, of those that are known.
pub(super) fn format(name: &str, known: &[(&str, &str)]) -> Option<TokenStream> {
    let variant = ident(formats::find(known, name)?);
    Some(quote! { Format::#variant })
}

/// A format of texts or of numbers.
pub(super) fn any_format(name: &str) -> Option<TokenStream> {
    format(name, &OF_TEXTS).or_else(|| format(name, &OF_NUMBERS))
}

impl Rules {
    /// A reference to the rule of a schema: a static of its own for what has a name or holds others,
    /// in place for the rest.
    pub fn reference(&mut self, schemas: &Schemas, id: SchemaId) -> TokenStream {
        let id = schemas.canonical(id);
        let schema = schemas.get(id);
        if let Some(name) = self.names.get(&id) {
            let name = ident(name);
            return quote! { &#name };
        }
        let named = match &schema.kind {
            Kind::Object(_) | Kind::Union(_) => true,
            Kind::Array(_) | Kind::Nullable(_) => schema.component,
            _ => false,
        };
        if !named {
            let rule = self.rule(schemas, id);
            return quote! { &#rule };
        }
        let base = screaming(&schema.type_name());
        let name = self.taken.take(&base, "_RULE");
        self.names.insert(id, name.clone());
        // Reserved before it is built, so that a schema that holds itself ends here.
        self.reserve_static(&name);
        let rule = self.rule(schemas, id);
        let ident = ident(&name);
        self.statics.insert(name, quote! { static #ident: Rule = #rule; });
        quote! { &#ident }
    }

    /// The same for a member that is decoded into a type: its structs check themselves, so only what
    /// is around them is said.
    pub fn typed_member(&mut self, types: &Types, owner: &str, name: &str, id: SchemaId) -> TokenStream {
        let rule = self.typed(types, id);
        if is_any(&rule) {
            return quote! { &Rule::ANY };
        }
        let name = self.taken.take(&screaming(&format!("{owner} {name}")), "_RULE");
        let ident = ident(&name);
        self.statics.insert(name, quote! { static #ident: Rule = #rule; });
        quote! { &#ident }
    }

    fn typed(&mut self, types: &Types, id: SchemaId) -> TokenStream {
        let id = types.schemas.canonical(id);
        let schema = types.schemas.get(id);
        if types.home(id).is_some() {
            return quote! { Rule::ANY };
        }
        match &schema.kind {
            Kind::Nullable(inner) => {
                let rule = self.typed(types, *inner);
                let inner = types.schemas.canonical(*inner);
                let own = !types.schemas.get(inner).clauses.is_empty();
                match (is_any(&rule), schema.null_is_a_type && own) {
                    (true, false) => rule,
                    // The type looks at its own clauses, and not at null.
                    (true, true) => {
                        let own = self.clauses(types.schemas, inner);
                        quote! { Rule::ANY.nullable().also(#own) }
                    }
                    (false, false) if own => quote! { #rule.or_null() },
                    (false, _) => quote! { #rule.nullable() },
                }
            }
            Kind::Array(rules) if types.demand.is_typed(id) => {
                let items = self.typed(types, rules.items);
                let plain = is_any(&items) && !has_bounds(rules);
                if plain && schema.allowed.is_none() && schema.clauses.is_empty() {
                    return items;
                }
                self.beside(array(&quote! { &#items }, rules), types.schemas, id)
            }
            Kind::Object(rules) if types.demand.is_typed(id) && rules.properties.is_empty() => match rules.additional {
                Additional::Schema(values) => {
                    let values = self.typed(types, values);
                    let sizes = sizes(rules);
                    self.beside(quote! { Rule::map(&#values) #sizes }, types.schemas, id)
                }
                _ => self.rule(types.schemas, id),
            },
            _ if constrains(types.schemas, id, 0) => self.rule(types.schemas, id),
            // Nobody looks into it: that it is one is all.
            Kind::Object(_) => quote! { Rule::object(&[]).open() },
            Kind::Array(_) => quote! { Rule::array(&Rule::ANY) },
            _ => quote! { Rule::ANY },
        }
    }

    /// A static for the rule of one member, under the name of its owner; `Rule::ANY` where the type says it all.
    pub fn member(&mut self, schemas: &Schemas, owner: &str, name: &str, id: SchemaId, raw: bool) -> TokenStream {
        if !raw && !constrains(schemas, id, 0) {
            return quote! { &Rule::ANY };
        }
        let reference = self.reference(schemas, id);
        // `&NAME` is a static already; anything longer gets one.
        if reference.clone().into_iter().count() == 2 {
            return reference;
        }
        let rule: TokenStream = reference.into_iter().skip(1).collect();
        let name = self.taken.take(&screaming(&format!("{owner} {name}")), "_RULE");
        let ident = ident(&name);
        self.statics.insert(name, quote! { static #ident: Rule = #rule; });
        quote! { &#ident }
    }

    /// A static for an input's rule.
    pub fn input(&mut self, schemas: &Schemas, name: &str, id: SchemaId) -> TokenStream {
        let id = schemas.canonical(id);
        let rule = self.rule(schemas, id);
        // One that holds itself has a static already.
        if let Some(own) = self.names.get(&id) {
            let own = ident(own);
            return quote! { &#own };
        }
        let name = self.taken.take(&screaming(name), "_RULE");
        let ident = ident(&name);
        self.statics.insert(name, quote! { static #ident: Rule = #rule; });
        quote! { &#ident }
    }

    /// The pattern's static; none where it cannot be checked in linear time, which the plan has said.
    pub fn pattern(&mut self, owner: &str, pattern: &str) -> Option<TokenStream> {
        let translated = translate(pattern).ok()?;
        Some(self.translated(owner, &translated))
    }

    /// The static of a pattern in the runtime's syntax.
    pub(super) fn translated(&mut self, owner: &str, translated: &str) -> TokenStream {
        if let Some(name) = self.patterns.get(translated) {
            let name = ident(name);
            return quote! { &#name };
        }
        let name = self.taken.take(&screaming(&format!("{owner} pattern")), "_");
        self.patterns.insert(translated.to_owned(), name.clone());
        let ident = ident(&name);
        self.statics.insert(name, quote! { static #ident: Pattern = Pattern::new(#translated); });
        quote! { &#ident }
    }

    /// The static of the keys that a type reads.
    pub fn keys(&mut self, owner: &str, names: &[&String]) -> TokenStream {
        let count = Literal::usize_unsuffixed(names.len());
        if names.is_empty() {
            return quote! { &[] };
        }
        let name = self.taken.take(&screaming(&format!("{owner} keys")), "_");
        let ident = ident(&name);
        self.statics.insert(name, quote! { static #ident: [Key; #count] = Key::all([#(#names),*]); });
        quote! { &#ident }
    }

    /// Reserves a name in the module.
    pub fn reserve(&mut self, name: &str) {
        self.taken.take(name, "_");
    }

    /// A name for a static.
    pub(super) fn take(&mut self, base: &str, suffix: &str) -> String {
        self.taken.take(&format!("{base}{suffix}"), "_")
    }

    /// A place among the statics, for one that is being made.
    pub(super) fn reserve_static(&mut self, name: &str) {
        self.statics.insert(name.to_owned(), TokenStream::new());
    }

    /// Adds a static, in the place that it has.
    pub(super) fn define(&mut self, name: String, item: TokenStream) {
        self.statics.insert(name, item);
    }

    /// All statics, in the order in which they were asked for.
    pub fn into_items(self) -> Vec<TokenStream> {
        self.statics.into_values().collect()
    }

    fn rule(&mut self, schemas: &Schemas, id: SchemaId) -> TokenStream {
        let schema = schemas.get(id);
        let rule = match &schema.kind {
            Kind::Any | Kind::Unsupported { .. } => quote! { Rule::ANY },
            Kind::Never => quote! { Rule::never() },
            Kind::Null => quote! { Rule::null() },
            Kind::Boolean => quote! { Rule::boolean() },
            Kind::Nullable(inner) => {
                let inner_schema = schemas.get(*inner);
                // A nullable reference to something with a rule of its own: that, or null.
                let named = matches!(inner_schema.kind, Kind::Object(_) | Kind::Union(_));
                let obeys = schema.null_is_a_type;
                if named {
                    // What holds beside it holds of null, too.
                    let own = obeys.then(|| self.clauses(schemas, schemas.canonical(*inner))).flatten();
                    let also = own.map(|own| quote! { .also(#own) });
                    let inner = self.reference(schemas, *inner);
                    quote! { Rule::nullable_of(#inner) #also }
                } else {
                    let null = ident(if obeys || inner_schema.clauses.is_empty() { "nullable" } else { "or_null" });
                    let inner = self.rule(schemas, schemas.canonical(*inner));
                    quote! { #inner.#null() }
                }
            }
            Kind::Integer(rules) => {
                let bounds = bounds(rules);
                let format = rules.format.as_deref().and_then(|name| format(name, &OF_NUMBERS));
                let format = format.map(|format| quote! { .format(#format) });
                quote! { Rule::integer() #bounds #format }
            }
            Kind::Number(rules) => {
                let bounds = bounds(rules);
                quote! { Rule::number() #bounds }
            }
            Kind::String(rules) => self.string(&schema.name, rules),
            Kind::Array(rules) => {
                let items = self.reference(schemas, rules.items);
                array(&items, rules)
            }
            Kind::Object(ObjectRules { heirs: Some(heirs), .. }) => self.heirs(schemas, heirs),
            Kind::Object(rules) => {
                let fields: Vec<TokenStream> = rules
                    .properties
                    .iter()
                    .map(|property| {
                        let name = &property.name;
                        let rule = self.reference(schemas, property.schema);
                        let kind = ident(if property.required { "required" } else { "optional" });
                        quote! { Field::#kind(#name, #rule) }
                    })
                    .collect();
                let additional = match &rules.additional {
                    Additional::Unsaid => None,
                    Additional::Any => Some(quote! { .open() }),
                    Additional::Forbidden => Some(quote! { .closed() }),
                    Additional::Schema(values) => {
                        let values = self.reference(schemas, *values);
                        Some(quote! { .values(#values) })
                    }
                };
                // An object of which nothing is declared is a free-form one: there is nothing to cut it to.
                let open = (fields.is_empty() && rules.additional == Additional::Unsaid).then(|| quote! { .open() });
                let sizes = sizes(rules);
                quote! { Rule::object(&[#(#fields),*]) #additional #open #sizes }
            }
            Kind::Union(rules) => {
                let members: Vec<TokenStream> = rules.members.iter().map(|m| self.reference(schemas, *m)).collect();
                let kind = ident(if rules.exactly_one { "one_of_rules" } else { "any_of" });
                quote! { Rule::#kind(&[#(#members),*]) }
            }
        };
        self.beside(rule, schemas, id)
    }

    /// A rule with what holds beside the kind of its schema.
    fn beside(&mut self, mut rule: TokenStream, schemas: &Schemas, id: SchemaId) -> TokenStream {
        let schema = schemas.get(id);
        if let Some(allowed) = &schema.allowed {
            let texts: Vec<String> = allowed.iter().map(Json::to_string).collect();
            // One value is a constant, not an enumeration that may grow.
            let closed = (allowed.len() == 1).then(|| quote! { .closed_enum() });
            rule = quote! { #rule.one_of(&[#(#texts),*]) #closed };
        }
        if schema.implied {
            rule = quote! { #rule.implied() };
        }
        match self.clauses(schemas, id) {
            Some(own) => quote! { #rule.also(#own) },
            None => rule,
        }
    }

    /// The rule of the heir that the discriminator says; of any of them, where it is not sent.
    fn heirs(&mut self, schemas: &Schemas, rules: &UnionRules) -> TokenStream {
        let heirs: Vec<TokenStream> = rules.members.iter().map(|member| self.reference(schemas, *member)).collect();
        let Tell::Discriminator { property, mapping, otherwise } = &rules.tell else {
            return quote! { Rule::any_of(&[#(#heirs),*]) };
        };
        let tags = mapping.iter().map(|(value, at)| {
            let heir = &heirs[*at];
            quote! { (#value, #heir) }
        });
        let otherwise = otherwise.map(|at| {
            let base = &heirs[at];
            quote! { .otherwise(#base) }
        });
        quote! { Rule::tagged(#property, &[#(#tags),*]) #otherwise }
    }

    fn string(&mut self, owner: &str, rules: &StringRules) -> TokenStream {
        let min = rules.min_length.map(|n| count("min_length", n));
        let max = rules.max_length.map(|n| count("max_length", n));
        let pattern = rules.pattern.as_deref().and_then(|p| self.pattern(owner, p)).map(|p| quote! { .pattern(#p) });
        let format = rules.format.as_deref().and_then(|name| format(name, &OF_TEXTS));
        let format = format.map(|format| quote! { .format(#format) });
        quote! { Rule::string() #min #max #pattern #format }
    }
}

fn is_any(rule: &TokenStream) -> bool {
    rule.to_string() == quote! { Rule::ANY }.to_string()
}

fn array(items: &TokenStream, rules: &ArrayRules) -> TokenStream {
    let min = rules.min_items.map(|n| count("min_items", n));
    let max = rules.max_items.map(|n| count("max_items", n));
    let unique = rules.unique_items.then(|| quote! { .unique_items() });
    quote! { Rule::array(#items) #min #max #unique }
}

fn has_bounds(rules: &ArrayRules) -> bool {
    rules.min_items.is_some() || rules.max_items.is_some() || rules.unique_items
}

fn sizes(rules: &ObjectRules) -> TokenStream {
    let min = rules.min_properties.map(|n| count("min_properties", n));
    let max = rules.max_properties.map(|n| count("max_properties", n));
    quote! { #min #max }
}

pub(super) fn count(method: &str, n: u64) -> TokenStream {
    let method = ident(method);
    let n = proc_macro2::Literal::u64_unsuffixed(n);
    quote! { .#method(#n) }
}

fn bounds(rules: &crate::schema::NumberRules) -> TokenStream {
    let bound = |method: &str, text: &Option<String>| {
        let method = ident(method);
        text.as_ref().map(|text| quote! { .#method(#text) })
    };
    let all = [
        bound("minimum", &rules.minimum),
        bound("maximum", &rules.maximum),
        bound("exclusive_minimum", &rules.exclusive_minimum),
        bound("exclusive_maximum", &rules.exclusive_maximum),
        bound("multiple_of", &rules.multiple_of),
    ];
    quote! { #(#all)* }
}

/// Whether a schema says more than the Rust type of its values.
fn constrains(schemas: &Schemas, id: SchemaId, depth: u8) -> bool {
    let schema = schemas.get(id);
    if schema.allowed.is_some() || !schema.clauses.is_empty() || depth > 8 {
        return true;
    }
    match &schema.kind {
        Kind::Boolean | Kind::Object(_) => false,
        Kind::Nullable(inner) => constrains(schemas, *inner, depth + 1),
        Kind::Integer(rules) => {
            rules.format.as_deref().is_some_and(|f| f != "int64" && format(f, &OF_NUMBERS).is_some())
                || *rules != crate::schema::NumberRules { format: rules.format.clone(), ..Default::default() }
        }
        Kind::Number(rules) => {
            *rules != crate::schema::NumberRules { format: rules.format.clone(), ..Default::default() }
        }
        Kind::String(rules) => {
            rules.min_length.is_some()
                || rules.max_length.is_some()
                || rules.pattern.is_some()
                || rules.format.as_deref().is_some_and(|f| format(f, &OF_TEXTS).is_some())
        }
        Kind::Array(rules) => has_bounds(rules) || constrains(schemas, rules.items, depth + 1),
        _ => true,
    }
}
