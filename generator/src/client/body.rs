//! What a method sends as its body: one argument, or an enumeration where a body may be carried in several ways.

use proc_macro2::TokenStream;
use quote::quote;

use super::arguments::passed;
use super::define::spelled;
use super::model::{Model, Type};
use super::sizes::{self, Size};
use crate::emit::bodies::{encodings, is_json};
use crate::emit::names::{Names, ident, snake};
use crate::emit::print::{docs, first_sentence};
use crate::openapi::bytes::{ANY_BYTES, file};
use crate::openapi::media::{Carried, chosen, concrete};
use crate::openapi::{Media, Operation};
use crate::schema::{Kind, ObjectRules, SchemaId};

/// The body of a method.
#[derive(Default)]
pub struct Body {
    /// `, body: &types::Pet`
    pub argument: TokenStream,
    /// `.json(body)`
    pub sent: TokenStream,
    /// Statements between the request and its sending, for an enumeration.
    pub choice: Option<TokenStream>,
    /// Types of its own.
    pub items: Vec<TokenStream>,
}

/// One way to carry a body.
struct Way {
    carried: Carried,
    ty: TokenStream,
    borrows: bool,
    /// The call that adds it to a request, given the value.
    call: TokenStream,
    size: Size,
}

/// The size of what is passed by reference.
const REFERENCE: Size = Size::exactly(16);

/// The size of the runtime's `Body` and `Multipart`.
const BODY: Size = Size::between(24, 96);

/// The size of the runtime's `Part`.
const PART: Size = Size::between(96, 168);

/// The body of an operation. `type_name` takes a name for a type with a suffix.
pub fn body(model: &mut Model, operation: &Operation, method: &str, mut type_name: impl FnMut(&str) -> String) -> Body {
    let Some(described) = &operation.body else { return Body::default() };
    let mut body = Body::default();
    let media = chosen(model.schemas, &described.content, false);
    let mut ways: Vec<Way> = Vec::new();
    for (carried, media) in media {
        let several = matches!(carried, Carried::Multipart).then(|| type_name("Parts"));
        ways.push(way(model, carried, media, several, method, &mut body.items));
    }
    match ways.len() {
        0 => {}
        1 => {
            let Way { ty, call, .. } = &ways[0];
            let plain = quote! { body };
            if described.required {
                let ty = if ways[0].carried == Carried::Bytes {
                    quote! { impl Into<Body> }
                } else {
                    ty.clone()
                };
                body.argument = quote! { , body: #ty };
                body.sent = call_with(call, &plain);
            } else {
                let call = call_with(call, &plain);
                body.argument = quote! { , body: Option<#ty> };
                body.sent = quote! { .when(body, |request, body| request #call) };
            }
        }
        _ => {
            let name = ident(&type_name("Body"));
            let lifetime = ways.iter().any(|way| way.borrows);
            let (here, elided) = match lifetime {
                true => (quote! { <'a> }, quote! { <'_> }),
                false => (quote! {}, quote! {}),
            };
            let doc = format!(" What [`Client::{method}`] can send.");
            let sizes: Vec<Size> = ways.iter().map(|way| way.size).collect();
            let variants = ways.iter().zip(sizes::boxed(&sizes)).map(|(way, boxed)| {
                let (variant, ty) = (variant(way.carried), with_lifetime(&way.ty));
                let ty = if boxed {
                    quote! { Box<#ty> }
                } else {
                    ty
                };
                let doc = format!(" As {}.", described_as(way.carried));
                quote! { #[doc = #doc] #variant(#ty) }
            });
            body.items.push(quote! {
                #[doc = #doc]
                #[derive(Debug)]
                pub enum #name #here { #(#variants),* }
            });
            let arms = ways.iter().map(|way| {
                let (variant, call) = (variant(way.carried), call_with(&way.call, &quote! { body }));
                quote! { #name::#variant(body) => request #call }
            });
            let choice = quote! { match body { #(#arms,)* } };
            body.argument = match described.required {
                true => quote! { , body: #name #elided },
                false => quote! { , body: Option<#name #elided> },
            };
            body.choice = Some(match described.required {
                true => quote! { let request = #choice; },
                false => quote! { let request = request.when(body, |request, body| #choice); },
            });
        }
    }
    body
}

/// Puts the value where the call has its place.
fn call_with(call: &TokenStream, value: &TokenStream) -> TokenStream {
    let text = call.to_string().replace("__value", &value.to_string());
    text.parse().unwrap_or_else(|_| call.clone())
}

fn with_lifetime(ty: &TokenStream) -> TokenStream {
    let text = ty.to_string().replace('&', "& 'a ");
    text.parse().unwrap_or_else(|_| ty.clone())
}

fn variant(carried: Carried) -> proc_macro2::Ident {
    ident(match carried {
        Carried::Json => "Json",
        Carried::Form => "Form",
        Carried::Multipart => "Multipart",
        Carried::Text | Carried::Events => "Text",
        Carried::Bytes => "Bytes",
    })
}

fn described_as(carried: Carried) -> &'static str {
    match carried {
        Carried::Json => "JSON",
        Carried::Form => "a form",
        Carried::Multipart => "a form of parts, with files",
        Carried::Text | Carried::Events => "text",
        Carried::Bytes => "bytes",
    }
}

fn way(
    model: &mut Model,
    carried: Carried,
    media: &Media,
    parts_name: Option<String>,
    method: &str,
    items: &mut Vec<TokenStream>,
) -> Way {
    let sent_as = concrete(&media.media_type, carried);
    let mut ty = || media.schema.map_or(Type::Json, |id| model.of(id));
    match carried {
        Carried::Json => {
            let ty = ty();
            let call = match sent_as.as_str() {
                "application/json" => quote! { .json(__value) },
                other => quote! { .json_as(#other, __value) },
            };
            let owned = matches!(ty, Type::Bool | Type::Int(_) | Type::Double | Type::Null);
            let call = if owned { call_with(&call, &quote! { &__value }) } else { call };
            Way { carried, ty: passed(model, &ty, false), borrows: !owned, call, size: REFERENCE }
        }
        Carried::Form => {
            let encodings = encodings(media);
            let call = quote! { .form(__value, &[#(#encodings),*]) };
            let ty = match ty() {
                ty @ (Type::Named(_) | Type::Map(_)) => ty,
                _ => Type::Json,
            };
            Way { carried, ty: passed(model, &ty, false), borrows: true, call, size: REFERENCE }
        }
        Carried::Multipart => match (parts_name, media.schema.and_then(|id| object(model, id))) {
            (Some(name), Some(rules)) => {
                let (item, call, size) = parts(model, &rules, media, &name, method);
                items.push(item);
                let name = ident(&name);
                Way { carried, ty: quote! { #name }, borrows: false, call, size }
            }
            _ => {
                let call = quote! { .multipart(__value) };
                Way { carried, ty: quote! { Multipart }, borrows: false, call, size: BODY }
            }
        },
        Carried::Text | Carried::Events => {
            let call = quote! { .text(#sent_as, __value) };
            Way { carried, ty: quote! { &str }, borrows: true, call, size: REFERENCE }
        }
        Carried::Bytes => {
            let call = quote! { .bytes(#sent_as, __value) };
            Way { carried, ty: quote! { Body }, borrows: false, call, size: BODY }
        }
    }
}

/// The members of an object, nullable or not.
fn object(model: &Model, id: SchemaId) -> Option<ObjectRules> {
    match &model.schemas.get(id).kind {
        Kind::Object(rules) if !rules.properties.is_empty() => Some(rules.clone()),
        Kind::Nullable(inner) => object(model, *inner),
        _ => None,
    }
}

/// The struct of a multipart body, and the call that sends it.
fn parts(
    model: &mut Model,
    rules: &ObjectRules,
    media: &Media,
    name: &str,
    method: &str,
) -> (TokenStream, TokenStream, Size) {
    let mut names = Names::default();
    let mut size = Size::exactly(0);
    let mut fields = Vec::new();
    let mut calls = Vec::new();
    let mut required = false;
    for property in rules.properties.iter().filter(|p| !model.schemas.get(p.schema).read_only) {
        let (field, json) = (ident(&names.take(&snake(&spelled(&property.name)), "_")), &property.name);
        let schema = model.schemas.get(property.schema);
        let encoding = media.encoding_of(&property.name);
        let docs = docs(&schema.description.as_deref().map(first_sentence).unwrap_or_default());
        let (ty, call) = if let Some(file) = file(model.schemas, property.schema, encoding) {
            let usual = file.usual.as_str();
            let call = match usual {
                ANY_BYTES => quote! { .file(#json, body.#field) },
                _ => quote! { .file_as(#json, #usual, body.#field) },
            };
            if file.several.is_some() {
                // No file is an empty list.
                calls.push(call);
                fields.push(quote! { #docs pub #field: Vec<Part> });
                continue;
            }
            size = size.and(PART);
            (quote! { Part }, call)
        } else {
            let ty = match model.of(property.schema) {
                Type::Nullable(inner) => *inner,
                ty => ty,
            };
            size = size.and(sizes::size(model, &ty).or_nothing());
            let structured = encoding.is_some_and(is_json)
                || matches!(ty, Type::Map(_) | Type::Json)
                || matches!(&ty, Type::Named(id) if !matches!(model.schemas.get(*id).kind, Kind::String(_)))
                || matches!(&ty, Type::List(item) if !matches!(**item, Type::Text | Type::Int(_) | Type::Double | Type::Bool));
            let method = ident(if structured { "json" } else { "text" });
            (model.rust(&ty, Some("types")), quote! { .#method(#json, &body.#field) })
        };
        required |= property.required;
        let ty = if property.required {
            ty
        } else {
            quote! { Option<#ty> }
        };
        fields.push(quote! { #docs pub #field: #ty });
        calls.push(call);
    }
    let doc = format!(" The parts that [`Client::{method}`] sends.");
    let (name, default) = (ident(name), (!required).then(|| quote! { Default, }));
    let item = quote! {
        #[doc = #doc]
        #[derive(#default Debug)]
        pub struct #name { #(#fields),* }
    };
    (item, quote! { .multipart(Multipart::new() #(#calls)*) }, size)
}
