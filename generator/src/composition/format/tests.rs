//! The schema says what the reader does: the same keys, each with a form and words.

use serde_json::Value;

use super::super::reader::tables;
use super::{included, schema};

/// Where each mapping of the reader stands in the schema.
fn place(what: &str) -> &'static str {
    match what {
        "a composition" | "an included file" => "",
        "`runtime`" => "/definitions/runtime",
        "an upstream" => "/definitions/upstream",
        "an endpoint" => "/definitions/endpoint",
        "`inputs`" => "/definitions/inputs",
        "a call" => "/definitions/call",
        "`stream`" => "/definitions/stream/anyOf/1",
        "`batch`" => "/definitions/batch",
        "`paginate`" => "/definitions/paginate",
        "`on_error`" => "/definitions/onError/anyOf/1",
        "`lenient`" => "/definitions/lenient/anyOf/1",
        "a hook" => "/definitions/hook",
        "a shape" => "/definitions/shape",
        "a `$spread`" => "/definitions/spread",
        other => panic!("{other} has no place in the schema"),
    }
}

#[test]
fn the_keys_are_the_readers() {
    for (what, keys) in tables() {
        let schema = if what == "an included file" { included() } else { schema() };
        let mapping = schema.pointer(place(what)).expect("the mapping");
        let known = mapping["properties"].as_object().expect("properties");
        assert_eq!(known.keys().collect::<Vec<_>>(), keys, "{what}");
        for (key, value) in known {
            let form = value.as_object().expect("a schema");
            assert!(form.keys().any(|keyword| keyword != "description"), "the schema has no form of `{key}` of {what}");
            let words = value["description"].as_str().unwrap_or_default();
            assert!(!words.is_empty(), "docs/language.md says nothing of `{key}` of {what}");
        }
    }
}

/// A table that is not listed would be a mapping that editors know nothing of.
#[test]
fn every_table_is_known() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/composition/reader");
    let files = std::fs::read_dir(folder).expect("the reader").map(|file| file.expect("a file").path());
    let text: String = files.map(|file| std::fs::read_to_string(file).expect("Rust")).collect();
    let defined = text.matches(": Allowed =").count();
    assert_eq!(tables().count(), defined, "a table of keys is missing in `reader/tables.rs`");
}

#[test]
fn the_committed_schemas_are_fresh() {
    for (name, schema) in [("1.json", schema()), ("1-included.json", included())] {
        let path = format!("{}/../docs/schema/{name}", env!("CARGO_MANIFEST_DIR"));
        let text = format!("{schema:#}\n");
        if std::env::var_os("BFFGEN_BLESS").is_some() {
            std::fs::write(&path, &text).expect("written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "docs/schema/{name} is stale: BFFGEN_BLESS=1 cargo test -p bffgen --lib committed");
    }
}

#[test]
fn references_lead_somewhere() {
    fn walk(value: &Value, root: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    assert!(root.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
                }
                members.values().for_each(|member| walk(member, root));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, root)),
            _ => {}
        }
    }
    for schema in [schema(), included()] {
        walk(&schema, &schema);
    }
}
