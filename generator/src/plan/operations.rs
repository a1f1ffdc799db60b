//! Resolves `upstream.operation`: the operation, what is a success of it, and what comes back.

use std::rc::Rc;

use super::answers::{self, Came};
use super::bodies::{self, Carrying};
use super::expr::backticked;
use super::model::Upstream;
use super::scope::Env;
use super::stream;
use crate::composition::ast::{Call, OperationRef};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::openapi::Operation;
use crate::schema::{Direction, SchemaId};

/// An operation with what a call of it gives.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Position of the upstream.
    pub upstream: usize,
    /// The operation.
    pub operation: Rc<Operation>,
    /// What a successful call gives.
    pub came: Came,
    /// The request body that it takes.
    pub sends: Option<Carrying>,
}

/// What is done with the body that an operation answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It is read.
    Value,
    /// It is read; events, which cannot be, are passed on.
    ValueOrEvents,
    /// It is passed on as it comes.
    Stream,
}

impl Wanted {
    /// As a call says it.
    pub fn of(call: &Call) -> Wanted {
        if call.stream.is_some() { Wanted::Stream } else { Wanted::Value }
    }
}

/// Finds the operation and reads it in full.
pub fn resolve(env: &mut Env, upstreams: &[Upstream], reference: &OperationRef, wanted: Wanted) -> Option<Resolved> {
    let name = &reference.upstream.value;
    let Some(upstream) = upstreams.iter().position(|u| u.name == *name) else {
        let names: Vec<&str> = upstreams.iter().map(|u| u.name.as_str()).collect();
        let span = reference.upstream.span;
        let diag = Diagnostic::error("BFF0401", format!("there is no upstream `{name}`"), span);
        env.diags.push(match did_you_mean(name, names.iter().copied()) {
            Some(near) => diag.meant(near, span),
            None if names.is_empty() => diag.help("declare it under `upstreams:`, with the path of its document"),
            None => diag.help(format!("declared are {}", backticked(&names))),
        });
        return None;
    };
    let doc = upstreams[upstream].doc;
    let key = &reference.operation;
    let Some(index) = env.specs.find(doc, &key.value) else {
        let heads = env.specs.operations(doc);
        let names: Vec<&str> = heads.iter().map(|head| head.id.as_str()).collect();
        let diag = Diagnostic::error("BFF0402", format!("`{name}` has no operation `{}`", key.value), key.span);
        env.diags.push(match did_you_mean(&key.value, names.iter().copied()) {
            Some(near) => diag.meant(near, key.span),
            None if names.is_empty() => diag.help("its document declares no operations"),
            None => diag.help(format!(
                "it has {}; `bffgen operations {}` lists all",
                backticked(&names),
                upstreams[upstream].spec
            )),
        });
        return None;
    };
    let (operation, findings) = env.specs.operation(doc, index);
    env.diags.extend(findings);
    let operation = as_it_goes(env, operation);
    let came = match wanted {
        Wanted::Stream => stream::came(env, &operation, reference.operation.span)?,
        Wanted::ValueOrEvents if stream::is_events(env, &operation) => {
            stream::came(env, &operation, reference.operation.span)?
        }
        Wanted::Value | Wanted::ValueOrEvents => answers::came(env, &operation, reference.operation.span)?,
    };
    let sends = bodies::sent(env, &operation);
    Some(Resolved { upstream, operation, came, sends })
}

/// The operation with the schemas of what is sent and of what comes back, each as it is that way.
pub fn as_it_goes(env: &mut Env, operation: Rc<Operation>) -> Rc<Operation> {
    let schemas = &mut env.specs.schemas;
    let mut turned = Operation::clone(&operation);
    let mut turn = |schema: &mut SchemaId, direction| {
        let to = schemas.one_way(*schema, direction);
        std::mem::replace(schema, to) != to
    };
    let mut differs = false;
    for parameter in &mut turned.parameters {
        differs |= turn(&mut parameter.schema, Direction::Request);
    }
    let sent = turned.body.iter_mut().flat_map(|body| &mut body.content);
    for schema in sent.flat_map(|media| &mut media.schema) {
        differs |= turn(schema, Direction::Request);
    }
    let came = turned.responses.iter_mut().flat_map(|response| &mut response.content);
    for schema in came.flat_map(|media| &mut media.schema) {
        differs |= turn(schema, Direction::Response);
    }
    if differs { Rc::new(turned) } else { operation }
}
