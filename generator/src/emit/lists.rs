//! Lists in Rust: macros and functions of the language as iterators.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Form, ItemForm, Leaf, is_copy};
use super::expr::{copied, expr, negated, number};
use super::held::{copy, item, materialise};
use super::names::ident;
use super::scope::Scope;
use super::types::Types;
use crate::plan::ir::{Function, MacroOp, TExpr, TKind};
use crate::plan::ty::{Ty, TyKind};

fn item_of(ty: &Ty) -> Ty {
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
fn variable(name: &str, iter: &Code, item: &Ty, behind: bool) -> (TokenStream, Code) {
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
    if super::fallible(body) || filter.is_some_and(super::fallible) {
        return as_loop(types, scope, op, &item, iter, name, &rust, filter, body);
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
            let code = scope.with_local(name, var, |scope| materialise(expr(types, scope, body)));
            let result = result_of(code, &body.ty, by_value && !is_copy(&item, iter.leaf));
            // `map(x, x)` changes nothing.
            if result.tokens.to_string() == pattern.to_string() {
                return iter;
            }
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
    }
}

/// An iterator that makes a list of so many references deep.
fn of_items(tokens: TokenStream, refs: u8, leaf: Leaf) -> Code {
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
        MacroOp::All => {
            let test = copy(body_code).atom();
            let tokens =
                quote! { { let mut all = true; for #pattern in #tokens { if !#test { all = false; break; } } all } };
            Code::value(tokens, Leaf::Literal).compound()
        }
        MacroOp::Exists => {
            let test = copy(body_code).tokens;
            let tokens =
                quote! { { let mut any = false; for #pattern in #tokens { if #test { any = true; break; } } any } };
            Code::value(tokens, Leaf::Literal).compound()
        }
        MacroOp::ExistsOne => {
            let test = copy(body_code).tokens;
            let tokens =
                quote! { { let mut count = 0; for #pattern in #tokens { if #test { count += 1; } } count == 1 } };
            Code::value(tokens, Leaf::Literal).compound()
        }
    }
}

/// A function of the language.
pub fn function(types: &Types, scope: &mut Scope, function: Function, args: &[TExpr]) -> Code {
    use Function::*;
    let first = &args[0];
    let bool_value = |tokens: TokenStream| Code::value(tokens, Leaf::Literal);
    let owned = |tokens: TokenStream| Code::value(tokens, Leaf::Owned);
    let text = |scope: &mut Scope, at: usize| expr(types, scope, &args[at]).borrowed();
    match function {
        SizeText => {
            let a = text(scope, 0);
            bool_value(quote! { text::size(#a) })
        }
        Contains | StartsWith | EndsWith | IndexOf => {
            let (a, b) = (text(scope, 0), text(scope, 1));
            let name = ident(match function {
                Contains => "contains",
                StartsWith => "starts_with",
                EndsWith => "ends_with",
                _ => "index_of",
            });
            bool_value(quote! { text::#name(#a, #b) })
        }
        Matches => {
            let a = text(scope, 0);
            let TKind::Str(pattern) = &args[1].kind else { return bool_value(quote! { false }) };
            bool_value(quote! { text::matches(#a, { static PATTERN: Pattern = Pattern::new(#pattern); &PATTERN }) })
        }
        Lower | Upper | Trim => {
            let a = text(scope, 0);
            let name = ident(match function {
                Lower => "lower",
                Upper => "upper",
                _ => "trim",
            });
            owned(quote! { text::#name(#a) })
        }
        Replace => {
            let (a, b, c) = (text(scope, 0), text(scope, 1), text(scope, 2));
            owned(quote! { text::replace(#a, #b, #c) })
        }
        Split => {
            let (a, b) = (text(scope, 0), text(scope, 1));
            owned(quote! { text::split(#a, #b) })
        }
        Substring => {
            let a = text(scope, 0);
            let start = number(types, scope, &args[1]);
            let end = match args.get(2) {
                Some(end) => {
                    let end = number(types, scope, end);
                    quote! { Some(#end) }
                }
                None => quote! { None },
            };
            owned(quote! { text::substring(#a, #start, #end)? })
        }
        IntOfText => {
            let a = text(scope, 0);
            bool_value(quote! { conv::int_of_text(#a)? })
        }
        DoubleOfText => {
            let a = text(scope, 0);
            owned(quote! { conv::double_of_text(#a)? })
        }
        IntOfDouble => {
            let a = number(types, scope, first);
            bool_value(quote! { conv::int_of_double(#a)? })
        }
        DoubleOfInt => {
            let a = copied(types, scope, first).atom();
            owned(quote! { #a as f64 }).compound()
        }
        TextOfInt | TextOfBool => {
            let a = copied(types, scope, first).atom();
            owned(quote! { #a.to_string() })
        }
        TextOfDouble => {
            let a = number(types, scope, first);
            owned(quote! { conv::string_of_double(#a) })
        }
        Same => expr(types, scope, first),
        SizeMap => {
            let a = expr(types, scope, first).atom();
            owned(quote! { #a.len() as i64 }).compound()
        }
        _ => list_function(types, scope, function, args),
    }
}

/// `list.map(x, lists).flatten()` in one step.
fn flat_map(types: &Types, scope: &mut Scope, list: &TExpr, name: &str, body: &TExpr) -> Code {
    let item = item_of(&list.ty);
    let code = expr(types, scope, list);
    let iter = iterate(&list.ty, code);
    let rust = scope.bind_name(name);
    let (pattern, var) = variable(&rust, &iter, &item, false);
    // An inner closure that uses the outer item would outlive it: its list is made first.
    let nested = match &body.kind {
        TKind::Macro { body, .. } => {
            let mut uses = false;
            crate::plan::walk::expr(body, &mut |e| uses |= matches!(&e.kind, TKind::Local(local) if local == name));
            uses
        }
        _ => false,
    };
    let inner = scope.with_local(name, var, |scope| expr(types, scope, body));
    let inner = if nested { materialise(inner) } else { inner };
    let inner = iterate(&body.ty, inner);
    let (tokens, inside) = (&iter.tokens, &inner.tokens);
    Code { tokens: quote! { #tokens.flat_map(|#pattern| #inside) }, compound: false, ..inner }
}

fn list_function(types: &Types, scope: &mut Scope, function: Function, args: &[TExpr]) -> Code {
    use Function::*;
    let first = &args[0];
    let item = item_of(&first.ty);
    if let (Flatten, TKind::Macro { op: MacroOp::Map, list, variable: name, filter: None, body }) =
        (function, &first.kind)
        && !super::fallible(body)
    {
        return flat_map(types, scope, list, name, body);
    }
    let code = expr(types, scope, first);
    let leaf = code.leaf;
    if function == SizeList {
        let tokens = code.atom();
        return match code.form {
            Form::Iter(_) => Code::value(quote! { #tokens.count() as i64 }, Leaf::Literal).compound(),
            _ => Code::value(quote! { #tokens.len() as i64 }, Leaf::Literal).compound(),
        };
    }
    if matches!(function, First | Last) && matches!(code.form, Form::Place | Form::Ref) {
        let tokens = code.atom();
        let method = ident(if function == First { "first" } else { "last" });
        let copies = is_copy(&item, leaf);
        let (end, refs) = match code.refs {
            _ if copies => (quote! { .copied() }, 0),
            0 => (quote! {}, 1),
            1 => (quote! { .copied() }, 1),
            refs => (quote! { .cloned() }, refs),
        };
        return Code::value(quote! { #tokens.#method() #end }, leaf).with_refs(refs);
    }
    let iter = iterate(&first.ty, code);
    let tokens = &iter.tokens;
    match function {
        SumInt => Code::value(quote! { list::sum_int(#tokens)? }, Leaf::Literal),
        SumDouble | Min | Max if matches!(item.kind, TyKind::Double) => {
            let numbers = match leaf {
                Leaf::Borrowed => quote! { #tokens.map(|value| value.get()) },
                _ => quote! { #tokens },
            };
            match function {
                SumDouble => Code::value(quote! { list::sum_double(#numbers) }, Leaf::Owned),
                Min => Code::value(quote! { list::min(#numbers)? }, Leaf::Owned),
                _ => Code::value(quote! { list::max(#numbers)? }, Leaf::Owned),
            }
        }
        Min => Code::value(quote! { list::min(#tokens)? }, leaf),
        Max => Code::value(quote! { list::max(#tokens)? }, leaf),
        Join => {
            let separator = match args.get(1) {
                Some(separator) => expr(types, scope, separator).borrowed(),
                None => quote! { "" },
            };
            Code::value(quote! { text::join(#tokens, #separator) }, Leaf::Owned)
        }
        Flatten => {
            let inner = item_of(&item);
            // Lists within lists: copies by value, the rest by reference.
            match iter.form {
                Form::Iter(ItemForm::Value) => {
                    of_items(quote! { #tokens.flatten() }, iter.refs.saturating_sub(1), leaf)
                }
                _ if is_copy(&inner, leaf) => of_items(quote! { #tokens.flatten().copied() }, 0, leaf),
                _ => of_items(quote! { #tokens.flatten() }, 1, leaf),
            }
        }
        Distinct => {
            let items = collect(tokens.clone(), quote! { collect() });
            Code::value(quote! { list::distinct(#items) }, leaf).with_refs(iter.refs)
        }
        First => Code::value(quote! { #tokens.next() }, leaf).with_refs(iter.refs),
        Last => Code::value(quote! { #tokens.next_back() }, leaf).with_refs(iter.refs),
        Reverse => Code { tokens: quote! { #tokens.rev() }, ..iter },
        _ => iter,
    }
}
