//! A contract: the part of an upstream's document that this BFF needs.

use indexmap::IndexMap;
use openapiv3::{
    Components, Info, OpenAPI, Operation, PathItem, Paths, ReferenceOr, RequestBody, Response, Responses, StatusCode,
};

use super::json_schema::Published;
use super::openapi_out::{content, pretty, schema, slot, streamed};
use super::parameters;
use crate::plan::model::{Plan, Upstream, UpstreamOperation};
use crate::plan::wire::{self, Handed, Wire};
use crate::schema::Schemas;

/// The contract's text.
pub fn document(plan: &Plan, schemas: &Schemas, upstream: &Upstream) -> String {
    let mut components = Published::pruned(plan, schemas);
    let mut paths: IndexMap<String, ReferenceOr<PathItem>> = IndexMap::new();
    for used in &upstream.operations {
        let operation = operation(schemas, &mut components, used);
        let path = used.operation.head.path.clone();
        let item = paths.entry(path).or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let ReferenceOr::Item(item) = item {
            let slot = slot(item, used.operation.head.method);
            *slot = Some(match slot.take() {
                Some(known) => both(known, operation),
                None => operation,
            });
        }
    }
    let schemas = components.into_components().into_iter().map(|(name, value)| (name, schema(value))).collect();
    let about = format!(
        "What the BFF `{}` needs of `{}`: the operations it calls and the members it reads.",
        plan.name, upstream.name
    );
    let document = OpenAPI {
        openapi: "3.0.3".into(),
        info: Info {
            title: upstream.title.clone(),
            version: upstream.version.clone(),
            description: Some(about),
            ..Info::default()
        },
        paths: Paths { paths, ..Paths::default() },
        components: Some(Components { schemas, ..Components::default() }),
        ..OpenAPI::default()
    };
    pretty(&document)
}

/// What two uses of an operation need: one endpoint reads its body, another passes it on.
fn both(mut known: Operation, other: Operation) -> Operation {
    for parameter in other.parameters {
        if !known.parameters.contains(&parameter) {
            known.parameters.push(parameter);
        }
    }
    known.request_body = known.request_body.or(other.request_body);
    for (status, response) in other.responses.responses {
        match (known.responses.responses.get_mut(&status), response) {
            (Some(ReferenceOr::Item(known)), ReferenceOr::Item(response)) => known.content.extend(response.content),
            (Some(_), _) => {}
            (None, response) => drop(known.responses.responses.insert(status, response)),
        }
    }
    known
}

fn operation(schemas: &Schemas, components: &mut Published, used: &UpstreamOperation) -> Operation {
    let described = &used.operation;
    let mut parameters = Vec::new();
    for param in used.params.iter().map(|at| &described.parameters[*at]) {
        let value = components.schema(param.schema);
        let data = parameters::data(&param.name, None, param.required);
        let wire = match wire::handed(schemas, param) {
            Handed::Scalar => None,
            Handed::Json => Some(Wire::Json),
            Handed::List | Handed::Value => Some(Wire::Style(param.style, param.explode)),
        };
        parameters.push(ReferenceOr::Item(parameters::published(param.location, wire, data, value)));
    }
    let request_body = used.sends.as_ref().map(|body| {
        let value = components.schema(body.schema);
        ReferenceOr::Item(RequestBody {
            content: content(&body.media_type, value),
            required: true,
            ..RequestBody::default()
        })
    });
    let mut response = Response { description: "What is read.".into(), ..Response::default() };
    if let Some(passed) = &used.came.passed {
        response.content = streamed(passed);
    } else if let Some(body) = &used.came.body {
        let value = components.schema(body.schema);
        response.content = content(&body.media_type, value);
    }
    let statuses = if used.came.success.is_empty() {
        vec![StatusCode::Range(2)]
    } else {
        used.came.success.iter().map(|s| StatusCode::Code(*s)).collect()
    };
    let mut responses: IndexMap<StatusCode, ReferenceOr<Response>> =
        statuses.into_iter().map(|status| (status, ReferenceOr::Item(response.clone()))).collect();
    if used.came.passed.as_ref().is_some_and(|passed| passed.unchanged) {
        let unchanged = Response { description: "Passed on.".into(), ..Response::default() };
        responses.insert(StatusCode::Code(304), ReferenceOr::Item(unchanged));
    }
    Operation {
        operation_id: Some(described.head.id.clone()),
        parameters,
        request_body,
        responses: Responses { responses, ..Responses::default() },
        ..Operation::default()
    }
}
