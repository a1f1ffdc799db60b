//! Functions that take and give plain values: a table, one row for each signature.

use crate::plan::ir::Native;
use crate::plan::ty::{Ty, TyKind};

/// The type of an argument or result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// `bool`
    B,
    /// `int`
    I,
    /// `double`
    D,
    /// `string`
    S,
    /// `bytes`
    Y,
    /// A timestamp.
    T,
    /// A duration.
    U,
    /// A list of strings.
    Ss,
    /// A list of integers.
    Is,
}

use Plain::{B, D, I, Is, S, Ss, T, U, Y};

impl Plain {
    /// The type in expressions.
    pub fn ty(self) -> Ty {
        match self {
            B => Ty::bool(),
            I => Ty::int(),
            D => Ty::double(),
            S => Ty::string(),
            Y => Ty::new(TyKind::Bytes),
            T => Ty::new(TyKind::Timestamp),
            U => Ty::new(TyKind::Duration),
            Ss => Ty::list(Ty::string()),
            Is => Ty::list(Ty::int()),
        }
    }

    /// Whether a value is of exactly this type.
    pub fn is(self, ty: &Ty) -> bool {
        matches!(
            (self, &ty.kind),
            (B, TyKind::Bool)
                | (I, TyKind::Int)
                | (D, TyKind::Double)
                | (S, TyKind::Str)
                | (Y, TyKind::Bytes)
                | (T, TyKind::Timestamp)
                | (U, TyKind::Duration)
        )
    }
}

/// A function: its name (with its namespace), arguments, result, and what it is in Rust.
#[derive(Debug)]
pub struct Signature {
    /// `contains`, `math.abs`
    pub name: &'static str,
    /// It is called as a method of its first argument.
    pub method: bool,
    /// Arguments, the receiver first.
    pub args: &'static [Plain],
    /// Result.
    pub result: Plain,
    /// In Rust.
    pub native: Native,
}

const fn row(
    name: &'static str,
    method: bool,
    args: &'static [Plain],
    result: Plain,
    path: &'static str,
    fails: bool,
) -> Signature {
    Signature { name, method, args, result, native: Native { path, fails } }
}

/// A method that cannot fail.
const fn m(name: &'static str, args: &'static [Plain], result: Plain, path: &'static str) -> Signature {
    row(name, true, args, result, path, false)
}

/// A method that can fail.
const fn fails(name: &'static str, args: &'static [Plain], result: Plain, path: &'static str) -> Signature {
    row(name, true, args, result, path, true)
}

/// A function that cannot fail.
const fn f(name: &'static str, args: &'static [Plain], result: Plain, path: &'static str) -> Signature {
    row(name, false, args, result, path, false)
}

/// A function that can fail.
const fn f_fails(name: &'static str, args: &'static [Plain], result: Plain, path: &'static str) -> Signature {
    row(name, false, args, result, path, true)
}

/// All of them. Of several with one name, the first that fits exactly counts.
pub const SIGNATURES: &[Signature] = &[
    // Strings.
    m("size", &[S], I, "text::size"),
    m("size", &[Y], I, "conv::size_of_bytes"),
    m("contains", &[S, S], B, "text::contains"),
    m("startsWith", &[S, S], B, "text::starts_with"),
    m("endsWith", &[S, S], B, "text::ends_with"),
    m("lowerAscii", &[S], S, "text::lower"),
    m("upperAscii", &[S], S, "text::upper"),
    m("trim", &[S], S, "text::trim"),
    m("reverse", &[S], S, "text::reverse"),
    m("replace", &[S, S, S], S, "text::replace"),
    m("replace", &[S, S, S, I], S, "text::replace_first"),
    m("split", &[S, S], Ss, "text::split"),
    m("split", &[S, S, I], Ss, "text::split_at_most"),
    m("indexOf", &[S, S], I, "text::index_of"),
    fails("indexOf", &[S, S, I], I, "text::index_of_from"),
    m("lastIndexOf", &[S, S], I, "text::last_index_of"),
    fails("lastIndexOf", &[S, S, I], I, "text::last_index_of_from"),
    fails("charAt", &[S, I], S, "text::char_at"),
    f("strings.quote", &[S], S, "text::quote"),
    // Conversions.
    f_fails("int", &[D], I, "conv::int_of_double"),
    f_fails("int", &[S], I, "conv::int_of_text"),
    f("int", &[T], I, ".seconds"),
    f_fails("double", &[S], D, "conv::double_of_text"),
    f_fails("bool", &[S], B, "conv::bool_of_text"),
    f("string", &[D], S, "conv::string_of_double"),
    f_fails("string", &[Y], S, "conv::text_of_bytes"),
    f("bytes", &[S], Y, "conv::bytes_of_text"),
    f_fails("timestamp", &[S], T, "time::timestamp"),
    f_fails("timestamp", &[I], T, "time::timestamp_of"),
    f_fails("duration", &[S], U, "time::duration"),
    f("base64.encode", &[Y], S, "conv::base64_encode"),
    f_fails("base64.decode", &[S], Y, "conv::base64_decode"),
    // Durations.
    m("getHours", &[U], I, ".hours"),
    m("getMinutes", &[U], I, ".minutes"),
    m("getSeconds", &[U], I, ".seconds"),
    m("getMilliseconds", &[U], I, ".milliseconds"),
    m("getMilliseconds", &[T], I, ".milliseconds"),
    // Numbers.
    f_fails("math.abs", &[I], I, "math::abs"),
    f("math.abs", &[D], D, "f64::abs"),
    f("math.ceil", &[D], D, "f64::ceil"),
    f("math.floor", &[D], D, "f64::floor"),
    f("math.round", &[D], D, "f64::round"),
    f("math.trunc", &[D], D, "f64::trunc"),
    f("math.sqrt", &[D], D, "f64::sqrt"),
    f("math.sign", &[I], I, "i64::signum"),
    f("math.sign", &[D], D, "math::sign"),
    f("math.isNaN", &[D], B, "f64::is_nan"),
    f("math.isInf", &[D], B, "f64::is_infinite"),
    f("math.isFinite", &[D], B, "f64::is_finite"),
    f("math.bitAnd", &[I, I], I, "math::bit_and"),
    f("math.bitOr", &[I, I], I, "math::bit_or"),
    f("math.bitXor", &[I, I], I, "math::bit_xor"),
    f("math.bitNot", &[I], I, "math::bit_not"),
    f_fails("math.bitShiftLeft", &[I, I], I, "math::shift_left"),
    f_fails("math.bitShiftRight", &[I, I], I, "math::shift_right"),
    // Lists.
    f_fails("lists.range", &[I], Is, "list::range"),
];

/// Parts of a timestamp, in UTC or with a time zone: name, and the method that gives it.
pub const PARTS: &[(&str, &str)] = &[
    ("getFullYear", "year"),
    ("getMonth", "month"),
    ("getDate", "date"),
    ("getDayOfMonth", "day_of_month"),
    ("getDayOfWeek", "day_of_week"),
    ("getDayOfYear", "day_of_year"),
    ("getHours", "hours"),
    ("getMinutes", "minutes"),
    ("getSeconds", "seconds_of_minute"),
];
