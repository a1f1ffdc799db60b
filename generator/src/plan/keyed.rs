//! A call for each element of a list: its key, and how many there may be.

use super::by_type::Want;
use super::calls::{mentions, same, uses_local};
use super::expr::{check, unless_there, wants};
use super::ir::TExpr;
use super::model::Each;
use super::scope::{Env, Scope};
use super::ty::{Ty, TyKind};
use crate::composition::ast::{self, Call};
use crate::diag::Diagnostic;
use crate::expr::ast::Expr;
use crate::schema::Kind;

/// The list that `each` goes over, and the type of its elements.
pub fn check_as_list(env: &mut Env, scope: &mut Scope, list: &Expr) -> (TExpr, Ty) {
    let list = scope.without_hooks("`each`", |scope| check(env, scope, list));
    let item = match &list.ty.kind {
        TyKind::List(item) => item.as_ref().clone(),
        _ => {
            wants(env, &list, Want::List, "`each` goes over a list");
            Ty::error()
        }
    };
    env.demand.items(&list.ty);
    (list, item)
}

const DEFAULT_CONCURRENCY: u32 = 8;

/// What is called for each element: the one key that all of the call follows from.
pub fn keyed(
    env: &mut Env,
    scope: &mut Scope,
    call: &Call,
    each: &ast::Each,
    list: TExpr,
    item: Ty,
    args: &[(usize, TExpr)],
) -> Option<Each> {
    let variable = each.variable.value.clone();
    let dependent: Vec<&TExpr> =
        args.iter().map(|(_, value)| value).filter(|value| uses_local(value, &variable)).collect();
    let key = match &each.key {
        Some(key) => scope.with_local(&variable, item, |scope| check(env, scope, key)),
        None => match dependent.as_slice() {
            [] => {
                // An argument that does use it, but is broken, has been reported.
                let broken = call.with.iter().any(|(_, value)| mentions(value, &variable));
                if !broken && (!args.is_empty() || !list.ty.is_error()) {
                    env.diags.push(
                        Diagnostic::error(
                            "BFF0418",
                            format!("no argument of `{}` depends on `{variable}`", call.name.value),
                            each.variable.span,
                        )
                        .help("each element would make the same call: use the element in `with:`, or drop `each`"),
                    );
                }
                return None;
            }
            [one, rest @ ..] if rest.iter().all(|other| same(one, other)) => (*one).clone(),
            _ => {
                env.diags.push(
                    Diagnostic::error(
                        "BFF0418",
                        format!("several arguments of `{}` depend on `{variable}`", call.name.value),
                        each.variable.span,
                    )
                    .help("a keyed call has one key, and all that depends on the element is that key"),
                );
                return None;
            }
        },
    };
    let key = as_key(env, key)?;
    if let Some(other) = dependent.iter().find(|value| !same(value, &key)) {
        env.diags.push(
            Diagnostic::error(
                "BFF0413",
                "an argument that depends on the element beside its key is not supported yet",
                other.span,
            )
            .label(key.span, "the key")
            .help("elements with the same key are called once, so all of the call must follow from the key"),
        );
        return None;
    }
    if let Some(other) = call.body.as_ref().filter(|body| mentions(body, &variable)) {
        env.diags.push(Diagnostic::error(
            "BFF0413",
            "a request body that depends on the element is not supported yet",
            other.span,
        ));
        return None;
    }
    let (concurrency, max) = bounds(env, call, each, &list)?;
    Some(Each { variable, list, key, concurrency, max, batch: None })
}

/// A key, if it is of a type that keys have.
pub fn as_key(env: &mut Env, key: TExpr) -> Option<TExpr> {
    match key.ty.kind {
        TyKind::Str | TyKind::Int => Some(key),
        TyKind::Error => None,
        _ => {
            unless_there(env, &key, "the key of a keyed call is a string or an integer that is there", |ty| {
                matches!(ty.kind, TyKind::Str | TyKind::Int)
            });
            None
        }
    }
}

/// How many keys are called at a time, and how many in all.
pub fn bounds(env: &mut Env, call: &Call, each: &ast::Each, list: &TExpr) -> Option<(u32, u32)> {
    let bound = list.ty.schema.and_then(|schema| match &env.specs.schemas.get(schema).kind {
        Kind::Array(rules) => rules.max_items.and_then(|max| u32::try_from(max).ok()),
        _ => None,
    });
    let Some(max) = each.max.as_ref().map(|max| max.value).or(bound) else {
        let what = if call.batch.is_some() { "how many keys" } else { "how many calls" };
        let does = if call.batch.is_some() { "asks for" } else { "makes" };
        let message = format!("nothing bounds {what} `{}` {does}", call.name.value);
        env.diags.push(
            Diagnostic::error("BFF0418", message, list.span)
                .help("add `max: 100`, or let the schema of the list say `maxItems`"),
        );
        return None;
    };
    let concurrency = each.concurrency.as_ref().map_or(DEFAULT_CONCURRENCY, |c| c.value);
    Some((concurrency, max))
}
