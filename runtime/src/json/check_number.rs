//! Checks numbers by their text: exact, and quick where they are small.

use std::cmp::Ordering;

use crate::json::decimal::{Decimal, Short};
use crate::json::pattern::Format;
use crate::json::reader::Reader;
use crate::json::rule::{Bound, NumberRule};
use crate::json::scan::Digits;

impl Reader<'_> {
    #[inline]
    pub(crate) fn check_number(&mut self, rule: &NumberRule, integer: bool) -> bool {
        if !matches!(self.cursor.peek(), b'-' | b'0'..=b'9') {
            return self.wrong(if integer { "an integer" } else { "a number" });
        }
        let Some(digits) = self.cursor.number() else { return false };
        if integer && digits.small.is_none() {
            if !self.is_integral(digits) {
                return self.type_violation(digits.start, "type", || "an integer".into());
            }
            self.cut_fraction(digits);
        }
        !rule.any || !self.rules || self.number_rules(rule, digits)
    }

    /// Checks what a rule says of the number that was just read.
    pub(crate) fn number_rules(&mut self, rule: &NumberRule, digits: Digits) -> bool {
        use Ordering::{Equal, Greater, Less};
        let text = self.cursor.slice(digits.start, digits.end);
        let against = |bound: &Bound| match (digits.whole, bound.small) {
            (Some(whole), Some(bound)) => whole.cmp(&bound).then_with(|| fraction_sign(text)),
            _ => Decimal::new(text).compare(&Decimal::new(bound.text)),
        };
        let mut usable = true;
        if let Some(bound) = &rule.minimum
            && against(bound) == Less
        {
            usable &= self.rule_violation(digits.start, "minimum", || format!("at least {}", bound.text));
        }
        if let Some(bound) = &rule.maximum
            && against(bound) == Greater
        {
            usable &= self.rule_violation(digits.start, "maximum", || format!("at most {}", bound.text));
        }
        if let Some(bound) = &rule.exclusive_minimum
            && matches!(against(bound), Less | Equal)
        {
            usable &= self.rule_violation(digits.start, "exclusiveMinimum", || format!("more than {}", bound.text));
        }
        if let Some(bound) = &rule.exclusive_maximum
            && matches!(against(bound), Greater | Equal)
        {
            usable &= self.rule_violation(digits.start, "exclusiveMaximum", || format!("less than {}", bound.text));
        }
        if let Some(step) = &rule.multiple_of
            && !is_multiple(text, digits.small, step)
        {
            usable &= self.rule_violation(digits.start, "multipleOf", || format!("a multiple of {}", step.text));
        }
        if let Some(format) = rule.format
            && self.formats
        {
            let fits = match (format, digits.small) {
                (Format::Int64, Some(_)) => true,
                (Format::Int32, Some(value)) => i32::try_from(value).is_ok(),
                _ => format.check_number(text),
            };
            usable &= fits || self.rule_violation(digits.start, "format", || format!("the format {}", format.name()));
        }
        usable
    }
}

/// How a number without exponent compares with its own whole part.
fn fraction_sign(text: &str) -> Ordering {
    match text.split_once('.') {
        Some((_, fraction)) if fraction.bytes().any(|digit| digit != b'0') => {
            if text.starts_with('-') {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        _ => Ordering::Equal,
    }
}

fn is_multiple(text: &str, small: Option<i64>, step: &Bound) -> bool {
    match (small, step.small) {
        (Some(value), Some(step)) if step != 0 => value % step == 0,
        _ => short_multiple(text, step).unwrap_or_else(|| Decimal::new(text).is_multiple_of(&Decimal::new(step.text))),
    }
}

fn short_multiple(text: &str, step: &Bound) -> Option<bool> {
    Short::new(text)?.is_multiple_of(step.short?)
}
