//! CEL's conformance tests: each case is an expression of a composition, compiled, built and run. What is out of
//! scope stands with its reason in `out_of_scope.tsv`; an entry that is no longer needed fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use bffgen_cel::textproto::{self, Message, Value as Proto};
use bffgen_cel::{Answer, Case, build};
use serde_json::{Map, Value, json};

/// What CEL says that an expression gives.
#[derive(Debug)]
enum Expected {
    Value(Value),
    Error,
    /// Only that it is accepted.
    Anything,
}

/// A case with the values of its variables, or why it cannot be said in a composition.
type Runnable = Result<(Case, Map<String, Value>), &'static str>;

/// A case of the suite.
#[derive(Debug)]
struct Test {
    /// File, section and name.
    id: String,
    /// What runs.
    case: Runnable,
    expected: Expected,
}

fn folder() -> Option<PathBuf> {
    let corpus = PathBuf::from(std::env::var_os("BFFGEN_CORPUS")?);
    Some(corpus.join("suites/cel-spec-conformance/tests/simple/testdata"))
}

#[test]
fn conformance() {
    let Some(folder) = folder() else {
        println!("skipped: BFFGEN_CORPUS is not set");
        return;
    };
    let listed = listed();
    let mut tests = Vec::new();
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the suite").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "textproto")) {
        let file = path.file_stem().expect("a name").to_string_lossy().into_owned();
        read(&file, &textproto::read(&fs::read_to_string(path).expect("UTF-8")), &mut tests);
    }
    let cases: Vec<Case> = tests.iter().filter_map(|test| Some(test.case.as_ref().ok()?.0.clone())).collect();
    let built = build("conformance", &cases);
    let mut runs = Vec::new();
    let mut position = 0;
    let mut outcomes: Vec<Result<(), String>> = Vec::new();
    let mut running = Vec::new();
    for (at, test) in tests.iter().enumerate() {
        let outcome = match &test.case {
            Err(why) => Err((*why).to_owned()),
            Ok((_, values)) => {
                position += 1;
                match &built.refusals[position - 1] {
                    // What can never give a value may be refused before it runs; what is not there may not.
                    Some(refusal) if matches!(test.expected, Expected::Error) && !is_missing(&refusal.code) => Ok(()),
                    Some(refusal) => Err(format!("{}: {}", refusal.code, refusal.message)),
                    None => {
                        runs.push((position - 1, Value::Object(values.clone())));
                        running.push(at);
                        Ok(())
                    }
                }
            }
        };
        outcomes.push(outcome);
    }
    for (at, answer) in running.iter().zip(built.run(&runs)) {
        outcomes[*at] = judge(&tests[*at].expected, &answer);
    }
    report(&tests, &outcomes, &listed);
}

/// Whether a finding says that something is not part of the language.
fn is_missing(code: &str) -> bool {
    matches!(code, "BFF0337" | "BFF0413")
}

fn judge(expected: &Expected, answer: &Answer) -> Result<(), String> {
    let right = match (expected, answer) {
        (Expected::Anything, _) | (Expected::Error, Answer::Failed(_)) => true,
        (Expected::Value(expected), Answer::Value(value)) => same(expected, value.as_ref().unwrap_or(&Value::Null)),
        _ => false,
    };
    if right { Ok(()) } else { Err(format!("{expected:?} is wanted, this is {answer:?}")) }
}

/// Equal as JSON: `1` and `1.0` are the same number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) if a.is_i64() && b.is_i64() => a == b,
        // Reading a double from JSON text may be off by its last bit.
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            a == b || (a - b).abs() <= a.abs() * f64::EPSILON
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// `file`, or `file/section/name`, and the reason.
fn listed() -> BTreeMap<String, String> {
    bffgen_tests::listed(concat!(env!("CARGO_MANIFEST_DIR"), "/out_of_scope.tsv"))
}

fn report(tests: &[Test], outcomes: &[Result<(), String>], listed: &BTreeMap<String, String>) {
    let mut files: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    for (test, outcome) in tests.iter().zip(outcomes) {
        let (file, _) = test.id.split_once('/').expect("a file");
        let counts = files.entry(file).or_default();
        known.push(&test.id);
        if listed.contains_key(file) {
            match outcome {
                Ok(()) => counts.0 += 1,
                Err(_) => counts.1 += 1,
            }
            continue;
        }
        match (outcome, listed.contains_key(&test.id)) {
            (Ok(()), false) => counts.0 += 1,
            (Err(_), true) => counts.1 += 1,
            (Ok(()), true) => wrong.push(format!("{}\tis listed, but passes", test.id)),
            (Err(why), false) => {
                let text = test.case.as_ref().map_or("", |(case, _)| case.text.as_str());
                wrong.push(format!("{}\t{why}\t{text}", test.id));
            }
        }
    }
    for (file, (passed, out)) in files.iter().filter(|(file, _)| !listed.contains_key(**file)) {
        println!("{file}: {passed} passed, {out} out of scope");
    }
    for (id, reason) in listed {
        match id.contains('/') {
            true if !known.contains(&id.as_str()) => wrong.push(format!("{id}\tis listed, but there is no such case")),
            true => {}
            // A file is out of scope as long as one of its cases does not pass.
            false => match files.get(id.as_str()) {
                None => wrong.push(format!("{id}\tis listed, but there is no such file")),
                Some((passed, 0)) => wrong.push(format!("{id}\tis listed, but all its {passed} cases pass")),
                Some((passed, out)) => {
                    println!("{id}: out of scope: {reason} ({passed} of {} pass all the same)", passed + out)
                }
            },
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

fn read(file: &str, suite: &Message, tests: &mut Vec<Test>) {
    for section in suite.messages("section") {
        for test in section.messages("test") {
            let mut id = format!("{file}/{}/{}", section.text("name"), test.text("name"));
            while tests.iter().any(|known: &Test| known.id == id) {
                id.push('+');
            }
            let (case, expected) = one(test);
            tests.push(Test { id, case, expected });
        }
    }
}

fn one(test: &Message) -> (Runnable, Expected) {
    let text = test.text("expr");
    let (text, expected) = if test.has("eval_error") || test.has("any_eval_errors") {
        (Ok(text), Expected::Error)
    } else {
        let value =
            test.message("value").or_else(|| test.message("typed_result").and_then(|all| all.message("result")));
        match value.and_then(Message::only) {
            // Without a value, `true` is wanted.
            None => (Ok(text), Expected::Value(json!(true))),
            Some((kind, value)) => match shown(&text, kind, value) {
                Ok((text, value)) => (Ok(text), Expected::Value(value)),
                Err(why) => (Err(why), Expected::Anything),
            },
        }
    };
    let expected = if test.text("check_only") == "true" { Expected::Anything } else { expected };
    let case = text.and_then(|text| {
        let (variables, values) = variables(test)?;
        Ok((Case { text, variables }, values))
    });
    (case, expected)
}

/// The expression so that its value is JSON, and that value.
fn shown(text: &str, kind: &str, value: &Proto) -> Result<(String, Value), &'static str> {
    match (kind, value) {
        ("double_value", Proto::Word(word)) if !number(word).is_finite() => {
            let number = number(word);
            let shown = if number.is_nan() {
                "NaN"
            } else if number > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            Ok((format!("string({text})"), json!(shown)))
        }
        ("bytes_value", Proto::Text(bytes)) => Ok((format!("base64.encode({text})"), json!(base64(bytes)))),
        ("object_value", _) => Err("its value is a message of protocol buffers"),
        _ => Ok((text.to_owned(), plain(kind, value)?)),
    }
}

/// A value as JSON.
fn plain(kind: &str, value: &Proto) -> Result<Value, &'static str> {
    Ok(match (kind, value) {
        ("bool_value", Proto::Word(word)) => json!(word == "true"),
        ("int64_value", Proto::Word(word)) => json!(integer(word)),
        ("double_value", Proto::Word(word)) => json!(number(word)),
        ("string_value", Proto::Text(bytes)) => json!(String::from_utf8_lossy(bytes)),
        ("null_value", _) => Value::Null,
        ("list_value", Proto::Message(list)) => {
            let items = list.messages("values").map(|item| {
                let (kind, value) = item.only().ok_or("a value without a kind")?;
                plain(kind, value)
            });
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        ("map_value", Proto::Message(map)) => {
            let mut members = Map::new();
            for entry in map.messages("entries") {
                let part = |name| {
                    let (kind, value) = entry.message(name).and_then(Message::only).ok_or("a value without a kind")?;
                    plain(kind, value)
                };
                let key = match part("key")? {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                members.insert(key, part("value")?);
            }
            Value::Object(members)
        }
        ("uint64_value", _) => return Err("the language has no `uint`"),
        ("type_value", _) => return Err("the language has no values that are types"),
        ("enum_value", _) => return Err("the language has no enums of protocol buffers"),
        ("object_value", _) => return Err("a message of protocol buffers"),
        _ => return Err("a value that JSON does not have"),
    })
}

fn integer(word: &str) -> i64 {
    let (sign, digits) = word.strip_prefix('-').map_or(("", word), |digits| ("-", digits));
    match digits.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(&format!("{sign}{hex}"), 16).expect("an integer"),
        None => word.parse().expect("an integer"),
    }
}

fn number(word: &str) -> f64 {
    word.parse().unwrap_or_else(|_| panic!("{word} is no number"))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let chunk = |chunk: &[u8]| {
        let bits = chunk.iter().chain(&[0, 0]).take(3).fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        (0..4u32)
            .map(|at| match at as usize <= chunk.len() {
                true => char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]),
                false => '=',
            })
            .collect::<String>()
    };
    bytes.chunks(3).map(chunk).collect()
}

type Variables = (Vec<(String, Value)>, Map<String, Value>);

/// The variables of a case, with their schemas and values.
fn variables(test: &Message) -> Result<Variables, &'static str> {
    let mut schemas = Vec::new();
    let mut values = Map::new();
    for binding in test.messages("bindings") {
        let name = binding.text("key");
        let value =
            binding.message("value").and_then(|value| value.message("value")).ok_or("a value that is unknown")?;
        let (kind, value) = value.only().ok_or("a value without a kind")?;
        if name.contains('.') {
            return Err("a name with dots: the language has no namespaces of its user");
        }
        let value = plain(kind, value)?;
        let declared = test
            .messages("type_env")
            .find(|declared| declared.text("name") == name)
            .and_then(|declared| declared.message("ident")?.message("type"));
        let schema = match declared {
            Some(declared) => schema_of_type(declared)?,
            None => schema_of_value(kind, &value)?,
        };
        schemas.push((name.clone(), schema));
        values.insert(name, value);
    }
    Ok((schemas, values))
}

fn schema_of_type(declared: &Message) -> Result<Value, &'static str> {
    let (kind, value) = declared.only().ok_or("a type without a kind")?;
    Ok(match (kind, value) {
        ("primitive", Proto::Word(word)) => match word.as_str() {
            "BOOL" => json!({ "type": "boolean" }),
            "INT64" => json!({ "type": "integer" }),
            "DOUBLE" => json!({ "type": "number" }),
            "STRING" => json!({ "type": "string" }),
            "BYTES" => return Err("a variable of bytes: JSON has none"),
            _ => return Err("the language has no `uint`"),
        },
        ("list_type", Proto::Message(list)) => {
            let item = list.message("elem_type").ok_or("a list without a type")?;
            json!({ "type": "array", "items": schema_of_type(item)? })
        }
        ("map_type", Proto::Message(map)) => {
            let key = map.message("key_type").map(|key| key.text("primitive"));
            if key.as_deref() != Some("STRING") {
                return Err("a variable that is a map with other keys than strings: JSON has none");
            }
            let value = map.message("value_type").ok_or("a map without a type")?;
            json!({ "type": "object", "additionalProperties": schema_of_type(value)? })
        }
        ("message_type", _) => return Err("a variable that is a message of protocol buffers"),
        ("dyn", _) => return Err("a variable of the type `dyn`"),
        _ => return Err("a variable of a type that JSON does not have"),
    })
}

fn schema_of_value(kind: &str, value: &Value) -> Result<Value, &'static str> {
    Ok(match value {
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(_) if kind == "double_value" => json!({ "type": "number" }),
        Value::Number(number) if number.is_i64() => json!({ "type": "integer" }),
        Value::Number(_) => json!({ "type": "number" }),
        Value::String(_) => json!({ "type": "string" }),
        Value::Null => return Err("a variable that is null"),
        Value::Array(items) => {
            let item = items.first().map_or(Ok(json!({ "type": "string" })), |item| schema_of_value("", item))?;
            json!({ "type": "array", "items": item })
        }
        Value::Object(members) => {
            let value =
                members.values().next().map_or(Ok(json!({ "type": "string" })), |value| schema_of_value("", value))?;
            json!({ "type": "object", "additionalProperties": value })
        }
    })
}
