//! The corpus' cases of parameter serialisation: style x explode x type, through the front door.
//!
//! Where sources disagree, OpenAPI 3.0.4 and 3.1.1 win; what is overruled stands in a list with its reason, and an
//! entry that is not needed any more fails.

mod decode;
mod encode;
mod exceptions;
mod inputs;

use serde_json::Value;
use std::collections::BTreeMap;

/// The cases, or nothing where there is no corpus.
fn cases(op: &str) -> Option<Vec<Value>> {
    let Ok(corpus) = std::env::var("BFFGEN_CORPUS") else {
        eprintln!("skipped: BFFGEN_CORPUS does not say where the corpus is");
        return None;
    };
    let path = std::path::Path::new(&corpus).join("suites/param-serialisation/cases.json");
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let all: Vec<Value> = serde_json::from_slice(&text).expect("the cases are JSON");
    let chosen: Vec<Value> = all.into_iter().filter(|case| case["op"] == op).collect();
    assert!(!chosen.is_empty(), "no case of {op}");
    Some(chosen)
}

/// What names a case in the lists: `source style explode in what`.
fn id(case: &Value) -> String {
    let text = |key: &str| case[key].as_str().unwrap_or("-");
    let explode = case["explode"].as_bool().map_or("-", |explode| if explode { "explode" } else { "joined" });
    let what = match case["case"].as_str() {
        Some(name) => name.to_owned(),
        None => format!("{} {}", text("kind"), case.get("wire").and_then(Value::as_str).unwrap_or("-")),
    };
    format!("{} {} {explode} {} {what}", text("source"), text("style"), text("in"))
}

/// Compares what came with what is expected, but for the exceptions: `(id, what comes instead, why)`.
struct Judge {
    exceptions: BTreeMap<&'static str, (&'static str, bool)>,
    wrong: Vec<String>,
}

impl Judge {
    fn new(exceptions: &[(&'static str, &'static str, &'static str)]) -> Judge {
        for (id, _, why) in exceptions {
            assert!(!why.is_empty(), "{id} has no reason");
        }
        let exceptions = exceptions.iter().map(|(id, instead, _)| (*id, (*instead, false))).collect();
        Judge { exceptions, wrong: Vec::new() }
    }

    fn judge(&mut self, id: &str, expected: Option<&str>, came: &str) {
        match self.exceptions.get_mut(id) {
            Some((instead, used)) => {
                *used = true;
                if Some(came) == expected {
                    self.wrong.push(format!("{id}: passes, its exception is not needed"));
                } else if came != *instead {
                    self.wrong.push(format!("{id}: gives `{came}`, its exception says `{instead}`"));
                }
            }
            None if Some(came) != expected => {
                self.wrong.push(format!("{id}: gives `{came}`, expected `{}`", expected.unwrap_or("nothing defined")));
            }
            None => {}
        }
    }

    fn done(mut self) {
        let unused = self.exceptions.iter().filter(|(_, (_, used))| !used);
        self.wrong.extend(unused.map(|(id, _)| format!("{id}: no such case, its exception is stale")));
        assert!(self.wrong.is_empty(), "{} wrong:\n{}", self.wrong.len(), self.wrong.join("\n"));
    }
}
