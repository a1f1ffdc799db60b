//! Expressions in Rust: the ordinary operators, iterators and options that a person would write.

mod conditions;
mod literals;
mod members;
mod operators;
mod optionals;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::code::{Code, Form, Leaf, is_copy};
use super::held::{as_option, copy, hold, item, materialise, own};
use super::names::ident;
use super::scope::Scope;
use super::types::Types;
use crate::plan::ir::{TExpr, TKind};
use crate::plan::ty::TyKind;

pub use operators::negated;

/// Rust for an expression.
pub fn expr(types: &Types, scope: &mut Scope, e: &TExpr) -> Code {
    match &e.kind {
        TKind::Error => Code::value(quote! { () }, Leaf::Literal),
        // Alone, it is of no type that Rust could find.
        TKind::Null if matches!(e.ty.kind, TyKind::Null) => {
            Code::value(quote! { Nullable::<bool>::Null }, Leaf::Literal)
        }
        TKind::Null => Code::value(quote! { Nullable::Null }, Leaf::Literal),
        TKind::Absent if matches!(e.ty.present().kind, TyKind::Never) => {
            Code::value(quote! { None::<bool> }, Leaf::Literal)
        }
        TKind::Absent => Code::value(quote! { None }, Leaf::Literal),
        TKind::Bytes(bytes) => {
            let literal = Literal::byte_string(bytes);
            Code::value(quote! { conv::bytes(#literal) }, Leaf::Owned)
        }
        TKind::Bool(b) => Code::value(quote! { #b }, Leaf::Literal),
        TKind::Int(i) => {
            let literal = integer(*i);
            signed(Code::value(quote! { #literal }, Leaf::Literal), *i < 0)
        }
        TKind::Double(d) => {
            let literal = Literal::f64_unsuffixed(*d);
            signed(Code::value(quote! { #literal }, Leaf::Literal), d.is_sign_negative())
        }
        TKind::Str(s) => Code::value(quote! { #s }, Leaf::Literal),
        TKind::List(items) => literals::list(types, scope, e, items),
        TKind::Table(entries) => literals::table(types, scope, e, entries),
        TKind::Local(name) => scope.local(name),
        TKind::Input(at) => scope.input(*at),
        TKind::Call(at) => scope.call(*at),
        TKind::Warnings => {
            let names = scope.soft_calls.clone();
            Code::value(quote! { cx.warnings(&[#(#names),*]) }, Leaf::Owned)
        }
        TKind::Partial => {
            let parts = scope.parts.iter().map(|(call, parts)| quote! { (#call, &[#(#parts),*]) });
            Code::value(quote! { cx.partial(&[#(#parts),*]) }, Leaf::Owned)
        }
        TKind::Meta(call, what) => crate::emit::meta::read(scope, e, *call, what),
        TKind::KeyedMeta { call, key, optional, what } => {
            crate::emit::meta::read_keyed(types, scope, e, *call, key, *optional, what)
        }
        TKind::Field { base, name, member_optional } => members::field(types, scope, e, base, name, *member_optional),
        TKind::Index { base, index, optional } => members::index_of(types, scope, e, base, index, *optional),
        TKind::HasValue(value) => operators::has_value(types, scope, value, true),
        TKind::IsNull { value, negated } => {
            let value = expr(types, scope, value).atom();
            match negated {
                true => Code::value(quote! { !#value.is_null() }, Leaf::Literal).compound(),
                false => Code::value(quote! { #value.is_null() }, Leaf::Literal),
            }
        }
        TKind::Not(inner) => Code::value(negated(types, scope, inner), Leaf::Literal).compound(),
        TKind::Negate(inner) => {
            let value = number(types, scope, inner);
            match inner.ty.kind {
                TyKind::Int => Code::value(quote! { num::neg(#value)? }, Leaf::Literal),
                _ => Code::value(quote! { -#value }, Leaf::Literal).compound(),
            }
        }
        TKind::Binary { op, left, right } => operators::binary(types, scope, *op, left, right),
        TKind::Cond { clauses, then, otherwise } => conditions::cond(types, scope, e, clauses, then, otherwise),
        TKind::Macro { op, list, variable, filter, body } => {
            super::lists::macro_over(types, scope, *op, list, variable, filter.as_deref(), body)
        }
        TKind::Function(function, args) => super::functions::function(types, scope, *function, args),
        TKind::OrValue(value, other) => optionals::or_value(types, scope, e, value, other),
        TKind::OptMap { value, variable, body } => optionals::opt_map(types, scope, value, variable, body),
        TKind::Widen(inner) => match inner.kind {
            TKind::Int(i) => {
                let literal = Literal::f64_unsuffixed(i as f64);
                signed(Code::value(quote! { #literal }, Leaf::Literal), i < 0)
            }
            _ => {
                let value = copied(types, scope, inner).atom();
                Code::value(quote! { #value as f64 }, Leaf::Owned).compound()
            }
        },
        TKind::Some(inner) => wrap(types, scope, inner, quote! { Some }),
        TKind::NotNull(inner) => wrap(types, scope, inner, quote! { Nullable::Value }),
        TKind::Convert(inner) => crate::emit::convert::convert(types, scope, inner, &e.ty),
        TKind::Made { object, fields } => crate::emit::convert::made(types, scope, *object, fields),
        TKind::Hook(at, args) => {
            let crate::emit::hooks::Method { hook: name, name: method } = scope.hooks[*at].clone();
            let method = ident(&method);
            let args: Vec<TokenStream> = args.iter().map(|arg| argument(types, scope, arg)).collect();
            Code::value(quote! { hook(cx, #name, hooks.#method(cx, #(#args),*)).await? }, Leaf::Owned)
        }
    }
}

/// An integer; what no `i32` holds says that it has 64 bits.
pub fn integer(value: i64) -> Literal {
    if i32::try_from(value).is_ok() { Literal::i64_unsuffixed(value) } else { Literal::i64_suffixed(value) }
}

/// A number; a minus before it is an operator to what stands around.
fn signed(literal: Code, negative: bool) -> Code {
    if negative { literal.compound() } else { literal }
}

fn wrap(types: &Types, scope: &mut Scope, inner: &TExpr, wrapper: TokenStream) -> Code {
    let code = item(expr(types, scope, inner), &inner.ty);
    let value = &code.tokens;
    Code { tokens: quote! { #wrapper(#value) }, form: Form::Value, compound: false, ..code }
}

/// An argument of a hook or a named shape: copies by value, the rest by reference.
pub fn argument(types: &Types, scope: &mut Scope, arg: &TExpr) -> TokenStream {
    let code = materialise(expr(types, scope, arg));
    let code = hold(code, &arg.ty, Leaf::Borrowed);
    if is_copy(&arg.ty, Leaf::Borrowed) {
        return copy(code).tokens;
    }
    if matches!(arg.ty.kind, TyKind::Optional(_)) {
        let option = as_option(&arg.ty, code);
        if option.refs == 1 && option.leaf == Leaf::Borrowed {
            return option.tokens;
        }
        let option = own(option, &arg.ty, Leaf::Borrowed).atom();
        return quote! { #option.as_ref() };
    }
    if code.refs > 0 || code.leaf != Leaf::Borrowed {
        return own(code, &arg.ty, Leaf::Borrowed).borrowed();
    }
    code.borrowed()
}

/// The value itself, where Rust copies it.
pub fn copied(types: &Types, scope: &mut Scope, e: &TExpr) -> Code {
    copy(expr(types, scope, e))
}

/// A number for arithmetic: `i64` or `f64`.
pub fn number(types: &Types, scope: &mut Scope, e: &TExpr) -> TokenStream {
    let code = expr(types, scope, e);
    if matches!(e.ty.kind, TyKind::Double) && code.leaf == Leaf::Borrowed {
        let value = code.atom();
        return quote! { #value.get() };
    }
    copy(code).atom()
}
