//! Hooks: the trait that the team implements, the types it gives, and the stub it starts from.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{Names, ident, snake};
use super::print::{docs, file};
use super::rules::Rules;
use super::shapes::parameter;
use super::types::{Types, Uses};
use crate::plan::model::Plan;
use crate::plan::ty::Ty;
use crate::schema::SchemaId;

/// The module with the trait.
const HERE: &str = "crate::generated::hooks";

/// Beside `self` and `cx`; clippy counts more as too many.
const MAX_ARGS: usize = 5;

/// What callers need to know of a hook.
#[derive(Clone, Debug)]
pub struct Method {
    /// The hook's name in the composition.
    pub hook: String,
    /// The method of the trait.
    pub name: String,
}

/// The method of each hook: hooks whose names are one in Rust (`badge`, `Badge`) have methods of their own.
pub fn methods(plan: &Plan) -> Vec<Method> {
    let mut names = Names::default();
    let method = |hook: &str| Method { hook: hook.to_owned(), name: names.take(&snake(hook), "_hook") };
    plan.hooks.iter().map(|hook| hook.name.as_str()).map(method).collect()
}

/// The module with the trait; none where there are no hooks.
pub fn module(plan: &Plan, types: &Types, structs: &[SchemaId], named: &[Method]) -> Result<Option<String>, String> {
    if plan.hooks.is_empty() {
        return Ok(None);
    }
    let mut uses = Uses::default();
    let methods: Vec<TokenStream> = plan
        .hooks
        .iter()
        .zip(named)
        .map(|(hook, method)| {
            let name = ident(&method.name);
            let text = hook.description.clone().unwrap_or_else(|| format!("The hook `{}`.", hook.name));
            let docs = docs(&text);
            let args = arguments(types, &hook.args, "", HERE, &mut uses);
            let returns = result(types, &hook.returns, HERE, &mut uses);
            quote! {
                #docs
                fn #name(&self, cx: &Cx #args) -> impl Future<Output = Result<#returns, HookError>> + Send;
            }
        })
        .collect();
    let expected = expected(plan, named);
    let mut items = vec![quote! {
        #expected
        /// What this BFF computes in Rust.
        pub trait Hooks: Send + Sync + 'static {
            #(#methods)*
        }
    }];
    let mut rules = Rules::default();
    for id in structs {
        items.extend(types.item(*id, &mut rules, &mut uses));
    }
    items.extend(rules.into_items());
    uses.mentioned(&items, super::RUNTIME_NAMES);
    let head = super::head(&["Hooks: what the composition leaves to Rust. Implemented in `src/hooks.rs`.".to_string()]);
    file(&head, uses.tokens(), items).map(Some)
}

/// What clippy would say of the trait's methods; their names and arguments are the composition's.
fn expected(plan: &Plan, named: &[Method]) -> TokenStream {
    let constructor = |name: &str| name == "new" || name.starts_with("from_") || name.starts_with("into_");
    let mut out = TokenStream::new();
    if named.iter().any(|method| constructor(&method.name)) {
        out.extend(quote! {
            #[expect(clippy::wrong_self_convention, reason = "hooks are named by the composition")]
        });
    }
    if plan.hooks.iter().any(|hook| hook.args.len() > MAX_ARGS) {
        out.extend(quote! {
            #[expect(clippy::too_many_arguments, reason = "hooks take what the composition says")]
        });
    }
    out
}

/// The stub: it compiles, and each hook says that it is not written yet.
pub fn stub(plan: &Plan, types: &Types, named: &[Method]) -> Result<Option<String>, String> {
    if plan.hooks.is_empty() {
        return Ok(None);
    }
    let mut uses = Uses::default();
    uses.path(HERE, "Hooks");
    let methods: Vec<TokenStream> = plan
        .hooks
        .iter()
        .zip(named)
        .map(|(hook, method)| {
            let name = ident(&method.name);
            let args = arguments(types, &hook.args, "_", "", &mut uses);
            let returns = result(types, &hook.returns, "", &mut uses);
            let text = format!("the hook `{}` is not written yet", hook.name);
            quote! {
                async fn #name(&self, _cx: &Cx #args) -> Result<#returns, HookError> {
                    Err(HookError::new(#text))
                }
            }
        })
        .collect();
    let items = vec![
        quote! {
            /// Add what the hooks need: clients, tables, settings.
            #[derive(Clone, Debug, Default)]
            pub struct AppHooks;
        },
        quote! { impl Hooks for AppHooks { #(#methods)* } },
    ];
    uses.mentioned(&items, super::RUNTIME_NAMES);
    let head = ["The hooks of this BFF. This file is yours: it is written once and never overwritten.".to_string()];
    file(&head, uses.tokens(), items).map(Some)
}

/// The arguments of a hook's method after `cx`; `prefix` is `_` where they are not used, `from` the module.
fn arguments(types: &Types, args: &[(String, Ty)], prefix: &str, from: &str, uses: &mut Uses) -> TokenStream {
    let mut names = Names::with(&["cx"]);
    let args = args.iter().map(|(name, ty)| {
        let name = ident(&format!("{prefix}{}", names.take(&snake(name), "_arg")));
        let ty = parameter(types, ty, from, uses);
        quote! { #name: #ty }
    });
    let args: Vec<TokenStream> = args.collect();
    quote! { #(, #args)* }
}

fn result(types: &Types, ty: &Ty, from: &str, uses: &mut Uses) -> TokenStream {
    match ty.schema {
        Some(schema) => types.rust(schema, from, true, uses),
        None => quote! { () },
    }
}
