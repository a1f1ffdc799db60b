//! Whether a value satisfies a schema: examples are used only when they do, unions only when one member matches.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::schema::{
    Additional, ArrayRules, Json, Kind, NumberRules, ObjectRules, SchemaId, Schemas, StringRules, Tell, UnionRules,
};

use super::number::{Decimal, format_bounds};
use super::pattern::Pattern;

/// Values nested deeper than this are not judged.
const MAX_DEPTH: usize = 64;

/// Patterns that were read before; none for those that cannot be read.
#[derive(Default)]
pub struct Patterns(RefCell<HashMap<String, Option<Rc<Pattern>>>>);

impl Patterns {
    /// The pattern, if it can be read.
    pub fn get(&self, source: &str) -> Option<Rc<Pattern>> {
        if let Some(known) = self.0.borrow().get(source) {
            return known.clone();
        }
        let pattern = Pattern::parse(source).map(Rc::new);
        self.0.borrow_mut().insert(source.to_owned(), pattern.clone());
        pattern
    }
}

/// Whether the value satisfies the schema. Patterns that cannot be read and unknown formats are not judged.
pub fn valid(schemas: &Schemas, id: SchemaId, value: &Json) -> bool {
    Checker { schemas, patterns: &Patterns::default(), sending: false }.valid(id, value)
}

/// A schema set and its patterns.
#[derive(Clone, Copy)]
pub struct Checker<'s> {
    /// The schemas.
    pub schemas: &'s Schemas,
    /// Patterns read so far.
    pub patterns: &'s Patterns,
    /// Values are requests: what is `readOnly` need not be there.
    pub sending: bool,
}

impl Checker<'_> {
    /// See [`valid`].
    pub fn valid(self, id: SchemaId, value: &Json) -> bool {
        self.at(id, value, 0)
    }

    fn at(self, id: SchemaId, value: &Json, depth: usize) -> bool {
        let clauses = &self.schemas.get(id).clauses;
        depth > MAX_DEPTH || self.of_kind(id, value, depth) && (clauses.is_empty() || self.holds(clauses, value))
    }

    fn of_kind(self, id: SchemaId, value: &Json, depth: usize) -> bool {
        let schema = self.schemas.get(id);
        if let (Kind::Nullable(_), Json::Null) = (&schema.kind, value) {
            return true;
        }
        if schema.allowed.as_ref().is_some_and(|allowed| !allowed.iter().any(|one| same(one, value))) {
            return false;
        }
        match &schema.kind {
            Kind::Any | Kind::Unsupported { .. } => true,
            Kind::Never => false,
            Kind::Nullable(inner) => self.at(*inner, value, depth + 1),
            Kind::Null => value.is_null(),
            Kind::Boolean => value.is_boolean(),
            Kind::Integer(rules) => number(rules, true, value),
            Kind::Number(rules) => number(rules, false, value),
            Kind::String(rules) => value.as_str().is_some_and(|text| string(rules, self.patterns, text)),
            Kind::Array(rules) => value.as_array().is_some_and(|items| self.array(rules, items, depth)),
            Kind::Object(ObjectRules { heirs: Some(heirs), .. }) => self.heir(heirs, value, depth),
            Kind::Object(rules) => value.as_object().is_some_and(|members| self.object(rules, members, depth)),
            Kind::Union(rules) => {
                let hits = rules.members.iter().filter(|member| self.at(**member, value, depth + 1)).count();
                if rules.exactly_one { hits == 1 } else { hits > 0 }
            }
        }
    }

    /// The heir that the discriminator says, and no other.
    fn heir(self, rules: &UnionRules, value: &Json, depth: usize) -> bool {
        let Tell::Discriminator { property, mapping, otherwise } = &rules.tell else { return true };
        let said = value.get(property).and_then(Json::as_str);
        let heir = mapping.iter().find(|(value, _)| Some(value.as_str()) == said).map(|(_, at)| *at).or(*otherwise);
        heir.is_some_and(|at| self.at(rules.members[at], value, depth + 1))
    }

    fn array(self, rules: &ArrayRules, items: &[Json], depth: usize) -> bool {
        within(items.len(), rules.min_items, rules.max_items)
            && (!rules.unique_items || items.iter().enumerate().all(|(i, a)| !items[..i].iter().any(|b| same(a, b))))
            && items.iter().enumerate().all(|(place, item)| self.at(rules.at(place), item, depth + 1))
    }

    fn object(self, rules: &ObjectRules, members: &serde_json::Map<String, Json>, depth: usize) -> bool {
        let declared = |name: &str| rules.properties.iter().find(|property| property.name == name);
        let named = |pattern: &str, name: &str| self.patterns.get(pattern).map(|pattern| pattern.matches(name));
        within(members.len(), rules.min_properties, rules.max_properties)
            && members.iter().all(|(name, value)| {
                let by_pattern = rules.pattern_properties.iter();
                let fits = |(pattern, schema): &(String, SchemaId)| {
                    named(pattern, name) != Some(true) || self.at(*schema, value, depth + 1)
                };
                // a pattern that cannot be read may find any name
                let unmatched = declared(name).is_none()
                    && by_pattern.clone().all(|(pattern, _)| named(pattern, name) == Some(false));
                let refused = unmatched && rules.unmatched == Additional::Forbidden;
                let judged = rules.property_names.is_none_or(|id| self.at(id, &Json::from(name.as_str()), depth + 1));
                !refused && judged && by_pattern.clone().all(fits)
            })
            && rules.properties.iter().all(|property| {
                let filled_in = self.sending && self.schemas.get(property.schema).read_only;
                !property.required || filled_in || members.contains_key(&property.name)
            })
            && members.iter().all(|(name, value)| match (declared(name), &rules.additional) {
                (Some(property), _) => self.at(property.schema, value, depth + 1),
                (None, Additional::Forbidden) => false,
                (None, Additional::Schema(schema)) => self.at(*schema, value, depth + 1),
                (None, Additional::Any | Additional::Unsaid) => true,
            })
    }
}

fn within(length: usize, min: Option<u64>, max: Option<u64>) -> bool {
    let length = length as u64;
    min.is_none_or(|min| length >= min) && max.is_none_or(|max| length <= max)
}

/// Equal as JSON Schema says: `1.0` is `1`.
pub(super) fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) if a != b => {
            match (Decimal::parse(&a.to_string()), Decimal::parse(&b.to_string())) {
                (Some(a), Some(b)) => a.compare(b).is_eq(),
                _ => false,
            }
        }
        _ => a == b,
    }
}

/// Whether a value is a number within the rules.
pub fn number(rules: &NumberRules, integer: bool, value: &Json) -> bool {
    let Some(value) = value.as_number() else { return false };
    let Some(value) = Decimal::parse(&value.to_string()) else { return !integer };
    let in_format = |(low, high): (i128, i128)| {
        [(low, true), (high, false)].into_iter().all(|(bound, least)| {
            let against = Decimal::parse(&bound.to_string()).map(|bound| value.compare(bound));
            against.is_none_or(|order| if least { order.is_ge() } else { order.is_le() })
        })
    };
    let holds = |bound: &Option<String>, test: fn(std::cmp::Ordering) -> bool| {
        bound.as_deref().and_then(Decimal::parse).is_none_or(|bound| test(value.compare(bound)))
    };
    (!integer || value.is_integer())
        && format_bounds(rules).is_none_or(in_format)
        && holds(&rules.minimum, std::cmp::Ordering::is_ge)
        && holds(&rules.maximum, std::cmp::Ordering::is_le)
        && holds(&rules.exclusive_minimum, std::cmp::Ordering::is_gt)
        && holds(&rules.exclusive_maximum, std::cmp::Ordering::is_lt)
        && rules.multiple_of.as_deref().and_then(Decimal::parse).is_none_or(|step| value.is_multiple_of(step))
}

/// Whether a text is within the rules.
pub fn string(rules: &StringRules, patterns: &Patterns, text: &str) -> bool {
    within(text.chars().count(), rules.min_length, rules.max_length)
        && rules.pattern.as_deref().is_none_or(|p| patterns.get(p).is_none_or(|p| p.matches(text)))
        && rules.format.as_deref().is_none_or(|format| looks_like(format, text))
}

/// A rough look, to keep examples out that a validator would refuse.
pub(super) fn looks_like(format: &str, text: &str) -> bool {
    let shape = |shape: &str| {
        text.len() == shape.len()
            && shape.bytes().zip(text.bytes()).all(|(want, got)| match want {
                b'0' => got.is_ascii_digit(),
                b'x' => got.is_ascii_hexdigit(),
                _ => want == got,
            })
    };
    match format {
        "date" => shape("0000-00-00"),
        "date-time" => {
            let zone = text.get(19..).unwrap_or("");
            let zoned = zone.ends_with(['Z', 'z']) || zone.contains(['+', '-']);
            zoned && text.get(..10).is_some_and(|date| looks_like("date", date)) && text.contains(['T', 't'])
        }
        "uuid" => shape("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        "email" => text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()),
        "uri" => {
            text.split_once(':').is_some_and(|(scheme, _)| !scheme.is_empty()) && looks_like("uri-reference", text)
        }
        "uri-reference" => text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)),
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        _ => true,
    }
}
