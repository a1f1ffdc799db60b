//! Which names an expression or a shape refers to, before anything is typed.

use crate::composition::ast::{Call, ObjectShape, OnErrorAction, Shape, ShapeKind};
use crate::expr::ast::{Expr, ExprKind};

/// Calls `found` with each free name of an expression.
pub fn names_in(expr: &Expr, bound: &mut Vec<String>, found: &mut dyn FnMut(&str)) {
    // What is known of a call is known when it has ended.
    if let Some(call) = super::meta::call_of(expr).filter(|_| !bound.iter().any(|name| name == "meta")) {
        return found(&call.value);
    }
    match &expr.kind {
        ExprKind::Ident(name) => {
            if !bound.contains(name) {
                found(name);
            }
        }
        ExprKind::Select { base, .. } => names_in(base, bound, found),
        ExprKind::Index { base, index, .. } => {
            names_in(base, bound, found);
            names_in(index, bound, found);
        }
        ExprKind::Call { target, function, args } => {
            if let Some(target) = target {
                names_in(target, bound, found);
            }
            let binds = target.is_some()
                && matches!(
                    function.value.as_str(),
                    "all"
                        | "exists"
                        | "exists_one"
                        | "existsOne"
                        | "map"
                        | "filter"
                        | "sortBy"
                        | "groupBy"
                        | "indexBy"
                        | "optMap"
                        | "optFlatMap"
                );
            match args.split_first() {
                Some((Expr { kind: ExprKind::Ident(variable), .. }, rest)) if binds => {
                    bound.push(variable.clone());
                    rest.iter().for_each(|arg| names_in(arg, bound, found));
                    bound.pop();
                }
                _ => args.iter().for_each(|arg| names_in(arg, bound, found)),
            }
        }
        ExprKind::Not(inner) | ExprKind::Negate(inner) => names_in(inner, bound, found),
        ExprKind::Binary { left, right, .. } => {
            names_in(left, bound, found);
            names_in(right, bound, found);
        }
        ExprKind::Ternary { condition, then, otherwise } => {
            names_in(condition, bound, found);
            names_in(then, bound, found);
            names_in(otherwise, bound, found);
        }
        ExprKind::List(items) => items.iter().for_each(|(item, _)| names_in(item, bound, found)),
        ExprKind::Map(entries) => {
            for (key, value, _) in entries {
                names_in(key, bound, found);
                names_in(value, bound, found);
            }
        }
        ExprKind::Broken | ExprKind::Null | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Double(_) => {}
        ExprKind::Str(_) | ExprKind::Bytes(_) => {}
    }
}

/// Whether an expression refers to a name.
pub fn mentions(expr: &Expr, name: &str) -> bool {
    let mut hit = false;
    names_in(expr, &mut Vec::new(), &mut |found| hit |= found == name);
    hit
}

/// Calls `found` with each free name of a shape.
pub fn names_in_shape(shape: &Shape, bound: &mut Vec<String>, found: &mut dyn FnMut(&str)) {
    match &shape.kind {
        ShapeKind::Expr(expr) => names_in(expr, bound, found),
        ShapeKind::Literal(_) => {}
        ShapeKind::Array(items) => items.iter().for_each(|item| names_in_shape(item, bound, found)),
        ShapeKind::Object(object) => names_in_object(object, bound, found),
    }
}

fn names_in_object(object: &ObjectShape, bound: &mut Vec<String>, found: &mut dyn FnMut(&str)) {
    let depth = bound.len();
    if let Some(each) = &object.each {
        names_in(&each.list, bound, found);
        each.skip.iter().chain(&each.take).for_each(|expr| names_in(expr, bound, found));
        bound.push(each.variable.value.clone());
        each.filter.iter().for_each(|expr| names_in(expr, bound, found));
        each.sort.iter().for_each(|(key, _)| names_in(key, bound, found));
    }
    object.when.iter().for_each(|expr| names_in(expr, bound, found));
    object.spread.iter().for_each(|spread| names_in(&spread.value, bound, found));
    object.value.iter().for_each(|value| names_in_shape(value, bound, found));
    if let Some((_, args)) = &object.use_shape {
        args.iter().for_each(|arg| names_in(arg, bound, found));
    }
    object.fields.iter().for_each(|field| names_in_shape(&field.shape, bound, found));
    if let Some(matching) = &object.matching {
        names_in(&matching.value, bound, found);
        bound.extend(matching.name.iter().map(|name| name.value.clone()));
        matching.cases.iter().for_each(|case| names_in_shape(&case.shape, bound, found));
    }
    bound.truncate(depth);
}

/// Calls `found` with each free name of whatever a call evaluates before it is made, or when it fails.
pub fn names_in_call(call: &Call, found: &mut dyn FnMut(&str)) {
    let mut bound = Vec::new();
    call.when.iter().for_each(|expr| names_in(expr, &mut bound, found));
    if let Some(each) = &call.each {
        names_in(&each.list, &mut bound, found);
        bound.push(each.variable.value.clone());
        each.key.iter().for_each(|expr| names_in(expr, &mut bound, found));
    }
    call.headers.iter().for_each(|(_, value)| names_in(value, &mut bound, found));
    call.after.iter().flatten().for_each(|name| found(&name.value));
    call.with.iter().for_each(|(_, shape)| names_in_shape(shape, &mut bound, found));
    call.body.iter().for_each(|shape| names_in_shape(shape, &mut bound, found));
    if let Some(OnErrorAction::Default(shape)) = call.policies.on_error.as_ref().map(|on_error| &on_error.action) {
        names_in_shape(shape, &mut bound, found);
    }
}

/// Calls `found` with the name of each named shape that a shape uses.
pub fn shapes_in(shape: &Shape, found: &mut dyn FnMut(&str)) {
    match &shape.kind {
        ShapeKind::Expr(_) | ShapeKind::Literal(_) => {}
        ShapeKind::Array(items) => items.iter().for_each(|item| shapes_in(item, found)),
        ShapeKind::Object(object) => {
            if let Some((name, _)) = &object.use_shape {
                found(&name.value);
            }
            object.value.iter().for_each(|value| shapes_in(value, found));
            object.fields.iter().for_each(|field| shapes_in(&field.shape, found));
            let cases = object.matching.iter().flat_map(|matching| &matching.cases);
            cases.for_each(|case| shapes_in(&case.shape, found));
        }
    }
}
