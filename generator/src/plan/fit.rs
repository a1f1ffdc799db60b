//! Whether a shape makes a value of a schema: request bodies and default values.

use super::by_type::{self, Want};
use super::expr::remedy;
use super::ir::{TShape, TShapeKind};
use super::scope::Env;
use super::ty;
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::schema::{Additional, Json, Kind, Property, SchemaId, Schemas};
use crate::source::Span;

/// Checks a shape against a schema. `needed` says which required members must be made: all of a
/// request body, only those that are read of a default.
pub fn check(
    env: &mut Env,
    shape: &TShape,
    schema: SchemaId,
    may_be_absent: bool,
    needed: &dyn Fn(&Env, SchemaId, &str) -> bool,
) {
    let want = env.specs.schemas.get(schema).clone();
    if let Kind::Nullable(inner) = want.kind {
        if !matches!(shape.kind, TShapeKind::Literal(Json::Null)) {
            check(env, shape, inner, may_be_absent, needed);
        }
        return;
    }
    match &shape.kind {
        TShapeKind::Expr(_) if matches!(want.kind, Kind::Union(_)) => {}
        TShapeKind::Expr(value) => {
            let target = ty::of_schema(&env.specs.schemas, schema);
            let target = if may_be_absent { target.optional() } else { target };
            if value.ty.is_error() {
                by_type::wanted(env, value.span, Want::Ty(target));
            } else if !ty::fits(&value.ty, &target) {
                let found = value.ty.describe(&env.specs.schemas);
                wrong(env, shape.span, &found, schema);
                match ty::fits(value.ty.bare(), target.bare()) {
                    true => env.diags.iter_mut().last().into_iter().for_each(|diag| diag.help.push(remedy(value))),
                    false => by_type::misfit(env, shape.span, value, Want::Ty(target)),
                }
            }
        }
        TShapeKind::Literal(json) => literal(env, json, shape.span, schema),
        TShapeKind::When(_, inner) if may_be_absent => check(env, inner, schema, true, needed),
        TShapeKind::When(..) => wrong(env, shape.span, "a value that may be left out", schema),
        TShapeKind::Array(items) => match &want.kind {
            Kind::Array(rules) => items.iter().for_each(|item| check(env, item, rules.items, false, needed)),
            Kind::Any | Kind::Union(_) => {}
            _ => wrong(env, shape.span, "a list", schema),
        },
        TShapeKind::Each(each) => match &want.kind {
            Kind::Array(rules) => check(env, &each.item, rules.items, true, needed),
            Kind::Any | Kind::Union(_) => {}
            _ => wrong(env, shape.span, "a list", schema),
        },
        TShapeKind::Object { spreads, fields } => {
            let rules = match &want.kind {
                Kind::Object(rules) => rules,
                Kind::Any | Kind::Union(_) => return,
                _ => return wrong(env, shape.span, "an object", schema),
            };
            // what one of the heirs declares may be given for the base, too
            let all = [schema].into_iter().chain(rules.heirs.iter().flat_map(|heirs| heirs.members.clone()));
            let all: Vec<Property> = all.flat_map(|id| declared(&env.specs.schemas, id)).collect();
            let mut meant: Vec<String> = Vec::new();
            for field in fields {
                match all.iter().find(|p| p.name == field.name) {
                    Some(property) => check(env, &field.shape, property.schema, !property.required, needed),
                    None => match rules.additional {
                        Additional::Schema(values) => check(env, &field.shape, values, false, needed),
                        Additional::Any => {}
                        Additional::Unsaid | Additional::Forbidden => {
                            let message = format!("`{}` has no field `{}`", want.name, field.name);
                            let diag = Diagnostic::error("BFF0404", message, field.span).label(want.span, "its schema");
                            let names = rules.properties.iter().map(|p| p.name.as_str());
                            let free = names.filter(|name| fields.iter().all(|field| field.name != *name));
                            env.diags.push(match did_you_mean(&field.name, free) {
                                Some(near) => {
                                    meant.push(near.name.to_owned());
                                    diag.meant(near, field.span)
                                }
                                None => diag,
                            });
                        }
                    },
                }
            }
            if !spreads.is_empty() {
                return;
            }
            for property in rules.properties.iter().filter(|p| p.required) {
                // What is misspelt is not missing, too.
                let given = fields.iter().any(|field| field.name == property.name) || meant.contains(&property.name);
                if !given && needed(env, schema, &property.name) {
                    env.diags.push(
                        Diagnostic::error("BFF0415", format!("`{}` is missing here", property.name), shape.span).label(
                            property.required_span.unwrap_or(property.span),
                            format!("`{}` requires it", want.name),
                        ),
                    );
                }
            }
        }
        TShapeKind::Use(..) => {}
        TShapeKind::Match(matching) => {
            let absent = matching.value.ty.is_optional();
            if absent && !may_be_absent {
                return wrong(env, shape.span, "a value that may be left out", schema);
            }
            matching.shapes().for_each(|inner| check(env, inner, schema, may_be_absent, needed));
        }
    }
}

/// The members of an object.
fn declared(schemas: &Schemas, id: SchemaId) -> Vec<Property> {
    match &schemas.get(id).kind {
        Kind::Object(rules) => rules.properties.clone(),
        _ => Vec::new(),
    }
}

fn literal(env: &mut Env, json: &Json, span: Span, schema: SchemaId) {
    let want = env.specs.schemas.get(schema);
    let fits = match (&want.kind, json) {
        (Kind::Any | Kind::Union(_), _) => true,
        (Kind::Boolean, Json::Bool(_)) | (Kind::String(_), Json::String(_)) | (Kind::Null, Json::Null) => true,
        (Kind::Number(_), Json::Number(_)) => true,
        (Kind::Integer(_), Json::Number(number)) => number.is_i64() || number.is_u64(),
        (Kind::Array(_), Json::Array(_)) | (Kind::Object(_), Json::Object(_)) => true,
        _ => false,
    };
    if !fits {
        let found = match json {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::String(_) => "a text",
            Json::Array(_) => "a list",
            Json::Object(_) => "an object",
        };
        return wrong(env, span, found, schema);
    }
    if let Some(allowed) = &want.allowed
        && !allowed.contains(json)
    {
        let list: Vec<String> = allowed.iter().take(8).map(|v| format!("`{v}`")).collect();
        let diag = Diagnostic::error("BFF0405", format!("`{}` is one of {}", want.name, list.join(", ")), span)
            .label(want.span, "its schema");
        env.diags.push(diag);
    }
}

fn wrong(env: &mut Env, span: Span, found: &str, schema: SchemaId) {
    let want = ty::of_schema(&env.specs.schemas, schema).describe(&env.specs.schemas);
    let at = env.specs.schemas.get(schema).span;
    let diag =
        Diagnostic::error("BFF0405", format!("{want} is wanted here, this is {found}"), span).label(at, "its schema");
    // Two schemas may be called the same.
    let diag = match want == found && want.starts_with("an object") {
        true => diag.help("this one has another schema: copy its fields, `{ $spread: ... }`, or write them out"),
        false => diag,
    };
    env.diags.push(diag);
}
