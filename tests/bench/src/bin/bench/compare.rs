//! Checks that all BFFs answer the same JSON: the order of members does not matter.

use serde_json::Value;

use crate::Failure;

/// # Errors
/// Names the first place where an answer differs from the first BFF's.
pub fn same_json(scenario: &str, answers: &[(&str, Vec<u8>)]) -> Result<(), Failure> {
    let mut first: Option<(&str, Value)> = None;
    for (name, body) in answers {
        let value: Value = serde_json::from_slice(body).map_err(|error| format!("{scenario}: {name}: {error}"))?;
        match &first {
            None => first = Some((name, value)),
            Some((other, expected)) => {
                if let Some(place) = difference(expected, &value, String::new()) {
                    return Err(format!("{scenario}: {name} and {other} answer differently at {place}").into());
                }
            }
        }
    }
    Ok(())
}

/// JSON Pointer of the first difference, with both values.
fn difference(left: &Value, right: &Value, at: String) -> Option<String> {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            let missing =
                b.keys().find(|key| !a.contains_key(*key)).or_else(|| a.keys().find(|key| !b.contains_key(*key)));
            if let Some(key) = missing {
                return Some(format!("{at}/{key}: only one of them has it"));
            }
            a.iter().find_map(|(key, value)| difference(value, b.get(key)?, format!("{at}/{key}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(index, (a, b))| difference(a, b, format!("{at}/{index}")))
        }
        _ => (left != right).then(|| format!("{at}: {right} and {left}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter_but_values_do() {
        let answers =
            |right: &str| [("lean", br#"{"a":1,"b":[{"c":"x"}]}"#.to_vec()), ("usual", right.as_bytes().to_vec())];
        assert!(same_json("s", &answers(r#"{"b":[{"c":"x"}],"a":1}"#)).is_ok());
        for (right, place) in [
            (r#"{"b":[{"c":"y"}],"a":1}"#, "/b/0/c: \"y\" and \"x\""),
            (r#"{"b":[{"c":"x"}],"a":1,"d":2}"#, "/d: only one"),
            (r#"{"b":[],"a":1}"#, "/b: [] and"),
        ] {
            let text = same_json("s", &answers(right)).expect_err(right).to_string();
            assert!(text.contains(place), "{text}");
        }
    }
}
