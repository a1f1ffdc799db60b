//! The calls of an endpoint in Rust: all at once where nothing waits, in steps where each step waits
//! for the whole one before, and through write-once cells in between.

mod batch;
mod keyed;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use keyed::keyed;

use super::arguments::{argument, lasting, lasting_value, lends};
use super::bodies;
use super::code::{Code, Leaf};
use super::endpoint::Shared;
use super::expr::expr;
use super::gather::gathered;
use super::held::{copy, materialise};
use super::names::ident;
use super::policy;
use super::scope::Scope;
use super::shape::{Target, write};
use crate::plan::fails::fallible;
use crate::plan::ir::{TExpr, TKind, TShape};
use crate::plan::model::{Call, Endpoint, OnError};
use crate::plan::ty::{Ty, TyKind};
use crate::plan::walk;
use crate::plan::wire::{self, Handed};

/// Statements that make all calls and leave a variable for each.
pub fn calls(shared: &Shared, endpoint: &Endpoint, scope: &mut Scope) -> TokenStream {
    scope.calls = endpoint.calls.iter().map(|_| None).collect();
    let variables: Vec<Ident> = endpoint.calls.iter().map(|call| scope.fresh(&call.name, "_call")).collect();
    let metas = super::meta::declare(endpoint, scope);
    let made = in_order(shared, endpoint, scope, &variables);
    let texts = std::mem::take(&mut scope.texts);
    quote! { #(let #texts = Texts::new();)* #metas #made }
}

fn in_order(shared: &Shared, endpoint: &Endpoint, scope: &mut Scope, variables: &[Ident]) -> TokenStream {
    match steps(endpoint) {
        Some(steps) => {
            let mut out = TokenStream::new();
            for step in steps {
                // A keyed call on its own needs no block around its keys.
                if let [at] = step[..]
                    && let (Some(each), None) = (&endpoint.calls[at].each, &endpoint.calls[at].when)
                {
                    let (before, made) = keyed(shared, scope, &endpoint.calls[at], each);
                    let name = &variables[at];
                    let bound = is_read(endpoint, at).then(|| quote! { let #name = });
                    out.extend(quote! { #before #bound #made.await?; });
                    scope.calls[at] = Some(Code::place(quote! { #name }, leaf(shared, &endpoint.calls[at].ty)));
                    continue;
                }
                let futures: Vec<TokenStream> = step.iter().map(|at| future(shared, endpoint, scope, *at)).collect();
                let bindings: Vec<TokenStream> =
                    step.iter().map(|at| binding(shared, endpoint, *at, &variables[*at])).collect();
                out.extend(join(&bindings, &futures));
                for at in step {
                    let name = &variables[at];
                    scope.calls[at] = Some(Code::place(quote! { #name }, leaf(shared, &endpoint.calls[at].ty)));
                }
            }
            out
        }
        None => with_cells(shared, endpoint, scope, variables),
    }
}

/// What a call's value is bound to.
fn binding(shared: &Shared, endpoint: &Endpoint, at: usize, name: &Ident) -> TokenStream {
    if is_unit(shared, endpoint, at) {
        quote! { () }
    } else if !is_read(endpoint, at) {
        quote! { _ }
    } else {
        quote! { #name }
    }
}

/// Whether a call's value is nothing: no body comes back.
fn is_unit(shared: &Shared, endpoint: &Endpoint, at: usize) -> bool {
    let call = &endpoint.calls[at];
    let operation = &shared.plan.upstreams[call.upstream].operations[call.operation];
    operation.came.body.is_none() && matches!(call.ty.kind, TyKind::Null)
}

fn leaf(shared: &Shared, ty: &Ty) -> Leaf {
    if shared.types.is_owned(ty) { Leaf::Owned } else { Leaf::Borrowed }
}

fn join(names: &[TokenStream], futures: &[TokenStream]) -> TokenStream {
    match (names, futures) {
        ([], _) => TokenStream::new(),
        ([name], [future]) => match name.to_string().as_str() {
            "()" | "_" => quote! { #future.await?; },
            _ => quote! { let #name = #future.await?; },
        },
        _ => quote! { let (#(#names),*) = __bffgen_try_join(#(#futures),*)?; },
    }
}

/// Calls in steps, if each call of a step waits for every call of the step before: then joining step
/// by step starts each call the moment it can.
fn steps(endpoint: &Endpoint) -> Option<Vec<Vec<usize>>> {
    let calls = &endpoint.calls;
    let mut level = vec![0; calls.len()];
    for &at in &endpoint.order {
        level[at] = calls[at].depends_on.iter().map(|d| level[*d] + 1).max().unwrap_or(0);
    }
    let depth = level.iter().max().map_or(0, |max| max + 1);
    let steps: Vec<Vec<usize>> = (0..depth).map(|l| (0..calls.len()).filter(|at| level[*at] == l).collect()).collect();
    let waits_for_all = |before: &[usize], step: &[usize]| {
        step.iter().all(|at| before.iter().all(|earlier| calls[*at].depends_on.contains(earlier)))
    };
    steps.windows(2).all(|pair| waits_for_all(&pair[0], &pair[1])).then_some(steps)
}

/// All calls at once; what others wait for is put into a cell.
fn with_cells(shared: &Shared, endpoint: &Endpoint, scope: &mut Scope, variables: &[Ident]) -> TokenStream {
    let awaited: Vec<bool> =
        (0..endpoint.calls.len()).map(|at| endpoint.calls.iter().any(|call| call.depends_on.contains(&at))).collect();
    let cells: Vec<Option<Ident>> = awaited
        .iter()
        .zip(&endpoint.calls)
        .map(|(awaited, call)| awaited.then(|| scope.fresh(&format!("{} cell", call.name), "_cell")))
        .collect();
    let declared = cells.iter().flatten().map(|cell| quote! { let #cell = Later::new(); });
    let declared: TokenStream = declared.collect();
    let mut futures = Vec::new();
    let mut names = Vec::new();
    for (at, call) in endpoint.calls.iter().enumerate() {
        let mut waits = TokenStream::new();
        let before = scope.calls.clone();
        for dependency in &call.depends_on {
            let (Some(cell), name) = (&cells[*dependency], &variables[*dependency]) else { continue };
            let bound = reads(call, *dependency).then(|| quote! { let #name = });
            waits.extend(quote! { #bound #cell.get().await; });
            let leaf = leaf(shared, &endpoint.calls[*dependency].ty);
            scope.calls[*dependency] = Some(Code::reference(quote! { #name }, leaf));
        }
        let made = future(shared, endpoint, scope, at);
        scope.calls = before;
        let made = if waits.is_empty() {
            made
        } else {
            quote! { async { #waits #made.await } }
        };
        match &cells[at] {
            Some(cell) => {
                futures.push(quote! { #cell.fill(#made) });
                names.push(quote! { () });
            }
            None => {
                let name = &variables[at];
                futures.push(made);
                names.push(binding(shared, endpoint, at, name));
            }
        }
    }
    let joined = join(&names, &futures);
    let mut values = TokenStream::new();
    for (at, cell) in cells.iter().enumerate() {
        let name = &variables[at];
        let leaf = leaf(shared, &endpoint.calls[at].ty);
        match cell {
            Some(cell) => {
                if mentioned(endpoint, at) {
                    values.extend(quote! { let #name = #cell.value()?; });
                }
                scope.calls[at] = Some(Code::reference(quote! { #name }, leaf));
            }
            None => scope.calls[at] = Some(Code::place(quote! { #name }, leaf)),
        }
    }
    quote! { #declared #joined #values }
}

/// Whether anything uses a call's value.
fn is_read(endpoint: &Endpoint, at: usize) -> bool {
    mentioned(endpoint, at) || endpoint.calls.iter().any(|call| reads(call, at))
}

/// Whether a call uses the value of another.
fn reads(call: &Call, other: usize) -> bool {
    let mut found = false;
    walk::call(call, &mut |e| found |= matches!(e.kind, TKind::Call(at) if at == other));
    found
}

/// Whether the answer uses a call's value.
fn mentioned(endpoint: &Endpoint, at: usize) -> bool {
    let mut found = false;
    let mut visit = |e: &TExpr| found |= matches!(e.kind, TKind::Call(call) if call == at);
    endpoint.answer.each(&mut visit);
    endpoint.headers.iter().for_each(|(_, value)| walk::expr(value, &mut visit));
    found
}

/// The future of one call.
fn future(shared: &Shared, endpoint: &Endpoint, scope: &mut Scope, at: usize) -> TokenStream {
    let call = &endpoint.calls[at];
    let made = match &call.each {
        Some(each) => {
            let (before, made) = keyed(shared, scope, call, each);
            quote! { async { #before #made.await } }
        }
        None => {
            let (before, sent) = match &call.gather {
                Some(gather) => gathered(shared, scope, call, gather),
                None => {
                    let (before, request) = request(shared, scope, call, None, false, None);
                    (before, send(shared, scope, call, request, None, None))
                }
            };
            // The closure of a page is given what fails in its request.
            let fails = match &call.gather {
                Some(gather) => gather.size.as_ref().is_some_and(fallible),
                None => super::fallible_call(call),
            };
            let plain = before.is_empty() && !fails && (call.when.is_none() || !lends(shared, scope, call));
            match plain {
                true => sent,
                false => quote! { async { #before #sent.await } },
            }
        }
    };
    match &call.when {
        Some(condition_of) => {
            let code = expr(shared.types, scope, condition_of);
            let condition = copy(code).tokens;
            let flatten = may_give_nothing(shared, call).then(|| quote! { .map(Option::flatten) });
            match flatten {
                Some(flatten) => quote! { async { when(#condition, || #made).await #flatten } },
                None if fallible(condition_of) => quote! { async { when(#condition, || #made).await } },
                None => quote! { when(#condition, || #made) },
            }
        }
        None => made,
    }
}

/// Whether a call that is made may give no value.
fn may_give_nothing(shared: &Shared, call: &Call) -> bool {
    call.each.is_none()
        && (matches!(call.on_error, OnError::Absent) || may_be_empty(shared, call) && call.gather.is_none())
}

/// Whether some successes of a call have no body while others have one.
fn may_be_empty(shared: &Shared, call: &Call) -> bool {
    shared.plan.upstreams[call.upstream].operations[call.operation].came.may_be_empty
}

/// The request of a call: statements before it (its body), and the builder.
/// `again`: it is made several times; what is made for its arguments and must last goes to `lasts`.
pub fn request(
    shared: &Shared,
    scope: &mut Scope,
    call: &Call,
    key: Option<(&TExpr, &Ident)>,
    again: bool,
    mut lasts: Option<&mut TokenStream>,
) -> (TokenStream, TokenStream) {
    let upstream = &shared.plan.upstreams[call.upstream];
    let operation = &upstream.operations[call.operation];
    let names = &shared.operations[call.upstream][call.operation];
    let module = ident(&shared.modules[call.upstream]);
    let function = ident(&names.function);
    let mut before = TokenStream::new();
    let mut arguments = Vec::new();
    for param in &operation.params {
        let value = call.args.iter().find(|(at, _)| at == param).map(|(_, value)| value);
        let optional = operation.optional_params.contains(param);
        let described = &operation.operation.parameters[*param];
        let handed = wire::handed(shared.types.schemas, described);
        if matches!(handed, Handed::Value | Handed::Json) {
            let made = call.made_args.iter().find(|(at, _)| at == param).map(|(_, made)| made);
            arguments.push(match (value, made) {
                (Some(value), _) => match key.filter(|(key, _)| same(key, value)) {
                    Some((_, name)) => quote! { ParamValue::of(&#name) },
                    None => {
                        let value = match &mut lasts {
                            Some(lasts) => lasting_value(shared, scope, value, &described.name, lasts),
                            None => materialise(expr(shared.types, scope, value)).borrowed(),
                        };
                        quote! { ParamValue::of(#value) }
                    }
                },
                (None, Some(made)) => {
                    let name = scope.fresh(&described.name, "_json");
                    before.extend(body_buffer(shared, scope, made, &name, 128));
                    match handed {
                        Handed::Json => quote! { ParamValue::text_of(&#name) },
                        _ => quote! { ParamValue::of_json(&#name) },
                    }
                }
                (None, None) => quote! { ParamValue::Absent },
            });
            continue;
        }
        let list = handed == Handed::List;
        arguments.push(match value {
            None => quote! { None },
            Some(value) => {
                let is_key = key.is_some_and(|(key, _)| same(key, value));
                let tokens = match (is_key, key, &mut lasts) {
                    (true, Some((_, name)), _) => quote! { #name },
                    (_, _, Some(lasts)) => lasting(shared, scope, value, list, &described.name, lasts),
                    _ => argument(shared, scope, value, list),
                };
                if optional && !value.ty.is_optional() {
                    quote! { Some(#tokens) }
                } else {
                    tokens
                }
            }
        });
    }
    let arguments = match &names.struct_name {
        Some(name) => {
            let name = ident(name);
            let fields = names.arguments.iter().zip(&arguments).map(|(field, value)| {
                let field = ident(field);
                if field == value.to_string() {
                    quote! { #field }
                } else {
                    quote! { #field: #value }
                }
            });
            quote! { , #module::#name { #(#fields),* } }
        }
        None => quote! { #(, #arguments)* },
    };
    let body = operation.sends.as_ref().map(|sends| {
        // A call for each element or page sends the same body each time.
        let (made, value) = bodies::made(shared, scope, call, sends, again);
        before.extend(made);
        quote! { , #value }
    });
    (before, quote! { #module::#function(cx #arguments #body) })
}

fn same(a: &TExpr, b: &TExpr) -> bool {
    crate::plan::calls::same(a, b)
}

/// Statements that write a shape into a buffer of its own.
pub fn body_buffer(shared: &Shared, scope: &mut Scope, body: &TShape, name: &Ident, bytes: usize) -> TokenStream {
    let bytes = proc_macro2::Literal::usize_unsuffixed(bytes);
    let writes = scope.buffer(|scope| write(shared.types, scope, &Target::Root(name.clone()), body));
    quote! { let mut #name = JsonBuffer::with_capacity(#bytes); #writes }
}

/// The request with its name and policies. `key`: the variable of what a keyed call is for. Where the request is made
/// many times, what its headers need is made `before`.
pub fn described(
    shared: &Shared,
    scope: &mut Scope,
    call: &Call,
    request: TokenStream,
    key: Option<&Ident>,
    mut before: Option<&mut TokenStream>,
) -> TokenStream {
    let name = &call.name;
    let mut chain = quote! { #request.named(#name) };
    for (name, value) in &call.headers {
        let value = match &mut before {
            Some(before) => lasting(shared, scope, value, false, name, before),
            None => argument(shared, scope, value, false),
        };
        chain.extend(quote! { .header(#name, #value) });
    }
    if let Some(meta) = super::meta::of(scope, name) {
        chain.extend(match key {
            None => quote! { .meta(&#meta) },
            Some(key) if call.each.as_ref().is_some_and(|each| each.batch.is_some()) => {
                quote! { .meta_of(#meta.of_any(#key)) }
            }
            Some(key) => quote! { .meta_of(#meta.get(&#key)) },
        });
    }
    if let Some(ms) = call.policy.timeout {
        let ms = proc_macro2::Literal::u64_unsuffixed(ms);
        chain.extend(quote! { .timeout_ms(#ms) });
    }
    let said = &shared.policies[call.upstream][call.operation].policy;
    chain.extend(policy::chain(&call.policy, said));
    if let Some(text) = &call.warn {
        chain.extend(quote! { .warn(#text) });
    }
    if let OnError::Fail(statuses) = &call.on_error {
        for (from, to) in statuses {
            let (from, to) = (proc_macro2::Literal::u16_unsuffixed(*from), proc_macro2::Literal::u16_unsuffixed(*to));
            chain.extend(quote! { .status(#from, #to) });
        }
    }
    chain
}

/// The request with its name and policies, sent.
fn send(
    shared: &Shared,
    scope: &mut Scope,
    call: &Call,
    request: TokenStream,
    key: Option<&Ident>,
    before: Option<&mut TokenStream>,
) -> TokenStream {
    let chain = described(shared, scope, call, request, key, before);
    match &call.on_error {
        OnError::Fail(_) => match &call.stream {
            Some(stream) => {
                let limits = policy::stream(stream);
                quote! { #chain #limits.stream() }
            }
            None => quote! { #chain.send() },
        },
        OnError::Absent if may_be_empty(shared, call) => quote! { #chain.send_or_none() },
        OnError::Absent => quote! { #chain.send_or_absent() },
        OnError::Default(shape) => {
            let writes = scope.buffer(|scope| write(shared.types, scope, &Target::Root(ident("json")), shape));
            quote! { #chain.send_or(|json| { #writes Ok(()) }) }
        }
    }
}
