//! The arguments of a call: what `with` says, checked against the parameters of the operation.

use super::calls::Context;
use super::constants;
use super::expr::{backticked, check, coerce};
use super::fit::{self, Needed};
use super::inputs::{find_parameter, said};
use super::ir::{TExpr, TKind, TShape, TShapeKind};
use super::narrow;
use super::operations::Resolved;
use super::scope::{Env, Scope};
use super::shape::shape;
use super::ty::{self, Ty, TyKind};
use super::wire::{self, Handed};
use crate::composition::ast::{Call, Shape, ShapeKind};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::schema::{Json, Kind};
use crate::source::{Span, Spanned};

/// Arguments by the position of their parameter.
#[derive(Default)]
pub struct Arguments {
    /// Values of the parameter's type.
    pub plain: Vec<(usize, TExpr)>,
    /// Values that are made as JSON.
    pub made: Vec<(usize, TShape)>,
}

/// Checks `with`.
pub fn arguments(
    env: &mut Env,
    scope: &mut Scope,
    context: &mut Context,
    call: &Call,
    resolved: &Resolved,
) -> Arguments {
    let operation = &resolved.operation;
    let mut args = Arguments::default();
    for (name, value) in &call.with {
        let Some(at) = find(env, resolved, name) else { continue };
        let param = &operation.parameters[at];
        if let Some(what) = wire::formless(&env.specs.schemas, param) {
            env.diags.push(
                Diagnostic::error("BFF0413", format!("{what} is not supported"), name.span)
                    .label(param.span, "declared here"),
            );
            continue;
        }
        match wire::handed(&env.specs.schemas, param) {
            Handed::Scalar | Handed::List => {
                args.plain.extend(plain(env, scope, value, resolved, at).map(|value| (at, value)));
            }
            Handed::Value | Handed::Json => made(env, scope, context, &mut args, value, resolved, at),
        }
    }
    args.plain.sort_by_key(|(at, _)| *at);
    args.made.sort_by_key(|(at, _)| *at);
    args
}

/// The position of a parameter; says where there is none of the name.
pub fn find(env: &mut Env, resolved: &Resolved, name: &Spanned<String>) -> Option<usize> {
    let operation = &resolved.operation;
    let found = find_parameter(&operation.parameters, &name.value);
    if found.is_none() {
        let names: Vec<&str> = operation.parameters.iter().map(|p| p.name.as_str()).collect();
        let message = format!("`{}` has no parameter `{}`", operation.head.id, name.value);
        let diag = Diagnostic::error("BFF0410", message, name.span).label(operation.head.span, "the operation");
        env.diags.push(match did_you_mean(&name.value, names.iter().copied()) {
            Some(near) => diag.meant(near, name.span),
            None if names.is_empty() => diag.help("it takes no parameters"),
            None => diag.help(format!("it has {}", backticked(&names))),
        });
    }
    found
}

/// A string, number or boolean, or a list of them.
fn plain(env: &mut Env, scope: &mut Scope, value: &Shape, resolved: &Resolved, at: usize) -> Option<TExpr> {
    let param = &resolved.operation.parameters[at];
    let who = format!("the parameter `{}` of `{}`", param.name, resolved.operation.head.id);
    let mut want = ty::of_schema(&env.specs.schemas, param.schema);
    if let TyKind::Nullable(inner) = want.kind {
        want = *inner;
    }
    let value = match constant(value) {
        Some(value) => value,
        None => match &value.kind {
            ShapeKind::Expr(expr) => scope.without_hooks("an argument", |scope| check(env, scope, expr)),
            _ => {
                let message = "a parameter is one value: an expression, a number, a boolean or a text";
                let diag = Diagnostic::error("BFF0405", message, value.span)
                    .help("a list is written as an expression: \"['a', 'b']\"");
                env.diags.push(diag);
                return None;
            }
        },
    };
    // A list is joined or repeated: only its items matter.
    if let TyKind::List(_) = want.kind {
        env.demand.items(value.ty.present());
    }
    let want = Ty { schema: None, ..want };
    let want_here = if param.required { want } else { want.clone().optional() };
    let value = if value.ty.is_optional() || param.required {
        coerce(env, value, &want_here, &who)
    } else {
        coerce(env, value, want_here.present(), &who)
    };
    constants::check(env, &value, param.schema);
    tell_of_wider(env, scope, &value, resolved, at);
    Some(value)
}

/// An input that is declared wider than the parameter that it is passed to.
fn tell_of_wider(env: &mut Env, scope: &Scope, value: &TExpr, resolved: &Resolved, at: usize) {
    let param = &resolved.operation.parameters[at];
    let inner = match &value.kind {
        TKind::Some(inner) | TKind::Widen(inner) => inner,
        _ => value,
    };
    let TKind::Input(input) = inner.kind else { return };
    if inner.ty.is_error() {
        return;
    }
    let input = &scope.inputs[input];
    let Some(want) = narrow::wider(&env.specs.schemas, input.schema, param.schema) else { return };
    let name = said(input);
    let message = format!("`{name}` may be more than the parameter `{}` takes: {want}", param.name);
    let diag = Diagnostic::warning("BFF0452", message, input.span)
        .label(value.span, "it is passed on here")
        .label(env.specs.schemas.get(param.schema).span, "the parameter's schema")
        .help(format!("a request with another value fails; declare `{name}` as narrow, or leave the declaration out to have the parameter's schema"));
    env.diags.push(diag);
}

/// A value that the styles take apart, or JSON. What is one text anyway stays an expression.
fn made(
    env: &mut Env,
    scope: &mut Scope,
    context: &mut Context,
    args: &mut Arguments,
    value: &Shape,
    resolved: &Resolved,
    at: usize,
) {
    let param = &resolved.operation.parameters[at];
    let mut schema = param.schema;
    if let Kind::Nullable(inner) = env.specs.schemas.get(schema).kind {
        schema = inner;
    }
    let made = scope.without_hooks("an argument", |scope| shape(env, scope, context.shapes, value));
    fit::check(env, &made, schema, !param.required, &Needed::sent(&|_, _, _| true));
    if wire::handed(&env.specs.schemas, param) == Handed::Value {
        if let Some(value) = constant(value) {
            return args.plain.push((at, value));
        }
        if let TShapeKind::Expr(value) = &made.kind
            && value.ty.present().is_scalar()
        {
            return args.plain.push((at, value.clone()));
        }
    }
    args.made.push((at, made));
}

/// A literal of a shape as an expression.
fn constant(value: &Shape) -> Option<TExpr> {
    let ShapeKind::Literal(json) = &value.kind else { return None };
    literal(json, value.span)
}

fn literal(json: &Json, span: Span) -> Option<TExpr> {
    let (ty, kind) = match json {
        Json::Bool(b) => (Ty::bool(), TKind::Bool(*b)),
        Json::String(s) => (Ty::string(), TKind::Str(s.clone())),
        Json::Number(n) if n.is_i64() => (Ty::int(), TKind::Int(n.as_i64()?)),
        Json::Number(n) => (Ty::double(), TKind::Double(n.as_f64()?)),
        _ => return None,
    };
    Some(TExpr { ty, kind, span })
}
