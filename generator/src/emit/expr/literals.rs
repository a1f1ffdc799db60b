//! Lists and maps that are written out, in Rust.

use proc_macro2::TokenStream;
use quote::quote;

use super::{copied, expr};
use crate::emit::code::{Code, Leaf};
use crate::emit::held::{as_option, item, materialise, own, unify};
use crate::emit::scope::Scope;
use crate::emit::types::Types;
use crate::plan::ir::{TExpr, TKind};
use crate::plan::ty::{Ty, TyKind};

/// `[a, b]`
pub(super) fn list(types: &Types, scope: &mut Scope, e: &TExpr, items: &[TExpr]) -> Code {
    let TyKind::List(item) = &e.ty.kind else { return Code::value(quote! { [] }, Leaf::Literal) };
    if items.is_empty() {
        // Alone, it is of no type that Rust could find.
        let of = match &item.kind {
            TyKind::Int => quote! { i64 },
            TyKind::Double => quote! { f64 },
            TyKind::Str => quote! { &str },
            TyKind::Bool => quote! { bool },
            _ if is_untyped(item) => any_type(item),
            _ => return Code::value(quote! { [] }, Leaf::Literal),
        };
        return Code::value(quote! { Vec::<#of>::new() }, Leaf::Literal);
    }
    let codes = items.iter().map(|i| materialise(expr(types, scope, i))).collect();
    let codes = unify(codes, item);
    let leaf = codes.first().map_or(Leaf::Literal, |code| code.leaf);
    let codes: Vec<Code> = codes.into_iter().map(|code| self::item(code, item)).collect();
    let tokens = codes.iter().map(|code| &code.tokens);
    let refs = codes.first().map_or(0, |code| code.refs);
    Code::value(quote! { [#(#tokens),*] }, leaf).with_refs(refs)
}

fn is_untyped(ty: &Ty) -> bool {
    match &ty.kind {
        TyKind::Never => true,
        TyKind::List(inner) | TyKind::Optional(inner) => is_untyped(inner),
        _ => false,
    }
}

/// A type for what is always empty: the lists beside it have one as deep.
fn any_type(ty: &Ty) -> TokenStream {
    match &ty.kind {
        TyKind::List(inner) => {
            let inner = any_type(inner);
            quote! { Vec<#inner> }
        }
        TyKind::Optional(inner) => {
            let inner = any_type(inner);
            quote! { Option<#inner> }
        }
        _ => quote! { bool },
    }
}

/// `{a: b}`
pub(super) fn table(types: &Types, scope: &mut Scope, e: &TExpr, entries: &[(TExpr, TExpr)]) -> Code {
    let TyKind::Table(key_type, value_type) = &e.ty.kind else {
        return Code::value(quote! { Map::default() }, Leaf::Borrowed);
    };
    if entries.is_empty() {
        return match is_untyped(value_type) {
            true => Code::value(quote! { table::empty::<bool, bool>() }, Leaf::Literal),
            false => Code::value(quote! { table::empty() }, Leaf::Literal),
        };
    }
    let constant = entries.iter().all(|(key, _)| matches!(key.kind, TKind::Str(_) | TKind::Int(_) | TKind::Bool(_)));
    let keys: Vec<TokenStream> = entries
        .iter()
        .map(|(key, _)| match &key.kind {
            TKind::Int(value) => {
                let literal = proc_macro2::Literal::i64_suffixed(*value);
                quote! { #literal }
            }
            _ if constant => expr(types, scope, key).tokens,
            _ if matches!(key_type.kind, TyKind::Str) => {
                let code = materialise(expr(types, scope, key));
                own(code, &key.ty, Leaf::Owned).tokens
            }
            _ => copied(types, scope, key).tokens,
        })
        .collect();
    let some_optional = entries.iter().any(|(_, value)| value.ty.is_optional());
    let (values, value_type) = match some_optional {
        true => {
            let there = |value: &TExpr| match value.ty.is_optional() {
                true => value.clone(),
                false => {
                    let kind = TKind::Some(Box::new(value.clone()));
                    TExpr { ty: value.ty.clone().optional(), kind, span: value.span }
                }
            };
            let values: Vec<TExpr> = entries.iter().map(|(_, value)| there(value)).collect();
            (values, value_type.as_ref().clone().optional())
        }
        false => (entries.iter().map(|(_, value)| value.clone()).collect(), value_type.as_ref().clone()),
    };
    let codes = values.iter().map(|value| {
        let code = materialise(expr(types, scope, value));
        if some_optional { as_option(&value.ty, code) } else { code }
    });
    let codes = unify(codes.collect(), &value_type);
    let codes: Vec<Code> = match some_optional {
        true => codes,
        false => codes.into_iter().map(|code| item(code, &value_type)).collect(),
    };
    let (leaf, refs) = codes.first().map_or((Leaf::Literal, 0), |code| (code.leaf, code.refs));
    let values = codes.iter().map(|code| &code.tokens);
    let entries = match some_optional {
        true => quote! { [#(#values.map(|value| (#keys, value))),*].into_iter().flatten() },
        false => quote! { [#((#keys, #values)),*] },
    };
    let tokens = match constant {
        true => quote! { table::of(#entries) },
        false => quote! { table::try_of(#entries)? },
    };
    Code::value(tokens, leaf).with_refs(refs)
}
