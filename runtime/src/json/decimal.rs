//! Exact arithmetic on numbers as they are written: comparing, and being a multiple.

use std::cmp::Ordering;

use crate::json::multiple::is_multiple;

/// A number of at most 18 digits and without exponent, which most numbers are: `digits / 10^places`.
/// `places` is at most [`Short::DIGITS`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Short {
    pub digits: i64,
    pub places: usize,
}

impl Short {
    /// The most digits that it has, on both sides of the point.
    pub(crate) const DIGITS: usize = 18;

    /// Reads the text of a JSON number. `None`: it has an exponent, or more digits.
    pub(crate) const fn new(text: &str) -> Option<Short> {
        let bytes = text.as_bytes();
        let negative = !bytes.is_empty() && bytes[0] == b'-';
        let first = negative as usize;
        let (mut index, mut digits, mut places, mut point) = (first, 0i64, 0, false);
        while index < bytes.len() {
            match bytes[index] {
                digit @ b'0'..=b'9' if index < first + Short::DIGITS + point as usize => {
                    digits = digits * 10 + (digit - b'0') as i64;
                    places += point as usize;
                }
                b'.' if !point => point = true,
                _ => return None,
            }
            index += 1;
        }
        if index == first { None } else { Some(Short { digits: if negative { -digits } else { digits }, places }) }
    }

    /// Ten to the power of `places`.
    #[inline(always)]
    pub(crate) const fn power(places: usize) -> i64 {
        POWERS[places]
    }

    /// Compares by value: exact, as 36 digits fit into 128 bits.
    #[inline]
    pub(crate) fn compare(self, other: Short) -> Ordering {
        if self.places == other.places {
            return self.digits.cmp(&other.digits);
        }
        let size = |number: Short, places: usize| i128::from(number.digits) * i128::from(Short::power(places));
        size(self, other.places).cmp(&size(other, self.places))
    }

    /// Whether it is a whole number of times `step`. `None`: the digits do not suffice to tell.
    #[inline]
    pub(crate) fn is_multiple_of(self, step: Short) -> Option<bool> {
        let places = self.places.max(step.places);
        let size = |number: Short| number.digits.checked_mul(Short::power(places - number.places));
        size(self)?.checked_rem(size(step)?).map(|rest| rest == 0)
    }
}

/// How many zeros a number may begin or end with to be written without exponent.
const MOST_PLAIN: u32 = 400;

/// The powers of ten that a [`Short`] can be shifted by.
const POWERS: [i64; Short::DIGITS + 1] = {
    let mut powers = [1; Short::DIGITS + 1];
    let mut index = 1;
    while index < powers.len() {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// A number of JSON, taken apart: `0.digits * 10^magnitude`, without zeros at either end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal<'a> {
    negative: bool,
    /// Digits before and behind the point, stripped together; both empty for zero.
    whole: &'a [u8],
    fraction: &'a [u8],
    /// Where the point stands, counted from the first digit.
    magnitude: i64,
}

impl<'a> Decimal<'a> {
    /// Reads the text of a JSON number; anything else gives some number.
    pub(crate) fn new(text: &'a str) -> Self {
        let (negative, size) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match size.find(['e', 'E']) {
            Some(at) => (&size[..at], exponent(&size[at + 1..])),
            None => (size, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let (mut whole, mut fraction) = (whole.as_bytes(), fraction.as_bytes());
        whole = &whole[leading_zeros(whole)..];
        let mut magnitude = exponent.saturating_add(whole.len() as i64);
        if whole.is_empty() {
            let zeros = leading_zeros(fraction);
            fraction = &fraction[zeros..];
            magnitude = magnitude.saturating_sub(zeros as i64);
        }
        fraction = &fraction[..fraction.len() - trailing_zeros(fraction)];
        if fraction.is_empty() {
            whole = &whole[..whole.len() - trailing_zeros(whole)];
        }
        let zero = whole.is_empty() && fraction.is_empty();
        Decimal { negative: negative && !zero, whole, fraction, magnitude: if zero { 0 } else { magnitude } }
    }

    fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    fn digits(&self) -> impl Iterator<Item = u8> + Clone + 'a {
        self.whole.iter().chain(self.fraction).copied()
    }

    fn count(&self) -> i64 {
        (self.whole.len() + self.fraction.len()) as i64
    }

    /// Power of ten of the last digit.
    fn exponent(&self) -> i64 {
        self.magnitude.saturating_sub(self.count())
    }

    /// Whether there is no fractional part.
    pub(crate) fn is_integer(&self) -> bool {
        self.is_zero() || self.exponent() >= 0
    }

    /// The value, if it is an integer of 64 bits.
    pub(crate) fn to_i64(self) -> Option<i64> {
        if !self.is_integer() || self.magnitude > 19 {
            return None;
        }
        let mut value = 0i128;
        for digit in self.digits() {
            value = value * 10 + i128::from(digit - b'0');
        }
        for _ in self.count()..self.magnitude {
            value *= 10;
        }
        i64::try_from(if self.negative { -value } else { value }).ok()
    }

    /// Compares by value.
    pub(crate) fn compare(&self, other: &Decimal<'_>) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (true, true) => other.compare_size(self),
            (false, false) => self.compare_size(other),
        }
    }

    fn compare_size(&self, other: &Decimal<'_>) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Without zeros at the end, more digits after the same ones is more.
            (false, false) => self.magnitude.cmp(&other.magnitude).then_with(|| self.digits().cmp(other.digits())),
        }
    }

    /// Whether it is a whole number of times `step`.
    pub(crate) fn is_multiple_of(&self, step: &Decimal<'_>) -> bool {
        if self.is_zero() || step.is_zero() {
            return self.is_zero();
        }
        let zeros = self.exponent().saturating_sub(step.exponent());
        // Its last digit is not zero, so it cannot be a multiple of ten of the step's last place.
        zeros >= 0 && is_multiple(self.digits(), zeros, step.digits())
    }

    /// The number without exponent, and without zeros that say nothing: `1.5` for `15e-1`. `None`: it is far beyond doubles.
    pub(crate) fn plain(&self) -> Option<String> {
        if self.is_zero() {
            return Some("0".to_owned());
        }
        let point = i32::try_from(self.magnitude).ok().filter(|point| point.unsigned_abs() <= MOST_PLAIN)?;
        let mut text = String::from(if self.negative { "-" } else { "" });
        if point <= 0 {
            text.push_str("0.");
            text.extend((point..0).map(|_| '0'));
        }
        for (place, digit) in (0..).zip(self.digits()) {
            if place == point && point > 0 {
                text.push('.');
            }
            text.push(char::from(digit));
        }
        text.extend((self.count()..i64::from(point)).map(|_| '0'));
        Some(text)
    }

    /// One text for each value: equal numbers have equal ones.
    pub(crate) fn write_canonical(&self, out: &mut String) {
        if self.is_zero() {
            out.push('0');
            return;
        }
        if self.negative {
            out.push('-');
        }
        out.extend(self.digits().map(char::from));
        out.push('e');
        out.push_str(&self.exponent().to_string());
    }
}

/// An exponent; one that no 64 bits hold is as good as the largest.
fn exponent(text: &str) -> i64 {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let value = digits.bytes().fold(0i64, |value, digit| {
        value.saturating_mul(10).saturating_add(i64::from(digit.wrapping_sub(b'0'))).min(i64::MAX / 4)
    });
    if negative { -value } else { value }
}

fn leading_zeros(digits: &[u8]) -> usize {
    digits.iter().take_while(|digit| **digit == b'0').count()
}

fn trailing_zeros(digits: &[u8]) -> usize {
    digits.iter().rev().take_while(|digit| **digit == b'0').count()
}
