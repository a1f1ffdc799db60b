//! What a method takes: required parameters one by one, optional ones in a struct, and how each goes out.

use proc_macro2::TokenStream;
use quote::quote;

use super::define::spelled;
use super::model::{Model, Type};
use crate::emit::names::{Names, ident, snake};
use crate::emit::parameters::name_of;
use crate::emit::print::{docs, first_sentence};
use crate::openapi::{In, Operation, Parameter, Style};
use crate::schema::Kind;

/// More arguments than this, `self` among them, are no pleasure to call.
const MAX_ARGUMENTS: usize = 7;

/// A parameter as an argument.
struct Argument<'o> {
    parameter: &'o Parameter,
    name: String,
    ty: Type,
}

/// The parameters of a method.
pub struct Arguments {
    /// `, pet_id: &str, options: ListPetsOptions<'_>`
    pub list: TokenStream,
    /// `.path("petId", pet_id).query("limit", &options.limit)`
    pub sent: TokenStream,
    /// The struct of those that are not passed one by one.
    pub item: Option<TokenStream>,
}

/// Arguments of an operation. `beside`: how many arguments the body adds. `struct_name` is taken where needed.
pub fn arguments(
    model: &mut Model,
    operation: &Operation,
    method: &str,
    beside: usize,
    mut struct_name: impl FnMut(&str) -> String,
) -> Arguments {
    let mut names = Names::with(&["options", "params", "body", "answer", "request"]);
    let all: Vec<Argument> = operation
        .parameters
        .iter()
        .filter(|parameter| !is_ignored(parameter))
        .map(|parameter| {
            let suffix = match parameter.location {
                In::Path => "_path",
                In::Query => "_query",
                In::Header => "_header",
                In::Cookie => "_cookie",
            };
            let name = names.take(&snake(&spelled(&parameter.name)), suffix);
            Argument { parameter, name, ty: bare(model.of(parameter.schema)) }
        })
        .collect();
    let (required, optional): (Vec<&Argument>, Vec<&Argument>) = all.iter().partition(|a| a.parameter.required);
    let count = 1 + required.len() + usize::from(!optional.is_empty()) + beside;
    let apart = count <= MAX_ARGUMENTS;
    let bundled: Vec<&Argument> = if apart { optional } else { all.iter().collect() };
    let mut list = TokenStream::new();
    if apart {
        for argument in &required {
            let (name, ty) = (ident(&argument.name), passed(model, &argument.ty, false));
            list.extend(quote! { , #name: #ty });
        }
    }
    let mut item = None;
    let bundle = ident(if apart { "options" } else { "params" });
    if !bundled.is_empty() {
        let name = ident(&struct_name(if apart { "Options" } else { "Params" }));
        let lifetime = bundled.iter().any(|argument| borrows(&argument.ty));
        let (here, elided) = match lifetime {
            true => (quote! { <'a> }, quote! { <'_> }),
            false => (quote! {}, quote! {}),
        };
        list.extend(quote! { , #bundle: #name #elided });
        let doc = format!(" {} parameters of [`Client::{method}`].", if apart { "Optional" } else { "The" });
        let default = bundled.iter().all(|a| !a.parameter.required).then(|| quote! { , Default });
        let fields = bundled.iter().map(|argument| field(model, argument));
        item = Some(quote! {
            #[doc = #doc]
            #[derive(Clone, Copy, Debug #default)]
            pub struct #name #here { #(#fields),* }
        });
    }
    let sent = all.iter().map(|argument| {
        let name = ident(&argument.name);
        let value = match (argument.parameter.required && apart, borrows(&argument.ty)) {
            (true, true) => quote! { #name },
            (true, false) => quote! { &#name },
            (false, _) => quote! { &#bundle.#name },
        };
        send(argument.parameter, &argument.ty, model, value)
    });
    let sent = quote! { #(#sent)* };
    Arguments { list, sent, item }
}

fn field(model: &Model, argument: &Argument) -> TokenStream {
    let (name, ty) = (ident(&argument.name), passed(model, &argument.ty, true));
    let ty = if argument.parameter.required {
        ty
    } else {
        quote! { Option<#ty> }
    };
    let docs = docs(&argument.parameter.description.as_deref().map(first_sentence).unwrap_or_default());
    quote! { #docs pub #name: #ty }
}

/// Headers that OpenAPI leaves to the protocol (3.1, section 4.8.12.1).
fn is_ignored(parameter: &Parameter) -> bool {
    let name = parameter.name.to_ascii_lowercase();
    parameter.location == In::Header && matches!(name.as_str(), "accept" | "content-type" | "authorization")
}

/// Null and absent are one thing outside of JSON.
fn bare(ty: Type) -> Type {
    match ty {
        Type::Nullable(inner) => *inner,
        ty => ty,
    }
}

fn borrows(ty: &Type) -> bool {
    !matches!(ty, Type::Bool | Type::Int(_) | Type::Double | Type::Null)
}

/// A value as it is passed: numbers as they are, the rest by reference.
pub fn passed(model: &Model, ty: &Type, in_struct: bool) -> TokenStream {
    let lifetime = in_struct.then(|| quote! { 'a });
    match ty {
        Type::Text => quote! { &#lifetime str },
        Type::List(item) if **item == Type::Text => quote! { &#lifetime [&#lifetime str] },
        Type::List(item) => {
            let item = model.rust(item, Some("types"));
            quote! { &#lifetime [#item] }
        }
        ty if borrows(ty) => {
            let ty = model.rust(ty, Some("types"));
            quote! { &#lifetime #ty }
        }
        ty => model.rust(ty, Some("types")),
    }
}

/// Whether a value is one text on the wire, whatever the style.
fn is_scalar(model: &Model, ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Int(_) | Type::Double | Type::Text => true,
        Type::Named(id) => matches!(model.schemas.get(*id).kind, Kind::String(_)),
        _ => false,
    }
}

/// The call that puts a parameter into the request (OpenAPI 3.1, section 4.8.12).
fn send(parameter: &Parameter, ty: &Type, model: &Model, value: TokenStream) -> TokenStream {
    let name = &parameter.name;
    let scalar = is_scalar(model, ty);
    let (explode, style) = (parameter.explode, name_of(parameter.style));
    if parameter.content.as_deref().is_some_and(|media| media.contains("json")) {
        return match parameter.location {
            In::Path => quote! { .path_content(#name, #value) },
            In::Query => quote! { .query_content(#name, #value) },
            In::Header => quote! { .header_content(#name, #value) },
            In::Cookie => quote! { .cookie_content(#name, #value) },
        };
    }
    match parameter.location {
        In::Path if parameter.style == Style::Simple && (scalar || !explode) => quote! { .path(#name, #value) },
        In::Path => quote! { .path_with(#name, #value, Style::#style, #explode) },
        In::Query if parameter.allow_reserved => quote! { .query_reserved(#name, #value, Style::#style, #explode) },
        In::Query if parameter.style == Style::Form && (scalar || explode) => quote! { .query(#name, #value) },
        In::Query => quote! { .query_with(#name, #value, Style::#style, #explode) },
        In::Header if scalar || !explode => quote! { .header(#name, #value) },
        In::Header => quote! { .header_with(#name, #value, #explode) },
        In::Cookie if scalar => quote! { .cookie(#name, #value) },
        In::Cookie => quote! { .cookie_with(#name, #value, #explode) },
    }
}
