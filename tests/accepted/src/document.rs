//! A service as an OpenAPI document, 3.0 or 3.1.

use serde_json::{Map, Value, json};

use crate::model::{Apart, Body, Component, Form, Param, Service, Ty, mark};

/// The document as JSON.
pub fn document(service: &Service) -> Value {
    let mut paths = Map::new();
    for operation in &service.operations {
        let params: Vec<Value> = operation.params.iter().map(|param| parameter(service, param)).collect();
        let mut made = json!({ "parameters": params, "responses": {} });
        if let Some(id) = &operation.id {
            made["operationId"] = json!(id);
        }
        if let Some(content) = operation.sends.as_ref().and_then(|body| content(service, body)) {
            made["requestBody"] = json!({ "required": true, "content": content });
        }
        for (status, body) in &operation.answers {
            let mut answer = json!({ "description": "It worked */ \"quoted\"." });
            if let Some(content) = content(service, body) {
                answer["content"] = content;
            }
            for (name, ty, required) in &operation.headers {
                answer["headers"][name] = json!({ "schema": schema(service, ty, false), "required": required });
            }
            made["responses"][status] = answer;
        }
        let path = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        path[operation.method] = made;
    }
    let components: Map<String, Value> = service
        .components
        .iter()
        .enumerate()
        .map(|(at, (name, component))| ((*name).to_owned(), self::component(service, at, component)))
        .collect();
    json!({
        "openapi": if service.newer { "3.1.0" } else { "3.0.3" },
        "info": { "title": service.name, "version": "1" },
        "paths": paths,
        "components": { "schemas": components },
    })
}

fn content(service: &Service, body: &Body) -> Option<Value> {
    let binary = || json!({ "type": "string", "format": "binary" });
    let (media, schema) = match body {
        Body::Json(ty) => ("application/json", schema(service, ty, false)),
        Body::Form(ty, false) => ("application/x-www-form-urlencoded", schema(service, ty, false)),
        Body::Form(ty, true) => ("multipart/form-data", schema(service, ty, false)),
        Body::Text => ("text/plain", json!({ "type": "string" })),
        Body::Bytes => ("application/octet-stream", binary()),
        Body::Events => ("text/event-stream", json!({ "type": "string" })),
        Body::Nothing => return None,
    };
    Some(json!({ media: { "schema": schema } }))
}

fn parameter(service: &Service, param: &Param) -> Value {
    let mut schema = schema(service, &param.ty, false);
    if param.bounded {
        bound(&mut schema);
        if param.ty == Ty::Int {
            schema["default"] = json!(20);
        }
    }
    let mut made = json!({ "name": param.name, "in": param.place, "required": param.required });
    match param.form {
        Form::Json => made["content"] = json!({ "application/json": { "schema": schema } }),
        _ => made["schema"] = schema,
    }
    match param.form {
        Form::Plain | Form::Json => {}
        Form::Joined => made["explode"] = json!(false),
        Form::Piped => {
            made["style"] = json!("pipeDelimited");
            made["explode"] = json!(false);
        }
        Form::Deep => {
            made["style"] = json!("deepObject");
            made["explode"] = json!(true);
        }
    }
    made
}

/// Bounds that fit the type.
fn bound(schema: &mut Value) {
    let with = match schema["type"].as_str() {
        Some("string") if schema.get("format").is_none() && schema.get("enum").is_none() => {
            json!({ "minLength": 1, "maxLength": 40, "pattern": "^[^<>\"]+$" })
        }
        Some("integer") => json!({ "minimum": 1, "maximum": 100 }),
        Some("number") => json!({ "minimum": -1.5, "multipleOf": 0.25 }),
        Some("array") => json!({ "minItems": 1, "maxItems": 30, "uniqueItems": true }),
        Some("object") if schema.get("additionalProperties").is_some() => json!({ "maxProperties": 9 }),
        _ => return,
    };
    with.as_object().into_iter().flatten().for_each(|(key, value)| schema[key] = value.clone());
}

fn component(service: &Service, at: usize, component: &Component) -> Value {
    match component {
        Component::Plain(ty) => schema(service, ty, false),
        Component::Union(members) => {
            let refs: Vec<Value> = members.iter().map(|member| reference(service, *member)).collect();
            let mapping: Map<String, Value> = members
                .iter()
                .zip(&refs)
                .map(|(member, reference)| (service.kind(*member), reference["$ref"].clone()))
                .collect();
            match service.apart {
                Apart::Discriminator => json!({ "oneOf": refs, "discriminator": { "propertyName": "kind" } }),
                Apart::Mapping => {
                    json!({ "oneOf": refs, "discriminator": { "propertyName": "kind", "mapping": mapping } })
                }
                Apart::Const => json!({ "oneOf": refs }),
                Apart::Property => json!({ "anyOf": refs }),
            }
        }
        Component::Object { fields, extends, heirs } => {
            let mut properties = Map::new();
            let mut required: Vec<String> = Vec::new();
            let is_member = service.is_member(at);
            match service.apart {
                Apart::Property if is_member => {
                    properties.insert(mark(at), json!({ "type": "boolean" }));
                    required.push(mark(at));
                }
                Apart::Const if is_member => {
                    properties.insert("kind".into(), json!({ "type": "string", "enum": [service.kind(at)] }));
                    required.push("kind".into());
                }
                _ if is_member || *heirs => {
                    properties.insert("kind".into(), json!({ "type": "string" }));
                    required.push("kind".into());
                }
                _ => {}
            }
            for field in fields {
                let mut made = schema(service, &field.ty, field.nullable);
                if field.bounded {
                    bound(&mut made);
                }
                properties.insert(field.name.into(), made);
                if field.required && !required.iter().any(|known| known == field.name) {
                    required.push(field.name.to_owned());
                }
            }
            let mut own = json!({ "type": "object", "properties": properties });
            if !required.is_empty() {
                own["required"] = json!(required);
            }
            if *heirs && own["properties"].get("kind").is_some() {
                own["discriminator"] = json!({ "propertyName": "kind" });
            }
            match extends {
                Some(base) => json!({ "allOf": [reference(service, *base), own] }),
                None => own,
            }
        }
    }
}

fn reference(service: &Service, at: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", service.components[at].0) })
}

fn schema(service: &Service, ty: &Ty, nullable: bool) -> Value {
    let mut made = match ty {
        Ty::Str(None) => json!({ "type": "string" }),
        Ty::Str(Some(format)) => json!({ "type": "string", "format": format }),
        Ty::Enum(values) => json!({ "type": "string", "enum": values }),
        Ty::Int => json!({ "type": "integer" }),
        Ty::Num => json!({ "type": "number" }),
        Ty::Bool => json!({ "type": "boolean" }),
        Ty::Any => return json!({}),
        Ty::Bytes => json!({ "type": "string", "format": "binary" }),
        Ty::Either(members) => {
            let mut members: Vec<Value> = members.iter().map(|member| schema(service, member, false)).collect();
            if nullable && service.newer {
                members.push(json!({ "type": "null" }));
            }
            let mut made = json!({ "oneOf": members });
            if nullable && !service.newer {
                made["nullable"] = json!(true);
            }
            return made;
        }
        Ty::List(items) => json!({ "type": "array", "items": schema(service, items, false) }),
        Ty::Map(values) => json!({ "type": "object", "additionalProperties": schema(service, values, false) }),
        Ty::Component(at) if nullable && service.newer => {
            return json!({ "anyOf": [reference(service, *at), { "type": "null" }] });
        }
        Ty::Component(at) if nullable => return json!({ "nullable": true, "allOf": [reference(service, *at)] }),
        Ty::Component(at) => return reference(service, *at),
    };
    if nullable && service.newer {
        made["type"] = json!([made["type"], "null"]);
        if let Some(values) = made.get_mut("enum").and_then(Value::as_array_mut) {
            values.push(Value::Null);
        }
    } else if nullable {
        made["nullable"] = json!(true);
    }
    made
}
