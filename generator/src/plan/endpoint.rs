//! One endpoint: inputs, calls in order, answer.

use std::collections::HashSet;

use super::calls::{self, Context};
use super::inputs;
use super::ir::{TExpr, TKind, TShape, TShapeKind};
use super::model::{self, Answer, OnError};
use super::operations::{self, Resolved, Wanted};
use super::order;
use super::scope::{Env, Scope};
use super::shape::{leaf, published, shape};
use super::ty::TyKind;
use super::types::TypeNames;
use crate::composition::ast;
use crate::diag::Diagnostic;
use crate::openapi::Method;
use crate::openapi::media::Carried;

/// Checks an endpoint; none where too little of it is sound to go on.
pub fn endpoint(
    env: &mut Env,
    names: &TypeNames,
    context: &mut Context,
    strict: bool,
    endpoint: &ast::Endpoint,
) -> Option<model::Endpoint> {
    let resolved: Vec<Option<Resolved>> = endpoint
        .calls
        .iter()
        .map(|call| operations::resolve(env, context.upstreams, &call.operation, Wanted::of(call)))
        .collect();
    call_names(env, endpoint);
    let mut made = head(endpoint, strict);
    if let Some(short) = &endpoint.short {
        let since = env.diags.len();
        let made = self::short(env, context, endpoint, short, made)?;
        super::lints::endpoint(env, &made, since);
        return Some(made);
    }

    let since = env.diags.len();
    let inputs = inputs::inputs(env, names, endpoint, &resolved);
    let depends_on = order::dependencies(&endpoint.calls);
    let order = order::order(env, &endpoint.calls, &depends_on);
    super::turn::shared_tokens(env, endpoint);
    super::writes::known(env, endpoint);
    super::writes::ordered(env, endpoint, &resolved, &depends_on);
    let mut scope = Scope {
        inputs_used: vec![false; inputs.len()],
        inputs,
        calls: endpoint.calls.iter().map(|call| (call.name.value.clone(), None)).collect(),
        calls_used: vec![false; endpoint.calls.len()],
        facts: vec![None; endpoint.calls.len()],
        ..Scope::default()
    };
    let mut checked: Vec<Option<model::Call>> = endpoint.calls.iter().map(|_| None).collect();
    for &at in &order {
        let call = &endpoint.calls[at];
        scope.calling = Some(at);
        let Some(resolved) = &resolved[at] else {
            super::unresolved::call(env, &mut scope, context, call);
            continue;
        };
        let call = calls::call(env, &mut scope, context, endpoint, call, resolved, &depends_on[at]);
        scope.calls[at].1 = Some(call.ty.clone());
        scope.facts[at] = Some(super::meta::facts(&env.specs.schemas, &call, resolved));
        checked[at] = Some(call);
    }

    scope.calling = None;
    scope.calls_used.fill(false);
    scope.warnings = true;
    let answer = answer(env, &mut scope, context, endpoint, &resolved);
    made.headers = headers(env, &mut scope, endpoint);
    made.status = endpoint.status.as_ref().map_or(if endpoint.response.is_some() { 200 } else { 204 }, |s| s.value);
    let body = match &answer {
        Answer::Empty => None,
        Answer::Shape(shape) => Some(shape.span),
        Answer::Content(value, _) => Some(value.span),
        Answer::Stream(stream) => Some(stream.value.span),
    };
    if let (Some(body), 204 | 205 | 304) = (body, made.status) {
        let message = format!("an answer with status {} has no body", made.status);
        let diag = Diagnostic::error("BFF0422", message, body)
            .help("remove `response`, or choose another status (RFC 9110, section 15)");
        env.diags.push(diag);
    }
    super::stream::report(env, &scope, endpoint, &depends_on);
    calls::report_unused(env, &scope, endpoint, &resolved, &depends_on);
    inputs::report_unused(env, &scope);
    made.inputs = scope.inputs;
    made.calls = checked.into_iter().collect::<Option<Vec<_>>>()?;
    made.order = order;
    made.answer = answer;
    made.parts = super::partial::parts(&made);
    super::time::check(env, endpoint, &made, context.upstreams);
    super::lints::endpoint(env, &made, since);
    Some(made)
}

/// What `response` makes.
fn answer(
    env: &mut Env,
    scope: &mut Scope,
    context: &mut Context,
    endpoint: &ast::Endpoint,
    resolved: &[Option<Resolved>],
) -> Answer {
    let Some(response) = &endpoint.response else { return Answer::Empty };
    if let Some(stream) = super::stream::answer(scope, endpoint, response, resolved) {
        return stream;
    }
    let answer = match &response.kind {
        ast::ShapeKind::Expr(expr) => {
            let value = super::expr::check(env, scope, expr);
            if matches!(value.ty.kind, TyKind::Binary) {
                let media_type = media_type(&value, &scope.inputs, resolved);
                return Answer::Content(Box::new(value), media_type);
            }
            leaf(env, value, response.span)
        }
        _ => shape(env, scope, context.shapes, response),
    };
    if answer.out.optional {
        env.diags.push(
            Diagnostic::error("BFF0406", "the whole answer may be absent", answer.span)
                .help("an answer has a body or it has none: give a value for when it is absent with `.orValue(...)`, or put it in a field"),
        );
    }
    Answer::Shape(Box::new(answer))
}

/// The media type of bytes that are the whole answer: of the body that they come from.
fn media_type(value: &TExpr, inputs: &[super::ir::Input], calls: &[Option<Resolved>]) -> String {
    let found = match value.kind {
        TKind::Call(at) => {
            let resolved = calls.get(at).and_then(Option::as_ref);
            resolved.and_then(|resolved| Some(resolved.came.body.as_ref()?.media_type.clone()))
        }
        TKind::Input(at) => inputs.get(at).and_then(|input| Some(input.carried.as_ref()?.1.clone())),
        _ => None,
    };
    found.filter(|media| !media.contains(['*', ','])).unwrap_or_else(|| "application/octet-stream".into())
}

fn head(endpoint: &ast::Endpoint, strict: bool) -> model::Endpoint {
    model::Endpoint {
        method: endpoint.method,
        path: endpoint.path.clone(),
        id: endpoint.id.as_ref().map_or_else(|| derived_id(endpoint.method, &endpoint.path), |id| id.value.clone()),
        summary: endpoint.summary.clone(),
        description: endpoint.description.clone(),
        tags: endpoint.tags.clone(),
        strict: endpoint.strict.unwrap_or(strict),
        timeout: endpoint.policies.timeout.as_ref().map(|t| t.value),
        inputs: Vec::new(),
        calls: Vec::new(),
        order: Vec::new(),
        answer: Answer::Empty,
        status: 200,
        headers: Vec::new(),
        parts: Vec::new(),
    }
}

/// `GET /api/products/{id}` -> `getProductsById`. A leading `api` says nothing and is left out.
fn derived_id(method: Method, path: &str) -> String {
    let mut id = format!("{method:?}").to_lowercase();
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let skip = usize::from(segments.len() > 1 && segments[0] == "api");
    for segment in &segments[skip..] {
        let param = segment.starts_with('{');
        if param {
            id.push_str("By");
        }
        for word in segment.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
            let mut chars = word.chars();
            id.extend(chars.next().into_iter().flat_map(char::to_uppercase));
            id.push_str(chars.as_str());
        }
    }
    id
}

/// A call's name is unique and hides nothing that the language defines.
fn call_names(env: &mut Env, endpoint: &ast::Endpoint) {
    let mut seen: Vec<&crate::source::Spanned<String>> = Vec::new();
    for call in &endpoint.calls {
        let name = &call.name.value;
        if let Some(first) = seen.iter().find(|s| s.value == *name) {
            env.diags.push(
                Diagnostic::error("BFF0412", format!("two calls are named `{name}`"), call.name.span)
                    .label(first.span, "the first one"),
            );
        }
        if super::scope::input_place(name).is_some()
            || matches!(name.as_str(), "warnings" | "partial" | "meta" | "session" | "optional")
        {
            env.diags.push(
                Diagnostic::error("BFF0412", format!("`{name}` is a name of the language"), call.name.span)
                    .help("give the call another name"),
            );
        }
        seen.push(&call.name);
    }
}

fn headers(env: &mut Env, scope: &mut Scope, endpoint: &ast::Endpoint) -> Vec<(String, TExpr)> {
    let mut made = Vec::new();
    let mut seen = HashSet::new();
    for (name, value) in &endpoint.headers {
        let lower = name.value.to_ascii_lowercase();
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if lower.is_empty() || !lower.chars().all(token) {
            let message = format!("`{}` is not a header name", name.value);
            env.diags.push(
                Diagnostic::error("BFF0422", message, name.span).help("RFC 9110, section 5.1: letters, digits and `-`"),
            );
            continue;
        }
        if matches!(
            lower.as_str(),
            "content-length" | "content-type" | "transfer-encoding" | "connection" | "set-cookie"
        ) {
            let message = format!("`{}` is set by the server itself", name.value);
            env.diags.push(Diagnostic::error("BFF0422", message, name.span).help("remove it"));
            continue;
        }
        if !seen.insert(lower.clone()) {
            env.diags.push(Diagnostic::error(
                "BFF0412",
                format!("the header `{}` is given twice", name.value),
                name.span,
            ));
            continue;
        }
        let value = scope.without_hooks("a header", |scope| super::expr::check(env, scope, value));
        let value = match &value.ty.present().kind {
            TyKind::Str | TyKind::Int | TyKind::Double | TyKind::Bool | TyKind::Error => value,
            _ => super::expr::mismatch(env, &value, "a header is a string, a number or a boolean"),
        };
        made.push((lower, value));
    }
    made
}

/// `GET /x: users.getX`: the operation's parameters become inputs, its body the answer.
fn short(
    env: &mut Env,
    context: &mut Context,
    endpoint: &ast::Endpoint,
    reference: &ast::OperationRef,
    mut made: model::Endpoint,
) -> Option<model::Endpoint> {
    let resolved = operations::resolve(env, context.upstreams, reference, Wanted::ValueOrEvents)?;
    let (mut inputs, wired) = inputs::short_inputs(env, endpoint, &resolved);
    // Where no input can be made of the body, the check of the call says why.
    let body_shape = resolved.sends.as_ref().map(|_| {
        inputs.extend(inputs::body_input(env, &resolved, endpoint.span));
        let kind = crate::expr::ast::ExprKind::Ident("body".into());
        let expr = crate::expr::ast::Expr { span: endpoint.span, kind };
        ast::Shape { span: endpoint.span, kind: ast::ShapeKind::Expr(expr) }
    });
    let name = resolved.operation.head.id.clone();
    let ident = |base: &str, field: &str| {
        let span = reference.operation.span;
        let base = crate::expr::ast::Expr { span, kind: crate::expr::ast::ExprKind::Ident(base.into()) };
        let index = crate::expr::ast::Expr { span, kind: crate::expr::ast::ExprKind::Str(field.into()) };
        let kind = crate::expr::ast::ExprKind::Index { base: Box::new(base), index: Box::new(index), optional: false };
        crate::expr::ast::Expr { span, kind }
    };
    let with = wired
        .iter()
        .map(|(param, input)| {
            let param = &resolved.operation.parameters[*param];
            let group = super::scope::place_name(inputs[*input].place);
            let expr = ident(group, &inputs[*input].name);
            let key = crate::source::Spanned::new(format!("{group}.{}", param.name), reference.operation.span);
            (key, ast::Shape { span: reference.operation.span, kind: ast::ShapeKind::Expr(expr) })
        })
        .collect();
    let call = ast::Call {
        name: crate::source::Spanned::new(name, reference.operation.span),
        operation: reference.clone(),
        with,
        headers: Vec::new(),
        body: body_shape,
        when: None,
        each: None,
        batch: None,
        after: None,
        stream: None,
        paginate: None,
        policies: ast::Policies::default(),
        span: reference.upstream.span.to(reference.operation.span),
    };
    let mut scope = Scope { inputs_used: vec![false; inputs.len()], inputs, ..Scope::default() };
    let call = calls::call(env, &mut scope, context, endpoint, &call, &resolved, &[]);
    let value = TExpr { ty: call.ty.clone(), kind: TKind::Call(0), span: reference.operation.span };
    made.answer = match &resolved.came.body {
        Some(_) if resolved.came.passed.is_some() => {
            super::stream::passed_on(value, &resolved.came, None).unwrap_or(Answer::Empty)
        }
        Some(body) if matches!(body.how, Carried::Text | Carried::Bytes) => {
            Answer::Content(Box::new(value), body.media_type.clone())
        }
        Some(_) => {
            env.demand.whole(&value.ty);
            Answer::Shape(Box::new(TShape {
                out: published(&value.ty),
                kind: TShapeKind::Expr(value),
                span: reference.operation.span,
            }))
        }
        None => Answer::Empty,
    };
    let with_body = |status: &&u16| resolved.came.body.is_none() || !matches!(**status, 204 | 205);
    let status = resolved.came.success.iter().find(with_body).copied();
    made.status = status.unwrap_or(if resolved.came.body.is_some() { 200 } else { 204 });
    if matches!(made.answer, Answer::Empty) && !matches!(made.status, 204 | 205) {
        made.status = 204;
    }
    made.summary = made.summary.or_else(|| resolved.operation.head.summary.clone());
    made.inputs = scope.inputs;
    made.order = vec![0];
    made.calls = vec![call];
    Some(made)
}

/// Calls that can fail without failing the answer, in order: their warnings.
pub fn soft_calls(endpoint: &model::Endpoint) -> Vec<&str> {
    let soft = |call: &&model::Call| !matches!(call.on_error, OnError::Fail(_));
    endpoint.calls.iter().filter(soft).map(|call| call.name.as_str()).collect()
}
