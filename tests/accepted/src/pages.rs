//! Calls that turn pages.

use serde_json::{Map, Value as Json, json};

use crate::model::{Body, Operation, Ty};
use crate::random::Random;
use crate::values::Value;

/// What is said of pages.
pub struct Turned {
    pub paginate: Json,
    /// Whether all of them are one list.
    pub gathered: bool,
    /// The parameters that it sets.
    pub sets: Vec<&'static str>,
}

/// What `paginate` says of an operation, where it gives pages. `name`: of the call.
pub fn paginate(operation: &Operation, random: &mut Random, name: &str) -> Option<Turned> {
    let paging = operation.paging.as_ref()?;
    let gathered = random.once_in(2);
    let mut sets = vec![paging.param];
    let page = match paging.style {
        "link" if gathered => {
            sets.clear();
            json!(true)
        }
        _ => json!(paging.param),
    };
    let mut made = Map::from_iter([(paging.style.to_owned(), page)]);
    if paging.style == "page" && random.once_in(3) {
        made.insert("first".into(), json!(0));
    }
    // One page is as large as the service makes it, unless the next one depends on that.
    let sized = gathered || matches!(paging.style, "page" | "offset");
    if let Some(size) = paging.size.filter(|_| sized)
        && random.below(4) > 0
    {
        made.insert("size".into(), json!(size));
        if random.once_in(2) {
            sets.push(size);
        }
    }
    if let Some(next) = paging.next {
        made.insert("next".into(), json!(next));
    }
    if let Some(items) = paging.items
        && (gathered || matches!(paging.style, "page" | "offset"))
    {
        made.insert("items".into(), json!(items));
    }
    if gathered {
        made.insert("max".into(), json!(random.of(&[50, 500])));
        if random.once_in(3) {
            made.insert("pages".into(), json!(4));
        }
    } else {
        let token = random.of(&[format!("query.{name}_after"), format!("header[\"x-{name}-after\"]")]).clone();
        made.insert("token".into(), json!(token));
    }
    Some(Turned { paginate: Json::Object(made), gathered, sets })
}

/// What such a call is in expressions.
pub fn values(operation: &Operation, turned: &Turned, name: &str, on: usize, optional: bool) -> Vec<Value> {
    let Some(paging) = &operation.paging else { return Vec::new() };
    let body = match (&operation.answers[0].1, turned.gathered) {
        (_, true) => Ty::List(Box::new(paging.element.clone())),
        (Body::Json(ty), _) => ty.clone(),
        _ => return Vec::new(),
    };
    let known = match turned.gathered {
        true => Value { optional, ..Value::plain(format!("meta.{name}.complete"), Ty::Bool, 0) },
        false => Value { optional: true, ..Value::plain(format!("meta.{name}.next"), Ty::Str(None), 0) },
    };
    vec![Value { optional, ..Value::plain(name, body, on) }, known]
}
