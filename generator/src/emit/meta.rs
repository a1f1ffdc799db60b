//! `meta.<call>` in Rust: a cell that the call fills when it ends.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::code::{Code, Leaf};
use super::expr::expr;
use super::held::hold;
use super::scope::Scope;
use super::types::Types;
use crate::plan::ir::{MetaField, TExpr, TKind};
use crate::plan::model::Endpoint;
use crate::plan::ty::TyKind;
use crate::plan::walk;

/// A cell for each call of which something is asked.
pub fn declare(endpoint: &Endpoint, scope: &mut Scope) -> TokenStream {
    let mut asked = vec![false; endpoint.calls.len()];
    let mut visit = |e: &TExpr| {
        if let TKind::Meta(call, _) | TKind::KeyedMeta { call, .. } = &e.kind {
            asked[*call] = true;
        }
    };
    endpoint.answer.each(&mut visit);
    endpoint.headers.iter().for_each(|(_, value)| walk::expr(value, &mut visit));
    for call in &endpoint.calls {
        walk::call(call, &mut visit);
    }
    let mut out = TokenStream::new();
    for (at, call) in endpoint.calls.iter().enumerate().filter(|(at, _)| asked[*at]) {
        let name = scope.fresh(&format!("{} meta", call.name), "_cell");
        let kind = if call.each.is_some() {
            quote! { Metas }
        } else {
            quote! { Meta }
        };
        out.extend(quote! { let #name = #kind::new(); });
        scope.metas.push((at, call.name.clone(), name));
    }
    out
}

/// The cell of a call, if it has one.
pub fn of<'s>(scope: &'s Scope, call: &str) -> Option<&'s Ident> {
    scope.metas.iter().find(|(_, name, _)| name == call).map(|(.., cell)| cell)
}

/// What a header is read as.
fn header_type(e: &TExpr) -> (TokenStream, Leaf) {
    match e.ty.present().kind {
        TyKind::Int => (quote! { i64 }, Leaf::Literal),
        TyKind::Double => (quote! { f64 }, Leaf::Owned),
        TyKind::Bool => (quote! { bool }, Leaf::Literal),
        _ => (quote! { Str }, Leaf::Borrowed),
    }
}

/// Rust for a part of what is known of the call for a key.
pub fn read_keyed(
    types: &Types,
    scope: &mut Scope,
    e: &TExpr,
    call: usize,
    key: &TExpr,
    optional: bool,
    what: &MetaField,
) -> Code {
    let Some(cell) = scope.metas.iter().find(|(at, ..)| *at == call).map(|(.., cell)| cell.clone()) else {
        return Code::value(quote! { () }, Leaf::Literal);
    };
    let code = expr(types, scope, key);
    let key = match key.ty.kind {
        TyKind::Str => hold(code, &key.ty, Leaf::Borrowed).borrowed(),
        _ => code.borrowed(),
    };
    let (header, leaf) = header_type(e);
    let tokens = match (what, optional) {
        (MetaField::Status { soft: false }, false) => quote! { #cell.at(#key)?.status() },
        (MetaField::Status { .. }, false) => quote! { #cell.at(#key)?.status_if_any() },
        (MetaField::Status { .. }, true) => quote! { #cell.get(#key).and_then(Meta::status_if_any) },
        (MetaField::Error, false) => quote! { #cell.at(#key)?.error() },
        (MetaField::Error, true) => quote! { #cell.get(#key).and_then(Meta::error) },
        (MetaField::Stale, false) => quote! { #cell.at(#key)?.is_stale() },
        (MetaField::Stale, true) => quote! { #cell.get(#key).map(Meta::is_stale) },
        (MetaField::Complete, false) => quote! { #cell.at(#key)?.is_complete() },
        (MetaField::Complete, true) => quote! { #cell.get(#key).map(Meta::is_complete) },
        (MetaField::Header { name, required: true }, false) => quote! { #cell.at(#key)?.promised::<#header>(#name)? },
        (MetaField::Header { name, .. }, false) => quote! { #cell.at(#key)?.header::<#header>(#name) },
        (MetaField::Header { name, .. }, true) => {
            quote! { #cell.get(#key).and_then(|meta| meta.header::<#header>(#name)) }
        }
    };
    match what {
        MetaField::Header { .. } => Code::value(tokens, leaf),
        _ => Code::value(tokens, Leaf::Literal),
    }
}

/// Rust for a part of it.
pub fn read(scope: &Scope, e: &TExpr, call: usize, what: &MetaField) -> Code {
    let Some((.., cell)) = scope.metas.iter().find(|(at, ..)| *at == call) else {
        return Code::value(quote! { () }, Leaf::Literal);
    };
    match what {
        MetaField::Status { soft: false } => Code::value(quote! { #cell.status() }, Leaf::Literal),
        MetaField::Status { soft: true } => Code::value(quote! { #cell.status_if_any() }, Leaf::Literal),
        MetaField::Error => Code::value(quote! { #cell.error() }, Leaf::Literal),
        MetaField::Complete => Code::value(quote! { #cell.is_complete() }, Leaf::Literal),
        MetaField::Stale => Code::value(quote! { #cell.is_stale() }, Leaf::Literal),
        MetaField::Header { name, required } => {
            let (ty, leaf) = header_type(e);
            match required {
                true => Code::value(quote! { #cell.promised::<#ty>(#name)? }, leaf),
                false => Code::value(quote! { #cell.header::<#ty>(#name) }, leaf),
            }
        }
    }
}
