//! A call for many keys in Rust: what asks, where the elements are in an answer, and whose they are.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::keyed::keys;
use super::{described, request};
use crate::emit::code::{Code, Leaf};
use crate::emit::endpoint::Shared;
use crate::emit::names::ident;
use crate::emit::scope::Scope;
use crate::emit::shape::{Target, write};
use crate::plan::batch::KEYS;
use crate::plan::model::{Batch, Call, Each, Member, OnError};
use crate::plan::ty::{Ty, TyKind};

/// Statements before the call (its keys), and the call.
pub fn batch(
    shared: &Shared,
    scope: &mut Scope,
    call: &Call,
    each: &Each,
    batch: &Batch,
) -> (TokenStream, TokenStream) {
    let (keys, _) = keys(shared, scope, &call.name, each);
    let list = scope.fresh("keys", "_list");
    let size = Literal::u32_unsuffixed(batch.size);
    let keys = match crate::emit::meta::of(scope, &call.name) {
        Some(meta) => quote! { #meta.chunks(#keys, #size) },
        None => keys,
    };
    let mut lasts = TokenStream::new();
    let asked = scope.fresh("ids", "_keys");
    let code = Code::reference(quote! { #asked }, Leaf::Borrowed).sliced();
    let (made, request) =
        scope.with_local(KEYS, code, |scope| request(shared, scope, call, None, false, Some(&mut lasts)));
    let request = described(shared, scope, call, request, Some(&asked), Some(&mut lasts));
    let before = quote! { let #list = #keys; #lasts };
    let request = match made.is_empty() {
        true => quote! { |#asked| Ok(#request) },
        false => quote! { |#asked| { #made Ok(#request) } },
    };
    let elements = elements(shared, scope, call, batch);
    let key = key(shared, scope, batch);
    let (function, default) = match &call.on_error {
        OnError::Fail(_) => (ident("batch"), None),
        OnError::Absent => (ident("batch_present"), None),
        OnError::Default(shape) => {
            let writes = scope.buffer(|scope| write(shared.types, scope, &Target::Root(ident("json")), shape));
            (ident("batch_or"), Some(quote! { , |json| { #writes Ok(()) } }))
        }
    };
    let name = &call.name;
    let [concurrency, max] = [each.concurrency, each.max].map(Literal::u32_unsuffixed);
    let how = quote! { Batch::new(#name, #concurrency, #max, #size) };
    (before, quote! { #function(#how, #list, #request, #elements, #key #default) })
}

/// `|page| page.items`
fn elements(shared: &Shared, scope: &mut Scope, call: &Call, batch: &Batch) -> TokenStream {
    let root = match batch.path.first() {
        Some(step) => variable(shared, scope, &Ty::new(TyKind::Object(step.owner))),
        None => ident(&scope.bind_name("elements")),
    };
    let operation = &shared.plan.upstreams[call.upstream].operations[call.operation];
    let list = way(shared, scope, quote! { #root }, &batch.path, batch.nullable);
    match operation.came.may_be_empty {
        true if root == list.to_string() => quote! { |#root| #root.unwrap_or_default() },
        true => quote! { |#root| #root.into_iter().flat_map(|#root| #list) },
        false => quote! { |#root| #list },
    }
}

/// The list that a path leads to.
fn way(shared: &Shared, scope: &mut Scope, base: TokenStream, path: &[Member], nullable: bool) -> TokenStream {
    let Some((step, rest)) = path.split_first() else {
        return match nullable {
            true => quote! { #base.into_iter().filter_map(Nullable::into_option) },
            false => base,
        };
    };
    let field = ident(&shared.types.field_name(step.owner, &step.name));
    let member = quote! { #base.#field };
    let option = match (step.optional, step.nullable) {
        (false, false) => return way(shared, scope, member, rest, nullable),
        (true, false) => member,
        (false, true) => quote! { #member.into_option() },
        (true, true) => quote! { #member.and_then(Nullable::into_option) },
    };
    if rest.is_empty() && !nullable {
        return quote! { #option.unwrap_or_default() };
    }
    let inner = match rest.first() {
        Some(next) => variable(shared, scope, &Ty::new(TyKind::Object(next.owner))),
        None => ident(&scope.bind_name("elements")),
    };
    let list = way(shared, scope, quote! { #inner }, rest, nullable);
    quote! { #option.into_iter().flat_map(|#inner| #list) }
}

/// `|product| Some(product.id)`
fn key(shared: &Shared, scope: &mut Scope, batch: &Batch) -> TokenStream {
    let TyKind::Object(object) = batch.element.kind else { return TokenStream::new() };
    let element = variable(shared, scope, &batch.element);
    let field = ident(&shared.types.field_name(object, &batch.matching));
    let key = quote! { #element.#field };
    let key = match (batch.optional_match, batch.nullable_match) {
        (false, false) => quote! { Some(#key) },
        (true, false) => key,
        (false, true) => quote! { #key.into_option() },
        (true, true) => quote! { #key.and_then(Nullable::into_option) },
    };
    quote! { |#element| #key }
}

fn variable(shared: &Shared, scope: &mut Scope, object: &Ty) -> Ident {
    ident(&scope.closure_name(object, shared.types))
}
