//! Resolves `upstream.operation`: the operation, what is a success of it, and what comes back.

use std::rc::Rc;

use super::expr::backticked;
use super::model::Upstream;
use super::scope::Env;
use crate::composition::ast::OperationRef;
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::openapi::{Operation, StatusKey};
use crate::schema::{Kind, SchemaId};
use crate::source::Span;

/// An operation with what a call of it gives.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Position of the upstream.
    pub upstream: usize,
    /// The operation.
    pub operation: Rc<Operation>,
    /// Statuses that are a success; empty: any 2xx.
    pub success: Vec<u16>,
    /// Schema of the success body.
    pub body: Option<SchemaId>,
}

/// Finds the operation and reads it in full.
pub fn resolve(env: &mut Env, upstreams: &[Upstream], reference: &OperationRef) -> Option<Resolved> {
    let name = &reference.upstream.value;
    let Some(upstream) = upstreams.iter().position(|u| u.name == *name) else {
        let names: Vec<&str> = upstreams.iter().map(|u| u.name.as_str()).collect();
        let span = reference.upstream.span;
        let diag = Diagnostic::error("BFF0401", format!("there is no upstream `{name}`"), span);
        env.diags.push(match did_you_mean(name, names.iter().copied()) {
            Some(near) => diag.at(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near),
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
            Some(near) => diag.at(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), key.span, near),
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
    let (success, body) = success(env, &operation, reference.operation.span)?;
    Some(Resolved { upstream, operation, success, body })
}

/// Success statuses and their body. One body for all of them, until unions of bodies are here.
fn success(env: &mut Env, operation: &Operation, at: Span) -> Option<(Vec<u16>, Option<SchemaId>)> {
    let is_success = |status: StatusKey| matches!(status, StatusKey::Code(200..=299) | StatusKey::Range(2));
    let mut responses: Vec<_> = operation.responses.iter().filter(|r| is_success(r.status)).collect();
    if responses.is_empty() {
        responses = operation.responses.iter().filter(|r| r.status == StatusKey::Default).collect();
    }
    let id = &operation.head.id;
    if responses.is_empty() {
        env.diags.push(
            Diagnostic::error("BFF0416", format!("`{id}` declares no success response"), at)
                .label(operation.head.span, "no 2xx and no `default` under `responses`")
                .help("without one its answer has no type: add it to a copy of the document and name that as `spec`"),
        );
        return None;
    }
    let mut statuses = Vec::new();
    let mut body: Option<(SchemaId, Span)> = None;
    for response in &responses {
        match (response.content.iter().find(|media| media.is_json()), response.content.first()) {
            (Some(media), _) => {
                let Some(schema) = media.schema else {
                    let what = format!("the `{}` body of `{id}`, which has no schema,", media.media_type);
                    return unsupported(env, at, media.span, &what);
                };
                match body {
                    Some((other, _)) if other != schema => {
                        return unsupported(
                            env,
                            at,
                            response.span,
                            &format!("`{id}`: several success bodies of different schemas"),
                        );
                    }
                    _ => body = Some((schema, response.span)),
                }
            }
            (None, Some(media)) => {
                return unsupported(env, at, media.span, &format!("`{id}`: a body of type `{}`", media.media_type));
            }
            (None, None) => {}
        }
    }
    for response in &responses {
        // Where some successes have a body and some have none, only the former give the call a value.
        if body.is_some() && response.content.is_empty() {
            continue;
        }
        match response.status {
            StatusKey::Code(code) => statuses.push(code),
            StatusKey::Range(_) | StatusKey::Default => {
                statuses.clear();
                break;
            }
        }
    }
    if let Some((schema, _)) = body
        && let Kind::Unsupported { what, span } = env.specs.schemas.get(schema).kind.clone()
    {
        let message = format!("`{id}` cannot be called: there is {what} in its answer");
        env.diags.push(Diagnostic::error("BFF0413", message, at).label(span, "declared here").help(MEND));
        return None;
    }
    Some((statuses, body.map(|(schema, _)| schema)))
}

const MEND: &str = "call another operation, or mend a copy of the document and name that as `spec`";

fn unsupported<T>(env: &mut Env, at: Span, cause: Span, what: &str) -> Option<T> {
    env.diags.push(
        Diagnostic::error("BFF0413", format!("{what} is not supported yet"), at)
            .label(cause, "declared here")
            .help(MEND),
    );
    None
}
