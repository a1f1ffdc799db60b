//! Values instead of absent ones, and what is made of those that are there.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::conditions::bind;
use super::expr;
use crate::emit::code::{Code, Form, Leaf, is_copy};
use crate::emit::held::{as_option, inside, map, materialise, nullable_as_option, own, owned, unify};
use crate::emit::lists;
use crate::emit::names::ident;
use crate::emit::scope::Scope;
use crate::emit::types::Types;
use crate::plan::fails::fallible;
use crate::plan::ir::{TExpr, TKind};
use crate::plan::ty::TyKind;

pub(super) fn or_value(types: &Types, scope: &mut Scope, e: &TExpr, value: &TExpr, other: &TExpr) -> Code {
    let code = expr(types, scope, value);
    let stays_nullable = matches!(e.ty.kind, TyKind::Nullable(_));
    let (option, inner) = match (&value.ty.kind, &value.ty.present().kind) {
        (TyKind::Nullable(inner), _) => (nullable_as_option(code), inner.as_ref()),
        (_, TyKind::Nullable(inner)) if !stays_nullable => {
            let option = as_option(&value.ty, code);
            let tokens = option.atom();
            let (into, refs) = match option.refs {
                1 => (quote! { Nullable::as_option }, 1),
                refs => (quote! { Nullable::into_option }, refs.saturating_sub(1)),
            };
            (Code::value(quote! { #tokens.and_then(#into) }, option.leaf).with_refs(refs), inner.as_ref())
        }
        _ => (as_option(&value.ty, code), value.ty.present()),
    };
    let option = match is_copy(inner, option.leaf) && option.refs == 1 {
        true => {
            let tokens = option.atom();
            Code::value(quote! { #tokens.copied() }, option.leaf)
        }
        false => option,
    };
    let subject = option.atom();
    // An empty list instead of one that is absent.
    if let (TyKind::List(_), TKind::List(items)) = (&inner.kind, &other.kind)
        && items.is_empty()
    {
        return match option.refs {
            1 => Code::reference(quote! { #subject.map(Vec::as_slice).unwrap_or_default() }, option.leaf).sliced(),
            refs => Code::value(quote! { #subject.unwrap_or_default() }, option.leaf).with_refs(refs.saturating_sub(1)),
        };
    }
    if matches!(&other.kind, TKind::Table(entries) if entries.is_empty()) {
        return match option.refs {
            1 => Code::value(quote! { #subject.cloned().unwrap_or_default() }, option.leaf),
            refs => Code::value(quote! { #subject.unwrap_or_default() }, option.leaf).with_refs(refs.saturating_sub(1)),
        };
    }
    let there = owned(inside(&option, inner, quote! { value }));
    let mut codes = unify(vec![there, materialise(expr(types, scope, other))], &e.ty);
    let (Some(fallback), Some(there)) = (codes.pop(), codes.pop()) else { return option };
    let leaf = there.leaf;
    let by_value = is_copy(&e.ty, leaf) || there.form == Form::Value && fallback.form == Form::Value;
    let form = if by_value { Form::Value } else { Form::Ref };
    let (refs, slice) = (there.refs, there.slice);
    let made = |tokens: TokenStream| Code { form, slice, ..Code::value(tokens, leaf).with_refs(refs) };
    let is_named = is_place(&fallback.tokens);
    let (fallback, there) = match by_value {
        true => (fallback.tokens, &there.tokens),
        false => (fallback.borrowed(), &there.tokens),
    };
    let unchanged = there.to_string() == "value";
    let fails = fallible(other);
    let subject = match unchanged || !e.ty.is_scalar() {
        true => subject,
        false => changed(&subject, there),
    };
    let simple = matches!(
        other.kind,
        TKind::Str(_) | TKind::Int(_) | TKind::Double(_) | TKind::Bool(_) | TKind::Local(_) | TKind::Widen(_)
    );
    let costs_nothing = is_named || simple && (leaf != Leaf::Owned || matches!(e.ty.kind, TyKind::Double));
    if !unchanged && !e.ty.is_scalar() {
        return match fails {
            true => made(quote! { match #subject { Some(value) => #there, None => #fallback } }).compound(),
            false => made(quote! { #subject.map_or_else(|| #fallback, |value| #there) }).compound(),
        };
    }
    if costs_nothing {
        return made(quote! { #subject.unwrap_or(#fallback) });
    }
    if fails {
        return made(quote! { match #subject { Some(value) => value, None => #fallback } }).compound();
    }
    made(quote! { #subject.unwrap_or_else(|| #fallback) })
}

/// `subject.map(|value| there)`; a copy of what is lent is a copy of the whole.
fn changed(subject: &TokenStream, there: &TokenStream) -> TokenStream {
    if there.to_string() == quote! { value.clone() }.to_string()
        && let Ok(syn::Expr::MethodCall(lent)) = syn::parse2::<syn::Expr>(subject.clone())
        && lent.method == "as_ref"
    {
        let option = &lent.receiver;
        return quote! { #option.clone() };
    }
    map(subject, there.clone())
}

/// Whether the tokens are a variable or a field, which costs nothing to name.
fn is_place(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => matches!(punct.as_char(), '.' | '&' | '*' | '!'),
        _ => false,
    })
}

pub(super) fn opt_map(types: &Types, scope: &mut Scope, value: &TExpr, variable: &str, body: &TExpr) -> Code {
    let (subject, bound) = bind(types, scope, value, variable);
    let name = bound.tokens.clone();
    // `optMap(x, x)` changes nothing.
    if matches!(&body.kind, TKind::Local(local) if local == variable) && !body.ty.is_optional() {
        let (leaf, copies) = (bound.leaf, is_copy(&body.ty, bound.leaf));
        return match bound.form {
            Form::Ref if copies => Code::value(quote! { #subject.copied() }, leaf),
            Form::Ref => Code::value(subject, leaf).with_refs(1),
            _ if copies => Code::value(subject, leaf),
            _ => Code::value(subject, leaf).with_refs(bound.refs_around()),
        };
    }
    // What is read from a variable that ends here cannot be a reference to it.
    let ends = bound.form == Form::Place;
    let body_code = scope.with_local(variable, bound, |scope| materialise(expr(types, scope, body)));
    let code = match body.ty.is_optional() {
        true if ends && body_code.form != Form::Value => own(body_code.clone(), &body.ty, body_code.leaf),
        true => as_option(&body.ty, body_code),
        false => lists::result_of(body_code, &body.ty, ends),
    };
    let (leaf, refs, body_tokens) = (code.leaf, code.refs, code.tokens);
    if fallible(body) {
        let some = if body.ty.is_optional() {
            quote! { #body_tokens }
        } else {
            quote! { Some(#body_tokens) }
        };
        let tokens = quote! { if let Some(#name) = #subject { #some } else { None } };
        return Code::value(tokens, leaf).with_refs(refs).compound();
    }
    let method = ident(if body.ty.is_optional() { "and_then" } else { "map" });
    Code::value(quote! { #subject.#method(|#name| #body_tokens) }, leaf).with_refs(refs)
}
