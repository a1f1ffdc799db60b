//! Named shapes by chance.

use serde_json::{Value as Json, json};

use crate::expressions::Scope;
use crate::model::{Component, Service, Ty};
use crate::random::Random;
use crate::shapes;
use crate::values::Value;

/// A named shape: its name and what it takes, by service.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub params: Vec<(Ty, usize)>,
}

/// A shape that can use those before it: its key and what stands there.
pub fn shape(services: &[Service], before: &[Named], random: &mut Random) -> Option<(String, Json, Named)> {
    let name = format!("{}{}", random.of(&["Card", "type", "Result", "x_y"]), before.len());
    if random.once_in(3) {
        let values = vec![Value::plain("page", Ty::Int, 0), Value::plain("tags", Ty::List(Box::new(Ty::Str(None))), 0)];
        let params = values.iter().map(|value| (value.ty.clone(), 0)).collect();
        let scope = Scope::new(services, values).and(&[], before);
        let shape = match random.once_in(3) {
            true => shapes::answer(&scope, random, 2),
            false => json!({ "next": "page + 1", "tags": "tags", "more": shapes::answer(&scope, random, 1) }),
        };
        let types =
            json!({ "page": { "type": "integer" }, "tags": { "type": "array", "items": { "type": "string" } } });
        return Some((name.clone(), json!({ "params": types, "shape": shape }), Named { name, params }));
    }
    let service = random.below(services.len());
    let component = random.below(services[service].components.len());
    if matches!(services[service].components[component].1, Component::Plain(_)) {
        return None;
    }
    let ty = Ty::Component(component);
    let scope = Scope::new(services, vec![Value::plain("v", ty.clone(), service)]).and(&[], before);
    let shape = match random.once_in(4) {
        true => shapes::answer(&scope, random, 2),
        false => json!({ "made": shapes::answer(&scope, random, 2), "id": scope.text(random, 1) }),
    };
    let (of, component) = (services[service].name, services[service].components[component].0);
    let key = format!("{name}(v: {of}#/components/schemas/{component})");
    Some((key, shape, Named { name, params: vec![(ty, service)] }))
}

/// A use of one of the shapes, where there is what it takes.
pub fn used(scope: &Scope, random: &mut Random) -> Option<Json> {
    let named = random.any(scope.named)?;
    let given: Option<Vec<String>> =
        named.params.iter().map(|(ty, service)| argument(scope, random, ty, *service)).collect();
    Some(json!({ "$use": format!("{}({})", named.name, given?.join(", ")) }))
}

fn argument(scope: &Scope, random: &mut Random, ty: &Ty, service: usize) -> Option<String> {
    match ty {
        Ty::Int => Some(scope.integer(random, 1)),
        Ty::List(_) => Some(format!("['a', {}]", scope.text(random, 1))),
        _ => {
            let fits =
                |value: &&Value| value.ty == *ty && value.service == service && !value.optional && !value.nullable;
            random.any(&scope.values.iter().filter(fits).collect::<Vec<_>>()).map(|value| value.text.clone())
        }
    }
}
