//! The last pass over schemas that were read: null is taken out of unions, nullable never holds nullable,
//! and copies take the kind of what they are copies of.

use super::{Additional, Kind, Schema, SchemaId, Schemas, StringRules, tell};

/// Copies of copies, at most.
const MAX_COPIES: usize = 64;

/// Lists and maps inside each other, at most.
const MAX_NESTED: usize = 64;

/// Brings fresh schemas into their final form. References among them may go both ways.
pub(super) fn settle(schemas: &mut Schemas, fresh: &[SchemaId]) {
    // a pass can make a union nullable, which others hold; each pass settles at least one level
    for _ in 0..=fresh.len() {
        let mut changed = false;
        for id in fresh {
            changed |= settle_one(schemas, *id);
        }
        if !changed {
            break;
        }
    }
    for id in fresh {
        copy(schemas, *id);
    }
    for id in fresh {
        if too_deep(schemas, *id) {
            let what = format!("a nest of lists and maps more than {MAX_NESTED} deep");
            let schema = schemas.get_mut(*id);
            schema.kind = Kind::Unsupported { what, span: schema.span };
        }
    }
    // settling adds schemas of its own behind the fresh ones
    if let Some(first) = fresh.first() {
        (first.0..schemas.len() as u32).for_each(|id| tell::fill(schemas, SchemaId(id)));
    }
}

/// Whether lists and maps have no end in sight: types made of them have no names, so each would hold the whole of
/// the next. Those that hold themselves get names.
fn too_deep(schemas: &Schemas, id: SchemaId) -> bool {
    let mut seen = Vec::new();
    let mut at = original(schemas, id);
    while seen.len() <= MAX_NESTED {
        if seen.contains(&at) {
            return false;
        }
        seen.push(at);
        let inner = match &schemas.get(at).kind {
            Kind::Array(rules) => rules.items,
            Kind::Nullable(inner) => *inner,
            Kind::Object(rules) if rules.properties.is_empty() => match rules.additional {
                Additional::Schema(values) => values,
                _ => return false,
            },
            _ => return false,
        };
        at = original(schemas, inner);
    }
    true
}

/// What a copy stands for.
fn original(schemas: &Schemas, mut id: SchemaId) -> SchemaId {
    // unions of nothing but each other can be copies in a circle: there is nothing to find then
    for _ in 0..MAX_COPIES {
        match schemas.get(id).copy_of {
            Some(of) => id = of,
            None => break,
        }
    }
    id
}

fn settle_one(schemas: &mut Schemas, id: SchemaId) -> bool {
    match &schemas.get(id).kind {
        Kind::Nullable(inner) => {
            let original = original(schemas, *inner);
            let kind = match &schemas.get(original).kind {
                Kind::Nullable(deeper) if *deeper != *inner => Kind::Nullable(*deeper),
                Kind::Any if plain(schemas.get(original)) => Kind::Any,
                Kind::Null => Kind::Null,
                _ => return false,
            };
            schemas.get_mut(id).kind = kind;
            true
        }
        Kind::Union(_) => settle_union(schemas, id),
        Kind::Object(rules) if rules.heirs.is_some() => settle_heirs(schemas, id),
        _ => false,
    }
}

/// An heir that allows null does so where it is referred to itself.
fn settle_heirs(schemas: &mut Schemas, id: SchemaId) -> bool {
    let Kind::Object(rules) = &schemas.get(id).kind else { return false };
    let strict = |member: &SchemaId| match &schemas.get(original(schemas, *member)).kind {
        Kind::Nullable(inner) => *inner,
        _ => *member,
    };
    let members = rules.heirs.iter().flat_map(|heirs| &heirs.members).map(strict).collect();
    let Kind::Object(rules) = &mut schemas.get_mut(id).kind else { return false };
    let Some(heirs) = &mut rules.heirs else { return false };
    let changed = heirs.members != members;
    heirs.members = members;
    changed
}

/// Members that allow null give it to the union as a whole.
fn settle_union(schemas: &mut Schemas, id: SchemaId) -> bool {
    let schema = schemas.get(id);
    let Kind::Union(union) = &schema.kind else { return false };
    let inner = |member: &SchemaId| match &schemas.get(original(schemas, *member)).kind {
        Kind::Nullable(inner) => Some(*inner),
        _ => None,
    };
    if !union.exactly_one
        && let Some(kind) = widest(schemas, &union.members)
    {
        schemas.get_mut(id).kind = kind;
        return true;
    }
    if !union.members.iter().any(|member| inner(member).is_some()) {
        return false;
    }
    let mut union = union.clone();
    let members = union.members.iter().map(|member| inner(member).unwrap_or(*member)).collect();
    union.members = members;
    let mut strict: Schema = schema.clone();
    strict.kind = Kind::Union(union);
    let strict = schemas.add(strict);
    let schema = schemas.get_mut(id);
    schema.component = false;
    schema.kind = Kind::Nullable(strict);
    true
}

/// `anyOf` where one member allows all that the others do: `anyOf: [{enum: [a, b]}, {type: string}]`, an
/// open list of values, is a text.
fn widest(schemas: &Schemas, members: &[SchemaId]) -> Option<Kind> {
    let member = |id: &SchemaId| schemas.get(original(schemas, *id));
    if members
        .iter()
        .map(member)
        .any(|schema| matches!(schema.kind, Kind::Any) && plain(schema) && schema.copy_of.is_none())
    {
        return Some(Kind::Any);
    }
    let any_text = Kind::String(StringRules::default());
    let texts = members.iter().all(|id| matches!(member(id).kind, Kind::String(_)));
    let free = |schema: &Schema| {
        plain(schema) && matches!(&schema.kind, Kind::String(rules) if *rules == StringRules::default())
    };
    (texts && members.iter().map(member).any(free)).then_some(any_text)
}

/// Whether a schema says nothing but its kind.
fn plain(schema: &Schema) -> bool {
    schema.allowed.is_none() && schema.unsupported.is_empty() && schema.clauses.is_empty()
}

fn copy(schemas: &mut Schemas, id: SchemaId) {
    if schemas.get(id).copy_of.is_none() {
        return;
    }
    let of = schemas.get(original(schemas, id)).clone();
    let schema = schemas.get_mut(id);
    schema.inherit(&of);
    schema.kind = of.kind;
    schema.allowed = of.allowed;
    schema.component = of.component;
    schema.unsupported = of.unsupported;
    schema.implied = of.implied;
    schema.clauses.extend(of.clauses);
}
