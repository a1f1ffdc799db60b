//! `stream: true`: a body that is passed on as it comes, and what may be said of such a call.

use super::answers::{Came, successes};
use super::bodies::{Carrying, used};
use super::files::Size;
use super::ir::{TExpr, TKind};
use super::model::{self, Answer};
use super::operations::Resolved;
use super::scope::{Env, Scope};
use super::ty::{Ty, TyKind};
use crate::composition::ast::{Call, Endpoint, OnError, OnErrorAction, Shape, ShapeKind};
use crate::diag::Diagnostic;
use crate::expr::ast::ExprKind;
use crate::openapi::media::{Carried, carried, essence};
use crate::openapi::{Media, Operation, Response, StatusKey};
use crate::schema::{Kind, Schema, SchemaId, StringRules};
use crate::source::Span;

/// Headers of an upstream's answer that say something of its body, and go on with it where the document declares them.
const PASSED: &[&str] =
    &["content-disposition", "etag", "last-modified", "cache-control", "accept-ranges", "content-range"];

/// What is passed on of an answer.
#[derive(Clone, Debug)]
pub struct Passed {
    /// Media types that it may have: events, or all that are no JSON.
    pub media: Vec<String>,
    /// Declared headers that go with it: name in lower case, schema.
    pub headers: Vec<(String, SchemaId)>,
    /// A 304 is declared: it goes on, too.
    pub unchanged: bool,
}

/// What a streaming call of an operation gives, or a word on why there is nothing to stream.
pub fn came(env: &mut Env, operation: &Operation, at: Span) -> Option<Came> {
    let responses = successes(env, operation, at)?;
    let (mut media, mut headers): (Vec<&Media>, Vec<(String, SchemaId)>) = (Vec::new(), Vec::new());
    let is_events = |media: &Media| essence(&media.media_type) == "text/event-stream";
    let events = responses.iter().flat_map(|response| &response.content).any(is_events);
    for response in &responses {
        let may = |media: &&Media| if events { is_events(media) } else { is_streamable(env, media) };
        let here: Vec<&Media> = response.content.iter().filter(may).collect();
        if here.is_empty() && !response.content.is_empty() {
            let declared = &response.content[0];
            let message = format!("`{}` answers `{}`, which is no stream", operation.head.id, declared.media_type);
            env.diags.push(
                Diagnostic::error("BFF0450", message, at)
                    .label(declared.span, "declared here")
                    .help("`stream` is for bodies that are no JSON: take it out, and the body is read and checked"),
            );
            return None;
        }
        media.extend(here);
    }
    let unchanged = operation.responses.iter().find(|response| response.status == StatusKey::Code(304));
    for header in responses.iter().copied().chain(unchanged).flat_map(|response| &response.headers) {
        let name = header.name.to_ascii_lowercase();
        if PASSED.contains(&name.as_str()) && !headers.iter().any(|(known, _)| *known == name) {
            headers.push((name, header.schema));
        }
    }
    let Some(first) = media.first().copied() else {
        let message = format!("`{}` answers without a body: there is nothing to stream", operation.head.id);
        let diag = Diagnostic::error("BFF0450", message, at).label(operation.head.span, "the operation");
        env.diags.push(diag.help("take `stream` out"));
        return None;
    };
    let mut types: Vec<String> = Vec::new();
    for media in &media {
        let named = media.media_type.trim().to_owned();
        if !types.contains(&named) {
            types.push(named);
        }
    }
    let size = Size::of(&env.specs.schemas, &media);
    let rules = StringRules { format: Some("binary".into()), ..StringRules::default() };
    let schema = env.specs.schemas.add(Schema::new(first.span, "body", Kind::String(rules)));
    let body = Carrying {
        how: Carried::Bytes,
        media_type: types[0].clone(),
        schema,
        checked: None,
        files: Vec::new(),
        media: first.clone(),
    };
    Some(Came {
        success: statuses(&responses),
        body: Some(body),
        size,
        passed: Some(Passed { media: types, headers, unchanged: unchanged.is_some() }),
        ..Came::default()
    })
}

/// Whether an operation answers events and nothing that could be read.
pub fn is_events(env: &mut Env, operation: &Operation) -> bool {
    let success = |status: StatusKey| matches!(status, StatusKey::Code(200..=299) | StatusKey::Range(2));
    let answers = operation.responses.iter().filter(|response| success(response.status));
    let first = answers.map(|response| &response.content).find(|content| !content.is_empty());
    first.and_then(|content| used(env, content, true)).is_some_and(|body| body.how == Carried::Events)
}

/// Codes of success; empty: any 2xx.
fn statuses(responses: &[&Response]) -> Vec<u16> {
    let code = |response: &&Response| match response.status {
        StatusKey::Code(code) => Some(code),
        StatusKey::Range(_) | StatusKey::Default => None,
    };
    responses.iter().map(code).collect::<Option<_>>().unwrap_or_default()
}

/// Whether a body of the media type can go on unread. What may be of any type may be so, too.
fn is_streamable(env: &Env, media: &Media) -> bool {
    media.media_type.contains('*') || carried(&env.specs.schemas, media) != Carried::Json
}

/// Says what cannot stand on a call whose body is passed on. `on_error`: the one that counts for it.
pub fn check(env: &mut Env, call: &Call, came: &Came, on_error: Option<&OnError>) -> Option<model::Stream> {
    came.passed.as_ref()?;
    let limits = call.stream.as_ref();
    let stream = limits.map_or(call.span, |stream| stream.span);
    let mut refuse = |span: Span, what: &str, why: &str| {
        let message = format!("{what} does not go with `stream`");
        env.diags.push(Diagnostic::error("BFF0450", message, span).label(stream, "the stream").help(why));
    };
    if let Some(each) = &call.each {
        refuse(each.variable.span, "`each`", "an answer passes on the body of one call");
    }
    if let Some(when) = &call.when {
        refuse(when.span, "`when`", "the answer is this body, so the call is always made");
    }
    match on_error {
        Some(OnError { action: OnErrorAction::Absent, span, .. }) => {
            refuse(
                *span,
                "`on_error: absent`",
                "the answer is this body, and cannot do without: write `on_error: fail` on the call; `status` maps statuses",
            );
        }
        Some(OnError { action: OnErrorAction::Default(_), span, .. }) => {
            refuse(
                *span,
                "`on_error: default`",
                "the body is not read, so nothing can stand for it: write `on_error: fail` on the call; `status` maps statuses",
            );
        }
        _ => {}
    }
    let policies = &call.policies;
    let checks = [
        ("`validate`", policies.validate.as_ref().map(|said| said.span)),
        ("`open`", policies.open.as_ref().map(|said| said.span)),
        ("`formats`", policies.formats.as_ref().map(|said| said.span)),
        ("`sample`", policies.sample.as_ref().map(|said| said.span)),
        ("`lenient`", policies.lenient.as_ref().map(|said| said.span)),
    ];
    for (what, span) in checks {
        if let Some(span) = span {
            refuse(span, what, "nothing of a body that is passed on is read: take it out");
        }
    }
    Some(model::Stream {
        idle: limits.and_then(|stream| stream.idle.as_ref()).map(|idle| idle.value),
        max_bytes: limits.and_then(|stream| stream.max_bytes.as_ref()).map(|bytes| bytes.value),
    })
}

/// The answer that is the body of a streaming call, where `response` is exactly that.
pub fn answer(
    scope: &mut Scope,
    endpoint: &Endpoint,
    response: &Shape,
    resolved: &[Option<Resolved>],
) -> Option<model::Answer> {
    let ShapeKind::Expr(expr) = &response.kind else { return None };
    let ExprKind::Ident(name) = &expr.kind else { return None };
    let at = scope.calls.iter().position(|(call, _)| call == name)?;
    let ty = scope.calls[at].1.clone().filter(|ty| matches!(ty.kind, TyKind::Stream))?;
    let came = &resolved.get(at)?.as_ref()?.came;
    scope.calls_used[at] = true;
    let value = TExpr { ty, kind: TKind::Call(at), span: expr.span };
    passed_on(value, came, endpoint.status.as_ref().map(|status| status.value))
}

/// The answer that is a stream. `status`: what the composition says.
pub fn passed_on(value: TExpr, came: &Came, status: Option<u16>) -> Option<Answer> {
    let passed = came.passed.clone()?;
    let mut statuses = match (status, came.success.is_empty()) {
        (Some(status), _) => vec![status],
        (None, true) => vec![200],
        (None, false) => came.success.clone(),
    };
    statuses.extend(passed.unchanged.then_some(304));
    Some(Answer::Stream(Box::new(model::StreamAnswer { value, passed, statuses, as_it_came: status.is_none() })))
}

/// A stream that no answer passes on, and calls that wait for one.
pub fn report(env: &mut Env, scope: &Scope, endpoint: &Endpoint, depends_on: &[Vec<usize>]) {
    for (at, call) in endpoint.calls.iter().enumerate() {
        let Some(stream) = &call.stream else { continue };
        let name = &call.name.value;
        for (other, waits) in endpoint.calls.iter().zip(depends_on) {
            if waits.contains(&at) {
                let message = format!("`{}` waits for the stream `{name}`", other.name.value);
                env.diags.push(
                    Diagnostic::error("BFF0450", message, other.name.span)
                        .label(stream.span, "the stream")
                        .help("its body begins to go out when all other calls have ended: nothing can come after it"),
                );
            }
        }
        if scope.calls_used.get(at).is_some_and(|used| !used) {
            let message = format!("no answer passes on the stream `{name}`");
            let diag = Diagnostic::error("BFF0450", message, stream.span);
            let help = format!("write `response: {name}`, and nothing else there; or take `stream` out");
            env.diags.push(match &endpoint.response {
                Some(response) => diag.label(response.span, "the answer").help(help),
                None => diag.help(help),
            });
        }
    }
}

/// What is said where the value of a stream is read.
pub fn read(env: &mut Env, name: &str, span: Span) -> TExpr {
    let message = format!("`{name}` is a stream, which has no value");
    let help = format!("its body is passed on unread: `response: {name}`. To read it, take `stream` out");
    env.diags.push(Diagnostic::error("BFF0450", message, span).help(help));
    TExpr { ty: Ty::error(), kind: TKind::Error, span }
}
