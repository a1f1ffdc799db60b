//! Where upstreams leave their documents: counted by place and rule, with since when, how often and the last time.

use crate::call::{Operation, Spot};
use crate::json::{Leniency, Violation, Violations};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// How many different violations have a row of their own, and how many leniencies; the rest is `other` of its operation.
const MAX_ROWS: usize = 200;

/// All that was seen since the program began.
#[derive(Debug)]
pub(crate) struct Drift {
    pub(super) since: SystemTime,
    rows: Mutex<BTreeMap<Key, Row>>,
    /// How often each leniency was needed, by upstream and operation.
    leniencies: Mutex<BTreeMap<(&'static str, &'static str, Leniency), u64>>,
    /// Answers that were checked whole beside what is used of them, and those that were not for lack of time.
    pub(crate) checked: AtomicU64,
    pub(crate) dropped: AtomicU64,
}

/// What is counted apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) upstream: &'static str,
    pub(crate) operation: &'static str,
    /// Places in lists and keys of maps are `*`.
    pub(crate) pointer: String,
    pub(crate) rule: &'static str,
    /// It passed.
    pub(crate) leniency: Option<Leniency>,
}

/// What is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) expected: String,
    /// Where the rule stands.
    pub(crate) place: Option<String>,
    pub(crate) first: SystemTime,
    pub(crate) last: SystemTime,
    /// Answers in which what is used showed it.
    pub(crate) answers: u64,
    /// How often it was there: one answer may have it many times.
    pub(crate) times: u64,
    /// Answers in which it was found by looking at the whole.
    pub(crate) sampled: u64,
}

/// How something was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// In what is used of an answer.
    InUse,
    /// In an answer that was checked whole on the side.
    BySample,
}

impl Default for Drift {
    fn default() -> Self {
        Drift {
            since: SystemTime::now(),
            rows: Mutex::default(),
            leniencies: Mutex::default(),
            checked: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
        }
    }
}

impl Drift {
    /// Counts what was found in one answer. Gives what is to be told: what is new, and then each time that the number of
    /// answers has doubled.
    pub(crate) fn note(&self, operation: &Operation, found: &Violations, how: Found) -> Vec<(Key, Row)> {
        if how == Found::InUse {
            self.count_leniencies(operation, found);
        }
        let broken = found.iter().map(|violation| (None, violation));
        let passed = found.lenient().iter().map(|(leniency, place)| (Some(*leniency), place));
        let mut all = self.rows();
        let (now, mut touched) = (SystemTime::now(), Vec::new());
        for (leniency, violation) in broken.chain(passed) {
            let key = add(&mut all, operation, leniency, violation, how, now);
            if !touched.contains(&key) {
                touched.push(key);
            }
        }
        if found.more() > 0 && how == Found::InUse {
            let row = all.entry(other(operation, None)).or_insert_with(|| Row::of_others(now));
            (row.times, row.last) = (row.times + found.more() as u64, now);
        }
        let mut news = Vec::new();
        for key in touched {
            let Some(row) = all.get_mut(&key) else { continue };
            let count = match how {
                Found::InUse => &mut row.answers,
                Found::BySample => &mut row.sampled,
            };
            *count += 1;
            if (row.answers + row.sampled).is_power_of_two() {
                news.push((key, row.clone()));
            }
        }
        news
    }

    fn count_leniencies(&self, operation: &Operation, found: &Violations) {
        for leniency in Leniency::ALL {
            let count = found.lenient_count(leniency);
            if count > 0 {
                let mut all = self.leniencies.lock().unwrap_or_else(PoisonError::into_inner);
                *all.entry((operation.upstream.name, operation.name, leniency)).or_default() += u64::from(count);
            }
        }
    }

    /// All rows, those in most answers first.
    pub(super) fn sorted(&self) -> Vec<(Key, Row)> {
        let mut all: Vec<(Key, Row)> = self.rows().iter().map(|(key, row)| (key.clone(), row.clone())).collect();
        all.sort_by_key(|(_, row)| std::cmp::Reverse((row.answers + row.sampled, row.times)));
        all
    }

    /// The counters for Prometheus. `head` writes the lines before those of a metric.
    pub(super) fn write(&self, out: &mut String, head: &mut impl FnMut(&mut String, &str, &str, &str)) {
        head(out, "bff_contract_violations_total", "counter", "Broken promises of upstreams, by place and rule.");
        for (key, row) in self.rows().iter().filter(|(key, row)| key.leniency.is_none() && row.times > 0) {
            let Key { upstream, operation, pointer, rule, .. } = key;
            let (pointer, count) = (pointer.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"), row.times);
            let _ = writeln!(
                out,
                "bff_contract_violations_total{{upstream=\"{upstream}\",operation=\"{operation}\",pointer=\"{pointer}\",rule=\"{rule}\"}} {count}"
            );
        }
        head(out, "bff_leniencies_total", "counter", "What passed against an upstream's document.");
        for ((upstream, operation, leniency), count) in
            self.leniencies.lock().unwrap_or_else(PoisonError::into_inner).iter()
        {
            let leniency = leniency.name();
            let _ = writeln!(
                out,
                "bff_leniencies_total{{upstream=\"{upstream}\",operation=\"{operation}\",leniency=\"{leniency}\"}} {count}"
            );
        }
        head(out, "bff_samples_total", "counter", "Answers to be checked whole on the side, by what became of it.");
        for (outcome, count) in [("checked", &self.checked), ("dropped", &self.dropped)] {
            let _ = writeln!(out, "bff_samples_total{{outcome=\"{outcome}\"}} {}", count.load(Ordering::Relaxed));
        }
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<Key, Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds to the row of a violation, or to that of the others of its operation where there is no room for a new one.
fn add(
    all: &mut BTreeMap<Key, Row>,
    operation: &Operation,
    leniency: Option<Leniency>,
    violation: &Violation,
    how: Found,
    now: SystemTime,
) -> Key {
    let Spot { pointer, place } = operation.spot(violation);
    let own =
        Key { upstream: operation.upstream.name, operation: operation.name, pointer, rule: violation.rule, leniency };
    let full = || all.keys().filter(|key| key.leniency.is_some() == leniency.is_some()).count() >= MAX_ROWS;
    let known = all.contains_key(&own) || !full();
    let key = if known { own } else { other(operation, leniency) };
    let row = all.entry(key.clone()).or_insert_with(|| match known {
        true => Row { expected: violation.expected.clone(), place, ..Row::of_others(now) },
        false => Row::of_others(now),
    });
    row.last = now;
    row.times += u64::from(how == Found::InUse);
    key
}

fn other(operation: &Operation, leniency: Option<Leniency>) -> Key {
    let (upstream, operation) = (operation.upstream.name, operation.name);
    Key { upstream, operation, pointer: "other".to_owned(), rule: "other", leniency }
}

impl Row {
    fn of_others(now: SystemTime) -> Row {
        Row { expected: String::new(), place: None, first: now, last: now, answers: 0, times: 0, sampled: 0 }
    }
}
