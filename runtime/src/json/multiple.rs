//! Whether a number is a whole number of times another: exact, however many digits they have.

use std::cmp::Ordering;

/// Whether digits with `zeros` zeros behind them are a multiple of the digits of `step`, which are not all zero.
/// Takes as long as there are digits, and as those of the step: the zeros are never written down.
pub(crate) fn is_multiple(
    digits: impl Iterator<Item = u8>,
    zeros: i64,
    step: impl Iterator<Item = u8> + Clone,
) -> bool {
    let short = step.clone().try_fold(0u64, |value, digit| {
        value.checked_mul(10)?.checked_add(u64::from(digit - b'0')).filter(|value| *value <= u64::MAX / 16)
    });
    match short {
        Some(step) => is_multiple_of_short(digits, zeros, step),
        None => is_multiple_of_long(digits, zeros, step),
    }
}

// The zeros are as many factors of two and of five. Those that the step has too can be taken out of it, and none of the
// others matters to what is left: either it has no such factor, or the zeros are used up.

fn is_multiple_of_short(digits: impl Iterator<Item = u8>, zeros: i64, mut step: u64) -> bool {
    for prime in [2, 5] {
        let mut left = zeros;
        while left > 0 && step.is_multiple_of(prime) {
            step /= prime;
            left -= 1;
        }
    }
    digits.fold(0u64, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % step) == 0
}

fn is_multiple_of_long(digits: impl Iterator<Item = u8>, zeros: i64, step: impl Iterator<Item = u8>) -> bool {
    let mut limit = Natural::default();
    step.for_each(|digit| limit.push(digit - b'0'));
    for prime in [2, 5] {
        let mut left = zeros;
        while left > 0 && limit.divide(prime) {
            left -= 1;
        }
    }
    let mut rest = Natural::default();
    for digit in digits {
        rest.push(digit - b'0');
        // It was less than the step before: nine times at most.
        while rest.compare(&limit).is_ge() {
            rest.subtract(&limit);
        }
    }
    rest.0.is_empty()
}

/// A natural number: 32 bits an item, the lowest first, without zeros at the end.
#[derive(Default)]
struct Natural(Vec<u32>);

impl Natural {
    /// Puts a digit behind its digits.
    fn push(&mut self, digit: u8) {
        let mut carry = u64::from(digit);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * 10;
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Divides it, if nothing is left over.
    fn divide(&mut self, by: u64) -> bool {
        let step = |rest: u64, limb: &u32| (rest << 32) | u64::from(*limb);
        if self.0.iter().rev().fold(0, |rest, limb| step(rest, limb) % by) != 0 {
            return false;
        }
        let mut rest = 0;
        for limb in self.0.iter_mut().rev() {
            let all = step(rest, limb);
            (*limb, rest) = ((all / by) as u32, all % by);
        }
        self.trim();
        true
    }

    /// Takes away a number that is not larger.
    fn subtract(&mut self, other: &Natural) {
        let mut borrow = false;
        for (at, limb) in self.0.iter_mut().enumerate() {
            let (less, first) = limb.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (less, second) = less.overflowing_sub(u32::from(borrow));
            (*limb, borrow) = (less, first || second);
        }
        self.trim();
    }

    fn compare(&self, other: &Natural) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}
