//! Shapes in Rust: statements that write JSON into one buffer, from top to bottom.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::code::{Code, Form, ItemForm, is_copy};
use super::expr::{argument, copied, expr, integer, negated, number};
use super::held::{as_option, copy, inside, materialise, own};
use super::lists::{collect, iterate, loop_variable};
use super::names::{ident, snake};
use super::scope::Scope;
use super::shapes::{Makes, Signature};
use super::types::{Types, json_key};
use crate::plan::fails::fallible;
use crate::plan::ir::{TEach, TExpr, TField, TKind, TShape, TShapeKind, TSpread};
use crate::plan::ty::TyKind;
use crate::schema::Json;

/// Where a value is written.
#[derive(Clone)]
pub enum Target {
    /// As the whole document, into a buffer.
    Root(Ident),
    /// As a member of an object writer.
    Field(Ident, String),
    /// As an item of an array writer.
    Item(Ident),
    /// Where a place for a value says.
    Place(Ident),
}

impl Target {
    /// Opens an object or array there.
    fn open(&self, what: &str) -> TokenStream {
        let what = ident(what);
        match self {
            Target::Root(json) => quote! { #json.#what() },
            Target::Field(writer, key) => quote! { #writer.#what(#key) },
            Target::Item(writer) | Target::Place(writer) => quote! { #writer.#what() },
        }
    }

    /// The place itself, for what writes anything there, or nothing.
    fn place(&self) -> TokenStream {
        match self {
            Target::Root(json) => quote! { #json.place() },
            Target::Field(writer, key) => quote! { #writer.place(#key) },
            Target::Item(writer) => quote! { #writer.place() },
            Target::Place(place) => quote! { #place },
        }
    }

    /// Writes a value there; `value` is a reference.
    fn write(&self, value: TokenStream) -> TokenStream {
        match self {
            Target::Root(json) => quote! { #json.value(#value); },
            Target::Field(writer, key) => quote! { #writer.field(#key, #value); },
            Target::Item(writer) | Target::Place(writer) => quote! { #writer.value(#value); },
        }
    }

    /// What the writer there is called.
    fn name(&self) -> String {
        match self {
            Target::Root(_) => "root".into(),
            Target::Field(_, key) => snake(key),
            Target::Item(_) | Target::Place(_) => "item".into(),
        }
    }
}

/// Statements that write a shape.
pub fn write(types: &Types, scope: &mut Scope, target: &Target, shape: &TShape) -> TokenStream {
    match &shape.kind {
        TShapeKind::Expr(value) => leaf(types, scope, target, value),
        TShapeKind::Literal(json) => literal(scope, target, json),
        TShapeKind::Array(items) => {
            let writer = scope.fresh(&target.name(), "_json");
            let open = target.open("array");
            let item = Target::Item(writer.clone());
            if items.is_empty() {
                return quote! { #open.end(); };
            }
            let items: Vec<TokenStream> = items.iter().map(|shape| write(types, scope, &item, shape)).collect();
            quote! { let mut #writer = #open; #(#items)* #writer.end(); }
        }
        TShapeKind::Object { spreads, fields } => object(types, scope, target, spreads, fields),
        TShapeKind::Each(each) => self::each(types, scope, target, each),
        TShapeKind::When(condition, inner) => {
            let condition = copied(types, scope, condition).tokens;
            let inner = write(types, scope, target, inner);
            quote! { if #condition { #inner } }
        }
        TShapeKind::Use(at, args) => {
            let Signature { function, fails, makes } = &scope.shapes[*at];
            let name = ident(function);
            let fallible = fails.then(|| quote! { ? });
            let open = match makes {
                Makes::Object => target.open("object"),
                Makes::List => target.open("array"),
                Makes::Any => target.place(),
            };
            let args: Vec<TokenStream> = args.iter().map(|arg| argument(types, scope, arg)).collect();
            quote! { shapes::#name(#open, #(#args),*) #fallible; }
        }
        TShapeKind::Match(matching) => super::matching::write_match(types, scope, target, matching),
    }
}

fn leaf(types: &Types, scope: &mut Scope, target: &Target, value: &TExpr) -> TokenStream {
    if let Some(json) = constant(value) {
        return literal(scope, target, &json);
    }
    if value.ty.is_optional() {
        let code = materialise(expr(types, scope, value));
        return match target {
            Target::Field(writer, key) => {
                // A field is borrowed where it stands; anything computed is an option of its own.
                let option = match code.form {
                    Form::Place => {
                        let tokens = code.tokens;
                        quote! { &#tokens }
                    }
                    Form::Ref => code.atom(),
                    _ => {
                        let tokens = as_option(&value.ty, code).tokens;
                        quote! { &#tokens }
                    }
                };
                quote! { #writer.optional(#key, #option); }
            }
            _ => {
                let option = as_option(&value.ty, code);
                let write = target.write(inside(&option, value.ty.present(), quote! { value }).borrowed());
                let option = option.tokens;
                quote! { if let Some(value) = #option { #write } }
            }
        };
    }
    let code = materialise(expr(types, scope, value));
    // Integers without a type would be `i32`, which is as good: JSON has no widths.
    target.write(code.borrowed())
}

fn constant(value: &TExpr) -> Option<Json> {
    Some(match &value.kind {
        TKind::Null => Json::Null,
        TKind::Bool(b) => Json::Bool(*b),
        TKind::Int(i) => Json::from(*i),
        TKind::Double(d) => Json::from(*d),
        TKind::Str(s) => Json::String(s.clone()),
        TKind::List(items) if items.is_empty() => Json::Array(Vec::new()),
        TKind::Table(entries) if entries.is_empty() => Json::Object(serde_json::Map::new()),
        _ => return None,
    })
}

fn literal(scope: &mut Scope, target: &Target, json: &Json) -> TokenStream {
    match json {
        Json::Null => target.write(quote! { &Nullable::<bool>::Null }),
        Json::Bool(b) => target.write(quote! { &#b }),
        Json::String(s) => target.write(quote! { #s }),
        Json::Number(n) => {
            let literal: TokenStream = match (n.as_i64(), n.as_f64()) {
                (Some(i), _) => {
                    let literal = integer(i);
                    quote! { #literal }
                }
                (None, Some(d)) => {
                    let literal = proc_macro2::Literal::f64_unsuffixed(d);
                    quote! { #literal }
                }
                _ => quote! { 0 },
            };
            target.write(quote! { &#literal })
        }
        Json::Array(items) => {
            let writer = scope.fresh(&target.name(), "_json");
            let open = target.open("array");
            if items.is_empty() {
                return quote! { #open.end(); };
            }
            let item = Target::Item(writer.clone());
            let items: Vec<TokenStream> = items.iter().map(|json| literal(scope, &item, json)).collect();
            quote! { let mut #writer = #open; #(#items)* #writer.end(); }
        }
        Json::Object(members) => {
            let writer = scope.fresh(&target.name(), "_json");
            let open = target.open("object");
            if members.is_empty() {
                return quote! { #open.end(); };
            }
            let members: Vec<TokenStream> = members
                .iter()
                .map(|(key, json)| literal(scope, &Target::Field(writer.clone(), json_key(key)), json))
                .collect();
            quote! { let mut #writer = #open; #(#members)* #writer.end(); }
        }
    }
}

fn object(types: &Types, scope: &mut Scope, target: &Target, spreads: &[TSpread], fields: &[TField]) -> TokenStream {
    let writer = scope.fresh(&target.name(), "_json");
    let open = target.open("object");
    if spreads.is_empty() && fields.is_empty() {
        return quote! { #open.end(); };
    }
    let body = members(types, scope, &writer, spreads, fields);
    quote! { let mut #writer = #open; #body #writer.end(); }
}

/// Statements that write the members of an object into its writer.
pub fn members(
    types: &Types,
    scope: &mut Scope,
    writer: &Ident,
    spreads: &[TSpread],
    fields: &[TField],
) -> TokenStream {
    let mut out = TokenStream::new();
    for spread in spreads {
        let code = expr(types, scope, &spread.value);
        let typed = matches!(&spread.value.ty.kind, TyKind::Object(id) if types.home(*id).is_some());
        let raw = if typed {
            let object = code.atom();
            quote! { &#object.raw }
        } else {
            code.borrowed()
        };
        // A field wins over a member of its name, and what is not declared need not be named.
        let declared = declared(types, &spread.value);
        let is_declared = |name: &&String| declared.iter().any(|d| d == *name);
        out.extend(match &spread.pick {
            Some(pick) => {
                let pick: Vec<&String> = pick.iter().filter(|name| !spread.omit.contains(name)).collect();
                quote! { #writer.spread_only(#raw, &[#(#pick),*]); }
            }
            None => {
                let omit: Vec<&String> = spread.omit.iter().filter(is_declared).collect();
                quote! { #writer.spread(#raw, &[#(#omit),*]); }
            }
        });
    }
    for field in fields {
        out.extend(write(types, scope, &Target::Field(writer.clone(), json_key(&field.name)), &field.shape));
    }
    out
}

/// Names that the object may bring. Where it keeps undeclared members, any name may be among them.
fn declared(types: &Types, value: &TExpr) -> Vec<String> {
    let TyKind::Object(id) = &value.ty.kind else { return Vec::new() };
    match &types.schemas.get(*id).kind {
        crate::schema::Kind::Object(rules) => rules.properties.iter().map(|p| p.name.clone()).collect(),
        _ => Vec::new(),
    }
}

fn each(types: &Types, scope: &mut Scope, target: &Target, each: &TEach) -> TokenStream {
    let writer = scope.fresh(&target.name(), "_json");
    let open = target.open("array");
    let body = each_items(types, scope, &writer, each);
    quote! { let mut #writer = #open; #body #writer.end(); }
}

/// The loop that writes the items of `$each` into an array writer.
pub fn each_items(types: &Types, scope: &mut Scope, writer: &Ident, each: &TEach) -> TokenStream {
    let TyKind::List(item) = &each.list.ty.kind else { return TokenStream::new() };
    let code = expr(types, scope, &each.list);
    let by_reference = code.form == Form::Ref;
    let iter = iterate(&each.list.ty, code);
    let variable = scope.bind_name(&each.variable);
    let name = ident(&variable);
    let leaf = iter.leaf;
    let by_value = iter.form == Form::Iter(ItemForm::Value);
    let copies = is_copy(item, leaf);
    let item_code = loop_variable(quote! { #name }, &iter, item);
    let mut source = iter.tokens;
    let mut check = TokenStream::new();
    if let Some(filter) = &each.filter {
        if fallible(filter) && each.sort.is_empty() && each.take.is_none() && each.skip.is_none() {
            let test = scope.with_local(&each.variable, item_code.clone(), |scope| negated(types, scope, filter));
            check = quote! { if #test { continue; } };
        } else if fallible(filter) {
            let test = scope.with_local(&each.variable, item_code.clone(), |scope| copied(types, scope, filter).tokens);
            source = quote! { { let mut list = Vec::new(); for #name in #source { if #test { list.push(#name); } } list }.into_iter() };
        } else {
            let (pattern, behind) = if by_value && copies {
                (quote! { &#name }, item_code.clone())
            } else {
                (quote! { #name }, Code { form: Form::Ref, ..item_code.clone() })
            };
            let test = scope.with_local(&each.variable, behind, |scope| copied(types, scope, filter).tokens);
            source = quote! { #source.filter(|#pattern| #test) };
        }
    }
    let mut before = TokenStream::new();
    if !each.sort.is_empty() {
        let sorted = scope.fresh("sorted", "_items");
        before = sort(types, scope, each, &sorted, source, &item_code);
        source = quote! { #sorted.into_iter() };
    }
    if let Some(skip) = &each.skip {
        let count = number(types, scope, skip);
        source = quote! { #source.skip(list::count(#count)) };
    }
    if let Some(take) = &each.take {
        let count = number(types, scope, take);
        source = quote! { #source.take(list::count(#count)) };
    }
    // `for x in &list` rather than `list.iter()`.
    let source = for_loop_source(source, by_reference);
    let item = scope
        .with_local(&each.variable, item_code, |scope| write(types, scope, &Target::Item(writer.clone()), &each.item));
    quote! { #before for #name in #source { #check #item } }
}

fn for_loop_source(source: TokenStream, by_reference: bool) -> TokenStream {
    let Ok(syn::Expr::MethodCall(call)) = syn::parse2::<syn::Expr>(source.clone()) else { return source };
    let receiver = &call.receiver;
    // A loop over one item alone looks like a mistake.
    if let syn::Expr::Array(array) = &**receiver
        && let (Some(one), 1) = (array.elems.first(), array.elems.len())
        && call.args.is_empty()
    {
        return match call.method.to_string().as_str() {
            "iter" => quote! { std::iter::once(&#one) },
            "into_iter" => quote! { std::iter::once(#one) },
            _ => source,
        };
    }
    match call.method.to_string().as_str() {
        "iter" if call.args.is_empty() && by_reference => quote! { #receiver },
        "iter" if call.args.is_empty() => quote! { &#receiver },
        "into_iter" if call.args.is_empty() => quote! { #receiver },
        _ => source,
    }
}

fn sort(
    types: &Types,
    scope: &mut Scope,
    each: &TEach,
    sorted: &Ident,
    source: TokenStream,
    item: &Code,
) -> TokenStream {
    let side = |scope: &mut Scope, key: &TExpr, name: &str| {
        let name = ident(name);
        // Sorting compares references to the items.
        let code = Code { form: Form::Ref, tokens: quote! { #name }, ..item.clone() };
        scope.with_local(&each.variable, code, |scope| {
            let code = expr(types, scope, key);
            code.borrowed()
        })
    };
    if each.sort.iter().any(|(key, _)| fallible(key)) {
        // Keys that can fail are computed before anything is compared.
        let name = ident(&scope.bind_name(&each.variable));
        let keys: Vec<TokenStream> = each
            .sort
            .iter()
            .map(|(key, _)| {
                let code = scope.with_local(&each.variable, item.clone(), |scope| expr(types, scope, key));
                // An item that is held by value goes into the list; its key must not be a part of it.
                if item.form == Form::Place { own(code.clone(), &key.ty, code.leaf) } else { copy(code) }.tokens
            })
            .collect();
        let compare = each.sort.iter().enumerate().map(|(at, (_, descending))| {
            let at = proc_macro2::Literal::usize_unsuffixed(at);
            let (a, b) = if *descending { (quote! { b }, quote! { a }) } else { (quote! { a }, quote! { b }) };
            quote! { compare(&#a.0.#at, &#b.0.#at) }
        });
        let compare = chain(compare.collect());
        return quote! {
            let mut #sorted = Vec::new();
            for #name in #source { #sorted.push(((#(#keys,)*), #name)); }
            #sorted.sort_by(|a, b| #compare);
            let #sorted: Vec<_> = #sorted.into_iter().map(|(_, item)| item).collect();
        };
    }
    let compare = each
        .sort
        .iter()
        .map(|(key, descending)| {
            let (a, b) = (side(scope, key, "a"), side(scope, key, "b"));
            if *descending {
                quote! { compare(#b, #a) }
            } else {
                quote! { compare(#a, #b) }
            }
        })
        .collect();
    let compare = chain(compare);
    let source = collect(source, quote! { collect() });
    let by = match compare.to_string() == quote! { compare(a, b) }.to_string() {
        true => quote! { compare },
        false => quote! { |a, b| #compare },
    };
    quote! {
        let mut #sorted: Vec<_> = #source;
        #sorted.sort_by(#by);
    }
}

fn chain(compares: Vec<TokenStream>) -> TokenStream {
    let mut compares = compares.into_iter();
    let first = compares.next().unwrap_or_default();
    compares.fold(first, |all, next| quote! { #all.then_with(|| #next) })
}
