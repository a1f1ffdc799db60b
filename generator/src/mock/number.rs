//! Numbers within their bounds, exact to the last decimal.

use std::cmp::Ordering;

use crate::schema::{Json, NumberRules};

use super::random::Random;

/// More decimals than this are not made.
const MAX_SCALE: u32 = 9;

/// `digits / 10^scale`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    /// Reads a JSON number; none where it has more digits than fit.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if scale >= 0 {
            return Some(Decimal { digits, scale: scale as u32 }.trimmed());
        }
        let factor = 10i128.checked_pow(scale.unsigned_abs())?;
        Some(Decimal { digits: digits.checked_mul(factor)?, scale: 0 })
    }

    fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }

    /// Whether it has no decimals.
    pub fn is_integer(self) -> bool {
        self.scale == 0
    }

    /// The digits at another scale, rounded down, and whether nothing was lost.
    fn at(self, scale: u32) -> Option<(i128, bool)> {
        if scale >= self.scale {
            let factor = 10i128.checked_pow(scale - self.scale)?;
            return Some((self.digits.checked_mul(factor)?, true));
        }
        let factor = 10i128.checked_pow(self.scale - scale)?;
        Some((self.digits.div_euclid(factor), self.digits.rem_euclid(factor) == 0))
    }

    /// Order by value.
    pub fn compare(self, other: Decimal) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.at(scale), other.at(scale)) {
            (Some((a, _)), Some((b, _))) => a.cmp(&b),
            _ => self.as_f64().total_cmp(&other.as_f64()),
        }
    }

    /// Whether it is a whole number of times the other.
    pub fn is_multiple_of(self, other: Decimal) -> bool {
        let (number, mut step) = (self.trimmed(), other.digits);
        // Its last digit is not zero, so it cannot be a multiple of ten of the step's last place.
        if step == 0 || number.scale > other.scale {
            return false;
        }
        // It has more zeros behind it, which are factors that the step need not find in its digits.
        for prime in [2, 5] {
            let mut zeros = other.scale - number.scale;
            while zeros > 0 && step % prime == 0 {
                (step, zeros) = (step / prime, zeros - 1);
            }
        }
        number.digits.wrapping_rem(step) == 0
    }

    fn as_f64(self) -> f64 {
        self.digits as f64 / 10f64.powi(self.scale as i32)
    }
}

/// A number that satisfies the rules, if there is one that can be found.
pub fn make(rules: &NumberRules, integer: bool, random: &mut Random) -> Option<Json> {
    let read = |text: &Option<String>| text.as_deref().and_then(Decimal::parse);
    let step = read(&rules.multiple_of).filter(|d| d.digits > 0);
    let bounds = [&rules.minimum, &rules.maximum, &rules.exclusive_minimum, &rules.exclusive_maximum];
    let scale = match (integer, step) {
        (true, step) => step.map_or(0, |d| d.scale),
        (false, Some(step)) => step.scale,
        (false, None) => bounds.iter().filter_map(|b| read(b)).map(|d| d.scale + 1).fold(2, u32::max),
    }
    .min(MAX_SCALE);
    let unit = 10i128.pow(scale);
    let step = match (step.and_then(|d| d.at(scale)), integer) {
        (Some((step, _)), true) => step / gcd(step, unit) * unit,
        (Some((step, _)), false) => step,
        (None, true) => unit,
        (None, false) => 1,
    }
    .max(1);
    let lowest = [
        read(&rules.minimum).and_then(|d| d.at(scale)).map(|(n, exact)| if exact { n } else { n + 1 }),
        read(&rules.exclusive_minimum).and_then(|d| d.at(scale)).map(|(n, _)| n + 1),
        format_bounds(rules).map(|(low, _)| low * unit),
    ];
    let highest = [
        read(&rules.maximum).and_then(|d| d.at(scale)).map(|(n, _)| n),
        read(&rules.exclusive_maximum).and_then(|d| d.at(scale)).map(|(n, exact)| if exact { n - 1 } else { n }),
        format_bounds(rules).map(|(_, high)| high * unit),
    ];
    let said_low = lowest.iter().take(2).flatten().max().copied();
    let said_high = highest.iter().take(2).flatten().min().copied();
    // Numbers that a person would expect: small and positive where the bounds leave the choice.
    let reach = (1000 * unit).max(step.saturating_mul(20));
    let (low, high) = match (said_low, said_high) {
        (Some(low), Some(high)) => (low, high.min(low.saturating_add(reach.saturating_mul(1000)))),
        (Some(low), None) => (low, low.saturating_add(reach)),
        (None, Some(high)) if high >= unit => (unit.min(high), high.min(reach)),
        (None, Some(high)) => (high.saturating_sub(reach), high),
        (None, None) => (unit, reach),
    };
    let low = lowest[2].map_or(low, |limit| low.max(limit));
    let high = highest[2].map_or(high, |limit| high.min(limit));
    let (first, last) = (-(-low).div_euclid(step), high.div_euclid(step));
    if first > last {
        return None;
    }
    to_json(random.between(first, last).checked_mul(step)?, scale)
}

/// The least and the greatest number of a format, where it is one of integers.
pub(super) fn format_bounds(rules: &NumberRules) -> Option<(i128, i128)> {
    let format = rules.format.as_deref()?;
    let (bits, signed) = match format.strip_prefix('u') {
        Some(rest) => (rest.strip_prefix("int")?, false),
        None => (format.strip_prefix("int")?, true),
    };
    let bits: u32 = bits.parse().ok().filter(|bits| matches!(bits, 8 | 16 | 32 | 64))?;
    Some(if signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) })
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn to_json(digits: i128, scale: u32) -> Option<Json> {
    let unit = 10i128.pow(scale);
    if digits % unit == 0 {
        let whole = digits / unit;
        return i64::try_from(whole).map(Json::from).or_else(|_| u64::try_from(whole).map(Json::from)).ok();
    }
    let sign = if digits < 0 { "-" } else { "" };
    let (whole, fraction) = (digits.abs() / unit, digits.abs() % unit);
    let width = scale as usize;
    format!("{sign}{whole}.{fraction:0width$}").parse::<f64>().ok().map(Json::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::check;

    #[test]
    fn multiples_are_exact_where_no_common_scale_fits() {
        let of = |number, step| Some(Decimal::parse(number)?.is_multiple_of(Decimal::parse(step)?));
        for (number, step, expected) in [
            ("0.3", "0.1", true),
            ("0.35", "0.1", false),
            ("7.5", "2.5", true),
            ("0", "7e-30", true),
            ("1e30", "1e-9", true),
            ("1e30", "3e-9", false),
            ("3e30", "3e-30", true),
            ("1e-30", "1e30", false),
            ("1e30", "1.6e-29", true),
            ("1", "0", false),
            ("-170141183460469231731687303715884105728", "-1", true),
        ] {
            assert_eq!(of(number, step), Some(expected), "{number} of {step}");
        }
    }

    #[test]
    fn numbers_stay_within_their_rules() {
        let rules = |min: &str, max: &str, over: &str, under: &str, step: &str| {
            let text = |t: &str| (!t.is_empty()).then(|| t.to_owned());
            NumberRules {
                format: None,
                minimum: text(min),
                maximum: text(max),
                exclusive_minimum: text(over),
                exclusive_maximum: text(under),
                multiple_of: text(step),
            }
        };
        let cases = [
            (rules("", "", "", "", ""), true),
            (rules("1", "1", "", "", ""), true),
            (rules("-5", "-2", "", "", ""), true),
            (rules("", "-100", "", "", "7"), true),
            (rules("0.5", "3.5", "", "", ""), true),
            (rules("", "", "0", "1", ""), false),
            (rules("", "", "0", "0.01", ""), false),
            (rules("", "", "", "", "0.01"), false),
            (rules("", "10", "", "", "2.5"), true),
            (rules("1e3", "", "", "1.1e3", "25"), true),
            (rules("9007199254740993", "9007199254740995", "", "", ""), true),
        ];
        for (rules, integer) in cases {
            for seed in 0..200 {
                let value = make(&rules, integer, &mut Random::new(seed)).expect("there is one");
                assert!(check::number(&rules, integer, &value), "{value} against {rules:?}");
            }
        }
        assert!(make(&rules("2", "1", "", "", ""), true, &mut Random::new(0)).is_none());
        assert!(make(&rules("", "", "1", "2", ""), true, &mut Random::new(0)).is_none());
    }
}
