//! The tables that say what a value must look like: written by generated code, all `const`.

use crate::json::clause::Clauses;
use crate::json::decimal::Short;
use crate::json::field::Field;
use crate::json::pattern::{Format, Pattern};

/// What a value must look like (JSON Schema's keywords, normalised). Built in statics:
/// `static LIMIT: Rule = Rule::integer().minimum("1").maximum("100");`
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub(crate) kind: Kind,
    pub(crate) nullable: bool,
    /// No clause is about null.
    pub(crate) null_is_free: bool,
    pub(crate) closed_enum: bool,
    /// The type was not said: see `DecodeOptions::implied_types`.
    pub(crate) implied: bool,
    pub(crate) allowed: &'static [&'static str],
    pub(crate) clauses: Clauses,
    /// Whether the kind is all that is to be checked, of all values alike: one look on the way of every value.
    pub(crate) plain: bool,
    /// Whether it is plain, and the kind is that of most values, strings.
    pub(crate) text: bool,
    /// Whether there are clauses, none of which asks for more than the names of members.
    pub(crate) asks_names: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Any,
    Never,
    Null,
    Boolean,
    Integer(NumberRule),
    Number(NumberRule),
    String(StringRule),
    Array(ArrayRule),
    Object(ObjectRule),
    /// As another rule says: for a rule that differs in being nullable.
    Of(&'static Rule),
    AnyOf(&'static [&'static Rule]),
    OneOf(&'static [&'static Rule]),
    Tagged(TaggedRule),
}

/// An object whose rule the text of one of its members says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TaggedRule {
    pub property: &'static str,
    pub rules: &'static [(&'static str, &'static Rule)],
    pub otherwise: Option<&'static Rule>,
}

impl TaggedRule {
    /// Every rule that a value may follow.
    pub fn all(&self) -> impl Iterator<Item = &'static Rule> {
        self.rules.iter().map(|(_, rule)| *rule).chain(self.otherwise)
    }
}

/// A bound: its exact text, and its value where that has few digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub text: &'static str,
    pub short: Option<Short>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct NumberRule {
    /// Whether there is anything to check.
    pub any: bool,
    /// Integers from `low` to `high` are within all bounds, and of the format; so are fractions between, if there is none.
    pub low: i64,
    pub high: i64,
    pub minimum: Option<Bound>,
    pub maximum: Option<Bound>,
    pub exclusive_minimum: Option<Bound>,
    pub exclusive_maximum: Option<Bound>,
    pub multiple_of: Option<Bound>,
    pub format: Option<Format>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct StringRule {
    /// Whether nothing but lengths is to be checked.
    pub only_lengths: bool,
    /// So many bytes without escapes are `min_length` code points.
    pub surely_enough: u64,
    pub min_length: u64,
    pub max_length: u64,
    pub pattern: Option<&'static Pattern>,
    pub format: Option<Format>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct ArrayRule {
    pub items: &'static Rule,
    pub min_items: u64,
    pub max_items: u64,
    pub unique: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct ObjectRule {
    pub fields: &'static [Field],
    /// Bit n: field n is required (of the first 64).
    pub required: u64,
    pub additional: Additional,
    pub min_properties: u64,
    pub max_properties: u64,
}

/// What becomes of members that are not declared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Additional {
    Cut,
    Keep,
    Refuse,
    Values(&'static Rule),
}

impl Kind {
    /// Whether values of this kind hold no others.
    #[inline]
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self, Kind::Boolean | Kind::Integer(_) | Kind::Number(_) | Kind::String(_))
    }

    /// Whether values that begin so are of this kind, or nothing is known of them.
    pub(crate) fn is_about(&self, first: u8) -> bool {
        match self {
            Kind::Boolean => matches!(first, b't' | b'f'),
            Kind::Integer(_) | Kind::Number(_) => matches!(first, b'-' | b'0'..=b'9'),
            Kind::String(_) => first == b'"',
            Kind::Array(_) => first == b'[',
            Kind::Object(_) | Kind::Tagged(_) => first == b'{',
            _ => true,
        }
    }
}

impl Rule {
    /// Whether there is more to check of a value than its kind.
    #[inline(always)]
    pub(crate) fn has_more(&self) -> bool {
        !self.plain && (!self.allowed.is_empty() || !self.clauses.is_empty())
    }
}
