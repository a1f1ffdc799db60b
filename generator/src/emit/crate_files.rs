//! The files around the code: manifest, router, `main.rs`, README, Dockerfile.

use indexmap::IndexMap;
use minijinja::{Environment, Value, context};
use proc_macro2::TokenStream;
use quote::quote;

use super::endpoint::uses_hooks;
use super::names::{ident, kebab};
use super::print::{blank, file};
use super::types::Uses;
use super::{Runtime, head};
use crate::plan::Plan;
use crate::plan::model::{Endpoint, Upstream};

/// What the files are made of.
pub struct Parts<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// How the runtime is had.
    pub runtime: &'a Runtime,
    /// Modules of the upstreams that are called.
    pub upstreams: &'a [(String, &'a Upstream)],
    /// Modules of the endpoints.
    pub endpoints: &'a [(String, &'a Endpoint)],
    /// There are named shapes.
    pub has_shapes: bool,
    /// There are types of inputs.
    pub has_inputs: bool,
    /// It is known where schemas stand.
    pub has_places: bool,
}

/// `web-bff`
pub fn package(plan: &Plan) -> String {
    format!("{}-bff", kebab(&plan.name))
}

/// Files that bffgen owns.
pub fn generated(parts: &Parts) -> Result<Vec<(String, String)>, String> {
    Ok(vec![
        ("Cargo.toml".into(), manifest(parts)?),
        ("src/generated/mod.rs".into(), root(parts)?),
        ("src/generated/router.rs".into(), router(parts)?),
        (
            "src/generated/endpoints/mod.rs".into(),
            modules("Endpoints, one a module.", parts.endpoints.iter().map(|(name, _)| name))?,
        ),
        (
            "src/generated/upstreams/mod.rs".into(),
            modules("Upstreams, one a module.", parts.upstreams.iter().map(|(name, _)| name))?,
        ),
    ])
}

/// Files that the team owns once they are written.
pub fn team(parts: &Parts) -> Result<Vec<(String, String)>, String> {
    Ok(vec![
        ("src/main.rs".into(), main(parts)?),
        ("src/lib.rs".into(), lib(parts)?),
        ("README.md".into(), readme(parts)?),
        (
            "Dockerfile".into(),
            render(
                "Dockerfile",
                include_str!("../../../templates/Dockerfile.j2"),
                context! { name => package(parts.plan) },
            )?,
        ),
        (".gitignore".into(), render("gitignore", include_str!("../../../templates/gitignore.j2"), context! {})?),
    ])
}

/// A template filled in; it ends with one newline.
pub(crate) fn render(name: &str, template: &str, values: Value) -> Result<String, String> {
    let mut environment = Environment::new();
    // minijinja drops one newline at the end, and files end with one.
    environment.add_template(name, template).map_err(|error| error.to_string())?;
    let text = environment.get_template(name).and_then(|t| t.render(values)).map_err(|error| error.to_string())?;
    Ok(format!("{}\n", text.trim_end()))
}

fn manifest(parts: &Parts) -> Result<String, String> {
    let runtime = match parts.runtime {
        Runtime::Path(path) => format!("{{ path = {} }}", toml_string(path)),
        Runtime::Version(version) => toml_string(version),
        Runtime::Copy => "{ path = \"runtime\" }".to_string(),
    };
    let values =
        context! { name => package(parts.plan), version => crate_version(&parts.plan.version), runtime => runtime };
    render("Cargo.toml", include_str!("../../../templates/Cargo.toml.j2"), values)
}

/// A composition's version as Cargo takes it: three numbers.
fn crate_version(version: &str) -> String {
    let plain: Vec<&str> = version.split('.').collect();
    let numbers =
        plain.len() == 3 && plain.iter().all(|part| part.parse::<u64>().is_ok_and(|n| n.to_string() == **part));
    if numbers { version.to_string() } else { "0.1.0".to_string() }
}

/// A text in quotes, as TOML wants it.
pub(crate) fn toml_string(text: &str) -> String {
    serde_json::Value::String(text.to_string()).to_string()
}

fn has_hooks(parts: &Parts) -> bool {
    !parts.plan.hooks.is_empty()
}

fn root(parts: &Parts) -> Result<String, String> {
    let mut items = Vec::new();
    let mut modules = TokenStream::new();
    let list = [
        ("endpoints", true),
        ("hooks", has_hooks(parts)),
        ("inputs", parts.has_inputs),
        ("places", parts.has_places),
        ("router", true),
        ("shapes", parts.has_shapes),
        ("upstreams", true),
    ];
    for (module, there) in list {
        if there {
            let name = ident(module);
            modules.extend(quote! { pub mod #name; });
        }
    }
    items.push(modules);
    items.push(quote! { pub use router::router; });
    let statics = parts.upstreams.iter().map(|(module, _)| {
        let module = ident(module);
        quote! { &upstreams::#module::UPSTREAM }
    });
    items.push(quote! {
        /// Every service that is called.
        pub static UPSTREAMS: &[&Upstream] = &[#(#statics),*];
    });
    let uses = quote! { use bff_runtime::codegen::Upstream; };
    file(&head(&[format!("{}: all that is generated.", parts.plan.title)]), uses, items)
}

fn modules<'a>(about: &str, names: impl Iterator<Item = &'a String>) -> Result<String, String> {
    let names = names.map(|name| ident(name));
    file(&head(&[about.to_string()]), TokenStream::new(), vec![quote! { #(pub mod #names;)* }])
}

/// Routes in one expression: each call is one level deeper for whoever reads it, and thousands are too deep for
/// compilers.
const MAX_CHAIN: usize = 200;

fn router(parts: &Parts) -> Result<String, String> {
    let mut uses = Uses::default();
    uses.runtime("Runtime");
    uses.runtime("not_found");
    if !parts.endpoints.is_empty() {
        uses.runtime("routes");
    }
    let mut paths: IndexMap<&str, Vec<&(String, &Endpoint)>> = IndexMap::new();
    for endpoint in parts.endpoints {
        paths.entry(&endpoint.1.path).or_default().push(endpoint);
    }
    let hooked = parts.endpoints.iter().any(|(_, endpoint)| uses_hooks(endpoint));
    let mut routes = Vec::new();
    for (path, endpoints) in paths {
        let mut chain = quote! { routes(&runtime) };
        for (module, endpoint) in endpoints {
            uses.path("crate::generated::endpoints", module);
            let module = ident(module);
            chain.extend(match uses_hooks(endpoint) {
                false => quote! { .on(&#module::ENDPOINT, |cx| Box::pin(#module::handle(cx))) },
                true => quote! {
                    .on(&#module::ENDPOINT, {
                        let hooks = Arc::clone(&hooks);
                        move |cx| {
                            let hooks = Arc::clone(&hooks);
                            Box::pin(async move { #module::handle(cx, &*hooks).await })
                        }
                    })
                },
            });
        }
        routes.push(quote! { .route(#path, #chain.into_method_router()) });
    }
    let mut items = Vec::new();
    let (last, before) = match routes.chunks(MAX_CHAIN).collect::<Vec<_>>().split_last() {
        Some((last, before)) => (last.to_vec(), before.concat()),
        None => (Vec::new(), Vec::new()),
    };
    let mut body = TokenStream::new();
    let mut router = quote! { axum::Router::new() };
    for routes in before.chunks(MAX_CHAIN) {
        body.extend(quote! { let router = #router #(#routes)*; });
        router = quote! { router };
    }
    body.extend(quote! { #router #(#last)* .fallback_service(not_found(&runtime)) });
    if has_hooks(parts) {
        uses.path("crate::generated::hooks", "Hooks");
        let (shared, hooks) = match hooked {
            true => (quote! { let hooks = Arc::new(hooks); }, ident("hooks")),
            false => (TokenStream::new(), ident("_hooks")),
        };
        if hooked {
            uses.path("std::sync", "Arc");
        }
        let blank = blank();
        items.push(quote! {
            /// All endpoints. To be nested, layered, or served as it is.
            pub fn router<H: Hooks>(runtime: Runtime, #hooks: H) -> axum::Router {
                #shared
                #blank
                #body
            }
        });
    } else {
        items.push(quote! {
            /// All endpoints. To be nested, layered, or served as it is.
            pub fn router(runtime: Runtime) -> axum::Router {
                #body
            }
        });
    }
    file(&head(&["Routes: method and path to endpoint.".to_string()]), uses.tokens(), items)
}

fn main(parts: &Parts) -> Result<String, String> {
    let name = ident(&package(parts.plan).replace('-', "_"));
    let router = match has_hooks(parts) {
        true => quote! { |runtime| #name::router(runtime, #name::hooks::AppHooks) },
        false => quote! { #name::router },
    };
    let items = vec![
        quote! {
            #[global_allocator]
            static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
        },
        quote! {
            fn main() -> std::process::ExitCode {
                bff_runtime::main(#router, #name::UPSTREAMS)
            }
        },
    ];
    let about = format!("{}. This file is yours: it is written once and never overwritten.", parts.plan.title);
    file(&[about], TokenStream::new(), items)
}

fn lib(parts: &Parts) -> Result<String, String> {
    let hooks = has_hooks(parts).then(|| quote! { pub mod hooks; });
    // `cargo fmt` leaves what is generated alone: it would look like an edit by hand.
    let items =
        vec![quote! { #[rustfmt::skip] pub mod generated; #hooks }, quote! { pub use generated::{UPSTREAMS, router}; }];
    let about = format!("{}. This file is yours: it is written once and never overwritten.", parts.plan.title);
    file(&[about], TokenStream::new(), items)
}

fn readme(parts: &Parts) -> Result<String, String> {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let endpoints: Vec<Value> = parts
        .endpoints
        .iter()
        .map(|(_, endpoint)| {
            let calls: Vec<String> = endpoint
                .calls
                .iter()
                .map(|call| {
                    let upstream = &parts.plan.upstreams[call.upstream];
                    format!("`{}.{}`", upstream.name, upstream.operations[call.operation].operation.head.id)
                })
                .collect();
            context! {
                method => endpoint.method.as_str(),
                path => &endpoint.path,
                summary => cell(endpoint.summary.as_deref().unwrap_or("")),
                calls => calls.join(", "),
            }
        })
        .collect();
    let upstreams: Vec<Value> = parts
        .upstreams
        .iter()
        .enumerate()
        .filter_map(|(at, (_, upstream))| {
            let variable = upstream.url.strip_prefix("${")?.split(['}', ':']).next()?;
            Some(context! { variable => variable, example => format!("http://127.0.0.1:{}", 4001 + at) })
        })
        .collect();
    let values = context! {
        name => package(parts.plan),
        title => &parts.plan.title,
        source => &parts.plan.source,
        endpoints => endpoints,
        upstreams => upstreams,
        hooks => has_hooks(parts),
    };
    render("README.md", include_str!("../../../templates/README.md.j2"), values)
}
