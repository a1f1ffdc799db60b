//! Calls whose operation is not known: their expressions are checked all the same, without what would follow from it.

use super::calls::Context;
use super::expr::check;
use super::inputs;
use super::ir::Input;
use super::scope::{Env, Scope};
use super::shape::shape;
use super::ty::{Ty, TyKind};
use crate::composition::ast::{Call, InputPlace, Shape, ShapeKind};
use crate::expr::ast::{Expr, ExprKind};
use crate::schema::{Kind, Schema};
use crate::source::Span;

/// Checks what a call says, whatever it is sent to.
pub fn call(env: &mut Env, scope: &mut Scope, context: &mut Context, call: &Call) {
    let element = call.each.as_ref().map(|each| {
        let list = scope.without_hooks("`each`", |scope| check(env, scope, &each.list));
        let item = match list.ty.kind {
            TyKind::List(item) => *item,
            _ => Ty::error(),
        };
        (each, item)
    });
    if let Some(when) = &call.when {
        super::expr::check_as(env, scope, when, &Ty::bool(), "`when`");
    }
    for (_, value) in &call.headers {
        scope.without_hooks("a header", |scope| check(env, scope, value));
    }
    let key = call.each.as_ref().and_then(|each| each.key.as_ref());
    let mut sent = |scope: &mut Scope| {
        scope.without_hooks("an argument", |scope| {
            for value in call.with.iter().map(|(_, value)| value).chain(&call.body) {
                shape(env, scope, context.shapes, value);
            }
            key.iter().for_each(|key| drop(check(env, scope, key)));
        });
    };
    match element {
        Some((each, item)) => scope.with_local(&each.variable.value, item, sent),
        None => sent(scope),
    }
}

/// Inputs that such a call would have given a type: what they are is not known, and nobody's fault.
pub fn inputs(env: &mut Env, known: &mut Vec<Input>, call: &Call) {
    for value in call.with.iter().map(|(_, value)| value) {
        let ShapeKind::Expr(expr) = &value.kind else { continue };
        let Some((place, name, span)) = inputs::plain_input(expr) else { continue };
        if place != InputPlace::Path
            && !known.iter().any(|i| i.place == place && inputs::same_name(place, &i.name, &name))
        {
            known.push(unknown(env, place, name, span));
        }
    }
    if let Some(Shape { kind: ShapeKind::Expr(Expr { kind: ExprKind::Ident(name), span }), .. }) = &call.body
        && name == "body"
        && !known.iter().any(|i| i.place == InputPlace::Body)
    {
        known.push(unknown(env, InputPlace::Body, name.clone(), *span));
    }
}

/// An input of which nothing is known but that it is there.
pub fn unknown(env: &mut Env, place: InputPlace, name: String, span: Span) -> Input {
    let schema = env.specs.schemas.add(Schema::new(span, &name, Kind::Any));
    Input {
        place,
        name,
        schema,
        wire: None,
        carried: None,
        required: true,
        default: None,
        ty: Ty::error(),
        description: None,
        span,
    }
}
