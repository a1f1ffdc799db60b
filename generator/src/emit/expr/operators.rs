//! Operators in Rust.

use proc_macro2::TokenStream;
use quote::quote;

use super::{copied, expr, number};
use crate::emit::code::{Code, Form, ItemForm, Leaf};
use crate::emit::held::{copy, hold, materialise, own, unify};
use crate::emit::lists;
use crate::emit::names::ident;
use crate::emit::scope::Scope;
use crate::emit::types::Types;
use crate::expr::ast::BinaryOp;
use crate::plan::fails::{fallible, waits};
use crate::plan::ir::{Function, TExpr, TKind};
use crate::plan::ty::{Ty, TyKind};

/// `!x`, with a comparison turned round rather than negated.
pub fn negated(types: &Types, scope: &mut Scope, e: &TExpr) -> TokenStream {
    let opposite = match &e.kind {
        TKind::Binary { op, left, right } => match (op, &left.ty.kind) {
            (BinaryOp::Eq, _) => Some(BinaryOp::Ne),
            (BinaryOp::Ne, _) => Some(BinaryOp::Eq),
            // NaN is neither less nor not less.
            _ if [left, right].iter().any(|side| matches!(side.ty.kind, TyKind::Double)) => None,
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
    match &e.kind {
        TKind::Not(inner) => copied(types, scope, inner).tokens,
        TKind::HasValue(value) => has_value(types, scope, value, false).tokens,
        _ => {
            let value = copied(types, scope, e).atom();
            quote! { !#value }
        }
    }
}

fn is_empty_text(e: &TExpr) -> bool {
    matches!(&e.kind, TKind::Str(text) if text.is_empty())
}

/// `x.hasValue()`, or the opposite.
pub(super) fn has_value(types: &Types, scope: &mut Scope, value: &TExpr, wanted: bool) -> Code {
    if let TKind::Function(Function::First | Function::Last, args) = &value.kind {
        let list = expr(types, scope, &args[0]);
        if matches!(list.form, Form::Place | Form::Ref) {
            let list = list.atom();
            return match wanted {
                true => Code::value(quote! { !#list.is_empty() }, Leaf::Literal).compound(),
                false => Code::value(quote! { #list.is_empty() }, Leaf::Literal),
            };
        }
    }
    let value = expr(types, scope, value).atom();
    let value = match syn::parse2::<syn::Expr>(value.clone()) {
        Ok(syn::Expr::MethodCall(lent)) if lent.method == "as_deref" => {
            let option = &lent.receiver;
            quote! { #option }
        }
        _ => value,
    };
    match wanted {
        true => Code::value(quote! { #value.is_some() }, Leaf::Literal),
        false => Code::value(quote! { #value.is_none() }, Leaf::Literal),
    }
}

pub(super) fn binary(types: &Types, scope: &mut Scope, op: BinaryOp, left: &TExpr, right: &TExpr) -> Code {
    let both =
        |types: &Types, scope: &mut Scope| (copied(types, scope, left).atom(), copied(types, scope, right).atom());
    let made = |tokens: TokenStream| Code::value(tokens, Leaf::Literal).compound();
    match op {
        BinaryOp::And | BinaryOp::Or if fallible(left) && !waits(left) && !waits(right) => {
            // As in CEL, the side that decides counts, whatever fails in the other.
            let (l, r) = (copied(types, scope, left).tokens, copied(types, scope, right).tokens);
            let (l, r) = (lists::as_result(l), lists::as_result(r));
            let function = ident(if op == BinaryOp::And { "and" } else { "or" });
            Code::value(quote! { logic::#function(|| #l, || #r)? }, Leaf::Literal)
        }
        BinaryOp::And => {
            let (l, r) = both(types, scope);
            made(quote! { #l && #r })
        }
        BinaryOp::Or => {
            let (l, r) = both(types, scope);
            made(quote! { #l || #r })
        }
        _ if is_mixed(op, left, right) => mixed(types, scope, op, left, right),
        BinaryOp::Eq | BinaryOp::Ne
            if !left.ty.is_scalar() && !matches!(left.ty.kind, TyKind::Timestamp | TyKind::Duration) =>
        {
            let empty = |side: &TExpr| match &side.kind {
                TKind::List(items) => items.is_empty(),
                TKind::Table(entries) => entries.is_empty(),
                _ => false,
            };
            if let Some(other) = [(left, right), (right, left)].iter().find(|(side, _)| empty(side)).map(|pair| pair.1)
            {
                let code = materialise(expr(types, scope, other)).atom();
                return match op {
                    _ if empty(other) => Code::value(
                        if op == BinaryOp::Eq {
                            quote! { true }
                        } else {
                            quote! { false }
                        },
                        Leaf::Literal,
                    ),
                    BinaryOp::Eq => Code::value(quote! { #code.is_empty() }, Leaf::Literal),
                    _ => made(quote! { !#code.is_empty() }),
                };
            }
            let (l, r) = alike(types, scope, left, right);
            if op == BinaryOp::Eq { made(quote! { #l == #r }) } else { made(quote! { #l != #r }) }
        }
        BinaryOp::Eq | BinaryOp::Ne if is_empty_text(left) != is_empty_text(right) => {
            let text = copied(types, scope, if is_empty_text(left) { right } else { left }).atom();
            match op {
                BinaryOp::Eq => Code::value(quote! { #text.is_empty() }, Leaf::Literal),
                _ => made(quote! { !#text.is_empty() }),
            }
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
                    let any = |leaf: Leaf| codes.iter().any(|code| code.leaf == leaf);
                    let mixed = any(Leaf::Owned) && any(Leaf::Literal);
                    let alike = mixed || any(Leaf::Owned) && any(Leaf::Borrowed);
                    let codes = if alike { codes } else { unify(codes, &left.ty) };
                    // A text of its own is compared with others as it is.
                    let mut codes = codes.into_iter().map(|code| match (code.leaf, code.form) {
                        (Leaf::Owned, form) if mixed || alike && form == Form::Ref => {
                            let text = code.atom();
                            quote! { #text.as_str() }
                        }
                        (Leaf::Borrowed, _) if alike => copy(code).atom(),
                        _ => code.atom(),
                    });
                    (codes.next().unwrap_or_default(), codes.next().unwrap_or_default())
                }
                TyKind::Double => (number(types, scope, left), number(types, scope, right)),
                TyKind::Bytes => alike(types, scope, left, right),
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

/// Whether an integer is compared with a double.
fn is_mixed(op: BinaryOp, left: &TExpr, right: &TExpr) -> bool {
    use BinaryOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq | Ne | Lt | Le | Gt | Ge)
        && matches!((&left.ty.kind, &right.ty.kind), (TyKind::Int, TyKind::Double) | (TyKind::Double, TyKind::Int))
}

/// An integer beside a double: by their exact values.
fn mixed(types: &Types, scope: &mut Scope, op: BinaryOp, left: &TExpr, right: &TExpr) -> Code {
    let swapped = matches!(left.ty.kind, TyKind::Double);
    let (int, double) = if swapped { (right, left) } else { (left, right) };
    let (int, double) = (number(types, scope, int), number(types, scope, double));
    let function = ident(match (op, swapped) {
        (BinaryOp::Eq | BinaryOp::Ne, _) => "eq_mixed",
        (BinaryOp::Lt, false) | (BinaryOp::Gt, true) => "lt_mixed",
        (BinaryOp::Le, false) | (BinaryOp::Ge, true) => "le_mixed",
        (BinaryOp::Gt, false) | (BinaryOp::Lt, true) => "gt_mixed",
        _ => "ge_mixed",
    });
    match op {
        BinaryOp::Ne => Code::value(quote! { !num::#function(#int, #double) }, Leaf::Literal).compound(),
        _ => Code::value(quote! { num::#function(#int, #double) }, Leaf::Literal),
    }
}

/// Both sides of a comparison of lists, maps, optional values or bytes, held alike.
fn alike(types: &Types, scope: &mut Scope, left: &TExpr, right: &TExpr) -> (TokenStream, TokenStream) {
    let ty = &left.ty;
    let codes: Vec<Code> = [left, right].iter().map(|side| materialise(expr(types, scope, side))).collect();
    // Texts are compared however they are held, in lists of values as well.
    if is_plain_list(ty) && codes.iter().all(|code| code.refs == 0) {
        let mut codes = codes.into_iter().map(copy);
        let (left, right) = (codes.next(), codes.next());
        let array = |code: &Option<Code>| {
            code.as_ref().is_some_and(|c| syn::parse2::<syn::ExprArray>(c.tokens.clone()).is_ok())
        };
        let atom = |code: &Option<Code>| code.as_ref().map(Code::atom).unwrap_or_default();
        let (l, r) = (atom(&left), atom(&right));
        return match (array(&left), array(&right)) {
            (true, true) => (quote! { Vec::from(#l) }, r),
            (true, false) => (r, l),
            _ => (l, r),
        };
    }
    let same = codes[0].leaf == codes[1].leaf && codes[0].form != Form::Value && codes[1].form != Form::Value;
    let mut codes = codes.into_iter().map(|code| match same && code.refs == 0 && !holds_double(ty) {
        true => copy(code),
        // Of their own, and numbers by value: one Rust type on both sides.
        false => own(code, ty, Leaf::Owned),
    });
    let (left, right) = (codes.next(), codes.next());
    let atom = |code: Option<Code>| code.map(|code| code.atom()).unwrap_or_default();
    let (left, right) = (atom(left), atom(right));
    // A list that is written out need not become a vector to be compared with one.
    match (written(&left), written(&right)) {
        (_, Some(array)) => (left, array),
        (Some(array), None) => (right, array),
        (None, None) => (left, right),
    }
}

/// The array of `Vec::from([...])`.
fn written(list: &TokenStream) -> Option<TokenStream> {
    let Ok(syn::Expr::Call(call)) = syn::parse2::<syn::Expr>(list.clone()) else { return None };
    let function = &call.func;
    let array = call.args.first().filter(|arg| matches!(arg, syn::Expr::Array(_)))?;
    (quote! { #function }.to_string() == "Vec :: from").then(|| quote! { #array })
}

/// Lists of texts, integers and booleans, at any depth.
fn is_plain_list(ty: &Ty) -> bool {
    match &ty.kind {
        TyKind::List(item) => is_plain_list(item) || matches!(item.kind, TyKind::Bool | TyKind::Int | TyKind::Str),
        _ => false,
    }
}

fn holds_double(ty: &Ty) -> bool {
    match &ty.kind {
        TyKind::List(inner) | TyKind::Table(_, inner) | TyKind::Optional(inner) | TyKind::Nullable(inner) => {
            holds_double(inner)
        }
        kind => matches!(kind, TyKind::Double),
    }
}

/// A constant that stands as itself.
fn is_written(item: &TExpr) -> bool {
    match &item.kind {
        TKind::Widen(inner) => matches!(inner.kind, TKind::Int(_)),
        kind => matches!(kind, TKind::Str(_) | TKind::Int(_) | TKind::Double(_) | TKind::Bool(_)),
    }
}

fn contains(types: &Types, scope: &mut Scope, left: &TExpr, right: &TExpr) -> Code {
    let needle = copied(types, scope, left);
    if let TKind::List(items) = &right.kind
        && items.iter().all(is_written)
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
    let is_number = matches!(left.ty.kind, TyKind::Double) && needle.leaf == Leaf::Borrowed;
    let needle = needle.atom();
    let haystack = expr(types, scope, right);
    match &right.ty.kind {
        TyKind::List(_) => {
            let items = lists::iterate(&right.ty, haystack);
            let (iter, item) = (
                items.tokens,
                if items.form == Form::Iter(ItemForm::Ref) {
                    quote! { *candidate }
                } else {
                    quote! { candidate }
                },
            );
            // A number of a body is compared with what is computed, and not the other way round.
            let turned = is_number && items.leaf != Leaf::Borrowed;
            let test = |needle: TokenStream| match turned {
                true => quote! { #needle == #item },
                false => quote! { #item == #needle },
            };
            if fallible(left) {
                let test = test(quote! { needle });
                let tokens = quote! { { let needle = #needle; #iter.any(|candidate| #test) } };
                return Code::value(tokens, Leaf::Literal).compound();
            }
            let test = test(needle);
            Code::value(quote! { #iter.any(|candidate| #test) }, Leaf::Literal)
        }
        _ => {
            let key = match &right.ty.kind {
                TyKind::Table(key, _) if matches!(key.kind, TyKind::Str) => {
                    let key = expr(types, scope, left);
                    let key = super::members::text_key(key, &left.ty);
                    let haystack = haystack.atom();
                    return Code::value(quote! { #haystack.get(#key).is_some() }, Leaf::Literal);
                }
                TyKind::Table(..) => {
                    let haystack = haystack.atom();
                    return Code::value(quote! { #haystack.get(#needle).is_some() }, Leaf::Literal);
                }
                _ => hold(expr(types, scope, left), &left.ty, Leaf::Borrowed),
            };
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
    // Beside nothing but empty texts, it is itself.
    let dynamic: Vec<&&TExpr> =
        all.iter().filter(|part| !matches!(&part.kind, TKind::Str(text) if text.is_empty())).collect();
    if let [only] = dynamic.as_slice() {
        return own(materialise(expr(types, scope, only)), &only.ty, Leaf::Owned);
    }
    let mut template = String::new();
    let mut args = Vec::new();
    for part in all {
        match &part.kind {
            TKind::Str(text) => template.push_str(&text.replace('{', "{{").replace('}', "}}")),
            _ => {
                // What a template shows need not be a text before.
                let shown = match &part.kind {
                    TKind::Function(Function::TextOfShown, args) => &args[0],
                    _ => part,
                };
                let code = expr(types, scope, shown);
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
