//! Walks typed expressions and shapes.

use super::ir::{Clause, TExpr, TKind, TShape, TShapeKind};
use super::model::{Call, OnError};

/// Calls `visit` with the expression and everything in it.
pub fn expr<'a>(root: &'a TExpr, visit: &mut dyn FnMut(&'a TExpr)) {
    visit(root);
    match &root.kind {
        TKind::Table(entries) => {
            for (key, value) in entries {
                expr(key, visit);
                expr(value, visit);
            }
        }
        TKind::Made { fields, .. } => fields.iter().for_each(|(_, value)| expr(value, visit)),
        TKind::List(items) | TKind::Function(_, items) | TKind::Hook(_, items) => {
            items.iter().for_each(|item| expr(item, visit));
        }
        TKind::Field { base: inner, .. }
        | TKind::KeyedMeta { key: inner, .. }
        | TKind::HasValue(inner)
        | TKind::Not(inner)
        | TKind::Negate(inner)
        | TKind::IsNull { value: inner, .. }
        | TKind::Widen(inner)
        | TKind::Convert(inner)
        | TKind::Some(inner)
        | TKind::NotNull(inner) => expr(inner, visit),
        TKind::Index { base: a, index: b, .. }
        | TKind::Binary { left: a, right: b, .. }
        | TKind::OrValue(a, b)
        | TKind::OptMap { value: a, body: b, .. } => {
            expr(a, visit);
            expr(b, visit);
        }
        TKind::Cond { clauses, then, otherwise } => {
            for clause in clauses {
                match clause {
                    Clause::Test(test) => expr(test, visit),
                    Clause::Bind { value, .. } => expr(value, visit),
                }
            }
            expr(then, visit);
            expr(otherwise, visit);
        }
        TKind::Macro { list, filter, body, .. } => {
            expr(list, visit);
            filter.iter().for_each(|filter| expr(filter, visit));
            expr(body, visit);
        }
        TKind::Error
        | TKind::Null
        | TKind::Bool(_)
        | TKind::Int(_)
        | TKind::Double(_)
        | TKind::Str(_)
        | TKind::Bytes(_)
        | TKind::Absent
        | TKind::Local(_)
        | TKind::Input(_)
        | TKind::Call(_)
        | TKind::Warnings
        | TKind::Partial
        | TKind::Meta(..) => {}
    }
}

/// Calls `visit` with every expression of a shape.
pub fn shape<'a>(root: &'a TShape, visit: &mut dyn FnMut(&'a TExpr)) {
    match &root.kind {
        TShapeKind::Expr(value) => expr(value, visit),
        TShapeKind::Literal(_) => {}
        TShapeKind::Array(items) => items.iter().for_each(|item| shape(item, visit)),
        TShapeKind::Object { spreads, fields } => {
            spreads.iter().for_each(|spread| expr(&spread.value, visit));
            fields.iter().for_each(|field| shape(&field.shape, visit));
        }
        TShapeKind::Each(each) => {
            expr(&each.list, visit);
            each.filter.iter().for_each(|filter| expr(filter, visit));
            each.sort.iter().for_each(|(key, _)| expr(key, visit));
            each.skip.iter().chain(&each.take).for_each(|count| expr(count, visit));
            shape(&each.item, visit);
        }
        TShapeKind::When(condition, inner) => {
            expr(condition, visit);
            shape(inner, visit);
        }
        TShapeKind::Use(_, args) => args.iter().for_each(|arg| expr(arg, visit)),
        TShapeKind::Match(matching) => {
            expr(&matching.value, visit);
            matching.shapes().for_each(|inner| shape(inner, visit));
        }
    }
}

/// Calls `visit` with every expression of a call.
pub fn call<'a>(root: &'a Call, visit: &mut dyn FnMut(&'a TExpr)) {
    root.args.iter().for_each(|(_, value)| expr(value, visit));
    root.made_args.iter().for_each(|(_, made)| shape(made, visit));
    root.headers.iter().for_each(|(_, value)| expr(value, visit));
    root.when.iter().for_each(|when| expr(when, visit));
    root.body.iter().for_each(|body| shape(body, visit));
    root.files.iter().for_each(|file| expr(&file.value, visit));
    if let Some(each) = &root.each {
        expr(&each.list, visit);
        expr(&each.key, visit);
    }
    if let OnError::Default(default) = &root.on_error {
        shape(default, visit);
    }
}
