//! Values made into another type by their parts: structs of fields, lists of items, maps of values.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Form, Leaf, is_copy};
use super::expr::expr;
use super::held::{as_option, inside, map, materialise, own, owned};
use super::lists::iterate;
use super::names::ident;
use super::scope::Scope;
use super::types::{Types, json_key};
use crate::plan::demand::is_free;
use crate::plan::ir::TExpr;
use crate::plan::structure::is_made;
use crate::plan::ty::{self, Ty, TyKind};
use crate::schema::{Kind, SchemaId};

/// What gives the value of a member by its name, where it has one.
type Member<'m> = dyn FnMut(&mut Scope, &str) -> Option<(Code, Ty)> + 'm;

/// A value as one of a type that it fits by its parts.
pub fn convert(types: &Types, scope: &mut Scope, value: &TExpr, want: &Ty) -> Code {
    let code = materialise(expr(types, scope, value));
    // What goes out whole has its text already.
    let any = match &want.kind {
        TyKind::Object(id) => is_free(types.schemas, *id),
        kind => matches!(kind, TyKind::Any),
    };
    if let (true, TyKind::Object(id), Form::Place | Form::Ref) = (any, &value.ty.kind, code.form)
        && types.home(*id).is_some_and(|home| !home.owned)
    {
        let object = code.atom();
        return Code::place(quote! { #object.raw }, Leaf::Borrowed);
    }
    Code::value(change(types, scope, code, &value.ty, want), Leaf::Borrowed)
}

/// An object that is written out.
pub fn made(types: &Types, scope: &mut Scope, id: SchemaId, fields: &[(String, TExpr)]) -> Code {
    let mut member = |scope: &mut Scope, name: &str| {
        let (_, value) = fields.iter().find(|(known, _)| known == name)?;
        Some((materialise(expr(types, scope, value)), value.ty.clone()))
    };
    Code::value(object(types, scope, id, &mut member), Leaf::Borrowed)
}

fn change(types: &Types, scope: &mut Scope, code: Code, from: &Ty, to: &Ty) -> TokenStream {
    if !is_made(types.schemas, from, to) {
        return own(code, from, Leaf::Borrowed).tokens;
    }
    let value = quote! { value };
    match (&from.kind, &to.kind) {
        (TyKind::Optional(a), TyKind::Optional(b)) => {
            let option = as_option(from, code);
            let item = change(types, scope, owned(inside(&option, a, value)), a, b);
            map(&option.atom(), item)
        }
        (_, TyKind::Optional(b)) => {
            let value = change(types, scope, code, from, b);
            quote! { Some(#value) }
        }
        (_, TyKind::Any) => raw(types, code, from),
        (_, TyKind::Object(b)) if is_free(types.schemas, *b) => raw(types, code, from),
        (TyKind::Nullable(a), TyKind::Nullable(b)) => {
            let tokens = code.atom();
            let (nullable, refs) = match (code.form, code.refs) {
                (Form::Place | Form::Ref, 0) => (quote! { #tokens.as_ref() }, 1),
                (Form::Place | Form::Ref, refs) => (quote! { #tokens.clone() }, refs),
                (_, refs) => (tokens, refs),
            };
            let nullable = Code::value(nullable, code.leaf).with_refs(refs);
            let item = change(types, scope, owned(inside(&nullable, a, value)), a, b);
            map(&nullable.tokens, item)
        }
        (_, TyKind::Nullable(b)) => {
            let value = change(types, scope, code, from, b);
            quote! { Nullable::Value(#value) }
        }
        (TyKind::Int, TyKind::Double) => {
            let number = super::held::copy(code).atom();
            quote! { Number::computed(#number as f64) }
        }
        (TyKind::List(a), TyKind::List(b)) => {
            // What is made may borrow from the items: a list that stands nowhere is lent, too.
            let code = if code.form == Form::Value { Code { form: Form::Place, ..code } } else { code };
            let iter = iterate(from, code);
            let item = super::lists::loop_variable(value, &iter, a);
            let item = change(types, scope, item, a, b);
            let mapped = map(&iter.tokens, item);
            quote! { #mapped.collect::<Vec<_>>() }
        }
        (TyKind::Map(a) | TyKind::Table(_, a), TyKind::Map(b)) => {
            let item = match code.refs {
                0 if is_copy(a, code.leaf) => super::held::copy(Code::reference(value, code.leaf)),
                // What is made of an object reads its fields, through any reference.
                0 => Code::reference(value, code.leaf),
                1 if matches!((&a.kind, &b.kind), (TyKind::Object(a), TyKind::Object(b)) if a != b) => {
                    Code::reference(value, code.leaf)
                }
                refs => Code::place(quote! { (*value) }, code.leaf).with_refs(refs - 1),
            };
            let item = change(types, scope, item, a, b);
            let tokens = code.atom();
            quote! { #tokens.to_map(|value| #item) }
        }
        (TyKind::Object(a), TyKind::Object(b)) => match code.form {
            Form::Place | Form::Ref => fields(types, scope, &code.atom(), *a, *b),
            _ => {
                let made = fields(types, scope, &value, *a, *b);
                let tokens = code.tokens;
                quote! { conv::with(&#tokens, |value| #made) }
            }
        },
        _ => own(code, from, Leaf::Borrowed).tokens,
    }
}

/// An object of the fields of another one.
fn fields(types: &Types, scope: &mut Scope, base: &TokenStream, from: SchemaId, to: SchemaId) -> TokenStream {
    let leaf = if types.home(from).is_some_and(|home| home.owned) { Leaf::Owned } else { Leaf::Borrowed };
    let mut member = |_: &mut Scope, name: &str| {
        let (_, schema, required) = types.read(from).into_iter().find(|(known, ..)| known == name)?;
        let ty = ty::of_schema(types.schemas, schema);
        let rust = ident(&types.field_name(from, name));
        let place = quote! { #base.#rust };
        Some(match (types.boxed(from, schema), required) {
            (false, true) => (Code::place(place, leaf), ty),
            (false, false) => (Code::place(place, leaf), ty.optional()),
            (true, true) => (Code::place(quote! { (*#place) }, leaf), ty),
            (true, false) => (Code::value(quote! { #place.as_deref() }, leaf).with_refs(1), ty.optional()),
        })
    };
    object(types, scope, to, &mut member)
}

/// An object of the values that `member` gives for its names; what has none is absent.
fn object(types: &Types, scope: &mut Scope, id: SchemaId, member: &mut Member) -> TokenStream {
    let id = types.schemas.canonical(id);
    let Kind::Object(rules) = &types.schemas.get(id).kind else { return TokenStream::new() };
    let home = types.home(id);
    let mut value = |scope: &mut Scope, name: &str, schema: SchemaId, required: bool| {
        let ty = ty::of_schema(types.schemas, schema);
        let ty = if required { ty } else { ty.optional() };
        let (code, from) = member(scope, name)?;
        Some(change(types, scope, code, &from, &ty))
    };
    let raw = (types.demand.is_raw(id) || home.is_none()).then(|| {
        let writes = rules.properties.iter().filter_map(|property| {
            let value = value(scope, &property.name, property.schema, property.required)?;
            let key = json_key(&property.name);
            Some(match property.required {
                true => quote! { .field(#key, &#value) },
                false => quote! { .optional(#key, &#value) },
            })
        });
        let writes: Vec<TokenStream> = writes.collect();
        quote! { Raw::object()#(#writes)*.end() }
    });
    let Some(home) = home else { return raw.unwrap_or_default() };
    let raw = raw.map(|raw| quote! { raw: #raw, });
    let values: Vec<TokenStream> = types
        .read(id)
        .into_iter()
        .map(|(name, schema, required)| {
            let rust = ident(&types.field_name(id, &name));
            let value = value(scope, &name, schema, required);
            let value = match (value, types.boxed(id, schema), required) {
                (None, ..) => quote! { None },
                (Some(value), false, _) => value,
                (Some(value), true, true) => quote! { Box::new(#value) },
                (Some(value), true, false) => quote! { #value.map(Box::new) },
            };
            match rust == value.to_string() {
                true => quote! { #rust },
                false => quote! { #rust: #value },
            }
        })
        .collect();
    let (parent, module) = home.module.rsplit_once("::").unwrap_or(("crate", &home.module));
    scope.modules.insert((parent.to_string(), module.to_string()));
    let (module, name) = (ident(module), ident(&home.name));
    quote! { #module::#name { #raw #(#values),* } }
}

/// A value as any JSON.
fn raw(types: &Types, code: Code, from: &Ty) -> TokenStream {
    let text = match &from.kind {
        TyKind::Object(id) | TyKind::Union(id) => types.home(*id).is_none(),
        TyKind::List(_) | TyKind::Map(_) => from.schema.is_some_and(|schema| !types.demand.is_typed(schema)),
        _ => false,
    };
    match &from.kind {
        // What is empty is of no type that Rust could find.
        TyKind::List(item) if matches!(item.kind, TyKind::Never) => quote! { Raw::of::<[bool]>(&[]) },
        TyKind::Table(_, item) if matches!(item.kind, TyKind::Never) => quote! { Raw::object().end() },
        _ if text => own(code, from, Leaf::Borrowed).tokens,
        TyKind::Object(id) if types.home(*id).is_some_and(|home| !home.owned) => {
            let value = code.atom();
            quote! { #value.raw.clone() }
        }
        _ => {
            let value = code.borrowed();
            quote! { Raw::of(#value) }
        }
    }
}
