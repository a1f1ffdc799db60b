//! Endpoints by chance: inputs, calls, and what is made of them.

use serde_json::{Map, Value as Json, json};

use crate::calls::{self, Made, reference};
use crate::expressions::Scope;
use crate::hooks::Hook;
use crate::inputs::{Inputs, inputs};
use crate::model::{Body, Operation, Service, Ty};
use crate::named::{Named, used};
use crate::random::Random;
use crate::shapes;
use crate::values::Value;

const NAMES: &[&str] =
    &["a", "type", "self", "orders", "cx", "result", "x1", "inputs", "fn", "response", "call", "state"];

/// An endpoint: its method, and what stands under it.
pub struct Endpoint {
    pub method: &'static str,
    pub made: Json,
    pub tags: Vec<&'static str>,
}

/// What a composition has for its endpoints.
pub struct Around<'a> {
    pub services: &'a [Service],
    pub named: &'a [Named],
    pub hooks: &'a [Hook],
}

/// An endpoint by chance.
pub fn endpoint(around: &Around, random: &mut Random) -> Endpoint {
    if random.once_in(10) {
        let service = random.of(around.services);
        let operation = random.of(&service.operations);
        let method = if operation.sends.is_some() { "POST" } else { "GET" };
        let events = operation.answers[0].1 == Body::Events;
        let tags = vec![if events { "short form of events" } else { "short form" }];
        return Endpoint { method, made: json!(reference(service, operation)), tags };
    }
    let inputs = inputs(around.services, random);
    let streams: Vec<(usize, &Operation)> = around
        .services
        .iter()
        .enumerate()
        .flat_map(|(on, service)| service.operations.iter().map(move |operation| (on, operation)))
        .filter(|(_, operation)| matches!(operation.answers[0].1, Body::Bytes | Body::Text | Body::Events))
        .collect();
    match random.any(&streams) {
        Some((on, operation)) if random.once_in(6) => stream(around, random, &inputs, *on, operation),
        _ => answered(around, random, &inputs),
    }
}

/// The keys that every endpoint can have.
fn head(inputs: &Inputs, random: &mut Random) -> Map<String, Json> {
    let mut made = Map::from_iter([("inputs".to_owned(), inputs.declared.clone())]);
    if random.once_in(3) {
        made.insert("timeout".into(), json!("20s"));
    }
    if random.once_in(6) {
        made.insert("summary".into(), json!("What it's for */ \"quoted\" {x}"));
        made.insert("description".into(), json!("- one\n\n    two `three`\n"));
    }
    if random.once_in(6) {
        made.insert("strict".into(), json!(true));
    }
    if random.once_in(8) {
        made.insert("validate".into(), json!(random.of(&["full", "off"])));
    }
    made
}

/// A body that is passed on as it comes, perhaps after another call.
fn stream(around: &Around, random: &mut Random, inputs: &Inputs, on: usize, operation: &Operation) -> Endpoint {
    let mut made = head(inputs, random);
    let scope = Scope::new(around.services, inputs.values.clone());
    let mut all = Map::new();
    let mut file = Made::default();
    file.call.insert("operation".into(), json!(reference(&around.services[on], operation)));
    calls::with(&mut file, &scope, random, on, operation, &[], None);
    calls::body(&mut file, &scope, random, on, operation, inputs.passed, &[]);
    let limits = json!({ "idle": "60s", "max_bytes": 100_000_000 });
    file.call.insert("stream".into(), if random.once_in(3) { limits } else { json!(true) });
    if random.once_in(2) {
        let before = random.below(around.services.len());
        let other = random.of(&around.services[before].operations);
        let allowed = calls::call(&scope, random, "allowed", before, other, false);
        all.insert("allowed".into(), Json::Object(allowed.call));
        file.call.insert("after".into(), json!("allowed"));
    }
    all.insert("file".into(), Json::Object(file.call));
    made.insert("calls".into(), Json::Object(all));
    let owner = operation.headers.iter().any(|(name, ..)| *name == "X-Owner");
    if owner && random.once_in(2) {
        made.insert("headers".into(), json!({ "x-owner": "meta.file.headers[\"x-owner\"]" }));
    }
    if random.once_in(4) {
        made.insert("status".into(), json!(203));
    }
    made.insert("response".into(), json!("file"));
    let events = operation.answers[0].1 == Body::Events;
    let tags = vec![if events { "stream of events" } else { "stream of bytes" }];
    Endpoint { method: inputs.method, made: Json::Object(made), tags }
}

fn answered(around: &Around, random: &mut Random, inputs: &Inputs) -> Endpoint {
    let mut made = head(inputs, random);
    let mut roots = inputs.values.clone();
    let mut tags = Vec::new();
    let mut all = Map::new();
    let mut keyed = Vec::new();
    let (mut soft, mut last_write, mut passed) = (false, None::<String>, inputs.passed);
    let at_once = random.once_in(4);
    let first = random.below(NAMES.len());
    for at in 0..1 + random.below(4) {
        let name = NAMES[(first + at) % NAMES.len()];
        let on = random.below(around.services.len());
        let operation = random.of(&around.services[on].operations);
        // Events have no value.
        if operation.answers[0].1 == Body::Events && !random.once_in(20) {
            continue;
        }
        let scope = Scope::new(around.services, roots.clone());
        let mut call = calls::call(&scope, random, name, on, operation, passed);
        passed &= !call.tags.contains(&"body passed on");
        let before = last_write.clone();
        if operation.method != "get" {
            last_write = Some(name.to_owned());
        }
        match before {
            _ if operation.method != "get" && at_once => drop(call.call.insert("after".into(), json!([]))),
            Some(before) if operation.method != "get" => drop(call.call.insert("after".into(), json!(before))),
            _ if at > 0 && random.once_in(8) => {
                let names: Vec<_> = all.keys().cloned().collect();
                call.call.insert("after".into(), json!(names));
            }
            _ => {}
        }
        soft |= call.call.contains_key("on_error");
        if operation.answers.len() > 1 {
            tags.push("several success bodies");
        }
        roots.extend(call.values);
        keyed.extend(call.keyed);
        tags.extend(call.tags);
        all.insert(name.into(), Json::Object(call.call));
    }
    made.insert("calls".into(), Json::Object(all));
    if random.once_in(3) {
        let scope = Scope::new(around.services, roots.clone());
        for hook in around.hooks {
            let takes = |value: &&Value| {
                hook.takes.as_ref() == Some(&value.ty)
                    && value.service == hook.value.service
                    && !value.optional
                    && !value.nullable
            };
            match &hook.takes {
                None => roots.push(hook.value.clone()),
                Some(_) => {
                    let fits: Vec<_> = scope.values.iter().filter(takes).collect();
                    roots.extend(
                        random.any(&fits).map(|value| Value {
                            text: hook.value.text.replace("{}", &value.text),
                            ..hook.value.clone()
                        }),
                    );
                }
            }
        }
    }
    let scope = Scope::new(around.services, roots).and(&keyed, around.named);
    if random.once_in(6) {
        made.insert("headers".into(), json!({ "x-note": scope.plain().text(random, 1) }));
    }
    match random.below(12) {
        0 | 1 => drop(made.insert("status".into(), json!(202))),
        2 => {
            made.insert("status".into(), json!(204));
            return Endpoint { method: inputs.method, made: Json::Object(made), tags };
        }
        _ => {}
    }
    made.insert("response".into(), response(&scope, random, soft, &mut tags));
    Endpoint { method: inputs.method, made: Json::Object(made), tags }
}

fn response(scope: &Scope, random: &mut Random, soft: bool, tags: &mut Vec<&'static str>) -> Json {
    let bytes: Vec<_> = scope.there(|ty| *ty == Ty::Bytes);
    if let Some(value) = random.any(&bytes)
        && random.once_in(2)
    {
        tags.push("answer of bytes");
        return json!(value.text);
    }
    if random.once_in(8) {
        return shapes::answer(scope, random, 2);
    }
    let mut answer = json!({ "data": shapes::answer(scope, random, 3), "more": shapes::answer(scope, random, 2) });
    if soft || random.once_in(5) {
        match random.below(4) {
            0 => answer["missing"] = json!("partial"),
            1 => answer["missing"] = json!("partial.map(p, p.parts.join(' ') + p.code)"),
            2 => answer["warnings"] = json!("warnings"),
            _ => answer["warnings"] = json!("warnings.map(w, w.code + ': ' + w.message)"),
        }
    }
    if let Some(used) = used(scope, random) {
        answer["card"] = used;
    }
    if !scope.keyed.is_empty() && random.once_in(2) {
        answer["looked up"] = shapes::looked_up(scope, random, 2).unwrap_or(Json::Null);
    }
    // Unions are few among values; what they are taken apart into is the point of them.
    if random.once_in(2)
        && let Some(taken) = shapes::matching(scope, random, 1)
    {
        answer["taken apart"] = taken;
    }
    answer
}
