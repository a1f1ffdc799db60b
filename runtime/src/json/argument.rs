//! Whether a text that is sent as a parameter is as a rule says: a look that builds nothing.

use crate::json::examine::examine;
use crate::json::parameter::{parameter_as_json, takes};
use crate::json::reader::DecodeOptions;
use crate::json::rule::{Kind, Rule};
use crate::json::violation::Violations;

impl Rule {
    /// The rule of the items, and how many there may be, where this is the rule of a list and speaks of no more than that.
    pub(crate) fn list(&self) -> Option<(&'static Rule, u64, u64)> {
        match &self.kind {
            Kind::Array(list) if !list.unique && !self.has_more() => Some((list.items, list.min_items, list.max_items)),
            _ => None,
        }
    }

    /// Whether a text that is sent as a parameter is valid. `false`: it may still be, and [`text_violations`] knows.
    pub(crate) fn surely_takes(&self, text: &str, options: &DecodeOptions) -> bool {
        match &self.kind {
            Kind::String(string) if self.clauses.is_empty() => {
                is_one_of(self.allowed, text) && string.takes(text, options.formats)
            }
            _ => takes(self, text) && examine(text.as_bytes(), self, options).is_empty(),
        }
    }
}

/// Whether a list of JSON texts has a string, as far as it is written without escapes. An empty list has all.
fn is_one_of(allowed: &[&str], text: &str) -> bool {
    let inner = |one: &&str| one.strip_prefix('"')?.strip_suffix('"').map(|inner| inner == text);
    let plain = !text.contains(['"', '\\']);
    allowed.is_empty() || plain && allowed.iter().any(|one| inner(one) == Some(true))
}

/// What is wrong with a text that stands for a value of a rule.
pub(crate) fn text_violations(rule: &Rule, text: &str, options: &DecodeOptions) -> Violations {
    match rule.surely_takes(text, options) {
        true => Violations::default(),
        false => examine(parameter_as_json(rule, text).as_bytes(), rule, options),
    }
}
