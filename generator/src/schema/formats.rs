//! The formats that are checked.

/// Formats of texts that the runtime checks, and their names there; others say nothing that could be checked.
pub const OF_TEXTS: [(&str, &str); 21] = [
    ("base64url", "Base64Url"),
    ("byte", "Byte"),
    ("char", "Char"),
    ("date", "Date"),
    ("date-time", "DateTime"),
    ("duration", "Duration"),
    ("email", "Email"),
    ("hostname", "Hostname"),
    ("idn-email", "IdnEmail"),
    ("ipv4", "Ipv4"),
    ("ipv6", "Ipv6"),
    ("iri", "Iri"),
    ("iri-reference", "IriReference"),
    ("json-pointer", "JsonPointer"),
    ("relative-json-pointer", "RelativeJsonPointer"),
    ("time", "Time"),
    ("uri", "Uri"),
    ("url", "Uri"),
    ("uri-reference", "UriReference"),
    ("uri-template", "UriTemplate"),
    ("uuid", "Uuid"),
];

/// The same, of numbers.
pub const OF_NUMBERS: [(&str, &str); 8] = [
    ("int8", "Int8"),
    ("int16", "Int16"),
    ("int32", "Int32"),
    ("int64", "Int64"),
    ("uint8", "Uint8"),
    ("uint16", "Uint16"),
    ("uint32", "Uint32"),
    ("uint64", "Uint64"),
];

/// The runtime's name of a format, of those that are known.
pub fn find<'k>(known: &[(&str, &'k str)], name: &str) -> Option<&'k str> {
    known.iter().find(|(known, _)| *known == name).map(|(_, variant)| *variant)
}
