//! Inputs of an endpoint by chance.

use serde_json::{Map, Value as Json, json};

use crate::model::{Service, Ty};
use crate::random::Random;
use crate::values::Value;

/// What comes from the client.
pub struct Inputs {
    pub method: &'static str,
    pub declared: Json,
    pub values: Vec<Value>,
    /// Whether the body is passed on as it is, with the schema of what it is passed to.
    pub passed: bool,
}

/// Inputs with `path.id`, `query.q`, `query.n`, and others.
pub fn inputs(services: &[Service], random: &mut Random) -> Inputs {
    let method = *random.of(&["GET", "GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE"]);
    let id = if random.once_in(4) { Ty::Int } else { Ty::Str(None) };
    let optional = |text: &str, ty: Ty| Value { optional: true, ..Value::plain(text, ty, 0) };
    let mut values = vec![
        Value::plain("path.id", id.clone(), 0),
        optional("query.q", Ty::Str(None)),
        Value::plain("query.n", Ty::Int, 0),
    ];
    let mut made = Map::new();
    if id == Ty::Int {
        made.insert("path".into(), json!({ "id": { "type": "integer", "format": "int64" } }));
    }
    let mut query = json!({
        "q": { "type": "string", "maxLength": 20 },
        "n": { "type": "integer", "default": 3, "minimum": 0 },
    });
    if random.once_in(4) {
        query["tags"] = json!({ "type": "array", "items": { "type": "string" }, "maxItems": 9, "required": true });
        values.push(Value::plain("query.tags", Ty::List(Box::new(Ty::Str(None))), 0));
    }
    if random.once_in(6) {
        let properties = json!({ "from": { "type": "integer" }, "to-day": { "type": "string", "format": "date" } });
        query["area"] = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        values.push(optional("query.area.from", Ty::Int));
        values.push(optional("query.area[\"to-day\"]", Ty::Str(Some("date"))));
    }
    made.insert("query".into(), query);
    if random.once_in(4) {
        made.insert("header".into(), json!({ "x-page": { "type": "number", "exclusiveMinimum": 0 } }));
        values.push(optional("header[\"x-page\"]", Ty::Num));
    }
    if random.once_in(4) {
        made.insert(
            "cookie".into(),
            json!({ "theme": { "type": "string", "enum": ["dark", "light"], "required": true } }),
        );
        values.push(Value::plain("cookie.theme", Ty::Enum(vec!["dark", "light"]), 0));
    }
    let mut passed = false;
    if matches!(method, "POST" | "PUT" | "PATCH") {
        match random.below(6) {
            0 | 1 => {
                let service = random.below(services.len());
                let at = random.below(services[service].components.len());
                let (of, name) = (services[service].name, services[service].components[at].0);
                made.insert("body".into(), json!({ "$ref": format!("{of}#/components/schemas/{name}") }));
                values.push(Value::plain("body", Ty::Component(at), service));
            }
            2 => {
                let properties = json!({ "name": { "type": "string", "minLength": 1 }, "age": { "type": "integer" } });
                let needed = random.once_in(2);
                let schema = json!({ "type": "object", "required": ["name"], "properties": properties });
                made.insert("body".into(), schema);
                if !needed {
                    made["body"]["required"] = json!(["name", "age"]);
                }
                values.push(Value::plain("body.name", Ty::Str(None), 0));
                let text = if needed { "body.?age" } else { "body.age" };
                values.push(Value { optional: needed, ..Value::plain(text, Ty::Int, 0) });
            }
            3 => {
                made.insert("body".into(), json!({ "type": "string", "format": "binary" }));
                values.push(Value::plain("body", Ty::Bytes, 0));
            }
            _ => passed = true,
        }
    }
    Inputs { method, declared: Json::Object(made), values, passed }
}
