//! An endpoint's module: inputs, calls, shape, answer, from top to bottom.

use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::quote;

use super::bodies;
use super::calls;
use super::code::{Code, Leaf};
use super::expr::expr;
use super::held::{as_option, inside};
use super::names::{Names, ident, snake};
use super::parameters;
use super::policy;
use super::print::{blank, docs, file};
use super::rules::Rules;
use super::scope::Scope;
use super::shape::{Target, write};
use super::shapes::Signature;
use super::types::{Types, Uses};
use super::upstream::{OperationNames, method};
use crate::composition::ast::InputPlace;
use crate::openapi::bytes::length;
use crate::openapi::media::Carried;
use crate::plan::ir::{Input, TExpr, TKind, TShape, TShapeKind};
use crate::plan::model::{Answer, Endpoint, Plan};
use crate::plan::shape::published;
use crate::plan::ty::{Ty, TyKind};
use crate::plan::walk;
use crate::schema::Json;

/// What all endpoints share.
pub struct Shared<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// All structs.
    pub types: &'a Types<'a>,
    /// Names of operations, by upstream and position.
    pub operations: &'a [Vec<OperationNames>],
    /// What their calls have in common, by upstream and position.
    pub policies: &'a [Vec<policy::Shared>],
    /// Modules of upstreams, by position: `users`.
    pub modules: &'a [String],
    /// Named shapes: what callers need to know.
    pub shapes: Rc<[Signature]>,
    /// Hooks: what callers need to know.
    pub hooks: Rc<[super::hooks::Method]>,
}

/// The module's text.
pub fn module(shared: &Shared, endpoint: &Endpoint) -> Result<String, String> {
    let mut uses = Uses::default();
    let mut rules = Rules::default();
    rules.reserve("ENDPOINT");
    let mut scope = Scope {
        names: super::scope::reserved(),
        hooks: Rc::clone(&shared.hooks),
        shapes: Rc::clone(&shared.shapes),
        soft_calls: crate::plan::endpoint::soft_calls(endpoint).iter().map(|name| name.to_string()).collect(),
        parts: endpoint.parts.clone(),
        ..Scope::default()
    };
    let inputs = inputs(shared, endpoint, &mut scope, &mut rules, &mut uses);
    let calls = calls::calls(shared, endpoint, &mut scope);
    let answer = answer(shared, endpoint, &mut scope);

    let hooks = uses_hooks(endpoint);
    let (generic, argument) = match hooks {
        true => (quote! { <H: Hooks> }, quote! { , hooks: &H }),
        false => (quote! {}, quote! {}),
    };
    if hooks {
        uses.path("crate::generated::hooks", "Hooks");
    }
    for call in &endpoint.calls {
        uses.path("crate::generated::upstreams", &shared.modules[call.upstream]);
    }
    scope.modules.iter().for_each(|(parent, module)| uses.path(parent, module));
    let title = format!("`{} {}`", endpoint.method.as_str(), endpoint.path);
    let summary = endpoint.summary.as_deref().or(endpoint.description.as_deref()).unwrap_or("");
    let summary = super::print::first_sentence(summary);
    let line = if summary.is_empty() { format!("{title}.") } else { format!("{title}: {summary}") };
    let doc = docs(&line);
    let mut parts = vec![inputs, calls, answer];
    parts.retain(|part| !part.is_empty());
    let blank = blank();
    let mut body = TokenStream::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            body.extend(blank.clone());
        }
        body.extend(part);
    }
    let mut items = vec![constant(shared, endpoint)];
    items.push(quote! {
        #doc
        pub async fn handle #generic(cx: &Cx #argument) -> Result<Answer, Failure> {
            #body
        }
    });
    let statics = rules.into_items();
    items.splice(1..1, statics);
    uses.mentioned(&items, super::RUNTIME_NAMES);
    if items.iter().any(|item| item.to_string().contains("__bffgen_try_join")) {
        uses.runtime("try_join");
    }
    if super::mentions(&items, "shapes") {
        uses.path("crate::generated", "shapes");
    }
    file(&super::head(&[line]), uses.tokens(), items)
}

/// Whether the endpoint calls a hook.
pub fn uses_hooks(endpoint: &Endpoint) -> bool {
    let mut found = false;
    let mut visit = |e: &crate::plan::ir::TExpr| found |= matches!(e.kind, TKind::Hook(..));
    endpoint.answer.each(&mut visit);
    endpoint.headers.iter().for_each(|(_, value)| walk::expr(value, &mut visit));
    found
}

fn constant(shared: &Shared, endpoint: &Endpoint) -> TokenStream {
    let (id, path) = (&endpoint.id, &endpoint.path);
    let method = method(endpoint.method);
    let timeout = endpoint.timeout.map(|ms| {
        let ms = proc_macro2::Literal::u64_unsuffixed(ms);
        quote! { .timeout_ms(#ms) }
    });
    let mut query: Vec<String> = Vec::new();
    let mut open = false;
    for input in endpoint.inputs.iter().filter(|input| input.place == InputPlace::Query) {
        let (names, others) = parameters::names_in_query(shared.types.schemas, input);
        open |= others;
        query.extend(names);
    }
    let query = (!query.is_empty()).then(|| quote! { .query(&[#(#query),*]) });
    // An object of any members whose members are parameters leaves no parameter unknown.
    let strict = (endpoint.strict && !open).then(|| quote! { .strict() });
    quote! {
        /// Where it is and how long it may take.
        pub static ENDPOINT: Endpoint = Endpoint::new(#id, Method::#method, #path) #timeout #query #strict;
    }
}

/// Inputs that the runtime takes in one tuple; more stand in tuples of tuples.
const MOST_IN_TUPLE: usize = 24;

fn inputs(shared: &Shared, endpoint: &Endpoint, scope: &mut Scope, rules: &mut Rules, uses: &mut Uses) -> TokenStream {
    if endpoint.inputs.is_empty() {
        return TokenStream::new();
    }
    let mut reads = TokenStream::new();
    let mut names = Vec::new();
    for input in &endpoint.inputs {
        let name = scope.fresh(&input.name, "_input");
        // All that a client sends is checked, also what nobody reads.
        let rule = match input.carried {
            Some((Carried::Bytes, _)) => quote! { &Rule::ANY },
            _ => rules.input(shared.types.schemas, &input.name, input.schema),
        };
        let read = read(shared, input, rule, uses);
        reads.extend(quote! { let #name = inputs.#read; });
        scope.inputs.push(Code::place(quote! { #name }, Leaf::Borrowed));
        names.push(name);
    }
    let used = used_inputs(endpoint);
    let bound: Vec<TokenStream> = names
        .iter()
        .zip(used)
        .map(|(name, used)| {
            if used {
                quote! { #name }
            } else {
                quote! { _ }
            }
        })
        .collect();
    let (read, bound) = (in_tuple(&names), in_tuple(&bound));
    quote! {
        let mut inputs = cx.inputs();
        #reads
        let #bound = inputs.finish(#read)?;
    }
}

/// As many as there are in a tuple, of tuples where one would be too long.
fn in_tuple<T: quote::ToTokens>(names: &[T]) -> TokenStream {
    match names.len() {
        1 => quote! { (#(#names),*,) },
        2..=MOST_IN_TUPLE => quote! { (#(#names),*) },
        _ => {
            let rows = names.chunks(MOST_IN_TUPLE).map(|row| quote! { (#(#row,)*) });
            quote! { (#(#rows),*) }
        }
    }
}

/// Whether anything reads an input, by position. One that nothing reads is checked all the same.
fn used_inputs(endpoint: &Endpoint) -> Vec<bool> {
    let mut used = vec![false; endpoint.inputs.len()];
    let mut visit = |e: &crate::plan::ir::TExpr| {
        if let TKind::Input(at) = e.kind {
            used[at] = true;
        }
    };
    endpoint.calls.iter().for_each(|call| walk::call(call, &mut visit));
    endpoint.answer.each(&mut visit);
    endpoint.headers.iter().for_each(|(_, value)| walk::expr(value, &mut visit));
    used
}

/// The call on `inputs` that reads one, checked.
fn read(shared: &Shared, input: &Input, rule: TokenStream, uses: &mut Uses) -> TokenStream {
    let name = &input.name;
    if let Some((Carried::Bytes, _)) = &input.carried {
        return bytes(shared, input);
    }
    let ty = input_type(shared, input, uses);
    if let Some(wire) = input.wire {
        return parameters::read(wire, input, crate::plan::scope::place_name(input.place), &ty, &rule);
    }
    let place = match input.place {
        InputPlace::Path => return quote! { path::<#ty>(#name, #rule) },
        InputPlace::Body if input.carried.is_some() => return body_as_it_is(input, &ty, &rule),
        InputPlace::Body if input.required => return quote! { body::<#ty>(#rule) },
        InputPlace::Body => return quote! { optional_body::<#ty>(#rule) },
        InputPlace::Query => "query",
        InputPlace::Header => "header",
        InputPlace::Cookie => "cookie",
    };
    if let TyKind::List(item) = &input.ty.present().kind {
        let item = scalar(item);
        let method = ident(if input.required { "required_query_list" } else { "query_list" });
        return quote! { #method::<#item>(#name, #rule) };
    }
    if let Some(default) = &input.default {
        let method = ident(&format!("{place}_or"));
        let default = default_value(default, &input.ty);
        return quote! { #method::<#ty>(#name, #rule, #default) };
    }
    let method = if input.required { ident(&format!("required_{place}")) } else { ident(place) };
    quote! { #method::<#ty>(#name, #rule) }
}

/// The call that reads a body of text.
fn body_as_it_is(input: &Input, ty: &TokenStream, rule: &TokenStream) -> TokenStream {
    let Some((_, media_type)) = &input.carried else { return TokenStream::new() };
    match input.required {
        true => quote! { text_body::<#ty>(#media_type, #rule) },
        false => quote! { optional_text_body::<#ty>(#media_type, #rule) },
    }
}

/// The call that reads a body of bytes.
fn bytes(shared: &Shared, input: &Input) -> TokenStream {
    let media_type = input.carried.as_ref().map_or("*/*", |(_, media_type)| media_type);
    let range = bodies::range(length(shared.types.schemas, input.schema));
    match (range, input.required) {
        (None, true) => quote! { bytes_body(#media_type) },
        (None, false) => quote! { optional_bytes_body(#media_type) },
        (Some(range), true) => quote! { sized_body(#media_type, #range) },
        (Some(range), false) => quote! { optional_sized_body(#media_type, #range) },
    }
}

fn default_value(default: &Json, ty: &Ty) -> TokenStream {
    match default {
        Json::Bool(b) => quote! { #b },
        Json::String(s) => quote! { #s },
        Json::Number(n) => match (&ty.present().kind, n.as_i64()) {
            (TyKind::Int, Some(i)) => {
                let literal = proc_macro2::Literal::i64_unsuffixed(i);
                quote! { #literal }
            }
            _ => {
                let text = n.to_string();
                quote! { Number::constant(#text) }
            }
        },
        _ => quote! { Default::default() },
    }
}

fn scalar(ty: &Ty) -> TokenStream {
    match ty.kind {
        TyKind::Bool => quote! { bool },
        TyKind::Int => quote! { i64 },
        TyKind::Double => quote! { Number<'_> },
        _ => quote! { Str<'_> },
    }
}

fn input_type(shared: &Shared, input: &Input, uses: &mut Uses) -> TokenStream {
    if input.place != InputPlace::Body && input.wire.is_none() {
        return scalar(input.ty.present());
    }
    let ty = shared.types.rust(input.schema, "", false, uses);
    ty.to_string().replace("'a", "'_").parse().unwrap_or(ty)
}

fn answer(shared: &Shared, endpoint: &Endpoint, scope: &mut Scope) -> TokenStream {
    let status = proc_macro2::Literal::u16_unsuffixed(endpoint.status);
    // Each header may fail; the last one gives the result.
    let mut headers = TokenStream::new();
    for (at, (name, value)) in endpoint.headers.iter().enumerate() {
        let value_ref = expr(shared.types, scope, value).borrowed();
        let method = ident(if value.ty.is_optional() { "optional_header" } else { "header" });
        let more = (at + 1 < endpoint.headers.len()).then(|| quote! { ? });
        headers.extend(quote! { .#method(#name, #value_ref) #more });
    }
    let result = |answer: TokenStream| match endpoint.headers.is_empty() {
        true => quote! { Ok(#answer) },
        false => quote! { #answer #headers },
    };
    let shape = match &endpoint.answer {
        Answer::Empty => return result(quote! { Answer::empty(#status) }),
        Answer::Content(value, media_type) => {
            let value = expr(shared.types, scope, value).borrowed();
            return result(quote! { Answer::content(#status, #media_type, #value) });
        }
        Answer::Stream(stream) => {
            let value = expr(shared.types, scope, &stream.value).tokens;
            return result(match stream.as_it_came {
                true => quote! { Answer::stream(#value) },
                false => quote! { Answer::stream_as(#status, #value) },
            });
        }
        Answer::Shape(shape) => shape,
    };
    if let TShapeKind::Expr(value) = &shape.kind
        && value.ty.is_optional()
    {
        return there_or_nothing(shared, endpoint, scope, value);
    }
    if let Some(raw) = whole(shared, scope, shape) {
        return result(quote! { Answer::raw(#status, #raw) });
    }
    let json = ident("json");
    let capacity = proc_macro2::Literal::usize_unsuffixed(capacity(shared, shape));
    // The root writer keeps its name; every other gets one that is free.
    scope.names = without_root(std::mem::take(&mut scope.names));
    let writes = write(shared.types, scope, &Target::Root(json), shape);
    let blank = blank();
    let result = result(quote! { Answer::json(#status, json) });
    quote! {
        let mut json = JsonBuffer::with_capacity(#capacity);
        #writes
        #blank
        #result
    }
}

/// An answer of one value, or an empty one where the value is absent.
fn there_or_nothing(shared: &Shared, endpoint: &Endpoint, scope: &mut Scope, value: &TExpr) -> TokenStream {
    let option = as_option(&value.ty, expr(shared.types, scope, value));
    let name = scope.fresh("found", "_value");
    let variable = name.to_string();
    let present = value.ty.present().clone();
    scope.push_local(&variable, inside(&option, &present, quote! { #name }));
    let found = TExpr { ty: present, kind: TKind::Local(variable), span: value.span };
    let shape = TShape { out: published(&found.ty), kind: TShapeKind::Expr(found), span: value.span };
    let there = Endpoint { answer: Answer::Shape(Box::new(shape)), ..endpoint.clone() };
    let answer = answer(shared, &there, scope);
    let option = option.tokens;
    quote! {
        let Some(#name) = #option else { return Ok(Answer::empty(204)); };
        #answer
    }
}

fn without_root(mut names: Names) -> Names {
    names.free("root");
    names
}

/// An answer that is one value carried as text goes out without being written again.
fn whole(shared: &Shared, scope: &mut Scope, shape: &TShape) -> Option<TokenStream> {
    let TShapeKind::Expr(value) = &shape.kind else { return None };
    let code = expr(shared.types, scope, value);
    match &value.ty.kind {
        TyKind::Object(id) if shared.types.home(*id).is_some_and(|home| home.owned) => None,
        TyKind::Object(id) if shared.types.home(*id).is_some() => {
            let object = code.atom();
            Some(quote! { &#object.raw })
        }
        // What was taken apart is written again.
        TyKind::Union(id) if shared.types.home(*id).is_some() => None,
        TyKind::Object(_) | TyKind::Union(_) | TyKind::Any => Some(code.borrowed()),
        TyKind::List(_) | TyKind::Map(_) if value.ty.schema.is_some_and(|id| !shared.types.demand.is_typed(id)) => {
            Some(code.borrowed())
        }
        _ => None,
    }
}

/// A first guess at the size of the answer: small for a few fields, a page for what goes out whole.
fn capacity(shared: &Shared, shape: &TShape) -> usize {
    let mut bytes = 256;
    walk::shape(shape, &mut |e| {
        if let TyKind::Object(_) | TyKind::Union(_) | TyKind::List(_) | TyKind::Any = e.ty.bare().kind {
            let raw = e.ty.bare().schema.is_some_and(|id| shared.types.demand.is_raw(id));
            bytes += if raw { 4096 } else { 256 };
        }
    });
    usize::next_power_of_two(bytes).min(32 * 1024)
}

/// The file name of an endpoint's module.
pub fn module_name(endpoint: &Endpoint, names: &mut Names) -> String {
    names.take(&snake(&endpoint.id), "_endpoint")
}
