//! Lists that are asked for by key: a stand-in answers with an item for each key.

use serde_json::Value as Json;

use super::route::decode;
use crate::openapi::{In, Operation};

/// The keys that a request asks for, and the member of an item that holds one: `ids=a&ids=b` for `id`.
pub(super) fn asked(operation: &Operation, query: &str) -> Option<(String, Vec<String>)> {
    let listed = |name: &str| operation.parameters.iter().any(|p| p.location == In::Query && p.name == name);
    let pairs = || query.split('&').filter_map(|pair| pair.split_once('='));
    let name = pairs().map(|(name, _)| name).find(|name| name.ends_with("ids") || name.ends_with("Ids"))?;
    let texts = pairs().filter(|(other, _)| *other == name).flat_map(|(_, text)| text.split(','));
    let keys: Vec<String> = texts.filter(|text| !text.is_empty()).map(decode).collect();
    (listed(name) && !keys.is_empty()).then(|| (name.trim_end_matches('s').to_string(), keys))
}

/// Makes an item for each key, where an answer is a list of objects that have the member, or has such a list.
pub(super) fn fill(value: &mut Json, name: &str, keys: &[String]) {
    let lists: Vec<&mut Vec<Json>> = match value {
        Json::Array(items) => vec![items],
        Json::Object(members) => members.values_mut().filter_map(Json::as_array_mut).collect(),
        _ => Vec::new(),
    };
    for items in lists {
        let key = ["id", name].into_iter().find(|key| items.first().is_some_and(|item| item.get(key).is_some()));
        let Some(key) = key else { continue };
        let made = keys.iter().zip(items.iter().cycle()).map(|(text, item)| {
            let mut item = item.clone();
            item[key] = match &item[key] {
                Json::Number(_) => serde_json::from_str(text).unwrap_or(Json::Null),
                _ => text.as_str().into(),
            };
            item
        });
        *items = made.collect();
    }
}
