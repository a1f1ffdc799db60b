//! Headers that a call sends beside those that are parameters of its operation.

use super::expr::{check as check_expr, mismatch};
use super::ir::TExpr;
use super::operations::Resolved;
use super::scope::{Env, Scope};
use super::ty::TyKind;
use crate::composition::ast::Call;
use crate::diag::Diagnostic;
use crate::openapi::In;

/// Headers that say what the body is, or who calls: the client writes them itself.
const OWN: [&str; 6] = ["accept", "authorization", "content-encoding", "content-type", "cookie", "traceparent"];

/// Checks the headers of a call: name in lower case, value.
pub fn check(env: &mut Env, scope: &mut Scope, call: &Call, resolved: &Resolved) -> Vec<(String, TExpr)> {
    let mut made: Vec<(String, TExpr)> = Vec::new();
    for (name, value) in &call.headers {
        let lower = name.value.to_ascii_lowercase();
        let value = scope.without_hooks("a header", |scope| check_expr(env, scope, value));
        let value = match &value.ty.present().kind {
            TyKind::Str | TyKind::Int | TyKind::Double | TyKind::Bool | TyKind::Error => value,
            _ => mismatch(env, &value, "a header is a string, a number or a boolean"),
        };
        let parameters = &resolved.operation.parameters;
        let declared = parameters.iter().find(|p| p.location == In::Header && p.name.eq_ignore_ascii_case(&lower));
        if let Some(parameter) = declared {
            let message = format!("`{}` is a parameter of `{}`", name.value, resolved.operation.head.id);
            env.diags.push(
                Diagnostic::error("BFF0422", message, name.span)
                    .label(parameter.span, "declared here")
                    .help(format!("give it with `with: {{ {}: ... }}`, so that it is checked", parameter.name)),
            );
        } else if OWN.contains(&lower.as_str()) {
            let message = format!("`{}` of a call is not set by hand", name.value);
            env.diags.push(
                Diagnostic::error("BFF0422", message, name.span)
                    .help("the body decides its type, `auth:` of the upstream who calls, and `with:` has cookies"),
            );
        } else if made.iter().any(|(known, _)| *known == lower) {
            let message = format!("the header `{}` is given twice", name.value);
            env.diags.push(Diagnostic::error("BFF0412", message, name.span));
        } else {
            made.push((lower, value));
        }
    }
    made
}
