//! Whether a shape makes a value of a schema: request bodies and default values.

use super::by_type::{self, Want};
use super::expr::remedy;
use super::ir::{TField, TShape, TShapeKind};
use super::scope::Env;
use super::ty::{self, Ty};
use super::{constants, judge};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::schema::{Additional, Json, Kind, Property, SchemaId, Schemas};
use crate::source::Span;

/// Which required members must be made.
pub struct Needed<'n> {
    /// Of an object, a member by its name.
    pub which: &'n dyn Fn(&Env, SchemaId, &str) -> bool,
    /// Why, where that is not seen.
    pub why: &'n dyn Fn(SchemaId, &str) -> Option<String>,
    /// It is all that is sent. Of a default, only those that are read are needed; of parts, files come beside it.
    pub whole: bool,
    /// It is sent, as text: what came of the same schema is passed on, whichever way that is.
    pub sent: bool,
}

impl<'n> Needed<'n> {
    /// Of what is sent.
    pub fn sent(which: &'n dyn Fn(&Env, SchemaId, &str) -> bool) -> Self {
        Needed { which, why: &|_, _| None, whole: true, sent: true }
    }
}

/// Checks a shape against a schema. Gives what is made where that is a constant, whole and well.
pub fn check(env: &mut Env, shape: &TShape, schema: SchemaId, may_be_absent: bool, needed: &Needed) -> Option<Json> {
    let want = env.specs.schemas.get(schema).clone();
    if let Kind::Nullable(inner) = want.kind {
        return match shape.kind {
            TShapeKind::Literal(Json::Null) => Some(Json::Null),
            _ => check(env, shape, inner, may_be_absent, needed),
        };
    }
    match &shape.kind {
        TShapeKind::Expr(value) if matches!(want.kind, Kind::Union(_)) => constants::check(env, value, schema),
        TShapeKind::Expr(value) => {
            let target = ty::of_schema(&env.specs.schemas, schema);
            let target = if may_be_absent { target.optional() } else { target };
            if value.ty.is_error() {
                by_type::wanted(env, value.span, Want::Ty(target));
            } else if !goes(&env.specs.schemas, &value.ty, &target, needed) {
                let found = value.ty.describe(&env.specs.schemas);
                wrong(env, shape.span, &found, schema);
                match ty::fits(value.ty.bare(), target.bare()) {
                    true => env.diags.iter_mut().last().into_iter().for_each(|diag| diag.help.push(remedy(value))),
                    false => by_type::misfit(env, shape.span, value, Want::Ty(target)),
                }
            } else {
                return constants::check(env, value, schema);
            }
            None
        }
        TShapeKind::Literal(json) => literal(env, json, shape.span, schema),
        TShapeKind::When(_, inner) if may_be_absent => {
            check(env, inner, schema, true, needed);
            None
        }
        TShapeKind::When(..) => wrong(env, shape.span, "a value that may be left out", schema),
        TShapeKind::Array(items) => match &want.kind {
            Kind::Array(rules) => {
                let before = env.diags.len();
                let made = items.iter().enumerate();
                let made = made.map(|(place, item)| check(env, item, rules.at(place), false, needed)).collect();
                constants::whole_list(env, made, shape.span, schema, before)
            }
            Kind::Any | Kind::Union(_) => open(env, shape, schema, needed),
            _ => wrong(env, shape.span, "a list", schema),
        },
        TShapeKind::Each(each) => match &want.kind {
            Kind::Array(rules) => {
                check(env, &each.item, rules.items, true, needed);
                None
            }
            Kind::Any | Kind::Union(_) => None,
            _ => wrong(env, shape.span, "a list", schema),
        },
        TShapeKind::Object { spreads, fields } => {
            let rules = match &want.kind {
                Kind::Object(rules) => rules,
                Kind::Any | Kind::Union(_) => return open(env, shape, schema, needed),
                _ => return wrong(env, shape.span, "an object", schema),
            };
            // what one of the heirs declares may be given for the base, too
            let all = [schema].into_iter().chain(rules.heirs.iter().flat_map(|heirs| heirs.members.clone()));
            let all: Vec<Property> = all.flat_map(|id| declared(&env.specs.schemas, id)).collect();
            let mut made = serde_json::Map::new();
            let mut meant: Vec<String> = Vec::new();
            for field in fields {
                let value = match property(env, &all, field) {
                    Some(property) => check(env, &field.shape, property.schema, !property.required, needed),
                    None => match rules.additional {
                        Additional::Schema(values) => check(env, &field.shape, values, false, needed),
                        Additional::Any => constants::of_shape(&field.shape),
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
                            None
                        }
                    },
                };
                made.extend(value.map(|value| (field.name.clone(), value)));
            }
            if !spreads.is_empty() {
                return None;
            }
            let mut whole = made.len() == fields.len();
            for property in rules.properties.iter().filter(|p| p.required) {
                let given = fields.iter().any(|field| field.name == property.name);
                whole &= given;
                // What is misspelt is not missing, too.
                let given = given || meant.contains(&property.name);
                if !given && (needed.which)(env, schema, &property.name) {
                    let at = property.required_span.unwrap_or(property.span);
                    let message = format!("`{}` is missing here", property.name);
                    let diag = Diagnostic::error("BFF0415", message, shape.span)
                        .label(at, format!("`{}` requires it", want.name));
                    let why = (needed.why)(schema, &property.name);
                    env.diags.push(why.into_iter().fold(diag, Diagnostic::help));
                }
            }
            let made = whole.then_some(Json::Object(made))?;
            constants::judge(env, &made, shape.span, schema).then_some(made)
        }
        TShapeKind::Use(at, _) => {
            // It is looked at once, however often the shape is used so.
            let body = env.shape_bodies.get(*at).cloned()?;
            if !env.shapes_fitted.insert((*at, schema, may_be_absent, needed.whole)) {
                return None;
            }
            let before = env.diags.len();
            let made = check(env, &body, schema, may_be_absent, needed);
            let found = env.diags.split_off(before);
            env.diags.extend(found.into_iter().map(|diag| diag.label(shape.span, "the shape is used here")));
            made
        }
        TShapeKind::Match(matching) => {
            let absent = matching.value.ty.is_optional();
            if absent && !may_be_absent {
                return wrong(env, shape.span, "a value that may be left out", schema);
            }
            for inner in matching.shapes() {
                check(env, inner, schema, may_be_absent, needed);
            }
            None
        }
    }
}

/// Whether a value can stand there. What is sent is text: it may be of the same schema as it is the other way.
fn goes(schemas: &Schemas, value: &Ty, target: &Ty, needed: &Needed) -> bool {
    let both = |ty: &Ty| ty::both_ways(schemas, ty);
    ty::fits(value, target) || needed.sent && ty::fits(&both(value), &both(target))
}

/// What is made where anything may stand, or one of several: a constant is judged as a whole, if it is one.
fn open(env: &mut Env, shape: &TShape, schema: SchemaId, needed: &Needed) -> Option<Json> {
    let json = constants::of_shape(shape).filter(|_| needed.whole)?;
    constants::judge(env, &json, shape.span, schema).then_some(json)
}

/// The member that a field is: of several heirs that declare one of its name, one that takes it, where it is a constant.
fn property<'p>(env: &Env, all: &'p [Property], field: &TField) -> Option<&'p Property> {
    let mut named = all.iter().filter(|property| property.name == field.name);
    let first = named.next()?;
    let others: Vec<&Property> = named.collect();
    let json = constants::of_shape(&field.shape).filter(|_| !others.is_empty());
    let takes = |property: &&Property| {
        json.as_ref().is_some_and(|json| judge::refused(&env.specs.schemas, property.schema, json).is_none())
    };
    [first].into_iter().chain(others.iter().copied()).find(takes).or(Some(first))
}

/// The members of an object.
fn declared(schemas: &Schemas, id: SchemaId) -> Vec<Property> {
    match &schemas.get(id).kind {
        Kind::Object(rules) => rules.properties.clone(),
        _ => Vec::new(),
    }
}

fn literal(env: &mut Env, json: &Json, span: Span, schema: SchemaId) -> Option<Json> {
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
    constants::judge(env, json, span, schema).then(|| json.clone())
}

fn wrong(env: &mut Env, span: Span, found: &str, schema: SchemaId) -> Option<Json> {
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
    None
}
