//! Escapes in JSON strings, and back: decoding and writing them.

use crate::json::block::{QUARTER, special};

/// Four hexadecimal digits.
pub(crate) fn hex4(bytes: &[u8], start: usize) -> Option<u32> {
    let mut value = 0;
    for index in start..start + 4 {
        value = value << 4 | (*bytes.get(index)? as char).to_digit(16)?;
    }
    Some(value)
}

/// Decodes the inside of a string whose escapes are known to be right.
pub(crate) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(slash) = rest.find('\\') {
        text.push_str(&rest[..slash]);
        let bytes = rest.as_bytes();
        let (decoded, used) = match bytes.get(slash + 1) {
            Some(b'b') => ('\u{8}', 2),
            Some(b'f') => ('\u{c}', 2),
            Some(b'n') => ('\n', 2),
            Some(b'r') => ('\r', 2),
            Some(b't') => ('\t', 2),
            Some(b'u') => unescape_unicode(bytes, slash),
            Some(other) => (char::from(*other), 2),
            None => (char::REPLACEMENT_CHARACTER, 1),
        };
        text.push(decoded);
        rest = rest.get(slash + used..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

fn unescape_unicode(bytes: &[u8], slash: usize) -> (char, usize) {
    let unit = hex4(bytes, slash + 2).unwrap_or(0xfffd);
    match (unit, hex4(bytes, slash + 8)) {
        (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
            let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
    }
}

/// Appends a text with the escapes that JSON needs, and no others.
pub(crate) fn escape_into(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let (mut from, mut index) = (0, 0);
    while index < bytes.len() {
        if let Some(chunk) = bytes[index..].first_chunk::<QUARTER>() {
            let found = special(chunk);
            if found == 0 {
                index += QUARTER;
                continue;
            }
            index += found.trailing_zeros() as usize;
        }
        let byte = bytes[index];
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            0..=0x1f => b'u',
            _ => {
                index += 1;
                continue;
            }
        };
        out.extend_from_slice(&bytes[from..index]);
        out.extend_from_slice(&[b'\\', short]);
        if short == b'u' {
            let low = b"0123456789abcdef"[usize::from(byte & 15)];
            out.extend_from_slice(&[b'0', b'0', b'0' + (byte >> 4), low]);
        }
        index += 1;
        from = index;
    }
    out.extend_from_slice(&bytes[from..]);
}
