//! What is known of each of the calls for the elements of a list.

use super::meta::Meta;
use crate::ops::EvalError;
use crate::ops::table::Key;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::OnceLock;

/// A cell for each call, by key; empty until the keys are known.
#[derive(Debug, Default)]
pub struct Metas {
    known: OnceLock<Known>,
}

#[derive(Debug)]
struct Known {
    /// The position of the call that is for a key, by the key as text: any key of the same text finds it.
    calls: HashMap<String, usize>,
    metas: Vec<Meta>,
}

impl Metas {
    /// Nothing is known yet.
    pub const fn new() -> Metas {
        Metas { known: OnceLock::new() }
    }

    /// The keys, each once, with a call for each.
    pub fn each<K: Key>(&self, keys: impl IntoIterator<Item = K>) -> Vec<K> {
        self.chunks(keys, 1)
    }

    /// The keys, each once, with a call for so many each.
    pub fn chunks<K: Key>(&self, keys: impl IntoIterator<Item = K>, size: usize) -> Vec<K> {
        let (mut calls, mut distinct) = (HashMap::new(), Vec::new());
        for key in keys {
            if let Entry::Vacant(free) = calls.entry(key.name()) {
                free.insert(distinct.len() / size.max(1));
                distinct.push(key);
            }
        }
        let metas = distinct.chunks(size.max(1)).map(|_| Meta::new()).collect();
        // The keys of a call are known once: what is known first stays.
        let _ = self.known.set(Known { calls, metas });
        distinct
    }

    /// The cell of the call for a key, if there is one.
    pub fn get(&self, key: &impl Key) -> Option<&Meta> {
        let known = self.known.get()?;
        known.metas.get(*known.calls.get(&key.name())?)
    }

    /// The cell of the call for a key that must be there.
    pub fn at(&self, key: &impl Key) -> Result<&Meta, EvalError> {
        self.get(key).ok_or(EvalError::NO_SUCH_KEY)
    }

    /// The cell of the call for these keys.
    pub fn of_any(&self, keys: &[impl Key]) -> Option<&Meta> {
        self.get(keys.first()?)
    }
}
