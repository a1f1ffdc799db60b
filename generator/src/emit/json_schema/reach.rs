//! Which schemas clients send, and of which a leniency lets pass what their document does not allow.

use std::collections::HashSet;

use crate::composition::ast::Leniency;
use crate::plan::model::Plan;
use crate::schema::{JsonType, Kind, SchemaId, Schemas, Tell, UnionRules};

/// All schemas of what clients send.
pub fn sent(plan: &Plan, schemas: &Schemas) -> HashSet<SchemaId> {
    reached(schemas, plan.endpoints.iter().flat_map(|endpoint| &endpoint.inputs).map(|input| input.schema).collect())
}

/// All schemas of answers of upstreams that a leniency holds for.
pub fn lenient(plan: &Plan, schemas: &Schemas, leniency: Leniency) -> HashSet<SchemaId> {
    let calls = plan.endpoints.iter().flat_map(|endpoint| &endpoint.calls);
    let open = calls.filter(|call| !call.policy.refused.contains(&leniency));
    let bodies = open.filter_map(|call| {
        let operation = plan.upstreams.get(call.upstream)?.operations.get(call.operation)?;
        operation.came.schema()
    });
    reached(schemas, bodies.collect())
}

fn reached(schemas: &Schemas, mut open: Vec<SchemaId>) -> HashSet<SchemaId> {
    let mut seen = HashSet::new();
    while let Some(id) = open.pop() {
        let id = if schemas.get(id).component { schemas.canonical(id) } else { id };
        if seen.insert(id) {
            let kind = &schemas.get(id).kind;
            open.extend(kind.parts());
            open.extend(kind.alternatives().iter().flat_map(|rules| &rules.members));
        }
    }
    seen
}

/// Whether no value can be of two members of a union, as far as is known. A discriminator alone does not see to it:
/// schemas hold whatever it says.
pub fn exclude_each_other(schemas: &Schemas, rules: &UnionRules) -> bool {
    match &rules.tell {
        Tell::Discriminator { property, .. } => share_no_value(schemas, rules, property),
        Tell::ConstProperty { .. } => true,
        Tell::JsonType { types, objects } => {
            let says = |wanted| types.iter().flatten().any(|ty| *ty == wanted);
            let numbers = says(JsonType::Integer) && says(JsonType::Number);
            !numbers && objects.as_deref().is_none_or(|tell| !matches!(tell, Tell::Required { .. } | Tell::None { .. }))
        }
        Tell::Required { .. } | Tell::None { .. } => false,
    }
}

/// Whether every member requires a property, each with values that no other allows.
fn share_no_value(schemas: &Schemas, rules: &UnionRules, property: &str) -> bool {
    let mut seen = Vec::new();
    rules.members.iter().all(|member| {
        let Kind::Object(object) = &schemas.get(*member).kind else { return false };
        let said = object.properties.iter().find(|said| said.name == property && said.required);
        let Some(allowed) = said.and_then(|said| schemas.get(said.schema).allowed.as_ref()) else { return false };
        let new = !allowed.iter().any(|value| seen.contains(&value));
        seen.extend(allowed);
        new
    })
}
