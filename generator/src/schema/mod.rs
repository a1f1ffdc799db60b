//! The schema model: JSON Schema as OpenAPI uses it, normalised.
//!
//! `$ref` is gone (a reference is the id of its target, so recursion is a cycle of ids), `allOf` is
//! merged, and null is a wrapper: a schema is either [`Kind::Nullable`] or never null.

mod annotations;
mod arrays;
mod canonical;
mod circles;
mod clauses;
mod contradictions;
mod enums;
mod flatten;
pub mod formats;
mod heirs;
mod key;
mod numbers;
mod objects;
mod one_way;
pub mod pattern;
mod read_clauses;
mod reader;
mod residue;
mod settle;
mod strings;
mod tell;
mod types;
mod unions;
mod unsupported;

pub use clauses::{Clause, Clauses, ClausesId};
pub use contradictions::contradictions;
pub(crate) use key::Interned;
pub use one_way::Direction;
pub(crate) use reader::Reader;
pub use tell::{JsonType, Tell};

use std::collections::HashMap;

use crate::source::Span;

/// A schema, by position in [`Schemas`]; unique over all documents of a compilation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaId(pub u32);

/// A JSON value of a schema (`enum`, `const`, `default`, examples).
pub type Json = serde_json::Value;

/// One schema. The same component is one schema, however often it is referred to.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Where it stands.
    pub span: Span,
    /// The component's name, or one made from where it stands (`listOrders 200 items`), as in the
    /// document: not yet cased for Rust.
    pub name: String,
    /// Whether it is a named component (`#/components/schemas/X`).
    pub component: bool,
    /// Title, if any.
    pub title: Option<String>,
    /// Description, if any.
    pub description: Option<String>,
    /// Marked deprecated.
    pub deprecated: bool,
    /// Never sent in a request.
    pub read_only: bool,
    /// Never sent in a response.
    pub write_only: bool,
    /// `default`.
    pub default: Option<Json>,
    /// `example` and `examples`.
    pub examples: Vec<Json>,
    /// `enum`, or `const` as the only one. `null` is never among them (see [`Kind::Nullable`]).
    pub allowed: Option<Vec<Json>>,
    /// What it is.
    pub kind: Kind,
    /// No `type` is said: it is implied by what the schema speaks of. By the letter of JSON Schema, values of other
    /// types are valid, too.
    pub implied: bool,
    /// Of a nullable schema: null is one of its types, so the clauses of the other schema hold of null, too. Else null
    /// is an alternative of its own.
    pub null_is_a_type: bool,
    /// What holds beside the kind.
    pub clauses: Vec<Clause>,
    /// Further assertions that are not checked, by keyword, and where they stand. The kind holds without them.
    pub unsupported: Vec<(String, Span)>,
    /// The schema that this is a reference to, with other annotations (description, default ...) only:
    /// `{$ref: ..., description: ...}`. Kind, name and component are those of that schema (or its nullable
    /// form); to be treated as one type with it.
    pub copy_of: Option<SchemaId>,
    /// Where values that go one way have a schema of their own, of that: which way, and the schema as it stands.
    pub going: Option<(Direction, SchemaId)>,
}

impl Schema {
    /// A schema that says nothing but its kind.
    pub fn new(span: Span, name: impl Into<String>, kind: Kind) -> Self {
        Schema {
            span,
            name: name.into(),
            component: false,
            title: None,
            description: None,
            deprecated: false,
            read_only: false,
            write_only: false,
            default: None,
            examples: Vec::new(),
            allowed: None,
            kind,
            implied: false,
            null_is_a_type: false,
            clauses: Vec::new(),
            unsupported: Vec::new(),
            copy_of: None,
            going: None,
        }
    }

    /// The name of its type: of a schema that is another one each way, each has its own.
    pub fn type_name(&self) -> String {
        match self.going {
            None => self.name.clone(),
            Some((Direction::Request, _)) => format!("{} input", self.name),
            Some((Direction::Response, _)) => format!("{} output", self.name),
        }
    }

    /// Takes what another schema says about itself, where this one says nothing.
    fn inherit(&mut self, of: &Schema) {
        let missing = |mine: &Option<String>, other: &Option<String>| mine.clone().or_else(|| other.clone());
        self.title = missing(&self.title, &of.title);
        self.description = missing(&self.description, &of.description);
        self.default = self.default.take().or_else(|| of.default.clone());
        self.deprecated |= of.deprecated;
        self.read_only |= of.read_only;
        self.write_only |= of.write_only;
        if self.examples.is_empty() {
            self.examples.clone_from(&of.examples);
        }
    }
}

/// What a schema says about the value.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Anything (an untyped or `true` schema).
    Any,
    /// Nothing is valid (`false`).
    Never,
    /// `null` or what the other schema says. The other is never nullable itself.
    Nullable(SchemaId),
    /// `null` only.
    Null,
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer(NumberRules),
    /// A number.
    Number(NumberRules),
    /// A string.
    String(StringRules),
    /// A list.
    Array(ArrayRules),
    /// An object.
    Object(ObjectRules),
    /// One or any of several.
    Union(UnionRules),
    /// A construct that is not supported, by name ("`if`"). An error only where it is reached.
    Unsupported {
        /// The construct.
        what: String,
        /// Where it stands.
        span: Span,
    },
}

impl Kind {
    /// What a value is one of: the members of a union, or the heirs of a base.
    pub fn alternatives(&self) -> Option<&UnionRules> {
        match self {
            Kind::Union(rules) => Some(rules),
            Kind::Object(rules) => rules.heirs.as_deref(),
            _ => None,
        }
    }

    /// The schemas that it is made of; of a list, that of all its items.
    pub fn parts(&self) -> Vec<SchemaId> {
        match self {
            Kind::Nullable(inner) => vec![*inner],
            Kind::Array(rules) => vec![rules.items],
            Kind::Union(rules) => rules.members.clone(),
            Kind::Object(rules) => {
                let values = match rules.additional {
                    Additional::Schema(values) => Some(values),
                    _ => None,
                };
                rules.properties.iter().map(|property| property.schema).chain(values).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Bounds of a number, each as JSON text: exact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberRules {
    /// `int32`, `double` ...
    pub format: Option<String>,
    /// `minimum`.
    pub minimum: Option<String>,
    /// `maximum`.
    pub maximum: Option<String>,
    /// `exclusiveMinimum` (as of 2020-12: a number).
    pub exclusive_minimum: Option<String>,
    /// `exclusiveMaximum`.
    pub exclusive_maximum: Option<String>,
    /// `multipleOf`.
    pub multiple_of: Option<String>,
}

/// What a string must look like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StringRules {
    /// `date-time`, `uuid`, `email` ...
    pub format: Option<String>,
    /// In code points.
    pub min_length: Option<u64>,
    /// In code points.
    pub max_length: Option<u64>,
    /// ECMA-262, as written.
    pub pattern: Option<String>,
    /// `contentEncoding`: `base64` ...
    pub content_encoding: Option<String>,
    /// `contentMediaType`.
    pub content_media_type: Option<String>,
}

/// What a list must look like.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayRules {
    /// Schema of each item; with `prefix_items` one that holds for all: any of these or `rest`.
    pub items: SchemaId,
    /// Schemas of the first items, by position.
    pub prefix_items: Vec<SchemaId>,
    /// Schema of the items behind `prefix_items`; without these the same as `items`.
    pub rest: SchemaId,
    /// `minItems`.
    pub min_items: Option<u64>,
    /// `maxItems`.
    pub max_items: Option<u64>,
    /// `uniqueItems`.
    pub unique_items: bool,
}

impl ArrayRules {
    /// The schema of the item in a place.
    pub fn at(&self, place: usize) -> SchemaId {
        self.prefix_items.get(place).copied().unwrap_or(self.rest)
    }
}

/// What an object must look like.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectRules {
    /// In the order of the document.
    pub properties: Vec<Property>,
    /// Members that are not in `properties`: what holds for all of them, where patterns say more.
    pub additional: Additional,
    /// `patternProperties`: ECMA-262, as written. Each holds for every member whose name it finds, those in
    /// `properties` too.
    pub pattern_properties: Vec<(String, SchemaId)>,
    /// What the values are whose names a pattern finds, or that `unmatched` has a schema for: any of these.
    pub pattern_values: Option<SchemaId>,
    /// Members that neither `properties` nor a pattern names; without patterns the same as `additional`.
    pub unmatched: Additional,
    /// `propertyNames`: what the name of every member must be.
    pub property_names: Option<SchemaId>,
    /// `minProperties`.
    pub min_properties: Option<u64>,
    /// `maxProperties`.
    pub max_properties: Option<u64>,
    /// Where a `discriminator` stands here and no `oneOf` beside it: the components that are made of this one by
    /// `allOf`, and this one itself (without heirs) where values may be of none of them. A value is of one of these.
    pub heirs: Option<Box<UnionRules>>,
}

/// A declared member. Names that are only in `required` are here too, with a [`Kind::Any`] schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// The JSON name.
    pub name: String,
    /// Its schema.
    pub schema: SchemaId,
    /// Whether it must be there.
    pub required: bool,
    /// Where its key stands.
    pub span: Span,
    /// Where `required` names it, or else where the missing `required` would be looked for.
    pub required_span: Option<Span>,
}

/// Members that are not declared.
#[derive(Clone, Debug, PartialEq)]
pub enum Additional {
    /// Nothing said: allowed, but not part of the contract.
    Unsaid,
    /// `additionalProperties: true`: kept on the way out.
    Any,
    /// `additionalProperties: false`.
    Forbidden,
    /// `additionalProperties: {schema}`. With no `properties` this is a map.
    Schema(SchemaId),
}

/// `oneOf` or `anyOf`, with null already taken out.
#[derive(Clone, Debug, PartialEq)]
pub struct UnionRules {
    /// The alternatives, at least two.
    pub members: Vec<SchemaId>,
    /// `oneOf` rather than `anyOf`.
    pub exactly_one: bool,
    /// The property that tells them apart, and which member each value of it means.
    pub discriminator: Option<Discriminator>,
    /// How to see which member a value is of.
    pub tell: Tell,
}

/// OpenAPI's `discriminator`.
#[derive(Clone, Debug, PartialEq)]
pub struct Discriminator {
    /// Its JSON name.
    pub property: String,
    /// Value to position in `members`.
    pub mapping: Vec<(String, usize)>,
}

/// All schemas of a compilation.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    all: Vec<Schema>,
    clauses: Vec<Clauses>,
    /// Schemas as they are one way, of those that were asked for.
    turned: HashMap<(SchemaId, Direction), SchemaId>,
}

impl Schemas {
    /// Adds a schema.
    pub fn add(&mut self, schema: Schema) -> SchemaId {
        self.all.push(schema);
        SchemaId(self.all.len() as u32 - 1)
    }

    /// Adds a union of settled schemas.
    pub fn add_union(&mut self, span: Span, name: &str, members: Vec<SchemaId>) -> SchemaId {
        let rules = UnionRules { members, exactly_one: false, discriminator: None, tell: Tell::default() };
        let id = self.add(Schema::new(span, name, Kind::Union(rules)));
        tell::fill(self, id);
        id
    }

    /// The schema that an id stands for when only annotations differ: one type for all of them.
    pub fn canonical(&self, id: SchemaId) -> SchemaId {
        let schema = self.get(id);
        match (schema.copy_of, &schema.kind) {
            (_, Kind::Nullable(_)) | (None, _) => id,
            (Some(original), _) => self.canonical(original),
        }
    }

    /// The schema of an id.
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.all[id.0 as usize]
    }

    /// The schema of an id, to complete it (recursion needs the id before the content).
    pub fn get_mut(&mut self, id: SchemaId) -> &mut Schema {
        &mut self.all[id.0 as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
