//! Constants of a composition that a schema refuses. What can never be sent, or answered, is found before anything runs.

use super::ir::{TExpr, TKind, TShape, TShapeKind};
use super::judge::{self, refused};
use super::scope::Env;
use super::ty::TyKind;
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::diag::words::counted;
use crate::schema::{Json, Kind, SchemaId};
use crate::source::Span;

/// A value that is written out; none where it depends on anything.
pub fn constant(value: &TExpr) -> Option<Json> {
    Some(match &value.kind {
        TKind::Null => Json::Null,
        TKind::Bool(flag) => Json::Bool(*flag),
        TKind::Int(number) => Json::from(*number),
        TKind::Double(number) => Json::Number(serde_json::Number::from_f64(*number)?),
        TKind::Str(text) => Json::from(text.as_str()),
        TKind::Negate(inner) => match constant(inner)? {
            Json::Number(number) if number.is_i64() => Json::from(number.as_i64()?.checked_neg()?),
            number => Json::Number(serde_json::Number::from_f64(-number.as_f64()?)?),
        },
        TKind::List(items) => items.iter().map(constant).collect::<Option<Vec<Json>>>()?.into(),
        TKind::Table(entries) => {
            let entry = |(key, value): &(TExpr, TExpr)| match &key.kind {
                TKind::Str(key) => Some((key.clone(), constant(value)?)),
                _ => None,
            };
            Json::Object(entries.iter().map(entry).collect::<Option<_>>()?)
        }
        TKind::Some(inner) | TKind::Widen(inner) | TKind::NotNull(inner) => constant(inner)?,
        _ => return None,
    })
}

/// The same of a shape.
pub fn of_shape(shape: &TShape) -> Option<Json> {
    Some(match &shape.kind {
        TShapeKind::Literal(json) => json.clone(),
        TShapeKind::Expr(value) => constant(value)?,
        TShapeKind::Array(items) => items.iter().map(of_shape).collect::<Option<Vec<Json>>>()?.into(),
        TShapeKind::Object { spreads, fields } if spreads.is_empty() => {
            let field = |field: &super::ir::TField| Some((field.name.clone(), of_shape(&field.shape)?));
            Json::Object(fields.iter().map(field).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Judges the constants that a value may be: itself, the sides of a choice, what stands in for what is absent, the items
/// of a list. Gives the value where it is a constant, and well.
pub fn check(env: &mut Env, value: &TExpr, schema: SchemaId) -> Option<Json> {
    match &value.kind {
        TKind::Some(inner) | TKind::Widen(inner) | TKind::NotNull(inner) => return check(env, inner, schema),
        TKind::Cond { then, otherwise, .. } if !matches!(value.ty.kind, TyKind::Bool) => {
            check(env, then, schema);
            check(env, otherwise, schema);
        }
        TKind::OrValue(_, inner) | TKind::OptMap { body: inner, .. } => {
            check(env, inner, schema);
        }
        TKind::List(items) => return list(env, value, items, schema),
        _ => {}
    }
    let json = constant(value)?;
    judge(env, &json, value.span, schema).then_some(json)
}

/// A list that is written out: each of its items, then the whole.
fn list(env: &mut Env, value: &TExpr, items: &[TExpr], schema: SchemaId) -> Option<Json> {
    let Some(rules) = array(env, schema) else {
        let json = constant(value)?;
        return judge(env, &json, value.span, schema).then_some(json);
    };
    let before = env.diags.len();
    let made: Vec<Option<Json>> =
        items.iter().enumerate().map(|(place, item)| check(env, item, rules.at(place))).collect();
    whole_list(env, made, value.span, schema, before)
}

/// What holds for a list as a whole, whose items were judged; `before`: how many findings there were before them.
pub fn whole_list(
    env: &mut Env,
    items: Vec<Option<Json>>,
    span: Span,
    schema: SchemaId,
    before: usize,
) -> Option<Json> {
    let length = items.len();
    if let Some(items) = items.into_iter().collect::<Option<Vec<Json>>>() {
        let json = Json::Array(items);
        return judge(env, &json, span, schema).then_some(json);
    }
    let rules = array(env, schema)?;
    if env.diags.len() == before
        && let Some((how, count)) = judge::count(length, rules.min_items, rules.max_items)
    {
        let message = format!("a list of {how} {} is wanted here, this has {length}", counted(count, "item"));
        let at = env.specs.schemas.get(schema).span;
        env.diags.push(Diagnostic::error("BFF0430", message, span).label(at, "its schema"));
    }
    None
}

/// A number of elements that is written out: it is not negative.
pub fn count(env: &mut Env, value: &TExpr, who: &str) {
    if constant(value).and_then(|json| json.as_i64()).is_some_and(|count| count < 0) {
        let message = format!("{who} is a number of elements, which is never negative");
        env.diags.push(Diagnostic::error("BFF0430", message, value.span).help("write 0 or more"));
    }
}

fn array(env: &Env, schema: SchemaId) -> Option<crate::schema::ArrayRules> {
    match &env.specs.schemas.get(schema).kind {
        Kind::Array(rules) => Some(rules.clone()),
        Kind::Nullable(inner) => array(env, *inner),
        _ => None,
    }
}

/// Says why a schema refuses a constant; whether it does not.
pub fn judge(env: &mut Env, value: &Json, span: Span, schema: SchemaId) -> bool {
    let schemas = &env.specs.schemas;
    let Some(refused) = refused(schemas, schema, value) else { return true };
    let wants = schemas.get(refused.schema);
    let message = format!("{} is wanted here, this is `{}`", refused.want, refused.found);
    let mut diag = Diagnostic::error("BFF0430", message, span).label(wants.span, "its schema");
    let listed = wants.allowed.iter().flatten().filter_map(Json::as_str);
    if let Some(near) = value.as_str().and_then(|text| did_you_mean(text, listed)) {
        diag = diag.at(format!("did you mean `{near}`?"));
    }
    env.diags.push(diag);
    false
}
