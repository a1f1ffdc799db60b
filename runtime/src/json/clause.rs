//! The tables of keywords beyond the form of a value: written by generated code, all `static`.

use crate::json::pattern::{Format, Pattern};

/// A schema as a list of what it says, all of which must hold; `&[]` takes everything.
pub type Clauses = &'static [Clause];

/// One keyword of JSON Schema (2020-12), with the meaning that it has there: it says nothing of values of other
/// types. `static ONE_OF_BOTH: &[Clause] = &[Clause::Not(&[Clause::Required(&["card", "iban"])])];`
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each is the keyword of its name")]
pub enum Clause {
    /// The schema `false`.
    Never,
    /// The schema that a `$ref` leads to.
    Ref(&'static Clauses),
    AllOf(&'static [Clauses]),
    AnyOf(&'static [Clauses]),
    OneOf(&'static [Clauses]),
    Not(Clauses),
    If {
        condition: Clauses,
        then: Clauses,
        otherwise: Clauses,
    },
    /// Names of types; `integer` takes `300.0`.
    Type(&'static [&'static str]),
    /// `enum` or `const`: the values as JSON text.
    Enum(&'static [&'static str]),
    /// Bounds are JSON text.
    Minimum(&'static str),
    Maximum(&'static str),
    ExclusiveMinimum(&'static str),
    ExclusiveMaximum(&'static str),
    MultipleOf(&'static str),
    /// In code points.
    MinLength(u64),
    MaxLength(u64),
    Pattern(&'static Pattern),
    /// A look-ahead of `pattern` that must not be found.
    NoPattern(&'static Pattern),
    Format(Format),
    PrefixItems(&'static [Clauses]),
    /// `items`: of the items from this place on.
    Items(usize, Clauses),
    Contains {
        item: Clauses,
        min: u64,
        max: u64,
    },
    MinItems(u64),
    MaxItems(u64),
    UniqueItems,
    Properties(&'static [(&'static str, Clauses)]),
    PatternProperties(&'static [(&'static Pattern, Clauses)]),
    /// `additionalProperties`: of the members that neither the names nor the patterns speak of.
    AdditionalProperties {
        names: &'static [&'static str],
        patterns: &'static [&'static Pattern],
        value: Clauses,
    },
    PropertyNames(Clauses),
    Required(&'static [&'static str]),
    MinProperties(u64),
    MaxProperties(u64),
    /// If the member is there, so are the others.
    DependentRequired(&'static [(&'static str, &'static [&'static str])]),
    /// If the member is there, the whole object is as the schema says.
    DependentSchemas(&'static [(&'static str, Clauses)]),
    /// Of the members that no other clause speaks of, here or in the schemas that hold in place.
    UnevaluatedProperties(Clauses),
    UnevaluatedItems(Clauses),
}

/// Which members or items of one value have been spoken of, by their place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evaluated {
    all: bool,
    bits: Vec<u64>,
}

impl Evaluated {
    pub(crate) fn insert(&mut self, place: usize) {
        let word = place / 64;
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << (place % 64);
    }

    pub(crate) fn insert_all(&mut self) {
        self.all = true;
    }

    pub(crate) fn contains(&self, place: usize) -> bool {
        self.all || self.bits.get(place / 64).is_some_and(|word| word & 1 << (place % 64) != 0)
    }

    pub(crate) fn merge(&mut self, other: &Evaluated) {
        self.all |= other.all;
        if self.bits.len() < other.bits.len() {
            self.bits.resize(other.bits.len(), 0);
        }
        self.bits.iter_mut().zip(&other.bits).for_each(|(mine, theirs)| *mine |= theirs);
    }
}
