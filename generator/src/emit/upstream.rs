//! An upstream's module: the service, its operations as functions, and the types they give.

use proc_macro2::TokenStream;
use quote::quote;

use super::bodies;
use super::names::{Names, ident, screaming, snake};
use super::parameters;
use super::policy;
use super::print::{docs, file, first_sentence};
use super::rules::Rules;
use super::types::{Types, Uses};
use crate::composition::ast::Validate;
use crate::openapi::media::Carried;
use crate::openapi::{Method, Operation};
use crate::plan::model::{Policy, Upstream, UpstreamOperation};
use crate::plan::wire::{self, Handed};
use crate::schema::{Kind, SchemaId};

/// More parameters than this are passed as a struct.
const MAX_ARGUMENTS: usize = 5;

/// Rust names of an operation, as its module and its callers know them.
#[derive(Clone, Debug)]
pub struct OperationNames {
    /// `list_orders`
    pub function: String,
    /// `LIST_ORDERS`
    pub constant: String,
    /// The argument names, by position in `params`.
    pub arguments: Vec<String>,
    /// `ListOrders`, where the arguments are passed as a struct.
    pub struct_name: Option<String>,
}

/// Names for all operations of an upstream.
pub fn operation_names(upstream: &Upstream, taken: &mut Names) -> Vec<OperationNames> {
    let mut functions = Names::default();
    let mut constants = Names::with(&["UPSTREAM"]);
    upstream
        .operations
        .iter()
        .map(|operation| {
            // Streamed by one endpoint and read by another, it is two functions.
            let id = &operation.operation.head.id;
            let twin = |other: &UpstreamOperation| other.operation.head.id == *id && other.came.passed.is_none();
            let id = match operation.came.passed.is_some() && upstream.operations.iter().any(twin) {
                true => format!("{id} stream"),
                false => id.clone(),
            };
            let function = functions.take(&snake(&id), "_");
            let constant = constants.take(&screaming(&id), "_OPERATION");
            let mut names = Names::with(&["cx", "body"]);
            let arguments: Vec<String> = operation
                .params
                .iter()
                .map(|at| names.take(&snake(&operation.operation.parameters[*at].name), "_"))
                .collect();
            let many = arguments.len() > MAX_ARGUMENTS;
            let struct_name =
                many.then(|| taken.take(&super::names::pascal(&operation.operation.head.id), "Arguments"));
            OperationNames { function, constant, arguments, struct_name }
        })
        .collect()
}

/// Where a service stands in the crate.
#[derive(Clone, Copy)]
pub struct Stands<'a> {
    /// Its position among all services.
    pub at: usize,
    /// The static that says where its schemas stand in its document.
    pub places: Option<&'a str>,
}

/// The module's text.
pub fn module(
    types: &Types,
    upstream: &Upstream,
    stands: Stands,
    names: &[OperationNames],
    policies: &[policy::Shared],
    structs: &[SchemaId],
    module: &str,
) -> Result<String, String> {
    let mut uses = Uses::default();
    let mut rules = Rules::default();
    rules.reserve("UPSTREAM");
    for names in names {
        rules.reserve(&names.constant);
    }
    if stands.places.is_some() {
        uses.path("crate::generated", "places");
    }
    let mut items = vec![service(upstream, stands)];
    let mut functions = Vec::new();
    for ((operation, names), policy) in upstream.operations.iter().zip(names).zip(policies) {
        functions.push(constant(types, operation, names, policy, &mut rules));
        functions.extend(function(types, operation, names, module, &mut rules, &mut uses));
    }
    let mut decoders = Vec::new();
    for id in structs {
        decoders.extend(types.item(*id, &mut rules, &mut uses));
    }
    items.extend(functions);
    items.extend(decoders);
    items.extend(rules.into_items());
    uses.mentioned(&items, super::RUNTIME_NAMES);
    let head = super::head(&[
        format!("`{}`: {}{}, as far as this BFF uses it.", upstream.name, upstream.title, version(&upstream.version)),
        format!("Document: {}.", upstream.spec),
    ]);
    file(&head, uses.tokens(), items)
}

fn version(version: &str) -> String {
    if version.is_empty() { String::new() } else { format!(" {version}") }
}

fn service(upstream: &Upstream, stands: Stands) -> TokenStream {
    let (name, url) = (&upstream.name, &upstream.url);
    let at = proc_macro2::Literal::usize_unsuffixed(stands.at);
    let places = stands.places.map(ident).map(|name| quote! { .places(&places::#name) });
    let timeout = upstream.timeout.map(|ms| {
        let ms = proc_macro2::Literal::u64_unsuffixed(ms);
        quote! { .timeout_ms(#ms) }
    });
    let headers = upstream.headers.iter().map(|(name, value)| quote! { .header(#name, #value) });
    let forward = upstream.forward.then(|| quote! { .forward_authorization() });
    quote! {
        /// The service and how it is called.
        pub static UPSTREAM: Upstream = Upstream::new(#name, #at, #url) #places #timeout #(#headers)* #forward;
    }
}

fn constant(
    types: &Types,
    operation: &UpstreamOperation,
    names: &OperationNames,
    shared: &policy::Shared,
    rules: &mut Rules,
) -> TokenStream {
    let head = &operation.operation.head;
    let name = ident(&names.constant);
    let (id, path) = (&head.id, &head.path);
    let method = method(head.method);
    let success = (!operation.came.success.is_empty()).then(|| {
        let statuses = operation.came.success.iter().map(|s| proc_macro2::Literal::u16_unsuffixed(*s));
        quote! { .success(&[#(#statuses),*]) }
    });
    let carried = operation.came.body.as_ref().and_then(|body| {
        // A wildcard is asked for as it stands.
        let media_type = &body.media.media_type;
        match body.how {
            _ if operation.came.passed.is_some() => None,
            Carried::Text => Some(quote! { .text(#media_type) }),
            Carried::Bytes => Some(quote! { .bytes(#media_type) }),
            _ => None,
        }
    });
    let passed = operation.came.passed.as_ref().map(|passed| {
        let media = passed.media.join(", ");
        let headers = passed.headers.iter().map(|(name, _)| name);
        let unchanged = passed.unchanged.then(|| quote! { .or_unchanged() });
        quote! { .stream(#media, &[#(#headers),*]) #unchanged }
    });
    let length =
        operation.came.size.and_then(|size| bodies::range(size.length)).map(|range| quote! { .length(#range) });
    let by_status: Vec<TokenStream> = operation
        .came
        .by_status
        .iter()
        .map(|(status, schema)| {
            let status_text = proc_macro2::Literal::u16_unsuffixed(*status);
            let rule = rules.member(types.schemas, &head.id, &format!("{status} body"), *schema, true);
            quote! { (#status_text, #rule) }
        })
        .collect();
    // What is taken apart is told by itself: that it goes with the status, its rule has to say.
    let apart = !by_status.is_empty() && operation.came.schema().is_some_and(|body| types.home(body).is_some());
    let by_status = (!by_status.is_empty()).then(|| quote! { .body_by_status(&[#(#by_status),*]) });
    // What a text means, its rule says.
    let of_text = operation.came.schema().filter(|_| operation.came.how() == Some(Carried::Text)).map(|body| {
        let rule = rules.member(types.schemas, &head.id, "body", body, true);
        quote! { .body(#rule) }
    });
    let body = operation
        .came
        .schema()
        .filter(|_| of_text.is_none())
        .map(|body| types.schemas.canonical(body))
        .filter(|body| shared.whole || !types.demand.is_typed(*body) && !is_scalar(types, *body))
        .map(|body| {
            let rule = rules.reference(types.schemas, body);
            match rule.clone().into_iter().count() {
                2 => quote! { .body(#rule) },
                _ => {
                    let rule = rules.member(types.schemas, &head.id, "body", body, true);
                    quote! { .body(#rule) }
                }
            }
        });
    let body = of_text.or(body).or_else(|| {
        // What is read of a list or a scalar is checked by a rule too; a struct's decoder has its own.
        let id = operation.came.schema()?;
        let is_struct = types.home(id).is_some();
        (!is_struct).then(|| {
            let rule = rules.typed_member(types, &head.id, "body", id);
            quote! { .body(#rule) }
        })
    });
    let validate = shared.policy.validate.or(apart.then_some(Validate::Full));
    let policy = policy::chain(&Policy { validate, ..shared.policy.clone() }, &Policy::default());
    quote! {
        static #name: Operation = Operation::new(&UPSTREAM, #id, Method::#method, #path) #success #carried #passed #length #body #by_status #policy;
    }
}

fn is_scalar(types: &Types, id: SchemaId) -> bool {
    matches!(types.schemas.get(id).kind, Kind::Boolean | Kind::Integer(_) | Kind::Number(_) | Kind::String(_))
}

/// `GET`
pub fn method(method: Method) -> proc_macro2::Ident {
    ident(method.as_str())
}

fn function(
    types: &Types,
    operation: &UpstreamOperation,
    names: &OperationNames,
    module: &str,
    rules: &mut Rules,
    uses: &mut Uses,
) -> Vec<TokenStream> {
    let described = &operation.operation;
    let constant = ident(&names.constant);
    let function = ident(&names.function);
    let value = match (operation.came.how(), operation.came.schema()) {
        _ if operation.came.passed.is_some() => quote! { Streamed },
        (Some(Carried::Bytes), _) => quote! { Bytes },
        (_, Some(body)) => types.rust(body, module, false, uses),
        (_, None) => quote! { () },
    };
    let value = match operation.came.may_be_empty {
        true => quote! { Option<#value> },
        false => value,
    };
    let mut items = Vec::new();
    let mut parameters = Vec::new();
    let mut calls = Vec::new();
    for (at, argument) in operation.params.iter().zip(&names.arguments) {
        let param = &described.parameters[*at];
        let argument = ident(argument);
        let handed = wire::handed(types.schemas, param);
        let value_of_any = matches!(handed, Handed::Value | Handed::Json);
        let ty = match value_of_any {
            true => quote! { ParamValue<'_> },
            false => parameter_type(types, param.schema),
        };
        let ty = if operation.optional_params.contains(at) && !value_of_any {
            quote! { Option<#ty> }
        } else {
            ty
        };
        let doc = param.description.as_deref().map(first_sentence).unwrap_or_default();
        let value = if names.struct_name.is_some() {
            quote! { arguments.#argument }
        } else {
            quote! { #argument }
        };
        if operation.checked_params.contains(at) {
            let schema = match types.schemas.get(param.schema).kind {
                Kind::Nullable(inner) => inner,
                _ => param.schema,
            };
            let rule = rules.member(types.schemas, &described.head.id, &param.name, schema, true);
            calls.push(parameters::check(param, handed, &value, &rule));
        }
        parameters.push((argument, ty, doc));
        calls.push(parameters::send(param, handed, value));
    }
    let text = operation_doc(described);
    let docs = docs(&text);
    let body_arg = operation.sends.as_ref().map(|sends| {
        let ty = bodies::argument_type(sends);
        quote! { , body: #ty }
    });
    let body_call = operation.sends.as_ref().map(bodies::send);
    let rule = operation
        .checked_body
        .map(|schema| rules.member(types.schemas, &described.head.id, "request body", schema, true));
    let checked =
        operation.sends.as_ref().and_then(|sends| bodies::check(types.schemas, sends, rule, &operation.files));
    let arguments = match &names.struct_name {
        Some(name) => {
            let name = ident(name);
            let text = format!(" Arguments of [`{}`].", names.function);
            let fields = parameters.iter().map(|(argument, ty, doc)| {
                let doc = super::print::docs(if doc.is_empty() { "Parameter of the operation." } else { doc });
                quote! { #doc pub #argument: #ty }
            });
            let borrows = parameters.iter().any(|(_, ty, _)| ty.to_string().contains(['\'', '&']));
            let lifetime = borrows.then(|| quote! { <'p> });
            let fields: Vec<TokenStream> = fields.map(|f| named_lifetime(&f)).collect();
            let whole = parameters.iter().any(|(_, ty, _)| ty.to_string().contains("ParamValue"));
            let copy = (!whole).then(|| quote! { Copy, });
            items.push(quote! {
                #[doc = #text]
                #[derive(Clone, #copy Debug)]
                pub struct #name #lifetime { #(#fields),* }
            });
            let elided = borrows.then(|| quote! { <'_> });
            quote! { , arguments: #name #elided }
        }
        None => {
            let all = parameters.iter().map(|(argument, ty, _)| quote! { #argument: #ty });
            quote! { #(, #all)* }
        }
    };
    let deprecated = described.deprecated.then(docs_deprecated);
    items.push(quote! {
        #docs
        #deprecated
        pub fn #function<'a>(cx: &'a Cx #arguments #body_arg) -> Request<'a, #value> {
            Request::new(cx, &#constant) #(#calls)* #checked #body_call
        }
    });
    items
}

fn docs_deprecated() -> TokenStream {
    quote! { #[doc = ""] #[doc = " Deprecated in the document."] }
}

/// `Str<'_>` as a field of a struct: `Str<'p>`.
fn named_lifetime(tokens: &TokenStream) -> TokenStream {
    tokens.to_string().replace("'_", "'p").replace("& [", "&'p [").parse().unwrap_or_else(|_| tokens.clone())
}

fn operation_doc(operation: &Operation) -> String {
    let head = format!("`{} {}`", operation.head.method.as_str(), operation.head.path);
    let about = operation.head.summary.as_deref().or(operation.description.as_deref()).map(first_sentence);
    match about.filter(|text| !text.is_empty()) {
        Some(text) => format!("{head}: {text}"),
        None => head,
    }
}

/// The Rust type of an argument.
fn parameter_type(types: &Types, schema: SchemaId) -> TokenStream {
    match &types.schemas.get(schema).kind {
        Kind::Boolean => quote! { bool },
        Kind::Integer(_) => quote! { i64 },
        Kind::Number(_) => quote! { f64 },
        Kind::Nullable(inner) => parameter_type(types, *inner),
        Kind::Array(rules) => {
            let item = parameter_type(types, rules.items);
            quote! { &[#item] }
        }
        _ => quote! { Str<'_> },
    }
}
