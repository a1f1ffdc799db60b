//! `pattern` and `format`: what generated tables name, and when a text satisfies them.

use std::sync::OnceLock;

use regex::Regex;

use crate::json::automaton::Table;
use crate::json::decimal::Decimal;
use crate::json::run::Run;
use crate::json::{format, format_more};

/// A regular expression in the syntax of the `regex` crate: searched anywhere in the text, in linear time.
/// Compiled when first needed.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Compiled>,
}

/// A pattern that is ready.
#[derive(Debug)]
enum Compiled {
    /// What most patterns of schemas are.
    Run(Run),
    /// What most others are small enough for.
    Table(Table),
    Any(Box<Regex>),
    /// Does not compile.
    Broken,
}

impl Compiled {
    fn new(source: &str) -> Compiled {
        let Ok(regex) = Regex::new(source) else { return Compiled::Broken };
        if let Some(run) = Run::new(source) {
            return Compiled::Run(run);
        }
        Table::new(source).map_or_else(|| Compiled::Any(Box::new(regex)), Compiled::Table)
    }

    #[inline]
    fn is_match(&self, text: &str) -> bool {
        match self {
            Compiled::Run(run) => run.is_match(text.as_bytes()),
            Compiled::Table(table) => table.is_match(text.as_bytes()),
            _ => self.is_rare_match(text),
        }
    }

    #[inline(never)]
    fn is_rare_match(&self, text: &str) -> bool {
        matches!(self, Compiled::Any(regex) if regex.is_match(text))
    }
}

impl Pattern {
    /// A pattern; the generator has made sure that it compiles.
    pub const fn new(source: &'static str) -> Pattern {
        Pattern { source, compiled: OnceLock::new() }
    }

    /// The expression as it was given.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Whether it is found in `text`. An expression that does not compile is found in none.
    pub fn is_match(&self, text: &str) -> bool {
        let compiled = match self.compiled.get() {
            Some(compiled) => compiled,
            None => self.compile(),
        };
        compiled.is_match(text)
    }

    #[cold]
    fn compile(&self) -> &Compiled {
        self.compiled.get_or_init(|| Compiled::new(self.source))
    }
}

/// The formats of OpenAPI's registry that are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 3339 `date-time`.
    DateTime,
    /// RFC 3339 `full-date`.
    Date,
    /// RFC 3339 `full-time`.
    Time,
    /// RFC 3339 appendix A `duration`: `P3DT4H`.
    Duration,
    /// An e-mail address as it is used: see `check`.
    Email,
    /// RFC 9562, `8-4-4-4-12` hexadecimal digits.
    Uuid,
    /// RFC 3986, with a scheme.
    Uri,
    /// RFC 3986, with or without one.
    UriReference,
    /// Four decimal numbers.
    Ipv4,
    /// RFC 4291.
    Ipv6,
    /// RFC 1123.
    Hostname,
    /// Base64 (RFC 4648 section 4), padded.
    Byte,
    /// RFC 4648 section 5.
    Base64Url,
    /// One character.
    Char,
    /// An e-mail address beyond ASCII.
    IdnEmail,
    /// RFC 3987, with a scheme.
    Iri,
    /// RFC 3987, with or without one.
    IriReference,
    /// RFC 6901.
    JsonPointer,
    /// The same, from some levels up.
    RelativeJsonPointer,
    /// RFC 6570.
    UriTemplate,
    /// An integer of 8 bits.
    Int8,
    /// An integer of 16 bits.
    Int16,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// A natural number of 8 bits.
    Uint8,
    /// A natural number of 16 bits.
    Uint16,
    /// A natural number of 32 bits.
    Uint32,
    /// A natural number of 64 bits.
    Uint64,
}

impl Format {
    /// The name in a schema.
    pub const fn name(self) -> &'static str {
        match self {
            Format::DateTime => "date-time",
            Format::Date => "date",
            Format::Time => "time",
            Format::Duration => "duration",
            Format::Email => "email",
            Format::Uuid => "uuid",
            Format::Uri => "uri",
            Format::UriReference => "uri-reference",
            Format::Ipv4 => "ipv4",
            Format::Ipv6 => "ipv6",
            Format::Hostname => "hostname",
            Format::Byte => "byte",
            Format::Base64Url => "base64url",
            Format::Char => "char",
            Format::IdnEmail => "idn-email",
            Format::Iri => "iri",
            Format::IriReference => "iri-reference",
            Format::JsonPointer => "json-pointer",
            Format::RelativeJsonPointer => "relative-json-pointer",
            Format::UriTemplate => "uri-template",
            Format::Int8 => "int8",
            Format::Int16 => "int16",
            Format::Int32 => "int32",
            Format::Int64 => "int64",
            Format::Uint8 => "uint8",
            Format::Uint16 => "uint16",
            Format::Uint32 => "uint32",
            Format::Uint64 => "uint64",
        }
    }

    /// Whether a text has this format. The formats of numbers say nothing about texts.
    ///
    /// `email` is pragmatic: one `@`, a local part of at most 64 bytes of the characters of RFC 5322 `atext`
    /// (or beyond ASCII) with single dots between, and a host name or an address in brackets behind it. Quoted
    /// local parts and comments are refused: nobody has such an address.
    pub fn check(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Format::DateTime => format::date_time(bytes),
            Format::Date => format::date(bytes),
            Format::Time => format::time(bytes),
            Format::Duration => format::duration(bytes),
            Format::Email | Format::IdnEmail => format::email(text),
            Format::Uuid => format::uuid(bytes),
            Format::Uri => format::uri(bytes),
            Format::UriReference => format::uri_reference(bytes),
            Format::Ipv4 => format::ipv4(bytes),
            Format::Ipv6 => text.parse::<std::net::Ipv6Addr>().is_ok(),
            Format::Hostname => format::hostname(bytes),
            Format::Byte => format::base64(bytes),
            Format::Base64Url => format_more::base64url(bytes),
            Format::Char => text.chars().count() == 1,
            Format::Iri => format_more::iri(text),
            Format::IriReference => format_more::iri_reference(text),
            Format::JsonPointer => format_more::json_pointer(text),
            Format::RelativeJsonPointer => format_more::relative_json_pointer(text),
            Format::UriTemplate => format_more::uri_template(text),
            _ => true,
        }
    }

    /// Integers from the first to the second have this format, of those of 64 bits.
    pub(crate) const fn range(self) -> (i64, i64) {
        match self {
            Format::Int8 => (-128, 127),
            Format::Int16 => (-32_768, 32_767),
            Format::Int32 => (-2_147_483_648, 2_147_483_647),
            Format::Uint8 => (0, 255),
            Format::Uint16 => (0, 65_535),
            Format::Uint32 => (0, 4_294_967_295),
            Format::Uint64 => (0, i64::MAX),
            _ => (i64::MIN, i64::MAX),
        }
    }

    /// Whether a number has this format. The formats of texts say nothing about numbers.
    pub(crate) fn check_number(self, text: &str) -> bool {
        let (least, most) = match self {
            Format::Int8 => ("-128", "127"),
            Format::Int16 => ("-32768", "32767"),
            Format::Int32 => ("-2147483648", "2147483647"),
            Format::Int64 => ("-9223372036854775808", "9223372036854775807"),
            Format::Uint8 => ("0", "255"),
            Format::Uint16 => ("0", "65535"),
            Format::Uint32 => ("0", "4294967295"),
            Format::Uint64 => ("0", "18446744073709551615"),
            _ => return true,
        };
        format_more::within(&Decimal::new(text), least, most)
    }
}
