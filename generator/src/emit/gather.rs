//! A call whose pages are gathered, in Rust: the call of a page, and where its items and the next page are.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::arguments::argument;
use super::calls::{described, request};
use super::code::{Code, Leaf};
use super::endpoint::Shared;
use super::expr::expr;
use super::names::ident;
use super::scope::Scope;
use super::types::Types;
use crate::plan::ir::{TExpr, TKind};
use crate::plan::model::{Call, Gather, Kind, OnError};
use crate::plan::turn::AT;
use crate::plan::walk;

/// Statements before, and the call of all pages.
pub fn gathered(shared: &Shared, scope: &mut Scope, call: &Call, gather: &Gather) -> (TokenStream, TokenStream) {
    let pages = pages(shared, scope, gather);
    let at = match gather.kind {
        Kind::Numbered(_) => Some(scope.fresh("page", "_number")),
        Kind::Offset => Some(scope.fresh("offset", "_of_page")),
        Kind::Cursor { .. } => Some(scope.fresh("after", "_cursor")),
        Kind::Link => None,
    };
    let at = or_unused(at.as_ref());
    let leaf =
        if matches!(gather.kind, Kind::Cursor { is_integer: false, .. }) { Leaf::Borrowed } else { Leaf::Literal };
    let code = Code::place(quote! { #at }, leaf);
    // A body that names the page is made for each.
    let turns = names_page(call);
    let (before, made, request) = scope.with_local(AT, code, |scope| {
        let mut before = TokenStream::new();
        let (made, request) = request(shared, scope, call, None, !turns, Some(&mut before));
        let request = described(shared, scope, call, request, None, Some(&mut before));
        match turns {
            true => (before, made, request),
            false => (quote! { #before #made }, TokenStream::new(), request),
        }
    });
    let call_of = match (super::fallible_call(call), turns) {
        (true, false) => quote! { .try_gather(|#at| Ok(#request)) },
        (false, false) => quote! { .gather(|#at| #request) },
        (true, true) => quote! { .try_gather(|#at| { #made Ok(#request) }) },
        (false, true) => quote! { .gather(|#at| { #made #request }) },
    };
    let next = match &gather.kind {
        Kind::Cursor { next, .. } => Some(self::next(shared, scope, call, next)),
        _ => None,
    };
    let items = items(shared.types, scope, gather);
    let send = ident(match call.on_error {
        OnError::Fail(_) => "send",
        OnError::Absent => "send_or_absent",
        OnError::Default(_) => "send_or_empty",
    });
    (before, quote! { #pages #call_of #next #items.#send() })
}

/// Whether the body of a call says which page is wanted.
fn names_page(call: &Call) -> bool {
    let mut names = false;
    if let Some(body) = &call.body {
        walk::shape(body, &mut |e| names |= matches!(&e.kind, TKind::Local(name) if name == AT));
    }
    names
}

/// The parameter of a closure.
fn or_unused(name: Option<&Ident>) -> TokenStream {
    name.map_or_else(|| quote! { _ }, |name| quote! { #name })
}

/// How pages are told apart, and how far they are asked for.
fn pages(shared: &Shared, scope: &mut Scope, gather: &Gather) -> TokenStream {
    let kind = match &gather.kind {
        Kind::Numbered(first) => {
            let first = Literal::u32_unsuffixed(*first);
            quote! { numbered(#first) }
        }
        Kind::Offset => quote! { offset() },
        Kind::Cursor { is_integer: false, .. } => quote! { cursor() },
        Kind::Cursor { is_integer: true, .. } => quote! { numeric_cursor() },
        Kind::Link => quote! { link() },
    };
    let size = gather.size.as_ref().map(|size| {
        let size = argument(shared, scope, size, false);
        quote! { .size(#size) }
    });
    let (max, pages) = (Literal::u32_unsuffixed(gather.max), Literal::u32_unsuffixed(gather.pages));
    quote! { Pages::#kind #size.at_most(#max, #pages) }
}

/// Where the cursor of the next page is.
fn next(shared: &Shared, scope: &mut Scope, call: &Call, next: &TExpr) -> TokenStream {
    let (mut reads_body, mut meta) = (false, None);
    walk::expr(next, &mut |e| match &e.kind {
        TKind::Local(name) if name == "body" => reads_body = true,
        TKind::Meta(at, _) => meta = Some(*at),
        _ => {}
    });
    let (names, variables) = (scope.names.clone(), scope.variables.clone());
    let body = reads_body.then(|| scope.fresh("body", "_of_page"));
    let head = meta.map(|at| (at, scope.fresh("meta", "_of_page")));
    // What is known of a page hides what is known of the call in the end.
    let outer = scope.metas.clone();
    scope.metas.retain(|(at, ..)| Some(*at) != meta);
    scope.metas.extend(head.iter().map(|(at, head)| (*at, call.name.clone(), head.clone())));
    let (body, head) = (or_unused(body.as_ref()), or_unused(head.as_ref().map(|(_, head)| head)));
    let code = Code::reference(body.clone(), Leaf::Borrowed);
    let value = scope.with_local("body", code, |scope| expr(shared.types, scope, next).borrowed());
    (scope.metas, scope.names, scope.variables) = (outer, names, variables);
    quote! { .next(|#body, #head| Ok(Content::of(#value))) }
}

/// Where the items of a page are.
fn items(types: &Types, scope: &mut Scope, gather: &Gather) -> TokenStream {
    let body = scope.apart(|scope| scope.fresh("body", "_of_page"));
    let mut tokens = quote! { #body };
    let mut returns = false;
    let last = gather.steps.len().saturating_sub(1);
    for (at, step) in gather.steps.iter().enumerate() {
        if let Some((object, name)) = &step.member {
            let field = ident(&types.field_name(*object, name));
            tokens = quote! { #tokens.#field };
        }
        match (step.optional, step.nullable) {
            (true, false) if at < last => tokens = quote! { #tokens? },
            (true, true) if at < last => tokens = quote! { #tokens?.into_option()? },
            (true, true) => tokens = quote! { #tokens?.into_option() },
            (false, true) if at < last => tokens = quote! { #tokens.into_option()? },
            (false, true) => tokens = quote! { #tokens.into_option() },
            (true | false, false) => {}
        }
        returns |= at < last && (step.optional || step.nullable) || step.optional && step.nullable;
    }
    let plain = gather.steps.last().is_none_or(|step| !step.optional && !step.nullable);
    match returns && plain {
        true => quote! { .items(|#body| Some(#tokens)) },
        false => quote! { .items(|#body| #tokens) },
    }
}
