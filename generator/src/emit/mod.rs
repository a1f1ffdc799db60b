//! Emits a plan: Rust by `quote` and `prettyplease`, other files by `minijinja`.

mod arguments;
pub(crate) mod bodies;
mod calls;
mod clauses;
mod code;
mod contract;
mod convert;
pub(crate) mod crate_files;
mod endpoint;
mod expr;
mod functions;
mod gather;
mod held;
mod hooks;
mod json_schema;
mod lists;
mod matching;
mod meta;
pub(crate) mod names;
mod one_of;
mod openapi_out;
pub(crate) mod parameters;
mod places;
mod policy;
pub(crate) mod print;
mod reads;
mod rule_file;
mod rules;
pub(crate) mod runtime_copy;
mod scope;
mod shape;
mod shapes;
mod tidy;
mod types;
mod unions;
mod upstream;

use std::rc::Rc;

use crate::openapi::Specs;
use crate::plan::Plan;
use crate::plan::fails::{self, fallible};
use crate::plan::model::Call;
use crate::plan::walk;
use crate::schema::SchemaId;
use crate::{File, Owner};
use endpoint::Shared;
use names::{Names, snake};
use types::Types;

pub use names::kebab;
pub use rule_file::rule_file;

/// How the generated crate gets the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// By path, relative to the crate.
    Path(String),
    /// From the registry.
    Version(String),
    /// As a copy inside the crate.
    Copy,
}

/// Names of the runtime that items may mention; each is imported where it is.
const RUNTIME_NAMES: &[&str] = &[
    "Answer",
    "ArrayWriter",
    "Batch",
    "Bytes",
    "Clause",
    "Content",
    "Cx",
    "Decode",
    "Each",
    "Encoding",
    "Endpoint",
    "EvalError",
    "Failure",
    "Field",
    "FileRule",
    "Format",
    "HookError",
    "JsonBuffer",
    "JsonType",
    "Later",
    "Leniency",
    "Map",
    "Meta",
    "Metas",
    "Method",
    "Multipart",
    "Nullable",
    "Number",
    "ObjectWriter",
    "Operation",
    "Pages",
    "ParamValue",
    "Pattern",
    "Place",
    "Raw",
    "Reader",
    "Request",
    "Rule",
    "Slot",
    "Str",
    "Streamed",
    "Style",
    "Texts",
    "Upstream",
    "WriteJson",
    "batch",
    "batch_or",
    "batch_present",
    "compare",
    "conv",
    "each",
    "each_present",
    "hook",
    "list",
    "logic",
    "math",
    "num",
    "paging",
    "table",
    "text",
    "time",
    "try_join",
    "when",
];

/// Names that no module of a service can have: crates, and modules that generated code names beside it.
const NO_SERVICES: &[&str] = &[
    "mod",
    "core",
    "std",
    "alloc",
    "bff_runtime",
    "shapes",
    "hooks",
    "inputs",
    "places",
    "batch",
    "batch_or",
    "batch_present",
    "compare",
    "conv",
    "each",
    "each_present",
    "hook",
    "list",
    "logic",
    "math",
    "num",
    "paging",
    "table",
    "text",
    "time",
    "try_join",
    "when",
];

/// All files of the crate, or what could not be printed (a bug of the emitter).
pub fn emit(plan: &Plan, specs: &Specs, runtime: &Runtime) -> Result<Vec<File>, String> {
    let schemas = &specs.schemas;
    let places = places::places(specs, plan);
    let mut types = Types::new(schemas, &plan.demand);
    let mut module_names = Names::with(NO_SERVICES);
    let modules: Vec<String> = plan.upstreams.iter().map(|u| module_names.take(&snake(&u.name), "_upstream")).collect();
    let mut structs: Vec<Vec<SchemaId>> = Vec::new();
    let mut operations = Vec::new();
    for (upstream, module) in plan.upstreams.iter().zip(&modules) {
        let path = format!("crate::generated::upstreams::{module}");
        let mut names = reserved_types();
        let mut own = Vec::new();
        for operation in &upstream.operations {
            let sent = operation.sends.as_ref().map(|sends| sends.schema);
            for schema in operation.came.schema().into_iter().chain(sent) {
                own.extend(types.settle(schema, &path, false, &mut names));
            }
        }
        operations.push(upstream::operation_names(upstream, &mut names));
        structs.push(own);
    }
    let mut hook_names = reserved_types();
    let mut hook_structs = Vec::new();
    for hook in &plan.hooks {
        for schema in hook.args.iter().filter_map(|(_, ty)| ty.schema) {
            hook_structs.extend(types.settle(schema, "crate::generated::hooks", false, &mut hook_names));
        }
        if let Some(schema) = hook.returns.schema {
            hook_structs.extend(types.settle(schema, "crate::generated::hooks", true, &mut hook_names));
        }
    }
    let mut input_names = reserved_types();
    let mut input_structs = Vec::new();
    for input in plan.endpoints.iter().flat_map(|endpoint| &endpoint.inputs) {
        input_structs.extend(types.settle(input.schema, "crate::generated::inputs", false, &mut input_names));
    }
    for ty in plan.shapes.iter().flat_map(|shape| &shape.params).filter_map(|(_, ty)| ty.schema) {
        input_structs.extend(types.settle(ty, "crate::generated::inputs", false, &mut input_names));
    }
    let signatures: Rc<[_]> = shapes::signatures(plan).into();
    let hook_methods: Rc<[_]> = hooks::methods(plan).into();
    let policies = policy::shared(plan);
    let shared = Shared {
        plan,
        types: &types,
        operations: &operations,
        policies: &policies,
        modules: &modules,
        shapes: Rc::clone(&signatures),
        hooks: Rc::clone(&hook_methods),
    };

    let mut files = Vec::new();
    let mut add = |path: String, text: String| files.push(File { path, text, owner: Owner::Generator });
    let mut used_modules = Vec::new();
    let mut position = 0;
    for (at, upstream) in plan.upstreams.iter().enumerate() {
        if upstream.operations.is_empty() {
            continue;
        }
        let path = format!("crate::generated::upstreams::{}", modules[at]);
        let stands = upstream::Stands { at: position, places: places.names[at].as_deref() };
        let text = upstream::module(&types, upstream, stands, &operations[at], &policies[at], &structs[at], &path)?;
        add(format!("src/generated/upstreams/{}.rs", modules[at]), text);
        used_modules.push((modules[at].clone(), upstream));
        position += 1;
    }
    let mut endpoint_names = Names::with(&["mod"]);
    let mut endpoints = Vec::new();
    for endpoint in &plan.endpoints {
        let name = endpoint::module_name(endpoint, &mut endpoint_names);
        add(format!("src/generated/endpoints/{name}.rs"), endpoint::module(&shared, endpoint)?);
        endpoints.push((name, endpoint));
    }
    let shapes = shapes::module(plan, &types, &signatures)?;
    let hooks = hooks::module(plan, &types, &hook_structs, &hook_methods)?;
    let inputs = inputs(&types, &input_structs)?;
    let places = places.module()?;
    let parts = crate_files::Parts {
        plan,
        runtime,
        upstreams: &used_modules,
        endpoints: &endpoints,
        has_shapes: shapes.is_some(),
        has_inputs: inputs.is_some(),
        has_places: places.is_some(),
    };
    for (path, text) in [("shapes", shapes), ("hooks", hooks), ("inputs", inputs), ("places", places)] {
        if let Some(text) = text {
            add(format!("src/generated/{path}.rs"), text);
        }
    }
    for (path, text) in crate_files::generated(&parts)? {
        add(path, text);
    }
    add("openapi.json".into(), openapi_out::document(plan, schemas));
    for (module, upstream) in &used_modules {
        add(format!("contracts/{module}.json"), contract::document(plan, schemas, upstream));
    }
    if *runtime == Runtime::Copy {
        let copy = runtime_copy::files().into_iter();
        files.extend(copy.map(|(path, text)| File { path, text, owner: Owner::Generator }));
    }
    for (path, text) in crate_files::team(&parts)? {
        files.push(File { path, text, owner: Owner::Team });
    }
    if let Some(text) = hooks::stub(plan, &types, &hook_methods)? {
        files.push(File { path: "src/hooks.rs".into(), text, owner: Owner::Team });
    }
    Ok(files)
}

/// Type names that a module's own structs must not take.
fn reserved_types() -> Names {
    let mut names = Names::default();
    for name in RUNTIME_NAMES {
        names.take(name, "");
    }
    for name in [
        "Option", "Some", "None", "Result", "Ok", "Err", "Vec", "String", "Box", "Clone", "Copy", "Debug", "Default",
        "Self", "Send", "Sync", "Future", "Fn", "Drop", "Iterator", "From", "Into", "Hooks", "AppHooks",
    ] {
        names.take(name, "");
    }
    names
}

fn inputs(types: &Types, structs: &[SchemaId]) -> Result<Option<String>, String> {
    if structs.is_empty() {
        return Ok(None);
    }
    let mut uses = types::Uses::default();
    let mut rules = rules::Rules::default();
    let mut items = Vec::new();
    for id in structs {
        items.extend(types.item(*id, &mut rules, &mut uses));
    }
    items.extend(rules.into_items());
    uses.mentioned(&items, RUNTIME_NAMES);
    print::file(&head(&["What clients send.".to_string()]), uses.tokens(), items).map(Some)
}

/// Whether the items call a module of the crate.
fn mentions(items: &[proc_macro2::TokenStream], module: &str) -> bool {
    let needle = format!("{module} ::");
    items.iter().any(|item| item.to_string().contains(&needle))
}

/// The first lines of a generated file.
fn head(about: &[String]) -> Vec<String> {
    let mut lines = about.to_vec();
    lines.push(String::new());
    lines.push("Generated by bffgen: do not edit. Change the composition and run `bffgen generate`.".into());
    lines
}

/// Whether computing a call's arguments, body or key can fail.
fn fallible_call(call: &Call) -> bool {
    call.args.iter().any(|(_, value)| fallible(value)) || call.headers.iter().any(|(_, value)| fallible(value)) || {
        let mut fails = false;
        for made in call.body.iter().chain(call.made_args.iter().map(|(_, made)| made)) {
            walk::shape(made, &mut |e| fails |= fails::alone(e));
        }
        fails |= call.files.iter().any(|file| fallible(&file.value));
        fails
    }
}
