//! Objects of any members.

use crate::json::text::{Str, Text};

/// An object of any members, in the order in which they came.
#[derive(Clone, Debug)]
pub struct Map<'a, T> {
    pub(crate) entries: Vec<(Str<'a>, T)>,
}

impl<'a, T> Map<'a, T> {
    /// The value of a key.
    pub fn get(&self, key: impl Text) -> Option<&T> {
        let key = key.text();
        self.entries.iter().find(|entry| entry.0 == key).map(|entry| &entry.1)
    }

    /// Whether there is such a key.
    pub fn contains_key(&self, key: impl Text) -> bool {
        self.get(key).is_some()
    }

    /// Keys and values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Str<'a>, &T)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// The keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Str<'a>> + ExactSizeIterator {
        self.entries.iter().map(|entry| &entry.0)
    }

    /// The keys, without the values.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = Str<'a>> + ExactSizeIterator {
        self.entries.into_iter().map(|entry| entry.0)
    }

    /// The values.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> {
        self.entries.iter().map(|entry| &entry.1)
    }

    /// The same keys with what `change` makes of the values.
    pub fn to_map<'s, U>(&'s self, mut change: impl FnMut(&'s T) -> U) -> Map<'a, U> {
        Map { entries: self.entries.iter().map(|(key, value)| (*key, change(value))).collect() }
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<T> Default for Map<'_, T> {
    /// No members.
    fn default() -> Self {
        Map { entries: Vec::new() }
    }
}
