//! What a method gives: the type of its success, the type of its errors, and the arm for each status.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::model::{Model, Type};
use super::sizes::{self, Size};
use crate::emit::names::{Names, ident, snake};
use crate::emit::print::{docs, first_sentence};
use crate::openapi::media::{Carried, chosen, concrete};
use crate::openapi::{Header, Method, Operation, Response, StatusKey};

/// The size of the runtime's streams.
const STREAM: Size = Size::exactly(150);

/// What comes of a method.
pub struct Answers {
    /// `types::Pet`
    pub value: TokenStream,
    /// `Error<types::Problem>`
    pub error: TokenStream,
    /// Arms of the match on the status.
    pub arms: Vec<TokenStream>,
    /// Types of its own.
    pub items: Vec<TokenStream>,
    /// What the request asks for, where that is not JSON.
    pub accept: Option<String>,
}

/// What an answer's body is read as.
#[derive(Clone, Debug, PartialEq)]
enum Payload {
    Nothing,
    Json(Type),
    Text,
    Bytes,
    Events,
}

/// A success, of one status and one way to carry the body.
struct Success<'o> {
    status: StatusKey,
    payload: Payload,
    /// The media type that tells it from its siblings of the same status.
    media: Option<String>,
    headers: &'o [Header],
}

/// The answers of an operation. `type_name` takes a name for a type with a suffix.
pub fn answers(
    model: &mut Model,
    operation: &Operation,
    method: &str,
    mut type_name: impl FnMut(&str) -> String,
) -> Answers {
    let good: Vec<&Response> = successes(&operation.responses);
    let head = operation.head.method == Method::Head;
    let mut all: Vec<Success> = Vec::new();
    let mut accept: Vec<String> = Vec::new();
    for response in &good {
        let media = if head { Vec::new() } else { chosen(model.schemas, &response.content, true) };
        let several = media.len() > 1;
        if media.is_empty() {
            all.push(Success {
                status: response.status,
                payload: Payload::Nothing,
                media: None,
                headers: &response.headers,
            });
        }
        for (carried, media) in media {
            let payload = match carried {
                Carried::Json => Payload::Json(media.schema.map_or(Type::Json, |id| model.of(id))),
                Carried::Text => Payload::Text,
                Carried::Events => Payload::Events,
                Carried::Form | Carried::Multipart | Carried::Bytes => Payload::Bytes,
            };
            let wanted =
                if media.media_type.contains('*') { "*/*".into() } else { concrete(&media.media_type, carried) };
            if !accept.contains(&wanted) {
                accept.push(wanted.clone());
            }
            let told = (several && carried == Carried::Events).then_some(wanted);
            all.push(Success { status: response.status, payload, media: told, headers: &response.headers });
        }
    }
    if all.is_empty() {
        all.push(Success { status: StatusKey::Range(2), payload: Payload::Nothing, media: None, headers: &[] });
    }
    // What is told by its media type goes before the rest of its status.
    all.sort_by_key(|success| (rank(success.status), success.media.is_none()));
    let mut answers = Answers {
        value: TokenStream::new(),
        error: TokenStream::new(),
        arms: Vec::new(),
        items: Vec::new(),
        accept: (!accept.is_empty() && accept != ["application/json"]).then(|| accept.join(", ")),
    };
    value(model, &all, method, &mut answers, &mut type_name);
    errors(model, operation, &good, method, &mut answers, &mut type_name);
    answers
}

/// Exact statuses first, then ranges, then the rest.
fn rank(status: StatusKey) -> u16 {
    match status {
        StatusKey::Code(code) => code,
        StatusKey::Range(class) => 1000 + u16::from(class),
        StatusKey::Default => 2000,
    }
}

/// The responses that mean success: 2xx; where there is none, redirects; else `default`.
fn successes(responses: &[Response]) -> Vec<&Response> {
    let class = |wanted: u16| {
        move |response: &&Response| match response.status {
            StatusKey::Code(code) => code / 100 == wanted,
            StatusKey::Range(class) => u16::from(class) == wanted,
            StatusKey::Default => false,
        }
    };
    for wanted in [2, 3] {
        let found: Vec<&Response> = responses.iter().filter(class(wanted)).collect();
        if !found.is_empty() {
            return found;
        }
    }
    responses.iter().filter(|response| response.status == StatusKey::Default).collect()
}

fn pattern(status: StatusKey) -> TokenStream {
    let (first, last) = span(status);
    literals(first, last)
}

/// The first and the last status that a key stands for.
fn span(status: StatusKey) -> (u16, u16) {
    match status {
        StatusKey::Code(code) => (code, code),
        StatusKey::Range(class) => (u16::from(class) * 100, u16::from(class) * 100 + 99),
        // A success that only `default` describes; what is no 2xx is an error all the same.
        StatusKey::Default => (200, 299),
    }
}

fn literals(first: u16, last: u16) -> TokenStream {
    let (from, to) = (Literal::u16_unsuffixed(first), Literal::u16_unsuffixed(last));
    if first == last {
        quote! { #from }
    } else {
        quote! { #from..=#to }
    }
}

/// One pattern for all of them: ranges where statuses follow each other.
fn patterns(statuses: &[StatusKey]) -> TokenStream {
    let mut spans: Vec<(u16, u16)> = statuses.iter().map(|status| span(*status)).collect();
    spans.sort_unstable();
    spans.dedup();
    let runs = spans.chunk_by(|(_, end), (start, _)| end + 1 == *start).flat_map(|run| match run {
        [(one, same), (two, _)] if one == same && one + 1 == *two && run[1].0 == run[1].1 => {
            vec![literals(*one, *one), literals(*two, *two)]
        }
        [(first, _), .., (_, last)] | [(first, last)] => vec![literals(*first, *last)],
        [] => Vec::new(),
    });
    let all: Vec<TokenStream> = runs.collect();
    quote! { #(#all)|* }
}

fn status_name(status: StatusKey) -> String {
    match status {
        StatusKey::Code(code) => format!("Status{code}"),
        StatusKey::Range(class) => format!("Status{class}xx"),
        StatusKey::Default => "Default".into(),
    }
}

/// The type of a payload, boxed where it would make an enumeration large.
fn rust(model: &Model, payload: &Payload, boxed: bool) -> TokenStream {
    match payload {
        Payload::Json(ty) if boxed => {
            let ty = model.rust(ty, Some("types"));
            quote! { Box<#ty> }
        }
        Payload::Nothing => quote! { () },
        Payload::Json(ty) => model.rust(ty, Some("types")),
        Payload::Text => quote! { String },
        Payload::Bytes => quote! { ByteStream },
        Payload::Events => quote! { EventStream },
    }
}

/// The expression that reads a payload; `Ok` where it cannot fail.
fn read(payload: &Payload) -> (TokenStream, bool) {
    match payload {
        Payload::Nothing => (quote! { answer.done().await }, false),
        Payload::Json(_) => (quote! { answer.json().await }, false),
        Payload::Text => (quote! { answer.text().await }, false),
        Payload::Bytes => (quote! { answer.stream() }, true),
        Payload::Events => (quote! { answer.events() }, true),
    }
}

fn value(
    model: &mut Model,
    all: &[Success],
    method: &str,
    answers: &mut Answers,
    type_name: &mut impl FnMut(&str) -> String,
) {
    let plain = all.iter().all(|success| success.headers.is_empty());
    let same = all.iter().all(|success| success.payload == all[0].payload);
    if plain && same {
        answers.value = rust(model, &all[0].payload, false);
        let mut statuses: Vec<StatusKey> = all.iter().map(|success| success.status).collect();
        statuses.dedup();
        let patterns = patterns(&statuses);
        let read = match read(&all[0].payload) {
            (read, true) => quote! { Ok(#read) },
            (read, false) => read,
        };
        answers.arms.push(quote! { #patterns => #read });
        return;
    }
    let name = ident(&type_name("Answer"));
    answers.value = quote! { #name };
    if let [one] = all {
        let (fields, values) = fields(model, one, true, false);
        let doc = format!(" What [`Client::{method}`] gives.");
        answers.items.push(quote! { #[doc = #doc] #[derive(Debug)] pub struct #name { #(#fields),* } });
        let pattern = pattern(one.status);
        answers.arms.push(quote! { #pattern => Ok(#name { #(#values),* }) });
        return;
    }
    let mut names = Names::default();
    let mut variants = Vec::new();
    let sizes: Vec<Size> = all.iter().map(|success| size(model, success)).collect();
    for (success, boxed) in all.iter().zip(sizes::boxed(&sizes)) {
        let label = if success.media.is_some() { "Events" } else { "" };
        let variant = ident(&names.take(&format!("{}{label}", status_name(success.status)), "_"));
        let doc = match success.status {
            StatusKey::Code(code) => format!(" Status {code}."),
            StatusKey::Range(class) => format!(" A status of {class}00 to {class}99."),
            StatusKey::Default => " Any other success.".to_string(),
        };
        let pattern = pattern(success.status);
        let guard = success.media.as_ref().map(|media| quote! { if answer.is(#media) });
        if success.headers.is_empty() {
            let ty = rust(model, &success.payload, boxed);
            let (tuple, made) = match (&success.payload, read(&success.payload)) {
                (Payload::Nothing, (read, _)) => (quote! {}, quote! { #read.map(|()| #name::#variant) }),
                (_, (read, true)) => (quote! { (#ty) }, quote! { Ok(#name::#variant(#read)) }),
                (_, (read, false)) => (quote! { (#ty) }, quote! { #read.map(#name::#variant) }),
            };
            variants.push(quote! { #[doc = #doc] #variant #tuple });
            answers.arms.push(quote! { #pattern #guard => #made });
        } else {
            let (fields, values) = fields(model, success, false, boxed);
            variants.push(quote! { #[doc = #doc] #variant { #(#fields),* } });
            answers.arms.push(quote! { #pattern #guard => Ok(#name::#variant { #(#values),* }) });
        }
    }
    let doc = format!(" What [`Client::{method}`] gives.");
    answers.items.push(quote! { #[doc = #doc] #[derive(Debug)] pub enum #name { #(#variants),* } });
}

fn size(model: &mut Model, success: &Success) -> Size {
    let body = match &success.payload {
        Payload::Nothing => Size::exactly(0),
        Payload::Json(ty) => sizes::size(model, ty),
        Payload::Text => Size::exactly(24),
        Payload::Bytes | Payload::Events => STREAM,
    };
    success.headers.iter().fold(body, |sum, header| {
        let ty = model.of(header.schema);
        sum.and(sizes::size(model, &ty).or_nothing())
    })
}

/// The body and the headers of a success, as fields and as values.
fn fields(model: &mut Model, success: &Success, public: bool, boxed: bool) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let mut names = Names::with(&["body"]);
    let public = public.then(|| quote! { pub });
    let (mut fields, mut values) = (Vec::new(), Vec::new());
    for header in success.headers {
        let field = ident(&names.take(&snake(&header.name), "_header"));
        let ty = match model.of(header.schema) {
            Type::Nullable(inner) => *inner,
            ty => ty,
        };
        let ty = model.rust(&ty, Some("types"));
        let docs = docs(&header.description.as_deref().map(first_sentence).unwrap_or_default());
        let name = header.name.to_ascii_lowercase();
        if header.required {
            fields.push(quote! { #docs #public #field: #ty });
            values.push(quote! { #field: answer.header_required(#name)? });
        } else {
            fields.push(quote! { #docs #public #field: Option<#ty> });
            values.push(quote! { #field: answer.header(#name)? });
        }
    }
    if success.payload != Payload::Nothing {
        let ty = rust(model, &success.payload, boxed);
        fields.push(quote! {
            /// The body.
            #public body: #ty
        });
        values.push(match read(&success.payload) {
            (read, true) => quote! { body: #read },
            (read, false) => quote! { body: #read? },
        });
    }
    (fields, values)
}

fn errors(
    model: &mut Model,
    operation: &Operation,
    good: &[&Response],
    method: &str,
    answers: &mut Answers,
    type_name: &mut impl FnMut(&str) -> String,
) {
    // By type, in the order of the document.
    let mut types: Vec<(Type, Vec<StatusKey>)> = Vec::new();
    let bad = operation.responses.iter().filter(|response| !good.iter().any(|other| other.status == response.status));
    for response in bad {
        let json = chosen(model.schemas, &response.content, true);
        let Some(schema) = json.iter().find(|(how, _)| *how == Carried::Json).and_then(|(_, media)| media.schema)
        else {
            continue;
        };
        let ty = model.of(schema);
        match types.iter_mut().find(|(known, _)| *known == ty) {
            Some((_, statuses)) => statuses.push(response.status),
            None => types.push((ty, vec![response.status])),
        }
    }
    let ranges = types.iter().flat_map(|(_, statuses)| statuses).any(|status| matches!(status, StatusKey::Range(_)));
    let mut arms: Vec<(u16, TokenStream)> = Vec::new();
    let mut rest = quote! { _ => Err(answer.unexpected().await) };
    let mut add = |statuses: &[StatusKey], read: &TokenStream, rest: &mut TokenStream| {
        let mut statuses = statuses.to_vec();
        statuses.sort_by_key(|status| rank(*status));
        if statuses.contains(&StatusKey::Default) {
            *rest = quote! { _ => Err(#read.await) };
            // The rest is read the same way; only a range of another type could come between.
            if !ranges {
                return;
            }
        }
        statuses.retain(|status| *status != StatusKey::Default);
        // Exact statuses and ranges apart: a range must not stand before another type's exact status.
        let (exact, ranges): (Vec<StatusKey>, Vec<StatusKey>) =
            statuses.into_iter().partition(|status| matches!(status, StatusKey::Code(_)));
        for group in [exact, ranges] {
            if let Some(first) = group.first() {
                let (at, patterns) = (rank(*first), patterns(&group));
                arms.push((at, quote! { #patterns => Err(#read.await) }));
            }
        }
    };
    match types.as_slice() {
        [] => answers.error = quote! { Error },
        [(ty, statuses)] => {
            let ty = model.rust(ty, Some("types"));
            answers.error = quote! { Error<#ty> };
            add(statuses, &quote! { answer.refused() }, &mut rest);
        }
        several => {
            let name = ident(&type_name("Error"));
            answers.error = quote! { Error<#name> };
            let mut names = Names::default();
            let mut variants = Vec::new();
            let sizes: Vec<Size> = several.iter().map(|(ty, _)| sizes::size(model, ty)).collect();
            for ((ty, statuses), boxed) in several.iter().zip(sizes::boxed(&sizes)) {
                let label = match ty {
                    Type::Named(id) => model.name(*id).to_string(),
                    _ => status_name(statuses[0]),
                };
                let variant = ident(&names.take(&label, "Body"));
                let listed = statuses.iter().map(|status| match status {
                    StatusKey::Code(code) => code.to_string(),
                    StatusKey::Range(class) => format!("{class}xx"),
                    StatusKey::Default => "any other".into(),
                });
                let doc = match listed.collect::<Vec<_>>().join(", ") {
                    any if any == "any other" => " Any other status.".to_string(),
                    listed => format!(" Status {listed}."),
                };
                let ty = rust(model, &Payload::Json(ty.clone()), boxed);
                variants.push(quote! { #[doc = #doc] #variant(#ty) });
                add(statuses, &quote! { answer.refused_as(#name::#variant) }, &mut rest);
            }
            let doc = format!(" What [`Client::{method}`] can be refused with.");
            answers.items.push(quote! {
                #[doc = #doc]
                #[derive(Clone, Debug, PartialEq)]
                pub enum #name { #(#variants),* }
            });
        }
    }
    arms.sort_by_key(|(at, _)| *at);
    answers.arms.extend(arms.into_iter().map(|(_, arm)| arm));
    answers.arms.push(rest);
}
