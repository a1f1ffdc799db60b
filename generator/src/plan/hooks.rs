//! Functions that the composition leaves to its team: their arguments and results.

use indexmap::IndexSet;

use super::scope::{Env, HookSignature};
use super::types::{TypeNames, schema_of};
use super::{functions, model, ty};
use crate::composition::ast;
use crate::diag::Diagnostic;
use crate::schema::{Direction, Kind, SchemaId};

/// The hooks of a composition, in its order; those that are refused are left out.
pub fn declared(env: &mut Env, names: &TypeNames, declared: &[ast::Hook]) -> Vec<Option<model::Hook>> {
    let mut hooks = Vec::new();
    for hook in declared {
        if functions::is_function(&hook.name.value) {
            let message = format!("`{}` is a function of the language", hook.name.value);
            let diag = Diagnostic::error("BFF0412", message, hook.name.span);
            env.diags.push(diag.help("what is called by that name would be the function: give the hook another one"));
            continue;
        }
        let mut args = Vec::new();
        let mut whole = true;
        for (name, node) in &hook.args {
            match schema_of(env, names, node, &format!("{} {}", hook.name.value, name.value)) {
                Some(schema) => {
                    let schema = env.specs.schemas.one_way(schema, Direction::Response);
                    args.push((name.value.clone(), ty::of_schema(&env.specs.schemas, schema)));
                }
                None => whole = false,
            }
        }
        let returns = schema_of(env, names, &hook.returns, &hook.name.value);
        let returns = returns.filter(|_| whole).filter(|returns| owned_result(env, hook, *returns));
        let Some(returns) = returns else {
            env.refused_hooks.insert(hook.name.value.clone());
            continue;
        };
        let schemas = &env.specs.schemas;
        for (_, ty) in &args {
            if let Some(schema) = ty.schema {
                env.demand.deep(schemas, schema);
            }
        }
        env.demand.deep(schemas, returns);
        let returns = ty::of_schema(schemas, returns);
        env.hooks.push(HookSignature {
            name: hook.name.value.clone(),
            args: args.clone(),
            returns: returns.clone(),
            span: hook.name.span,
        });
        env.hooks_used.push(false);
        let description = hook.description.clone();
        hooks.push(Some(model::Hook { name: hook.name.value.clone(), description, args, returns, used: false }));
    }
    hooks
}

/// A hook gives values of its own: types of a document borrow from a body that no hook has.
fn owned_result(env: &mut Env, hook: &ast::Hook, root: SchemaId) -> bool {
    let mut seen = IndexSet::new();
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let schema = env.specs.schemas.get(id);
        if schema.component && matches!(schema.kind, Kind::Object(_)) {
            let diag = Diagnostic::error(
                "BFF0413",
                "a hook that returns a schema of a document is not supported yet",
                hook.name.span,
            )
            .label(schema.span, "the schema")
            .help("write the fields that the hook gives under `returns:`");
            env.diags.push(diag);
            return false;
        }
        match &schema.kind {
            Kind::Nullable(inner) => open.push(*inner),
            Kind::Array(rules) => open.push(rules.items),
            Kind::Object(rules) => open.extend(rules.properties.iter().map(|p| p.schema)),
            Kind::Union(rules) => open.extend(&rules.members),
            _ => {}
        }
    }
    true
}
