//! Which Rust type each schema becomes in a client: whole, owned, and under one name in the crate.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diagnostic;
use crate::emit::names::{Names, ident, pascal};
use crate::schema::{Additional, ArrayRules, Kind, ObjectRules, SchemaId, Schemas};
use crate::source::Span;

/// A Rust type of a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Any JSON value: the schema says nothing, or what it says has no Rust type (a diagnostic says so).
    Json,
    /// `null` and nothing else.
    Null,
    /// `bool`
    Bool,
    /// `i64`, `u32` ...
    Int(&'static str),
    /// `f64`
    Double,
    /// `String`
    Text,
    /// `Vec<T>`
    List(Box<Type>),
    /// `(A, B)`: as many items, each in its place.
    Tuple(Vec<Type>),
    /// `BTreeMap<String, T>`
    Map(Box<Type>),
    /// `Nullable<T>`
    Nullable(Box<Type>),
    /// A type of the module `types`.
    Named(SchemaId),
}

/// Named types, in the order in which they were first needed.
pub struct Model<'s> {
    /// Every schema.
    pub schemas: &'s Schemas,
    /// What could not be typed.
    pub found: Vec<Diagnostic>,
    names: Names,
    named: IndexMap<SchemaId, String>,
    /// Unions whose members are being looked at.
    open: Vec<SchemaId>,
    memo: HashMap<SchemaId, Type>,
    /// Which types hold which by value, without a box between.
    holds: HashMap<SchemaId, Vec<SchemaId>>,
}

/// The most that clippy's `type_complexity` takes, less what stands around a type (`Option<Nullable<_>>`).
const MAX_COMPLEXITY: usize = 250 - 30;

/// Tuples up to this length have all traits.
const MAX_TUPLE: usize = 12;

/// Unions and tuples in each other without a name between, at most.
const MAX_OPEN: usize = 64;

/// Names of Rust's prelude and of what the module `types` imports: a type of a document never takes one.
const TAKEN: &[&str] = &[
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "String",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "PartialEq",
    "Eq",
    "Hash",
    "Self",
    "Send",
    "Sync",
    "Sized",
    "Unpin",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Into",
    "AsRef",
    "AsMut",
    "Iterator",
    "IntoIterator",
    "Extend",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Serialize",
    "Serializer",
    "Deserialize",
    "Deserializer",
    "BTreeMap",
    "Json",
    "Nullable",
    "Ord",
    "PartialOrd",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "FromIterator",
    "Future",
    "IntoFuture",
];

impl<'s> Model<'s> {
    /// No types yet.
    pub fn new(schemas: &'s Schemas) -> Self {
        Model {
            schemas,
            found: Vec::new(),
            names: Names::with(TAKEN),
            named: IndexMap::new(),
            open: Vec::new(),
            memo: HashMap::new(),
            holds: HashMap::new(),
        }
    }

    /// The components that have a type, with their types as seen from the crate's root.
    pub fn components(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = self
            .memo
            .iter()
            .map(|(id, ty)| (self.schemas.get(*id), ty))
            .filter(|(schema, _)| schema.component)
            .map(|(schema, ty)| (schema.name.clone(), self.rust(ty, Some("types")).to_string()))
            .collect();
        all.sort();
        all
    }

    /// The schema of a named type, by the order in which they came.
    pub fn nth(&self, at: usize) -> Option<SchemaId> {
        self.named.get_index(at).map(|(id, _)| *id)
    }

    /// The name of a named type.
    pub fn name(&self, id: SchemaId) -> &str {
        self.named.get(&id).map_or("", String::as_str)
    }

    /// The type of a schema's values.
    pub fn of(&mut self, id: SchemaId) -> Type {
        let id = self.schemas.canonical(id);
        if let Some(known) = self.memo.get(&id) {
            return known.clone();
        }
        let ty = match self.make(id) {
            // A list of lists of maps of lists is a type of its own.
            ty @ (Type::List(_) | Type::Map(_) | Type::Tuple(_)) if complexity(&ty, 3) > MAX_COMPLEXITY => {
                self.named(id)
            }
            ty => ty,
        };
        // Inside a union that is still open, too: what leads back to it has made it a named type for good.
        self.memo.insert(id, ty.clone());
        ty
    }

    fn make(&mut self, id: SchemaId) -> Type {
        let schema = self.schemas.get(id);
        if is_named_enum(self.schemas, id) {
            return self.named(id);
        }
        match &schema.kind {
            Kind::Any | Kind::Never => {
                self.name_dynamic(id);
                Type::Json
            }
            Kind::Null => Type::Null,
            Kind::Boolean => Type::Bool,
            Kind::Integer(rules) => Type::Int(integer(rules)),
            Kind::Number(_) => Type::Double,
            Kind::String(_) => Type::Text,
            Kind::Nullable(inner) => match self.of(*inner) {
                Type::Json => Type::Json,
                inner @ (Type::Nullable(_) | Type::Null) => inner,
                inner => Type::Nullable(Box::new(inner)),
            },
            Kind::Array(rules) => {
                if let Some(places) = places(self.schemas, rules) {
                    return match self.together(id, places) {
                        Some(items) => Type::Tuple(items),
                        None => self.named(id),
                    };
                }
                if self.loops(id) {
                    return self.named(id);
                }
                Type::List(Box::new(self.of(rules.items)))
            }
            Kind::Object(rules) if rules.heirs.is_some() => self.named(id),
            Kind::Object(rules) => match map_values(rules) {
                None => self.named(id),
                Some(None) => Type::Map(Box::new(Type::Json)),
                Some(Some(_)) if self.loops(id) => self.named(id),
                Some(Some(values)) => Type::Map(Box::new(self.of(values))),
            },
            Kind::Union(rules) => {
                let members = self.together(id, &rules.members);
                match members.and_then(|members| collapsed(self.schemas, &members)) {
                    Some(one) => one,
                    None => self.named(id),
                }
            }
            Kind::Unsupported { what, span } => {
                self.untyped(what, *span);
                Type::Json
            }
        }
    }

    /// The types of what stands in a schema without a name between. None: one of them holds the schema itself, which
    /// has made it a named type, or there are too many inside each other.
    fn together(&mut self, id: SchemaId, parts: &[SchemaId]) -> Option<Vec<Type>> {
        if self.open.contains(&id) || self.open.len() >= MAX_OPEN {
            self.named(id);
            return None;
        }
        self.open.push(id);
        let types = parts.iter().map(|part| self.of(*part)).collect();
        self.open.pop();
        (!self.named.contains_key(&id)).then_some(types)
    }

    /// Says that a construct has no type, once for each place.
    fn untyped(&mut self, what: &str, span: Span) {
        let message = format!("unsupported: {what} has no Rust type yet");
        let help = "The client keeps the value as JSON: take it apart by hand.";
        let known = |d: &Diagnostic| d.labels.first().is_some_and(|label| label.span == span);
        if !self.found.iter().any(known) {
            self.found.push(Diagnostic::warning("BFF0601", message, span).help(help));
        }
    }

    /// A schema that is another one, depending on who asks, could be any.
    fn name_dynamic(&mut self, id: SchemaId) {
        let dynamic = |(what, _): &&(String, Span)| matches!(what.as_str(), "$dynamicRef" | "$recursiveRef");
        if let Some((what, span)) = self.schemas.get(id).unsupported.iter().find(dynamic) {
            self.untyped(&format!("`{what}`"), *span);
        }
    }

    fn named(&mut self, id: SchemaId) -> Type {
        if !self.named.contains_key(&id) {
            let name = self.names.take(&pascal(&self.schemas.get(id).name), "Value");
            self.named.insert(id, name);
        }
        Type::Named(id)
    }

    /// Whether a list or a map leads back to itself through lists and maps alone: then it needs a name.
    fn loops(&self, id: SchemaId) -> bool {
        let mut at = id;
        for _ in 0..64 {
            at = match &self.schemas.get(at).kind {
                Kind::Array(rules) => rules.items,
                Kind::Nullable(inner) => *inner,
                Kind::Object(rules) => match map_values(rules) {
                    Some(Some(values)) => values,
                    _ => return false,
                },
                _ => return false,
            };
            at = self.schemas.canonical(at);
            if at == id {
                return true;
            }
        }
        false
    }

    /// Notes that `owner` holds a value of the type. Whether it must be boxed, because the type holds `owner`.
    pub fn boxed(&mut self, owner: SchemaId, ty: &Type) -> bool {
        let target = match ty {
            Type::Named(id) => *id,
            Type::Nullable(inner) => return self.boxed(owner, inner),
            Type::Tuple(items) => {
                // Each of them is noted.
                let boxed: Vec<bool> = items.iter().map(|item| self.boxed(owner, item)).collect();
                return boxed.contains(&true);
            }
            _ => return false,
        };
        let (mut open, mut seen) = (vec![target], HashSet::new());
        while let Some(id) = open.pop() {
            if id == owner {
                return true;
            }
            if seen.insert(id) {
                open.extend(self.holds.get(&id).into_iter().flatten());
            }
        }
        self.holds.entry(owner).or_default().push(target);
        false
    }

    /// The type as Rust text; `home` is before the names of types (`types::`), or nothing inside that module.
    pub fn rust(&self, ty: &Type, home: Option<&str>) -> TokenStream {
        match ty {
            Type::Json => quote! { Json },
            Type::Null => quote! { () },
            Type::Bool => quote! { bool },
            Type::Int(name) => {
                let name = ident(name);
                quote! { #name }
            }
            Type::Double => quote! { f64 },
            Type::Text => quote! { String },
            Type::List(item) => {
                let item = self.rust(item, home);
                quote! { Vec<#item> }
            }
            Type::Tuple(items) => {
                let items = items.iter().map(|item| self.rust(item, home));
                quote! { (#(#items,)*) }
            }
            Type::Map(value) => {
                let value = self.rust(value, home);
                quote! { BTreeMap<String, #value> }
            }
            Type::Nullable(inner) => {
                let inner = self.rust(inner, home);
                quote! { Nullable<#inner> }
            }
            Type::Named(id) => {
                let name = ident(self.name(*id));
                match home.map(ident) {
                    Some(home) => quote! { #home::#name },
                    None => quote! { #name },
                }
            }
        }
    }
}

/// The values of an object without members of its own: `None` for one with members.
#[allow(clippy::option_option, reason = "three cases: no map, a map of anything, a map of a schema")]
pub fn map_values(rules: &ObjectRules) -> Option<Option<SchemaId>> {
    if !rules.properties.is_empty() || rules.heirs.is_some() {
        return None;
    }
    match rules.additional {
        Additional::Schema(values) => Some(Some(values)),
        _ => Some(None),
    }
}

/// The schemas of the items of a list that always has as many, each in its place.
pub fn places<'r>(schemas: &Schemas, rules: &'r ArrayRules) -> Option<&'r [SchemaId]> {
    let count = rules.prefix_items.len();
    let closed = rules.max_items == Some(count as u64) || matches!(schemas.get(rules.rest).kind, Kind::Never);
    let fixed = closed && rules.min_items.is_some_and(|least| least == count as u64);
    (fixed && (1..=MAX_TUPLE).contains(&count)).then_some(&rules.prefix_items)
}

/// Whether a schema is an enumeration of texts.
pub fn is_named_enum(schemas: &Schemas, id: SchemaId) -> bool {
    let schema = schemas.get(id);
    matches!(schema.kind, Kind::String(_))
        && schema.allowed.as_ref().is_some_and(|all| all.iter().all(serde_json::Value::is_string))
}

fn integer(rules: &crate::schema::NumberRules) -> &'static str {
    match rules.format.as_deref() {
        Some("int8") => "i8",
        Some("int16") => "i16",
        Some("int32") => "i32",
        Some("uint8") => "u8",
        Some("uint16") => "u16",
        Some("uint32" | "uint") => "u32",
        Some("uint64") => "u64",
        _ => {
            let beyond = rules.maximum.as_deref().and_then(|text| text.parse::<u64>().ok());
            let positive = rules.minimum.as_deref().is_some_and(|text| !text.starts_with('-'));
            if positive && beyond.is_some_and(|n| i64::try_from(n).is_err()) { "u64" } else { "i64" }
        }
    }
}

/// How complex clippy finds a type at a depth.
fn complexity(ty: &Type, depth: usize) -> usize {
    10 * depth
        + match ty {
            Type::List(inner) | Type::Nullable(inner) => complexity(inner, depth + 1),
            Type::Tuple(items) => items.iter().map(|item| complexity(item, depth + 1)).sum(),
            Type::Map(values) => 10 * (depth + 1) + complexity(values, depth + 1),
            _ => 0,
        }
}

/// One type that holds all members of a union as well as the union would.
fn collapsed(schemas: &Schemas, members: &[Type]) -> Option<Type> {
    let first = members.first()?;
    if members.iter().all(|member| member == first) {
        return Some(first.clone());
    }
    let is_text = |ty: &Type| match ty {
        Type::Text => true,
        Type::Named(id) => matches!(schemas.get(*id).kind, Kind::String(_)),
        _ => false,
    };
    if members.iter().all(is_text) {
        return Some(Type::Text);
    }
    if members.iter().all(|member| matches!(member, Type::Int(_))) {
        return Some(Type::Int("i64"));
    }
    if members.iter().all(|member| matches!(member, Type::Int(_) | Type::Double)) {
        return Some(Type::Double);
    }
    members.contains(&Type::Json).then_some(Type::Json)
}
