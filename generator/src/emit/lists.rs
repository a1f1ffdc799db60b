//! Lists in Rust: macros and functions of the language as iterators.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Form, ItemForm, Leaf, is_copy};
use super::expr::{copied, copy, expr, hold, materialise, negated, number};
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
    let leaf = list.leaf;
    let tokens = list.atom();
    let iter = |tokens: TokenStream, item: ItemForm| Code { tokens, form: Form::Iter(item), leaf, compound: false };
    match list.form {
        Form::Iter(_) => list,
        Form::Value => iter(quote! { #tokens.into_iter() }, ItemForm::Value),
        Form::Place | Form::Ref if is_copy(&item, leaf) => iter(quote! { #tokens.iter().copied() }, ItemForm::Value),
        Form::Place | Form::Ref => iter(quote! { #tokens.iter() }, ItemForm::Ref),
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

/// Lists that are held in different ways as vectors of one type: of items that Rust copies or that are
/// texts of their own, else of references to items.
pub fn unify(codes: Vec<Code>, item: &Ty) -> Vec<Code> {
    let any = |leaf: Leaf| codes.iter().any(|code| code.leaf == leaf);
    let all_borrowed = codes.iter().all(|code| code.leaf == Leaf::Borrowed);
    let leaf = match item.kind {
        TyKind::Str if any(Leaf::Owned) => Leaf::Owned,
        TyKind::Str if any(Leaf::Borrowed) => Leaf::Borrowed,
        TyKind::Double if !all_borrowed => Leaf::Owned,
        _ => codes.first().map_or(Leaf::Literal, |code| code.leaf),
    };
    let as_vector = |code: Code| {
        let tokens = code.atom();
        let is_array = syn::parse2::<syn::ExprArray>(code.tokens.clone()).is_ok();
        let is_reference = code.form != Form::Value;
        let held = hold(Code::value(quote! { value }, code.leaf), item, leaf).tokens;
        let made = if !item.is_scalar() && !is_copy(item, leaf) {
            match (is_reference, is_array) {
                (true, _) => quote! { #tokens.iter().collect::<Vec<_>>() },
                (false, true) => quote! { vec!#tokens },
                (false, false) => tokens,
            }
        } else if held.to_string() != "value" {
            match is_reference {
                true if is_copy(item, code.leaf) => quote! { #tokens.iter().map(|&value| #held).collect::<Vec<_>>() },
                true => quote! { #tokens.iter().map(|value| #held).collect::<Vec<_>>() },
                false => quote! { #tokens.into_iter().map(|value| #held).collect::<Vec<_>>() },
            }
        } else {
            match (is_reference, is_array) {
                (true, _) => quote! { #tokens.to_vec() },
                (false, true) => quote! { vec!#tokens },
                (false, false) => tokens,
            }
        };
        Code { tokens: made, form: Form::Value, leaf, compound: code.compound }
    };
    codes.into_iter().map(as_vector).collect()
}

/// The code of a loop or closure variable over an iterator's items. `behind` says that the closure
/// gets a reference to the item (`filter`).
fn variable(name: &str, iter: &Code, item: &Ty, behind: bool) -> (TokenStream, Code) {
    let ident = ident(name);
    let by_value = iter.form == Form::Iter(ItemForm::Value);
    let leaf = iter.leaf;
    if by_value && is_copy(item, leaf) {
        let pattern = if behind {
            quote! { &#ident }
        } else {
            quote! { #ident }
        };
        return (pattern, Code::value(quote! { #ident }, leaf));
    }
    let code = if by_value && !behind {
        Code::place(quote! { #ident }, leaf)
    } else {
        Code::reference(quote! { #ident }, leaf)
    };
    (quote! { #ident }, code)
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
            let leaf = code.leaf;
            let (result, form) = result_of(code, &body.ty, by_value && !is_copy(&item, iter.leaf));
            // `map(x, x)` changes nothing.
            if result.to_string() == pattern.to_string() {
                return iter;
            }
            Code { tokens: quote! { #tokens.map(|#pattern| #result) }, form: Form::Iter(form), leaf, compound: false }
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

/// What a `map` gives for one item: a copy, a reference, or a value of its own.
fn result_of(code: Code, ty: &Ty, from_temporary: bool) -> (TokenStream, ItemForm) {
    if is_copy(ty, code.leaf) {
        return (copy(code).tokens, ItemForm::Value);
    }
    match (code.form, from_temporary) {
        (Form::Value, _) => (code.tokens, ItemForm::Value),
        (_, true) => {
            let tokens = code.atom();
            (quote! { #tokens.clone() }, ItemForm::Value)
        }
        _ => (code.borrowed(), ItemForm::Ref),
    }
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
    let leaf = body_code.leaf;
    match op {
        MacroOp::Map => {
            let (result, _) = result_of(body_code, &body.ty, by_value && !is_copy(item, iter.leaf));
            let list =
                quote! { { let mut list = Vec::new(); for #pattern in #tokens { #filter list.push(#result); } list } };
            Code { tokens: list, form: Form::Value, leaf, compound: true }
        }
        MacroOp::Filter => {
            let test = copy(body_code).tokens;
            let list = quote! { { let mut list = Vec::new(); for #pattern in #tokens { if #test { list.push(#pattern); } } list } };
            Code { tokens: list, form: Form::Value, leaf: iter.leaf, compound: true }
        }
        MacroOp::All => {
            let test = copy(body_code).atom();
            let tokens =
                quote! { { let mut all = true; for #pattern in #tokens { if !#test { all = false; break; } } all } };
            Code { tokens, form: Form::Value, leaf: Leaf::Literal, compound: true }
        }
        MacroOp::Exists => {
            let test = copy(body_code).tokens;
            let tokens =
                quote! { { let mut any = false; for #pattern in #tokens { if #test { any = true; break; } } any } };
            Code { tokens, form: Form::Value, leaf: Leaf::Literal, compound: true }
        }
        MacroOp::ExistsOne => {
            let test = copy(body_code).tokens;
            let tokens =
                quote! { { let mut count = 0; for #pattern in #tokens { if #test { count += 1; } } count == 1 } };
            Code { tokens, form: Form::Value, leaf: Leaf::Literal, compound: true }
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
    Code {
        tokens: quote! { #tokens.flat_map(|#pattern| #inside) },
        form: inner.form,
        leaf: inner.leaf,
        compound: false,
    }
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
        let copied = is_copy(&item, leaf).then(|| quote! { .copied() });
        return Code::value(quote! { #tokens.#method() #copied }, leaf);
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
            let (copied, form) = match iter.form {
                Form::Iter(ItemForm::Value) => (None, ItemForm::Value),
                _ if is_copy(&inner, leaf) => (Some(quote! { .copied() }), ItemForm::Value),
                _ => (None, ItemForm::Ref),
            };
            Code { tokens: quote! { #tokens.flatten() #copied }, form: Form::Iter(form), leaf, compound: false }
        }
        Distinct => {
            let items = collect(tokens.clone(), quote! { collect() });
            Code::value(quote! { list::distinct(#items) }, leaf)
        }
        First => Code::value(quote! { #tokens.next() }, leaf),
        Last => Code::value(quote! { #tokens.next_back() }, leaf),
        Reverse => Code { tokens: quote! { #tokens.rev() }, ..iter },
        _ => iter,
    }
}
