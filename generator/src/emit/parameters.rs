//! Parameters by style: how a call sends them, how an endpoint reads them, how they are published.

use indexmap::IndexMap;
use openapiv3::{
    CookieStyle, HeaderStyle, Parameter as Published, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle,
};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::names::ident;
use super::openapi_out::{content, schema};
use crate::openapi::{In, Parameter, Style};
use crate::plan::ir::Input;
use crate::plan::wire::{Handed, Wire};
use crate::schema::{Additional, Kind, Schemas};

/// The builder call that puts a parameter into a request (OpenAPI 3.1, section 4.8.12).
pub fn send(param: &Parameter, handed: Handed, value: TokenStream) -> TokenStream {
    let (name, explode) = (&param.name, param.explode);
    let style = name_of(param.style);
    match (param.location, handed) {
        (In::Path, Handed::Json) => quote! { .path(#name, #value) },
        (In::Path, Handed::Value) => quote! { .path_with(#name, #value, Style::#style, #explode) },
        (In::Path, _) => match param.style {
            Style::Label | Style::Matrix => quote! { .path_with(#name, #value, Style::#style, #explode) },
            _ => quote! { .path(#name, #value) },
        },
        (In::Query, Handed::Json) => quote! { .query(#name, #value) },
        (In::Query, Handed::Scalar) if param.allow_reserved => {
            quote! { .query_reserved(#name, #value, Style::Form, true) }
        }
        (In::Query, Handed::Scalar) => quote! { .query(#name, #value) },
        (In::Query, _) if param.allow_reserved => quote! { .query_reserved(#name, #value, Style::#style, #explode) },
        (In::Query, Handed::Value) => quote! { .query_with(#name, #value, Style::#style, #explode) },
        (In::Query, Handed::List) => match (param.style, param.explode) {
            (Style::DeepObject, _) => quote! { .query_with(#name, #value, Style::DeepObject, #explode) },
            (_, true) => quote! { .query(#name, #value) },
            (Style::SpaceDelimited, false) => quote! { .query_joined(#name, #value, ' ') },
            (Style::PipeDelimited, false) => quote! { .query_joined(#name, #value, '|') },
            (_, false) => quote! { .query_joined(#name, #value, ',') },
        },
        (In::Header, handed) => {
            let name = name.to_ascii_lowercase();
            match handed {
                Handed::Value => quote! { .header_with(#name, #value, #explode) },
                _ => quote! { .header(#name, #value) },
            }
        }
        (In::Cookie, Handed::List | Handed::Value) => quote! { .cookie_with(#name, #value, #explode) },
        (In::Cookie, _) => quote! { .cookie(#name, #value) },
    }
}

/// The builder call that checks an argument by the rule of its parameter.
pub fn check(param: &Parameter, handed: Handed, value: &TokenStream, rule: &TokenStream) -> TokenStream {
    let name = &param.name;
    match handed {
        Handed::Json => quote! { .check_json_param(#name, &#value, #rule) },
        _ => quote! { .check_param(#name, &#value, #rule) },
    }
}

/// The call on `inputs` that reads one which is more than one text. `place`: `query`, and so on.
pub fn read(wire: Wire, input: &Input, place: &str, ty: &TokenStream, rule: &TokenStream) -> TokenStream {
    let name = &input.name;
    let (path, header) = (place == "path", place == "header" || place == "cookie");
    let prefix = if input.required && !path { "required_" } else { "" };
    let (method, how) = match wire {
        Wire::Json => (format!("{prefix}{place}_content"), quote! {}),
        Wire::Style(_, explode) if header => (format!("{prefix}{place}_with"), quote! { , #explode }),
        Wire::Style(style, explode) => {
            let style = name_of(style);
            (format!("{prefix}{place}_with"), quote! { , Style::#style, #explode })
        }
    };
    let method = ident(&method);
    quote! { #method::<#ty>(#name, #rule #how) }
}

/// The names in the query that an input has, and whether it takes any others.
pub fn names_in_query(schemas: &Schemas, input: &Input) -> (Vec<String>, bool) {
    if let (Some(Wire::Style(Style::Form, true)), Kind::Object(rules)) = (input.wire, &schemas.get(input.schema).kind) {
        let open = matches!(rules.additional, Additional::Any | Additional::Schema(_)) || rules.properties.is_empty();
        return (rules.properties.iter().map(|property| property.name.clone()).collect(), open);
    }
    (vec![input.name.clone()], false)
}

/// A parameter to be published, in a place and as it stands there.
pub fn published(location: In, wire: Option<Wire>, data: ParameterData, value: Value) -> Published {
    let style = match wire {
        Some(Wire::Style(style, _)) => Some(style),
        _ => None,
    };
    let format = match wire {
        Some(Wire::Json) => ParameterSchemaOrContent::Content(content("application/json", value)),
        _ => ParameterSchemaOrContent::Schema(schema(value)),
    };
    // Only what differs from the default is said.
    let explode = match wire {
        Some(Wire::Style(style, explode)) => Some(explode).filter(|explode| *explode != (style == Style::Form)),
        _ => None,
    };
    let parameter_data = ParameterData { format, explode, ..data };
    match location {
        In::Path => Published::Path {
            parameter_data: ParameterData { required: true, ..parameter_data },
            style: match style {
                Some(Style::Label) => PathStyle::Label,
                Some(Style::Matrix) => PathStyle::Matrix,
                _ => PathStyle::Simple,
            },
        },
        In::Query => Published::Query {
            parameter_data,
            allow_reserved: false,
            style: match style {
                Some(Style::SpaceDelimited) => QueryStyle::SpaceDelimited,
                Some(Style::PipeDelimited) => QueryStyle::PipeDelimited,
                Some(Style::DeepObject) => QueryStyle::DeepObject,
                _ => QueryStyle::Form,
            },
            allow_empty_value: None,
        },
        In::Header => Published::Header { parameter_data, style: HeaderStyle::Simple },
        In::Cookie => Published::Cookie { parameter_data, style: CookieStyle::Form },
    }
}

/// The data of a parameter, but for its schema.
pub fn data(name: &str, description: Option<String>, required: bool) -> ParameterData {
    ParameterData {
        name: name.to_string(),
        description,
        required,
        deprecated: None,
        format: ParameterSchemaOrContent::Content(IndexMap::new()),
        example: None,
        examples: IndexMap::new(),
        explode: None,
        extensions: IndexMap::new(),
    }
}

/// The runtime's name of a style.
pub fn name_of(style: Style) -> proc_macro2::Ident {
    ident(match style {
        Style::Simple => "Simple",
        Style::Label => "Label",
        Style::Matrix => "Matrix",
        Style::Form => "Form",
        Style::SpaceDelimited => "SpaceDelimited",
        Style::PipeDelimited => "PipeDelimited",
        Style::DeepObject => "DeepObject",
    })
}
