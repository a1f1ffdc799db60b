//! The interpreter of the `cel` crate.

use std::sync::Arc;

use bffgen_cel::Answer;
use cel::objects::{Key, Map};
use cel::{Context, Env, Program, Value as Cel, extensions};
use serde_json::{Value, json};

/// Expressions, ready to be interpreted.
pub struct Oracle {
    env: Arc<Env>,
    programs: Vec<Program>,
}

impl Oracle {
    pub fn new(expressions: &[String]) -> Oracle {
        let mut env = Env::stdlib();
        for extension in [extensions::lists, extensions::math, extensions::strings] {
            env.add_extension(extension).expect("an extension");
        }
        let compile = |text: &String| env.compile(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let programs = expressions.iter().map(compile).collect();
        Oracle { env: Arc::new(env), programs }
    }

    /// What an expression gives for the value of `v`.
    pub fn answer(&self, case: usize, v: &Value) -> Answer {
        let mut context = Context::with_env(self.env.clone());
        context.add_variable_from_value("v", of_json(v, ""));
        match self.programs[case].execute(&context) {
            Ok(value) => Answer::Value(to_json(&value)),
            Err(error) => Answer::Failed(error.to_string()),
        }
    }
}

/// Members that are numbers: JSON does not tell integers and doubles apart.
const DOUBLES: &[&str] = &["d", "e", "doubles", "price"];

fn of_json(value: &Value, member: &str) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(b) => Cel::Bool(*b),
        Value::Number(number) if DOUBLES.contains(&member) => Cel::Float(number.as_f64().expect("a double")),
        Value::Number(number) => Cel::Int(number.as_i64().expect("an integer")),
        Value::String(text) => Cel::String(Arc::new(text.clone())),
        Value::Array(items) => Cel::List(Arc::new(items.iter().map(|item| of_json(item, member)).collect())),
        Value::Object(members) => {
            let entry = |(key, value): (&String, &Value)| (Key::String(Arc::new(key.clone())), of_json(value, key));
            Cel::Map(Map { map: Arc::new(members.iter().map(entry).collect()) })
        }
    }
}

fn to_json(value: &Cel) -> Option<Value> {
    Some(match value {
        Cel::Null => Value::Null,
        Cel::Bool(b) => json!(b),
        Cel::Int(i) => json!(i),
        // What JSON cannot say is null in an answer.
        Cel::Float(d) => json!(d),
        Cel::String(text) => json!(**text),
        Cel::List(items) => Value::Array(items.iter().map(|item| to_json(item).expect("a value")).collect()),
        Cel::Timestamp(time) => json!(shown(time)),
        Cel::Duration(span) => json!(span.num_nanoseconds().map(seconds)),
        other => panic!("{other:?} has no JSON form"),
    })
}

fn shown(time: &chrono::DateTime<chrono::FixedOffset>) -> String {
    let time = time.with_timezone(&chrono::Utc);
    let text = time.format("%Y-%m-%dT%H:%M:%S").to_string();
    match time.timestamp_subsec_nanos() {
        0 => format!("{text}Z"),
        nanos => format!("{text}.{}Z", format!("{nanos:09}").trim_end_matches('0')),
    }
}

fn seconds(nanos: i64) -> String {
    let size = nanos.unsigned_abs();
    let sign = if nanos < 0 { "-" } else { "" };
    match size % 1_000_000_000 {
        0 => format!("{sign}{}s", size / 1_000_000_000),
        rest => format!("{sign}{}.{}s", size / 1_000_000_000, format!("{rest:09}").trim_end_matches('0')),
    }
}

/// The same value, or an error on both sides.
pub fn same(a: &Answer, b: &Answer) -> bool {
    match (a, b) {
        (Answer::Failed(_), Answer::Failed(_)) => true,
        (Answer::Value(a), Answer::Value(b)) => match (a, b) {
            (Some(a), Some(b)) => equal(a, b),
            _ => a == b,
        },
        _ => false,
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) if a.is_i64() && b.is_i64() => a == b,
        // Reading doubles from JSON text may be off by their last bits.
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            a == b || (a - b).abs() <= a.abs() * 4.0 * f64::EPSILON
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        _ => a == b,
    }
}
