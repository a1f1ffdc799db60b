//! How large values are in memory, roughly: a variant far larger than the others is boxed.

use super::model::{Model, Type};
use crate::schema::{Additional, Kind, SchemaId};

/// Variants may differ by so many bytes (clippy's `large_enum_variant`).
const SPREAD: usize = 200;

/// Depth beyond which a type counts as large: nothing so deep is small.
const MAX_DEPTH: usize = 12;

/// Which of the variants are to be boxed.
pub fn boxed(model: &mut Model, variants: &[Type]) -> Vec<bool> {
    let sizes: Vec<usize> = variants.iter().map(|ty| size(model, ty, 0)).collect();
    let smallest = sizes.iter().copied().min().unwrap_or(0);
    sizes.into_iter().map(|size| size >= smallest + SPREAD).collect()
}

/// Bytes of a value of a type, an upper estimate.
fn size(model: &mut Model, ty: &Type, depth: usize) -> usize {
    match ty {
        Type::Null => 0,
        Type::Bool => 1,
        Type::Int(_) | Type::Double => 8,
        Type::Json => 32,
        Type::Text | Type::List(_) | Type::Map(_) => 24,
        Type::Nullable(inner) => size(model, inner, depth) + 8,
        Type::Named(id) => named(model, *id, depth + 1),
    }
}

fn named(model: &mut Model, id: SchemaId, depth: usize) -> usize {
    if depth > MAX_DEPTH {
        return SPREAD;
    }
    let schemas = model.schemas;
    match &schemas.get(id).kind {
        Kind::Object(rules) if !rules.properties.is_empty() => {
            let mut sum = if rules.additional == Additional::Unsaid { 0 } else { 24 };
            for property in &rules.properties {
                let ty = model.of(property.schema);
                sum += size(model, &ty, depth) + if property.required { 0 } else { 8 };
                // Large is large: a document may have thousands of members.
                if sum > 16 * SPREAD {
                    break;
                }
            }
            sum
        }
        Kind::Union(rules) => {
            let members: Vec<Type> = rules.members.iter().map(|member| model.of(*member)).collect();
            members.iter().map(|ty| size(model, ty, depth)).max().unwrap_or(0).min(2 * SPREAD) + 8
        }
        _ => 24,
    }
}
