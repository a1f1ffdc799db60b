//! The document that the BFF publishes: OpenAPI 3.0.3, built with `openapiv3`.

use std::collections::HashSet;

use indexmap::IndexMap;
use openapiv3::{
    APIKeyLocation, Components, Header, HeaderStyle, Info, MediaType, OpenAPI, Operation, Parameter,
    ParameterSchemaOrContent, PathItem, Paths, ReferenceOr, RequestBody, Response, Responses, Schema, SecurityScheme,
    Server, StatusCode, Tag,
};
use serde_json::{Value, json};

use super::json_schema::Published;
use super::parameters;
use crate::composition::ast::InputPlace;
use crate::openapi::{In, Method};
use crate::plan::ir::Input;
use crate::plan::model::{Answer, Call, Endpoint, OnError, Plan};
use crate::plan::shape::published;
use crate::plan::stream::Passed;
use crate::schema::Schemas;

/// The document's text.
pub fn document(plan: &Plan, schemas: &Schemas) -> String {
    let mut components = Published::new(plan, schemas);
    components.add("Problem", problem());
    let mut paths: IndexMap<String, ReferenceOr<PathItem>> = IndexMap::new();
    let mut tags: Vec<Tag> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for endpoint in &plan.endpoints {
        for tag in &endpoint.tags {
            if known.insert(tag.as_str()) {
                tags.push(Tag { name: tag.clone(), ..Tag::default() });
            }
        }
        let operation = operation(schemas, &mut components, endpoint);
        let item = paths.entry(endpoint.path.clone()).or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let ReferenceOr::Item(item) = item {
            put(item, endpoint.method, operation);
        }
    }
    let forwards = plan.endpoints.iter().any(passes_credential_on);
    let security_schemes = forwards.then(|| (CALLER.to_owned(), ReferenceOr::Item(caller()))).into_iter().collect();
    let schemas = components.into_components().into_iter().map(|(name, value)| (name, schema(value))).collect();
    let document = OpenAPI {
        openapi: "3.0.3".into(),
        info: Info {
            title: plan.title.clone(),
            version: plan.version.clone(),
            description: plan.description.clone(),
            ..Info::default()
        },
        paths: Paths { paths, ..Paths::default() },
        servers: vec![Server { url: "/".into(), ..Server::default() }],
        // No endpoint asks who calls; one that passes the caller's credential on says so itself.
        security: Some(Vec::new()),
        components: Some(Components { schemas, security_schemes, ..Components::default() }),
        tags,
        ..OpenAPI::default()
    };
    pretty(&document)
}

/// A document as text, with a newline at its end.
pub fn pretty(document: &OpenAPI) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// A schema for `openapiv3`. What it has no type for goes in as it is.
pub fn schema(value: Value) -> ReferenceOr<Schema> {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        return ReferenceOr::Reference { reference: reference.to_string() };
    }
    match serde_json::from_value(value) {
        Ok(schema) => ReferenceOr::Item(schema),
        Err(_) => ReferenceOr::Item(Schema {
            schema_data: Default::default(),
            schema_kind: openapiv3::SchemaKind::Any(Default::default()),
        }),
    }
}

/// Puts an operation into its path.
pub fn put(item: &mut PathItem, method: Method, operation: Operation) {
    *slot(item, method) = Some(operation);
}

/// Where the operation of a method stands in its path.
pub fn slot(item: &mut PathItem, method: Method) -> &mut Option<Operation> {
    match method {
        Method::Get => &mut item.get,
        Method::Put => &mut item.put,
        Method::Post => &mut item.post,
        Method::Delete => &mut item.delete,
        Method::Options => &mut item.options,
        Method::Head => &mut item.head,
        Method::Patch => &mut item.patch,
        Method::Trace => &mut item.trace,
    }
}

fn operation(schemas: &Schemas, components: &mut Published, endpoint: &Endpoint) -> Operation {
    let parameters = endpoint.inputs.iter().filter_map(|input| parameter(schemas, components, input)).collect();
    let body = endpoint.inputs.iter().find(|input| input.place == InputPlace::Body).map(|input| {
        let value = components.schema(input.schema);
        ReferenceOr::Item(RequestBody {
            description: input.description.clone(),
            content: contents(input.carried.as_ref().map_or("application/json", |(_, media)| media), value),
            required: input.required,
            ..RequestBody::default()
        })
    });
    Operation {
        tags: endpoint.tags.clone(),
        summary: Some(endpoint.summary.clone().unwrap_or_else(|| words(&endpoint.id))),
        description: endpoint.description.clone(),
        operation_id: Some(endpoint.id.clone()),
        parameters,
        request_body: body,
        responses: responses(components, endpoint),
        // With the credential, or without: whether it is enough is for the upstream to say.
        security: passes_credential_on(endpoint)
            .then(|| vec![IndexMap::from([(CALLER.to_owned(), Vec::new())]), IndexMap::new()]),
        ..Operation::default()
    }
}

/// Name of the security scheme of a credential that is passed on.
const CALLER: &str = "Authorization";

fn passes_credential_on(endpoint: &Endpoint) -> bool {
    endpoint.calls.iter().any(|call| call.caller)
}

fn caller() -> SecurityScheme {
    SecurityScheme::APIKey {
        location: APIKeyLocation::Header,
        name: "Authorization".into(),
        description: Some("The caller's credential, passed on to the services as it is.".into()),
        extensions: IndexMap::new(),
    }
}

/// `getProductsById` -> `Get products by id`.
fn words(id: &str) -> String {
    let mut text = String::new();
    for c in id.chars() {
        let apart = c.is_uppercase() || matches!(c, '_' | '-' | '.');
        if apart && !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        match c {
            '_' | '-' | '.' => {}
            c if text.is_empty() => text.extend(c.to_uppercase()),
            c => text.extend(c.to_lowercase()),
        }
    }
    text
}

fn parameter(schemas: &Schemas, components: &mut Published, input: &Input) -> Option<ReferenceOr<Parameter>> {
    let value = components.schema(input.schema);
    let about = schemas.get(input.schema);
    let description = input.description.clone().or_else(|| about.description.clone());
    let location = match input.place {
        InputPlace::Path => In::Path,
        InputPlace::Query => In::Query,
        InputPlace::Header => In::Header,
        InputPlace::Cookie => In::Cookie,
        InputPlace::Body => return None,
    };
    let data = parameters::data(&input.name, description, input.required);
    Some(ReferenceOr::Item(parameters::published(location, input.wire, data, value)))
}

/// Media types, one or several with commas between them, of one schema.
fn contents(media_types: &str, value: Value) -> IndexMap<String, MediaType> {
    media_types.split(", ").flat_map(|media_type| content(media_type, value.clone())).collect()
}

/// One media type with its schema.
pub fn content(media_type: &str, value: Value) -> IndexMap<String, MediaType> {
    let media = MediaType { schema: Some(schema(value)), ..MediaType::default() };
    IndexMap::from([(media_type.to_string(), media)])
}

fn responses(components: &mut Published, endpoint: &Endpoint) -> Responses {
    let mut responses: IndexMap<StatusCode, ReferenceOr<Response>> = IndexMap::new();
    let mut success = Response { description: "The answer.".into(), ..Response::default() };
    let mut may_be_empty = false;
    match &endpoint.answer {
        Answer::Empty => {}
        Answer::Shape(shape) => {
            may_be_empty = shape.out.optional;
            success.content = content("application/json", components.out(&shape.out));
        }
        Answer::Stream(stream) => {
            success.content = streamed(&stream.passed);
            for (name, schema) in &stream.passed.headers {
                let value = components.schema(*schema);
                success.headers.insert(header_case(name), ReferenceOr::Item(header(value, false)));
            }
        }
        Answer::Content(value, media_type) => {
            may_be_empty = value.ty.is_optional();
            success.content = content(media_type, components.out(&published(&value.ty)));
        }
    }
    for (name, value) in &endpoint.headers {
        let out = published(&value.ty);
        let required = !out.optional;
        let value = components.out(&out);
        success.headers.insert(header_case(name), ReferenceOr::Item(header(value, required)));
    }
    let statuses = match &endpoint.answer {
        Answer::Stream(stream) => stream.statuses.clone(),
        _ => vec![endpoint.status],
    };
    for status in statuses {
        let mut success = success.clone();
        if matches!(status, 204 | 205 | 304) {
            success.content.clear();
        }
        if status == 304 {
            success.description = "The client has it already.".into();
        }
        responses.insert(StatusCode::Code(status), ReferenceOr::Item(success));
    }
    if may_be_empty {
        let nothing = Response { description: "There is nothing.".into(), ..Response::default() };
        responses.insert(StatusCode::Code(204), ReferenceOr::Item(nothing));
    }
    let mut problems: Vec<(u16, &str)> = Vec::new();
    if !endpoint.inputs.is_empty() || endpoint.strict {
        problems.push((400, "The request is not valid: `errors` names each violation."));
    }
    if let Some(body) = endpoint.inputs.iter().find(|input| input.place == InputPlace::Body) {
        problems.push((413, "The body is too large."));
        match &body.carried {
            None => problems.push((415, "The body is not JSON.")),
            Some((_, media)) if media == "*/*" => {}
            Some(_) => problems.push((415, "The body is of another media type.")),
        }
    }
    for status in endpoint.calls.iter().flat_map(mapped) {
        problems.push((status, "An upstream answered so."));
    }
    problems.push((502, "An upstream answered something that cannot be used."));
    problems.push((503, "The service is overloaded or an upstream cannot be reached."));
    problems.push((504, "An upstream took too long."));
    for (status, description) in problems {
        responses.entry(StatusCode::Code(status)).or_insert_with(|| ReferenceOr::Item(problem_response(description)));
    }
    let default = Some(ReferenceOr::Item(problem_response("Any other problem.")));
    Responses { default, responses, ..Responses::default() }
}

fn header(value: Value, required: bool) -> Header {
    Header {
        description: None,
        style: HeaderStyle::Simple,
        required,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(schema(value)),
        example: None,
        examples: IndexMap::new(),
        extensions: IndexMap::new(),
    }
}

/// What is passed on as it comes: bytes, or the text of events.
pub fn streamed(passed: &Passed) -> IndexMap<String, MediaType> {
    let of = |media: &String| {
        let value = match media.starts_with("text/") {
            true => json!({ "type": "string" }),
            false => json!({ "type": "string", "format": "binary" }),
        };
        content(media, value)
    };
    passed.media.iter().flat_map(of).collect()
}

fn mapped(call: &Call) -> Vec<u16> {
    match &call.on_error {
        OnError::Fail(statuses) => statuses.iter().map(|(_, to)| *to).collect(),
        _ => Vec::new(),
    }
}

fn problem_response(description: &str) -> Response {
    Response {
        description: description.into(),
        content: content("application/problem+json", json!({ "$ref": "#/components/schemas/Problem" })),
        ..Response::default()
    }
}

/// `location` -> `Location`.
fn header_case(name: &str) -> String {
    let parts = name.split('-').map(|part| {
        let mut chars = part.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    });
    parts.collect::<Vec<_>>().join("-")
}

/// A problem document (RFC 9457) as the runtime writes it.
fn problem() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["title", "status", "code"],
        "properties": {
            "type": { "type": "string", "format": "uri-reference" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "code": { "type": "string", "description": "Stable, for programs: `upstream_timeout`." },
            "requestId": { "type": "string" },
            "errors": {
                "type": "array",
                "description": "Each violation of the request.",
                "items": {
                    "type": "object",
                    "properties": {
                        "in": { "type": "string", "enum": ["path", "query", "header", "cookie", "body"] },
                        "name": { "type": "string" },
                        "pointer": { "type": "string", "description": "JSON Pointer into the body (RFC 6901)." },
                        "rule": { "type": "string", "description": "The keyword that is violated." },
                        "detail": { "type": "string" }
                    }
                }
            }
        }
    })
}
