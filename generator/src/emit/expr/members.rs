//! Fields and elements in Rust.

use proc_macro2::TokenStream;
use quote::quote;

use super::{expr, number};
use crate::emit::code::{Code, Form, Leaf, is_copy};
use crate::emit::held::{as_option, copy, hold};
use crate::emit::names::ident;
use crate::emit::scope::Scope;
use crate::emit::types::Types;
use crate::plan::fails::fallible;
use crate::plan::ir::TExpr;
use crate::plan::ty::{Ty, TyKind};

pub(super) fn field(
    types: &Types,
    scope: &mut Scope,
    e: &TExpr,
    base: &TExpr,
    name: &str,
    member_optional: bool,
) -> Code {
    let object = base.ty.present();
    let base_code = expr(types, scope, base);
    let (rust, leaf) = match &object.kind {
        TyKind::Object(id) => {
            let owned = types.home(*id).is_some_and(|home| home.owned);
            (types.field_name(*id, name), if owned { Leaf::Owned } else { Leaf::Borrowed })
        }
        // A warning's texts are constants of the program.
        _ => (name.to_string(), Leaf::Literal),
    };
    let rust = ident(&rust);
    // An object that can hold itself stands in a box, which nobody else needs to know.
    let boxed = member_optional && matches!(object.kind, TyKind::Object(id) if types.boxed_member(id, name));
    if !base.ty.is_optional() {
        let base = base_code.atom();
        if matches!((&object.kind, &e.ty.kind), (TyKind::Partial, TyKind::List(_))) {
            return Code::reference(quote! { #base.#rust }, leaf).sliced();
        }
        if boxed {
            return Code::value(quote! { #base.#rust.as_deref() }, leaf).with_refs(1);
        }
        return Code::place(quote! { #base.#rust }, leaf);
    }
    let member = e.ty.present();
    let base = as_option(&base.ty, base_code);
    // Of an object that is in no other place, the field is taken out.
    let taken = base.refs == 0;
    let base = base.atom();
    let var = ident(&scope.closure_name(object, types));
    let copies = is_copy(member, leaf);
    let tokens = match (member_optional, copies || taken) {
        (true, true) if boxed => quote! { #base.and_then(|#var| #var.#rust.map(|value| *value)) },
        (true, false) if boxed => quote! { #base.and_then(|#var| #var.#rust.as_deref()) },
        (true, true) => quote! { #base.and_then(|#var| #var.#rust) },
        (true, false) => quote! { #base.and_then(|#var| #var.#rust.as_ref()) },
        (false, true) => quote! { #base.map(|#var| #var.#rust) },
        (false, false) => quote! { #base.map(|#var| &#var.#rust) },
    };
    Code::value(tokens, leaf).with_refs(u8::from(!copies && !taken))
}

/// A text as the key of a map that an expression made: by value where that costs nothing.
pub(super) fn text_key(key: Code, ty: &Ty) -> TokenStream {
    match key.form {
        _ if is_copy(ty, key.leaf) => copy(key).tokens,
        Form::Value => key.tokens,
        _ => key.borrowed(),
    }
}

pub(super) fn index_of(
    types: &Types,
    scope: &mut Scope,
    e: &TExpr,
    base: &TExpr,
    index: &TExpr,
    optional: bool,
) -> Code {
    let container = base.ty.present();
    let base_code = expr(types, scope, base);
    let leaf = base_code.leaf;
    let item = e.ty.present();
    let key = match &container.kind {
        TyKind::List(_) => number(types, scope, index),
        TyKind::Map(_) => {
            let key = expr(types, scope, index);
            copy(hold(key, &index.ty, Leaf::Borrowed)).tokens
        }
        TyKind::Table(key, _) => match key.kind {
            TyKind::Str => {
                let key = expr(types, scope, index);
                text_key(key, &index.ty)
            }
            _ => number(types, scope, index),
        },
        TyKind::Keyed(..) if matches!(index.ty.kind, TyKind::Str) => {
            let key = expr(types, scope, index);
            hold(key, &index.ty, Leaf::Borrowed).borrowed()
        }
        _ => expr(types, scope, index).borrowed(),
    };
    // An item of a list that stands nowhere is copied or cloned out of it.
    let copies = is_copy(item, leaf);
    // In an option of a list, the list is one step further in.
    let inner_refs = if base.ty.is_optional() { base_code.refs.saturating_sub(1) } else { base_code.refs };
    if !optional {
        let temporary = matches!(base_code.form, Form::Value | Form::Iter(_));
        let element = match &container.kind {
            TyKind::List(_) => {
                let base = base_code.borrowed();
                quote! { list::at(#base, #key)? }
            }
            _ => {
                let base = base_code.atom();
                quote! { #base.at(#key)? }
            }
        };
        return match inner_refs {
            1 => Code::reference(quote! { *#element }, leaf).compound(),
            _ if temporary && copies => Code::value(quote! { *#element }, leaf).compound(),
            refs if temporary => Code::value(quote! { #element.clone() }, leaf).with_refs(refs.saturating_sub(1)),
            refs => Code::reference(element, leaf).with_refs(refs.saturating_sub(1)),
        };
    }
    let get = |base: TokenStream| match &container.kind {
        TyKind::List(_) => quote! { list::get(#base, #key) },
        _ => quote! { #base.get(#key) },
    };
    let (got, temporary) = if base.ty.is_optional() {
        let option = as_option(&base.ty, base_code);
        let (temporary, option) = (option.refs != 1, option.atom());
        let lent = if temporary && matches!(container.kind, TyKind::List(_)) {
            quote! { &container }
        } else {
            quote! { container }
        };
        let got = get(lent);
        let (end, refs) = end_of_get(inner_refs, copies, temporary);
        if fallible(index) {
            let tokens = quote! { if let Some(container) = #option { #got #end } else { None } };
            return Code::value(tokens, leaf).with_refs(refs).compound();
        }
        if temporary {
            return Code::value(quote! { #option.and_then(|container| #got #end) }, leaf).with_refs(refs);
        }
        (quote! { #option.and_then(|container| #got) }, false)
    } else {
        let temporary = matches!(base_code.form, Form::Value | Form::Iter(_));
        let base = match &container.kind {
            TyKind::List(_) => base_code.borrowed(),
            _ => base_code.atom(),
        };
        (get(base), temporary)
    };
    let (end, refs) = end_of_get(inner_refs, copies, temporary);
    Code::value(quote! { #got #end }, leaf).with_refs(refs)
}

/// What follows `get` of a list in which references are so deep, and how deep they are in the option.
fn end_of_get(refs: u8, copies: bool, temporary: bool) -> (TokenStream, u8) {
    match refs {
        _ if copies => (quote! { .copied() }, 0),
        0 if !temporary => (quote! {}, 1),
        1 => (quote! { .copied() }, 1),
        refs => (quote! { .cloned() }, refs),
    }
}
