//! Which values schemas of parameters take: what two of them take both, and what one takes less than another.

use std::cmp::Ordering;

use super::judge;
use crate::diag::words::counted;
use crate::schema::{ArrayRules, Json, Kind, NumberRules, Schema, SchemaId, Schemas, StringRules};
use crate::source::decimal::compare;

/// How deep lists and objects are compared.
const DEPTH: u8 = 8;

/// Formats that few texts have by chance, and services refuse others for.
const FORMATS: [&str; 8] = ["date", "date-time", "email", "ipv4", "ipv6", "time", "uri", "uuid"];

/// A schema of the values that both take, or why there is none that could be written down; without words where they are
/// of different types.
pub fn both(schemas: &mut Schemas, a: SchemaId, b: SchemaId) -> Result<SchemaId, Option<String>> {
    if schemas.canonical(a) == schemas.canonical(b) {
        return Ok(a);
    }
    let (one, other) = (schemas.get(a).clone(), schemas.get(b).clone());
    let kind = match (&one.kind, &other.kind) {
        (Kind::Integer(x), Kind::Integer(y) | Kind::Number(y)) | (Kind::Number(x), Kind::Integer(y)) => {
            Kind::Integer(numbers(x, y)?)
        }
        (Kind::Number(x), Kind::Number(y)) => Kind::Number(numbers(x, y)?),
        (Kind::String(x), Kind::String(y)) => Kind::String(texts(x, y)?),
        (Kind::Boolean, Kind::Boolean) => Kind::Boolean,
        (Kind::Array(x), Kind::Array(y)) if x.prefix_items.is_empty() && y.prefix_items.is_empty() => {
            let items = both(schemas, x.items, y.items)?;
            let (min_items, max_items) = counts((x.min_items, x.max_items), (y.min_items, y.max_items), "item")?;
            let unique_items = x.unique_items || y.unique_items;
            Kind::Array(ArrayRules { items, rest: items, min_items, max_items, unique_items, prefix_items: Vec::new() })
        }
        _ if alike(schemas, a, b, DEPTH) => one.kind.clone(),
        _ => return Err(None),
    };
    let allowed = match (&one.allowed, &other.allowed) {
        (None, None) => None,
        (Some(values), _) => Some((values, b)),
        (None, Some(values)) => Some((values, a)),
    };
    let allowed = allowed.map(|(values, by)| {
        let taken = |value: &&Json| judge::refused(schemas, by, value).is_none();
        values.iter().filter(taken).cloned().collect::<Vec<Json>>()
    });
    if allowed.as_ref().is_some_and(Vec::is_empty) {
        return Err(Some("no value is allowed by both".into()));
    }
    let mut clauses = one.clauses.clone();
    clauses.extend(other.clauses.iter().filter(|clause| !one.clauses.contains(clause)).cloned());
    // What is filled in for one is nothing that the other asked for.
    let default = one.default.clone().filter(|default| other.default.as_ref() == Some(default));
    let same = alike_kind(schemas, &one.kind, &kind, DEPTH) && one.allowed == allowed && one.clauses == clauses;
    if same && one.default == default {
        return Ok(a);
    }
    let made = Schema { kind, allowed, clauses, default, copy_of: None, going: None, component: false, ..one };
    Ok(schemas.add(made))
}

fn numbers(x: &NumberRules, y: &NumberRules) -> Result<NumberRules, String> {
    let tighter = |a: &Option<String>, b: &Option<String>, wins: Ordering| match (a, b) {
        (Some(a), Some(b)) => Some(if compare(a, b) == wins { a.clone() } else { b.clone() }),
        (a, b) => a.clone().or_else(|| b.clone()),
    };
    let made = NumberRules {
        format: one(&x.format, &y.format, "format")?,
        minimum: tighter(&x.minimum, &y.minimum, Ordering::Greater),
        maximum: tighter(&x.maximum, &y.maximum, Ordering::Less),
        exclusive_minimum: tighter(&x.exclusive_minimum, &y.exclusive_minimum, Ordering::Greater),
        exclusive_maximum: tighter(&x.exclusive_maximum, &y.exclusive_maximum, Ordering::Less),
        multiple_of: one(&x.multiple_of, &y.multiple_of, "multipleOf")?,
    };
    let lower = [(&made.minimum, false), (&made.exclusive_minimum, true)];
    let upper = [(&made.maximum, false), (&made.exclusive_maximum, true)];
    let apart = |(low, above): &(&Option<String>, bool), (high, below): &(&Option<String>, bool)| {
        let (Some(low), Some(high)) = (low, high) else { return false };
        match compare(low, high) {
            Ordering::Greater => true,
            Ordering::Equal => *above || *below,
            Ordering::Less => false,
        }
    };
    match lower.iter().any(|low| upper.iter().any(|high| apart(low, high))) {
        true => Err("no number is within the bounds of both".into()),
        false => Ok(made),
    }
}

fn texts(x: &StringRules, y: &StringRules) -> Result<StringRules, String> {
    let (min_length, max_length) = counts((x.min_length, x.max_length), (y.min_length, y.max_length), "character")?;
    Ok(StringRules {
        format: one(&x.format, &y.format, "format")?,
        min_length,
        max_length,
        pattern: one(&x.pattern, &y.pattern, "pattern")?,
        content_encoding: one(&x.content_encoding, &y.content_encoding, "contentEncoding")?,
        content_media_type: one(&x.content_media_type, &y.content_media_type, "contentMediaType")?,
    })
}

/// A least and a most of something.
type Counts = (Option<u64>, Option<u64>);

fn counts(x: Counts, y: Counts, what: &str) -> Result<Counts, String> {
    let least = x.0.max(y.0);
    let most = [x.1, y.1].into_iter().flatten().min();
    match (least, most) {
        (Some(least), Some(most)) if least > most => Err(format!("no number of {what}s is enough for both")),
        _ => Ok((least, most)),
    }
}

/// What one of them says, or both the same.
fn one(a: &Option<String>, b: &Option<String>, keyword: &str) -> Result<Option<String>, String> {
    match (a, b) {
        (Some(a), Some(b)) if a != b => Err(format!("each has a `{keyword}` of its own: `{a}` and `{b}`")),
        (a, b) => Ok(a.clone().or_else(|| b.clone())),
    }
}

/// Whether two schemas say the same of values.
fn alike(schemas: &Schemas, a: SchemaId, b: SchemaId, depth: u8) -> bool {
    let (one, other) = (schemas.get(a), schemas.get(b));
    schemas.canonical(a) == schemas.canonical(b)
        || one.allowed == other.allowed
            && one.clauses == other.clauses
            && alike_kind(schemas, &one.kind, &other.kind, depth)
}

fn alike_kind(schemas: &Schemas, a: &Kind, b: &Kind, depth: u8) -> bool {
    let inner = |a: SchemaId, b: SchemaId| depth > 0 && alike(schemas, a, b, depth - 1);
    match (a, b) {
        (Kind::Any, Kind::Any) | (Kind::Boolean, Kind::Boolean) | (Kind::Null, Kind::Null) => true,
        (Kind::Nullable(a), Kind::Nullable(b)) => inner(*a, *b),
        (Kind::Integer(a), Kind::Integer(b)) | (Kind::Number(a), Kind::Number(b)) => a == b,
        (Kind::String(a), Kind::String(b)) => a == b,
        (Kind::Array(a), Kind::Array(b)) => {
            let bare = |rules: &ArrayRules| ArrayRules { items: SchemaId(0), rest: SchemaId(0), ..rules.clone() };
            a.prefix_items.is_empty() && bare(a) == bare(b) && inner(a.items, b.items)
        }
        _ => false,
    }
}

/// What a schema wants that another does not promise: "a number of at most 100". None where it takes all of the other's
/// values, or where that cannot be said.
pub fn wider(schemas: &Schemas, from: SchemaId, to: SchemaId) -> Option<String> {
    if schemas.canonical(from) == schemas.canonical(to) {
        return None;
    }
    let (has, wants) = (schemas.get(from), schemas.get(to));
    if let Some(values) = &has.allowed {
        return values.iter().find_map(|value| judge::refused(schemas, to, value)).map(|refused| refused.want);
    }
    if let Some(allowed) = &wants.allowed {
        return Some(judge::listed(allowed));
    }
    match (&has.kind, &wants.kind) {
        (Kind::Nullable(inner), _) => wider(schemas, *inner, to),
        (_, Kind::Nullable(inner)) => wider(schemas, from, *inner),
        (Kind::Integer(has) | Kind::Number(has), Kind::Integer(wants) | Kind::Number(wants)) => {
            wider_number(has, wants)
        }
        (Kind::String(has), Kind::String(wants)) => wider_text(has, wants),
        (Kind::Array(has), Kind::Array(wants)) => {
            let beyond = wider_count((has.min_items, has.max_items), (wants.min_items, wants.max_items));
            let whole = beyond.map(|(how, count)| format!("a list of {how} {}", counted(count, "item")));
            let unique = (wants.unique_items && !has.unique_items)
                .then(|| "a list in which no two items are the same".to_owned());
            whole.or(unique).or_else(|| wider(schemas, has.items, wants.items))
        }
        _ => None,
    }
}

fn wider_number(has: &NumberRules, wants: &NumberRules) -> Option<String> {
    let has_low = [(&has.minimum, false), (&has.exclusive_minimum, true)];
    let has_high = [(&has.maximum, false), (&has.exclusive_maximum, true)];
    // Whether a bound is as tight as another, which values must be beyond, or at.
    let keeps = |all: &[(&Option<String>, bool)], bound: &str, beyond: bool, tight: Ordering| {
        all.iter().any(|(own, strict)| {
            own.as_deref().is_some_and(|own| match compare(own, bound) {
                Ordering::Equal => *strict || !beyond,
                order => order == tight,
            })
        })
    };
    let rules = [
        ("of at least", &wants.minimum, &has_low, false, Ordering::Greater),
        ("above", &wants.exclusive_minimum, &has_low, true, Ordering::Greater),
        ("of at most", &wants.maximum, &has_high, false, Ordering::Less),
        ("below", &wants.exclusive_maximum, &has_high, true, Ordering::Less),
    ];
    for (how, bound, own, beyond, tight) in rules {
        if let Some(bound) = bound.as_deref().filter(|bound| !keeps(own, bound, beyond, tight)) {
            return Some(format!("a number {how} {bound}"));
        }
    }
    let step = wants.multiple_of.as_deref().filter(|_| has.multiple_of.is_none())?;
    (step != "1").then(|| format!("a number that is a multiple of {step}"))
}

fn wider_text(has: &StringRules, wants: &StringRules) -> Option<String> {
    // Which texts a pattern or a format lets through cannot be said here, nor how long they are.
    let beyond = wider_count((has.min_length, has.max_length), (wants.min_length, wants.max_length));
    if let Some((how, count)) = beyond.filter(|_| has.pattern.is_none() && has.format.is_none()) {
        return Some(format!("a text of {how} {}", counted(count, "character")));
    }
    if let Some(pattern) = wants.pattern.as_ref().filter(|_| has.pattern.is_none()) {
        return Some(format!("a text that matches `{pattern}`"));
    }
    let format = wants.format.as_ref().filter(|format| has.format.as_ref() != Some(format))?;
    FORMATS.contains(&format.as_str()).then(|| format!("a text of the format `{format}`"))
}

fn wider_count(has: Counts, wants: Counts) -> Option<(&'static str, usize)> {
    let least = wants.0.filter(|least| *least > has.0.unwrap_or(0)).map(|least| ("at least", least as usize));
    least.or(wants.1.filter(|most| has.1.is_none_or(|own| own > *most)).map(|most| ("at most", most as usize)))
}
