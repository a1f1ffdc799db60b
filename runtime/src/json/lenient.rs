//! Leniencies: what real services send against their documents, read all the same, and counted.

use crate::json::decimal::Decimal;
use crate::json::field::Field;
use crate::json::reader::{KEPT, Reader};
use crate::json::scan::Digits;
use crate::json::violation::Found;

/// Something that a document does not allow, that services send all the same, and that harms nobody who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leniency {
    /// `300.0` or `3e2` for an integer. It goes out as `300`; with an exponent, as it came.
    IntegralFloats,
    /// A value that an `enum` does not list. It goes out as it came. Not where there is one value only (`const`).
    UnknownEnumMembers,
    /// A member that an object with `additionalProperties: false` does not declare. It does not go out.
    ExtraFields,
    /// `null` for a member that may be absent, but not null. It is absent.
    NullForAbsent,
    /// A value that is of several members of a `oneOf`. It is the one that keeps most of it, of several such the first.
    SeveralOneOf,
}

impl Leniency {
    /// All of them.
    pub const ALL: [Leniency; 5] = [
        Leniency::IntegralFloats,
        Leniency::UnknownEnumMembers,
        Leniency::ExtraFields,
        Leniency::NullForAbsent,
        Leniency::SeveralOneOf,
    ];

    /// The name in compositions, metrics and the log.
    pub const fn name(self) -> &'static str {
        match self {
            Leniency::IntegralFloats => "integral_floats",
            Leniency::UnknownEnumMembers => "unknown_enum_members",
            Leniency::ExtraFields => "extra_fields",
            Leniency::NullForAbsent => "null_for_absent",
            Leniency::SeveralOneOf => "several_one_of",
        }
    }
}

/// A set of leniencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leniencies(u8);

impl Leniencies {
    /// All of them: for what upstreams send.
    pub const ALL: Leniencies = Leniencies(0b1_1111);
    /// None of them.
    pub const NONE: Leniencies = Leniencies(0);
    /// What JSON Schema itself allows: by its letter, `300.0` is an integer. For what clients send.
    pub const LETTER: Leniencies = Leniencies::NONE.with(Leniency::IntegralFloats);

    /// These and another.
    #[must_use]
    pub const fn with(self, leniency: Leniency) -> Leniencies {
        Leniencies(self.0 | 1 << leniency as u8)
    }

    /// These without one.
    #[must_use]
    pub const fn without(self, leniency: Leniency) -> Leniencies {
        Leniencies(self.0 & !(1 << leniency as u8))
    }

    /// Whether it is one of them.
    pub const fn has(self, leniency: Leniency) -> bool {
        self.0 & 1 << leniency as u8 != 0
    }

    /// Those that are in both.
    pub(crate) const fn and(self, other: Leniencies) -> Leniencies {
        Leniencies(self.0 & other.0)
    }
}

/// What a reader may be lenient about, and where it was.
#[derive(Debug)]
pub(crate) struct Lenient {
    pub allowed: Leniencies,
    /// Whether the attempt on a member of a union that is being made needed a leniency.
    pub in_attempt: bool,
    /// What is read was checked before, and what it needs was noted.
    pub quiet: bool,
    /// The first places.
    pub found: Vec<(Leniency, Found)>,
    /// How often, by leniency.
    pub counts: [u32; 5],
}

impl Lenient {
    pub(crate) fn new(allowed: Leniencies) -> Lenient {
        Lenient { allowed, in_attempt: false, quiet: false, found: Vec::new(), counts: [0; 5] }
    }
}

impl<'a> Reader<'a> {
    /// Notes that a leniency is needed for the value at `offset`. `false`: it is not granted.
    #[cold]
    pub(crate) fn lean(
        &mut self,
        leniency: Leniency,
        offset: usize,
        rule: &'static str,
        expected: impl FnOnce() -> String,
    ) -> bool {
        if !self.lenient.allowed.has(leniency) {
            return false;
        }
        if self.probing {
            self.lenient.in_attempt = true;
        } else if self.cursor.broken.is_none() && !self.lenient.quiet {
            self.lenient.counts[leniency as usize] += 1;
            if self.lenient.found.len() < KEPT {
                self.lenient.found.push((leniency, Found { offset, member: None, rule, expected: expected() }));
            }
        }
        true
    }

    /// Whether a number that is not written as a small integer is an integer all the same.
    #[cold]
    pub(crate) fn is_integral(&mut self, start: usize, end: usize) -> bool {
        let text = self.cursor.slice(start, end);
        Decimal::new(text).is_integer()
            && (!text.contains(['.', 'e', 'E'])
                || self.lean(Leniency::IntegralFloats, start, "type", || "an integer, written as one".into()))
    }

    /// The value of a number that is not written as a small integer; `known`: that it is an integer was checked.
    #[cold]
    pub(crate) fn other_integer(&mut self, digits: Digits, known: bool) -> Option<i64> {
        let value = Decimal::new(self.cursor.slice(digits.start, digits.end)).to_i64();
        let value = value.filter(|_| known || self.is_integral(digits.start, digits.end));
        if value.is_none() {
            self.type_violation(digits.start, "type", || "an integer of at most 64 bits".into());
        }
        value
    }

    /// Leaves the fraction of an integer out of what goes out: what follows the point is zeros.
    #[cold]
    pub(crate) fn cut_fraction(&mut self, start: usize, end: usize) {
        let text = self.cursor.slice(start, end);
        if let (Some(point), false) = (text.find('.'), text.contains(['e', 'E'])) {
            self.cuts.push((start + point, end));
        }
    }

    /// Whether a member that an object does not declare, and must not have, may be dropped.
    #[cold]
    pub(crate) fn is_extra(&mut self, offset: usize) -> bool {
        self.lean(Leniency::ExtraFields, offset, "additionalProperties", || "no member of this name".into())
    }

    /// Whether the value at `start`, which was just refused, is a null that stands for an absent member. It is stepped over.
    #[cold]
    pub(crate) fn is_null_for_absent(&mut self, start: usize) -> bool {
        if self.cursor.broken.is_some() || self.cursor.at(start) != b'n' {
            return false;
        }
        if !self.lean(Leniency::NullForAbsent, start, "type", || "a value, or no such member".into()) {
            return false;
        }
        self.forgive(start);
        self.cursor.pos = start;
        self.cursor.literal("null").is_some()
    }

    /// Goes on after a declared member that did not pass. Returns whether it counts as absent.
    #[cold]
    pub(crate) fn stands_for_absent(&mut self, field: &Field, start: usize) -> bool {
        !field.required && self.is_null_for_absent(start)
    }
}
