//! Hooks by chance: what they take and return.

use serde_json::{Value as Json, json};

use crate::model::{Component, Service, Ty};
use crate::random::Random;
use crate::values::Value;

/// A hook: its name, its types, and what a call of it is.
pub struct Hook {
    pub name: &'static str,
    pub types: Json,
    /// What it takes of a service; a call with it stands in `value` as `{}`.
    pub takes: Option<Ty>,
    pub value: Value,
}

/// The hooks of a composition.
pub fn hooks(services: &[Service], random: &mut Random) -> Vec<Hook> {
    let call = |text: &str, ty: Ty, service: usize| Value { hook: true, ..Value::plain(text, ty, service) };
    let mut all = vec![Hook {
        name: "rate",
        types: json!({ "args": { "a": { "type": "string" }, "b": { "type": "integer" } }, "returns": { "type": "number" } }),
        takes: None,
        value: call("rate('x', 2)", Ty::Num, 0),
    }];
    let service = random.below(services.len());
    let of = &services[service];
    let reference = |at: usize| json!({ "$ref": format!("{}#/components/schemas/{}", of.name, of.components[at].0) });
    let types = json!({
        "description": "What it */ is.",
        "args": { "self": { "type": "integer" }, "type": { "type": "array", "items": { "type": "string" } } },
        "returns": { "oneOf": [
            { "type": "integer" },
            { "type": "string" },
            { "title": "Range", "type": "object", "required": ["from"], "properties": { "from": { "type": "number" } } },
        ] },
    });
    let ty = Ty::Either(vec![Ty::Int, Ty::Str(None), Ty::Map(Box::new(Ty::Any))]);
    all.push(Hook { name: "judge", types, takes: None, value: call("judge(query.n, ['a'])", ty, service) });
    let at = random.below(of.components.len());
    if matches!(of.components[at].1, Component::Object { .. }) {
        let types = json!({
            "args": { "v": reference(at), "more": { "type": "array", "items": { "type": "string" } } },
            "returns": { "type": "array", "items": { "type": "string" } },
        });
        let value = call("crumbs({}, ['a'])", Ty::List(Box::new(Ty::Str(None))), service);
        all.push(Hook { name: "crumbs", types, takes: Some(Ty::Component(at)), value });
    }
    all
}
