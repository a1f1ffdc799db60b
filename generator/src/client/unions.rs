//! Unions: an enumeration where the members can be told apart, else the JSON with a reading for each member.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::define::type_docs;
use super::model::{Model, Type};
use super::sizes;
use crate::diag::Diagnostic;
use crate::emit::names::{Names, ident, pascal, snake};
use crate::schema::{Json, JsonType, Kind, SchemaId, Tell, UnionRules};

/// The definition of a union.
pub fn define(model: &mut Model, id: SchemaId, rules: &UnionRules) -> Vec<TokenStream> {
    let members: Vec<Type> = rules.members.iter().map(|member| model.of(*member)).collect();
    let mut names = Names::default();
    let labels: Vec<String> = rules
        .members
        .iter()
        .zip(&members)
        .enumerate()
        .map(|(at, (member, ty))| match &rules.tell {
            // The base itself, behind its heirs.
            Tell::Discriminator { otherwise: Some(otherwise), .. } if *otherwise == at => {
                names.take("Other", "Variant")
            }
            _ => names.take(&label(model, *member, ty), "Variant"),
        })
        .collect();
    let union = model.name(id).to_string();
    if let Tell::None { reason } = &rules.tell {
        return open(model, id, rules, &members, &labels, reason);
    }
    let read = reading(&rules.tell, &labels, &union);
    let tag = match &rules.tell {
        Tell::Discriminator { property, mapping, .. } => Some((property, mapping)),
        Tell::JsonType { objects, .. } => match objects.as_deref() {
            Some(Tell::Discriminator { property, mapping, .. }) => Some((property, mapping)),
            _ => None,
        },
        _ => None,
    };
    enumeration(model, id, rules, &members, &labels, tag, &read)
}

/// The expression that finds the member of a `value` and reads it.
fn reading(tell: &Tell, labels: &[String], union: &str) -> TokenStream {
    let member = |at: usize| {
        let label = ident(&labels[at]);
        quote! { typed::member(value).map(Self::#label) }
    };
    match tell {
        Tell::Discriminator { property, mapping, otherwise } => {
            // Values that mean the same stand together.
            let mut values: Vec<(usize, Vec<&str>)> = Vec::new();
            for (value, at) in mapping {
                match values.iter_mut().find(|(known, _)| known == at) {
                    Some((_, values)) => values.push(value),
                    None => values.push((*at, vec![value])),
                }
            }
            let arms = values.iter().map(|(at, values)| {
                let member = member(*at);
                quote! { Some(#(#values)|*) => #member }
            });
            let rest = otherwise.map(member).map_or_else(
                || quote! { other => Err(typed::unknown_tag(#property, other)) },
                |member| quote! { _ => #member },
            );
            quote! { match typed::tag(&value, #property) { #(#arms,)* #rest } }
        }
        Tell::ConstProperty { property, values } => {
            let texts = values.iter().flatten().all(Json::is_string);
            let constant = match texts {
                true => quote! { typed::tag(&value, #property) },
                false => quote! { value.get(#property).map(Json::to_string).as_deref() },
            };
            let arms = values.iter().enumerate().filter(|(_, values)| !values.is_empty()).map(|(at, values)| {
                let patterns = values.iter().map(|value| match value {
                    Json::String(text) if texts => quote! { Some(#text) },
                    other => {
                        let text = other.to_string();
                        quote! { Some(#text) }
                    }
                });
                let member = member(at);
                quote! { #(#patterns)|* => #member }
            });
            quote! { match #constant { #(#arms,)* other => Err(typed::unknown_tag(#property, other)) } }
        }
        Tell::JsonType { types, objects } => {
            let all: HashSet<&JsonType> = types.iter().flatten().collect();
            let both = all.contains(&JsonType::Integer) && all.contains(&JsonType::Number);
            // Objects that something else tells apart share an arm.
            let mut arms = objects.as_deref().map(|tell| {
                let read = reading(tell, labels, union);
                vec![quote! { Json::Object(_) => #read }]
            });
            let arms = arms.get_or_insert_default();
            let shared = objects.is_some();
            let mut order: Vec<usize> = (0..types.len()).collect();
            // Whole numbers first, where other numbers are another member.
            order.sort_by_key(|at| !types[*at].contains(&JsonType::Integer));
            for at in order {
                let mut patterns: Vec<TokenStream> = Vec::new();
                for ty in types[at].iter().filter(|ty| !(shared && **ty == JsonType::Object)) {
                    let pattern = json_pattern(*ty);
                    if !patterns.iter().any(|known| known.to_string() == pattern.to_string()) {
                        patterns.push(pattern);
                    }
                }
                let whole = both && types[at].contains(&JsonType::Integer) && !types[at].contains(&JsonType::Number);
                let guard = whole.then(|| quote! { if !value.is_f64() });
                let member = member(at);
                if !patterns.is_empty() {
                    arms.push(quote! { #(#patterns)|* #guard => #member });
                }
            }
            quote! { match value { #(#arms,)* _ => Err(typed::no_member(#union)) } }
        }
        Tell::Required { marks, otherwise } => {
            let mut read = member(*otherwise);
            for (property, at) in marks.iter().rev() {
                let member = member(*at);
                read = quote! { if typed::has(&value, #property) { #member } else { #read } };
            }
            read
        }
        Tell::None { .. } => quote! { Err(typed::no_member(#union)) },
    }
}

/// A member's name as a variant.
fn label(model: &Model, member: SchemaId, ty: &Type) -> String {
    match ty {
        Type::Named(id) => {
            // `Payment option 1` within `Payment` is told by its title, if it has one.
            let schema = model.schemas.get(member);
            let title = schema.title.as_deref().filter(|title| !schema.component && title.len() <= 40);
            title.map_or_else(|| model.name(*id).to_string(), pascal)
        }
        Type::Json => "Any".into(),
        Type::Null => "Null".into(),
        Type::Bool => "Bool".into(),
        Type::Int(_) => "Integer".into(),
        Type::Double => "Number".into(),
        Type::Text => "Text".into(),
        Type::List(_) => "List".into(),
        Type::Tuple(_) => "Tuple".into(),
        Type::Map(_) => "Map".into(),
        Type::Nullable(inner) => label(model, member, inner),
    }
}

fn json_pattern(ty: JsonType) -> TokenStream {
    match ty {
        JsonType::Boolean => quote! { Json::Bool(_) },
        JsonType::Integer | JsonType::Number => quote! { Json::Number(_) },
        JsonType::String => quote! { Json::String(_) },
        JsonType::Array => quote! { Json::Array(_) },
        JsonType::Object => quote! { Json::Object(_) },
    }
}

/// The enumeration, how it is read, and how it is written.
fn enumeration(
    model: &mut Model,
    id: SchemaId,
    rules: &UnionRules,
    members: &[Type],
    labels: &[String],
    tag: Option<(&String, &Vec<(String, usize)>)>,
    read: &TokenStream,
) -> Vec<TokenStream> {
    let (docs, name) = (type_docs(model, id), ident(model.name(id)));
    let all: Vec<sizes::Size> = members.iter().map(|ty| sizes::size(model, ty)).collect();
    let large = sizes::boxed(&all);
    let variants: Vec<TokenStream> = members
        .iter()
        .zip(labels)
        .enumerate()
        .map(|(at, (ty, label))| {
            let mut tokens = model.rust(ty, None);
            // A type may not hold itself, and one variant may not dwarf the others.
            if model.boxed(id, ty) || large[at] {
                tokens = quote! { Box<#tokens> };
            }
            let (doc, label) = (format!(" `{}`", variant_doc(model, rules.members[at], ty)), ident(label));
            quote! { #[doc = #doc] #label(#tokens) }
        })
        .collect();
    let deserialize = quote! {
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Json::deserialize(deserializer)?;
                #read
            }
        }
    };
    // A member that does not say its tag itself gets it when it is written.
    let silent = |at: usize| {
        let (property, mapping) = tag?;
        let (value, _) = mapping.iter().find(|(_, to)| *to == at)?;
        (!declares(model, rules.members[at], property)).then_some((property, value))
    };
    if (0..members.len()).all(|at| silent(at).is_none()) {
        let items = quote! {
            #docs
            #[derive(Clone, Debug, PartialEq, Serialize)]
            #[serde(untagged)]
            pub enum #name { #(#variants),* }
        };
        return vec![items, deserialize];
    }
    let write = labels.iter().enumerate().map(|(at, label)| {
        let label = ident(label);
        match silent(at) {
            Some((property, tag)) => {
                quote! { Self::#label(value) => typed::tagged(serializer, #property, #tag, value) }
            }
            None => quote! { Self::#label(value) => value.serialize(serializer) },
        }
    });
    vec![
        quote! {
            #docs
            #[derive(Clone, Debug, PartialEq)]
            pub enum #name { #(#variants),* }
        },
        deserialize,
        quote! {
            impl Serialize for #name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    match self { #(#write,)* }
                }
            }
        },
    ]
}

fn variant_doc(model: &Model, member: SchemaId, ty: &Type) -> String {
    match ty {
        Type::Named(id) => model.name(*id).to_string(),
        _ => model.schemas.get(member).name.replace('`', "'"),
    }
}

fn declares(model: &Model, member: SchemaId, property: &str) -> bool {
    match &model.schemas.get(member).kind {
        Kind::Object(rules) => rules.properties.iter().any(|p| p.name == property && p.required),
        Kind::Nullable(inner) => declares(model, *inner, property),
        // A union within: its members say theirs, or get it there.
        Kind::Union(_) => true,
        _ => false,
    }
}

/// A union whose members cannot be told apart: the JSON, and a reading for each member.
fn open(
    model: &mut Model,
    id: SchemaId,
    rules: &UnionRules,
    members: &[Type],
    labels: &[String],
    reason: &str,
) -> Vec<TokenStream> {
    let schema = model.schemas.get(id);
    let message = format!("the members of `{}` cannot be told apart: {reason}", schema.name);
    model.found.push(
        Diagnostic::warning("BFF0603", message, schema.span)
            .help("The client keeps the value as JSON, with a method for each member that reads it as such.")
            .help("A `discriminator`, or a property with another `const` in each member, tells them apart."),
    );
    let (docs, name) = (type_docs(model, id), ident(model.name(id)));
    let mut names = Names::default();
    let methods = members.iter().zip(labels).enumerate().map(|(at, (ty, label))| {
        let method = ident(&names.take(&format!("as_{}", snake(label)), "_"));
        let about = variant_doc(model, rules.members[at], ty);
        let (doc, ty) = (format!(" The value as `{about}`, if it can be read as such."), model.rust(ty, None));
        quote! {
            #[doc = #doc]
            pub fn #method(&self) -> Option<#ty> {
                typed::try_member(&self.0)
            }
        }
    });
    let methods: Vec<TokenStream> = methods.collect();
    vec![
        quote! {
            #docs
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct #name(pub Json);
        },
        quote! { impl #name { #(#methods)* } },
    ]
}
