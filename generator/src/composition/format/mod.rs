//! The format of a composition as JSON Schema, for editors: what the reader refuses for its structure is refused here.
//!
//! The keys of each mapping are the reader's own; their words are those of `docs/language.md`.

mod paginate;
mod shapes;
mod values;
mod words;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use super::reader::{METHODS, OWN_HEADERS, TAKEN, tables};
use values::{one_or_more, reference};

/// The schema of a composition (JSON Schema draft-07, what the YAML language server knows best).
pub fn schema() -> Value {
    let mut root = mapping("a composition", top);
    root["required"] = json!(["bffgen", "bff", "endpoints"]);
    whole("https://bffgen.dev/schema/1.json", "A composition of bffgen", root)
}

/// The schema of a file that compositions include.
pub fn included() -> Value {
    whole(
        "https://bffgen.dev/schema/1-included.json",
        "A file that a composition of bffgen includes",
        mapping("an included file", top),
    )
}

fn whole(id: &str, title: &str, root: Value) -> Value {
    let mut schema = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "$id": id, "title": title });
    if let (Value::Object(schema), Value::Object(root)) = (&mut schema, root) {
        schema.extend(root);
        schema.insert("definitions".into(), definitions());
    }
    schema
}

fn definitions() -> Value {
    let mut all = Map::new();
    let mut add = |name: &str, schema: Value| all.insert(name.to_owned(), schema);
    for (name, schema) in values::all() {
        add(name, schema);
    }
    for (name, schema) in shapes::all() {
        add(name, schema);
    }
    add("upstream", {
        let mut upstream = mapping("an upstream", upstream);
        upstream["required"] = json!(["spec"]);
        upstream
    });
    add("endpoint", endpoint());
    add("inputs", mapping("`inputs`", input));
    add("input", {
        // What must be sent has no default.
        let must = json!({ "required": { "enum": [true] } });
        let sent = json!({ "type": "object", "required": ["required", "default"], "properties": must });
        json!({ "allOf": [reference("schema"), { "not": sent }] })
    });
    add("call", call());
    add("stream", json!({ "anyOf": [{ "type": "boolean" }, mapping("`stream`", stream)] }));
    add("batch", batch());
    add("paginate", paginate::form());
    add("onError", on_error());
    add("lenient", {
        let each = mapping("`lenient`", |_| Some(json!({ "type": "boolean" })));
        json!({ "anyOf": [{ "type": "boolean" }, each] })
    });
    add("hook", {
        let mut hook = mapping("a hook", hook);
        hook["required"] = json!(["returns"]);
        hook
    });
    add("runtime", {
        let mut runtime = mapping("`runtime`", |_| Some(reference("text")));
        runtime["minProperties"] = json!(1);
        runtime["maxProperties"] = json!(1);
        runtime
    });
    Value::Object(all)
}

/// A mapping with the keys that the reader knows, each with its words. `form` has the schema of a key's value.
fn mapping(what: &str, form: fn(&str) -> Option<Value>) -> Value {
    let keys = tables().find(|(name, _)| *name == what).map(|(_, keys)| keys).unwrap_or_default();
    let mut properties = Map::new();
    for key in keys {
        // What has no form takes anything; a test finds it.
        let mut schema = json!({});
        match form(key) {
            // Draft-07 reads nothing beside `$ref`.
            Some(form) if form.get("$ref").is_some() => schema["allOf"] = json!([form]),
            Some(form) => schema = form,
            None => {}
        }
        if let Some(words) = words::of(what, key) {
            schema["description"] = words.into();
        }
        properties.insert(key.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// A mapping of names.
fn by_name(pattern: &str, value: Value) -> Value {
    json!({ "type": "object", "patternProperties": { pattern: value }, "additionalProperties": false })
}

fn headers(value: &str) -> Value {
    // Header names know no case (RFC 9110, section 5.1); patterns have no flag for that.
    let any_case = |name: &&str| {
        let letter = |c: char| if c == '-' { "-".to_owned() } else { format!("[{c}{}]", c.to_ascii_uppercase()) };
        name.chars().map(letter).collect::<String>()
    };
    let own: Vec<String> = OWN_HEADERS.iter().map(any_case).collect();
    let pattern = format!("^(?!({})$)[-A-Za-z0-9!#$%&'*+.^_`|~]+$", own.join("|"));
    by_name(&pattern, reference(value))
}

fn policy(key: &str) -> Option<Value> {
    Some(match key {
        "timeout" => reference("duration"),
        "validate" => json!({ "enum": ["used", "full", "off"] }),
        "on_invalid" => json!({ "enum": ["fail", "report"] }),
        "on_error" => reference("onError"),
        "open" | "formats" => json!({ "type": "boolean" }),
        "lenient" => reference("lenient"),
        "sample" => json!({ "type": "string", "pattern": r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)%$" }),
        _ => return None,
    })
}

fn top(key: &str) -> Option<Value> {
    let variable = values::name(&[]);
    Some(match key {
        "bffgen" => json!({ "enum": [1] }),
        "bff" => json!({ "type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "maxLength": 50 }),
        "title" | "version" | "description" | "output" => reference("text"),
        "runtime" => reference("runtime"),
        "strict" => json!({ "type": "boolean" }),
        "include" => json!({ "type": "array", "items": { "type": "string" } }),
        "upstreams" => by_name(&variable, reference("upstream")),
        "hooks" => by_name(&variable, reference("hook")),
        "shapes" => by_name(&values::shape_head(), reference("namedShape")),
        "endpoints" => {
            let methods: Vec<&str> = METHODS.iter().map(|(name, _)| *name).collect();
            json!({
                "type": "object",
                "minProperties": 1,
                "patternProperties": { values::route(&methods): reference("endpoint") },
                "additionalProperties": false,
            })
        }
        _ => return policy(key),
    })
}

fn upstream(key: &str) -> Option<Value> {
    Some(match key {
        "spec" => reference("document"),
        "overlay" => one_or_more(reference("document")),
        "url" => json!({ "type": "string", "pattern": r"^(https?://|\$\{)\S*$" }),
        "headers" => headers("shape"),
        "auth" => json!({ "enum": ["forward"] }),
        _ => return policy(key),
    })
}

fn endpoint() -> Value {
    let mut endpoint = mapping("an endpoint", |key| {
        Some(match key {
            "id" => json!({ "type": "string", "pattern": values::name(&[]) }),
            "summary" | "description" => reference("text"),
            "tags" => one_or_more(json!({ "type": "string" })),
            "strict" => json!({ "type": "boolean" }),
            "inputs" => reference("inputs"),
            "calls" => by_name(&values::name(&TAKEN), reference("call")),
            "response" => reference("shape"),
            "status" => json!({ "type": "integer", "minimum": 200, "maximum": 399 }),
            "headers" => headers("expression"),
            _ => return policy(key),
        })
    });
    // A text is the short form.
    endpoint["type"] = json!(["string", "object"]);
    endpoint["pattern"] = values::OPERATION.into();
    endpoint["patternErrorMessage"] = values::OPERATION_IS.into();
    endpoint["anyOf"] = json!([{ "required": ["response"] }, { "required": ["status"] }]);
    endpoint
}

fn input(key: &str) -> Option<Value> {
    let schema = reference("input");
    Some(match key {
        "body" => schema,
        "path" => {
            let required = json!({ "properties": { "required": { "not": { "enum": [false] } } } });
            json!({ "type": "object", "additionalProperties": { "allOf": [schema, required] } })
        }
        "query" => by_name(".", schema),
        "header" | "cookie" => by_name("^[-A-Za-z0-9!#$%&'*+.^_`|~]+$", schema),
        _ => return None,
    })
}

fn call() -> Value {
    let mut call = mapping("a call", |key| {
        Some(match key {
            "operation" => reference("operation"),
            "with" => json!({ "type": "object", "additionalProperties": reference("shape") }),
            "headers" => headers("expression"),
            "body" => reference("shape"),
            "when" | "key" => reference("expression"),
            "each" => reference("each"),
            "concurrency" => json!({ "type": "integer", "minimum": 1, "maximum": 256 }),
            "max" => json!({ "type": "integer", "minimum": 1, "maximum": 10_000 }),
            "batch" => reference("batch"),
            "stream" => reference("stream"),
            "paginate" => reference("paginate"),
            "after" => one_or_more(json!({ "type": "string" })),
            _ => return policy(key),
        })
    });
    // A text is the operation alone.
    call["type"] = json!(["string", "object"]);
    call["pattern"] = values::OPERATION.into();
    call["patternErrorMessage"] = values::OPERATION_IS.into();
    call["required"] = json!(["operation"]);
    call["dependencies"] = json!({ "key": ["each"], "concurrency": ["each"], "max": ["each"], "batch": ["each"] });
    call
}

fn batch() -> Value {
    let mut batch = mapping("`batch`", |key| {
        Some(match key {
            "param" | "match" => reference("text"),
            "size" => json!({ "type": "integer", "minimum": 1, "maximum": 10_000 }),
            "items" => reference("expression"),
            _ => return None,
        })
    });
    batch["required"] = json!(["param", "match"]);
    batch
}

fn stream(key: &str) -> Option<Value> {
    Some(match key {
        "idle" => reference("duration"),
        "max_bytes" => json!({ "type": "integer", "minimum": 1 }),
        _ => return None,
    })
}

fn on_error() -> Value {
    let mut mapping = mapping("`on_error`", |key| {
        Some(match key {
            "fail" | "absent" => json!({ "enum": [true] }),
            "default" => reference("shape"),
            "warn" => reference("text"),
            "status" => json!({
                "type": "object",
                "patternProperties": { "^[345][0-9]{2}$": { "type": "integer", "minimum": 400, "maximum": 599 } },
                "additionalProperties": false,
            }),
            _ => return None,
        })
    });
    let both = |a: &str, b: &str| json!({ "not": { "required": [a, b] } });
    let without = |key: &str| json!({ "not": { "required": [key] } });
    mapping["anyOf"] = json!([
        { "required": ["default"], "allOf": [without("fail"), without("absent"), without("status")] },
        { "required": ["absent"], "allOf": [without("fail"), without("status")] },
        { "required": ["fail"], "allOf": [without("warn")] },
        { "required": ["status"], "allOf": [without("warn")] },
    ]);
    mapping["allOf"] = json!([both("default", "absent"), both("default", "fail"), both("absent", "fail")]);
    json!({ "anyOf": [{ "enum": ["fail", "absent"] }, mapping] })
}

fn hook(key: &str) -> Option<Value> {
    Some(match key {
        "description" => reference("text"),
        "args" => by_name("^[A-Za-z][A-Za-z0-9_]*$", reference("schema")),
        "returns" => reference("schema"),
        _ => return None,
    })
}
