//! The calls of an endpoint: their arguments, policies and types.

use super::arguments::{Arguments, arguments};
use super::batch;
use super::bodies::{Body, Carrying, body};
use super::expr::check_as;
use super::files;
use super::inputs::find_parameter;
use super::ir::{TExpr, TKind, TShape};
use super::keyed::{check_as_list, keyed};
use super::lenient::refused;
use super::model::{self, OnError, Policy, Upstream, UpstreamOperation};
use super::operations::Resolved;
use super::paginate;
use super::refs;
use super::scope::{Env, Scope};
use super::settled::Settled;
use super::shape::{ShapeSignature, shape};
use super::turn;
use super::ty::{Ty, TyKind};
use crate::composition::ast::{Call, Endpoint, OnErrorAction, PagesOf, Paginate, Policies, Shape};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::openapi::{In, Method};
use crate::schema::SchemaId;

/// What all calls of an endpoint share while they are checked.
pub struct Context<'a> {
    /// Upstreams, to which operations are added as they are called.
    pub upstreams: &'a mut Vec<Upstream>,
    /// Upstreams as written, for their policies.
    pub declared: &'a [crate::composition::ast::Upstream],
    /// Policies of the file.
    pub file: &'a Policies,
    /// Named shapes, and whether each is used.
    pub shapes: &'a mut [(ShapeSignature, bool)],
    /// Checks of default values, to be made when it is known what is read.
    pub deferred: &'a mut Vec<Deferred>,
}

/// A default value, and what it stands for.
pub struct Deferred {
    /// The value.
    pub made: TShape,
    /// What it must be.
    pub schema: SchemaId,
    /// The endpoint that it is of, by position.
    pub endpoint: Option<usize>,
}

/// Checks a call.
pub fn call(
    env: &mut Env,
    scope: &mut Scope,
    context: &mut Context,
    endpoint: &Endpoint,
    call: &Call,
    resolved: &Resolved,
    depends_on: &[usize],
) -> model::Call {
    let declared = &context.declared[resolved.upstream];
    let pick = [&call.policies, &endpoint.policies, &declared.policies, context.file];
    let each = call.each.as_ref().map(|each| {
        let list = check_as_list(env, scope, &each.list);
        (each, list)
    });
    let when = call.when.as_ref().map(|when| check_as(env, scope, when, &Ty::bool(), "`when`"));

    let batch = match (&call.batch, &each) {
        (Some(batch), Some((each, (_, item)))) => {
            Some((batch, batch::start(env, scope, call, (batch, each), item, resolved)))
        }
        _ => None,
    };
    let paged = paginate::parameters(env, call, resolved);
    let turning = paged.as_ref().and_then(|paged| turn::with_fields(env, call, paged));
    let element = match (&batch, &each) {
        (Some((_, start)), _) => Some((batch::KEYS, start.keys.clone())),
        (None, Some((each, (_, item)))) => Some((each.variable.value.as_str(), item.clone())),
        (None, None) => {
            let at = paged.as_ref().and_then(|paged| turn::at_type(env, call, paged));
            at.map(|ty| (turn::AT, ty))
        }
    };
    let sending = batch.as_ref().map(|(_, start)| &start.call).or(turning.as_ref()).unwrap_or(call);
    let mut sent = |scope: &mut Scope| {
        (arguments(env, scope, context, sending, resolved), body(env, scope, context, sending, resolved))
    };
    let (Arguments { plain: mut args, made: made_args }, Body { made: mut body, files }) = match element {
        Some((variable, item)) => scope.with_local(variable, item, sent),
        None => sent(scope),
    };
    let paged = paged.map(|paged| {
        let wired = turn::wire(env, scope, call, &paged, &mut args, &mut body);
        (paged, wired)
    });
    // What is wrong with its pages has been said.
    if call.paginate.is_none() || paged.is_some() {
        let set = |at| paged.as_ref().is_some_and(|(paged, _)| paged.sets(at));
        required_parameters(env, endpoint, sending, resolved, &set);
    }
    let headers = super::call_headers::check(env, scope, call, resolved);
    let settled = Settled::new(&env.specs.schemas, call, batch.as_ref().map(|(_, start)| start));
    let schema_of = |at: usize| resolved.operation.parameters[at].schema;
    let unsettled = args.iter().filter(|(at, value)| !settled.argument(value, schema_of(*at))).map(|(at, _)| *at);
    let made = made_args.iter().filter(|(at, made)| !settled.shape(made, schema_of(*at))).map(|(at, _)| *at);
    let checked_params: Vec<usize> = unsettled.chain(made).collect();
    let checked_body = match (&body, &resolved.sends) {
        (Some(body), Some(sends)) => {
            let there = files::are_there(resolved, &files);
            sends.checked.filter(|schema| !there || !settled.shape(body, *schema))
        }
        _ => None,
    };
    let sends = sending.body.is_some().then(|| resolved.sends.clone()).flatten();
    let each = each.and_then(|(each, (list, item))| {
        if let Some((batch, start)) = batch {
            return batch::finish(env, call, (batch, each), list, start, resolved);
        }
        if let Some((_, other)) = made_args.iter().find(|(_, made)| shape_uses(made, &each.variable.value)) {
            let message = "an object or list as an argument that depends on the element is not supported yet";
            env.diags.push(Diagnostic::error("BFF0413", message, other.span));
            return None;
        }
        keyed(env, scope, call, each, list, item, &args)
    });

    let whole = (resolved.came.schema(), resolved.came.ty(env));
    let (schema, value) = batch::element(each.as_ref()).map_or(whole, |element| (element.schema, element.clone()));
    let gather = paged.as_ref().and_then(|paged| super::pages::gather(env, scope, call, resolved, paged));
    let gathers = matches!(&call.paginate, Some(Paginate { of: PagesOf::Gathered { .. }, .. }));
    let (gather, value) = match gather {
        Some((gather, list)) => (Some(gather), list),
        None if gathers => (None, Ty::error()),
        None => (None, value),
    };
    let action = pick.iter().find_map(|p| p.on_error.as_ref());
    let stream = super::stream::check(env, call, &resolved.came, action);
    let warn = action.and_then(|a| a.warn.as_ref()).map(|w| w.value.clone());
    let mut ty = value.clone();
    let on_error = match action.map(|a| &a.action) {
        None => OnError::Fail(Vec::new()),
        Some(OnErrorAction::Fail(statuses)) => {
            OnError::Fail(statuses.iter().map(|(from, to)| (from.value, to.value)).collect())
        }
        Some(OnErrorAction::Absent) => {
            ty = ty.optional();
            OnError::Absent
        }
        Some(OnErrorAction::Default(default)) => {
            let made = scope.without_hooks("a default value", |scope| shape(env, scope, context.shapes, default));
            match schema {
                _ if gathers => super::pages::default(env, default),
                Some(schema) => {
                    context.deferred.push(Deferred { made: made.clone(), schema, endpoint: env.demand.reading });
                }
                None if resolved.came.body.is_some() && stream.is_none() => {
                    let message = "a default for a body of bytes is not supported";
                    let help = "use `on_error: absent` and say what else is answered";
                    env.diags.push(Diagnostic::error("BFF0413", message, default.span).help(help));
                }
                None => {}
            }
            OnError::Default(made)
        }
    };
    if let Some(each) = &each {
        ty = Ty::new(TyKind::Keyed(Box::new(Ty { schema: None, ..each.key.ty.clone() }), Box::new(ty)));
    } else if call.each.is_some() {
        ty = Ty::error();
    }
    if when.is_some() {
        ty = ty.optional();
    }
    // A stream is the answer, whatever else is said of it.
    if stream.is_some() {
        ty = value;
    }
    let policy = Policy {
        timeout: call.policies.timeout.as_ref().map(|t| t.value),
        validate: pick.iter().find_map(|p| p.validate.as_ref()).map(|v| v.value),
        on_invalid: pick.iter().find_map(|p| p.on_invalid.as_ref()).map(|v| v.value),
        open: pick.iter().find_map(|p| p.open.as_ref()).is_some_and(|o| o.value),
        any_format: pick.iter().find_map(|p| p.formats.as_ref()).is_some_and(|formats| !formats.value),
        refused: refused(&pick),
        sample: pick.iter().find_map(|p| p.sample.as_ref()).map_or(0, |share| share.value),
    };
    let next_token = call.paginate.as_ref().filter(|_| !gathers).map(|paginate| {
        let next = paged.as_ref();
        let next = next.and_then(|paged| super::pages::next_token(env, scope, call, resolved, paged, &ty));
        next.unwrap_or_else(|| TExpr::error(paginate.span))
    });
    let wired: Vec<(usize, bool)> = args
        .iter()
        .map(|(param, value)| (*param, value.ty.is_optional()))
        .chain(made_args.iter().map(|(param, _)| (*param, true)))
        .collect();
    let operation = register(&mut context.upstreams[resolved.upstream], resolved, &wired, sends);
    context.upstreams[resolved.upstream].operations[operation].check(&checked_params, checked_body, &files);
    model::Call {
        name: call.name.value.clone(),
        upstream: resolved.upstream,
        operation,
        args,
        headers,
        made_args,
        body,
        files,
        when,
        each,
        depends_on: depends_on.to_vec(),
        on_error,
        warn,
        caller: context.upstreams[resolved.upstream].forward,
        policy,
        gather,
        next_token,
        stream,
        ty,
    }
}

/// Adds the operation to what the upstream's module offers, or widens what is there. `args`: positions of
/// parameters, and whether their values may be absent.
fn register(upstream: &mut Upstream, resolved: &Resolved, args: &[(usize, bool)], sends: Option<Carrying>) -> usize {
    let head = &resolved.operation.head;
    let same = |o: &UpstreamOperation| {
        let known = &o.operation.head;
        known.method == head.method
            && known.path == head.path
            && o.came.passed.is_some() == resolved.came.passed.is_some()
    };
    let optional = |at: &usize| args.iter().all(|(param, optional)| param != at || *optional);
    match upstream.operations.iter().position(same) {
        Some(at) => {
            let known = &mut upstream.operations[at];
            let mut params = known.params.clone();
            params.extend(args.iter().map(|(param, _)| *param).filter(|param| !known.params.contains(param)));
            params.sort_unstable();
            known.optional_params = params
                .iter()
                .copied()
                .filter(|param| {
                    known.optional_params.contains(param) || !known.params.contains(param) || optional(param)
                })
                .collect();
            known.params = params;
            known.sends = known.sends.take().or(sends);
            at
        }
        None => {
            let mut params: Vec<usize> = args.iter().map(|(param, _)| *param).collect();
            params.sort_unstable();
            let optional_params = params.iter().copied().filter(optional).collect();
            upstream.operations.push(UpstreamOperation {
                operation: resolved.operation.clone(),
                params,
                optional_params,
                sends,
                checked_params: Vec::new(),
                checked_body: None,
                files: Vec::new(),
                came: resolved.came.clone(),
            });
            upstream.operations.len() - 1
        }
    }
}

/// Each required parameter must be wired; where it is not, the wiring is proposed.
fn required_parameters(
    env: &mut Env,
    endpoint: &Endpoint,
    call: &Call,
    resolved: &Resolved,
    is_set: &dyn Fn(usize) -> bool,
) {
    let operation = &resolved.operation;
    let wired: Vec<usize> =
        call.with.iter().filter_map(|(n, _)| find_parameter(&operation.parameters, &n.value)).collect();
    let mut missing: Vec<_> = operation
        .parameters
        .iter()
        .enumerate()
        .filter(|(at, param)| param.required && !wired.contains(at) && !is_set(*at))
        .map(|(_, param)| param)
        .collect();
    // What is written and unknown is what is missing, under another name: that has been said.
    let unknown = call.with.iter().map(|(name, _)| name.value.as_str());
    let unknown: Vec<&str> = unknown.filter(|name| find_parameter(&operation.parameters, name).is_none()).collect();
    let names = || operation.parameters.iter().map(|param| param.name.as_str());
    let meant: Vec<String> = unknown.iter().filter_map(|name| did_you_mean(name, names())).map(String::from).collect();
    let only = unknown.len() == 1 && missing.len() == 1;
    missing.retain(|param| !only && !meant.contains(&param.name));
    let proposal = |param: &crate::openapi::Parameter| {
        let group = match param.location {
            In::Path if endpoint.path_params.iter().any(|p| p.value == param.name) => "path",
            In::Header => "header",
            _ if endpoint.path_params.iter().any(|p| p.value == param.name) => "path",
            _ => "query",
        };
        let plain = param.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match plain {
            true => format!("{}: {group}.{}", param.name, param.name),
            false => format!("{}: '{group}[\"{}\"]'", param.name, param.name),
        }
    };
    let wiring: Vec<String> = missing.iter().map(|param| proposal(param)).collect();
    for param in missing {
        let message = format!("`{}` requires the parameter `{}`", operation.head.id, param.name);
        let mut diag = Diagnostic::error("BFF0409", message, call.operation.operation.span)
            .at(format!("`{}` is not wired", param.name))
            .label(param.span, "required here")
            .help(format!("add `with: {{ {} }}` to the call `{}`", wiring.join(", "), call.name.value));
        // The short form has nothing but the operation, so the whole value can be replaced.
        let reference = call.operation.upstream.span.to(call.operation.operation.span);
        let short = call.with.is_empty() && call.body.is_none() && call.each.is_none() && call.when.is_none();
        if short && call.span == reference {
            let text = format!(
                "{{ operation: {}.{}, with: {{ {} }} }}",
                call.operation.upstream.value,
                call.operation.operation.value,
                wiring.join(", ")
            );
            diag = diag.fix(format!("wire `{}`", param.name), reference, text);
        }
        env.diags.push(diag);
    }
}

/// Whether a shape refers to a name.
pub fn mentions(shape: &Shape, name: &str) -> bool {
    let mut hit = false;
    refs::names_in_shape(shape, &mut Vec::new(), &mut |found| hit |= found == name);
    hit
}

/// Whether two expressions are the same, places aside.
pub fn same(a: &TExpr, b: &TExpr) -> bool {
    strip_spans(a) == strip_spans(b)
}

/// The expression's structure, without places.
fn strip_spans(expr: &TExpr) -> String {
    let text = format!("{:?}", expr.kind);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("span: Span {") {
        out.push_str(&rest[..at]);
        rest = rest[at..].find('}').map_or("", |end| &rest[at + end..]);
    }
    out.push_str(rest);
    out
}

/// Whether an expression uses a local variable.
pub fn uses_local(expr: &TExpr, name: &str) -> bool {
    let mut hit = false;
    super::walk::expr(expr, &mut |e| hit |= matches!(&e.kind, TKind::Local(local) if local == name));
    hit
}

fn shape_uses(made: &super::ir::TShape, name: &str) -> bool {
    let mut hit = false;
    super::walk::shape(made, &mut |e| hit |= matches!(&e.kind, TKind::Local(local) if local == name));
    hit
}

/// A call that nothing uses is waste, unless it is made for its effect.
pub fn report_unused(
    env: &mut Env,
    scope: &Scope,
    endpoint: &Endpoint,
    resolved: &[Option<Resolved>],
    depends_on: &[Vec<usize>],
) {
    for (at, call) in endpoint.calls.iter().enumerate() {
        let used = scope.calls_used.get(at).copied().unwrap_or(false) || depends_on.iter().any(|d| d.contains(&at));
        let safe = resolved[at]
            .as_ref()
            .is_some_and(|r| matches!(r.operation.head.method, Method::Get | Method::Head | Method::Options));
        if !used && safe && call.stream.is_none() {
            env.diags.push(
                Diagnostic::warning("BFF0411", format!("nothing uses the call `{}`", call.name.value), call.name.span)
                    .help("it costs a request each time: use its value in `response`, or remove it"),
            );
        }
    }
}
