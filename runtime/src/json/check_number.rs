//! Checks numbers by their text: exact, and quick where they are small.

use std::cmp::Ordering;

use crate::json::decimal::{Decimal, Short};
use crate::json::reader::Reader;
use crate::json::rule::{Bound, NumberRule};
use crate::json::scan::Digits;

impl Reader<'_> {
    pub(crate) fn check_number(&mut self, rule: &NumberRule, integer: bool) -> bool {
        if !matches!(self.cursor.peek(), b'-' | b'0'..=b'9') {
            return self.wrong(if integer { "an integer" } else { "a number" });
        }
        let Some(digits) = self.cursor.number() else { return false };
        if integer && digits.small().is_none() {
            if !self.is_integral(digits.start, digits.end) {
                return self.type_violation(digits.start, "type", || "an integer".into());
            }
            self.cut_fraction(digits.start, digits.end);
        }
        !rule.any || !self.rules || self.number_rules(rule, digits)
    }

    /// Checks what a rule says of the number that was just read.
    #[inline]
    pub(crate) fn number_rules(&mut self, rule: &NumberRule, digits: Digits) -> bool {
        digits.short().is_some_and(|number| rule.surely_takes(number))
            || self.number_rules_slow(rule, digits.start, digits.end)
    }

    #[inline(never)]
    fn number_rules_slow(&mut self, rule: &NumberRule, start: usize, end: usize) -> bool {
        use Ordering::{Equal, Greater, Less};
        let text = self.cursor.slice(start, end);
        let short = Short::new(text);
        let against = |bound: &Bound| match (short, bound.short) {
            (Some(number), Some(bound)) => number.compare(bound),
            _ => Decimal::new(text).compare(&Decimal::new(bound.text)),
        };
        let mut usable = true;
        if let Some(bound) = &rule.minimum
            && against(bound) == Less
        {
            usable &= self.rule_violation(start, "minimum", || format!("at least {}", bound.text));
        }
        if let Some(bound) = &rule.maximum
            && against(bound) == Greater
        {
            usable &= self.rule_violation(start, "maximum", || format!("at most {}", bound.text));
        }
        if let Some(bound) = &rule.exclusive_minimum
            && matches!(against(bound), Less | Equal)
        {
            usable &= self.rule_violation(start, "exclusiveMinimum", || format!("more than {}", bound.text));
        }
        if let Some(bound) = &rule.exclusive_maximum
            && matches!(against(bound), Greater | Equal)
        {
            usable &= self.rule_violation(start, "exclusiveMaximum", || format!("less than {}", bound.text));
        }
        if let Some(step) = &rule.multiple_of
            && !is_multiple(text, short, step)
        {
            usable &= self.rule_violation(start, "multipleOf", || format!("a multiple of {}", step.text));
        }
        if let Some(format) = rule.format
            && self.formats
        {
            usable &= format.check_number(text)
                || self.rule_violation(start, "format", || format!("the format {}", format.name()));
        }
        usable
    }
}

impl NumberRule {
    /// Whether a quick look shows that a number keeps all of the rule.
    #[inline]
    pub(crate) fn surely_takes(&self, number: Short) -> bool {
        let Short { digits, places } = number;
        let within = match places {
            0 => self.low <= digits && digits <= self.high,
            _ => {
                let shift = Short::power(places);
                let (low, high) = (self.low.saturating_mul(shift), self.high.saturating_mul(shift));
                low <= digits && digits <= high && self.format.is_none()
            }
        };
        within && self.multiple_of.as_ref().is_none_or(|step| quickly_multiple(number, step) == Some(true))
    }
}

#[inline]
fn quickly_multiple(number: Short, step: &Bound) -> Option<bool> {
    let step = step.short?;
    // Whatever has at most two places is a multiple of 0.01.
    if step.digits == 1 && number.places <= step.places { Some(true) } else { number.is_multiple_of(step) }
}

fn is_multiple(text: &str, short: Option<Short>, step: &Bound) -> bool {
    let quick = short.and_then(|number| quickly_multiple(number, step));
    quick.unwrap_or_else(|| Decimal::new(text).is_multiple_of(&Decimal::new(step.text)))
}
