//! Calls for the elements of a list, one by one or many at once, and what an answer makes of them.

use serde_json::{Map, Value as Json, json};

use crate::expressions::Scope;
use crate::model::{Operation, Ty};
use crate::random::Random;
use crate::values::{Value, reach};

/// A call that is made for each element of a list.
#[derive(Clone, Debug)]
pub struct Keyed {
    pub name: String,
    /// The list, what its elements are, and the key behind the variable: `.id`.
    pub element: Element,
    /// What it gives for a key; none where nothing can be read of it.
    pub gives: Option<(Ty, usize)>,
    /// Whether a key may be missing or its value absent.
    pub soft: bool,
    pub headers: Vec<(&'static str, Ty, bool)>,
}

/// Elements that have a key.
#[derive(Clone, Debug)]
pub struct Element {
    pub list: String,
    pub items: Ty,
    pub service: usize,
    pub key: String,
}

/// Elements with a key of a type: out of what there is, else written out.
pub fn elements(scope: &Scope, random: &mut Random, key: &Ty) -> Element {
    for _ in 0..6 {
        let Some((list, items, service)) = scope.list(random, 1) else { break };
        let (variable, inner) = scope.inside(&items, service);
        let before = scope.plain().values.len();
        let fits = |value: &&Value| !value.optional && !value.nullable && inner.ty(value) == key;
        let own: Vec<_> = inner.values[before..].iter().filter(fits).collect();
        if let Some(value) = random.any(&own) {
            return Element { list, items, service, key: value.text[variable.len()..].to_owned() };
        }
    }
    let list = match key {
        Ty::Int => random.of(&["[1, 2, 3]", "lists.range(3)", "[query.n, 7]"]),
        _ => random.of(&["['a', 'b']", "'a,b'.split(',')", "[string(query.n), 'x']"]),
    };
    Element { list: (*list).to_owned(), items: key.clone(), service: 0, key: String::new() }
}

/// The keys of `each` that stand for the elements; gives the key of one.
pub fn each(call: &mut Map<String, Json>, scope: &Scope, random: &mut Random, element: &Element) -> String {
    let (variable, _) = scope.inside(&element.items, element.service);
    let key = format!("{variable}{}", element.key);
    call.insert("each".into(), json!(format!("{variable} in {}", element.list)));
    call.insert("max".into(), json!(20));
    if !element.key.is_empty() || random.once_in(2) {
        call.insert("key".into(), json!(key));
    }
    if random.once_in(3) {
        call.insert("concurrency".into(), json!(2));
    }
    key
}

/// What `batch` says of an operation, where it takes many keys.
pub fn batch(operation: &Operation, random: &mut Random) -> Option<Json> {
    let batching = operation.batching.as_ref()?;
    let mut made = json!({ "param": batching.param, "match": batching.matched });
    if let Some(items) = batching.items {
        made["items"] = json!(items);
    }
    if random.once_in(2) {
        made["size"] = json!(25);
    }
    Some(made)
}

/// A list in an answer with what the call gave for each of its elements.
pub fn looked_up(
    scope: &Scope,
    random: &mut Random,
    depth: usize,
    each: impl Fn(&Scope, &mut Random, usize, &str) -> Json,
) -> Option<Json> {
    let keyed = random.any(scope.keyed)?;
    let element = &keyed.element;
    let (variable, mut inner) = scope.with(&element.items, element.service);
    let key = format!("{variable}{}", element.key);
    let name = &keyed.name;
    let mut own = Vec::new();
    if let Some((ty, on)) = &keyed.gives {
        let maybe = keyed.soft || random.once_in(2);
        let text = if maybe { format!("{name}[?{key}]") } else { format!("{name}[{key}]") };
        let root = Value { optional: maybe, ..Value::plain(text, ty.clone(), *on) };
        own.extend(reach(scope.services, root, 2));
    }
    let maybe = random.once_in(2);
    let meta = if maybe { format!("meta.{name}[?{key}]") } else { format!("meta.{name}[{key}]") };
    let optional = maybe || keyed.soft;
    own.push(Value { optional, ..Value::plain(format!("{meta}.status"), Ty::Int, 0) });
    own.push(Value { optional: true, ..Value::plain(format!("{meta}.error.code"), Ty::Str(None), 0) });
    own.push(Value { optional: maybe, ..Value::plain(format!("{meta}.stale"), Ty::Bool, 0) });
    for (header, ty, required) in &keyed.headers {
        let text = format!("{meta}.headers[{:?}]", header.to_lowercase());
        own.push(Value { optional: optional || !required, ..Value::plain(text, ty.clone(), 0) });
    }
    let known = random.of(&own).text.clone();
    let known_too = random.of(&own).text.clone();
    inner.values.extend(own);
    let mut made = each(&inner, random, depth, &format!("{variable} in {}", element.list));
    if made.get("$value").is_none() && made.get("$match").is_none() {
        made["known"] = json!(known);
        made["known too"] = json!(known_too);
    }
    Some(made)
}
