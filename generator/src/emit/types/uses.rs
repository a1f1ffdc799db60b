//! What a module imports.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::names::ident;

/// What a module imports: from the runtime, and from its neighbours.
#[derive(Default)]
pub struct Uses {
    runtime: BTreeSet<String>,
    paths: BTreeMap<String, BTreeSet<String>>,
}

impl Uses {
    /// A name of `bff_runtime::codegen`.
    pub fn runtime(&mut self, name: &str) {
        self.runtime.insert(name.to_string());
    }

    /// A name of another module.
    pub fn path(&mut self, module: &str, name: &str) {
        self.paths.entry(module.to_string()).or_default().insert(name.to_string());
    }

    /// Whether a name is imported from another module than this.
    pub fn is_taken(&self, module: &str, name: &str) -> bool {
        self.paths.iter().any(|(other, names)| other != module && names.contains(name))
    }

    /// Adds the runtime's names that items mention.
    pub fn mentioned(&mut self, items: &[TokenStream], names: &[&str]) {
        // A small name counts where it is a path (`list::at`) or called (`each(...)`), not as a
        // variable, a field or a method.
        fn collect(tokens: &TokenStream, found: &mut HashSet<String>) {
            let trees: Vec<_> = tokens.clone().into_iter().collect();
            let mut of_enum = false;
            for (at, tree) in trees.iter().enumerate() {
                match tree {
                    // The variants of an enumeration are names of its own.
                    proc_macro2::TokenTree::Ident(word) if *word == "enum" => of_enum = true,
                    proc_macro2::TokenTree::Group(body)
                        if of_enum && body.delimiter() == proc_macro2::Delimiter::Brace =>
                    {
                        of_enum = false;
                        for part in body.stream() {
                            if let proc_macro2::TokenTree::Group(value) = part {
                                collect(&value.stream(), found);
                            }
                        }
                    }
                    proc_macro2::TokenTree::Ident(ident) => {
                        let name = ident.to_string();
                        let punct = |at: usize, c: char| matches!(trees.get(at), Some(proc_macro2::TokenTree::Punct(p)) if p.as_char() == c);
                        let is_type = name.starts_with(char::is_uppercase);
                        // A method, or something of another module.
                        let elsewhere =
                            at > 0 && punct(at - 1, '.') || at > 1 && punct(at - 1, ':') && punct(at - 2, ':');
                        let is_path = punct(at + 1, ':') && punct(at + 2, ':');
                        let is_called = matches!(
                            trees.get(at + 1),
                            Some(proc_macro2::TokenTree::Group(g)) if g.delimiter() == proc_macro2::Delimiter::Parenthesis
                        );
                        let declared =
                            at > 0 && matches!(&trees[at - 1], proc_macro2::TokenTree::Ident(word) if *word == "fn");
                        // `JsonType::Number` names a variant, not the type `Number`.
                        let within = at > 1 && punct(at - 1, ':') && punct(at - 2, ':');
                        // The one function that is handed to others.
                        let is_handed =
                            name == "compare" && !elsewhere && trees.get(at + 1).is_none_or(|_| punct(at + 1, ','));
                        if is_type && !within || is_handed || (!elsewhere && !declared && (is_path || is_called)) {
                            found.insert(name);
                        }
                    }
                    proc_macro2::TokenTree::Group(group) => collect(&group.stream(), found),
                    _ => {}
                }
            }
        }
        let mut found = HashSet::new();
        items.iter().for_each(|item| collect(item, &mut found));
        for name in names {
            if found.contains(*name) {
                self.runtime(name);
            }
        }
    }

    /// The `use` items.
    pub fn tokens(&self) -> TokenStream {
        let group = |path: TokenStream, names: &BTreeSet<String>| {
            let names: Vec<_> = names.iter().map(|name| ident(name)).collect();
            match names.as_slice() {
                [one] => quote! { use #path::#one; },
                many => quote! { use #path::{#(#many),*}; },
            }
        };
        let mut out = TokenStream::new();
        if !self.runtime.is_empty() {
            out.extend(group(quote! { bff_runtime::codegen }, &self.runtime));
        }
        for (module, names) in &self.paths {
            if let Ok(path) = syn::parse_str::<syn::Path>(module) {
                out.extend(group(quote! { #path }, names));
            }
        }
        out
    }
}
