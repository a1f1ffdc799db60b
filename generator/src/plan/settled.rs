//! Whether the types of what a call sends leave nothing of the operation's schema to be checked when it is sent.

use super::ir::{TShape, TShapeKind};
use crate::schema::{Additional, Kind, ObjectRules, SchemaId, Schemas};

/// How deep schemas are looked into.
const DEPTH: u8 = 16;

/// Whether a body always is as its schema says: where its parts are values of the very schemas that are asked for, checked
/// when they came, or these say no more than a type.
pub fn settled(schemas: &Schemas, shape: &TShape, wanted: SchemaId) -> bool {
    let wanted = schemas.canonical(wanted);
    if is_only_type(schemas, wanted, DEPTH) {
        return true;
    }
    match &shape.kind {
        TShapeKind::Expr(value) => value.ty.schema.is_some_and(|came| schemas.canonical(came) == wanted),
        TShapeKind::Object { spreads, fields } if spreads.is_empty() => {
            let schema = schemas.get(wanted);
            let Kind::Object(rules) = &schema.kind else { return false };
            let of = |name: &str| rules.properties.iter().find(|property| property.name == name);
            schema.allowed.is_none()
                && schema.clauses.is_empty()
                && is_plain(rules)
                && fields.iter().all(|field| {
                    of(&field.name).is_some_and(|property| settled(schemas, &field.shape, property.schema))
                })
        }
        _ => false,
    }
}

/// Whether an object's schema speaks of its members only.
pub fn is_plain(rules: &ObjectRules) -> bool {
    rules.min_properties.is_none()
        && rules.max_properties.is_none()
        && rules.property_names.is_none()
        && rules.pattern_properties.is_empty()
        && rules.heirs.is_none()
}

/// Whether a schema, and those within it, say no more than a type.
pub fn is_only_type(schemas: &Schemas, id: SchemaId, depth: u8) -> bool {
    let schema = schemas.get(schemas.canonical(id));
    if schema.allowed.is_some() || !schema.clauses.is_empty() || depth == 0 {
        return false;
    }
    let inner = |id: SchemaId| is_only_type(schemas, id, depth - 1);
    match &schema.kind {
        Kind::Any | Kind::Boolean | Kind::Null => true,
        Kind::Nullable(of) => inner(*of),
        Kind::Integer(rules) | Kind::Number(rules) => {
            *rules == crate::schema::NumberRules { format: rules.format.clone(), ..Default::default() }
                && rules.format.as_deref().is_none_or(|format| matches!(format, "int64" | "double" | "float"))
        }
        Kind::String(rules) => *rules == crate::schema::StringRules::default(),
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
