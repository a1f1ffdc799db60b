//! One call for many elements of a list: each key once, so many keys a call, a few calls at a time; what comes back
//! is found by its key.

use super::decode::Payload;
use super::each::{Each, Keyed, distinct};
use super::request::Request;
use crate::failure::Failure;
use crate::json::{Decode, JsonBuffer};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::hash::Hash;

/// How calls for many keys are made.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    each: Each,
    size: usize,
}

impl Batch {
    /// The call's name, how many calls run at the same time (at least one), how many different keys there may be,
    /// and how many keys a call takes (at least one).
    pub const fn new(name: &'static str, concurrency: usize, max: usize, size: usize) -> Batch {
        Batch { each: Each::new(name, concurrency, max), size }
    }
}

/// Asks for all keys. `elements` takes an answer apart, `key` says whose an element is. Elements that their call did
/// not ask for are dropped, of two elements of one key the first stays, and a key that does not come back is not in
/// the result. The first failed call fails all.
pub async fn batch<'a, K, T, E, I>(
    how: Batch,
    keys: impl IntoIterator<Item = K>,
    request: impl Fn(&[K]) -> Result<Request<'a, T>, Failure>,
    elements: impl Fn(T) -> I,
    key: impl Fn(&E) -> Option<K>,
) -> Result<Keyed<K, E>, Failure>
where
    K: Clone + Eq + Hash,
    T: Payload<'a>,
    I: IntoIterator<Item = E>,
{
    let mut found = HashMap::new();
    let call = |chunk: &[K]| Ok(request(chunk)?.send());
    let keys = in_chunks(how, keys, call, |chunk, answer| matched(&mut found, chunk, elements(answer), &key)).await?;
    Ok(Keyed::of(keys, found))
}

/// The same; the keys of a failed call are left out, with a warning.
pub async fn batch_present<'a, K, T, E, I>(
    how: Batch,
    keys: impl IntoIterator<Item = K>,
    request: impl Fn(&[K]) -> Result<Request<'a, T>, Failure>,
    elements: impl Fn(T) -> I,
    key: impl Fn(&E) -> Option<K>,
) -> Result<Keyed<K, E>, Failure>
where
    K: Clone + Eq + Hash,
    T: Payload<'a>,
    I: IntoIterator<Item = E>,
{
    let mut found = HashMap::new();
    let call = |chunk: &[K]| Ok(request(chunk)?.send_or_absent());
    let keys = in_chunks(how, keys, call, |chunk, answer| {
        if let Some(answer) = answer {
            matched(&mut found, chunk, elements(answer), &key);
        }
    })
    .await?;
    Ok(Keyed::of(keys, found))
}

/// The same; each key of a failed call gets the element that `default` writes, and there is a warning.
pub async fn batch_or<'a, K, T, E, I>(
    how: Batch,
    keys: impl IntoIterator<Item = K>,
    request: impl Fn(&[K]) -> Result<Request<'a, T>, Failure>,
    elements: impl Fn(T) -> I,
    key: impl Fn(&E) -> Option<K>,
    default: impl Fn(&mut JsonBuffer) -> Result<(), Failure>,
) -> Result<Keyed<K, E>, Failure>
where
    K: Clone + Eq + Hash,
    T: Payload<'a>,
    E: Decode<'a> + Clone,
    I: IntoIterator<Item = E>,
{
    let mut found = HashMap::new();
    let call = |chunk: &[K]| Ok(request(chunk)?.send_or_other(&default));
    let keys = in_chunks(how, keys, call, |chunk, answer: Result<T, E>| match answer {
        Ok(answer) => matched(&mut found, chunk, elements(answer), &key),
        Err(other) => found.extend(chunk.iter().map(|key| (key.clone(), other.clone()))),
    })
    .await?;
    Ok(Keyed::of(keys, found))
}

/// Puts the elements that were asked for to the others.
fn matched<K: Clone + Eq + Hash, E>(
    found: &mut HashMap<K, E>,
    chunk: &[K],
    elements: impl IntoIterator<Item = E>,
    key: impl Fn(&E) -> Option<K>,
) {
    let asked: HashSet<&K> = chunk.iter().collect();
    for element in elements {
        if let Some(key) = key(&element).filter(|key| asked.contains(key)) {
            found.entry(key).or_insert(element);
        }
    }
}

/// Makes a call for each chunk of the keys and gives each answer to `take`. Returns the keys.
async fn in_chunks<K, R, F>(
    how: Batch,
    keys: impl IntoIterator<Item = K>,
    call: impl Fn(&[K]) -> Result<F, Failure>,
    mut take: impl FnMut(&[K], R),
) -> Result<Vec<K>, Failure>
where
    K: Clone + Eq + Hash,
    F: Future<Output = Result<R, Failure>>,
{
    let keys = distinct(how.each, keys)?;
    let mut waiting = keys.chunks(how.size.max(1)).enumerate();
    let start = |(at, chunk): (usize, &[K])| {
        let running = call(chunk)?;
        Ok::<_, Failure>(async move { (at, running.await) })
    };
    let mut running = FuturesUnordered::new();
    for next in waiting.by_ref().take(how.each.at_a_time()) {
        running.push(start(next)?);
    }
    while let Some((at, answer)) = running.next().await {
        let chunk = keys.chunks(how.size.max(1)).nth(at).unwrap_or_default();
        take(chunk, answer?);
        if let Some(next) = waiting.next() {
            running.push(start(next)?);
        }
    }
    Ok(keys)
}
