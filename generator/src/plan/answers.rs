//! What a call gives back: which statuses are a success, and the body of each.

use super::bodies::{Carrying, used};
use super::files::Size;
use super::scope::Env;
use super::stream::Passed;
use super::ty::{self, Ty, TyKind};
use crate::diag::Diagnostic;
use crate::openapi::media::Carried;
use crate::openapi::{Media, Operation, Response, StatusKey};
use crate::schema::{Kind, SchemaId};
use crate::source::Span;

/// What a successful call gives.
#[derive(Clone, Debug, Default)]
pub struct Came {
    /// Statuses that are a success; empty: any 2xx.
    pub success: Vec<u16>,
    /// The body, where there is one.
    pub body: Option<Carrying>,
    /// Some successes have a body and some have none.
    pub may_be_empty: bool,
    /// Where bodies differ by status, the schema of each; 2 stands for `2XX` and `default`.
    pub by_status: Vec<(u16, SchemaId)>,
    /// How many bytes there are, of a body of bytes.
    pub size: Option<Size>,
    /// Of a call that streams: what goes on to the client.
    pub passed: Option<Passed>,
}

impl Came {
    /// The schema of what is decoded; bytes are not.
    pub fn schema(&self) -> Option<SchemaId> {
        self.body.as_ref().filter(|body| body.how != Carried::Bytes).map(|body| body.schema)
    }

    /// The schema of what is checked; of bytes, how many they are.
    pub fn checked(&self) -> Option<SchemaId> {
        self.schema().or(self.size.map(|size| size.schema))
    }

    /// How the body is carried.
    pub fn how(&self) -> Option<Carried> {
        self.body.as_ref().map(|body| body.how)
    }

    /// The type of the call's value, failures aside.
    pub fn ty(&self, env: &Env) -> Ty {
        let Some(body) = &self.body else { return Ty::new(TyKind::Null) };
        let ty = match body.how {
            _ if self.passed.is_some() => Ty::new(TyKind::Stream),
            Carried::Bytes => Ty::new(TyKind::Binary),
            _ => ty::of_schema(&env.specs.schemas, body.schema),
        };
        if self.may_be_empty { ty.optional() } else { ty }
    }
}

/// Responses that mean success, of which there must be one.
pub fn successes<'o>(env: &mut Env, operation: &'o Operation, at: Span) -> Option<Vec<&'o Response>> {
    let is_success = |status: StatusKey| matches!(status, StatusKey::Code(200..=299) | StatusKey::Range(2));
    let mut responses: Vec<&Response> = operation.responses.iter().filter(|r| is_success(r.status)).collect();
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
    Some(responses)
}

/// What a call of an operation gives, or a word on why it cannot be called.
pub fn came(env: &mut Env, operation: &Operation, at: Span) -> Option<Came> {
    let responses = successes(env, operation, at)?;
    let id = &operation.head.id;
    let mut came = Came::default();
    for response in &responses {
        if response.content.is_empty() {
            came.may_be_empty = true;
            continue;
        }
        let body = used(env, &response.content, true)?;
        if body.how == Carried::Events {
            let message = format!("`{id}` answers a stream of events, which has no value");
            env.diags.push(
                Diagnostic::error("BFF0450", message, at)
                    .label(body.media.span, "declared here")
                    .help("pass it on: write `stream: true` on the call, and the call's name as the `response`"),
            );
            return None;
        }
        let known = came.body.take();
        came.body = Some(match known {
            None => body.clone(),
            Some(known) if known.how == body.how => known,
            Some(known) => {
                let message = format!(
                    "`{id}`: one success body as `{}` and another as `{}` is not supported yet",
                    known.media_type, body.media_type
                );
                env.diags.push(
                    Diagnostic::error("BFF0413", message, at)
                        .label(known.media.span, "one is declared here")
                        .label(body.media.span, "the other here")
                        .help(MEND),
                );
                return None;
            }
        });
        let status = match response.status {
            StatusKey::Code(code) => code,
            StatusKey::Range(_) | StatusKey::Default => 2,
        };
        came.by_status.push((status, body.schema));
    }
    came.may_be_empty &= came.body.is_some();
    for response in &responses {
        match response.status {
            StatusKey::Code(code) => came.success.push(code),
            StatusKey::Range(_) | StatusKey::Default => {
                came.success.clear();
                break;
            }
        }
    }
    if came.how() == Some(Carried::Bytes) {
        // Whatever is asked for, the service may answer another of them.
        let media: Vec<&Media> = responses.iter().flat_map(|response| &response.content).collect();
        came.size = Size::of(&env.specs.schemas, &media);
    }
    unite(env, &mut came, id);
    if let Some(schema) = came.schema()
        && let Kind::Unsupported { what, span } = env.specs.schemas.get(schema).kind.clone()
    {
        let message = format!("`{id}` cannot be called: there is {what} in its answer");
        env.diags.push(Diagnostic::error("BFF0413", message, at).label(span, "declared here").help(MEND));
        return None;
    }
    Some(came)
}

/// One schema for all success bodies: the same, or a union of them, told apart by the status that comes.
fn unite(env: &mut Env, came: &mut Came, id: &str) {
    let schemas = &env.specs.schemas;
    let mut members: Vec<SchemaId> = Vec::new();
    for (_, schema) in &came.by_status {
        let schema = schemas.canonical(*schema);
        if !members.contains(&schema) {
            members.push(schema);
        }
    }
    let Some(body) = came.body.as_mut().filter(|body| body.how == Carried::Json && members.len() > 1) else {
        came.by_status.clear();
        return;
    };
    body.schema = match env.answer_unions.iter().find(|(known, _)| *known == members) {
        Some((_, union)) => *union,
        None => {
            let union = env.specs.schemas.add_union(body.media.span, &format!("{id} answer"), members.clone());
            env.answer_unions.push((members, union));
            union
        }
    };
}

const MEND: &str = "call another operation, or mend a copy of the document and name that as `spec`";
