//! `$match` in Rust: a `match` over the enumeration of the union, with an arm for each case.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Leaf};
use super::expr::expr;
use super::held::{as_option, inside, materialise, nullable_as_option};
use super::names::{ident, snake};
use super::scope::Scope;
use super::shape::{Target, write};
use super::types::Types;
use crate::plan::ir::{TCase, TMatch, TShape};
use crate::plan::ty::TyKind;

/// Statements that write the case that holds.
pub fn write_match(types: &Types, scope: &mut Scope, target: &Target, matching: &TMatch) -> TokenStream {
    let value = &matching.value;
    let code = materialise(expr(types, scope, value));
    if !value.ty.is_optional() {
        return arms(types, scope, target, matching, &code);
    }
    let option = as_option(&value.ty, code);
    let name = scope.fresh("value", "_match");
    let there = inside(&option, value.ty.present(), quote! { #name });
    let inner = arms(types, scope, target, matching, &there);
    let option = option.tokens;
    quote! { if let Some(#name) = #option { #inner } }
}

fn arms(types: &Types, scope: &mut Scope, target: &Target, matching: &TMatch, code: &Code) -> TokenStream {
    let nullable = matches!(matching.value.ty.present().kind, TyKind::Nullable(_));
    // A union that can hold itself stands in a box, which a pattern does not see through.
    let boxed = types.boxed(matching.union, matching.union);
    let wrap = |pattern: TokenStream| match (nullable, boxed) {
        (true, true) => quote! { Some(#pattern) },
        (true, false) => quote! { Nullable::Value(#pattern) },
        (false, _) => pattern,
    };
    let Some(home) = types.home(matching.union) else { return TokenStream::new() };
    let name = ident(&home.name);
    let (parent, module) = home.module.rsplit_once("::").unwrap_or(("crate", &home.module));
    scope.modules.insert((parent.to_string(), module.to_string()));
    let module = ident(module);
    let labels = types.variants(matching.union);
    let members = types.members(matching.union);
    let mut made = Vec::new();
    for TCase { member, bound, shape } in &matching.cases {
        let label = ident(&labels[*member]);
        let has_value = members.get(*member).is_some_and(Option::is_some);
        let (pattern, body) = match bound {
            Some((variable, _)) => {
                // Arms are apart: each may use a name again.
                scope.apart(|scope| {
                    let rust = match code.tokens.to_string() == snake(variable) {
                        true => ident(&snake(variable)),
                        false => ident(&scope.bind_name(variable)),
                    };
                    let leaf = if home.owned { Leaf::Owned } else { Leaf::Borrowed };
                    let local = Code::reference(quote! { #rust }, leaf);
                    let body = scope.with_local(variable, local, |scope| write(types, scope, target, shape));
                    (quote! { #module::#name::#label(#rust) }, body)
                })
            }
            None => {
                let body = apart(types, scope, target, shape);
                let pattern = if has_value {
                    quote! { #module::#name::#label(_) }
                } else {
                    quote! { #module::#name::#label }
                };
                (pattern, body)
            }
        };
        let pattern = wrap(pattern);
        made.push(quote! { #pattern => { #body } });
    }
    if let Some(null) = &matching.null {
        let body = apart(types, scope, target, null);
        let pattern = if boxed {
            quote! { None }
        } else {
            quote! { Nullable::Null }
        };
        made.push(quote! { #pattern => { #body } });
    }
    let rest = matching.cases.len() < labels.len()
        || types.knows_unknown(matching.union)
        || nullable && matching.null.is_none();
    if let (Some(otherwise), true) = (&matching.otherwise, rest) {
        let body = apart(types, scope, target, otherwise);
        made.push(quote! { _ => { #body } });
    }
    let of = match types.borrows(matching.union) {
        true => quote! { #module::#name<'_> },
        false => quote! { #module::#name },
    };
    let (before, subject) = match (boxed, nullable) {
        (false, _) => (None, code.borrowed()),
        (true, true) => {
            let option = nullable_as_option(code.clone()).tokens;
            (None, quote! { #option.map(|value| -> &#of { value }) })
        }
        (true, false) => {
            let (value, subject) = (scope.fresh("value", "_match"), code.borrowed());
            (Some(quote! { let #value: &#of = #subject; }), quote! { #value })
        }
    };
    let made = quote! { #before match #subject { #(#made)* } };
    if boxed {
        quote! { { #made } }
    } else {
        made
    }
}

/// The statements of an arm, whose names are its own.
fn apart(types: &Types, scope: &mut Scope, target: &Target, shape: &TShape) -> TokenStream {
    scope.apart(|scope| write(types, scope, target, shape))
}
