//! What a named shape publishes of its parameters: an argument must be as their schemas say, and not only of their types.

use super::implies::is_plain;
use super::ir::{TExpr, TKind};
use super::ty::{self, Ty, TyKind};
use crate::schema::{Additional, Json, Kind, NumberRules, SchemaId, Schemas, StringRules};

/// Schemas are looked into as deep as this.
const DEPTH: u8 = 16;

/// Where in an argument something is promised that the value need not keep, and the schema that promises it.
pub fn unproved(schemas: &Schemas, value: &TExpr, want: &Ty) -> Option<(String, SchemaId)> {
    let constant = match &value.kind {
        TKind::Str(text) => Some(Json::from(text.as_str())),
        TKind::Int(number) => Some(Json::from(*number)),
        TKind::Bool(is) => Some(Json::from(*is)),
        _ => None,
    };
    match constant {
        Some(json) => {
            let schema = want.bare().schema?;
            let listed = schemas.get(schema).allowed.as_ref().is_none_or(|allowed| allowed.contains(&json));
            (!listed).then(|| (String::new(), schema))
        }
        None => within(schemas, &value.ty, want, DEPTH),
    }
}

fn within(schemas: &Schemas, from: &Ty, to: &Ty, depth: u8) -> Option<(String, SchemaId)> {
    if let TyKind::Optional(to) | TyKind::Nullable(to) = &to.kind {
        return within(schemas, from.bare(), to, depth);
    }
    let wanted = to.schema?;
    let same = from.schema.is_some_and(|came| schemas.canonical(came) == schemas.canonical(wanted));
    if same
        || depth == 0
        || matches!(from.kind, TyKind::Error | TyKind::Never | TyKind::Null)
        || is_only_type(schemas, wanted, DEPTH)
    {
        return None;
    }
    let at = |step: &str, (path, schema): (String, SchemaId)| (format!("{step}{path}"), schema);
    let here = Some((String::new(), wanted));
    let schema = schemas.get(schemas.canonical(wanted));
    match (&from.kind, &to.kind) {
        (TyKind::Object(a), TyKind::Object(b)) => {
            let (Kind::Object(given), Kind::Object(rules)) = (&schemas.get(*a).kind, &schemas.get(*b).kind) else {
                return None;
            };
            if !is_plain(rules) || !schema.clauses.is_empty() || schema.allowed.is_some() {
                return here;
            }
            rules.properties.iter().find_map(|property| {
                let found = given.properties.iter().find(|given| given.name == property.name)?;
                let (from, to) = (ty::of_schema(schemas, found.schema), ty::of_schema(schemas, property.schema));
                within(schemas, &from, &to, depth - 1).map(|found| at(&format!(".{}", property.name), found))
            })
        }
        (TyKind::List(a), TyKind::List(b)) => {
            let bounded = match &schema.kind {
                Kind::Array(rules) => {
                    rules.min_items.is_some()
                        || rules.max_items.is_some()
                        || rules.unique_items
                        || !rules.prefix_items.is_empty()
                }
                _ => false,
            };
            match bounded || !schema.clauses.is_empty() {
                true => here,
                false => within(schemas, a, b, depth - 1).map(|found| at("[]", found)),
            }
        }
        (TyKind::Map(a) | TyKind::Table(_, a), TyKind::Map(b)) => match schema.clauses.is_empty() {
            true => within(schemas, a, b, depth - 1).map(|found| at("[...]", found)),
            false => here,
        },
        _ => match from.schema.is_some_and(|came| keeps(schemas, came, wanted)) {
            true => None,
            false => here,
        },
    }
}

/// Whether each value of one schema, a string or number, is as the other says: that says the same, or less.
fn keeps(schemas: &Schemas, came: SchemaId, wanted: SchemaId) -> bool {
    let (came, wanted) = (schemas.get(schemas.canonical(came)), schemas.get(schemas.canonical(wanted)));
    let listed = match (&came.allowed, &wanted.allowed) {
        (_, None) => true,
        (Some(some), Some(all)) => some.iter().all(|value| all.contains(value)),
        (None, Some(_)) => false,
    };
    fn says<T: PartialEq>(wanted: &Option<T>, came: &Option<T>) -> bool {
        wanted.is_none() || wanted == came
    }
    let numbers = |a: &NumberRules, b: &NumberRules| {
        let format = b.format.as_deref().is_none_or(|format| matches!(format, "int64" | "double" | "float"));
        (format || says(&b.format, &a.format))
            && says(&b.minimum, &a.minimum)
            && says(&b.maximum, &a.maximum)
            && says(&b.exclusive_minimum, &a.exclusive_minimum)
            && says(&b.exclusive_maximum, &a.exclusive_maximum)
            && says(&b.multiple_of, &a.multiple_of)
    };
    let texts = |a: &StringRules, b: &StringRules| {
        let (least, most) = (a.min_length.unwrap_or(0), a.max_length.unwrap_or(u64::MAX));
        says(&b.format, &a.format)
            && b.min_length.is_none_or(|min| min <= least)
            && b.max_length.is_none_or(|max| most <= max)
            && says(&b.pattern, &a.pattern)
            && says(&b.content_encoding, &a.content_encoding)
            && says(&b.content_media_type, &a.content_media_type)
    };
    listed
        && wanted.clauses.is_empty()
        && match (&came.kind, &wanted.kind) {
            (Kind::String(a), Kind::String(b)) => texts(a, b),
            (Kind::Integer(a) | Kind::Number(a), Kind::Integer(b) | Kind::Number(b)) => numbers(a, b),
            (Kind::Boolean, Kind::Boolean) => true,
            _ => false,
        }
}

/// Whether a schema, and those within it, say no more than a type.
fn is_only_type(schemas: &Schemas, id: SchemaId, depth: u8) -> bool {
    let schema = schemas.get(schemas.canonical(id));
    if schema.allowed.is_some() || !schema.clauses.is_empty() || depth == 0 {
        return false;
    }
    let inner = |id: SchemaId| is_only_type(schemas, id, depth - 1);
    match &schema.kind {
        Kind::Any | Kind::Boolean | Kind::Null => true,
        Kind::Nullable(of) => inner(*of),
        Kind::Integer(rules) | Kind::Number(rules) => {
            *rules == NumberRules { format: rules.format.clone(), ..Default::default() }
                && rules.format.as_deref().is_none_or(|format| matches!(format, "int64" | "double" | "float"))
        }
        Kind::String(rules) => *rules == StringRules::default(),
        Kind::Array(rules) => {
            rules.min_items.is_none()
                && rules.max_items.is_none()
                && !rules.unique_items
                && rules.prefix_items.is_empty()
                && inner(rules.items)
        }
        Kind::Object(rules) => {
            let additional = match rules.additional {
                Additional::Schema(values) => inner(values),
                _ => true,
            };
            is_plain(rules) && additional && rules.properties.iter().all(|property| inner(property.schema))
        }
        _ => false,
    }
}
