//! Functions on lists.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::Hash;

use super::{EvalError, compare};

/// The most items that `range` makes.
const LONGEST: i64 = 1 << 20;

/// `list[index]`
pub fn at<T>(list: &[T], index: i64) -> Result<&T, EvalError> {
    get(list, index).ok_or(EvalError::INDEX)
}

/// `list[?index]`
pub fn get<T>(list: &[T], index: i64) -> Option<&T> {
    usize::try_from(index).ok().and_then(|index| list.get(index))
}

/// `list.sum()` of integers.
pub fn sum_int(list: impl IntoIterator<Item = i64>) -> Result<i64, EvalError> {
    list.into_iter().try_fold(0i64, i64::checked_add).ok_or(EvalError::OVERFLOW)
}

/// `list.sum()` of doubles.
pub fn sum_double(list: impl IntoIterator<Item = f64>) -> f64 {
    list.into_iter().fold(0.0, |sum, item| sum + item)
}

/// `list.min()`: the first of the least; an error if there is none.
pub fn min<T: PartialOrd>(list: impl IntoIterator<Item = T>) -> Result<T, EvalError> {
    list.into_iter()
        .reduce(|best, item| if compare(&item, &best) == Ordering::Less { item } else { best })
        .ok_or(EvalError::EMPTY)
}

/// `list.max()`: the first of the greatest; an error if there is none.
pub fn max<T: PartialOrd>(list: impl IntoIterator<Item = T>) -> Result<T, EvalError> {
    list.into_iter()
        .reduce(|best, item| if compare(&item, &best) == Ordering::Greater { item } else { best })
        .ok_or(EvalError::EMPTY)
}

/// The first item for which `key` is least; an error if there is none.
pub fn min_by<T, K: PartialOrd>(list: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Result<T, EvalError> {
    best_by(list, key, Ordering::Less)
}

/// The first item for which `key` is greatest; an error if there is none.
pub fn max_by<T, K: PartialOrd>(list: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Result<T, EvalError> {
    best_by(list, key, Ordering::Greater)
}

fn best_by<T, K: PartialOrd>(
    list: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
    better: Ordering,
) -> Result<T, EvalError> {
    let keyed = list.into_iter().map(|item| (key(&item), item));
    let best = keyed.reduce(|best, item| if compare(&item.0, &best.0) == better { item } else { best });
    best.map(|best| best.1).ok_or(EvalError::EMPTY)
}

/// `list.distinct()`: the first of equal items, in order.
pub fn distinct<T: Clone + Eq + Hash>(list: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    list.into_iter().filter(|item| seen.insert(item.clone())).collect()
}

/// `list.distinct()` of doubles: zero is zero whatever its sign, and no NaN is like another.
pub fn distinct_doubles(list: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut seen = HashSet::new();
    // `-0.0 + 0.0` is `0.0`.
    list.into_iter().filter(|item| item.is_nan() || seen.insert((item + 0.0).to_bits())).collect()
}

/// `list.slice(start, end)`: an error if there are no such positions.
pub fn slice<T>(list: Vec<T>, start: i64, end: i64) -> Result<Vec<T>, EvalError> {
    let (start, end) = (usize::try_from(start), usize::try_from(end));
    match (start, end) {
        (Ok(start), Ok(end)) if start <= end && end <= list.len() => {
            Ok(list.into_iter().skip(start).take(end - start).collect())
        }
        _ => Err(EvalError::INDEX),
    }
}

/// `list.sort()` and `list.sortBy(x, key)`: equal items stay in order.
pub fn sorted<T>(list: impl IntoIterator<Item = T>, by: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let mut list: Vec<T> = list.into_iter().collect();
    list.sort_by(by);
    list
}

/// `list.sortBy(x, key)`, where the key may fail.
pub fn try_sorted<T, K: PartialOrd>(
    list: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> Result<K, EvalError>,
) -> Result<Vec<T>, EvalError> {
    let keyed = list.into_iter().map(|item| Ok((key(&item)?, item)));
    let mut keyed = keyed.collect::<Result<Vec<_>, EvalError>>()?;
    keyed.sort_by(|a, b| compare(&a.0, &b.0));
    Ok(keyed.into_iter().map(|(_, item)| item).collect())
}

/// `lists.range(count)`: 0, 1, 2 ...; an error beyond about a million.
pub fn range(count: i64) -> Result<Vec<i64>, EvalError> {
    if count > LONGEST { Err(EvalError::TOO_LONG) } else { Ok((0..count).collect()) }
}

/// `list.filter(x, predicate)`, where the predicate may fail.
pub fn try_filter<T>(
    list: impl IntoIterator<Item = T>,
    mut predicate: impl FnMut(&T) -> Result<bool, EvalError>,
) -> Result<Vec<T>, EvalError> {
    let mut kept = Vec::new();
    for item in list {
        if predicate(&item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// `list.map(x, f)`, where `f` may fail.
pub fn try_map<T, U>(
    list: impl IntoIterator<Item = T>,
    f: impl FnMut(T) -> Result<U, EvalError>,
) -> Result<Vec<U>, EvalError> {
    list.into_iter().map(f).collect()
}

/// `list.all(x, predicate)`: as in CEL, one false decides, whatever fails elsewhere.
pub fn try_all<T>(
    list: impl IntoIterator<Item = T>,
    mut predicate: impl FnMut(T) -> Result<bool, EvalError>,
) -> Result<bool, EvalError> {
    try_any(list, |item| predicate(item).map(|holds| !holds)).map(|any| !any)
}

/// `list.exists(x, predicate)`: as in CEL, one true decides, whatever fails elsewhere.
pub fn try_any<T>(
    list: impl IntoIterator<Item = T>,
    mut predicate: impl FnMut(T) -> Result<bool, EvalError>,
) -> Result<bool, EvalError> {
    let mut result = Ok(false);
    for item in list {
        match predicate(item) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(error) => result = result.and(Err(error)),
        }
    }
    result
}

/// `list.exists_one(x, predicate)`, where the predicate may fail: any failure is one of the whole.
pub fn try_exists_one<T>(
    list: impl IntoIterator<Item = T>,
    mut predicate: impl FnMut(T) -> Result<bool, EvalError>,
) -> Result<bool, EvalError> {
    let mut count = 0usize;
    for item in list {
        count += usize::from(predicate(item)?);
    }
    Ok(count == 1)
}

/// `list.exists_one(x, predicate)`
pub fn exists_one<T>(list: impl IntoIterator<Item = T>, mut predicate: impl FnMut(T) -> bool) -> bool {
    let mut found = list.into_iter().filter_map(|item| predicate(item).then_some(()));
    found.next().is_some() && found.next().is_none()
}

/// How many items `$take` and `$skip` mean: none for a negative number.
pub fn count(items: i64) -> usize {
    usize::try_from(items).unwrap_or(0)
}
