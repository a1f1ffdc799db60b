//! Shapes by chance: answers, and bodies of a wanted schema.

use serde_json::{Map, Value as Json, json};

use crate::expressions::Scope;
use crate::model::{Component, Ty};
use crate::random::Random;
use crate::values::resolved;

const KEYS: &[&str] = &["id", "type", "self", "user-id", "Total", "x y", "größe", "ok", "0", "async", "error", "Self"];

/// What an endpoint answers.
pub fn answer(scope: &Scope, random: &mut Random, depth: usize) -> Json {
    match random.below(if depth == 0 { 4 } else { 12 }) {
        0..=3 => json!(scope.any(random, 2)),
        4 => match scope.list(random, 1) {
            Some((list, items, service)) => {
                let (variable, inner) = scope.with(&items, service);
                each(&inner, random, depth - 1, &format!("{variable} in {list}"))
            }
            None => json!([scope.any(random, 1), 1, true, null]),
        },
        5 => spread(scope, random),
        6 => {
            let mut made = object(scope, random, depth - 1);
            made.insert("$when".into(), json!(scope.boolean(random, 1)));
            Json::Object(made)
        }
        7 => matching(scope, random, depth - 1).unwrap_or_else(|| json!({ "$text": "it's: a \"text\"" })),
        8 => json!([answer(scope, random, depth - 1), answer(scope, random, depth - 1)]),
        _ => Json::Object(object(scope, random, depth - 1)),
    }
}

fn object(scope: &Scope, random: &mut Random, depth: usize) -> Map<String, Json> {
    let first = random.below(KEYS.len());
    (0..1 + random.below(4))
        .map(|n| (KEYS[(first + n) % KEYS.len()].to_owned(), answer(scope, random, depth)))
        .collect()
}

fn each(inner: &Scope, random: &mut Random, depth: usize, head: &str) -> Json {
    let mut made = Map::from_iter([("$each".to_owned(), json!(head))]);
    if random.once_in(3) {
        made.insert("$where".into(), json!(inner.boolean(random, 1)));
    }
    if random.once_in(4) {
        let order = random.of(&["", " desc", " asc"]);
        made.insert("$sort".into(), json!([format!("{}{order}", inner.text(random, 0))]));
    }
    if random.once_in(5) {
        made.insert("$skip".into(), json!(1));
        made.insert("$take".into(), json!(5));
    }
    match random.once_in(3) {
        true => {
            made.insert("$value".into(), json!(inner.any(random, 1)));
        }
        false => made.extend(object(inner, random, depth)),
    }
    Json::Object(made)
}

fn spread(scope: &Scope, random: &mut Random) -> Json {
    let objects: Vec<_> = scope
        .values
        .iter()
        .filter(|value| !value.nullable && !value.optional)
        .filter_map(|value| match resolved(scope.services, value.service, &value.ty) {
            Ty::Component(at) => Some((value, scope.services[value.service].fields(*at))),
            _ => None,
        })
        .filter(|(_, fields)| !fields.is_empty())
        .collect();
    let Some((value, fields)) = random.any(&objects) else { return json!({ "none": 1 }) };
    let mut made = Map::from_iter([("$spread".to_owned(), json!(value.text))]);
    match random.below(4) {
        0 => drop(made.insert("$omit".into(), json!([random.of(fields).name]))),
        1 => drop(made.insert("$pick".into(), json!([random.of(fields).name]))),
        2 => drop(made.insert("extra".into(), json!(scope.any(random, 1)))),
        _ => {}
    }
    Json::Object(made)
}

fn matching(scope: &Scope, random: &mut Random, depth: usize) -> Option<Json> {
    let unions: Vec<_> = scope
        .values
        .iter()
        .filter_map(|value| match resolved(scope.services, value.service, &value.ty) {
            Ty::Component(at) => match &scope.services[value.service].components[*at].1 {
                Component::Union(members) => Some((value, members)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let (value, members) = random.any(&unions)?;
    let mut made = Map::new();
    let (variable, _) = scope.with(&value.ty, value.service);
    made.insert("$match".into(), json!(format!("{} as {variable}", value.text)));
    let otherwise = random.once_in(2);
    for (at, member) in members.iter().enumerate() {
        if otherwise && at > 0 {
            break;
        }
        let (_, inner) = scope.with(&Ty::Component(*member), value.service);
        made.insert(scope.services[value.service].components[*member].0.into(), answer(&inner, random, depth));
    }
    if otherwise {
        made.insert("_".into(), answer(scope, random, 0));
    }
    if value.nullable {
        made.insert("null".into(), json!({ "none": true }));
    }
    Some(Json::Object(made))
}

/// A shape that makes a value of a schema.
pub fn of(scope: &Scope, random: &mut Random, ty: &Ty, service: usize, depth: usize) -> Json {
    let same = |value: &&crate::values::Value| {
        value.ty == *ty && value.service == service && !value.optional && !value.nullable
    };
    if random.once_in(2)
        && let Some(value) = random.any(&scope.values.iter().filter(same).collect::<Vec<_>>())
    {
        return json!(value.text);
    }
    match resolved(scope.services, service, ty) {
        Ty::Str(None) => json!(scope.text(random, depth)),
        Ty::Str(Some("date-time")) => json!("string(timestamp('2024-01-31T10:00:00Z'))"),
        Ty::Str(Some(_)) => json!("'2024-01-31'"),
        Ty::Enum(values) => json!({ "$text": random.of(values) }),
        Ty::Int => json!(scope.integer(random, depth)),
        Ty::Num => json!(scope.number(random, depth)),
        Ty::Bool => json!(scope.boolean(random, depth)),
        Ty::Any => answer(scope, random, 1),
        Ty::List(items) => match depth {
            0 => json!([]),
            _ => json!([of(scope, random, items, service, depth - 1)]),
        },
        Ty::Map(values) => match depth {
            0 => json!("{}"),
            _ => json!({ "key": of(scope, random, values, service, depth - 1) }),
        },
        Ty::Component(at) => match &scope.services[service].components[*at].1 {
            Component::Union(members) => {
                let member = *random.of(members);
                let mut made = of(scope, random, &Ty::Component(member), service, depth);
                if made.is_object() {
                    made["kind"] = json!({ "$text": scope.services[service].components[member].0 });
                }
                made
            }
            Component::Object { .. } => {
                let fields = scope.services[service].fields(*at);
                let chosen = fields.iter().filter(|field| field.required || (depth > 0 && random.once_in(2)));
                let chosen: Vec<_> = chosen.cloned().collect();
                let made = chosen.into_iter().map(|field| {
                    (field.name.to_owned(), of(scope, random, &field.ty, service, depth.saturating_sub(1)))
                });
                Json::Object(made.collect())
            }
            Component::Plain(_) => Json::Null,
        },
    }
}
