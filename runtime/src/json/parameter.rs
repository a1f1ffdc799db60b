//! Parameters are text; rules speak of JSON. This says what JSON value a parameter means.

use crate::json::field::Field;
use crate::json::rule::{Additional, Kind, Rule};
use crate::json::scan::{Cursor, MAX_DEPTH};
use crate::json::write::{JsonBuffer, WriteJson};
use crate::style::{ParamValue, Wanted};
use std::borrow::Cow;

/// The JSON text of a path, query, header or cookie parameter: a number, `true`, `false` or `null` where the rule
/// takes one and the text is one; otherwise a string. To be read with [`decode_text`](crate::json::decode_text).
pub fn parameter_as_json(rule: &Rule, text: &str) -> String {
    if takes(rule, text) {
        return text.to_owned();
    }
    let mut json = JsonBuffer::with_capacity(text.len() + 2);
    text.write_json(&mut json);
    String::from_utf8(json.into_bytes()).unwrap_or_default()
}

/// The JSON text of a parameter that is a list, from the texts of its items. `rule`: the list's.
pub fn parameters_as_json<'t>(rule: &Rule, texts: impl IntoIterator<Item = &'t str>) -> String {
    let items = match &rule.kind {
        Kind::Array(array) => array.items,
        _ => &Rule::ANY,
    };
    let items: Vec<String> = texts.into_iter().map(|text| parameter_as_json(items, text)).collect();
    format!("[{}]", items.join(","))
}

/// What a rule takes. A union that takes more than one of them takes text.
pub(crate) fn wanted(rule: &Rule) -> Wanted {
    match &rule.kind {
        Kind::Array(_) => Wanted::List,
        Kind::Object(_) | Kind::Tagged(_) => Wanted::Object,
        Kind::Of(other) => wanted(other),
        Kind::AnyOf(members) | Kind::OneOf(members) => {
            let mut all = members.iter().filter(|one| !matches!(one.kind, Kind::Null)).map(|one| wanted(one));
            let first = all.next().unwrap_or(Wanted::Text);
            if all.all(|one| one == first) { first } else { Wanted::Text }
        }
        _ => Wanted::Text,
    }
}

/// The rule of a member of an object or, without a name, of an item of a list.
pub(crate) fn member_rule(rule: &'static Rule, name: Option<&str>) -> &'static Rule {
    match (&rule.kind, name) {
        (Kind::Array(array), None) => array.items,
        (Kind::Object(object), Some(name)) => match object.fields.iter().find(|field| field.name() == name) {
            Some(field) => field.rule,
            None => match object.additional {
                Additional::Values(values) => values,
                Additional::Cut | Additional::Keep | Additional::Refuse => &Rule::ANY,
            },
        },
        (Kind::Of(other), name) => member_rule(other, name),
        (Kind::AnyOf(members) | Kind::OneOf(members), name) => {
            let mut rules = members.iter().map(|member| member_rule(member, name));
            rules.find(|rule| !matches!(rule.kind, Kind::Any)).unwrap_or(&Rule::ANY)
        }
        (Kind::Tagged(tagged), name) => {
            let mut rules = tagged.all().map(|heir| member_rule(heir, name));
            rules.find(|rule| !matches!(rule.kind, Kind::Any)).unwrap_or(&Rule::ANY)
        }
        _ => &Rule::ANY,
    }
}

/// The members that an object declares, and whether it takes others, too.
pub(crate) fn members_of(rule: &'static Rule) -> (&'static [Field], bool) {
    match &rule.kind {
        Kind::Object(object) => (object.fields, matches!(object.additional, Additional::Keep | Additional::Values(_))),
        Kind::Of(other) => members_of(other),
        Kind::AnyOf(members) | Kind::OneOf(members) => members
            .iter()
            .map(|member| members_of(member))
            .find(|(fields, open)| *open || !fields.is_empty())
            .unwrap_or((&[], false)),
        // Which heir it is, its tag says; members of all of them may come.
        Kind::Tagged(tagged) => (tagged.all().map(|heir| members_of(heir).0).next().unwrap_or(&[]), true),
        _ => (&[], false),
    }
}

/// The JSON text of a parameter's value.
pub(crate) fn value_as_json(rule: &'static Rule, value: &ParamValue<'_>) -> String {
    match value {
        ParamValue::Absent => "null".to_owned(),
        ParamValue::Text(text) => parameter_as_json(rule, text),
        ParamValue::List(items) => {
            let items: Vec<_> = items.iter().map(|item| value_as_json(member_rule(rule, None), item)).collect();
            format!("[{}]", items.join(","))
        }
        ParamValue::Object(members) => {
            let member = |(name, value): &(Cow<'_, str>, ParamValue<'_>)| {
                let name_json = parameter_as_json(&Rule::ANY, name);
                format!("{name_json}:{}", value_as_json(member_rule(rule, Some(name)), value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
    }
}

/// Whether the text is a value of the rule as it stands.
pub(super) fn takes(rule: &Rule, text: &str) -> bool {
    let number = || {
        let mut cursor = Cursor::new(text, MAX_DEPTH);
        cursor.number().is_some() && cursor.pos == text.len()
    };
    match &rule.kind {
        Kind::Integer(_) | Kind::Number(_) => number() || (rule.nullable && text == "null"),
        Kind::Boolean => matches!(text, "true" | "false") || (rule.nullable && text == "null"),
        Kind::Null => text == "null",
        Kind::Of(other) => takes(other, text) || text == "null",
        Kind::AnyOf(members) | Kind::OneOf(members) => members.iter().any(|member| takes(member, text)),
        Kind::Any | Kind::Never | Kind::String(_) | Kind::Array(_) | Kind::Object(_) | Kind::Tagged(_) => false,
    }
}
