//! Maps that expressions make: written out, or of the items of a list by a key.

use std::collections::HashMap;
use std::hash::Hash;

use super::EvalError;
use crate::json::{JsonBuffer, Map, Str, Text, WriteJson};

/// Values by key, in the order in which the keys came. Keys are texts, integers or booleans.
#[derive(Clone, Debug)]
pub struct Table<K, V> {
    entries: Vec<(K, V)>,
    places: HashMap<K, usize>,
}

impl<K: Clone + Eq + Hash, V> Table<K, V> {
    /// No entries.
    pub fn new() -> Table<K, V> {
        Table { entries: Vec::new(), places: HashMap::new() }
    }

    /// The value of a key, made if it is not there.
    fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> Option<&mut V> {
        let next = self.entries.len();
        let at = *self.places.entry(key.clone()).or_insert(next);
        if at == next {
            self.entries.push((key, make()));
        }
        self.entries.get_mut(at).map(|entry| &mut entry.1)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator {
        self.entries.iter().map(|entry| &entry.0)
    }

    /// The keys, without the values.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator {
        self.entries.into_iter().map(|entry| entry.0)
    }

    /// The same keys with what `change` makes of the values.
    pub fn map<U>(self, mut change: impl FnMut(V) -> U) -> Table<K, U> {
        let entries = self.entries.into_iter().map(|(key, value)| (key, change(value))).collect();
        Table { entries, places: self.places }
    }

    /// The same with references to the values.
    pub fn as_ref(&self) -> Table<K, &V> {
        let entries = self.entries.iter().map(|(key, value)| (key.clone(), value)).collect();
        Table { entries, places: self.places.clone() }
    }
}

impl<K: Clone + Eq + Hash, V> Default for Table<K, V> {
    fn default() -> Self {
        Table::new()
    }
}

impl<V> Table<String, V> {
    /// The value of a key.
    pub fn get(&self, key: impl Text) -> Option<&V> {
        self.places.get(&*key.text()).and_then(|at| self.entries.get(*at)).map(|entry| &entry.1)
    }

    /// The value of a key that must be there.
    pub fn at(&self, key: impl Text) -> Result<&V, EvalError> {
        self.get(key).ok_or(EvalError::NO_SUCH_KEY)
    }
}

impl<V> Table<String, V> {
    /// An object of the same keys with what `change` makes of the values.
    pub fn to_map<'s, U>(&'s self, mut change: impl FnMut(&'s V) -> U) -> Map<'s, U> {
        Map { entries: self.entries.iter().map(|(key, value)| (Str::plain(key), change(value))).collect() }
    }
}

impl<V> Table<i64, V> {
    /// The value of a key.
    pub fn get(&self, key: i64) -> Option<&V> {
        self.places.get(&key).and_then(|at| self.entries.get(*at)).map(|entry| &entry.1)
    }

    /// The value of a key that must be there.
    pub fn at(&self, key: i64) -> Result<&V, EvalError> {
        self.get(key).ok_or(EvalError::NO_SUCH_KEY)
    }
}

impl<V> Table<bool, V> {
    /// The value of a key.
    pub fn get(&self, key: bool) -> Option<&V> {
        self.places.get(&key).and_then(|at| self.entries.get(*at)).map(|entry| &entry.1)
    }

    /// The value of a key that must be there.
    pub fn at(&self, key: bool) -> Result<&V, EvalError> {
        self.get(key).ok_or(EvalError::NO_SUCH_KEY)
    }
}

impl<K: Clone + Eq + Hash, V: PartialEq> PartialEq for Table<K, V> {
    /// Equal where keys and values are, in any order.
    fn eq(&self, other: &Self) -> bool {
        let same = |(key, value): &(K, V)| {
            let found = other.places.get(key).and_then(|at| other.entries.get(*at));
            found.is_some_and(|entry| entry.1 == *value)
        };
        self.len() == other.len() && self.entries.iter().all(same)
    }
}

/// What can be a key: JSON has only texts.
pub trait Key {
    /// The name of the member.
    fn name(&self) -> String;
}

impl Key for String {
    fn name(&self) -> String {
        self.clone()
    }
}

impl Key for Str<'_> {
    fn name(&self) -> String {
        self.to_string()
    }
}

impl Key for i64 {
    fn name(&self) -> String {
        self.to_string()
    }
}

impl Key for bool {
    fn name(&self) -> String {
        self.to_string()
    }
}

impl<K: Key, V: WriteJson> WriteJson for Table<K, V> {
    fn write_json(&self, json: &mut JsonBuffer) {
        json.push_json("{");
        for (index, (key, value)) in self.entries.iter().enumerate() {
            if index > 0 {
                json.push_json(",");
            }
            json.push_text(&key.name());
            json.push_json(":");
            value.write_json(json);
        }
        json.push_json("}");
    }
}

/// A text, an integer or a boolean that becomes a key.
pub trait IntoKey {
    /// What it becomes.
    type Key: Clone + Eq + Hash;
    /// The key.
    fn into_key(self) -> Self::Key;
}

impl IntoKey for &str {
    type Key = String;
    fn into_key(self) -> String {
        self.to_owned()
    }
}

impl IntoKey for String {
    type Key = String;
    fn into_key(self) -> String {
        self
    }
}

impl IntoKey for i64 {
    type Key = i64;
    fn into_key(self) -> i64 {
        self
    }
}

impl IntoKey for bool {
    type Key = bool;
    fn into_key(self) -> bool {
        self
    }
}

/// `{}`
pub fn empty<K: Clone + Eq + Hash, V>() -> Table<K, V> {
    Table::new()
}

/// `{key: value}`; of a key that comes twice, the first counts.
pub fn of<K: IntoKey, V>(entries: impl IntoIterator<Item = (K, V)>) -> Table<K::Key, V> {
    let mut table = Table::new();
    for (key, value) in entries {
        table.entry(key.into_key(), || value);
    }
    table
}

/// `{key: value}`; an error if a key comes twice.
pub fn try_of<K: IntoKey, V>(entries: impl IntoIterator<Item = (K, V)>) -> Result<Table<K::Key, V>, EvalError> {
    let mut table = Table::new();
    for (key, value) in entries {
        let key = key.into_key();
        if table.places.contains_key(&key) {
            return Err(EvalError::DUPLICATE_KEY);
        }
        table.entry(key, || value);
    }
    Ok(table)
}

/// `list.groupBy(x, key)`: the items of each key, in order.
pub fn group_by<T, K: Clone + Eq + Hash>(list: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Table<K, Vec<T>> {
    let mut table = Table::new();
    for item in list {
        if let Some(group) = table.entry(key(&item), Vec::new) {
            group.push(item);
        }
    }
    table
}

/// The same, where the key may fail.
pub fn try_group_by<T, K: Clone + Eq + Hash>(
    list: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> Result<K, EvalError>,
) -> Result<Table<K, Vec<T>>, EvalError> {
    let mut table = Table::new();
    for item in list {
        if let Some(group) = table.entry(key(&item)?, Vec::new) {
            group.push(item);
        }
    }
    Ok(table)
}

/// `list.indexBy(x, key)`: the first item of each key.
pub fn index_by<T, K: Clone + Eq + Hash>(list: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Table<K, T> {
    let mut table = Table::new();
    for item in list {
        table.entry(key(&item), || item);
    }
    table
}

/// The same, where the key may fail.
pub fn try_index_by<T, K: Clone + Eq + Hash>(
    list: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> Result<K, EvalError>,
) -> Result<Table<K, T>, EvalError> {
    let mut table = Table::new();
    for item in list {
        table.entry(key(&item)?, || item);
    }
    Ok(table)
}
