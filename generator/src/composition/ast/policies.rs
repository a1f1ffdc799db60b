//! What may be said on a call, an upstream, an endpoint or the file.

use super::Shape;
use crate::source::{Span, Spanned};

/// What may be said on a call, an upstream, an endpoint or the file.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// In milliseconds.
    pub timeout: Option<Spanned<u64>>,
    /// `validate`
    pub validate: Option<Spanned<Validate>>,
    /// `on_invalid`
    pub on_invalid: Option<Spanned<OnInvalid>>,
    /// `on_error`
    pub on_error: Option<OnError>,
    /// `open: true`: undeclared members pass too.
    pub open: Option<Spanned<bool>>,
    /// `lenient`
    pub lenient: Option<Lenient>,
    /// `formats`: whether `format` is checked.
    pub formats: Option<Spanned<bool>>,
    /// `sample`: of a million answers, so many are checked whole.
    pub sample: Option<Spanned<u32>>,
}

/// What passes against a document, or does not; what is not named is said elsewhere.
#[derive(Clone, Debug)]
pub struct Lenient {
    /// Whether each may pass.
    pub said: Vec<(Leniency, bool)>,
    /// The value.
    pub span: Span,
}

/// Something that services send against their documents. What each means stands in `docs/decoding.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Leniency {
    IntegralFloats,
    UnknownEnumMembers,
    ExtraFields,
    NullForAbsent,
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

    /// The key in a composition.
    pub fn name(self) -> &'static str {
        match self {
            Leniency::IntegralFloats => "integral_floats",
            Leniency::UnknownEnumMembers => "unknown_enum_members",
            Leniency::ExtraFields => "extra_fields",
            Leniency::NullForAbsent => "null_for_absent",
            Leniency::SeveralOneOf => "several_one_of",
        }
    }
}

/// How much of a body is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Validate {
    Used,
    Full,
    Off,
}

/// What a violation means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum OnInvalid {
    Fail,
    Report,
}

/// What a failed call means.
#[derive(Clone, Debug)]
pub struct OnError {
    /// What happens.
    pub action: OnErrorAction,
    /// Text of the warning.
    pub warn: Option<Spanned<String>>,
    /// Where it stands.
    pub span: Span,
}

/// See [`OnError`].
#[derive(Clone, Debug)]
pub enum OnErrorAction {
    /// The answer fails; upstream status -> the client's.
    Fail(Vec<(Spanned<u16>, Spanned<u16>)>),
    /// The value is optional from here on.
    Absent,
    /// This value instead.
    Default(Shape),
}
