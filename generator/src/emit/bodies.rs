//! Request bodies by media type: what an operation's function takes, how it is sent, and how a call makes it.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::calls::body_buffer;
use super::endpoint::Shared;
use super::expr::expr;
use super::held::materialise;
use super::parameters::name_of;
use super::rules::count;
use super::scope::Scope;
use crate::openapi::bytes::length;
use crate::openapi::media::Carried;
use crate::openapi::{Encoding, Media};
use crate::plan::bodies::Carrying;
use crate::plan::fails::fallible;
use crate::plan::files::FilePart;
use crate::plan::ir::{TExpr, TShapeKind};
use crate::plan::model::Call;
use crate::schema::Schemas;

/// The type of the argument.
pub fn argument_type(sends: &Carrying) -> TokenStream {
    match sends.how {
        Carried::Json | Carried::Form => quote! { JsonBuffer },
        Carried::Multipart => quote! { Multipart },
        Carried::Text | Carried::Events | Carried::Bytes => quote! { Content },
    }
}

/// The builder call that puts the argument `body` into a request.
pub fn send(sends: &Carrying) -> TokenStream {
    let media_type = &sends.media_type;
    match sends.how {
        Carried::Json if media_type == "application/json" => quote! { .json(body) },
        Carried::Json => quote! { .json_as(#media_type, body) },
        Carried::Form => {
            let encodings = encodings(&sends.media);
            quote! { .form(body, &[#(#encodings),*]) }
        }
        Carried::Multipart => quote! { .multipart(body) },
        Carried::Text | Carried::Events | Carried::Bytes => quote! { .content(#media_type, body) },
    }
}

/// The builder call that checks the argument `body`: `rule` where its types do not say that it fits, `files` of those that
/// some call sends.
pub fn check(schemas: &Schemas, sends: &Carrying, rule: Option<TokenStream>, files: &[String]) -> Option<TokenStream> {
    if sends.how == Carried::Bytes {
        let range = range(length(schemas, sends.schema))?;
        return Some(quote! { .check_length(&body, #range) });
    }
    let said = sends.files.iter().filter(|part| files.contains(&part.name));
    let rules: Vec<TokenStream> = said.filter_map(file_rule).collect();
    if rules.is_empty() {
        return rule.map(|rule| quote! { .check_body(&body, #rule) });
    }
    let rule = rule.unwrap_or_else(|| quote! { &Rule::ANY });
    Some(quote! { .check_parts(&body, #rule, &[#(#rules),*]) })
}

/// How many bytes there are; none where there may be any number of them.
pub fn range((least, most): (Option<u64>, Option<u64>)) -> Option<TokenStream> {
    let number = |n: Option<u64>| n.map(Literal::u64_unsuffixed).map(|n| quote! { #n });
    let (fewest, most) = (number(least), number(most));
    (fewest.is_some() || most.is_some()).then(|| {
        let (fewest, most) = (fewest.unwrap_or(quote! { 0 }), most.unwrap_or(quote! { u64::MAX }));
        quote! { #fewest..=#most }
    })
}

/// What is said of a file; none where it may be any.
fn file_rule(part: &FilePart) -> Option<TokenStream> {
    let (fewest, most) = part.several.unwrap_or_default();
    let limits =
        [("min_length", part.length.0), ("max_length", part.length.1), ("min_items", fewest), ("max_items", most)];
    let said: Vec<TokenStream> = limits.into_iter().filter_map(|(name, limit)| Some(count(name, limit?))).collect();
    let name = &part.name;
    (!said.is_empty()).then(|| quote! { FileRule::new(#name) #(#said)* })
}

/// The argument of a call that sends no body.
pub fn none(sends: &Carrying) -> TokenStream {
    match sends.how {
        Carried::Json | Carried::Form => quote! { JsonBuffer::new() },
        Carried::Multipart => quote! { Multipart::new() },
        Carried::Text | Carried::Events | Carried::Bytes => quote! { Content::none() },
    }
}

/// The argument of a call: statements before it, and the value. `again`: it is sent more than once.
pub fn made(
    shared: &Shared,
    scope: &mut Scope,
    call: &Call,
    sends: &Carrying,
    again: bool,
) -> (TokenStream, TokenStream) {
    let Some(body) = &call.body else { return (TokenStream::new(), none(sends)) };
    let clone = again.then(|| quote! { .clone() });
    match (sends.how, &body.kind) {
        (Carried::Json | Carried::Form, _) => {
            let name = scope.fresh("body", "_json");
            (body_buffer(shared, scope, body, &name, 512), quote! { #name #clone })
        }
        (Carried::Multipart, kind) => {
            let bare =
                matches!(kind, TShapeKind::Object { spreads, fields } if spreads.is_empty() && fields.is_empty());
            let (mut before, mut parts) = (TokenStream::new(), quote! { Multipart::new() });
            if !bare {
                let json = scope.fresh("members", "_json");
                before = body_buffer(shared, scope, body, &json, 512);
                let encodings = encodings(&sends.media);
                parts.extend(quote! { .members(#json, &[#(#encodings),*]) });
            }
            for file in &call.files {
                let (name, value) = (&file.name, value(shared, scope, &file.value));
                let media_type = match &file.media_type {
                    Some(media_type) => quote! { #media_type },
                    None => quote! { cx.media_type() },
                };
                parts.extend(quote! { .file(#name, #media_type, #value) });
            }
            let name: Ident = scope.fresh("body", "_parts");
            before.extend(quote! { let #name = #parts; });
            (before, quote! { #name #clone })
        }
        (_, TShapeKind::Expr(content)) => {
            let made = value(shared, scope, content);
            let made = quote! { Content::of(#made) };
            if !again || !fallible(content) {
                return (TokenStream::new(), made);
            }
            // What can fail is made once, before the calls.
            let name = scope.fresh("body", "_content");
            (quote! { let #name = #made; }, quote! { #name #clone })
        }
        _ => (TokenStream::new(), none(sends)),
    }
}

/// A reference to a text or bytes.
fn value(shared: &Shared, scope: &mut Scope, value: &TExpr) -> TokenStream {
    match &value.kind {
        crate::plan::ir::TKind::Str(text) => quote! { #text },
        _ => materialise(expr(shared.types, scope, value)).borrowed(),
    }
}

/// What differs from the defaults of a form (OpenAPI 3.1, section 4.8.15).
pub fn encodings(media: &Media) -> Vec<TokenStream> {
    let made = media.encoding.iter().filter_map(|encoding| {
        let (property, explode) = (&encoding.property, encoding.explode);
        match encoding.style {
            _ if is_json(encoding) => Some(quote! { Encoding::json(#property) }),
            Some(style) if encoding.allow_reserved => {
                let style = name_of(style);
                Some(quote! { Encoding::reserved(#property, Style::#style, #explode) })
            }
            Some(style) => {
                let style = name_of(style);
                Some(quote! { Encoding::of(#property, Style::#style, #explode) })
            }
            None => None,
        }
    });
    made.collect()
}

/// Whether a property of a form is JSON.
pub fn is_json(encoding: &Encoding) -> bool {
    encoding.content_type.as_deref().is_some_and(|media| media.contains("json"))
}
