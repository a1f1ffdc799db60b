//! What a module imports: the names that its items mention, found by reading them as syntax.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::visit::{self, Visit};

use crate::emit::names::ident;

/// Which module it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Imports {
    /// Methods and the types beside them.
    Methods,
    /// The types of the document: they may have any name that is not imported here.
    Types,
}

/// Names of the runtime, for methods.
const METHODS: &[&str] = &[
    "Body",
    "ByteStream",
    "Encoding",
    "Error",
    "EventStream",
    "Json",
    "Method",
    "Multipart",
    "Nullable",
    "Part",
    "Style",
];

/// Names of the runtime, for types.
const TYPES: &[&str] = &["Json", "Nullable"];

/// Names of serde, for types.
const SERDE: &[&str] = &["Deserialize", "Deserializer", "Serialize", "Serializer"];

/// First segments of the paths in some items.
#[derive(Default)]
struct Mentioned(BTreeSet<String>);

impl<'ast> Visit<'ast> for Mentioned {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first() {
            self.0.insert(first.ident.to_string());
        }
        visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        // Derives and serde's attributes name things within their tokens.
        if let syn::Meta::List(list) = &attribute.meta {
            self.tokens(&list.tokens);
        }
    }
}

impl Mentioned {
    fn tokens(&mut self, tokens: &TokenStream) {
        for tree in tokens.clone() {
            match tree {
                TokenTree::Ident(ident) => drop(self.0.insert(ident.to_string())),
                TokenTree::Group(group) => self.tokens(&group.stream()),
                TokenTree::Literal(literal) if literal.to_string().starts_with("\"typed::") => {
                    self.0.insert("typed".into());
                }
                _ => {}
            }
        }
    }
}

/// The imports of a module: std, the runtime, other crates, this crate.
pub fn imports(items: &[TokenStream], which: Imports) -> Result<TokenStream, String> {
    let mut mentioned = Mentioned::default();
    for item in items {
        let file: syn::File = syn::parse2(item.clone()).map_err(|error| format!("{error}: {item}"))?;
        mentioned.visit_file(&file);
    }
    let among = |names: &[&str]| -> Vec<proc_macro2::Ident> {
        names.iter().filter(|name| mentioned.0.contains(**name)).map(|name| ident(name)).collect()
    };
    let mut out = TokenStream::new();
    let group = |path: TokenStream, names: Vec<TokenStream>| match names.as_slice() {
        [] => quote! {},
        [one] => quote! { use #path::#one; },
        many => quote! { use #path::{#(#many),*}; },
    };
    let plain = |names: Vec<proc_macro2::Ident>| names.iter().map(|name| quote! { #name }).collect::<Vec<_>>();
    out.extend(group(quote! { std::collections }, plain(among(&["BTreeMap"]))));
    let mut runtime = plain(among(if which == Imports::Methods { METHODS } else { TYPES }));
    if mentioned.0.contains("typed") {
        match runtime.is_empty() {
            true => out.extend(quote! { use bff_runtime::typed; }),
            false => runtime.insert(0, quote! { self }),
        }
    }
    out.extend(group(quote! { bff_runtime::typed }, runtime));
    match which {
        Imports::Types => out.extend(group(quote! { serde }, plain(among(SERDE)))),
        Imports::Methods => {
            out.extend(match mentioned.0.contains("types") {
                true => quote! { use crate::{Client, types}; },
                false => quote! { use crate::Client; },
            });
        }
    }
    Ok(out)
}
