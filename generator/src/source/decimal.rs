//! Numbers by their text: which of two is more, however many digits they have.

use std::cmp::Ordering;

/// A number of JSON as sign, digits without zeros at either end, and where the point stands before the first of them.
struct Decimal {
    negative: bool,
    digits: String,
    magnitude: i64,
}

impl Decimal {
    fn new(text: &str) -> Decimal {
        let (negative, size) = text.strip_prefix('-').map_or((false, text), |size| (true, size));
        let (mantissa, exponent) = size.split_once(['e', 'E']).unwrap_or((size, "0"));
        // One that no 64 bits hold is as good as the largest.
        let limit = if exponent.starts_with('-') { i64::MIN / 4 } else { i64::MAX / 4 };
        let exponent = exponent.parse().unwrap_or(limit).clamp(i64::MIN / 4, i64::MAX / 4);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let from_first = all.trim_start_matches('0');
        let leading = all.len() - from_first.len();
        let digits = from_first.trim_end_matches('0').to_owned();
        let magnitude = if digits.is_empty() { 0 } else { exponent + whole.len() as i64 - leading as i64 };
        Decimal { negative: negative && !digits.is_empty(), digits, magnitude }
    }

    fn compare_size(&self, other: &Decimal) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            // Without zeros at the end, more digits behind the same ones is more.
            (false, false) => self.magnitude.cmp(&other.magnitude).then_with(|| self.digits.cmp(&other.digits)),
            (mine, theirs) => theirs.cmp(&mine),
        }
    }
}

/// Compares two numbers, each the text of a JSON number, by value.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (Decimal::new(a), Decimal::new(b));
    match (a.negative, b.negative) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (true, true) => b.compare_size(&a),
        (false, false) => a.compare_size(&b),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn compares_by_value() {
        let ordered = [
            "-1e400",
            "-10.5",
            "-2",
            "-0.001",
            "0",
            "1e-400",
            "0.1",
            "0.10000000000000000001",
            "1",
            "9007199254740992",
            "9007199254740993",
            "123456789012345678901234567890",
            "1e30",
            "1e99999999999999999999",
        ];
        for (at, a) in ordered.iter().enumerate() {
            for (other, b) in ordered.iter().enumerate() {
                assert_eq!(compare(a, b), at.cmp(&other), "{a} and {b}");
            }
        }
        for (a, b) in [("-0.0", "0"), ("1e2", "100.0"), ("0.05E+1", "5e-1"), ("0e9", "0"), ("1.50", "1.5")] {
            assert!(compare(a, b).is_eq(), "{a} and {b}");
        }
    }
}
