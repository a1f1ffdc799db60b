//! Names: variables, calls and inputs.

use super::backticked;
use crate::composition::ast::InputPlace;
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::expr::ast::{Expr, ExprKind};
use crate::plan::by_type;
use crate::plan::ir::{TExpr, TKind};
use crate::plan::scope::{Env, Scope, input_place, place_name};
use crate::plan::ty::{Ty, TyKind};
use crate::source::Span;

pub(super) fn ident(env: &mut Env, scope: &mut Scope, span: Span, name: &str) -> TExpr {
    if let Some(ty) = scope.local(name) {
        return TExpr { ty: ty.clone(), kind: TKind::Local(name.to_string()), span };
    }
    if let Some(at) = scope.calls.iter().position(|(call, _)| call == name) {
        if let Some(used) = scope.calls_used.get_mut(at) {
            *used = true;
        }
        // A call that is not checked yet is part of a cycle, which has been reported.
        let ty = scope.calls[at].1.clone().unwrap_or_else(Ty::error);
        if matches!(ty.kind, TyKind::Stream) {
            return crate::plan::stream::read(env, name, span);
        }
        return TExpr { ty, kind: TKind::Call(at), span };
    }
    if name == "warnings" && scope.warnings {
        return TExpr { ty: Ty::list(Ty::new(TyKind::Warning)), kind: TKind::Warnings, span };
    }
    if name == "partial" && scope.warnings {
        return TExpr { ty: Ty::list(Ty::new(TyKind::Partial)), kind: TKind::Partial, span };
    }
    if name == "body"
        && let Some(at) = scope.input(InputPlace::Body, "")
    {
        scope.inputs_used[at] = true;
        return TExpr { ty: scope.inputs[at].ty.clone(), kind: TKind::Input(at), span };
    }
    let diag = match input_place(name) {
        Some(InputPlace::Body) => Diagnostic::error("BFF0417", "this endpoint has no `body` whose type is known", span)
            .help("declare it: `inputs: { body: 'service#/components/schemas/Name' }`; one that goes to a call as it is (`body: body`) need not be"),
        Some(_) => Diagnostic::error("BFF0403", format!("`{name}` alone is not a value"), span)
            .help(format!("name the input: `{name}.id`, `{name}[\"user-id\"]`")),
        None => {
            let known = known(scope);
            let diag = Diagnostic::error("BFF0403", format!("`{name}` is not defined here"), span);
            let near = did_you_mean(name, known.iter().copied());
            if near.is_none() {
                by_type::no_name(env, scope, "BFF0403", span);
            }
            match near {
                _ if matches!(name, "warnings" | "partial") => {
                    diag.help(format!("`{name}` is known in `response` and `headers`, when all calls are done"))
                }
                Some(near) => diag.meant(near, span),
                None if scope.calls.is_empty() && scope.locals.is_empty() => {
                    diag.help("a text is written with quotes inside: \"'hello'\", or as {$text: hello}")
                }
                None => diag.help(format!("known here: {}", backticked(&known))),
            }
        }
    };
    env.diags.push(diag);
    TExpr::error(span)
}

/// What can be named here.
fn known(scope: &Scope) -> Vec<&str> {
    let locals = scope.written_locals().map(|(name, _)| name.as_str());
    let others = scope.calls.iter().enumerate().filter(|(at, _)| Some(*at) != scope.calling);
    let body = scope.input(InputPlace::Body, "").map(|_| "body");
    let done: &[&str] = if scope.warnings { &["warnings", "partial"] } else { &[] };
    let calls = others.map(|(_, (name, _))| name.as_str());
    locals.chain(calls).chain(["path", "query", "header", "cookie"]).chain(body).chain(done.iter().copied()).collect()
}

/// `query.limit` and its like; none if the base is not a group of inputs.
pub(super) fn input(env: &mut Env, scope: &mut Scope, base: &Expr, name: &str, span: Span) -> Option<TExpr> {
    let ExprKind::Ident(group) = &base.kind else { return None };
    let place = input_place(group).filter(|place| *place != InputPlace::Body)?;
    if scope.local(group).is_some() || scope.calls.iter().any(|(call, _)| call == group) {
        return None;
    }
    if let Some(at) = scope.input(place, name) {
        scope.inputs_used[at] = true;
        return Some(TExpr { ty: scope.inputs[at].ty.clone(), kind: TKind::Input(at), span });
    }
    let known = scope.inputs.iter().filter(|i| i.place == place).map(|i| i.name.as_str());
    let near = did_you_mean(name, known);
    let group = place_name(place);
    let mut diag = match place {
        InputPlace::Path => Diagnostic::error("BFF0417", format!("the endpoint's path has no `{{{name}}}`"), span),
        _ => Diagnostic::error("BFF0417", format!("the type of `{group}.{name}` is not known"), span)
            .help(format!("declare it under `inputs: {{ {group}: {{ {name}: {{ type: string }} }} }}`, or wire it to a call's parameter (`with:`), from which it takes schema and default")),
    };
    if let Some(near) = near {
        diag = diag.at(format!("did you mean `{group}.{near}`?"));
    }
    env.diags.push(diag);
    Some(TExpr::error(span))
}
