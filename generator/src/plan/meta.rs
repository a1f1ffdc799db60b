//! `meta.<call>`: status, headers and error of a call beside its value.

use super::expr::backticked;
use super::ir::{MetaField, TExpr, TKind};
use super::model::{Call, OnError};
use super::operations::Resolved;
use super::scope::{Env, Scope};
use super::ty::{Ty, TyKind};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::expr::ast::{Expr, ExprKind};
use crate::openapi::StatusKey;
use crate::schema::{Kind, Schemas};
use crate::source::{Span, Spanned};

/// What is known of the answers of a call.
#[derive(Clone, Debug)]
pub struct CallFacts {
    /// It is made for each element of a list.
    pub keyed: bool,
    /// It may be skipped, or may fail without failing the answer.
    pub soft: bool,
    /// Declared headers of its success: name in lower case, type, whether it is always sent.
    pub headers: Vec<(String, Ty, bool)>,
}

/// What can be said of the answers of a call.
pub fn facts(schemas: &Schemas, call: &Call, resolved: &Resolved) -> CallFacts {
    let success = |status: StatusKey| matches!(status, StatusKey::Code(200..=299) | StatusKey::Range(2));
    let mut headers: Vec<(String, Ty, bool)> = Vec::new();
    let answers = || resolved.operation.responses.iter().filter(|response| success(response.status));
    // What one of several answers promises, another may not send.
    let several = answers().count() > 1;
    for header in answers().flat_map(|response| &response.headers) {
        let name = header.name.to_ascii_lowercase();
        let ty = match schemas.get(header.schema).kind {
            Kind::Integer(_) => Ty::int(),
            Kind::Number(_) => Ty::double(),
            Kind::Boolean => Ty::bool(),
            _ => Ty::string(),
        };
        if !headers.iter().any(|(known, ..)| *known == name) {
            headers.push((name, ty, header.required && !several));
        }
    }
    let soft = call.when.is_some() || !matches!(call.on_error, OnError::Fail(_));
    CallFacts { keyed: call.each.is_some(), soft, headers }
}

/// The call that `meta.x...` speaks of, if an expression does.
pub fn call_of(expr: &Expr) -> Option<Spanned<String>> {
    let (base, name) = member(expr)?;
    match &base.kind {
        ExprKind::Ident(meta) if meta == "meta" => Some(name),
        _ => None,
    }
}

/// `base.name` or `base["name"]`.
fn member(expr: &Expr) -> Option<(&Expr, Spanned<String>)> {
    match &expr.kind {
        ExprKind::Select { base, field, .. } => Some((base, field.clone())),
        ExprKind::Index { base, index, .. } => match &index.kind {
            ExprKind::Str(name) => Some((base, Spanned::new(name.clone(), index.span))),
            _ => None,
        },
        _ => None,
    }
}

/// Checks `meta.orders.status` and its like; none for any other expression.
pub fn read(env: &mut Env, scope: &mut Scope, expr: &Expr) -> Option<TExpr> {
    let shadowed = scope.local("meta").is_some();
    if shadowed {
        return None;
    }
    if matches!(&expr.kind, ExprKind::Ident(name) if name == "meta") || call_of(expr).is_some() {
        let help = "write `meta.orders.status`, `.error`, `.stale`, or `meta.orders.headers[\"x-total-count\"]`";
        return Some(wrong(env, expr.span, "`meta` of a call is no value, its parts are".into(), help.into()));
    }
    let (base, part) = member(expr)?;
    if let Some(call) = call_of(base) {
        let (at, facts) = match call_at(env, scope, &call) {
            Ok(found) => found,
            Err(failed) => return Some(failed),
        };
        let optional = |ty: Ty| if facts.soft { ty.optional() } else { ty };
        let (what, ty) = match part.value.as_str() {
            "status" => (MetaField::Status { soft: facts.soft }, optional(Ty::int())),
            "error" => (MetaField::Error, Ty::new(TyKind::Warning).optional()),
            "stale" => (MetaField::Stale, Ty::bool()),
            "headers" => {
                let help = "name the header: `headers[\"x-total-count\"]`";
                return Some(wrong(env, expr.span, "`headers` alone is no value".into(), help.into()));
            }
            other => {
                let near = did_you_mean(other, ["status", "headers", "error", "stale"].into_iter());
                let help = near.map_or("it has `status`, `headers`, `error` and `stale`".into(), |near| {
                    format!("did you mean `{near}`?")
                });
                return Some(wrong(env, part.span, format!("`meta.{}` has no `{other}`", call.value), help));
            }
        };
        return Some(TExpr { ty, kind: TKind::Meta(at, what), span: expr.span });
    }
    let (inner, headers) = member(base)?;
    let call = call_of(inner).filter(|_| headers.value == "headers")?;
    let (at, facts) = match call_at(env, scope, &call) {
        Ok(found) => found,
        Err(failed) => return Some(failed),
    };
    let name = part.value.to_ascii_lowercase();
    let declared = facts.headers.iter().find(|(known, ..)| *known == name);
    if declared.is_none()
        && let Some(near) = did_you_mean(&name, facts.headers.iter().map(|(known, ..)| known.as_str()))
    {
        let message = format!("`{}` declares no header `{name}`", call.value);
        let diag = Diagnostic::warning("BFF0404", message, part.span).at(format!("did you mean `{near}`?"));
        env.diags.push(diag.help("it is read as a text that may be absent"));
    }
    let (ty, required) = declared.map_or((Ty::string(), false), |(_, ty, required)| (ty.clone(), *required));
    let required = required && !facts.soft;
    let shown = if required { ty } else { ty.optional() };
    Some(TExpr { ty: shown, kind: TKind::Meta(at, MetaField::Header { name, required }), span: expr.span })
}

fn call_at(env: &mut Env, scope: &mut Scope, call: &Spanned<String>) -> Result<(usize, CallFacts), TExpr> {
    let Some(at) = scope.calls.iter().position(|(name, _)| *name == call.value) else {
        let names: Vec<&str> = scope.calls.iter().map(|(name, _)| name.as_str()).collect();
        let help = match did_you_mean(&call.value, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("calls here: {}", backticked(&names)),
        };
        let diag = Diagnostic::error("BFF0403", format!("there is no call `{}`", call.value), call.span).help(help);
        env.diags.push(diag);
        return Err(TExpr::error(call.span));
    };
    if let Some(used) = scope.calls_used.get_mut(at) {
        *used = true;
    }
    // A call that is not checked yet is part of a cycle, which has been reported.
    let Some(facts) = scope.facts.get(at).cloned().flatten() else {
        return Err(TExpr::error(call.span));
    };
    if facts.keyed {
        let message = format!("`{}` is many calls: `meta` of each is not supported yet", call.value);
        env.diags.push(Diagnostic::error("BFF0413", message, call.span));
        return Err(TExpr::error(call.span));
    }
    Ok((at, facts))
}

fn wrong(env: &mut Env, span: Span, message: String, help: String) -> TExpr {
    env.diags.push(Diagnostic::error("BFF0404", message, span).help(help));
    TExpr::error(span)
}
