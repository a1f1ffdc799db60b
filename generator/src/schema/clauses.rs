//! Clauses: keywords by the letter of JSON Schema, for what the kind of a schema does not say.

use super::{Direction, SchemaId};
use crate::source::Span;

/// A list of clauses, by position in [`super::Schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClausesId(pub u32);

/// A schema as the list of what it says, all of which must hold.
#[derive(Clone, Debug, Default)]
pub struct Clauses {
    /// The component's name, or one made from where it stands.
    pub name: String,
    /// What it says.
    pub all: Vec<Clause>,
    /// Members that it declares and that go one way only: not asked for in the other direction, which this is.
    pub one_way: Vec<(String, Direction)>,
    /// Keywords that are not checked, and where they stand.
    pub unsupported: Vec<(String, Span)>,
}

/// One keyword (JSON Schema 2020-12). It says nothing of values of other types.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each is the keyword of its name")]
pub enum Clause {
    /// The schema `false`.
    Never,
    /// What a `$ref` leads to.
    Ref(ClausesId),
    AllOf(Vec<ClausesId>),
    AnyOf(Vec<ClausesId>),
    OneOf(Vec<ClausesId>),
    Not(ClausesId),
    If {
        condition: ClausesId,
        then: Option<ClausesId>,
        otherwise: Option<ClausesId>,
    },
    /// Names of types.
    Type(Vec<String>),
    /// `enum` or `const`: the values as JSON text.
    Enum(Vec<String>),
    /// `minimum` and its like, with its value: by the name of the keyword.
    Bound(&'static str, String),
    /// `minLength` and its like.
    Count(&'static str, u64),
    /// As the `regex` crate writes it.
    Pattern(String),
    /// A look-ahead of `pattern` that must not be found.
    NoPattern(String),
    Format(String),
    PrefixItems(Vec<ClausesId>),
    /// `items`, from a place on.
    Items(usize, ClausesId),
    Contains {
        item: ClausesId,
        min: u64,
        max: Option<u64>,
    },
    UniqueItems,
    Properties(Vec<(String, ClausesId)>),
    PatternProperties(Vec<(String, ClausesId)>),
    AdditionalProperties {
        names: Vec<String>,
        patterns: Vec<String>,
        value: ClausesId,
    },
    PropertyNames(ClausesId),
    Required(Vec<String>),
    DependentRequired(Vec<(String, Vec<String>)>),
    DependentSchemas(Vec<(String, ClausesId)>),
    UnevaluatedProperties(ClausesId),
    UnevaluatedItems(ClausesId),
}

impl Clause {
    /// The lists that speak of the same value.
    pub fn in_place(&self) -> Vec<ClausesId> {
        match self {
            Clause::Ref(one) | Clause::Not(one) => vec![*one],
            Clause::AllOf(all) | Clause::AnyOf(all) | Clause::OneOf(all) => all.clone(),
            Clause::If { condition, then, otherwise } => {
                [Some(*condition), *then, *otherwise].into_iter().flatten().collect()
            }
            Clause::DependentSchemas(all) => all.iter().map(|(_, one)| *one).collect(),
            _ => Vec::new(),
        }
    }

    /// Every list within it.
    pub fn within(&self) -> Vec<ClausesId> {
        match self {
            Clause::PrefixItems(all) => all.clone(),
            Clause::Items(_, one)
            | Clause::Contains { item: one, .. }
            | Clause::AdditionalProperties { value: one, .. }
            | Clause::PropertyNames(one)
            | Clause::UnevaluatedProperties(one)
            | Clause::UnevaluatedItems(one) => vec![*one],
            Clause::Properties(all) | Clause::PatternProperties(all) => all.iter().map(|(_, one)| *one).collect(),
            _ => self.in_place(),
        }
    }
}

impl super::Schemas {
    /// Adds a list of clauses.
    pub(super) fn add_clauses(&mut self, name: &str) -> ClausesId {
        self.clauses.push(Clauses { name: name.to_owned(), ..Clauses::default() });
        ClausesId(self.clauses.len() as u32 - 1)
    }

    /// The clauses of an id.
    pub fn clauses(&self, id: ClausesId) -> &Clauses {
        &self.clauses[id.0 as usize]
    }

    pub(super) fn clauses_mut(&mut self, id: ClausesId) -> &mut Clauses {
        &mut self.clauses[id.0 as usize]
    }

    /// Every list of clauses that a schema's own lead to, each once.
    pub fn clauses_of(&self, id: SchemaId) -> Vec<ClausesId> {
        let mut found: indexmap::IndexSet<ClausesId> = indexmap::IndexSet::new();
        found.extend(self.get(id).clauses.iter().flat_map(Clause::within));
        let mut next = 0;
        while let Some(id) = found.get_index(next).copied() {
            found.extend(self.clauses(id).all.iter().flat_map(Clause::within));
            next += 1;
        }
        found.into_iter().collect()
    }
}
