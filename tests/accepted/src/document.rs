//! A service as an OpenAPI document, 3.0 or 3.1.

use serde_json::{Map, Value, json};

use crate::model::{Body, Component, Service, Ty};

/// The document as JSON.
pub fn document(service: &Service) -> Value {
    let mut paths = Map::new();
    for operation in &service.operations {
        let params: Vec<Value> = operation
            .params
            .iter()
            .map(|param| {
                json!({ "name": param.name, "in": param.place, "required": param.required,
                        "schema": schema(service, &param.ty, false) })
            })
            .collect();
        let mut made = json!({ "parameters": params, "responses": {} });
        if let Some(id) = &operation.id {
            made["operationId"] = json!(id);
        }
        if let Some(ty) = &operation.sends {
            let content = json!({ "application/json": { "schema": schema(service, ty, false) } });
            made["requestBody"] = json!({ "required": true, "content": content });
        }
        for (status, body) in &operation.answers {
            let mut answer = json!({ "description": "It worked */ \"quoted\"." });
            let content = match body {
                Body::Json(ty) => Some(("application/json", schema(service, ty, false))),
                Body::Text => Some(("text/plain", json!({ "type": "string" }))),
                Body::Bytes => Some(("application/octet-stream", json!({ "type": "string", "format": "binary" }))),
                Body::Nothing => None,
            };
            if let Some((media, schema)) = content {
                answer["content"] = json!({ media: { "schema": schema } });
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

fn component(service: &Service, at: usize, component: &Component) -> Value {
    match component {
        Component::Plain(ty) => schema(service, ty, false),
        Component::Union(members) => {
            let refs: Vec<Value> = members.iter().map(|member| reference(service, *member)).collect();
            json!({ "oneOf": refs, "discriminator": { "propertyName": "kind" } })
        }
        Component::Object { fields, extends } => {
            let mut properties = Map::new();
            let mut required: Vec<&str> = Vec::new();
            let is_member =
                |component: &(&str, Component)| matches!(&component.1, Component::Union(of) if of.contains(&at));
            if service.components.iter().any(is_member) {
                properties.insert("kind".into(), json!({ "type": "string" }));
                required.push("kind");
            }
            for field in fields {
                properties.insert(field.name.into(), schema(service, &field.ty, field.nullable));
                if field.required && !required.contains(&field.name) {
                    required.push(field.name);
                }
            }
            let mut own = json!({ "type": "object", "properties": properties });
            if !required.is_empty() {
                own["required"] = json!(required);
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
