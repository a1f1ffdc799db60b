//! Calls by chance, and what an endpoint makes of them.

use serde_json::{Map, Value as Json, json};

use crate::expressions::Scope;
use crate::model::{Body, Operation, Param, Service, Ty};
use crate::random::Random;
use crate::shapes;
use crate::values::Value;

const NAMES: &[&str] =
    &["a", "type", "self", "orders", "cx", "result", "x1", "inputs", "fn", "response", "call", "state"];

/// A named shape: its name, its parameter's component and service.
pub struct Named {
    pub name: String,
    pub ty: Ty,
    pub service: usize,
}

/// Inputs, calls and answer of an endpoint.
pub fn endpoint(services: &[Service], named: &[Named], hooks: bool, random: &mut Random) -> Json {
    if random.once_in(8) {
        let service = random.of(services);
        return json!(reference(service, random.of(&service.operations)));
    }
    let mut made = Map::new();
    let mut roots = vec![
        Value::plain("path.id", Ty::Str(None), 0),
        Value { optional: true, ..Value::plain("query.q", Ty::Str(None), 0) },
        Value::plain("query.n", Ty::Int, 0),
    ];
    if hooks {
        roots.push(Value::plain("rate('x', 2)", Ty::Num, 0));
    }
    made.insert(
        "inputs".into(),
        json!({ "query": {
            "q": { "type": "string", "maxLength": 20 },
            "n": { "type": "integer", "default": 3, "minimum": 0 },
        }}),
    );
    if random.once_in(3) {
        made.insert("timeout".into(), json!("20s"));
    }
    let mut calls = Map::new();
    let mut soft = false;
    let mut writes: Option<String> = None;
    let first = random.below(NAMES.len());
    for at in 0..1 + random.below(4) {
        let name = NAMES[(first + at) % NAMES.len()];
        let on = random.below(services.len());
        let operation = random.of(&services[on].operations);
        let scope = Scope::new(services, roots.clone());
        let mut call = call(&scope, random, on, operation);
        if operation.method != "get"
            && let Some(before) = writes.replace(name.to_owned())
        {
            call.insert("after".into(), json!(before));
        }
        soft |= call.contains_key("on_error");
        roots.extend(value(random, name, on, operation, &call));
        calls.insert(name.into(), Json::Object(call));
    }
    made.insert("calls".into(), Json::Object(calls));
    let scope = Scope::new(services, roots);
    if random.once_in(6) {
        made.insert("headers".into(), json!({ "x-note": scope.text(random, 1) }));
    }
    if random.once_in(6) {
        made.insert("status".into(), json!(202));
    }
    let mut answer = json!({ "data": shapes::answer(&scope, random, 3), "more": shapes::answer(&scope, random, 2) });
    if soft || random.once_in(5) {
        answer["warnings"] = json!(random.of(&["warnings", "warnings.map(w, w.code + ': ' + w.message)"]));
    }
    if let Some(shape) = random.any(named) {
        let fits = |value: &&Value| {
            value.ty == shape.ty && value.service == shape.service && !value.optional && !value.nullable
        };
        if let Some(value) = random.any(&scope.values.iter().filter(fits).collect::<Vec<_>>()) {
            answer["card"] = json!({ "$use": format!("{}({})", shape.name, value.text) });
        }
    }
    let answer = if random.once_in(8) { shapes::answer(&scope, random, 2) } else { answer };
    made.insert("response".into(), answer);
    Json::Object(made)
}

/// `users.getUser` or `users["GET /users/{id}"]`.
fn reference(service: &Service, operation: &Operation) -> String {
    match &operation.id {
        Some(id) => format!("{}.{id}", service.name),
        None => format!("{}[\"{} {}\"]", service.name, operation.method.to_uppercase(), operation.path),
    }
}

fn call(scope: &Scope, random: &mut Random, on: usize, operation: &Operation) -> Map<String, Json> {
    let mut made = Map::from_iter([("operation".to_owned(), json!(reference(&scope.services[on], operation)))]);
    let mut inner = scope.clone();
    let mut element = None;
    let by_element = operation.params.iter().find(|param| matches!(param.ty, Ty::Str(_) | Ty::Int) && param.required);
    if let Some(param) = by_element
        && random.once_in(3)
        && let Some((list, items, service)) = scope.list(random, 1)
    {
        let variable;
        (variable, inner) = scope.with(&items, service);
        made.insert("each".into(), json!(format!("{variable} in {list}")));
        made.insert("max".into(), json!(20));
        // A key must vary: something of the element.
        let starts = |value: &&Value| {
            value.text.starts_with(&variable) && !value.optional && !value.nullable && value.ty == param.ty
        };
        element = random
            .any(&inner.values.iter().filter(starts).collect::<Vec<_>>())
            .map(|value| (param.name, value.text.clone()));
        if let Some((_, key)) = &element {
            made.insert("key".into(), json!(key));
        }
        if random.once_in(3) {
            made.insert("concurrency".into(), json!(2));
        }
    }
    let with: Map<String, Json> = operation
        .params
        .iter()
        .filter(|param| param.required || random.once_in(2))
        .cloned()
        .collect::<Vec<_>>()
        .iter()
        .map(|param| {
            let value = match &element {
                Some((name, text)) if *name == param.name => json!(text),
                _ => argument(scope, random, on, param),
            };
            (format!("{}.{}", param.place, param.name), value)
        })
        .collect();
    if !with.is_empty() {
        made.insert("with".into(), Json::Object(with));
    }
    if let Some(ty) = &operation.sends {
        made.insert("body".into(), shapes::of(scope, random, ty, on, 2));
    }
    if random.once_in(6) {
        made.insert("when".into(), json!(scope.boolean(random, 1)));
    }
    if random.once_in(8) {
        made.insert("validate".into(), json!(random.of(&["full", "off", "used"])));
    }
    if random.once_in(8) {
        made.insert("open".into(), json!(true));
    }
    if random.once_in(8) {
        made.insert("timeout".into(), json!("900ms"));
    }
    if random.once_in(8) {
        made.insert("headers".into(), json!({ "x-from": inner.text(random, 0) }));
    }
    let on_error = match (random.below(8), &operation.answers[0].1) {
        (0 | 1, _) => json!("absent"),
        (2, _) => json!({ "absent": true, "warn": "It is \"down\"" }),
        (3, Body::Json(ty)) => json!({ "default": shapes::of(scope, random, ty, on, 1), "warn": "later" }),
        (4, _) => json!({ "status": { "404": 404, "409": 409 } }),
        _ => return made,
    };
    made.insert("on_error".into(), on_error);
    made
}

/// A value for a parameter: an input passed on, or an expression.
fn argument(scope: &Scope, random: &mut Random, on: usize, param: &Param) -> Json {
    if param.place == "query" && random.once_in(3) {
        return json!(format!("query[{:?}]", param.name));
    }
    match &param.ty {
        Ty::List(items) => match shapes::of(scope, random, items, on, 0) {
            Json::String(text) => json!(format!("[{text}]")),
            _ => json!("[]"),
        },
        ty => match shapes::of(scope, random, ty, on, 1) {
            // A literal text is written as an expression here.
            Json::Object(text) => json!(format!("{:?}", text.get("$text").and_then(Json::as_str).unwrap_or("x"))),
            value => value,
        },
    }
}

/// What a call is in expressions.
fn value(random: &mut Random, name: &str, on: usize, operation: &Operation, call: &Map<String, Json>) -> Vec<Value> {
    let absent = call.get("on_error").is_some_and(|what| what == "absent" || what.get("absent").is_some());
    let soft = call.get("on_error").is_some_and(|what| what.get("status").is_none());
    let optional = absent || call.contains_key("when") || operation.answers.len() > 1;
    let mut all = Vec::new();
    let ty = match &operation.answers[0].1 {
        // Of bodies that differ by status, only the union is known.
        _ if operation.answers.iter().skip(1).any(|(_, body)| !matches!(body, Body::Nothing)) => None,
        Body::Json(ty) => Some(ty.clone()),
        Body::Text => Some(Ty::Str(None)),
        Body::Bytes | Body::Nothing => None,
    };
    let each = call.contains_key("each");
    if let Some(ty) = ty {
        let text = if each { format!("{name}[?{}]", random.of(&["'k'", "7"])) } else { name.to_owned() };
        all.push(Value { optional: optional || each, ..Value::plain(text, ty, on) });
    }
    if !each && random.once_in(2) {
        let optional = soft || call.contains_key("when");
        all.push(Value { optional, ..Value::plain(format!("meta.{name}.status"), Ty::Int, 0) });
        for (header, ty, required) in &operation.headers {
            let text = format!("meta.{name}.headers[{:?}]", header.to_lowercase());
            all.push(Value { optional: optional || !required, ..Value::plain(text, ty.clone(), 0) });
        }
    }
    all
}
