//! `multipleOf` against the `num-bigint` crate: many digits, any exponent, written in many ways.

use bff_runtime::json::{DecodeOptions, Field, Rule};
use num_bigint::BigInt;

use crate::violations;

/// How many are tried: few under Miri, which is some thousand times slower.
const TRIES: usize = if cfg!(miri) { 20 } else { 20_000 };

struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % below
    }

    /// A natural number of up to so many digits, often one with few other factors than two and five.
    fn natural(&mut self, digits: usize) -> BigInt {
        match self.below(4) {
            0 => BigInt::from([2, 5, 6][self.below(3)]).pow(self.below(digits) as u32),
            1 => BigInt::from(10).pow(self.below(digits) as u32) + 1,
            _ => {
                let count = 1 + self.below(digits);
                let text: String = (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect();
                text.parse().expect("digits")
            }
        }
    }

    /// `digits * 10^exponent` in one of its many forms.
    fn written(&mut self, digits: &BigInt, exponent: i64) -> String {
        if *digits == BigInt::ZERO {
            return ["0", "-0.00", "0e7", "0.0E-7"][self.below(4)].to_owned();
        }
        let text = digits.to_string();
        let (sign, size) = text.strip_prefix('-').map_or(("", text.as_str()), |size| ("-", size));
        let zeros = "0".repeat(self.below(3));
        match self.below(4) {
            // 12300e-7
            0 => format!("{sign}{size}{zeros}e{}", exponent - zeros.len() as i64),
            // 12.300E+4
            1 => {
                let (whole, fraction) = size.split_at(1 + self.below(size.len()));
                let point = if fraction.is_empty() && zeros.is_empty() { "" } else { "." };
                format!("{sign}{whole}{point}{fraction}{zeros}E{:+}", exponent + fraction.len() as i64)
            }
            // 0.00123e9
            2 => format!("{sign}0.{zeros}{size}e{}", exponent + (zeros.len() + size.len()) as i64),
            // Without an exponent, if that is not too long.
            _ if (0..50).contains(&exponent) => format!("{sign}{size}{}", "0".repeat(exponent as usize)),
            _ if (-50..0).contains(&exponent) => {
                let padded = format!("{}{size}", "0".repeat(51));
                let (whole, fraction) = padded.split_at(padded.len() - exponent.unsigned_abs() as usize);
                let whole = whole.trim_start_matches('0');
                format!("{sign}{}.{fraction}", if whole.is_empty() { "0" } else { whole })
            }
            _ => format!("{sign}{size}e{exponent}"),
        }
    }
}

/// Whether `number.0 * 10^number.1` is a whole number of times the other.
fn is_multiple(number: &(BigInt, i64), step: &(BigInt, i64)) -> bool {
    let least = number.1.min(step.1);
    let whole = |(digits, exponent): &(BigInt, i64)| digits * BigInt::from(10).pow((exponent - least) as u32);
    whole(number) % whole(step) == BigInt::ZERO
}

fn rule(step: String) -> Rule {
    Rule::number().multiple_of(step.leak())
}

#[test]
fn what_is_a_multiple_is_what_num_bigint_takes() {
    let mut random = Random(0x5eed_0000_0000_0035);
    let (mut multiples, mut long) = (0, 0);
    for _ in 0..TRIES {
        let digits = [3, 18, 19, 20, 40, 90][random.below(6)];
        let step = (random.natural(digits) + 1, random.below(120) as i64 - 60);
        let mut number = match random.below(4) {
            0 => (random.natural(digits * 2), random.below(120) as i64 - 60),
            // A multiple, or nearly, with zeros that are not the step's.
            1 => (&step.0 * random.natural(digits), step.1 + random.below(400) as i64),
            2 => (&step.0 * random.natural(digits) + random.below(2), step.1),
            _ => (&step.0 * random.natural(digits), step.1 - random.below(3) as i64),
        };
        if random.below(2) == 0 {
            number.0 = -number.0;
        }
        let expected = is_multiple(&number, &step);
        let (text, of) = (random.written(&number.0, number.1), random.written(&step.0, step.1));
        let found = violations(&rule(of.clone()), &text, &DecodeOptions::response());
        assert_eq!(found.is_empty(), expected, "{text} of {of}: {found:?}");
        multiples += usize::from(expected);
        long += usize::from(step.0.to_string().len() > 19);
    }
    assert!(
        cfg!(miri) || multiples > TRIES / 4 && TRIES - multiples > TRIES / 4 && long > TRIES / 8,
        "{multiples} {long}"
    );
}

/// What no big integer could hold in time: the exponents are never counted up to.
#[test]
fn exponents_have_no_end() {
    for (text, step, expected) in [
        ("1e400", "1", true),
        ("1e400", "3", false),
        ("3e400", "3", true),
        ("1e999999999", "0.01", true),
        ("1e999999999", "7", false),
        ("1e999999999", "1267650600228229401496703205376", true),
        ("1e999999999", "1267650600228229401496703205377", false),
        ("1e-999999999", "1", false),
        ("1e-999999999", "1e-999999999", true),
        ("2e999999999", "2e999999999", true),
        ("1e999999999", "2e999999999", false),
        ("1e999999999999", "1024e999999999", true),
        ("0e999999999", "3", true),
        ("0.1e-300", "1e-301", true),
        ("0.1e-300", "2e-301", false),
        ("-0.1e-300", "1e-400", true),
        ("1e99999999999999999999999", "1e-99999999999999999999999", true),
        ("1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890", true),
        ("1234567890123456789012345678901234567891", "1234567890123456789012345678901234567890", false),
        ("3702", "1234.000000000000000000000000000000001", false),
    ] {
        let found = violations(&rule(step.to_owned()), text, &DecodeOptions::response());
        assert_eq!(found.is_empty(), expected, "{text} of {step}: {found:?}");
    }
    // As many digits as a body can have.
    let long = format!("{{\"n\":{}}}", "7".repeat(if cfg!(miri) { 100 } else { 1 << 20 }));
    static SEVEN: Rule = Rule::object(&[Field::required("n", &Rule::number().multiple_of("7"))]);
    static MANY: Rule = Rule::object(&[Field::required("n", &Rule::number().multiple_of("7777777777777777777777"))]);
    assert!(violations(&SEVEN, &long, &DecodeOptions::response()).is_empty());
    assert_eq!(violations(&MANY, &long, &DecodeOptions::response()), ["/n multipleOf"]);
}
