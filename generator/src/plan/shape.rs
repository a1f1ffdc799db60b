//! Checks shapes: what JSON they make, and what is published of it.

use super::by_type::Want;
use super::expr::{check, check_as, mismatch, unless_there, wants};
use super::ir::{Out, OutKind, TEach, TExpr, TField, TKind, TShape, TShapeKind, TSpread};
use super::scope::{Env, Scope};
use super::structure::{Taker, accept};
use super::ty::{Ty, TyKind};
use crate::composition::ast::{EachShape, ObjectShape, Shape, ShapeKind, Spread};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::diag::words::counted;
use crate::schema::Kind;
use crate::source::{Span, Spanned};

/// What is known of a named shape where it is used.
#[derive(Clone, Debug)]
pub struct ShapeSignature {
    /// Its name.
    pub name: String,
    /// Parameters with their types.
    pub params: Vec<(String, Ty)>,
    /// Where it is named.
    pub span: Span,
    /// Whether it makes an optional value.
    pub optional: bool,
}

/// Checks a shape.
pub fn shape(env: &mut Env, scope: &mut Scope, named: &mut [(ShapeSignature, bool)], shape: &Shape) -> TShape {
    let span = shape.span;
    match &shape.kind {
        ShapeKind::Expr(expr) => {
            let value = check(env, scope, expr);
            leaf(env, value, span)
        }
        ShapeKind::Literal(json) => {
            let out = match json {
                serde_json::Value::Null => Out::new(OutKind::Null),
                other => Out::new(OutKind::Literal(other.clone())),
            };
            TShape { kind: TShapeKind::Literal(json.clone()), out, span }
        }
        ShapeKind::Array(items) => {
            let items: Vec<TShape> = items.iter().map(|item| self::shape(env, scope, named, item)).collect();
            // One schema for all items: the first one's, if all are alike; anything else is left open.
            let same = items.windows(2).all(|pair| same_out(&pair[0].out, &pair[1].out));
            let item = match items.first() {
                Some(first) if same => Out { optional: false, ..first.out.clone() },
                _ => Out::new(OutKind::Any),
            };
            TShape { kind: TShapeKind::Array(items), out: Out::new(OutKind::Array(Box::new(item))), span }
        }
        ShapeKind::Object(object) => self::object(env, scope, named, object, span),
    }
}

/// A value as it is.
pub fn leaf(env: &mut Env, value: TExpr, span: Span) -> TShape {
    if holds_bytes(&value.ty) {
        let what = "bytes have no form in JSON: they can be a whole answer, a request body or a file in one";
        return TShape { out: Out::new(OutKind::Error), kind: TShapeKind::Expr(mismatch(env, &value, what)), span };
    }
    env.demand.whole(&value.ty);
    if misses(&value.ty) {
        mismatch(env, &value, "the items of a list are always there");
        if let Some(diag) = env.diags.last_mut() {
            let help = "in a list that is written out, `[?x]` leaves `x` out where it is absent; of any other, `.unwrapOpt()` takes those that are there";
            diag.help.push(help.into());
        }
    }
    if !value.ty.has_json() {
        mismatch(env, &value, "bytes have no JSON form: write them as text with `base64.encode(...)`");
    }
    TShape { out: published(&value.ty), kind: TShapeKind::Expr(value), span }
}

/// Whether items of a list may be absent.
fn misses(ty: &Ty) -> bool {
    match &ty.kind {
        TyKind::List(item) => item.is_optional() || misses(item),
        TyKind::Optional(inner) | TyKind::Nullable(inner) | TyKind::Table(_, inner) => misses(inner),
        _ => false,
    }
}

fn holds_bytes(ty: &Ty) -> bool {
    match &ty.kind {
        TyKind::Binary => true,
        TyKind::List(inner) | TyKind::Map(inner) | TyKind::Keyed(_, inner) | TyKind::Table(_, inner) => {
            holds_bytes(inner)
        }
        TyKind::Nullable(inner) | TyKind::Optional(inner) => holds_bytes(inner),
        _ => false,
    }
}

/// What is published of a value that goes out as it is.
pub fn published(ty: &Ty) -> Out {
    if let Some(schema) = ty.schema {
        return Out::new(OutKind::Schema(schema));
    }
    match &ty.kind {
        TyKind::Error => Out::new(OutKind::Error),
        TyKind::Null => Out::new(OutKind::Null),
        TyKind::Bool => Out::new(OutKind::Bool),
        TyKind::Int => Out::new(OutKind::Int),
        TyKind::Double => Out::new(OutKind::Double),
        TyKind::Str | TyKind::Duration => Out::new(OutKind::Str),
        TyKind::Timestamp => Out::new(OutKind::Timestamp),
        TyKind::Never | TyKind::Any | TyKind::Bytes => Out::new(OutKind::Any),
        TyKind::Binary | TyKind::Stream => Out::new(OutKind::Bytes),
        TyKind::Object(id) | TyKind::Union(id) => Out::new(OutKind::Schema(*id)),
        TyKind::List(item) => Out::new(OutKind::Array(Box::new(published(item)))),
        TyKind::Map(item) | TyKind::Keyed(_, item) | TyKind::Table(_, item) => {
            Out::new(OutKind::Map(Box::new(published(item))))
        }
        TyKind::Nullable(inner) => Out { nullable: true, ..published(inner) },
        TyKind::Optional(inner) => published(inner).optional(),
        TyKind::Warning => Out::new(OutKind::Warning),
        TyKind::Partial => Out::new(OutKind::Partial),
    }
}

fn same_out(a: &Out, b: &Out) -> bool {
    format!("{:?}", a.kind) == format!("{:?}", b.kind) && a.nullable == b.nullable
}

fn object(
    env: &mut Env,
    scope: &mut Scope,
    named: &mut [(ShapeSignature, bool)],
    object: &ObjectShape,
    span: Span,
) -> TShape {
    if let Some(each) = &object.each {
        let rest = ObjectShape { each: None, ..object.clone() };
        return each_shape(env, scope, named, each, &rest, span);
    }
    if let Some(condition) = &object.when {
        let condition = check_as(env, scope, condition, &Ty::bool(), "`$when`");
        let rest = ObjectShape { when: None, ..object.clone() };
        let inner = self::object(env, scope, named, &rest, span);
        let out = inner.out.clone().optional();
        return TShape { kind: TShapeKind::When(condition, Box::new(inner)), out, span };
    }
    if let Some(value) = &object.value {
        return shape(env, scope, named, value);
    }
    if let Some((name, args)) = &object.use_shape {
        return use_shape(env, scope, named, name, args, span);
    }
    if let Some(matching) = &object.matching {
        return super::matching::check(env, scope, named, matching, span);
    }
    fields(env, scope, named, object, span)
}

fn fields(
    env: &mut Env,
    scope: &mut Scope,
    named: &mut [(ShapeSignature, bool)],
    object: &ObjectShape,
    span: Span,
) -> TShape {
    let mut published: Vec<(String, Out)> = Vec::new();
    let mut spreads = Vec::new();
    for spread in &object.spread {
        spreads.extend(self::spread(env, scope, spread, &mut published));
    }
    let mut fields: Vec<TField> = Vec::new();
    for field in &object.fields {
        let name = field.name.value.clone();
        let mut shape = self::shape(env, scope, named, &field.shape);
        // What is always the same text is published as such: it tells alternatives apart.
        if let TShapeKind::Expr(TExpr { kind: TKind::Str(text), .. }) = &shape.kind {
            shape.out.kind = OutKind::Literal(text.as_str().into());
        }
        // A field wins over a spread member of its name: that one is not copied.
        for spread in &mut spreads {
            if !spread.omit.contains(&name) {
                spread.omit.push(name.clone());
            }
        }
        match published.iter_mut().find(|(n, _)| *n == name) {
            Some((_, out)) => *out = shape.out.clone(),
            None => published.push((name.clone(), shape.out.clone())),
        }
        fields.push(TField { name, span: field.name.span, shape });
    }
    TShape { kind: TShapeKind::Object { spreads, fields }, out: Out::new(OutKind::Object(published)), span }
}

fn spread(env: &mut Env, scope: &mut Scope, spread: &Spread, published: &mut Vec<(String, Out)>) -> Option<TSpread> {
    let value = check(env, scope, &spread.value);
    let id = match &value.ty.kind {
        TyKind::Object(id) => *id,
        TyKind::Error => return None,
        _ => {
            let when = value.ty.is_optional() && matches!(value.ty.present().kind, TyKind::Object(_));
            mismatch(env, &value, "`$spread` copies the members of an object that is always there");
            if let Some(diag) = env.diags.last_mut().filter(|_| when) {
                diag.help.push("put `$when: has(...)` beside it, which leaves the whole out where it is absent".into());
            }
            return None;
        }
    };
    env.demand.whole(&value.ty);
    let schema = env.specs.schemas.get(id);
    let Kind::Object(rules) = &schema.kind else { return None };
    let names: Vec<&str> = rules.properties.iter().map(|p| p.name.as_str()).collect();
    let mut findings = Vec::new();
    for name in spread.omit.iter().chain(spread.pick.iter().flatten()) {
        if !names.contains(&name.value.as_str()) {
            let mut diag =
                Diagnostic::error("BFF0404", format!("`{}` has no field `{}`", schema.name, name.value), name.span)
                    .label(schema.span, "its schema");
            if let Some(near) = did_you_mean(&name.value, names.iter().copied()) {
                diag = diag.meant(near, name.span);
            }
            findings.push(diag);
        }
    }
    let text = |names: &[Spanned<String>]| names.iter().map(|n| n.value.clone()).collect::<Vec<_>>();
    let omit = text(&spread.omit);
    let pick = spread.pick.as_deref().map(text);
    for property in &rules.properties {
        let wanted = pick.as_ref().is_none_or(|pick| pick.contains(&property.name)) && !omit.contains(&property.name);
        if !wanted {
            continue;
        }
        let out = Out { optional: !property.required, ..Out::new(OutKind::Schema(property.schema)) };
        match published.iter().position(|(name, _)| *name == property.name) {
            Some(_) => findings.push(
                Diagnostic::error("BFF0412", format!("two `$spread`s bring a field `{}`", property.name), value.span)
                    .help("leave it out of one of them with `$omit`"),
            ),
            None => published.push((property.name.clone(), out)),
        }
    }
    env.diags.extend(findings);
    Some(TSpread { value, omit, pick })
}

fn each_shape(
    env: &mut Env,
    scope: &mut Scope,
    named: &mut [(ShapeSignature, bool)],
    each: &EachShape,
    rest: &ObjectShape,
    span: Span,
) -> TShape {
    let list = check(env, scope, &each.list);
    let item = match &list.ty.kind {
        TyKind::List(item) => item.as_ref().clone(),
        _ => {
            wants(env, &list, Want::List, "`$each` goes over a list");
            Ty::error()
        }
    };
    env.demand.items(&list.ty);
    let variable = each.variable.value.clone();
    let mut sort = Vec::new();
    let (filter, item) = scope.with_local(&variable, item, |scope| {
        let filter = scope.without_hooks("`$where`", |scope| {
            each.filter.as_ref().map(|filter| check_as(env, scope, filter, &Ty::bool(), "`$where`"))
        });
        scope.without_hooks("`$sort`", |scope| {
            for (key, descending) in &each.sort {
                let key = check(env, scope, key);
                if !key.ty.is_ordered() {
                    let rule = "`$sort` goes by a number, a string, a boolean or a time";
                    unless_there(env, &key, rule, Ty::is_ordered);
                }
                sort.push((key, *descending));
            }
        });
        (filter, object(env, scope, named, rest, span))
    });
    let mut count = |env: &mut Env, expr: &Option<_>, who: &str| -> Option<TExpr> {
        let count = expr.as_ref().map(|expr| check_as(env, scope, expr, &Ty::int(), who))?;
        super::constants::count(env, &count, who);
        Some(count)
    };
    let skip = count(env, &each.skip, "`$skip`");
    let take = count(env, &each.take, "`$take`");
    let out = Out::new(OutKind::Array(Box::new(Out { optional: false, ..item.out.clone() })));
    let each = TEach { variable, list, filter, sort, skip, take, item };
    TShape { kind: TShapeKind::Each(Box::new(each)), out, span }
}

fn use_shape(
    env: &mut Env,
    scope: &mut Scope,
    named: &mut [(ShapeSignature, bool)],
    name: &Spanned<String>,
    args: &[crate::expr::ast::Expr],
    span: Span,
) -> TShape {
    let failed = TShape::error(span);
    let Some(at) = named.iter().position(|(shape, _)| shape.name == name.value) else {
        if env.circular_shapes.contains(&name.value) {
            return failed;
        }
        let mut diag = Diagnostic::error("BFF0403", format!("there is no shape `{}`", name.value), name.span);
        if let Some(near) = did_you_mean(&name.value, named.iter().map(|(s, _)| s.name.as_str())) {
            diag = diag.meant(near, name.span);
        } else {
            diag = diag.help("shapes are declared under `shapes:`, above it or in an included file");
        }
        env.diags.push(diag);
        return failed;
    };
    named[at].1 = true;
    let signature = named[at].0.clone();
    if args.len() != signature.params.len() {
        let wanted = signature.params.len();
        let message = format!("`{}` takes {}, not {}", name.value, counted(wanted, "argument"), args.len());
        env.diags.push(Diagnostic::error("BFF0414", message, span).label(signature.span, "declared here"));
        return failed;
    }
    let mut checked = Vec::new();
    for (arg, (param, ty)) in args.iter().zip(&signature.params) {
        let taker = Taker {
            owner: format!("the shape `{}`", name.value),
            argument: param,
            span: signature.span,
            promises: true,
        };
        checked.push(accept(env, scope, arg, ty, &taker));
    }
    let out = Out { optional: signature.optional, ..Out::new(OutKind::Shape(at)) };
    TShape { kind: TShapeKind::Use(at, checked), out, span }
}
