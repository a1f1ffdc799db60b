//! The arguments of a call in Rust: copies, numbers as `f64`, texts as `Str`, lists as slices.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Form, Leaf};
use super::endpoint::Shared;
use super::expr::expr;
use super::held::{as_option, changes, copy, hold, materialise, own};
use super::scope::Scope;
use crate::plan::fails::fallible;
use crate::plan::ir::{TExpr, TKind};
use crate::plan::model::Call;
use crate::plan::ty::TyKind;

/// A value as the function of an operation wants it; `list` where that is a slice.
pub fn argument(shared: &Shared, scope: &mut Scope, value: &TExpr, list: bool) -> TokenStream {
    if list
        && let (TKind::List(items), TyKind::List(item)) = (&value.kind, &value.ty.kind)
        && item.is_scalar()
        && items.iter().all(|item| item.ty.is_scalar())
    {
        let items: Vec<TokenStream> = items.iter().map(|item| argument(shared, scope, item, false)).collect();
        return quote! { &[#(#items),*] };
    }
    let code = materialise(expr(shared.types, scope, value));
    handed(code, value, list)
}

/// An argument for closures that are called many times: what is made for it, or can fail, is made once, before.
pub fn lasting(
    shared: &Shared,
    scope: &mut Scope,
    value: &TExpr,
    list: bool,
    name: &str,
    before: &mut TokenStream,
) -> TokenStream {
    let nothing = matches!(&value.kind, TKind::List(items) if items.is_empty());
    if nothing || !fallible(value) && !is_made(shared, scope, value) {
        return argument(shared, scope, value, list);
    }
    let place = made_before(shared, scope, value, name, before);
    let TyKind::List(item) = &value.ty.present().kind else { return handed(place, value, list) };
    if list && matches!(item.kind, TyKind::Str) {
        // The texts, and then what borrows them.
        let texts = own(place, &value.ty, Leaf::Borrowed).tokens;
        let name = scope.fresh(name, "_texts");
        before.extend(quote! { let #name = #texts; });
        return handed(Code::place(quote! { #name }, Leaf::Borrowed), value, list);
    }
    handed(place, value, list)
}

/// The same for a value that is lent as it is.
pub fn lasting_value(
    shared: &Shared,
    scope: &mut Scope,
    value: &TExpr,
    name: &str,
    before: &mut TokenStream,
) -> TokenStream {
    match fallible(value) || is_made(shared, scope, value) {
        true => made_before(shared, scope, value, name, before).borrowed(),
        false => materialise(expr(shared.types, scope, value)).borrowed(),
    }
}

fn made_before(shared: &Shared, scope: &mut Scope, value: &TExpr, name: &str, before: &mut TokenStream) -> Code {
    let code = materialise(expr(shared.types, scope, value));
    let made = own(code, &value.ty, Leaf::Owned).tokens;
    let name = scope.fresh(name, "_argument");
    before.extend(quote! { let #name = #made; });
    Code::place(quote! { #name }, Leaf::Owned)
}

fn handed(code: Code, value: &TExpr, list: bool) -> TokenStream {
    match &value.ty.present().kind {
        TyKind::Double => copy(hold(code, &value.ty, Leaf::Owned)).tokens,
        TyKind::List(item) if list => {
            let held = if matches!(item.kind, TyKind::Str) { Leaf::Borrowed } else { Leaf::Owned };
            let code = if changes(&code, &value.ty, held) { own(code, &value.ty, held) } else { code };
            if !value.ty.is_optional() {
                return code.borrowed();
            }
            let option = as_option(&value.ty, code);
            let tokens = option.atom();
            match option.refs {
                1 => quote! { #tokens.map(|items| &items[..]) },
                _ => quote! { #tokens.as_deref() },
            }
        }
        _ => copy(hold(code, &value.ty, Leaf::Borrowed)).tokens,
    }
}

/// Whether an argument or header borrows from a value that is made for it: that must live as long as the call.
pub fn lends(shared: &Shared, scope: &mut Scope, call: &Call) -> bool {
    let headers = call.headers.iter().map(|(_, value)| value);
    call.args.iter().map(|(_, value)| value).chain(headers).any(|value| is_made(shared, scope, value))
}

/// Whether a value is a text or a list that is made for it, rather than one that stands somewhere.
fn is_made(shared: &Shared, scope: &mut Scope, value: &TExpr) -> bool {
    let code = scope.apart(|scope| expr(shared.types, scope, value));
    match &value.ty.present().kind {
        TyKind::List(_) => !matches!(code.form, Form::Place | Form::Ref),
        TyKind::Str => code.leaf == Leaf::Owned && code.form == Form::Value,
        _ => false,
    }
}
