//! The pages of a call: where the items of one are, and what leads to the next.

use super::expr::{check, mismatch, property};
use super::ir::{MetaField, TExpr, TKind};
use super::meta::CallFacts;
use super::model::{Gather, Kind as PageKind, Step};
use super::operations::Resolved;
use super::paginate::{Parameters, takes_integer};
use super::refs;
use super::scope::{Env, Scope};
use super::turn::{Wired, default_size, native};
use super::ty::{self, Ty, TyKind};
use crate::composition::ast::{Call, Pages, PagesOf, Paginate, Shape, ShapeKind};
use crate::diag::Diagnostic;
use crate::expr::ast::{Expr, ExprKind};
use crate::schema::SchemaId;
use crate::source::{Span, Spanned};

/// The most pages where nothing is said.
const MOST_PAGES: u32 = 100;

/// Where the list of a page is.
#[derive(Clone, Debug)]
struct Place {
    steps: Vec<Step>,
    list: Ty,
}

/// Follows the path of `items` through the body, where each part may be absent: then there are none.
fn place(env: &mut Env, paginate: &Paginate, body: &Ty, call: &Call) -> Option<Place> {
    let path = match &paginate.items {
        None => Vec::new(),
        Some(items) => match segments(items) {
            Some(path) => path,
            None => {
                let message = "`items` is the path of a list in the body";
                let help =
                    "write the names of members: `items: items`, `items: data.orders`, `items: 'data[\"order-list\"]'`";
                env.diags.push(Diagnostic::error("BFF0451", message, items.span).help(help));
                return None;
            }
        },
    };
    let mut ty = body.clone();
    let mut steps = vec![step(None, &ty)];
    for name in &path {
        let TyKind::Object(id) = ty.bare().kind else {
            let what = ty.bare().describe(&env.specs.schemas);
            let message = format!("there is no `{}` here: this is {what}", name.value);
            env.diags.push(with_schema(env, Diagnostic::error("BFF0451", message, name.span), &ty));
            return None;
        };
        let (schema, required) = property(env, id, name)?;
        env.demand.field(id, &name.value);
        let member = ty::of_schema(&env.specs.schemas, schema);
        ty = if required { member } else { member.optional() };
        steps.push(step(Some((id, name.value.clone())), &ty));
    }
    match &ty.bare().kind {
        TyKind::List(_) => {
            let list = ty.bare().clone();
            env.demand.items(&list);
            Some(Place { steps, list })
        }
        TyKind::Error => None,
        _ => {
            let what = ty.bare().describe(&env.specs.schemas);
            let (message, span, help) = match (&paginate.items, path.last()) {
                (Some(_), Some(name)) => {
                    let message = format!("`items` is the list of a page, and `{}` is {what}", name.value);
                    (message, name.span, "name the member that is a list")
                }
                _ => {
                    let message = format!("the body of `{}` is no list: it is {what}", call.name.value);
                    (message, paginate.span, "say which member is the list of items: `items: items`")
                }
            };
            let diag = Diagnostic::error("BFF0451", message, span).help(help);
            env.diags.push(with_schema(env, diag, &ty));
            None
        }
    }
}

fn with_schema(env: &Env, diag: Diagnostic, ty: &Ty) -> Diagnostic {
    match ty.bare().schema {
        Some(id) => diag.label(env.specs.schemas.get(id).span, "its schema"),
        None => diag,
    }
}

fn step(member: Option<(SchemaId, String)>, ty: &Ty) -> Step {
    let nullable = matches!(ty.present().kind, TyKind::Nullable(_));
    Step { member, optional: ty.is_optional(), nullable }
}

/// The names of a path.
fn segments(expr: &Expr) -> Option<Vec<Spanned<String>>> {
    match &expr.kind {
        ExprKind::Ident(name) => Some(vec![Spanned::new(name.clone(), expr.span)]),
        ExprKind::Select { base, field, .. } => {
            let mut path = segments(base)?;
            path.push(field.clone());
            Some(path)
        }
        ExprKind::Index { base, index, .. } => match &index.kind {
            ExprKind::Str(name) => {
                let mut path = segments(base)?;
                path.push(Spanned::new(name.clone(), index.span));
                Some(path)
            }
            _ => None,
        },
        _ => None,
    }
}

/// How the pages of a call are gathered, and the type of the list that they make.
pub fn gather(
    env: &mut Env,
    scope: &mut Scope,
    call: &Call,
    resolved: &Resolved,
    (found, wired): &(Parameters, Wired),
) -> Option<(Gather, Ty)> {
    let paginate = call.paginate.as_ref()?;
    let PagesOf::Gathered { max, pages } = &paginate.of else { return None };
    let body = resolved.came.ty(env);
    let place = place(env, paginate, &body, call);
    let size = wired.size.clone();
    let kind = match &paginate.pages {
        Pages::Page { first, .. } => PageKind::Numbered(*first),
        Pages::Offset { .. } => PageKind::Offset,
        Pages::Link { .. } => PageKind::Link,
        Pages::Cursor { next, .. } => {
            let at = scope.calls.iter().position(|(name, _)| *name == call.name.value)?;
            let is_integer = takes_integer(env, found);
            scope.facts[at] = Some(CallFacts::of_page(&env.specs.schemas, resolved));
            let next = reads_its_page(env, next).then_some(next)?;
            let next = with_names(next, &|name| (name == "meta").then(|| of_call(&call.name, next.span)));
            let next = scope.without_hooks("`next`", |scope| {
                scope.with_local("body", body.clone(), |scope| check(env, scope, &next))
            });
            PageKind::Cursor { next: Box::new(cursor(env, next, is_integer)?), is_integer }
        }
    };
    let by_count = matches!(kind, PageKind::Numbered(_) | PageKind::Offset);
    let pages = pages.as_ref().map_or_else(
        || match size.as_ref().map(|size| &size.kind) {
            Some(TKind::Int(size @ 1..)) if by_count => {
                max.value.div_ceil(u32::try_from(*size).unwrap_or(u32::MAX)).clamp(1, MOST_PAGES)
            }
            _ => max.value.min(MOST_PAGES),
        },
        |pages| pages.value,
    );
    let Place { steps, list } = place?;
    let TyKind::List(item) = list.kind else { return None };
    let size = size.filter(|_| by_count);
    Some((Gather { kind, size, steps, max: max.value, pages }, Ty::list(*item)))
}

/// A cursor is what the parameter is: a string or an integer.
fn cursor(env: &mut Env, next: TExpr, is_integer: bool) -> Option<TExpr> {
    match (&next.ty.bare().kind, is_integer) {
        (TyKind::Int, true) | (TyKind::Str, false) => Some(next),
        (TyKind::Error, _) => None,
        (_, true) => {
            mismatch(env, &next, "`next` is what the parameter takes: an integer");
            None
        }
        (_, false) => {
            mismatch(env, &next, "`next` is what the parameter takes: a string");
            None
        }
    }
}

/// Whether `next` reads nothing but its page.
fn reads_its_page(env: &mut Env, next: &Expr) -> bool {
    // `meta` names no call here, so it is a name as any other.
    let plain = with_names(next, &|name| (name == "meta").then(|| ExprKind::Ident("body".into())));
    let (mut other, mut reads) = (None, false);
    refs::names_in(&plain, &mut Vec::new(), &mut |name| match name {
        "body" => reads = true,
        _ => other = Some(name.to_owned()),
    });
    if let Some(other) = &other {
        let message = format!("`next` cannot read `{other}`");
        let help = "it reads the page: `body.paging.next`, `meta.headers[\"x-next\"]`, `meta.status`";
        env.diags.push(Diagnostic::error("BFF0451", message, next.span).help(help));
    } else if !reads && !matches!(next.kind, ExprKind::Broken) {
        let message = "`next` reads nothing of its page, so the next page would always be the same";
        let help = "say where an answer has it: `body.paging.next`, `meta.headers[\"x-next\"]`";
        env.diags.push(Diagnostic::error("BFF0451", message, next.span).help(help));
        return false;
    }
    other.is_none()
}

/// `meta.orders`
fn of_call(call: &Spanned<String>, span: Span) -> ExprKind {
    let base = Box::new(Expr { span, kind: ExprKind::Ident("meta".into()) });
    ExprKind::Select { base, field: Spanned::new(call.value.clone(), span), optional: false }
}

/// What stands for pages that could not be gathered: no items.
pub fn default(env: &mut Env, default: &Shape) {
    if !is_empty_list(default) {
        let message = "a default for pages that are gathered is the empty list";
        let help = "write `default: []`, or `on_error: absent` and say what else is answered";
        env.diags.push(Diagnostic::error("BFF0451", message, default.span).help(help));
    }
}

fn is_empty_list(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Array(items) => items.is_empty(),
        ShapeKind::Expr(expr) => matches!(&expr.kind, ExprKind::List(items) if items.is_empty()),
        _ => false,
    }
}

/// The token of the page behind the one that the client asked for. `ty`: of the call's value.
pub fn next_token(
    env: &mut Env,
    scope: &mut Scope,
    call: &Call,
    resolved: &Resolved,
    paged: &(Parameters, Wired),
    ty: &Ty,
) -> Option<TExpr> {
    let paginate = call.paginate.as_ref()?;
    let PagesOf::Token(_) = &paginate.of else { return None };
    let at = scope.calls.iter().position(|(name, _)| *name == call.name.value)?;
    let text = Ty::string().optional();
    if let Pages::Link { param } = &paginate.pages {
        let header = MetaField::Header { name: "link".into(), required: false };
        let header = TExpr { ty: text.clone(), kind: TKind::Meta(at, header), span: paginate.span };
        let name = TKind::Str(param.as_ref()?.value.clone());
        let name = TExpr { ty: Ty::string(), kind: name, span: paginate.span };
        return Some(native("paging::next_link", text, vec![header, name]));
    }
    let is_soft = ty.is_optional();
    let before = (scope.calls[at].1.replace(ty.clone()), scope.facts[at].take());
    scope.facts[at] = Some(CallFacts { soft: is_soft, ..CallFacts::of_page(&env.specs.schemas, resolved) });
    // Of a call that may have no value, the value is named; of any other, it is the call.
    let root = if is_soft { "body" } else { &call.name.value };
    let mut made = |scope: &mut Scope| next_of_body(env, scope, call, paged, root, ty.present());
    let made = match is_soft {
        true => scope.without_hooks("`next`", |scope| scope.with_local("body", ty.present().clone(), &mut made)),
        false => scope.without_hooks("`next`", &mut made),
    };
    (scope.calls[at].1, scope.facts[at]) = before;
    let made = made?;
    Some(match is_soft {
        false => made,
        true => {
            let value = Box::new(TExpr { ty: ty.clone(), kind: TKind::Call(at), span: made.span });
            let span = made.span;
            TExpr { ty: text, kind: TKind::OptMap { value, variable: "body".into(), body: Box::new(made) }, span }
        }
    })
}

fn next_of_body(
    env: &mut Env,
    scope: &mut Scope,
    call: &Call,
    (found, wired): &(Parameters, Wired),
    root: &str,
    body: &Ty,
) -> Option<TExpr> {
    let paginate = call.paginate.as_ref()?;
    let text = Ty::string().optional();
    let number = |value: i64| TExpr { ty: Ty::int(), kind: TKind::Int(value), span: paginate.span };
    let first = match &paginate.pages {
        Pages::Cursor { next, .. } => {
            let next = reads_its_page(env, next).then_some(next)?;
            let named = with_names(next, &|name| match name {
                "meta" => Some(of_call(&call.name, next.span)),
                "body" => Some(ExprKind::Ident(root.into())),
                _ => None,
            });
            let next = check(env, scope, &named);
            let is_integer = takes_integer(env, found);
            return Some(native("paging::cursor", text, vec![cursor(env, next, is_integer)?]));
        }
        Pages::Page { first, .. } => Some(i64::from(*first)),
        _ => None,
    };
    let place = place(env, paginate, body, call)?;
    if place.steps.iter().rev().skip(1).any(|step| step.nullable) {
        let message = "a list in something that may be null is not supported here yet";
        env.diags.push(Diagnostic::error("BFF0413", message, paginate.span));
        return None;
    }
    let count = check(env, scope, &size_of(paginate, &place, root));
    if count.ty.is_error() {
        return None;
    }
    let default = found.size.as_ref().and_then(|slot| default_size(env, slot));
    let default = number(default.unwrap_or(0));
    let size = match &wired.size {
        None => default,
        Some(size) if size.ty.is_optional() => {
            let kind = TKind::OrValue(Box::new(size.clone()), Box::new(default));
            TExpr { ty: Ty::int(), kind, span: size.span }
        }
        Some(size) => size.clone(),
    };
    // What names the page is the number in the token.
    let TKind::Function(_, token) = &wired.page.as_ref()?.kind else { return None };
    let token = token.first()?.clone();
    Some(match first {
        Some(first) => native("paging::next_page", text, vec![token, number(first), size, count]),
        None => native("paging::next_offset", text, vec![token, size, count]),
    })
}

/// `size(orders.?data.items.orValue([]))`
fn size_of(paginate: &Paginate, place: &Place, root: &str) -> Expr {
    let span = paginate.items.as_ref().map_or(paginate.span, |items| items.span);
    let expr = |kind| Expr { span, kind };
    let mut list = expr(ExprKind::Ident(root.into()));
    for step in &place.steps {
        let Some((_, name)) = &step.member else { continue };
        let field = Spanned::new(name.clone(), span);
        list = expr(ExprKind::Select { base: Box::new(list), field, optional: step.optional });
    }
    let may_lack = place.steps.iter().skip(1).any(|step| step.optional || step.nullable);
    if may_lack {
        let function = Spanned::new("orValue".to_owned(), span);
        let args = vec![expr(ExprKind::List(Vec::new()))];
        list = expr(ExprKind::Call { target: Some(Box::new(list)), function, args });
    }
    expr(ExprKind::Call { target: None, function: Spanned::new("size".to_owned(), span), args: vec![list] })
}

/// The expression with other things for some of its names.
fn with_names(expr: &Expr, other: &dyn Fn(&str) -> Option<ExprKind>) -> Expr {
    let one = |expr: &Expr| Box::new(with_names(expr, other));
    let all = |exprs: &[Expr]| exprs.iter().map(|expr| with_names(expr, other)).collect();
    let kind = match &expr.kind {
        ExprKind::Ident(name) => other(name).unwrap_or_else(|| expr.kind.clone()),
        ExprKind::Select { base, field, optional } => {
            ExprKind::Select { base: one(base), field: field.clone(), optional: *optional }
        }
        ExprKind::Index { base, index, optional } => {
            ExprKind::Index { base: one(base), index: one(index), optional: *optional }
        }
        ExprKind::Call { target, function, args } => ExprKind::Call {
            target: target.as_ref().map(|target| one(target)),
            function: function.clone(),
            args: all(args),
        },
        ExprKind::Not(inner) => ExprKind::Not(one(inner)),
        ExprKind::Negate(inner) => ExprKind::Negate(one(inner)),
        ExprKind::Binary { op, left, right } => ExprKind::Binary { op: op.clone(), left: one(left), right: one(right) },
        ExprKind::Ternary { condition, then, otherwise } => {
            ExprKind::Ternary { condition: one(condition), then: one(then), otherwise: one(otherwise) }
        }
        ExprKind::List(items) => {
            ExprKind::List(items.iter().map(|(item, optional)| (with_names(item, other), *optional)).collect())
        }
        ExprKind::Map(entries) => {
            let entry = |(key, value, optional): &(Expr, Expr, bool)| {
                (with_names(key, other), with_names(value, other), *optional)
            };
            ExprKind::Map(entries.iter().map(entry).collect())
        }
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Double(_)
        | ExprKind::Str(_)
        | ExprKind::Bytes(_)
        | ExprKind::Broken => expr.kind.clone(),
    };
    Expr { span: expr.span, kind }
}
