//! Macros: `has`, and those that run an expression for each element.

use super::{arity, made};
use crate::diag::Diagnostic;
use crate::expr::ast::{Expr, ExprKind};
use crate::plan::by_type::Want;
use crate::plan::expr::{check, check_as, mismatch, proving, unless_there, wants};
use crate::plan::ir::{Clause, Function, MacroOp, TExpr, TKind};
use crate::plan::scope::{Env, Scope};
use crate::plan::ty::{Ty, TyKind};
use crate::source::{Span, Spanned};

fn macro_op(name: &str) -> Option<MacroOp> {
    Some(match name {
        "all" => MacroOp::All,
        "exists" => MacroOp::Exists,
        "exists_one" | "existsOne" => MacroOp::ExistsOne,
        "map" => MacroOp::Map,
        "filter" => MacroOp::Filter,
        "sortBy" => MacroOp::SortBy,
        "groupBy" => MacroOp::GroupBy,
        "indexBy" => MacroOp::IndexBy,
        _ => return None,
    })
}

/// Whether a method runs an expression for each element.
pub fn is_macro(name: &str) -> bool {
    macro_op(name).is_some()
}

/// `list.filter(x, condition)` and its like.
pub fn list_macro(
    env: &mut Env,
    scope: &mut Scope,
    span: Span,
    target: &Expr,
    function: &Spanned<String>,
    args: &[Expr],
) -> TExpr {
    let name = &function.value;
    let Some(op) = macro_op(name) else { return TExpr::error(span) };
    let (variable, filter, body) = match (op, args) {
        (MacroOp::Map, [Expr { kind: ExprKind::Ident(variable), .. }, body]) => match filtered(target, variable) {
            // `list.filter(x, c).map(x, y)` is `list.map(x, c, y)`: what `c` proves holds in `y`.
            Some((list, filter)) => return map(env, scope, span, list, variable, Some(filter), body, name),
            None => (variable, None, body),
        },
        (_, [Expr { kind: ExprKind::Ident(variable), .. }, body]) => (variable, None, body),
        (MacroOp::Map, [Expr { kind: ExprKind::Ident(variable), .. }, filter, body]) => (variable, Some(filter), body),
        _ => return arity(env, function, &format!("`list.{name}(x, ...)`, with a name of your choice for `x`"), span),
    };
    if op == MacroOp::Map {
        return map(env, scope, span, target, variable, filter, body, name);
    }
    let Ok((list, item)) = list_of(env, scope, target, name, span) else { return TExpr::error(span) };
    let who = format!("the condition of `{name}`");
    let body = scope.without_hooks("a macro over a list", |scope| {
        scope.with_local(variable, item.clone(), |scope| match op {
            MacroOp::SortBy | MacroOp::GroupBy | MacroOp::IndexBy => check(env, scope, body),
            _ => check_as(env, scope, body, &Ty::bool(), &who),
        })
    });
    if body.ty.is_error() {
        return TExpr::error(span);
    }
    let ty = match op {
        MacroOp::All | MacroOp::Exists | MacroOp::ExistsOne => Ty::bool(),
        MacroOp::SortBy if !body.ty.is_ordered() => {
            let rule = "`sortBy` goes by a number, a string, a boolean or a time";
            return unless_there(env, &body, rule, Ty::is_ordered);
        }
        MacroOp::GroupBy | MacroOp::IndexBy if !body.ty.is_key() => {
            return unless_there(
                env,
                &body,
                &format!("`{name}` goes by a string, an integer or a boolean"),
                Ty::is_key,
            );
        }
        MacroOp::GroupBy => Ty::table(Ty { schema: None, ..body.ty.clone() }, Ty::list(item.clone())),
        MacroOp::IndexBy => Ty::table(Ty { schema: None, ..body.ty.clone() }, item.clone()),
        _ => Ty::list(item.clone()),
    };
    if matches!(item.kind, TyKind::Never) || matches!(&list.kind, TKind::List(items) if items.is_empty()) {
        return of_nothing(op, ty, span);
    }
    let kind =
        TKind::Macro { op, list: Box::new(list), variable: variable.clone(), filter: None, body: Box::new(body) };
    TExpr { ty, kind, span }
}

/// What a macro gives for an empty list, whose items have no type.
fn of_nothing(op: MacroOp, ty: Ty, span: Span) -> TExpr {
    let kind = match op {
        MacroOp::All => TKind::Bool(true),
        MacroOp::Exists | MacroOp::ExistsOne => TKind::Bool(false),
        MacroOp::GroupBy | MacroOp::IndexBy => TKind::Table(Vec::new()),
        MacroOp::Map | MacroOp::Filter | MacroOp::SortBy => TKind::List(Vec::new()),
    };
    TExpr { ty, kind, span }
}

/// The list of `list.filter(x, condition)` and its condition, where it has this variable and proves something.
fn filtered<'a>(target: &'a Expr, variable: &str) -> Option<(&'a Expr, &'a Expr)> {
    match &target.kind {
        ExprKind::Call { target: Some(list), function, args } if function.value == "filter" => match args.as_slice() {
            [Expr { kind: ExprKind::Ident(name), .. }, condition] if name == variable && proving(condition) => {
                Some((list, condition))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The list that a macro goes over, and its items: those of a list, or the keys of a map.
fn list_of(env: &mut Env, scope: &mut Scope, target: &Expr, name: &str, span: Span) -> Result<(TExpr, Ty), ()> {
    let list = check(env, scope, target);
    let key = match &list.ty.kind {
        TyKind::List(item) => {
            let item = item.as_ref().clone();
            env.demand.items(&list.ty);
            return Ok((list, item));
        }
        TyKind::Map(_) => Ty::string(),
        TyKind::Table(key, _) => key.as_ref().clone(),
        _ => {
            wants(env, &list, Want::List, &format!("`{name}` goes over a list, or the keys of a map"));
            return Err(());
        }
    };
    env.demand.items(&list.ty);
    Ok((made(Ty::list(key.clone()), Function::Keys, vec![list], span), key))
}

#[expect(clippy::too_many_arguments, reason = "the parts of one macro call")]
fn map(
    env: &mut Env,
    scope: &mut Scope,
    span: Span,
    target: &Expr,
    variable: &str,
    filter: Option<&Expr>,
    body: &Expr,
    name: &str,
) -> TExpr {
    let Ok((list, item)) = list_of(env, scope, target, name, span) else { return TExpr::error(span) };
    let never = matches!(item.kind, TyKind::Never) || matches!(&list.kind, TKind::List(items) if items.is_empty());
    let (clauses, body) = scope.without_hooks("a macro over a list", |scope| {
        scope.with_local(variable, item, |scope| {
            crate::plan::expr::under(env, scope, filter, |env, scope| check(env, scope, body))
        })
    });
    if body.ty.is_error() || clauses.iter().any(|clause| matches!(clause, Clause::Test(test) if test.ty.is_error())) {
        return TExpr::error(span);
    }
    let ty = Ty::list(body.ty.clone());
    if never {
        return of_nothing(MacroOp::Map, ty, span);
    }
    let made_of = |list: TExpr, filter: Option<TExpr>, body: TExpr, ty: Ty| {
        let (list, filter, body) = (Box::new(list), filter.map(Box::new), Box::new(body));
        TExpr { ty, kind: TKind::Macro { op: MacroOp::Map, list, variable: variable.to_string(), filter, body }, span }
    };
    if !clauses.iter().any(|clause| matches!(clause, Clause::Bind { .. })) {
        return made_of(list, crate::plan::expr::all_of(clauses, span), body, ty);
    }
    // What the condition proves has a name in the body: an optional value for each element, and those that are there.
    let present = Ty { schema: None, ..body.ty.clone() }.optional();
    let at = body.span;
    let each = match clauses.as_slice() {
        [Clause::Bind { value, variable }] if !body.ty.is_optional() => {
            let (value, variable) = (Box::new(value.clone()), variable.clone());
            TExpr { ty: present.clone(), kind: TKind::OptMap { value, variable, body: Box::new(body) }, span: at }
        }
        _ => {
            let there = TExpr { ty: present.clone(), kind: TKind::Some(Box::new(body)), span: at };
            let absent = TExpr { ty: present.clone(), kind: TKind::Absent, span: at };
            let (then, otherwise) = (Box::new(there), Box::new(absent));
            TExpr { ty: present.clone(), kind: TKind::Cond { clauses, then, otherwise }, span: at }
        }
    };
    let all = made_of(list, None, each, Ty::list(present));
    made(ty, Function::Present, vec![all], span)
}

/// `x.optMap(v, expression)` and `x.optFlatMap(v, expression)`.
pub fn opt_map(
    env: &mut Env,
    scope: &mut Scope,
    span: Span,
    target: &Expr,
    function: &Spanned<String>,
    args: &[Expr],
) -> TExpr {
    let value = super::optionals::target(env, scope, target, &function.value);
    let [Expr { kind: ExprKind::Ident(variable), .. }, body] = args else {
        return arity(env, function, "`value.optMap(x, ...)`, with a name of your choice for `x`", span);
    };
    let inner = match &value.ty.kind {
        TyKind::Optional(inner) => inner.as_ref().clone(),
        TyKind::Error => return TExpr::error(span),
        _ => return mismatch(env, &value, "`optMap` is for a value that may be absent"),
    };
    if matches!(inner.kind, TyKind::Never) {
        return TExpr { ty: value.ty, kind: TKind::Absent, span };
    }
    let body =
        scope.without_hooks("`optMap`", |scope| scope.with_local(variable, inner, |scope| check(env, scope, body)));
    if body.ty.is_error() {
        return TExpr::error(span);
    }
    if function.value == "optFlatMap" && !body.ty.is_optional() {
        return mismatch(env, &body, "`optFlatMap` wants an expression that gives an optional value");
    }
    let ty = body.ty.clone().optional();
    let kind = TKind::OptMap { value: Box::new(value), variable: variable.clone(), body: Box::new(body) };
    TExpr { ty, kind, span }
}

/// `has(a.b)`
pub fn has(env: &mut Env, scope: &mut Scope, span: Span, function: &Spanned<String>, args: &[Expr]) -> TExpr {
    let [Expr { kind: ExprKind::Select { base, field, .. }, span: at }] = args else {
        return arity(env, function, "`has(value.field)`", span);
    };
    let kind = ExprKind::Select { base: base.clone(), field: field.clone(), optional: true };
    let value = check(env, scope, &Expr { span: *at, kind });
    match &value.ty.kind {
        TyKind::Error => TExpr::error(span),
        TyKind::Optional(_) => TExpr { ty: Ty::bool(), kind: TKind::HasValue(Box::new(value)), span },
        _ => {
            let message = format!("`{}` is always there", field.value);
            let mut diag = Diagnostic::warning("BFF0420", message, field.span)
                .help("the schema requires it, so `has(...)` is always true: remove it");
            if let Some(id) = value.ty.schema {
                diag = diag.label(env.specs.schemas.get(id).span, "its schema");
            }
            env.diags.push(diag);
            TExpr { ty: Ty::bool(), kind: TKind::Bool(true), span }
        }
    }
}
