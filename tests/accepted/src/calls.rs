//! Calls by chance.

use serde_json::{Map, Value as Json, json};

use crate::expressions::Scope;
use crate::keyed::{self, Keyed};
use crate::model::{Body, Form, Operation, Param, Service, Ty};
use crate::pages;
use crate::random::Random;
use crate::shapes;
use crate::values::Value;

/// A call, and what it is in expressions.
#[derive(Default)]
pub struct Made {
    pub call: Map<String, Json>,
    pub values: Vec<Value>,
    pub keyed: Option<Keyed>,
    /// What it has of the language, for the count of features.
    pub tags: Vec<&'static str>,
}

/// `users.getUser` or `users["GET /users/{id}"]`.
pub fn reference(service: &Service, operation: &Operation) -> String {
    match &operation.id {
        Some(id) => format!("{}.{id}", service.name),
        None => format!("{}[\"{} {}\"]", service.name, operation.method.to_uppercase(), operation.path),
    }
}

/// A call of an operation. `passed`: the client's body goes on as it is.
pub fn call(scope: &Scope, random: &mut Random, name: &str, on: usize, operation: &Operation, passed: bool) -> Made {
    let mut made = Made::default();
    made.call.insert("operation".into(), json!(reference(&scope.services[on], operation)));
    let mut sets = Vec::new();
    let turned = if random.below(4) > 0 { pages::paginate(operation, random, name) } else { None };
    let batch = if random.below(4) > 0 { keyed::batch(operation, random) } else { None };
    let by_key = operation
        .params
        .iter()
        .find(|param| matches!(param.ty, Ty::Str(_) | Ty::Int) && param.required && !param.bounded);
    let mut element = None;
    let mut key = None;
    let mut by = None;
    if let Some(turned) = &turned {
        made.call.insert("paginate".into(), turned.paginate.clone());
        sets.extend(turned.sets.iter().copied());
        made.tags.push(if turned.gathered { "pages as one list" } else { "pages by token" });
    } else if let (Some(batch), Some(batching)) = (&batch, &operation.batching) {
        let elements = keyed::elements(scope, random, &batching.key);
        keyed::each(&mut made.call, scope, random, &elements);
        made.call.insert("batch".into(), batch.clone());
        sets.push(batching.param);
        by = Some(&batching.key);
        element = Some(elements);
    } else if let Some(param) = by_key
        && random.once_in(2)
    {
        let elements = keyed::elements(scope, random, &param.ty);
        by = Some(&param.ty);
        key = Some((param.name, keyed::each(&mut made.call, scope, random, &elements)));
        element = Some(elements);
    }
    with(&mut made, scope, random, on, operation, &sets, key.as_ref());
    body(&mut made, scope, random, on, operation, passed, &sets);
    policies(&mut made.call, scope, random);
    let gives = match (&operation.batching, &turned, &operation.answers[0].1) {
        (Some(batching), ..) if batch.is_some() => Some(batching.element.clone()),
        (_, Some(turned), _) if turned.gathered => Some(Ty::List(Box::new(Ty::Bool))),
        (.., Body::Json(ty)) => Some(ty.clone()),
        _ => None,
    };
    on_error(&mut made.call, scope, random, on, gives.as_ref(), turned.as_ref().is_some_and(|turned| turned.gathered));
    let absent = made.call.get("on_error").is_some_and(|what| what == "absent" || what.get("absent").is_some());
    if let Some(element) = element {
        let several = operation.answers.len() > 1 && batch.is_none();
        let gives = gives.filter(|_| !several).map(|ty| (ty, on));
        let soft = absent || made.call.contains_key("when");
        let headers = operation.headers.clone();
        made.keyed = Some(Keyed { name: name.to_owned(), element, gives, soft, headers });
        made.values = values(&made.call, random, name, on, operation, by);
    } else if let Some(turned) = &turned {
        let optional = absent || made.call.contains_key("when");
        made.values = pages::values(operation, turned, name, on, optional);
    } else {
        made.values = values(&made.call, random, name, on, operation, by);
    }
    made
}

/// `with`: what the operation must have, and some of the rest.
pub fn with(
    made: &mut Made,
    scope: &Scope,
    random: &mut Random,
    on: usize,
    operation: &Operation,
    sets: &[&str],
    key: Option<&(&'static str, String)>,
) {
    let chosen: Vec<&Param> = operation
        .params
        .iter()
        .filter(|param| !sets.contains(&param.name) && (param.required || random.once_in(2)))
        .collect();
    let mut with = Map::new();
    for param in chosen {
        let value = match key {
            Some((name, text)) if *name == param.name => json!(text),
            _ => argument(scope, random, on, param),
        };
        made.tags.extend(match param.form {
            Form::Plain => None,
            Form::Joined | Form::Piped => Some("list in a style"),
            Form::Deep => Some("deep object"),
            Form::Json => Some("parameter as JSON"),
        });
        with.insert(format!("{}.{}", param.place, param.name), value);
    }
    if !with.is_empty() {
        made.call.insert("with".into(), Json::Object(with));
    }
}

/// A value for a parameter: an input passed on, or an expression.
fn argument(scope: &Scope, random: &mut Random, on: usize, param: &Param) -> Json {
    if param.place == "query" && random.once_in(3) {
        return json!(format!("query[{:?}]", param.name));
    }
    if param.form == Form::Json || matches!(param.ty, Ty::Component(_)) {
        return shapes::of(scope, random, &param.ty, on, 1);
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

/// The body that is sent. `passed`: the client's, as it is; `sets`: what `batch` or `paginate` sets.
pub fn body(
    made: &mut Made,
    scope: &Scope,
    random: &mut Random,
    on: usize,
    operation: &Operation,
    passed: bool,
    sets: &[&str],
) {
    let Some(sends) = &operation.sends else { return };
    if sets.contains(&"body") {
        return;
    }
    let fields: Vec<&str> = sets.iter().filter_map(|name| name.strip_prefix("body.")).collect();
    let is_file = matches!(sends, Body::Form(_, true));
    if passed && !is_file && fields.is_empty() {
        made.tags.push("body passed on");
        made.call.insert("body".into(), json!("body"));
        return;
    }
    let mut shape = match sends {
        Body::Json(ty) => shapes::of(scope, random, ty, on, 2),
        Body::Form(ty, parts) => {
            made.tags.push(if *parts { "multipart body" } else { "form body" });
            shapes::of(scope, random, ty, on, 2)
        }
        Body::Text => json!(scope.text(random, 1)),
        Body::Bytes => {
            made.tags.push("bytes sent");
            let bytes: Vec<_> = scope.there(|ty| *ty == Ty::Bytes);
            match random.any(&bytes) {
                Some(value) => json!(value.text),
                None => json!(format!("bytes({})", scope.text(random, 1))),
            }
        }
        Body::Events | Body::Nothing => return,
    };
    if !fields.is_empty()
        && let Some(made) = shape.as_object_mut()
    {
        fields.iter().for_each(|field| drop(made.remove(*field)));
        if made.is_empty() {
            return;
        }
    }
    made.call.insert("body".into(), shape);
}

/// What says when, how long and how strictly.
fn policies(call: &mut Map<String, Json>, scope: &Scope, random: &mut Random) {
    if random.once_in(6) {
        call.insert("when".into(), json!(scope.boolean(random, 1)));
    }
    if random.once_in(8) {
        call.insert("validate".into(), json!(random.of(&["full", "off", "used"])));
    }
    if random.once_in(10) {
        call.insert("on_invalid".into(), json!("report"));
    }
    if random.once_in(8) {
        call.insert("open".into(), json!(true));
    }
    if random.once_in(8) {
        call.insert("timeout".into(), json!("900ms"));
    }
    if random.once_in(8) {
        call.insert("headers".into(), json!({ "x-from": scope.text(random, 0) }));
    }
}

fn on_error(
    call: &mut Map<String, Json>,
    scope: &Scope,
    random: &mut Random,
    on: usize,
    gives: Option<&Ty>,
    gathered: bool,
) {
    let on_error = match (random.below(8), gives) {
        (0 | 1, _) => json!("absent"),
        (2, _) => json!({ "absent": true, "warn": "It is \"down\"" }),
        (3, Some(_)) if gathered => json!({ "default": [], "warn": "none" }),
        (3, Some(ty)) => json!({ "default": shapes::of(scope, random, ty, on, 1), "warn": "later" }),
        (4, _) => json!({ "status": { "404": 404, "409": 409 } }),
        _ => return,
    };
    call.insert("on_error".into(), on_error);
}

/// What a call is in expressions. `key`: the type of its keys, where it has any.
fn values(
    call: &Map<String, Json>,
    random: &mut Random,
    name: &str,
    on: usize,
    operation: &Operation,
    key: Option<&Ty>,
) -> Vec<Value> {
    let absent = call.get("on_error").is_some_and(|what| what == "absent" || what.get("absent").is_some());
    let soft = call.get("on_error").is_some_and(|what| what.get("status").is_none());
    let nothing = operation.answers.iter().any(|(_, body)| *body == Body::Nothing);
    let optional = absent || call.contains_key("when") || nothing;
    let mut all = Vec::new();
    let mut bodies: Vec<Ty> = Vec::new();
    for (_, body) in &operation.answers {
        let ty = match body {
            Body::Json(ty) => ty.clone(),
            Body::Text => Ty::Str(None),
            Body::Bytes => Ty::Bytes,
            Body::Form(..) | Body::Events | Body::Nothing => continue,
        };
        if !bodies.contains(&ty) {
            bodies.push(ty);
        }
    }
    let keyed = key.is_some();
    let ty = if bodies.len() > 1 { Some(Ty::Either(bodies)) } else { bodies.pop() };
    if let Some(ty) = ty.filter(|_| !call.contains_key("batch")) {
        let text = match key {
            Some(Ty::Int) => format!("{name}[?7]"),
            Some(_) => format!("{name}[?'k']"),
            None => name.to_owned(),
        };
        all.push(Value { optional: optional || keyed, ..Value::plain(text, ty, on) });
    }
    if !keyed && random.once_in(2) {
        let optional = soft || call.contains_key("when");
        all.push(Value { optional, ..Value::plain(format!("meta.{name}.status"), Ty::Int, 0) });
        all.push(Value { optional: true, ..Value::plain(format!("meta.{name}.error.code"), Ty::Str(None), 0) });
        for (header, ty, required) in &operation.headers {
            let text = format!("meta.{name}.headers[{:?}]", header.to_lowercase());
            all.push(Value { optional: optional || !required, ..Value::plain(text, ty.clone(), 0) });
        }
    }
    all
}
