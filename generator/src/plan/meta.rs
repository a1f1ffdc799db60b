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
use crate::openapi::media::Carried;
use crate::schema::{Kind, Schemas};
use crate::source::{Span, Spanned};

/// What is known of the answers of a call.
#[derive(Clone, Debug)]
pub struct CallFacts {
    /// It is made for each element of a list: the type of the key.
    pub key: Option<Ty>,
    /// It may be skipped.
    pub skipped: bool,
    /// It may be skipped, or may fail without failing the answer.
    pub soft: bool,
    /// Declared headers of its success: name in lower case, type, whether it is always sent.
    pub headers: Vec<(String, Ty, bool)>,
    /// The declared media type of a body that is bytes.
    pub media_type: Option<String>,
    /// Its pages are gathered.
    pub gathers: bool,
    /// What names the next page, where one is passed through.
    pub next: Option<TExpr>,
}

impl CallFacts {
    /// What is known of the answer to a single page.
    pub fn of_page(schemas: &Schemas, resolved: &Resolved) -> CallFacts {
        let headers = headers(schemas, resolved);
        let bytes = resolved.came.body.as_ref().filter(|body| body.how == Carried::Bytes);
        let media_type = bytes.map(|body| body.media.media_type.clone());
        CallFacts { key: None, skipped: false, soft: false, headers, media_type, gathers: false, next: None }
    }
}

/// What can be said of the answers of a call.
pub fn facts(schemas: &Schemas, call: &Call, resolved: &Resolved) -> CallFacts {
    let soft = call.when.is_some() || !matches!(call.on_error, OnError::Fail(_));
    // Of a call with a mistake, nothing more is said.
    let gathers = call.gather.is_some() || call.ty.is_error();
    let next = call.next_token.clone();
    let key = call.each.as_ref().map(|each| Ty { schema: None, ..each.key.ty.clone() });
    CallFacts { key, skipped: call.when.is_some(), soft, gathers, next, ..CallFacts::of_page(schemas, resolved) }
}

/// The headers that are declared for a success.
fn headers(schemas: &Schemas, resolved: &Resolved) -> Vec<(String, Ty, bool)> {
    let success = |status: StatusKey| matches!(status, StatusKey::Code(200..=299) | StatusKey::Range(2));
    let mut headers: Vec<(String, Ty, bool)> = Vec::new();
    let answers = || resolved.operation.responses.iter().filter(|response| success(response.status));
    // What one of several answers promises, another may not send.
    let unchanged = resolved.came.passed.as_ref().is_some_and(|passed| passed.unchanged);
    let several = answers().count() > 1 || unchanged;
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
    headers
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

/// What `meta.<call>` is read of.
struct Of<'e> {
    call: Spanned<String>,
    /// `meta.products[key]`: the key, and whether behind `[?`.
    key: Option<(&'e Expr, bool)>,
}

/// `meta.orders`, `meta.products[key]`.
fn of(expr: &Expr) -> Option<Of<'_>> {
    if let Some(call) = call_of(expr) {
        return Some(Of { call, key: None });
    }
    match &expr.kind {
        ExprKind::Index { base, index, optional } => {
            call_of(base).map(|call| Of { call, key: Some((index, *optional)) })
        }
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
        let help = "write `meta.orders.status`, `.error`, `.stale`, or `'meta.orders.headers[\"x-total-count\"]'`";
        return Some(wrong(env, expr.span, "`meta` of a call is no value, its parts are".into(), help.into()));
    }
    let keyed = |scope: &Scope, call: &str| {
        let at = scope.calls.iter().position(|(name, _)| name == call);
        at.and_then(|at| scope.facts.get(at)?.as_ref()).is_some_and(|facts| facts.key.is_some())
    };
    if let Some(Of { call, key: Some(_) }) = of(expr)
        && (keyed(scope, &call.value) || member(expr).is_none())
    {
        let help = format!("write `meta.{}[key].status`, `.error`, `.stale`, or `.headers[\"etag\"]`", call.value);
        return Some(wrong(env, expr.span, "`meta` of a call is no value, its parts are".into(), help));
    }
    let (base, part) = member(expr)?;
    if let Some(of) = of(base) {
        let asked = match asked(env, scope, &of) {
            Ok(asked) => asked,
            Err(failed) => return Some(failed),
        };
        if let ("next", Some(next)) = (part.value.as_str(), &asked.facts.next) {
            return Some(TExpr { span: expr.span, ..next.clone() });
        }
        let soft = asked.facts.soft;
        let optional = |ty: Ty| if soft { ty.optional() } else { ty };
        let (what, ty) = match part.value.as_str() {
            "status" => (MetaField::Status { soft }, optional(Ty::int())),
            "error" => (MetaField::Error, Ty::new(TyKind::Warning).optional()),
            "stale" => (MetaField::Stale, Ty::bool()),
            "complete" if asked.facts.gathers => (MetaField::Complete, Ty::bool()),
            "complete" | "next" => {
                let message = format!("`meta.{}` has no `{}`", of.call.value, part.value);
                let help = match part.value.as_str() {
                    "next" => {
                        "a call that passes the client's page through has it: `paginate: { ..., token: query.after }`"
                    }
                    _ => "a call that gathers its pages has it: `paginate: { ..., max: 500 }`",
                };
                return Some(wrong(env, part.span, message, help.into()));
            }
            "headers" => {
                let key = of.key.map_or("", |_| "[key]");
                let help = format!("name the header: `'meta.{}{key}.headers[\"x-total-count\"]'`", of.call.value);
                return Some(wrong(env, expr.span, "`headers` alone is no value".into(), help));
            }
            other => {
                let near = did_you_mean(other, ["status", "headers", "error", "stale"].into_iter());
                let help = near.map_or("it has `status`, `headers`, `error` and `stale`".into(), |near| {
                    format!("did you mean `{near}`?")
                });
                return Some(wrong(env, part.span, format!("`meta.{}` has no `{other}`", of.call.value), help));
            }
        };
        return Some(asked.read(ty, what, expr.span));
    }
    let (inner, headers) = member(base)?;
    let of = of(inner).filter(|_| headers.value == "headers")?;
    let asked = match asked(env, scope, &of) {
        Ok(asked) => asked,
        Err(failed) => return Some(failed),
    };
    let name = part.value.to_ascii_lowercase();
    let declared = asked.facts.headers.iter().find(|(known, ..)| *known == name);
    if declared.is_none()
        && let Some(near) = did_you_mean(&name, asked.facts.headers.iter().map(|(known, ..)| known.as_str()))
    {
        let message = format!("`{}` declares no header `{name}`", of.call.value);
        let diag = Diagnostic::warning("BFF0404", message, part.span).at(format!("did you mean `{near}`?"));
        env.diags.push(diag.help("it is read as a text that may be absent"));
    }
    let (ty, required) = declared.map_or((Ty::string(), false), |(_, ty, required)| (ty.clone(), *required));
    let required = required && !asked.facts.soft;
    let ty = if required { ty } else { ty.optional() };
    Some(asked.read(ty, MetaField::Header { name, required }, expr.span))
}

/// A call of which something is asked.
struct Asked {
    at: usize,
    facts: CallFacts,
    /// Of one of many calls: its key, and whether it may be none of them.
    key: Option<(TExpr, bool)>,
}

impl Asked {
    fn read(self, ty: Ty, what: MetaField, span: Span) -> TExpr {
        match self.key {
            None => TExpr { ty, kind: TKind::Meta(self.at, what), span },
            Some((key, optional)) => {
                let ty = if optional { ty.optional() } else { ty };
                TExpr { ty, kind: TKind::KeyedMeta { call: self.at, key: Box::new(key), optional, what }, span }
            }
        }
    }
}

fn asked(env: &mut Env, scope: &mut Scope, of: &Of) -> Result<Asked, TExpr> {
    let call = &of.call;
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
    let key = of.key.map(|(key, optional)| (super::expr::check(env, scope, key), optional));
    // A call that is not checked yet is part of a cycle, which has been reported.
    let Some(facts) = scope.facts.get(at).cloned().flatten() else {
        return Err(TExpr::error(call.span));
    };
    let key = match (key, &facts.key) {
        (None, None) => None,
        (Some((key, optional)), Some(wanted)) => {
            let key = super::expr::coerce(env, key, wanted, "the index");
            Some((key, optional || facts.skipped))
        }
        (None, Some(_)) => {
            let message = format!("`{}` is many calls, each with its own `meta`", call.value);
            let help =
                format!("say which one: `meta.{}[key].status`, with a key as in `{}[key]`", call.value, call.value);
            return Err(wrong(env, call.span, message, help));
        }
        (Some((key, _)), None) => {
            let message = format!("`{}` is one call: its `meta` has no key", call.value);
            return Err(wrong(env, key.span, message, format!("write `meta.{}.status`", call.value)));
        }
    };
    Ok(Asked { at, facts, key })
}

fn wrong(env: &mut Env, span: Span, message: String, help: String) -> TExpr {
    env.diags.push(Diagnostic::error("BFF0404", message, span).help(help));
    TExpr::error(span)
}
