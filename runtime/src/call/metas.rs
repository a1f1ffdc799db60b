//! What is known of each of the calls for the elements of a list.

use super::meta::Meta;
use crate::ops::EvalError;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::OnceLock;

/// A cell for each call, by key; empty until the keys are known.
#[derive(Debug)]
pub struct Metas<K> {
    known: OnceLock<Known<K>>,
}

#[derive(Debug)]
struct Known<K> {
    /// The position of the call that is for a key.
    calls: HashMap<K, usize>,
    metas: Vec<Meta>,
}

impl<K: Clone + Eq + Hash> Metas<K> {
    /// Nothing is known yet.
    pub const fn new() -> Metas<K> {
        Metas { known: OnceLock::new() }
    }

    /// The keys, each once, with a call for each.
    pub fn each(&self, keys: impl IntoIterator<Item = K>) -> Vec<K> {
        self.chunks(keys, 1)
    }

    /// The keys, each once, with a call for so many each.
    pub fn chunks(&self, keys: impl IntoIterator<Item = K>, size: usize) -> Vec<K> {
        let (mut calls, mut distinct) = (HashMap::new(), Vec::new());
        for key in keys {
            if !calls.contains_key(&key) {
                calls.insert(key.clone(), distinct.len() / size.max(1));
                distinct.push(key);
            }
        }
        let metas = distinct.chunks(size.max(1)).map(|_| Meta::new()).collect();
        // The keys of a call are known once: what is known first stays.
        let _ = self.known.set(Known { calls, metas });
        distinct
    }

    /// The cell of the call for a key, if there is one.
    pub fn get(&self, key: &K) -> Option<&Meta> {
        let known = self.known.get()?;
        known.metas.get(*known.calls.get(key)?)
    }

    /// The cell of the call for a key that must be there.
    pub fn at(&self, key: &K) -> Result<&Meta, EvalError> {
        self.get(key).ok_or(EvalError::NO_SUCH_KEY)
    }

    /// The cell of the call for these keys.
    pub fn of_any(&self, keys: &[K]) -> Option<&Meta> {
        self.get(keys.first()?)
    }
}

impl<K: Clone + Eq + Hash> Default for Metas<K> {
    fn default() -> Self {
        Metas::new()
    }
}
