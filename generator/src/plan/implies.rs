//! Whether the values of one schema are always values of another: then those that were checked by the one need not be
//! checked by the other. What cannot be seen here counts as no.

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::mock::number::Decimal;
use crate::mock::valid;
use crate::schema::formats::{OF_NUMBERS, OF_TEXTS, find};
use crate::schema::{
    Additional, ArrayRules, Json, Kind, NumberRules, ObjectRules, SchemaId, Schemas, StringRules, UnionRules, pattern,
};
use crate::source::decimal::compare;

/// Pairs of schemas that are compared before the answer is no.
const STEPS: u32 = 2_000;

/// Whether each value of `from` is one of `to`.
pub fn implies(schemas: &Schemas, from: SchemaId, to: SchemaId) -> bool {
    Judge::new(schemas).implies(from, to)
}

/// Whether a schema, and those within it, say no more than a type.
pub fn says_only_a_type(schemas: &Schemas, id: SchemaId) -> bool {
    Judge::new(schemas).says_only_a_type(id)
}

/// Whether a constant is valid. What is a list or an object, or a text of a format, is seen when it is sent.
pub fn surely_valid(schemas: &Schemas, id: SchemaId, value: &Json) -> bool {
    let schema = schemas.get(id);
    let has_format = match &schema.kind {
        Kind::String(rules) => rules.format.as_deref().is_some_and(|format| find(&OF_TEXTS, format).is_some()),
        Kind::Union(_) => true,
        _ => false,
    };
    let is_told = schema.clauses.is_empty() && (schema.allowed.is_some() || !has_format);
    is_told && !value.is_array() && !value.is_object() && valid(schemas, id, value)
}

struct Judge<'s> {
    schemas: &'s Schemas,
    /// What is being looked at, or was: a schema that holds itself ends here.
    seen: HashSet<(SchemaId, SchemaId)>,
    left: u32,
}

impl<'s> Judge<'s> {
    fn new(schemas: &'s Schemas) -> Judge<'s> {
        Judge { schemas, seen: HashSet::new(), left: STEPS }
    }

    fn implies(&mut self, from: SchemaId, to: SchemaId) -> bool {
        let (from, to) = (self.schemas.canonical(from), self.schemas.canonical(to));
        if from == to || !self.seen.insert((from, to)) {
            return true;
        }
        self.left = self.left.saturating_sub(1);
        let (mine, theirs) = (self.schemas.get(from), self.schemas.get(to));
        if let Some(given) = &mine.allowed
            && !matches!(mine.kind, Kind::Nullable(_))
            && given.iter().all(|value| surely_valid(self.schemas, to, value))
        {
            return true;
        }
        if self.left == 0 || !theirs.clauses.is_empty() && theirs.clauses != mine.clauses {
            return false;
        }
        if let Some(wanted) = &theirs.allowed
            && !mine.allowed.as_ref().is_some_and(|given| given.iter().all(|value| wanted.contains(value)))
        {
            return false;
        }
        match (&mine.kind, &theirs.kind) {
            (_, Kind::Any) | (Kind::Boolean, Kind::Boolean) | (Kind::Null, Kind::Null | Kind::Nullable(_)) => true,
            (Kind::Nullable(mine), Kind::Nullable(theirs)) => self.implies(*mine, *theirs),
            (_, Kind::Nullable(theirs)) => self.implies(from, *theirs),
            (Kind::Union(mine), _) => mine.members.iter().all(|member| self.implies(*member, to)),
            (_, Kind::Union(theirs)) => self.is_one_of(from, theirs),
            (Kind::Integer(mine), Kind::Integer(theirs)) => numbers(mine, theirs, true),
            (Kind::Integer(mine) | Kind::Number(mine), Kind::Number(theirs)) => numbers(mine, theirs, false),
            (Kind::String(mine), Kind::String(theirs)) => texts(mine, theirs),
            (Kind::Array(mine), Kind::Array(theirs)) => self.lists(mine, theirs),
            (Kind::Object(mine), Kind::Object(theirs)) => self.objects(mine, theirs),
            _ => false,
        }
    }

    /// What was found to hold on a way that led to no is forgotten: it may stand on what did not hold.
    fn is_one_of(&mut self, from: SchemaId, wanted: &UnionRules) -> bool {
        !wanted.exactly_one
            && wanted.members.iter().any(|member| {
                let before = self.seen.clone();
                let holds = self.implies(from, *member);
                if !holds {
                    self.seen = before;
                }
                holds
            })
    }

    fn lists(&mut self, mine: &ArrayRules, theirs: &ArrayRules) -> bool {
        at_least(mine.min_items, theirs.min_items)
            && at_most(mine.max_items, theirs.max_items)
            && (mine.unique_items || !theirs.unique_items)
            && theirs.prefix_items.is_empty()
            && self.implies(mine.items, theirs.items)
    }

    fn objects(&mut self, mine: &ObjectRules, theirs: &ObjectRules) -> bool {
        let closed = mine.additional == Additional::Forbidden;
        let declared = |name: &str| mine.properties.iter().find(|property| property.name == name);
        is_plain(mine)
            && is_plain(theirs)
            && theirs.properties.iter().all(|wanted| match declared(&wanted.name) {
                Some(given) => (given.required || !wanted.required) && self.implies(given.schema, wanted.schema),
                None => closed && !wanted.required,
            })
            && match theirs.additional {
                Additional::Unsaid | Additional::Any => true,
                Additional::Forbidden | Additional::Schema(_) => {
                    let known = |name: &str| theirs.properties.iter().any(|property| property.name == name);
                    closed && mine.properties.iter().all(|property| known(&property.name))
                }
            }
    }

    fn says_only_a_type(&mut self, id: SchemaId) -> bool {
        let id = self.schemas.canonical(id);
        let schema = self.schemas.get(id);
        if schema.allowed.is_some() || !schema.clauses.is_empty() {
            return false;
        }
        if !self.seen.insert((id, id)) {
            return true;
        }
        match &schema.kind {
            Kind::Any | Kind::Boolean | Kind::Null => true,
            Kind::Nullable(of) => self.says_only_a_type(*of),
            // What is sent as an integer has 64 bits.
            Kind::Integer(rules) => {
                let of_type = NumberRules { format: Some("int64".into()), ..NumberRules::default() };
                numbers(&of_type, rules, true)
            }
            Kind::Number(rules) => numbers(&NumberRules::default(), rules, false),
            Kind::String(rules) => texts(&StringRules::default(), rules),
            Kind::Array(rules) => {
                rules.min_items.is_none()
                    && rules.max_items.is_none()
                    && !rules.unique_items
                    && rules.prefix_items.is_empty()
                    && self.says_only_a_type(rules.items)
            }
            Kind::Object(rules) => {
                let additional = match rules.additional {
                    Additional::Schema(values) => self.says_only_a_type(values),
                    _ => true,
                };
                is_plain(rules)
                    && additional
                    && rules.properties.iter().all(|property| self.says_only_a_type(property.schema))
            }
            _ => false,
        }
    }
}

/// Whether an object's schema speaks of its members only, one by one.
pub fn is_plain(rules: &ObjectRules) -> bool {
    rules.min_properties.is_none()
        && rules.max_properties.is_none()
        && rules.property_names.is_none()
        && rules.pattern_properties.is_empty()
        && rules.heirs.is_none()
}

fn at_least(mine: Option<u64>, theirs: Option<u64>) -> bool {
    theirs.is_none_or(|theirs| mine.unwrap_or(0) >= theirs)
}

fn at_most(mine: Option<u64>, theirs: Option<u64>) -> bool {
    theirs.is_none_or(|theirs| mine.is_some_and(|mine| mine <= theirs))
}

fn texts(mine: &StringRules, theirs: &StringRules) -> bool {
    let unchecked = |source: &String| pattern::translate(source).is_err();
    at_least(mine.min_length, theirs.min_length)
        && at_most(mine.max_length, theirs.max_length)
        && theirs.pattern.as_ref().is_none_or(|wanted| mine.pattern.as_ref() == Some(wanted) || unchecked(wanted))
        && theirs
            .format
            .as_ref()
            .is_none_or(|wanted| mine.format.as_ref() == Some(wanted) || find(&OF_TEXTS, wanted).is_none())
}

/// `integer`: both are of integers.
fn numbers(mine: &NumberRules, theirs: &NumberRules, integer: bool) -> bool {
    use Ordering::{Equal, Greater, Less};
    let meets = |bound: &Option<String>, wanted: &str, orders: &[Ordering]| {
        bound.as_deref().is_some_and(|bound| orders.contains(&compare(bound, wanted)))
    };
    let is_least = |wanted: &str| {
        meets(&mine.minimum, wanted, &[Greater, Equal]) || meets(&mine.exclusive_minimum, wanted, &[Greater, Equal])
    };
    let is_greatest = |wanted: &str| {
        meets(&mine.maximum, wanted, &[Less, Equal]) || meets(&mine.exclusive_maximum, wanted, &[Less, Equal])
    };
    let is_above = |wanted: &str| {
        meets(&mine.minimum, wanted, &[Greater]) || meets(&mine.exclusive_minimum, wanted, &[Greater, Equal])
    };
    let is_below =
        |wanted: &str| meets(&mine.maximum, wanted, &[Less]) || meets(&mine.exclusive_maximum, wanted, &[Less, Equal]);
    let step = |wanted: &str| {
        let of = |step: &String| Some(Decimal::parse(step)?.is_multiple_of(Decimal::parse(wanted)?));
        mine.multiple_of.as_ref().and_then(of) == Some(true) || integer && wanted == "1"
    };
    let format = |wanted: &str| {
        mine.format.as_deref() == Some(wanted)
            || find(&OF_NUMBERS, wanted).is_none()
            || !integer
            || wanted == "int32" && is_least("-2147483648") && is_greatest("2147483647")
    };
    theirs.minimum.as_deref().is_none_or(is_least)
        && theirs.maximum.as_deref().is_none_or(is_greatest)
        && theirs.exclusive_minimum.as_deref().is_none_or(is_above)
        && theirs.exclusive_maximum.as_deref().is_none_or(is_below)
        && theirs.multiple_of.as_deref().is_none_or(step)
        && theirs.format.as_deref().is_none_or(format)
}
