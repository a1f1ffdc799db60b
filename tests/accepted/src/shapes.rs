//! Shapes by chance: answers, and bodies of a wanted schema.

use serde_json::{Map, Value as Json, json};

use crate::expressions::Scope;
use crate::keyed;
use crate::model::{Apart, Component, Ty, mark};
use crate::named::used;
use crate::random::Random;
use crate::values::resolved;

const KEYS: &[&str] = &["id", "type", "self", "user-id", "Total", "x y", "größe", "ok", "0", "async", "error", "Self"];

/// What an endpoint answers.
pub fn answer(scope: &Scope, random: &mut Random, depth: usize) -> Json {
    match random.below(if depth == 0 { 4 } else { 15 }) {
        0..=3 => json!(scope.any(random, 2)),
        12 => used(scope, random).unwrap_or_else(|| json!({ "$text": "" })),
        13 => looked_up(scope, random, depth - 1).unwrap_or_else(|| json!({ "n": 1.50 })),
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

/// A list with what calls gave for its elements.
pub fn looked_up(scope: &Scope, random: &mut Random, depth: usize) -> Option<Json> {
    keyed::looked_up(scope, random, depth, each)
}

fn object(scope: &Scope, random: &mut Random, depth: usize) -> Map<String, Json> {
    let first = random.below(KEYS.len());
    (0..1 + random.below(4))
        .map(|n| (KEYS[(first + n) % KEYS.len()].to_owned(), answer(scope, random, depth)))
        .collect()
}

fn each(inner: &Scope, random: &mut Random, depth: usize, head: &str) -> Json {
    let mut made = Map::from_iter([("$each".to_owned(), json!(head))]);
    let plain = inner.plain();
    if random.once_in(3) {
        made.insert("$where".into(), json!(plain.boolean(random, 1)));
    }
    if random.once_in(4) {
        let order = random.of(&["", " desc", " asc"]);
        let mut by = vec![format!("{}{order}", plain.text(random, 0))];
        by.extend(random.once_in(2).then(|| format!("{}{order}", plain.integer(random, 0))));
        made.insert("$sort".into(), json!(by));
    }
    if random.once_in(5) {
        made.insert("$skip".into(), json!(random.of(&["1", "query.n"])));
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
    match random.below(6) {
        4 | 5 => {
            let (other, others) = random.of(&objects);
            // Two fields of one name would be refused.
            let theirs: Vec<_> =
                others.iter().filter(|field| fields.iter().all(|own| own.name != field.name)).collect();
            let shared: Vec<_> = others
                .iter()
                .map(|field| field.name)
                .filter(|name| fields.iter().any(|own| own.name == *name))
                .collect();
            let part = match random.any(&theirs) {
                Some(_) if !shared.is_empty() && random.once_in(2) => json!({ "$spread": other.text, "$omit": shared }),
                Some(field) => json!({ "$spread": other.text, "$pick": [field.name] }),
                None => return json!({ "$spread": [value.text] }),
            };
            made.insert("$spread".into(), json!([value.text, part]));
        }
        0 => drop(made.insert("$omit".into(), json!([random.of(fields).name]))),
        1 => drop(made.insert("$pick".into(), json!([random.of(fields).name]))),
        2 => drop(made.insert("extra".into(), json!(scope.any(random, 1)))),
        _ => {}
    }
    Json::Object(made)
}

/// A union taken apart, where there is one.
pub fn matching(scope: &Scope, random: &mut Random, depth: usize) -> Option<Json> {
    let unions: Vec<_> = scope
        .values
        .iter()
        .filter_map(|value| Some((value, scope.services[value.service].cases(&value.ty)?)))
        .collect();
    let (value, members) = random.any(&unions)?;
    let mut made = Map::new();
    let (variable, _) = scope.with(&value.ty, value.service);
    made.insert("$match".into(), json!(format!("{} as {variable}", value.text)));
    let otherwise = random.once_in(2);
    for (at, (case, ty)) in members.iter().enumerate() {
        if otherwise && at > 0 {
            break;
        }
        let (_, inner) = scope.with(ty, value.service);
        made.insert(case.clone(), answer(&inner, random, depth));
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
        Ty::Bytes => json!("b'abc'"),
        Ty::Either(members) => {
            let member = random.of(members).clone();
            of(scope, random, &member, service, depth)
        }
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
                of(scope, random, &Ty::Component(member), service, depth)
            }
            Component::Object { .. } => {
                let fields = scope.services[service].fields(*at);
                let chosen = fields.iter().filter(|field| field.required || (depth > 0 && random.once_in(2)));
                let chosen: Vec<_> = chosen.cloned().collect();
                let made = chosen.into_iter().map(|field| {
                    (field.name.to_owned(), of(scope, random, &field.ty, service, depth.saturating_sub(1)))
                });
                let mut made = Json::Object(made.collect());
                let of = &scope.services[service];
                match of.apart {
                    Apart::Property if of.is_member(*at) => made[mark(*at)] = json!(true),
                    _ if of.has_kind(*at) => made["kind"] = json!({ "$text": of.kind(*at) }),
                    _ => {}
                }
                made
            }
            Component::Plain(_) => Json::Null,
        },
    }
}
