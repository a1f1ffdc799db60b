//! Unions that `$match` takes apart: an enumeration, and how a value is seen to be one of its members.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{Names, ident, pascal};
use super::print::docs;
use super::rules::Rules;
use super::types::{Types, Uses};
use crate::schema::{Json, JsonType, Kind, SchemaId, Tell, UnionRules};

/// From this size in bytes on, a member is boxed: one must not make all values large.
const LARGE: usize = 160;

impl Types<'_> {
    /// The members of a union that is taken apart: the schema of those that are looked into.
    pub fn members(&self, id: SchemaId) -> Vec<Option<SchemaId>> {
        let id = self.schemas.canonical(id);
        let (Kind::Union(rules), Some(used)) = (&self.schemas.get(id).kind, self.demand.of(id)) else {
            return Vec::new();
        };
        let read = |at: usize| used.raw || used.members.contains(&at);
        rules.members.iter().enumerate().map(|(at, member)| read(at).then_some(*member)).collect()
    }

    /// Names of the variants, by position.
    pub fn variants(&self, id: SchemaId) -> Vec<String> {
        let Kind::Union(rules) = &self.schemas.get(id).kind else { return Vec::new() };
        let mut names = Names::with(&["Unknown"]);
        rules.members.iter().map(|member| names.take(&self.variant(*member), "Variant")).collect()
    }

    fn variant(&self, member: SchemaId) -> String {
        let schema = self.schemas.get(member);
        let title = schema.title.as_deref().filter(|title| !schema.component && title.len() <= 40);
        match &schema.kind {
            _ if schema.component => pascal(&schema.name),
            _ if title.is_some() => pascal(title.unwrap_or_default()),
            Kind::Boolean => "Bool".into(),
            Kind::Integer(_) => "Integer".into(),
            Kind::Number(_) => "Number".into(),
            Kind::String(_) => "Text".into(),
            Kind::Array(_) => "List".into(),
            _ => pascal(&schema.name),
        }
    }

    /// Whether values of no member are values of their own: each `$match` says what becomes of them, and none
    /// has to go out.
    pub fn knows_unknown(&self, id: SchemaId) -> bool {
        let id = self.schemas.canonical(id);
        let from_client = self.home(id).is_none_or(|home| home.module.ends_with("::inputs"));
        let Kind::Union(rules) = &self.schemas.get(id).kind else { return false };
        // Where members are told apart by what is there, what has nothing of it is the last one.
        let may_be = !from_client && !matches!(rules.tell, Tell::Required { .. });
        may_be && self.demand.of(id).is_some_and(|used| !used.closed && !used.raw)
    }

    /// Whether the variant holds a box.
    fn is_boxed(&self, union: SchemaId, member: SchemaId) -> bool {
        self.boxed(union, member) || self.size(member, 0) > LARGE
    }

    /// At most so many bytes, roughly.
    fn size(&self, id: SchemaId, depth: u8) -> usize {
        let id = self.schemas.canonical(id);
        match &self.schemas.get(id).kind {
            _ if depth > 8 => LARGE,
            Kind::Boolean => 1,
            Kind::Integer(_) => 8,
            Kind::Nullable(inner) => 8 + self.size(*inner, depth + 1),
            Kind::Object(_) if self.home(id).is_some() => {
                let raw = if self.demand.is_raw(id) { 24 } else { 0 };
                raw + self.read(id).iter().map(|(_, schema, _)| 8 + self.size(*schema, depth + 1)).sum::<usize>()
            }
            Kind::Union(_) if self.home(id).is_some() => LARGE,
            _ => 24,
        }
    }

    /// The enumeration with its decoder.
    pub(super) fn union(
        &self,
        id: SchemaId,
        union: &UnionRules,
        rules: &mut Rules,
        uses: &mut Uses,
    ) -> Vec<TokenStream> {
        let Some(home) = self.home(id) else { return Vec::new() };
        let schema = self.schemas.get(id);
        let name = ident(&home.name);
        let about = schema.description.as_deref().or(schema.title.as_deref());
        let fallback = format!("`{}`, one of several.", schema.name);
        let doc = docs(about.unwrap_or(&fallback));
        let (members, labels) = (self.members(id), self.variants(id));
        let unknown = self.knows_unknown(id);
        let mut variants = Vec::new();
        let mut reads = Vec::new();
        for ((member, label), schema) in members.iter().zip(&labels).zip(&union.members) {
            let text = format!("`{}`.", self.schemas.get(*schema).name.replace('`', "'"));
            let (doc, label) = (docs(&text), ident(label));
            match member {
                Some(member) => {
                    let ty = self.rust(*member, &home.module, home.owned, uses);
                    let ty = if self.is_boxed(id, *member) {
                        quote! { Box<#ty> }
                    } else {
                        ty
                    };
                    variants.push(quote! { #doc #label(#ty) });
                    if !home.owned {
                        let rule = self.member_rule(&home.name, &label.to_string(), *member, rules);
                        reads.push(quote! { Decode::decode(r, #rule).map(#name::#label) });
                    }
                }
                // What nobody looks into is only told apart.
                None => {
                    variants.push(quote! { #doc #label });
                    reads.push(match &union.tell {
                        Tell::Required { .. } => quote! { r.object(|r, _| r.skip()).map(|()| #name::#label) },
                        _ => quote! { { r.skip(); Some(#name::#label) } },
                    });
                }
            }
        }
        let other = match unknown {
            true => {
                let doc = docs("What the document does not know.");
                variants.push(quote! { #doc Unknown });
                quote! { { r.skip(); Some(#name::Unknown) } }
            }
            false => quote! { r.wrong_type("one of the known alternatives") },
        };
        let lifetime = self.borrows(id).then(|| quote! { <'a> });
        let mut items = vec![quote! {
            #doc
            #[derive(Clone, Debug)]
            pub enum #name #lifetime { #(#variants),* }
        }];
        // What a hook makes is not read from anywhere.
        if !home.owned {
            let read = reading(&union.tell, &reads, &other);
            let holds = rules.clauses(self.schemas, self.schemas.canonical(id)).map(|own| quote! { r.holds(#own); });
            items.push(quote! {
                impl<'a> Decode<'a> for #name #lifetime {
                    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
                        #holds
                        #read
                    }
                }
            });
        }
        if self.demand.is_raw(id) {
            let arms = labels.iter().map(|label| {
                let label = ident(label);
                quote! { #name::#label(value) => value.write_json(json) }
            });
            let elided = self.borrows(id).then(|| quote! { <'_> });
            items.push(quote! {
                impl WriteJson for #name #elided {
                    fn write_json(&self, json: &mut JsonBuffer) {
                        match self { #(#arms),* }
                    }
                }
            });
        }
        items
    }

    /// The rule that a member is read by.
    fn member_rule(&self, owner: &str, label: &str, member: SchemaId, rules: &mut Rules) -> TokenStream {
        let canonical = self.schemas.canonical(member);
        let whole = self.demand.is_raw(canonical) && !self.demand.is_typed(canonical) || self.is_opaque(member);
        match self.home(member) {
            Some(_) => quote! { &Rule::ANY },
            None if whole => rules.member(self.schemas, owner, label, member, true),
            None => rules.typed_member(self, owner, label, member),
        }
    }
}

/// The expression that finds the member of what comes next, and reads it.
fn reading(tell: &Tell, reads: &[TokenStream], other: &TokenStream) -> TokenStream {
    match tell {
        Tell::Discriminator { property, mapping, otherwise } => {
            let other = otherwise.map_or(other, |at| &reads[at]);
            let arms = (0..reads.len()).filter_map(|at| {
                let values: Vec<&String> = mapping.iter().filter(|(_, to)| *to == at).map(|(value, _)| value).collect();
                let read = &reads[at];
                (!values.is_empty()).then(|| quote! { #(Some(#values))|* => #read })
            });
            quote! { match r.peek_tag(#property).as_deref() { #(#arms,)* _ => #other } }
        }
        Tell::ConstProperty { property, values } => {
            let texts = values.iter().flatten().all(Json::is_string);
            let text = |value: &Json| match value {
                Json::String(text) if texts => text.clone(),
                // As the runtime writes them: without exponent.
                Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
                    Some(number) => number.to_string(),
                    None => number.to_string(),
                },
                other => other.to_string(),
            };
            let arms = values.iter().zip(reads).filter(|(values, _)| !values.is_empty()).map(|(values, read)| {
                let texts: Vec<String> = values.iter().map(text).collect();
                quote! { #(Some(#texts))|* => #read }
            });
            let peek = ident(if texts { "peek_tag" } else { "peek_constant" });
            quote! { match r.#peek(#property).as_deref() { #(#arms,)* _ => #other } }
        }
        Tell::Required { marks, otherwise } => {
            let last = &reads[*otherwise];
            let mut read = quote! { #last };
            for (property, at) in marks.iter().rev() {
                let member = &reads[*at];
                read = quote! { if r.peek_member(#property) { #member } else { #read } };
            }
            // What is no object has none of these, and is none of them.
            read
        }
        Tell::JsonType { types, objects } => by_type(types, objects.as_deref(), reads, other),
        Tell::None { .. } => other.clone(),
    }
}

fn by_type(types: &[Vec<JsonType>], objects: Option<&Tell>, reads: &[TokenStream], other: &TokenStream) -> TokenStream {
    let all: HashSet<&JsonType> = types.iter().flatten().collect();
    let both = all.contains(&JsonType::Integer) && all.contains(&JsonType::Number);
    let mut arms = Vec::new();
    if let Some(tell) = objects {
        let read = reading(tell, reads, other);
        arms.push(quote! { Some(JsonType::Object) => #read });
    }
    let mut order: Vec<usize> = (0..types.len()).collect();
    // Whole numbers first, where other numbers are another member.
    order.sort_by_key(|at| !types[*at].contains(&JsonType::Integer));
    for at in order {
        let mut names: Vec<&str> = Vec::new();
        for ty in types[at].iter().filter(|ty| objects.is_none() || **ty != JsonType::Object) {
            let name = match ty {
                JsonType::Boolean => "Boolean",
                JsonType::Integer | JsonType::Number => "Number",
                JsonType::String => "String",
                JsonType::Array => "Array",
                JsonType::Object => "Object",
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            continue;
        }
        let whole = both && types[at].contains(&JsonType::Integer) && !types[at].contains(&JsonType::Number);
        let guard = whole.then(|| quote! { if r.peek_integer() });
        let (names, read) = (names.iter().map(|name| ident(name)), &reads[at]);
        arms.push(quote! { #(Some(JsonType::#names))|* #guard => #read });
    }
    quote! { match r.peek() { #(#arms,)* _ => #other } }
}
