//! How large values are in memory, between two bounds: a variant far larger than the others is boxed.

use super::model::{Model, Type};
use crate::schema::{Additional, Kind, SchemaId};

/// Variants may differ by so many bytes (clippy's `large_enum_variant`).
const SPREAD: usize = 200;

/// Depth beyond which a type counts as large: nothing so deep is small.
const MAX_DEPTH: usize = 12;

/// Bytes of a value: at least, and at most. Between them lies what the compiler makes of niches and padding.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    least: usize,
    most: usize,
}

impl Size {
    /// A size that is known.
    pub const fn exactly(bytes: usize) -> Size {
        Size { least: bytes, most: bytes }
    }

    /// A size that is known by its bounds.
    pub const fn between(least: usize, most: usize) -> Size {
        Size { least, most }
    }

    /// Both, one beside the other.
    pub fn and(self, other: Size) -> Size {
        Size { least: self.least + other.least, most: self.most + other.most }
    }

    /// As an `Option`, or with a tag.
    pub fn or_nothing(self) -> Size {
        Size { least: self.least, most: self.most + 8 }
    }
}

/// Which of the variants are to be boxed: where they differ too much, all that are large.
pub fn boxed(variants: &[Size]) -> Vec<bool> {
    let least = variants.iter().map(|size| size.least).min().unwrap_or(0);
    let most = variants.iter().map(|size| size.most).max().unwrap_or(0);
    variants.iter().map(|size| most > least + SPREAD && size.most > SPREAD).collect()
}

/// The size of a value of a type.
pub fn size(model: &mut Model, ty: &Type) -> Size {
    within(model, ty, 0)
}

fn within(model: &mut Model, ty: &Type, depth: usize) -> Size {
    match ty {
        Type::Null => Size::exactly(0),
        Type::Bool => Size::exactly(1),
        Type::Int("i8" | "u8" | "i16" | "u16" | "i32" | "u32") => Size { least: 1, most: 4 },
        Type::Int(_) | Type::Double => Size::exactly(8),
        // A map of JSON may keep its order, and is larger then.
        Type::Json => Size { least: 24, most: 80 },
        Type::Text | Type::List(_) | Type::Map(_) => Size::exactly(24),
        Type::Tuple(items) => {
            let sizes: Vec<Size> = items.iter().map(|item| within(model, item, depth)).collect();
            sizes.into_iter().fold(Size { least: 0, most: 7 }, Size::and)
        }
        Type::Nullable(inner) => within(model, inner, depth).or_nothing(),
        Type::Named(id) => named(model, *id, depth + 1),
    }
}

fn named(model: &mut Model, id: SchemaId, depth: usize) -> Size {
    if depth > MAX_DEPTH {
        return Size { least: 0, most: 2 * SPREAD };
    }
    let schemas = model.schemas;
    let kind = &schemas.get(id).kind;
    if let Some(rules) = kind.alternatives() {
        let members: Vec<Type> = rules.members.iter().map(|member| model.of(*member)).collect();
        let sizes: Vec<Size> = members.iter().map(|ty| within(model, ty, depth)).collect();
        // Members that are boxed are pointers.
        let most = sizes.iter().map(|size| size.most).max().unwrap_or(0);
        return Size { least: 8, most: most + 8 };
    }
    match kind {
        Kind::Object(rules) if !rules.properties.is_empty() => {
            let mut sum = if rules.additional == Additional::Unsaid { Size::exactly(0) } else { Size::exactly(24) };
            for property in &rules.properties {
                let ty = model.of(property.schema);
                let member = within(model, &ty, depth);
                // A member that leads back here is a pointer.
                let member = Size { least: member.least.min(8), ..member };
                sum = sum.and(if property.required { member } else { member.or_nothing() });
                // Large is large: a document may have thousands of members.
                if sum.least > 16 * SPREAD {
                    break;
                }
            }
            Size { least: sum.least, most: sum.most + 7 }
        }
        _ => Size::exactly(24),
    }
}
