//! Bounds of numbers; of several, the tightest.

use std::cmp::Ordering;

use super::NumberRules;
use crate::openapi::{At, bound, number};
use crate::source::decimal::compare;

/// Combines the bounds of all parts.
pub(super) fn rules(owns: &[At<'_>]) -> NumberRules {
    let mut rules = NumberRules::default();
    for at in owns {
        let node = at.node;
        if rules.format.is_none() {
            rules.format = node.get("format").and_then(|format| format.as_str()).map(str::to_owned);
        }
        let (minimum, exclusive_minimum) = bound(node, "minimum", "exclusiveMinimum");
        let (maximum, exclusive_maximum) = bound(node, "maximum", "exclusiveMaximum");
        tighten(&mut rules.minimum, minimum, Ordering::Greater);
        tighten(&mut rules.exclusive_minimum, exclusive_minimum, Ordering::Greater);
        tighten(&mut rules.maximum, maximum, Ordering::Less);
        tighten(&mut rules.exclusive_maximum, exclusive_maximum, Ordering::Less);
        let Some(step) = node.get("multipleOf") else { continue };
        match (&rules.multiple_of, number(step)) {
            (_, None) => {}
            (None, Some(text)) => rules.multiple_of = Some(text.to_owned()),
            (Some(old), Some(text)) if old == text => {}
            // kept as a clause
            (Some(_), Some(_)) => {}
        }
    }
    rules
}

fn tighten(rule: &mut Option<String>, new: Option<&str>, tighter: Ordering) {
    let Some(new) = new else { return };
    if rule.as_deref().is_none_or(|old| compare(new, old) == tighter) {
        *rule = Some(new.to_owned());
    }
}

/// The larger or smaller of the counts that several parts give (`minItems`, `maxLength` ...).
pub(super) fn count(owns: &[At<'_>], key: &str, largest: bool) -> Option<u64> {
    let counts = super::flatten::all(owns, key).filter_map(|(_, node)| as_count(number(node)?));
    if largest { counts.max() } else { counts.min() }
}

/// A count, also as `10.0`; what is beyond `u64` bounds nothing.
pub(super) fn as_count(text: &str) -> Option<u64> {
    let whole =
        text.split_once('.').filter(|(_, zeros)| zeros.bytes().all(|b| b == b'0')).map_or(text, |(whole, _)| whole);
    whole.parse().ok()
}
