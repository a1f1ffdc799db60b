//! Lists in Rust: macros of the language as iterators.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Form, ItemForm, Leaf, is_copy};
use super::expr::{copied, expr, negated};
use super::held::{copy, item, materialise, own};
use super::names::ident;
use super::scope::Scope;
use super::types::Types;
use crate::plan::fails::fallible;
use crate::plan::ir::{MacroOp, TExpr, TKind};
use crate::plan::ty::{Ty, TyKind};

/// The items of a list.
pub fn item_of(ty: &Ty) -> Ty {
    match &ty.kind {
        TyKind::List(item) => item.as_ref().clone(),
        _ => ty.clone(),
    }
}

/// An iterator over a list. Items that Rust copies come by value, others by reference, and those of
/// a temporary list by value.
pub fn iterate(ty: &Ty, list: Code) -> Code {
    let item = item_of(ty);
    let tokens = list.atom();
    let iter = |tokens: TokenStream, item: ItemForm, refs: u8| Code {
        form: Form::Iter(item),
        ..Code::value(tokens, list.leaf).with_refs(refs)
    };
    match (list.form, list.refs) {
        (Form::Iter(_), _) => list,
        (Form::Value, 1) => iter(quote! { #tokens.into_iter() }, ItemForm::Ref, 1),
        (Form::Value, refs) => iter(quote! { #tokens.into_iter() }, ItemForm::Value, refs),
        (Form::Place | Form::Ref, _) if is_copy(&item, list.leaf) => {
            iter(quote! { #tokens.iter().copied() }, ItemForm::Value, 0)
        }
        (Form::Place | Form::Ref, 0) => iter(quote! { #tokens.iter() }, ItemForm::Ref, 1),
        (Form::Place | Form::Ref, 1) => iter(quote! { #tokens.iter().copied() }, ItemForm::Ref, 1),
        (Form::Place | Form::Ref, refs) => iter(quote! { #tokens.iter().cloned() }, ItemForm::Value, refs),
    }
}

/// The items of an iterator in a vector: `collect` of the iterator, or `to_vec` where it only copies a list.
pub fn collect(iterator: TokenStream, collect: TokenStream) -> TokenStream {
    if let Ok(syn::Expr::MethodCall(copied)) = syn::parse2(iterator.clone())
        && let ("copied", syn::Expr::MethodCall(iter)) = (copied.method.to_string().as_str(), &*copied.receiver)
        && iter.method == "iter"
    {
        let list = &iter.receiver;
        return quote! { #list.to_vec() };
    }
    quote! { #iterator.#collect }
}

/// The code of a loop or closure variable over an iterator's items. `behind` says that the closure
/// gets a reference to the item (`filter`).
pub fn variable(name: &str, iter: &Code, item: &Ty, behind: bool) -> (TokenStream, Code) {
    let ident = ident(name);
    let leaf = iter.leaf;
    if iter.form == Form::Iter(ItemForm::Value) && is_copy(item, leaf) {
        let pattern = if behind {
            quote! { &#ident }
        } else {
            quote! { #ident }
        };
        return (pattern, Code::value(quote! { #ident }, leaf));
    }
    let code = loop_variable(quote! { #ident }, iter, item);
    let code = if behind { Code { form: Form::Ref, ..code } } else { code };
    (quote! { #ident }, code)
}

/// The variable of a loop over an iterator.
pub fn loop_variable(name: TokenStream, iter: &Code, item: &Ty) -> Code {
    match iter.form == Form::Iter(ItemForm::Value) {
        true if is_copy(item, iter.leaf) => Code::value(name, iter.leaf),
        true => Code::place(name, iter.leaf).with_refs(iter.refs.saturating_sub(1)),
        false => Code::reference(name, iter.leaf),
    }
}

/// `list.filter(x, ...)` and its like.
pub fn macro_over(
    types: &Types,
    scope: &mut Scope,
    op: MacroOp,
    list: &TExpr,
    name: &str,
    filter: Option<&TExpr>,
    body: &TExpr,
) -> Code {
    let item = item_of(&list.ty);
    let code = expr(types, scope, list);
    let iter = iterate(&list.ty, code);
    let rust = scope.bind_name(name);
    match op {
        MacroOp::SortBy => return sort_by(types, scope, iter, &item, name, &rust, body),
        MacroOp::GroupBy | MacroOp::IndexBy => return table_by(types, scope, op, iter, &item, name, &rust, body),
        MacroOp::All | MacroOp::Exists if fallible(body) => {
            let (pattern, var) = variable(&rust, &iter, &item, false);
            let test = scope.with_local(name, var, |scope| copied(types, scope, body).tokens);
            let (list, test) = (iter.tokens, as_result(test));
            let function = ident(if op == MacroOp::All { "try_all" } else { "try_any" });
            let test = closure(&pattern, test);
            return Code::value(quote! { list::#function(#list, #test)? }, Leaf::Literal);
        }
        _ if fallible(body) || filter.is_some_and(fallible) => {
            return as_loop(types, scope, op, &item, iter, name, &rust, filter, body);
        }
        _ => {}
    }
    let mut iter = iter;
    if let Some(filter) = filter {
        iter = filtered(types, scope, iter, &item, name, &rust, filter);
    }
    let tokens = &iter.tokens;
    match op {
        MacroOp::Filter => filtered(types, scope, iter, &item, name, &rust, body),
        MacroOp::Map => {
            let (pattern, var) = variable(&rust, &iter, &item, false);
            let by_value = iter.form == Form::Iter(ItemForm::Value);
            // `map(x, x)` changes nothing.
            if matches!(&body.kind, TKind::Local(local) if local == name) {
                return iter;
            }
            let code = scope.with_local(name, var, |scope| materialise(expr(types, scope, body)));
            let result = result_of(code, &body.ty, by_value && !is_copy(&item, iter.leaf));
            let (result, refs, leaf) = (result.tokens, result.refs, result.leaf);
            of_items(quote! { #tokens.map(|#pattern| #result) }, refs, leaf)
        }
        MacroOp::All | MacroOp::Exists => {
            let (pattern, var) = variable(&rust, &iter, &item, false);
            let test = scope.with_local(name, var, |scope| copied(types, scope, body).tokens);
            let method = ident(if op == MacroOp::All { "all" } else { "any" });
            Code::value(quote! { #tokens.#method(|#pattern| #test) }, Leaf::Literal)
        }
        MacroOp::ExistsOne => {
            let one = filtered(types, scope, iter, &item, name, &rust, body).tokens;
            Code::value(quote! { #one.take(2).count() == 1 }, Leaf::Literal).compound()
        }
        // They have gone above.
        MacroOp::SortBy | MacroOp::GroupBy | MacroOp::IndexBy => iter,
    }
}

/// An iterator that makes a list of so many references deep.
pub fn of_items(tokens: TokenStream, refs: u8, leaf: Leaf) -> Code {
    let form = if refs == 1 { ItemForm::Ref } else { ItemForm::Value };
    Code { form: Form::Iter(form), ..Code::value(tokens, leaf).with_refs(refs) }
}

/// What a `map` gives for one item: a copy, a reference, or a value of its own.
pub fn result_of(code: Code, ty: &Ty, from_temporary: bool) -> Code {
    if from_temporary && code.form != Form::Value && !is_copy(ty, code.leaf) {
        let (tokens, refs) = (code.atom(), code.refs_around());
        return Code::value(quote! { #tokens.clone() }, code.leaf).with_refs(refs);
    }
    item(code, ty)
}

fn filtered(types: &Types, scope: &mut Scope, iter: Code, item: &Ty, name: &str, rust: &str, test: &TExpr) -> Code {
    let (pattern, var) = variable(rust, &iter, item, true);
    let test = scope.with_local(name, var, |scope| copied(types, scope, test).tokens);
    let tokens = &iter.tokens;
    Code { tokens: quote! { #tokens.filter(|#pattern| #test) }, ..iter }
}

/// A macro whose body can fail: a loop, from which `?` leaves.
#[expect(clippy::too_many_arguments, reason = "the parts of one macro call")]
fn as_loop(
    types: &Types,
    scope: &mut Scope,
    op: MacroOp,
    item: &Ty,
    iter: Code,
    name: &str,
    rust: &str,
    filter: Option<&TExpr>,
    body: &TExpr,
) -> Code {
    let (pattern, var) = variable(rust, &iter, item, false);
    let by_value = iter.form == Form::Iter(ItemForm::Value);
    let depth = scope.depth();
    scope.push_local(name, var);
    let filter = filter.map(|filter| {
        let test = negated(types, scope, filter);
        quote! { if #test { continue; } }
    });
    let body_code = materialise(expr(types, scope, body));
    scope.truncate(depth);
    let tokens = iter.tokens;
    match op {
        MacroOp::Map => {
            let result = result_of(body_code, &body.ty, by_value && !is_copy(item, iter.leaf));
            let (leaf, refs, result) = (result.leaf, result.refs, result.tokens);
            let list =
                quote! { { let mut list = Vec::new(); for #pattern in #tokens { #filter list.push(#result); } list } };
            Code::value(list, leaf).with_refs(refs).compound()
        }
        MacroOp::Filter => {
            let test = copy(body_code).tokens;
            let list = quote! { { let mut list = Vec::new(); for #pattern in #tokens { if #test { list.push(#pattern); } } list } };
            Code::value(list, iter.leaf).with_refs(iter.refs).compound()
        }
        MacroOp::ExistsOne => {
            let test = copy(body_code).tokens;
            let tokens =
                quote! { { let mut count = 0; for #pattern in #tokens { if #test { count += 1; } } count == 1 } };
            Code::value(tokens, Leaf::Literal).compound()
        }
        // They are no loops of this kind.
        _ => Code::value(tokens, iter.leaf),
    }
}

/// `list.sortBy(x, key)`
fn sort_by(types: &Types, scope: &mut Scope, iter: Code, item: &Ty, name: &str, rust: &str, key: &TExpr) -> Code {
    let refs = iter.refs;
    let (leaf, list) = (iter.leaf, iter.tokens.clone());
    if fallible(key) {
        let (pattern, var) = variable(rust, &iter, item, true);
        let code = scope.with_local(name, var, |scope| materialise(expr(types, scope, key)));
        let key = as_result(own(code, &key.ty, Leaf::Owned).tokens);
        let key = closure(&pattern, key);
        return Code::value(quote! { list::try_sorted(#list, #key)? }, leaf).with_refs(refs);
    }
    let loop_code = loop_variable(quote! { item }, &iter, item);
    let side = |scope: &mut Scope, side: &str| {
        let side = ident(side);
        let code = Code { form: Form::Ref, tokens: quote! { #side }, ..loop_code.clone() };
        scope.with_local(name, code, |scope| expr(types, scope, key).borrowed())
    };
    let (a, b) = (side(scope, "a"), side(scope, "b"));
    let compare = quote! { compare(#a, #b) };
    let by = match compare.to_string() == quote! { compare(a, b) }.to_string() {
        true => quote! { compare },
        false => quote! { |a, b| #compare },
    };
    Code::value(quote! { list::sorted(#list, #by) }, leaf).with_refs(refs)
}

/// `list.groupBy(x, key)` and `list.indexBy(x, key)`
#[expect(clippy::too_many_arguments, reason = "the parts of one macro call")]
fn table_by(
    types: &Types,
    scope: &mut Scope,
    op: MacroOp,
    iter: Code,
    item: &Ty,
    name: &str,
    rust: &str,
    key: &TExpr,
) -> Code {
    let (pattern, var) = variable(rust, &iter, item, true);
    let code = scope.with_local(name, var, |scope| materialise(expr(types, scope, key)));
    let made = own(code, &key.ty, Leaf::Owned).tokens;
    let fails = fallible(key);
    let function = ident(match (op, fails) {
        (MacroOp::GroupBy, false) => "group_by",
        (MacroOp::GroupBy, true) => "try_group_by",
        (_, false) => "index_by",
        (_, true) => "try_index_by",
    });
    let list = &iter.tokens;
    let tokens = match fails {
        true => {
            let made = closure(&pattern, as_result(made));
            quote! { table::#function(#list, #made)? }
        }
        false => {
            let made = closure(&pattern, made);
            quote! { table::#function(#list, #made) }
        }
    };
    let refs = match op {
        MacroOp::GroupBy if iter.refs > 0 => iter.refs.saturating_add(1),
        _ => iter.refs,
    };
    Code::value(tokens, iter.leaf).with_refs(refs)
}

/// What gives a result for `?`: `f(x)` of `f(x)?`, `Ok(x)` of anything else.
pub fn as_result(tokens: TokenStream) -> TokenStream {
    match syn::parse2(tokens.clone()) {
        Ok(syn::Expr::Try(tried)) => {
            let inner = tried.expr;
            quote! { #inner }
        }
        _ => quote! { Ok(#tokens) },
    }
}

/// `|x| body`, or the function alone where the body only calls it with `x`.
fn closure(pattern: &TokenStream, body: TokenStream) -> TokenStream {
    if let Ok(syn::Expr::Call(call)) = syn::parse2(body.clone())
        && let (1, Some(arg)) = (call.args.len(), call.args.first())
        && quote! { #arg }.to_string() == pattern.to_string()
    {
        let function = &call.func;
        return quote! { #function };
    }
    quote! { |#pattern| #body }
}
