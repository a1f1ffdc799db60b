//! Expressions in Rust: the ordinary operators, iterators and options that a person would write.

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;

use super::code::{Code, Form, ItemForm, Leaf, is_copy};
use super::held::{as_option, copy, hold, inside, item, materialise, nullable_as_option, own, owned, unify};
use super::names::{ident, snake};
use super::scope::Scope;
use super::types::Types;
use crate::expr::ast::BinaryOp;
use crate::plan::ir::{Clause, TExpr, TKind};
use crate::plan::ty::TyKind;

/// Rust for an expression.
pub fn expr(types: &Types, scope: &mut Scope, e: &TExpr) -> Code {
    match &e.kind {
        TKind::Error => Code::value(quote! { () }, Leaf::Literal),
        TKind::Null => Code::value(quote! { Nullable::Null }, Leaf::Literal),
        TKind::Bool(b) => Code::value(quote! { #b }, Leaf::Literal),
        TKind::Int(i) => {
            let literal = Literal::i64_unsuffixed(*i);
            Code::value(quote! { #literal }, Leaf::Literal)
        }
        TKind::Double(d) => {
            let literal = Literal::f64_unsuffixed(*d);
            Code::value(quote! { #literal }, Leaf::Literal)
        }
        TKind::Str(s) => Code::value(quote! { #s }, Leaf::Literal),
        TKind::List(items) => list(types, scope, e, items),
        TKind::Local(name) => scope.local(name),
        TKind::Input(at) => scope.input(*at),
        TKind::Call(at) => scope.call(*at),
        TKind::Warnings => {
            let names = scope.soft_calls.clone();
            Code::value(quote! { cx.warnings(&[#(#names),*]) }, Leaf::Owned)
        }
        TKind::Meta(call, what) => super::meta::read(scope, e, *call, what),
        TKind::Field { base, name, member_optional } => field(types, scope, e, base, name, *member_optional),
        TKind::Index { base, index, optional } => index_of(types, scope, e, base, index, *optional),
        TKind::HasValue(value) => {
            let value = expr(types, scope, value);
            let value = value.atom();
            Code::value(quote! { #value.is_some() }, Leaf::Literal)
        }
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
        TKind::Binary { op, left, right } => binary(types, scope, *op, left, right),
        TKind::Cond { clauses, then, otherwise } => cond(types, scope, e, clauses, then, otherwise),
        TKind::Macro { op, list, variable, filter, body } => {
            super::lists::macro_over(types, scope, *op, list, variable, filter.as_deref(), body)
        }
        TKind::Function(function, args) => super::lists::function(types, scope, *function, args),
        TKind::OrValue(value, other) => or_value(types, scope, e, value, other),
        TKind::OptMap { value, variable, body } => opt_map(types, scope, value, variable, body),
        TKind::Widen(inner) => match inner.kind {
            TKind::Int(i) => {
                let literal = Literal::f64_unsuffixed(i as f64);
                Code::value(quote! { #literal }, Leaf::Literal)
            }
            _ => {
                let value = copied(types, scope, inner).atom();
                Code::value(quote! { #value as f64 }, Leaf::Owned).compound()
            }
        },
        TKind::Some(inner) => wrap(types, scope, inner, quote! { Some }),
        TKind::NotNull(inner) => wrap(types, scope, inner, quote! { Nullable::Value }),
        TKind::Hook(at, args) => {
            let name = scope.hooks[*at].clone();
            let method = ident(&snake(&name));
            let args: Vec<TokenStream> = args.iter().map(|arg| argument(types, scope, arg)).collect();
            Code::value(quote! { hook(cx, #name, hooks.#method(cx, #(#args),*)).await? }, Leaf::Owned)
        }
    }
}

/// `!x`, with a comparison turned round rather than negated.
pub fn negated(types: &Types, scope: &mut Scope, e: &TExpr) -> TokenStream {
    let opposite = match &e.kind {
        TKind::Binary { op, left, .. } => match (op, &left.ty.kind) {
            (BinaryOp::Eq, _) => Some(BinaryOp::Ne),
            (BinaryOp::Ne, _) => Some(BinaryOp::Eq),
            // NaN is neither less nor not less.
            (_, TyKind::Double) => None,
            (BinaryOp::Lt, _) => Some(BinaryOp::Ge),
            (BinaryOp::Ge, _) => Some(BinaryOp::Lt),
            (BinaryOp::Gt, _) => Some(BinaryOp::Le),
            (BinaryOp::Le, _) => Some(BinaryOp::Gt),
            _ => None,
        },
        _ => None,
    };
    if let (Some(op), TKind::Binary { left, right, .. }) = (opposite, &e.kind) {
        return binary(types, scope, op, left, right).tokens;
    }
    let value = copied(types, scope, e).atom();
    quote! { !#value }
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

fn list(types: &Types, scope: &mut Scope, e: &TExpr, items: &[TExpr]) -> Code {
    let TyKind::List(item) = &e.ty.kind else { return Code::value(quote! { [] }, Leaf::Literal) };
    let codes = items.iter().map(|i| materialise(expr(types, scope, i))).collect();
    let codes = unify(codes, item);
    let leaf = codes.first().map_or(Leaf::Literal, |code| code.leaf);
    let codes: Vec<Code> = codes.into_iter().map(|code| self::item(code, item)).collect();
    let tokens = codes.iter().map(|code| &code.tokens);
    let refs = codes.first().map_or(0, |code| code.refs);
    Code::value(quote! { [#(#tokens),*] }, leaf).with_refs(refs)
}

fn field(types: &Types, scope: &mut Scope, e: &TExpr, base: &TExpr, name: &str, member_optional: bool) -> Code {
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
    if !base.ty.is_optional() {
        let base = base_code.atom();
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
        (true, true) => quote! { #base.and_then(|#var| #var.#rust) },
        (true, false) => quote! { #base.and_then(|#var| #var.#rust.as_ref()) },
        (false, true) => quote! { #base.map(|#var| #var.#rust) },
        (false, false) => quote! { #base.map(|#var| &#var.#rust) },
    };
    Code::value(tokens, leaf).with_refs(u8::from(!copies && !taken))
}

fn index_of(types: &Types, scope: &mut Scope, e: &TExpr, base: &TExpr, index: &TExpr, optional: bool) -> Code {
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
        if temporary {
            let (end, refs) = end_of_get(inner_refs, copies, true);
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

fn binary(types: &Types, scope: &mut Scope, op: BinaryOp, left: &TExpr, right: &TExpr) -> Code {
    let both =
        |types: &Types, scope: &mut Scope| (copied(types, scope, left).atom(), copied(types, scope, right).atom());
    let made = |tokens: TokenStream| Code::value(tokens, Leaf::Literal).compound();
    match op {
        BinaryOp::And => {
            let (l, r) = both(types, scope);
            made(quote! { #l && #r })
        }
        BinaryOp::Or => {
            let (l, r) = both(types, scope);
            made(quote! { #l || #r })
        }
        BinaryOp::Eq | BinaryOp::Ne => {
            let (l, r) = match left.ty.kind {
                TyKind::Double => (number(types, scope, left), number(types, scope, right)),
                _ => both(types, scope),
            };
            if op == BinaryOp::Eq { made(quote! { #l == #r }) } else { made(quote! { #l != #r }) }
        }
        BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
            let (l, r) = match left.ty.kind {
                TyKind::Str => {
                    let codes = vec![expr(types, scope, left), expr(types, scope, right)];
                    let mixed =
                        codes.iter().any(|c| c.leaf == Leaf::Owned) && codes.iter().any(|c| c.leaf == Leaf::Literal);
                    let codes = if mixed { codes } else { unify(codes, &left.ty) };
                    // A text of its own is compared with a literal as it is.
                    let mut codes = codes.into_iter().map(|code| match mixed && code.leaf == Leaf::Owned {
                        true => {
                            let text = code.atom();
                            quote! { #text.as_str() }
                        }
                        false => code.atom(),
                    });
                    (codes.next().unwrap_or_default(), codes.next().unwrap_or_default())
                }
                TyKind::Double => (number(types, scope, left), number(types, scope, right)),
                _ => both(types, scope),
            };
            made(match op {
                BinaryOp::Lt => quote! { #l < #r },
                BinaryOp::Le => quote! { #l <= #r },
                BinaryOp::Gt => quote! { #l > #r },
                _ => quote! { #l >= #r },
            })
        }
        BinaryOp::In => contains(types, scope, left, right),
        BinaryOp::Add if matches!(left.ty.kind, TyKind::Str) => concat(types, scope, left, right),
        _ if matches!(left.ty.kind, TyKind::Int) => {
            let (l, r) = (copied(types, scope, left).tokens, copied(types, scope, right).tokens);
            let function = ident(match op {
                BinaryOp::Add => "add",
                BinaryOp::Sub => "sub",
                BinaryOp::Mul => "mul",
                BinaryOp::Div => "div",
                _ => "rem",
            });
            Code::value(quote! { num::#function(#l, #r)? }, Leaf::Literal)
        }
        _ => {
            let (l, r) = (number(types, scope, left), number(types, scope, right));
            let tokens = match op {
                BinaryOp::Add => quote! { #l + #r },
                BinaryOp::Sub => quote! { #l - #r },
                BinaryOp::Mul => quote! { #l * #r },
                _ => quote! { #l / #r },
            };
            Code::value(tokens, Leaf::Owned).compound()
        }
    }
}

fn contains(types: &Types, scope: &mut Scope, left: &TExpr, right: &TExpr) -> Code {
    let needle = copied(types, scope, left);
    if let TKind::List(items) = &right.kind
        && items.iter().all(|item| matches!(item.kind, TKind::Str(_) | TKind::Int(_) | TKind::Bool(_)))
        && !items.is_empty()
    {
        let needle = needle.atom();
        let tests = items.iter().map(|item| {
            let item = expr(types, scope, item).tokens;
            quote! { #needle == #item }
        });
        let tests: Vec<_> = tests.collect();
        return Code::value(quote! { #(#tests)||* }, Leaf::Literal).compound();
    }
    let needle = needle.atom();
    let haystack = expr(types, scope, right);
    match &right.ty.kind {
        TyKind::List(_) => {
            let items = super::lists::iterate(&right.ty, haystack);
            let (iter, item) = (
                items.tokens,
                if items.form == Form::Iter(ItemForm::Ref) {
                    quote! { *candidate }
                } else {
                    quote! { candidate }
                },
            );
            if super::fallible(left) {
                let tokens = quote! { { let needle = #needle; #iter.any(|candidate| #item == needle) } };
                return Code::value(tokens, Leaf::Literal).compound();
            }
            Code::value(quote! { #iter.any(|candidate| #item == #needle) }, Leaf::Literal)
        }
        _ => {
            let key = hold(expr(types, scope, left), &left.ty, Leaf::Borrowed);
            let key = if matches!(right.ty.kind, TyKind::Map(_)) { copy(key).tokens } else { key.borrowed() };
            let haystack = haystack.atom();
            Code::value(quote! { #haystack.get(#key).is_some() }, Leaf::Literal)
        }
    }
}

/// `a + " " + b` as one `format!`.
fn concat(types: &Types, scope: &mut Scope, left: &TExpr, right: &TExpr) -> Code {
    fn parts<'a>(e: &'a TExpr, out: &mut Vec<&'a TExpr>) {
        match &e.kind {
            TKind::Binary { op: BinaryOp::Add, left, right } if matches!(e.ty.kind, TyKind::Str) => {
                parts(left, out);
                parts(right, out);
            }
            _ => out.push(e),
        }
    }
    let mut all = Vec::new();
    parts(left, &mut all);
    parts(right, &mut all);
    if all.iter().all(|part| matches!(part.kind, TKind::Str(_))) {
        let parts =
            all.iter().filter_map(|part| if let TKind::Str(text) = &part.kind { Some(text.as_str()) } else { None });
        let text: String = parts.collect();
        return Code::value(quote! { #text }, Leaf::Literal);
    }
    let mut template = String::new();
    let mut args = Vec::new();
    for part in all {
        match &part.kind {
            TKind::Str(text) => template.push_str(&text.replace('{', "{{").replace('}', "}}")),
            _ => {
                let code = expr(types, scope, part);
                let tokens = code.tokens;
                let text = tokens.to_string();
                if syn::parse_str::<syn::Ident>(&text).is_ok() {
                    // In a template, a raw identifier is written without its `r#`.
                    template.push_str(&format!("{{{}}}", text.trim_start_matches("r#")));
                } else {
                    template.push_str("{}");
                    args.push(tokens);
                }
            }
        }
    }
    Code::value(quote! { format!(#template #(, #args)*) }, Leaf::Owned)
}

/// Binds what a condition proves: the pattern, and the variable's code in the branch.
fn bind(types: &Types, scope: &mut Scope, value: &TExpr, variable: &str) -> (TokenStream, Code) {
    let code = materialise(expr(types, scope, value));
    let inner = match &value.ty.kind {
        TyKind::Optional(inner) | TyKind::Nullable(inner) => inner.as_ref().clone(),
        _ => value.ty.clone(),
    };
    let option = match value.ty.kind {
        TyKind::Nullable(_) => nullable_as_option(code),
        _ => as_option(&value.ty, code),
    };
    let name = ident(&scope.bind_name(variable));
    let bound = inside(&option, &inner, quote! { #name });
    (option.atom(), bound)
}

fn cond(types: &Types, scope: &mut Scope, e: &TExpr, clauses: &[Clause], then: &TExpr, otherwise: &TExpr) -> Code {
    // `x.is_some_and(|x| ...)` reads better than a conditional that gives `false`.
    if let ([Clause::Bind { value, variable }], TKind::Bool(fallback)) = (clauses, &otherwise.kind)
        && !super::fallible(then)
    {
        let (subject, bound) = bind(types, scope, value, variable);
        let name = bound.tokens.clone();
        let body = scope.with_local(variable, bound, |scope| copied(types, scope, then).tokens);
        let method = ident(if *fallback { "is_none_or" } else { "is_some_and" });
        if matches!(then.kind, TKind::Bool(true)) && !*fallback {
            return Code::value(quote! { #subject.is_some() }, Leaf::Literal);
        }
        return Code::value(quote! { #subject.#method(|#name| #body) }, Leaf::Literal);
    }
    let mut conditions = Vec::new();
    let depth = scope.depth();
    for clause in clauses {
        match clause {
            Clause::Test(test) => conditions.push(copied(types, scope, test).tokens),
            Clause::Bind { value, variable } => {
                let (subject, bound) = bind(types, scope, value, variable);
                let name = bound.tokens.clone();
                conditions.push(quote! { let Some(#name) = #subject });
                scope.push_local(variable, bound);
            }
        }
    }
    let then_code = expr(types, scope, then);
    scope.truncate(depth);
    let otherwise_code = expr(types, scope, otherwise);
    let codes = unify(vec![materialise(then_code), materialise(otherwise_code)], &e.ty);
    let (leaf, refs, slice) = (codes[0].leaf, codes[0].refs, codes[0].slice);
    let by_value = is_copy(&e.ty, leaf) || codes.iter().all(|code| code.form == Form::Value);
    let (a, b, form) = match by_value {
        true => (codes[0].tokens.clone(), codes[1].tokens.clone(), Form::Value),
        false => (codes[0].borrowed(), codes[1].borrowed(), Form::Ref),
    };
    let tokens = quote! { if #(#conditions)&&* { #a } else { #b } };
    Code { form, slice, ..Code::value(tokens, leaf).with_refs(refs).compound() }
}

fn or_value(types: &Types, scope: &mut Scope, e: &TExpr, value: &TExpr, other: &TExpr) -> Code {
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
    let fallible = super::fallible(other);
    let subject = match unchanged || !e.ty.is_scalar() {
        true => subject,
        false => quote! { #subject.map(|value| #there) },
    };
    let simple = matches!(
        other.kind,
        TKind::Str(_) | TKind::Int(_) | TKind::Double(_) | TKind::Bool(_) | TKind::Local(_) | TKind::Widen(_)
    );
    let costs_nothing = is_named || simple && (leaf != Leaf::Owned || matches!(e.ty.kind, TyKind::Double));
    if !unchanged && !e.ty.is_scalar() {
        return match fallible {
            true => made(quote! { match #subject { Some(value) => #there, None => #fallback } }).compound(),
            false => made(quote! { #subject.map_or_else(|| #fallback, |value| #there) }).compound(),
        };
    }
    if costs_nothing {
        return made(quote! { #subject.unwrap_or(#fallback) });
    }
    if fallible {
        return made(quote! { match #subject { Some(value) => value, None => #fallback } }).compound();
    }
    made(quote! { #subject.unwrap_or_else(|| #fallback) })
}

/// Whether the tokens are a variable or a field, which costs nothing to name.
fn is_place(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => matches!(punct.as_char(), '.' | '&' | '*' | '!'),
        _ => false,
    })
}

fn opt_map(types: &Types, scope: &mut Scope, value: &TExpr, variable: &str, body: &TExpr) -> Code {
    let (subject, bound) = bind(types, scope, value, variable);
    let name = bound.tokens.clone();
    // What is read from a variable that ends here cannot be a reference to it.
    let ends = bound.form == Form::Place;
    let body_code = scope.with_local(variable, bound, |scope| materialise(expr(types, scope, body)));
    let code = match body.ty.is_optional() {
        true if ends && body_code.form != Form::Value => own(body_code.clone(), &body.ty, body_code.leaf),
        true => as_option(&body.ty, body_code),
        false => super::lists::result_of(body_code, &body.ty, ends),
    };
    let (leaf, refs, body_tokens) = (code.leaf, code.refs, code.tokens);
    if super::fallible(body) {
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
