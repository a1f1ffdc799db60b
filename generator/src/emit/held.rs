//! How values are held, and one way of it for several values that meet.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Form, ItemForm, Leaf, is_copy};
use super::lists::iterate;
use crate::plan::ty::{Ty, TyKind};

/// Dereferences a reference to something that is copied.
pub fn copy(code: Code) -> Code {
    match code.form {
        Form::Ref => {
            let tokens = code.atom();
            Code { tokens: quote! { *#tokens }, form: Form::Value, compound: true, ..code }
        }
        _ => code,
    }
}

/// An iterator as the list that it makes.
pub fn materialise(code: Code) -> Code {
    match code.form {
        Form::Iter(_) => {
            let tokens = code.atom();
            let list = super::lists::collect(tokens, quote! { collect::<Vec<_>>() });
            Code::value(list, code.leaf).with_refs(code.refs)
        }
        _ => code,
    }
}

/// A list written out as a vector; anything else as it is.
fn vector(code: Code) -> Code {
    if code.tokens.to_string() == "[]" {
        return Code { tokens: quote! { Vec::new() }, ..code };
    }
    let Ok(array) = syn::parse2::<syn::ExprArray>(code.tokens.clone()) else { return code };
    Code { tokens: quote! { Vec::from(#array) }, ..code }
}

/// `[]`, and an empty list that says of what: alone, it is of no type that Rust could find.
fn is_empty_list(code: &Code) -> bool {
    let text = code.tokens.to_string();
    text == "[]" || text.starts_with("Vec :: <") && text.ends_with("> :: new ()") && text.matches("::").count() == 2
}

/// Something empty without a type of its own, among values with references so deep.
fn neutral(code: Code, refs: u8) -> Code {
    let tokens = match &code.tokens {
        _ if is_empty_list(&code) => quote! { Vec::new() },
        null if refs == 1 && null.to_string() == "Some (Nullable :: Null)" => quote! { Some(&Nullable::Null) },
        _ => return code,
    };
    Code { tokens, ..code }
}

/// `null`, `[]`, `{}` and nothing are of any type that they meet.
fn is_neutral(code: &Code) -> bool {
    let text = code.tokens.to_string();
    let neutral = [
        quote! { Nullable::Null },
        quote! { Some(Nullable::Null) },
        quote! { None },
        quote! { table::empty() },
        quote! { Map::default() },
    ];
    is_empty_list(code) || wraps_empty(code) || neutral.iter().any(|tokens| tokens.to_string() == text)
}

/// What is empty, as a value that may be absent or null.
fn wraps_empty(code: &Code) -> bool {
    let text = code.tokens.to_string();
    [quote! { Vec::new() }, quote! { table::empty() }, quote! { Map::default() }].iter().any(|empty| {
        let wrapped =
            [quote! { Some(#empty) }, quote! { Nullable::Value(#empty) }, quote! { Some(Nullable::Value(#empty)) }];
        wrapped.iter().any(|tokens| tokens.to_string() == text)
    })
}

/// An optional value as `Option<&T>`, or `Option<T>` where `T` is copied or a value of its own.
pub fn as_option(ty: &Ty, code: Code) -> Code {
    if is_copy(ty.present(), code.leaf) {
        return copy(code);
    }
    let tokens = code.atom();
    match (code.form, code.refs) {
        (Form::Place, 1) => Code { form: Form::Value, ..code },
        (Form::Ref, 1) => copy(code),
        (Form::Place | Form::Ref, 0) => Code::value(quote! { #tokens.as_ref() }, code.leaf).with_refs(1),
        (Form::Place | Form::Ref, refs) => Code::value(quote! { #tokens.clone() }, code.leaf).with_refs(refs),
        _ => code,
    }
}

/// A nullable value as `Option<&T>`, or `Option<T>` where `T` is a value of its own.
pub fn nullable_as_option(code: Code) -> Code {
    let tokens = code.atom();
    let (option, refs) = match (code.form, code.refs) {
        (Form::Place | Form::Ref, 0) => (quote! { #tokens.as_option() }, 1),
        (Form::Place | Form::Ref, 1) => (quote! { #tokens.as_option().copied() }, 1),
        (Form::Place | Form::Ref, refs) => (quote! { #tokens.clone().into_option() }, refs),
        (_, refs) => (quote! { #tokens.into_option() }, refs),
    };
    Code::value(option, code.leaf).with_refs(refs)
}

/// What is in an option, where it stands as a variable.
pub fn inside(option: &Code, inner: &Ty, name: TokenStream) -> Code {
    match option.refs {
        1 => Code::reference(name, option.leaf),
        _ if is_copy(inner, option.leaf) => Code::value(name, option.leaf),
        refs => Code::place(name, option.leaf).with_refs(refs.saturating_sub(1)),
    }
}

/// What stands in a container of its own (`Some(x)`): a copy, a value, or a reference.
pub fn item(code: Code, ty: &Ty) -> Code {
    let code = materialise(code);
    if is_copy(ty, code.leaf) {
        return copy(code).with_refs(0);
    }
    let code = if code.slice { own(code.clone(), ty, code.leaf) } else { code };
    match (code.form, code.refs) {
        (Form::Value, _) => {
            let refs = code.refs_around();
            vector(code).with_refs(refs)
        }
        (_, 0) => Code::value(code.borrowed(), code.leaf).with_refs(1),
        (_, _) => {
            let (tokens, refs) = (code.atom(), code.refs_around());
            Code::value(quote! { #tokens.clone() }, code.leaf).with_refs(refs)
        }
    }
}

/// Changes how texts and numbers of a scalar are held, optional and nullable ones among them.
pub fn hold(code: Code, ty: &Ty, leaf: Leaf) -> Code {
    if code.leaf == leaf || matches!(ty.kind, TyKind::Bool | TyKind::Int | TyKind::Timestamp | TyKind::Duration) {
        return code;
    }
    match (&ty.kind, code.leaf, leaf) {
        (TyKind::Str, Leaf::Literal, Leaf::Borrowed) => {
            let text = code.atom();
            Code::value(quote! { Str::plain(#text) }, leaf)
        }
        (TyKind::Str, Leaf::Owned, Leaf::Borrowed) => {
            let text = match code.form {
                Form::Ref => {
                    let text = code.atom();
                    quote! { #text.as_str() }
                }
                _ => code.borrowed(),
            };
            Code::value(quote! { Str::plain(#text) }, leaf)
        }
        (TyKind::Str, _, Leaf::Owned) => {
            let text = code.atom();
            Code::value(quote! { #text.to_string() }, leaf)
        }
        (TyKind::Double, _, Leaf::Borrowed) => {
            let value = code.atom();
            Code::value(quote! { Number::computed(#value) }, leaf)
        }
        (TyKind::Double, Leaf::Borrowed, _) => {
            let value = code.atom();
            Code::value(quote! { #value.get() }, leaf)
        }
        (TyKind::Optional(inner) | TyKind::Nullable(inner), ..) if inner.bare().is_scalar() => {
            // A text of its own is lent: what is made of it may borrow it.
            let lent = code.leaf == Leaf::Owned && !is_copy(inner, code.leaf);
            let (value, form) = match (lent, code.refs) {
                (true, 0) => {
                    let value = code.atom();
                    (quote! { #value.as_ref() }, Form::Ref)
                }
                (true, _) => (copy(code.clone()).atom(), Form::Ref),
                (false, _) => (copy(code.clone()).atom(), Form::Value),
            };
            let inside = Code { form, ..Code::value(quote! { value }, code.leaf) };
            let item = hold(inside, inner, leaf).tokens;
            if item.to_string() == "value" {
                return code;
            }
            Code::value(quote! { #value.map(|value| #item) }, leaf)
        }
        _ => code,
    }
}

/// The scalar in lists, options and nullables.
fn scalar_of(ty: &Ty) -> Option<&TyKind> {
    match &ty.kind {
        TyKind::List(inner) | TyKind::Table(_, inner) | TyKind::Optional(inner) | TyKind::Nullable(inner) => {
            scalar_of(inner)
        }
        kind => ty.is_scalar().then_some(kind),
    }
}

/// How texts and numbers are held where all these meet.
fn common_leaf(codes: &[Code], ty: &Ty) -> Leaf {
    let any = |leaf: Leaf| codes.iter().any(|code| code.leaf == leaf);
    match scalar_of(ty) {
        Some(TyKind::Str) if any(Leaf::Owned) => Leaf::Owned,
        Some(TyKind::Str) if any(Leaf::Borrowed) => Leaf::Borrowed,
        Some(TyKind::Double) if codes.iter().any(|code| code.leaf != Leaf::Borrowed) => Leaf::Owned,
        _ => codes.first().map_or(Leaf::Literal, |code| code.leaf),
    }
}

/// Whether texts and numbers in the value must change to be held so.
pub fn changes(code: &Code, ty: &Ty, leaf: Leaf) -> bool {
    match scalar_of(ty) {
        Some(TyKind::Str) => code.leaf != leaf,
        // `f64` is one, whether it is a literal or computed.
        Some(TyKind::Double) => (code.leaf == Leaf::Borrowed) != (leaf == Leaf::Borrowed),
        _ => false,
    }
}

/// Makes several values alike, so that one Rust type holds them: all are places and references, or all are
/// values.
pub fn unify(codes: Vec<Code>, ty: &Ty) -> Vec<Code> {
    let (empty, others): (Vec<_>, Vec<_>) = codes.iter().cloned().partition(is_neutral);
    if empty.is_empty() || others.is_empty() {
        return alike(codes, ty);
    }
    let mut others = alike(others, ty);
    if empty.iter().any(wraps_empty) {
        others = others.into_iter().map(|code| own(code.clone(), ty, code.leaf)).collect();
    }
    if matches!(ty.kind, TyKind::List(_)) {
        others = others.into_iter().map(|code| list_of_its_own(code, ty)).collect();
        others = alike(others, ty);
    }
    let mut others = others.into_iter();
    let (leaf, refs) = others.as_slice().first().map_or((Leaf::Literal, 0), |code| (code.leaf, code.refs));
    let mut made = Vec::with_capacity(codes.len());
    for code in codes {
        if is_neutral(&code) {
            made.push(Code { leaf, ..neutral(code, refs).with_refs(refs) });
        } else if let Some(other) = others.next() {
            made.push(other);
        }
    }
    made
}

/// A list that is no place.
fn list_of_its_own(code: Code, ty: &Ty) -> Code {
    match of_references(code, ty) {
        code if code.form == Form::Value => code,
        code => own(code.clone(), ty, code.leaf),
    }
}

fn alike(codes: Vec<Code>, ty: &Ty) -> Vec<Code> {
    let leaf = common_leaf(&codes, ty);
    if is_copy(ty, leaf) {
        return codes.into_iter().map(|code| hold(copy(code), ty, leaf)).collect();
    }
    let alike = !codes.iter().any(|code| changes(code, ty, leaf));
    let slices = codes.first().is_some_and(|code| code.slice);
    let places =
        |codes: &[Code]| codes.iter().all(|code| code.form != Form::Value && code.refs == 0 && code.slice == slices);
    let values = |codes: &[Code]| {
        codes.iter().all(|code| code.form == Form::Value && code.refs == codes.first().map_or(0, |c| c.refs))
    };
    if alike && places(&codes) {
        return codes;
    }
    let mut codes: Vec<Code> = codes.into_iter().map(vector).collect();
    if alike && !values(&codes) {
        codes = codes.into_iter().map(|code| of_references(code, ty)).collect();
    }
    if alike && values(&codes) {
        return codes;
    }
    codes.into_iter().map(|code| own(code, ty, leaf)).collect()
}

/// A list, option or nullable that stands somewhere as one of references to what is in it.
fn of_references(code: Code, ty: &Ty) -> Code {
    if code.form == Form::Value {
        return code;
    }
    match &ty.kind {
        TyKind::List(item) if !is_copy(item, code.leaf) => materialise(iterate(ty, code)),
        TyKind::Optional(_) => as_option(ty, code),
        TyKind::Nullable(_) if code.refs == 0 => {
            let tokens = code.atom();
            Code::value(quote! { #tokens.as_ref() }, code.leaf).with_refs(1)
        }
        _ => code,
    }
}

/// The value without references in it: as its schema's type, and cloned where it stands somewhere.
pub fn own(code: Code, ty: &Ty, leaf: Leaf) -> Code {
    let changes = changes(&code, ty, leaf);
    if is_neutral(&code) {
        return Code { leaf, ..neutral(code, 0) };
    }
    if ty.is_scalar() && (changes || is_copy(ty, leaf)) {
        let code = if is_copy(ty, code.leaf) { copy(code) } else { code };
        return hold(code, ty, leaf);
    }
    if !changes && code.refs == 0 {
        if code.form == Form::Value {
            return Code { leaf, ..vector(code) };
        }
        if is_copy(ty, leaf) {
            return Code { leaf, ..copy(code) };
        }
        let tokens = code.atom();
        let copies = code.slice || matches!(&ty.kind, TyKind::List(item) if is_copy(item, code.leaf));
        let tokens = if copies {
            quote! { #tokens.to_vec() }
        } else {
            quote! { #tokens.clone() }
        };
        return Code::value(tokens, leaf);
    }
    let value = quote! { value };
    match &ty.kind {
        TyKind::List(inner) => {
            // A text of its own is lent, so that what borrows it does not outlive it.
            let lent = changes && leaf == Leaf::Borrowed && code.form == Form::Value && code.refs == 0;
            let code = if lent { Code { form: Form::Place, ..vector(code) } } else { vector(code) };
            let iter = iterate(ty, code);
            let inside = match iter.form {
                Form::Iter(ItemForm::Ref) => Code::reference(value, iter.leaf),
                _ => Code::value(value, iter.leaf).with_refs(iter.refs.saturating_sub(1)),
            };
            let mapped = map(&iter.tokens, own(inside, inner, leaf).tokens);
            Code::value(quote! { #mapped.collect::<Vec<_>>() }, leaf)
        }
        TyKind::Table(_, inner) => {
            let tokens = code.atom();
            let (table, inside) = match (code.form, code.refs) {
                (Form::Value, 0) => (tokens, owned(Code::place(value, code.leaf))),
                (Form::Value, 1) => (tokens, Code::reference(value, code.leaf)),
                (Form::Value, refs) => (tokens, owned(Code::place(value, code.leaf)).with_refs(refs - 1)),
                (_, 0) => (quote! { #tokens.as_ref() }, Code::reference(value, code.leaf)),
                (_, 1) => (quote! { #tokens.clone() }, Code::reference(value, code.leaf)),
                (_, refs) => (quote! { #tokens.clone() }, owned(Code::place(value, code.leaf)).with_refs(refs - 1)),
            };
            let item = own(inside, inner, leaf).tokens;
            Code::value(quote! { #table.map(|value| #item) }, leaf)
        }
        TyKind::Optional(inner) => {
            let option = as_option(ty, code);
            let inside = owned(inside(&option, inner, value));
            Code::value(map(&option.atom(), own(inside, inner, leaf).tokens), leaf)
        }
        TyKind::Nullable(inner) => {
            let tokens = code.atom();
            let (nullable, refs) = match (code.form, code.refs) {
                (Form::Place | Form::Ref, 0) => (quote! { #tokens.as_ref() }, 1),
                (Form::Place | Form::Ref, refs) => (quote! { #tokens.clone() }, refs),
                (_, refs) => (tokens, refs),
            };
            let option = Code::value(nullable, code.leaf).with_refs(refs);
            let inside = owned(inside(&option, inner, value));
            let item = own(inside, inner, leaf).tokens;
            let nullable = option.tokens;
            Code::value(quote! { #nullable.map(|value| #item) }, leaf)
        }
        _ => code,
    }
}

/// A variable that nothing else has: it may be moved.
pub fn owned(variable: Code) -> Code {
    match variable.form {
        Form::Place => Code { form: Form::Value, ..variable },
        _ => variable,
    }
}

/// `source.map(|value| ...)`, or `source.cloned()`.
pub fn map(source: &TokenStream, item: TokenStream) -> TokenStream {
    if item.to_string() == quote! { value.clone() }.to_string() {
        return quote! { #source.cloned() };
    }
    quote! { #source.map(|value| #item) }
}
