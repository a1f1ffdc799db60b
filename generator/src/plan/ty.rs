//! The types of expressions, and how a schema becomes one.

use crate::schema::{Additional, Kind, SchemaId, Schemas, Tell};

/// The type of a value, and the schema it is an unchanged value of.
#[derive(Clone, Debug)]
pub struct Ty {
    /// What can be done with it.
    pub kind: TyKind,
    /// The schema whose value this is, untouched; what is published when it goes out.
    pub schema: Option<SchemaId>,
}

/// See [`Ty`].
#[derive(Clone, Debug)]
pub enum TyKind {
    /// Something is wrong with it, and has been said.
    Error,
    /// The item of an empty list: fits everywhere.
    Never,
    /// `null`
    Null,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `double`
    Double,
    /// `string`
    Str,
    /// `bytes`
    Bytes,
    /// A point in time.
    Timestamp,
    /// A span of time.
    Duration,
    /// A body that is neither JSON nor text.
    Binary,
    /// A body that is passed on and not read.
    Stream,
    /// Any JSON: it can only be passed on.
    Any,
    /// An object with declared fields.
    Object(SchemaId),
    /// One of several that can be told apart: `$match` looks into it.
    Union(SchemaId),
    /// A list.
    List(Box<Ty>),
    /// An object used as a map.
    Map(Box<Ty>),
    /// The bodies of a keyed call, by key (`string` or `int`).
    Keyed(Box<Ty>, Box<Ty>),
    /// A map that an expression makes: keys (`string`, `int` or `bool`) and values.
    Table(Box<Ty>, Box<Ty>),
    /// The value or `null`.
    Nullable(Box<Ty>),
    /// The value or nothing.
    Optional(Box<Ty>),
    /// An element of `warnings`.
    Warning,
    /// `{call, code, message, parts}`
    Partial,
}

impl Ty {
    /// A type of no schema.
    pub fn new(kind: TyKind) -> Ty {
        Ty { kind, schema: None }
    }

    /// The poisoned type.
    pub fn error() -> Ty {
        Ty::new(TyKind::Error)
    }

    /// `int`
    pub fn int() -> Ty {
        Ty::new(TyKind::Int)
    }

    /// `bool`
    pub fn bool() -> Ty {
        Ty::new(TyKind::Bool)
    }

    /// `string`
    pub fn string() -> Ty {
        Ty::new(TyKind::Str)
    }

    /// `double`
    pub fn double() -> Ty {
        Ty::new(TyKind::Double)
    }

    /// A list of these.
    pub fn list(item: Ty) -> Ty {
        Ty::new(TyKind::List(Box::new(item)))
    }

    /// A map that an expression makes.
    pub fn table(key: Ty, value: Ty) -> Ty {
        Ty::new(TyKind::Table(Box::new(key), Box::new(value)))
    }

    /// This, or nothing. Nothing twice is nothing once.
    pub fn optional(self) -> Ty {
        match self.kind {
            TyKind::Optional(_) | TyKind::Error => self,
            _ => Ty::new(TyKind::Optional(Box::new(self))),
        }
    }

    /// Whether something has been said of it.
    pub fn is_error(&self) -> bool {
        matches!(self.kind, TyKind::Error)
    }

    /// Without the outermost `optional`.
    pub fn present(&self) -> &Ty {
        match &self.kind {
            TyKind::Optional(inner) => inner,
            _ => self,
        }
    }

    /// Without `optional` and `null`.
    pub fn bare(&self) -> &Ty {
        match &self.kind {
            TyKind::Optional(inner) | TyKind::Nullable(inner) => inner.bare(),
            _ => self,
        }
    }

    /// Whether it is an optional value.
    pub fn is_optional(&self) -> bool {
        matches!(self.kind, TyKind::Optional(_))
    }

    /// Whether values of it can be compared: which of two is less.
    pub fn is_ordered(&self) -> bool {
        self.is_scalar() || matches!(self.kind, TyKind::Bytes | TyKind::Timestamp | TyKind::Duration)
    }

    /// Whether values of it can be the keys of a map that an expression makes.
    pub fn is_key(&self) -> bool {
        matches!(self.kind, TyKind::Bool | TyKind::Int | TyKind::Str)
    }

    /// Whether it can be said of two values that they are equal: not of objects.
    pub fn is_comparable(&self) -> bool {
        match &self.kind {
            TyKind::Null | TyKind::Never => true,
            TyKind::List(item) | TyKind::Table(_, item) => item.is_comparable(),
            TyKind::Nullable(inner) | TyKind::Optional(inner) => inner.is_comparable(),
            _ => self.is_ordered(),
        }
    }

    /// Whether a value of it has a JSON form.
    pub fn has_json(&self) -> bool {
        match &self.kind {
            TyKind::Bytes => false,
            TyKind::List(inner)
            | TyKind::Map(inner)
            | TyKind::Table(_, inner)
            | TyKind::Keyed(_, inner)
            | TyKind::Nullable(inner)
            | TyKind::Optional(inner) => inner.has_json(),
            _ => true,
        }
    }

    /// Whether values of it are scalars of JSON.
    pub fn is_scalar(&self) -> bool {
        matches!(self.kind, TyKind::Bool | TyKind::Int | TyKind::Double | TyKind::Str)
    }

    /// The type in the words of messages.
    pub fn describe(&self, schemas: &Schemas) -> String {
        match &self.kind {
            TyKind::Error => "unknown".into(),
            TyKind::Never => "nothing".into(),
            TyKind::Null => "null".into(),
            TyKind::Bool => "a boolean".into(),
            TyKind::Int => "an integer".into(),
            TyKind::Double => "a number".into(),
            TyKind::Str => "a string".into(),
            TyKind::Bytes => "bytes".into(),
            TyKind::Timestamp => "a timestamp".into(),
            TyKind::Duration => "a duration".into(),
            TyKind::Binary => "a binary body".into(),
            TyKind::Stream => "a stream".into(),
            TyKind::Any => "any JSON".into(),
            TyKind::Union(id) => format!("one of several (`{}`)", schemas.get(*id).name),
            TyKind::Object(id) => match fields(schemas, *id) {
                Some(fields) => format!("an object with {fields}"),
                None => format!("an object (`{}`)", schemas.get(*id).name),
            },
            TyKind::List(item) => format!("a list of {}", plural(item, schemas)),
            TyKind::Map(item) => format!("a map of {}", plural(item, schemas)),
            TyKind::Table(_, item) | TyKind::Keyed(_, item) => format!("a map of {} by key", plural(item, schemas)),
            TyKind::Nullable(inner) => format!("{} or null", inner.describe(schemas)),
            TyKind::Optional(inner) => format!("an optional value ({})", inner.describe(schemas)),
            TyKind::Warning => "a warning".into(),
            TyKind::Partial => "a missing part".into(),
        }
    }
}

/// The fields of an object that has no name of its own: it is written in the composition.
fn fields(schemas: &Schemas, id: SchemaId) -> Option<String> {
    let schema = schemas.get(id);
    let Kind::Object(rules) = &schema.kind else { return None };
    if !schema.name.contains(' ') || rules.properties.is_empty() {
        return None;
    }
    let names: Vec<String> = rules.properties.iter().take(3).map(|p| format!("`{}`", p.name)).collect();
    let more = if rules.properties.len() > 3 { " ..." } else { "" };
    Some(format!("{}{more}", names.join(", ")))
}

fn plural(ty: &Ty, schemas: &Schemas) -> String {
    match &ty.kind {
        TyKind::Bool => "booleans".into(),
        TyKind::Int => "integers".into(),
        TyKind::Double => "numbers".into(),
        TyKind::Str => "strings".into(),
        TyKind::Object(id) => match fields(schemas, *id) {
            Some(fields) => format!("objects with {fields}"),
            None => format!("`{}`", schemas.get(*id).name),
        },
        TyKind::Union(id) => format!("`{}`", schemas.get(*id).name),
        TyKind::Warning => "warnings".into(),
        TyKind::Partial => "missing parts".into(),
        TyKind::List(_) => "lists".into(),
        TyKind::Timestamp => "timestamps".into(),
        TyKind::Duration => "durations".into(),
        TyKind::Map(_) | TyKind::Table(..) => "maps".into(),
        _ => "values".into(),
    }
}

/// The type of a schema's values. Objects stay references, so recursive schemas end there.
pub fn of_schema(schemas: &Schemas, id: SchemaId) -> Ty {
    nested(schemas, id, 0)
}

fn nested(schemas: &Schemas, id: SchemaId, depth: u8) -> Ty {
    // Lists and maps that hold themselves without an object between carry nothing that could be read.
    let kind = if depth > 16 { TyKind::Any } else { kind_of(schemas, id, depth) };
    let schema = if matches!(kind, TyKind::Bool | TyKind::Int | TyKind::Double | TyKind::Str) {
        id
    } else {
        schemas.canonical(id)
    };
    Ty { kind, schema: Some(schema) }
}

fn kind_of(schemas: &Schemas, id: SchemaId, depth: u8) -> TyKind {
    match &schemas.get(id).kind {
        Kind::Any | Kind::Never | Kind::Unsupported { .. } => TyKind::Any,
        Kind::Union(rules) => match rules.tell {
            Tell::None { .. } => TyKind::Any,
            _ => TyKind::Union(schemas.canonical(id)),
        },
        Kind::Nullable(inner) => match nested(schemas, *inner, depth + 1) {
            Ty { kind: TyKind::Any, .. } => TyKind::Any,
            inner => TyKind::Nullable(Box::new(inner)),
        },
        Kind::Null => TyKind::Null,
        Kind::Boolean => TyKind::Bool,
        Kind::Integer(_) => TyKind::Int,
        Kind::Number(_) => TyKind::Double,
        Kind::String(_) => TyKind::Str,
        Kind::Array(rules) => TyKind::List(Box::new(nested(schemas, rules.items, depth + 1))),
        Kind::Object(rules) => match &rules.additional {
            Additional::Schema(values) if rules.properties.is_empty() => {
                TyKind::Map(Box::new(nested(schemas, *values, depth + 1)))
            }
            _ => TyKind::Object(schemas.canonical(id)),
        },
    }
}

/// The type with the schemas of objects and unions as they stand in their documents, whichever way they go.
pub fn both_ways(schemas: &Schemas, ty: &Ty) -> Ty {
    let inner = |ty: &Ty| Box::new(both_ways(schemas, ty));
    let kind = match &ty.kind {
        TyKind::Object(id) => TyKind::Object(schemas.both_ways(*id)),
        TyKind::Union(id) => TyKind::Union(schemas.both_ways(*id)),
        TyKind::List(item) => TyKind::List(inner(item)),
        TyKind::Map(item) => TyKind::Map(inner(item)),
        TyKind::Table(key, item) => TyKind::Table(key.clone(), inner(item)),
        TyKind::Keyed(key, item) => TyKind::Keyed(key.clone(), inner(item)),
        TyKind::Nullable(value) => TyKind::Nullable(inner(value)),
        TyKind::Optional(value) => TyKind::Optional(inner(value)),
        other => other.clone(),
    };
    Ty { kind, schema: ty.schema }
}

/// Whether a value of one type can stand where the other is wanted. Integers widen to numbers.
pub fn fits(from: &Ty, to: &Ty) -> bool {
    use TyKind::*;
    match (&from.kind, &to.kind) {
        (Error | Never, _) | (_, Error) | (Binary, Binary) => true,
        (Binary, Any) => false,
        (_, Any) => true,
        (Optional(a), Optional(b)) | (Nullable(a), Nullable(b)) => fits(a, b),
        (Optional(_), _) => false,
        (_, Optional(b)) => fits(from, b),
        (Null, Null | Nullable(_)) => true,
        (Nullable(_), _) => false,
        (_, Nullable(b)) => fits(from, b),
        (Bool, Bool)
        | (Int, Int | Double)
        | (Double, Double)
        | (Str, Str)
        | (Warning, Warning)
        | (Partial, Partial) => true,
        (Bytes, Bytes) | (Timestamp, Timestamp) | (Duration, Duration) => true,
        (Object(a), Object(b)) | (Union(a), Union(b)) => a == b,
        (List(a), List(b)) | (Map(a), Map(b)) => fits(a, b),
        // A map that is written out and empty.
        (Table(_, item), Map(_)) if matches!(item.kind, Never) => true,
        (Keyed(ka, a), Keyed(kb, b)) | (Table(ka, a), Table(kb, b)) => fits(ka, kb) && fits(a, b),
        _ => false,
    }
}

/// Whether a value of one type, which fits the other, is another value in Rust there: an integer where a number is
/// wanted, a value where one is wanted that may be absent or null.
pub fn differs(from: &Ty, to: &Ty) -> bool {
    use TyKind::*;
    match (&from.kind, &to.kind) {
        (Error, _) | (_, Error | Any) => false,
        // What is written out and empty gets the type that it meets.
        (Never, _) => !matches!(to.kind, Never),
        (Int, Double) => true,
        (Optional(a), Optional(b)) | (Nullable(a), Nullable(b)) | (List(a), List(b)) => differs(a, b),
        (Optional(_) | Nullable(_), _) => false,
        (_, Optional(_) | Nullable(_)) => true,
        (Table(..), Map(_)) => true,
        _ => false,
    }
}

/// The type that holds both (the branches of a ternary, the items of a list), if there is one.
pub fn join(a: &Ty, b: &Ty) -> Option<Ty> {
    use TyKind::*;
    if a.is_error() || b.is_error() {
        return Some(Ty::error());
    }
    let same = |a: &Ty, b: &Ty| if a.schema == b.schema { a.schema } else { None };
    Some(match (&a.kind, &b.kind) {
        (Never, _) => b.clone(),
        (_, Never) => a.clone(),
        (Optional(x), Optional(y)) => join(x, y)?.optional(),
        (Optional(x), _) => join(x, b)?.optional(),
        (_, Optional(y)) => join(a, y)?.optional(),
        (Null, Null) => Ty::new(Null),
        (Null, Nullable(_)) => Ty { kind: b.kind.clone(), schema: None },
        (Nullable(_), Null) => Ty { kind: a.kind.clone(), schema: None },
        (Null, _) => Ty::new(Nullable(Box::new(b.clone()))),
        (_, Null) => Ty::new(Nullable(Box::new(a.clone()))),
        (Nullable(x), Nullable(y)) => Ty { kind: Nullable(Box::new(join(x, y)?)), schema: same(a, b) },
        (Nullable(x), _) => Ty::new(Nullable(Box::new(join(x, b)?))),
        (_, Nullable(y)) => Ty::new(Nullable(Box::new(join(a, y)?))),
        (Int, Double) | (Double, Int) => Ty::double(),
        (Table(_, x), Map(_)) if matches!(x.kind, Never) => b.clone(),
        (Map(_), Table(_, y)) if matches!(y.kind, Never) => a.clone(),
        (Table(ka, x), Table(kb, y)) => {
            let key = join(ka, kb)?;
            let value = join(x, y)?;
            // The values of a map stay as they are.
            if [x, y].iter().any(|side| !matches!(side.kind, Never) && differs(side, &value)) {
                return None;
            }
            Ty::table(key, value)
        }
        (List(x), List(y)) => Ty { kind: List(Box::new(join(x, y)?)), schema: same(a, b) },
        _ if fits(a, b) && fits(b, a) => Ty { kind: a.kind.clone(), schema: same(a, b) },
        _ => return None,
    })
}
