//! A call for each element in Rust: the keys, and the call that is made for each.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{may_be_empty, request, send};
use crate::emit::code::{Form, ItemForm, Leaf};
use crate::emit::endpoint::Shared;
use crate::emit::expr::expr;
use crate::emit::held::{copy, hold, own};
use crate::emit::lists::{collect, iterate, loop_variable};
use crate::emit::names::ident;
use crate::emit::scope::Scope;
use crate::plan::fails::fallible;
use crate::plan::ir::TKind;
use crate::plan::model::{Call, Each, OnError};
use crate::plan::ty::TyKind;

/// The list of the keys of a keyed call, and what one is called.
pub(super) fn keys(shared: &Shared, scope: &mut Scope, call: &str, each: &Each) -> (TokenStream, Ident) {
    let key_name = ident(&scope.bind_name(&each.variable));
    let TyKind::List(item) = &each.list.ty.kind else { return (TokenStream::new(), key_name) };
    let code = expr(shared.types, scope, &each.list);
    let iter = iterate(&each.list.ty, code);
    let by_value = iter.form == Form::Iter(ItemForm::Value);
    let mut keys = iter.tokens.clone();
    let is_item = matches!(&each.key.kind, TKind::Local(name) if *name == each.variable);
    let is_text = matches!(each.key.ty.kind, TyKind::Str);
    let var = loop_variable(quote! { #key_name }, &iter, item);
    let code = scope.with_local(&each.variable, var, |scope| expr(shared.types, scope, &each.key));
    // A text that is made for the key is kept as long as the results, which borrow it.
    let made = is_text && code.leaf == Leaf::Owned && (by_value || code.form == Form::Value);
    // Keys are held as bodies hold them, whatever list they come from.
    let held = iter.leaf == Leaf::Borrowed || made || !is_text;
    if !is_item || !by_value || !held {
        let key = match made {
            true => own(code, &each.key.ty, Leaf::Owned).tokens,
            false => copy(hold(code, &each.key.ty, Leaf::Borrowed)).tokens,
        };
        keys = match fallible(&each.key) {
            true => quote! { { let mut made = Vec::new(); for #key_name in #keys { made.push(#key); } made } },
            false if key.to_string() == quote! { Str::plain(#key_name) }.to_string() => {
                quote! { #keys.map(Str::plain) }
            }
            false => quote! { #keys.map(|#key_name| #key) },
        };
    }
    if made {
        let texts = scope.fresh(&format!("{call} texts"), "_cell");
        scope.texts.push(texts.clone());
        return (quote! { #texts.keep(#keys) }, key_name);
    }
    // The keys are taken before anything is awaited: the future then holds values, not iterators.
    let keys = if fallible(&each.key) { keys } else { collect(keys, quote! { collect::<Vec<_>>() }) };
    (keys, key_name)
}

/// The keys of a keyed call, and the call.
pub(super) fn keyed(shared: &Shared, scope: &mut Scope, call: &Call, each: &Each) -> (TokenStream, TokenStream) {
    if let Some(batch) = &each.batch {
        return super::batch::batch(shared, scope, call, each, batch);
    }
    let (keys, key_name) = keys(shared, scope, &call.name, each);
    // What is the same for each element is made before.
    let mut lasts = TokenStream::new();
    let (made, request) = request(shared, scope, call, Some((&each.key, &key_name)), true, Some(&mut lasts));
    let sent = send(shared, scope, call, request, Some(&key_name), Some(&mut lasts));
    let name = &call.name;
    let (concurrency, max) =
        (proc_macro2::Literal::u32_unsuffixed(each.concurrency), proc_macro2::Literal::u32_unsuffixed(each.max));
    let absent = matches!(call.on_error, OnError::Absent) || may_be_empty(shared, call);
    let function = ident(if absent { "each_present" } else { "each" });
    let list = scope.fresh("keys", "_list");
    let keys = match crate::emit::meta::of(scope, name) {
        Some(meta) => quote! { #meta.each(#keys) },
        None => keys,
    };
    let before = quote! { let #list = #keys; #lasts #made };
    (before, quote! { #function(cx, Each::new(#name, #concurrency, #max), #list, |#key_name| #sent) })
}
