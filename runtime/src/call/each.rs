//! One call for each element of a list: each key once, a few at a time, never more than a limit.

use crate::cx::Cx;
use crate::failure::Failure;
use crate::json::{JsonBuffer, WriteJson};
use crate::ops::EvalError;
use crate::ops::table::Key;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use http::StatusCode;
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::hash::Hash;

/// How a call for each element is made.
#[derive(Clone, Copy, Debug)]
pub struct Each {
    name: &'static str,
    concurrency: usize,
    max: usize,
}

impl Each {
    /// The call's name, how many run at the same time (at least one), and how many different keys there may be.
    pub const fn new(name: &'static str, concurrency: usize, max: usize) -> Each {
        Each { name, concurrency, max }
    }

    /// How many run at the same time: at least one.
    pub(super) fn at_a_time(&self) -> usize {
        self.concurrency.max(1)
    }
}

/// The results of a call for each element, by key.
#[derive(Clone, Debug)]
pub struct Keyed<K, T> {
    /// In the order in which they came; of some there may be no result.
    keys: Vec<K>,
    values: HashMap<K, T>,
}

impl<K: Eq + Hash, T> Keyed<K, T> {
    pub(super) fn of(keys: Vec<K>, values: HashMap<K, T>) -> Keyed<K, T> {
        Keyed { keys, values }
    }

    /// The result for a key, if there is one.
    pub fn get(&self, key: &K) -> Option<&T> {
        self.values.get(key)
    }

    /// The result for a key that must be there.
    pub fn at(&self, key: &K) -> Result<&T, EvalError> {
        self.get(key).ok_or(EvalError::NO_SUCH_KEY)
    }

    /// How many results there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl<K: Key + Eq + Hash, T: WriteJson> WriteJson for Keyed<K, T> {
    fn write_json(&self, json: &mut JsonBuffer) {
        let mut object = json.object();
        for key in &self.keys {
            if let Some(value) = self.values.get(key) {
                object.field(&key.name(), value);
            }
        }
        object.end();
    }
}

/// Calls `call` once for each different key. The first failure fails all, and what still runs is cancelled.
/// More than the allowed number of keys fail with 502 `too_many_elements` before anything is sent: the list is
/// longer than what the composition says the upstream gives.
pub async fn each<K, T, F>(
    _cx: &Cx,
    how: Each,
    keys: impl IntoIterator<Item = K>,
    call: impl Fn(K) -> F,
) -> Result<Keyed<K, T>, Failure>
where
    K: Clone + Eq + Hash,
    F: Future<Output = Result<T, Failure>>,
{
    let keys = distinct(how, keys)?;
    let mut values = HashMap::with_capacity(keys.len());
    let mut waiting = keys.iter().cloned();
    let start = |key: K| {
        let running = call(key.clone());
        async move { (key, running.await) }
    };
    let mut running: FuturesUnordered<_> = waiting.by_ref().take(how.at_a_time()).map(start).collect();
    while let Some((key, result)) = running.next().await {
        values.insert(key, result?);
        if let Some(next) = waiting.next() {
            running.push(start(next));
        }
    }
    Ok(Keyed { keys, values })
}

/// The same for calls that may give nothing: their keys are left out.
pub async fn each_present<K, T, F>(
    cx: &Cx,
    how: Each,
    keys: impl IntoIterator<Item = K>,
    call: impl Fn(K) -> F,
) -> Result<Keyed<K, T>, Failure>
where
    K: Clone + Eq + Hash,
    F: Future<Output = Result<Option<T>, Failure>>,
{
    let all = each(cx, how, keys, call).await?;
    let values = all.values.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    Ok(Keyed { keys: all.keys, values })
}

/// Each key once, in the order in which it comes first.
pub(super) fn distinct<K: Clone + Eq + Hash>(how: Each, keys: impl IntoIterator<Item = K>) -> Result<Vec<K>, Failure> {
    let mut seen = HashSet::new();
    let mut distinct = Vec::new();
    for key in keys {
        if seen.insert(key.clone()) {
            if distinct.len() == how.max {
                return Err(too_many(how));
            }
            distinct.push(key);
        }
    }
    Ok(distinct)
}

fn too_many(how: Each) -> Failure {
    let detail = format!("`{}` goes over more than {} keys.", how.name, how.max);
    Failure::new(StatusCode::BAD_GATEWAY, "too_many_elements", detail)
}
