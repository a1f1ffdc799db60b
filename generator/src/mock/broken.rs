//! Answers that break their contract, on demand.

use serde_json::{Value, json};

use super::answer::Answer;
use super::random::mix;

/// Breaks an answer in one of the ways in which services do; the same seed breaks it the same way.
pub fn break_it(answer: &mut Answer, seed: u64) {
    let body = serde_json::from_str::<Value>(&answer.body).ok();
    match (mix(seed, "how") % 6, body) {
        (0, _) => answer.body.truncate(floor(&answer.body, answer.body.len() / 2)),
        (1, _) => answer.headers.retain(|(name, _)| *name != "content-type"),
        (2, Some(_)) => answer.body = "null".to_owned(),
        (how, Some(mut body)) => {
            let mut at = mix(seed, "where") % scalars(&body).max(1);
            change(&mut body, &mut at, how);
            answer.body = body.to_string();
        }
        // What is no JSON: nothing at all.
        (_, None) => answer.body.clear(),
    }
}

/// How many values have no parts.
fn scalars(value: &Value) -> u64 {
    match value {
        Value::Array(items) => items.iter().map(scalars).sum(),
        Value::Object(members) => members.values().map(scalars).sum(),
        _ => 1,
    }
}

/// Changes the scalar at a position; with `how` 3 it is taken out of the object that it is in. Whether it is reached.
fn change(value: &mut Value, at: &mut u64, how: u64) -> bool {
    match value {
        Value::Array(items) => items.iter_mut().any(|item| change(item, at, how)),
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            for name in names {
                let Some(member) = members.get_mut(&name) else { continue };
                let scalar = !member.is_object() && !member.is_array();
                if scalar && *at == 0 && how == 3 {
                    members.remove(&name);
                    return true;
                }
                if change(member, at, how) {
                    return true;
                }
            }
            false
        }
        _ if *at > 0 => {
            *at -= 1;
            false
        }
        scalar => {
            *scalar = match (how, &*scalar) {
                (4, _) => Value::Null,
                (_, Value::String(_)) => json!(-1.5e300),
                (_, _) => json!("something else"),
            };
            true
        }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_leaves_another_body() {
        let body = r#"{"a":[{"b":"ü"},{"c":2}],"d":true}"#;
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let headers = vec![("content-type", "application/json".to_owned())];
            let mut answer = Answer { status: 200, headers, body: body.to_owned(), notes: Vec::new() };
            break_it(&mut answer, seed);
            assert!(answer.body != body || answer.headers.is_empty(), "seed {seed}");
            seen.insert(answer.body);
        }
        // Cut, null, as it was without its type; three members removed, made null and of another type.
        assert_eq!(seen.len(), 12, "{seen:#?}");
    }
}
