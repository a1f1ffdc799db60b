//! The methods: one an operation, in a module for each tag.

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use super::answers::answers;
use super::arguments::arguments;
use super::body::body;
use super::define::spelled;
use super::model::Model;
use crate::emit::names::{Names, ident, pascal, snake};
use crate::emit::print::{docs, first_sentence};
use crate::openapi::Operation;

/// Names that modules and types at the crate's root must not take.
const TAKEN: &[&str] = &[
    "Client",
    "Error",
    "Body",
    "ByteStream",
    "EventStream",
    "Multipart",
    "Part",
    "Method",
    "Style",
    "Encoding",
    "Json",
    "Nullable",
    "BTreeMap",
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "String",
    "Box",
    "Into",
    "Default",
    "Clone",
    "Copy",
    "Debug",
    "PartialEq",
    "Self",
];

/// A module of methods.
pub struct Module {
    /// `pets`
    pub name: String,
    /// The tag; none for operations without one.
    pub tag: Option<String>,
    /// `impl Client { ... }` and the types beside it.
    pub items: Vec<TokenStream>,
    /// How many operations it has.
    pub operations: usize,
}

/// A method and the types of its own.
struct Made {
    method: TokenStream,
    items: Vec<TokenStream>,
}

/// The modules of all operations, in the order of their first operation.
pub fn modules(model: &mut Model, operations: &[std::rc::Rc<Operation>]) -> Vec<Module> {
    let mut methods = Names::with(&["new", "with", "request", "http", "clone", "fmt"]);
    let mut types = Names::with(TAKEN);
    let mut modules = Names::with(&["types", "typed", "lib", "main", "std", "core", "bff_runtime", "serde"]);
    let mut made: IndexMap<Option<String>, (String, Vec<Made>)> = IndexMap::new();
    for operation in operations {
        let tag = operation.head.tag.clone();
        let (_, list) = made.entry(tag.clone()).or_insert_with(|| {
            let name = tag.as_deref().map_or_else(|| "operations".to_string(), module_name);
            (modules.take(&name, "_operations"), Vec::new())
        });
        let method = methods.take(&snake(&spelled(&operation.head.id)), "_");
        list.push(one(model, operation, &method, &mut types));
    }
    made.into_iter()
        .map(|(tag, (name, list))| {
            let methods = list.iter().map(|made| &made.method);
            let mut items = vec![quote! { impl Client { #(#methods)* } }];
            let operations = list.len();
            items.extend(list.into_iter().flat_map(|made| made.items));
            Module { name, tag, items, operations }
        })
        .collect()
}

/// A module is a file: its name keeps to ASCII.
fn module_name(tag: &str) -> String {
    let plain: String = tag.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { ' ' }).collect();
    if plain.trim().is_empty() { "operations".into() } else { snake(&plain) }
}

fn one(model: &mut Model, operation: &Operation, method: &str, types: &mut Names) -> Made {
    let base = pascal(&spelled(&operation.head.id));
    let mut type_name = |suffix: &str| types.take(&format!("{base}{suffix}"), "_");
    let body = body(model, operation, method, &mut type_name);
    let beside = usize::from(!body.argument.is_empty());
    let arguments = arguments(model, operation, method, beside, &mut type_name);
    let answers = answers(model, operation, method, &mut type_name);
    let head = &operation.head;
    let docs = method_docs(operation);
    let deprecated = operation.deprecated.then(|| quote! { #[deprecated = "as the document says"] });
    let (name, verb, path) = (ident(method), ident(head.method.as_str()), &head.path);
    let (list, sent) = (&arguments.list, &arguments.sent);
    let (body_argument, body_sent) = (&body.argument, &body.sent);
    let (value, error, arms) = (&answers.value, &answers.error, &answers.arms);
    let accept = answers.accept.as_ref().map(|media| quote! { .accept(#media) });
    let request = quote! { self.request(Method::#verb, #path) #accept #sent #body_sent };
    let send = match &body.choice {
        Some(choice) => quote! {
            let request = #request;
            #choice
            let answer = request.send().await?;
        },
        None => quote! { let answer = #request.send().await?; },
    };
    let method = quote! {
        #docs
        #deprecated
        pub async fn #name(&self #list #body_argument) -> Result<#value, #error> {
            #send
            match answer.status() { #(#arms,)* }
        }
    };
    let items = arguments.item.into_iter().chain(body.items).chain(answers.items).collect();
    Made { method, items }
}

fn method_docs(operation: &Operation) -> TokenStream {
    let head = format!("`{} {}`", operation.head.method.as_str(), operation.head.path.escape_debug());
    let about = operation.head.summary.as_deref().map(first_sentence).filter(|text| !text.is_empty());
    let text = match about {
        Some(about) => format!("{head}: {about}"),
        None => head,
    };
    docs(&text)
}
