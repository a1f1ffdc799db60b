//! Functions of the language in Rust.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Form, ItemForm, Leaf, is_copy};
use super::expr::{copied, expr, number};
use super::held::{as_option, inside, materialise, unify};
use super::lists::{collect, item_of, iterate, of_items, variable};
use super::names::ident;
use super::scope::Scope;
use super::types::Types;
use crate::plan::fails::fallible;
use crate::plan::ir::{Function, MacroOp, Native, TExpr, TKind};
use crate::plan::ty::{Ty, TyKind};

/// A function of the language.
pub fn function(types: &Types, scope: &mut Scope, function: Function, args: &[TExpr]) -> Code {
    use Function::*;
    let first = &args[0];
    let bool_value = |tokens: TokenStream| Code::value(tokens, Leaf::Literal);
    let owned = |tokens: TokenStream| Code::value(tokens, Leaf::Owned);
    let text = |scope: &mut Scope, at: usize| expr(types, scope, &args[at]).borrowed();
    match function {
        Native(native) => self::native(types, scope, native, args),
        Part(part) => {
            let target = copied(types, scope, first).atom();
            let part = ident(part);
            let offset = match args.get(1) {
                Some(zone) => {
                    let written = matches!(zone.kind, TKind::Str(_));
                    let zone = expr(types, scope, zone);
                    let zone = if written { zone.tokens } else { zone.borrowed() };
                    quote! { time::offset(#zone)? }
                }
                None => quote! { time::UTC },
            };
            owned(quote! { #target.#part(#offset) })
        }
        Value => {
            let option = as_option(&first.ty, expr(types, scope, first));
            let tokens = option.atom();
            inside(&option, first.ty.present(), quote! { #tokens.ok_or(EvalError::ABSENT)? })
        }
        Or => either(types, scope, args),
        Matches => {
            let a = text(scope, 0);
            let TKind::Str(pattern) = &args[1].kind else { return bool_value(quote! { false }) };
            bool_value(quote! { text::matches(#a, { static PATTERN: Pattern = Pattern::new(#pattern); &PATTERN }) })
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
        DoubleOfInt if matches!(first.kind, TKind::Int(_)) => {
            let kind = TKind::Widen(Box::new(first.clone()));
            expr(types, scope, &TExpr { ty: Ty::new(TyKind::Double), kind, span: first.span })
        }
        DoubleOfInt => {
            let a = copied(types, scope, first).atom();
            owned(quote! { #a as f64 }).compound()
        }
        TextOfShown => {
            let a = copied(types, scope, first).atom();
            owned(quote! { #a.to_string() })
        }
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
        && !fallible(body)
    {
        return flat_map(types, scope, list, name, body);
    }
    // What the items become does not change how many there are.
    if let (SizeList, TKind::Macro { op: MacroOp::Map, list, variable: name, filter, body }) = (function, &first.kind)
        && !fallible(body)
    {
        let counted = match filter {
            None => list.as_ref().clone(),
            Some(filter) => {
                let (ty, list, variable, body) = (list.ty.clone(), list.clone(), name.clone(), filter.clone());
                let kind = TKind::Macro { op: MacroOp::Filter, list, variable, filter: None, body };
                TExpr { ty, kind, span: first.span }
            }
        };
        return self::function(types, scope, SizeList, &[counted]);
    }
    match function {
        Keys => return keys(types, scope, first),
        Present => return present(types, scope, first),
        Concat => return concat(types, scope, args),
        _ => {}
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
            let numbers = numbers(tokens, leaf);
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
        Distinct if matches!(item.kind, TyKind::Double) => {
            let numbers = numbers(tokens, leaf);
            Code::value(quote! { list::distinct_doubles(#numbers) }, Leaf::Owned)
        }
        Distinct => Code::value(quote! { list::distinct(#tokens) }, leaf).with_refs(iter.refs),
        Sort => Code::value(quote! { list::sorted(#tokens, compare) }, leaf).with_refs(iter.refs),
        Slice => {
            let (start, end) = (number(types, scope, &args[1]), number(types, scope, &args[2]));
            let items = collect(tokens.clone(), quote! { collect() });
            Code::value(quote! { list::slice(#items, #start, #end)? }, leaf).with_refs(iter.refs)
        }
        Take => {
            let count = number(types, scope, &args[1]);
            let tokens = quote! { #tokens.take(list::count(#count)) };
            Code { tokens, ..iter }
        }
        First => Code::value(quote! { #tokens.next() }, leaf).with_refs(iter.refs),
        Last => Code::value(quote! { #tokens.next_back() }, leaf).with_refs(iter.refs),
        Reverse => Code { tokens: quote! { #tokens.rev() }, ..iter },
        _ => iter,
    }
}

/// A function of the runtime, or a method of the first argument.
fn native(types: &Types, scope: &mut Scope, native: Native, args: &[TExpr]) -> Code {
    let values: Vec<TokenStream> = args
        .iter()
        .enumerate()
        .map(|(at, arg)| match arg.ty.kind {
            TyKind::Int | TyKind::Double => number(types, scope, arg),
            TyKind::Timestamp | TyKind::Duration if at == 0 && native.path.starts_with('.') => {
                copied(types, scope, arg).atom()
            }
            TyKind::Timestamp | TyKind::Duration => copied(types, scope, arg).tokens,
            // A text that is written out is a reference.
            _ if matches!(arg.kind, TKind::Str(_)) => expr(types, scope, arg).tokens,
            _ => expr(types, scope, arg).borrowed(),
        })
        .collect();
    let tokens = match (native.path.strip_prefix('.'), values.as_slice()) {
        (Some(method), [first, rest @ ..]) => {
            let method = ident(method);
            quote! { #first.#method(#(#rest),*) }
        }
        _ => {
            let path: TokenStream = native.path.parse().unwrap_or_default();
            quote! { #path(#(#values),*) }
        }
    };
    let tokens = if native.fails {
        quote! { #tokens? }
    } else {
        tokens
    };
    Code::value(tokens, Leaf::Owned)
}

/// `a.or(b)` of optional values.
fn either(types: &Types, scope: &mut Scope, args: &[TExpr]) -> Code {
    let codes = args.iter().map(|arg| {
        let code = materialise(expr(types, scope, arg));
        as_option(&arg.ty, code)
    });
    let codes = unify(codes.collect(), &args[0].ty);
    let (first, second) = (codes[0].atom(), &codes[1].tokens);
    let tokens = match fallible(&args[1]) {
        true => quote! { match #first { Some(value) => Some(value), None => #second } },
        false => quote! { #first.or_else(|| #second) },
    };
    Code::value(tokens, codes[0].leaf).with_refs(codes[0].refs)
}

/// Doubles of an iterator over numbers.
fn numbers(tokens: &TokenStream, leaf: Leaf) -> TokenStream {
    match leaf {
        Leaf::Borrowed => quote! { #tokens.map(|value| value.get()) },
        _ => quote! { #tokens },
    }
}

/// The keys of a map.
fn keys(types: &Types, scope: &mut Scope, map: &TExpr) -> Code {
    let code = expr(types, scope, map);
    let tokens = code.atom();
    let of_body = matches!(map.ty.kind, TyKind::Map(_));
    let leaf = if of_body { Leaf::Borrowed } else { Leaf::Owned };
    let copies = of_body || !matches!(&map.ty.kind, TyKind::Table(key, _) if matches!(key.kind, TyKind::Str));
    if code.form == Form::Value {
        let form = Form::Iter(ItemForm::Value);
        return Code { form, ..Code::value(quote! { #tokens.into_keys() }, leaf) };
    }
    match copies {
        true => Code { form: Form::Iter(ItemForm::Value), ..Code::value(quote! { #tokens.keys().copied() }, leaf) },
        false => of_items(quote! { #tokens.keys() }, 1, leaf),
    }
}

/// The items that are there, of a list of optional ones.
fn present(types: &Types, scope: &mut Scope, list: &TExpr) -> Code {
    let optional = item_of(&list.ty);
    match &list.kind {
        TKind::List(items) => {
            let codes = items.iter().map(|item| {
                let code = materialise(expr(types, scope, item));
                as_option(&item.ty, code)
            });
            let codes = unify(codes.collect(), &optional);
            let (leaf, refs) = codes.first().map_or((Leaf::Literal, 0), |code| (code.leaf, code.refs));
            let items = codes.iter().map(|code| &code.tokens);
            of_items(quote! { [#(#items),*].into_iter().flatten() }, refs, leaf)
        }
        TKind::Macro { op: MacroOp::Map, list, variable: name, filter: None, body } if !fallible(body) => {
            let item = item_of(&list.ty);
            let code = expr(types, scope, list);
            let iter = iterate(&list.ty, code);
            let rust = scope.bind_name(name);
            let (pattern, var) = variable(&rust, &iter, &item, false);
            let by_value = iter.form == Form::Iter(ItemForm::Value) && !is_copy(&item, iter.leaf);
            let code = scope.with_local(name, var, |scope| materialise(expr(types, scope, body)));
            let code = match by_value && code.form != Form::Value {
                true => super::held::own(code.clone(), &body.ty, code.leaf),
                false => as_option(&body.ty, code),
            };
            let (tokens, body) = (&iter.tokens, &code.tokens);
            of_items(quote! { #tokens.filter_map(|#pattern| #body) }, code.refs, code.leaf)
        }
        _ => {
            let code = expr(types, scope, list);
            let iter = iterate(&list.ty, code);
            let tokens = &iter.tokens;
            let copies = is_copy(&optional, iter.leaf);
            match iter.form {
                Form::Iter(ItemForm::Value) if copies => of_items(quote! { #tokens.flatten() }, 0, iter.leaf),
                Form::Iter(ItemForm::Value) => {
                    of_items(quote! { #tokens.flatten() }, iter.refs.saturating_sub(1), iter.leaf)
                }
                _ => of_items(quote! { #tokens.flatten() }, 1, iter.leaf),
            }
        }
    }
}

/// `list + list`
fn concat(types: &Types, scope: &mut Scope, args: &[TExpr]) -> Code {
    let ty = &args[0].ty;
    let codes = args.iter().map(|arg| materialise(expr(types, scope, arg))).collect();
    let codes: Vec<Code> = unify(codes, ty).into_iter().map(|code| iterate(ty, code)).collect();
    let (first, second) = (&codes[0], &codes[1]);
    // Lists that are held alike give items that are.
    let (a, b) = (uncollected(&first.tokens), iterable(uncollected(&second.tokens)));
    Code { tokens: quote! { #a.chain(#b) }, compound: false, ..first.clone() }
}

/// `items` of `items.into_iter()`, where anything that can be iterated over is taken.
fn iterable(tokens: TokenStream) -> TokenStream {
    match syn::parse2(tokens.clone()) {
        Ok(syn::Expr::MethodCall(call)) if call.method == "into_iter" => {
            let items = &call.receiver;
            quote! { #items }
        }
        _ => tokens,
    }
}

/// `items` of `items.collect::<Vec<_>>().into_iter()`.
fn uncollected(tokens: &TokenStream) -> TokenStream {
    if let Ok(syn::Expr::MethodCall(again)) = syn::parse2(tokens.clone())
        && again.method == "into_iter"
        && let syn::Expr::MethodCall(collect) = &*again.receiver
        && collect.method == "collect"
    {
        let items = &collect.receiver;
        return quote! { #items };
    }
    tokens.clone()
}
