//! Values of a schema: as it wants them, with one thing broken each, and as its document shows them.

use serde_json::{Map, Value, json};

use crate::documents::{Document, Shown, escape};
use crate::sample::Sampler;

/// Values of a schema, different from each other; those that are made, at most so many.
pub fn values(document: &Document, schema: &Shown, seeds: u64, most: usize) -> Vec<Value> {
    let mut all: Vec<Value> = schema.examples.clone();
    if schema.component {
        let node = document.lifted.pointer(&schema.pointer).unwrap_or(&Value::Null);
        for seed in 0..seeds {
            all.push(Sampler::new(&document.lifted, &schema.pointer, seed).make(node, 0));
        }
    }
    if schema.component {
        // Evenly over all that can be broken, so that deep members have their turn. Made when it is known which: all of
        // them would not fit into memory.
        let mut count = 0usize;
        break_each(&all, &mut |_, _, _| count += 1);
        let step = count.div_ceil(most.saturating_sub(all.len()).max(1)).max(1);
        let (mut at, mut broken) = (0usize, Vec::new());
        break_each(&all, &mut |value, place, other| {
            if at.is_multiple_of(step) {
                let mut changed = value.clone();
                if let Some(at) = changed.pointer_mut(place) {
                    *at = other;
                    broken.push(changed);
                }
            }
            at += 1;
        });
        all.extend(broken);
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|value| seen.insert(value.to_string()));
    all
}

/// Calls `take` with each value, each place in it, and each that may stand there instead.
fn break_each(values: &[Value], take: &mut dyn FnMut(&Value, &str, Value)) {
    for value in values {
        let mut places = Vec::new();
        list(value, String::new(), &mut places);
        for place in &places {
            let here = value.pointer(place).unwrap_or(&Value::Null);
            others(here).into_iter().for_each(|other| take(value, place, other));
        }
    }
}

/// Pointers of a value and of all in it.
fn list(value: &Value, pointer: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                list(value, format!("{pointer}/{}", escape(key)), places);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate().take(3) {
                list(value, format!("{pointer}/{at}"), places);
            }
        }
        _ => {}
    }
    places.push(pointer);
}

/// What breaks one keyword or another when it stands instead.
fn others(value: &Value) -> Vec<Value> {
    let mut all =
        vec![Value::Null, json!(true), json!(-7), json!(0), json!(1.5), json!(""), json!("x"), json!({}), json!([])];
    match value {
        Value::Object(members) => {
            all.extend(members.keys().map(|key| {
                let rest: Map<String, Value> =
                    members.iter().filter(|(other, _)| *other != key).map(|(k, v)| (k.clone(), v.clone())).collect();
                Value::Object(rest)
            }));
            let mut more = members.clone();
            more.insert("x-unknown".to_owned(), json!("x"));
            all.push(Value::Object(more));
        }
        Value::Array(items) => {
            let mut twice = items.clone();
            twice.extend(items.first().cloned());
            all.push(Value::Array(twice));
            all.push(Value::Array(items.iter().cycle().take(items.len() * 40).cloned().collect()));
            let mut mixed = items.clone();
            mixed.push(json!({ "x-unknown": 1 }));
            all.push(Value::Array(mixed));
        }
        Value::String(text) => {
            all.push(json!(format!("{text}~")));
            all.push(json!("é".repeat(300)));
            all.push(json!(text.to_uppercase()));
            all.push(json!("2020-02-30"));
        }
        Value::Number(number) => {
            all.extend([json!(1e15), json!(-1e15), json!(0.001)]);
            if let Some(number) = number.as_i64() {
                all.extend([json!(number.saturating_add(1)), json!(number.saturating_sub(1)), json!(number as f64)]);
            }
        }
        Value::Bool(_) | Value::Null => {}
    }
    all
}
