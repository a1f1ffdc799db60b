//! Formats that few documents use: identifiers beyond ASCII, pointers, templates, ranges of integers.

use std::cmp::Ordering;

use crate::json::decimal::Decimal;
use crate::json::format::{hierarchy, uri};

/// A text with a letter for each byte beyond ASCII: RFC 3987 lets these stand wherever unreserved characters do.
fn in_ascii(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| if byte.is_ascii() { byte } else { b'a' }).collect()
}

/// RFC 3987 with a scheme.
pub(crate) fn iri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| scheme.is_ascii()) && uri(&in_ascii(text))
}

/// RFC 3987 with or without a scheme.
pub(crate) fn iri_reference(text: &str) -> bool {
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    iri(text) || (!first.contains(':') && hierarchy(&in_ascii(text)))
}

/// RFC 6901.
pub(crate) fn json_pointer(text: &str) -> bool {
    let segment = |segment: &str| segment.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    text.is_empty() || text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(segment))
}

/// A number of levels to go up, and where to go from there (draft-bhutton-relative-json-pointer).
pub(crate) fn relative_json_pointer(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (up, rest) = text.split_at(digits);
    digits > 0 && (digits == 1 || !up.starts_with('0')) && (rest == "#" || json_pointer(rest))
}

/// RFC 6570: literals, and expressions in braces.
pub(crate) fn uri_template(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let Some((expression, behind)) = rest[at..].strip_prefix('{').and_then(|inner| inner.split_once('}')) else {
            return false;
        };
        if !literal(&rest[..at]) || !expression_fits(expression) {
            return false;
        }
        rest = behind;
    }
    literal(rest)
}

/// RFC 6570 section 2.1.
fn literal(text: &str) -> bool {
    let percents = text.split('%').skip(1);
    let encoded = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    percents.into_iter().all(encoded) && !text.contains(|c: char| c <= ' ' || "\"<>\\^`|\u{7f}".contains(c))
}

/// RFC 6570 section 2.2: an operator, and names with modifiers.
fn expression_fits(expression: &str) -> bool {
    let names = expression.strip_prefix(['+', '#', '.', '/', ';', '?', '&', '=', ',', '!', '@', '|']);
    names.unwrap_or(expression).split(',').all(|variable| {
        let (name, length) = match variable.split_once(':') {
            Some((name, length)) => (name, Some(length)),
            None => (variable.strip_suffix('*').unwrap_or(variable), None),
        };
        let length_fits = |length: &str| {
            (1..=4).contains(&length.len())
                && !length.starts_with('0')
                && length.bytes().all(|byte| byte.is_ascii_digit())
        };
        let part = |part: &str| {
            let plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'%');
            !part.is_empty() && plain && literal(part)
        };
        length.is_none_or(length_fits) && name.split('.').all(part)
    })
}

/// RFC 4648 section 5, with or without padding.
pub(crate) fn base64url(bytes: &[u8]) -> bool {
    let padding = bytes.iter().rev().take_while(|byte| **byte == b'=').count();
    let text = &bytes[..bytes.len() - padding];
    padding <= 2
        && (padding == 0 || bytes.len().is_multiple_of(4))
        && text.len() % 4 != 1
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether a number is a whole one of this range.
pub(crate) fn within(value: &Decimal<'_>, least: &str, most: &str) -> bool {
    value.is_integer()
        && value.compare(&Decimal::new(least)) != Ordering::Less
        && value.compare(&Decimal::new(most)) != Ordering::Greater
}
