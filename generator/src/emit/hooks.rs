//! Hooks: the trait that the team implements, the types it gives, and the stub it starts from.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{Names, ident, snake};
use super::print::{docs, file};
use super::rules::Rules;
use super::shapes::parameter;
use super::types::{Types, Uses};
use crate::plan::model::Plan;
use crate::plan::ty::{Ty, TyKind};
use crate::schema::SchemaId;

/// The module with the trait.
const HERE: &str = "crate::generated::hooks";

/// Beside `self` and `cx`; clippy counts more as too many.
const MAX_ARGS: usize = 5;

/// The module with the trait; none where there are no hooks.
pub fn module(plan: &Plan, types: &Types, structs: &[SchemaId]) -> Result<Option<String>, String> {
    if plan.hooks.is_empty() {
        return Ok(None);
    }
    let mut uses = Uses::default();
    let methods: Vec<TokenStream> = plan
        .hooks
        .iter()
        .map(|hook| {
            let name = ident(&snake(&hook.name));
            let text = hook.description.clone().unwrap_or_else(|| format!("The hook `{}`.", hook.name));
            let docs = docs(&text);
            let args = arguments(types, &hook.args, "", HERE, &mut uses);
            let returns = result(types, &hook.returns, &mut uses);
            quote! {
                #docs
                fn #name(&self, cx: &Cx #args) -> impl Future<Output = Result<#returns, HookError>> + Send;
            }
        })
        .collect();
    let expected = expected(plan);
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
fn expected(plan: &Plan) -> TokenStream {
    let constructor = |name: &str| name == "new" || name.starts_with("from_") || name.starts_with("into_");
    let mut out = TokenStream::new();
    if plan.hooks.iter().any(|hook| constructor(&snake(&hook.name))) {
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
pub fn stub(plan: &Plan, types: &Types) -> Result<Option<String>, String> {
    if plan.hooks.is_empty() {
        return Ok(None);
    }
    let mut uses = Uses::default();
    uses.path(HERE, "Hooks");
    let methods: Vec<TokenStream> = plan
        .hooks
        .iter()
        .map(|hook| {
            let name = ident(&snake(&hook.name));
            let args = arguments(types, &hook.args, "_", "", &mut uses);
            let returns = result(types, &hook.returns, &mut uses);
            if let Some(home) = struct_of(types, &hook.returns) {
                uses.path(&home.module, &home.name);
            }
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

fn struct_of<'a>(types: &'a Types, ty: &Ty) -> Option<&'a super::types::Home> {
    match &ty.bare().kind {
        TyKind::Object(id) | TyKind::Union(id) => types.home(*id),
        TyKind::List(item) | TyKind::Map(item) => struct_of(types, item),
        _ => None,
    }
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

fn result(types: &Types, ty: &Ty, uses: &mut Uses) -> TokenStream {
    match ty.schema {
        Some(schema) => types.rust(schema, HERE, true, uses),
        None => quote! { () },
    }
}
