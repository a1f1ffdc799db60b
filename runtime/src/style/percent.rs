//! Percent-encoding (RFC 3986): which bytes stay as they are depends on the place.

use std::fmt::Write;

/// What stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allow {
    /// RFC 3986's unreserved characters.
    Unreserved,
    /// What `allowReserved` lets stand in a query: reserved characters and `%XX`, but not `#`, `&`, `+`, `[` and `]`,
    /// which would end the value, mean something else, or are not allowed there.
    Reserved,
    /// What may stand in a cookie's value (RFC 6265), but not `%`, which begins a code.
    Cookie,
    /// All of it: headers know no encoding.
    All,
}

/// Appends `text`; what may not stand there is percent-encoded.
pub(crate) fn encode(text: &str, allow: Allow, out: &mut String) {
    if allow == Allow::All {
        return out.push_str(text);
    }
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let stays = match byte {
            b'-' | b'.' | b'_' | b'~' => true,
            byte if byte.is_ascii_alphanumeric() => true,
            byte => match allow {
                Allow::Unreserved | Allow::All => false,
                Allow::Reserved if byte == b'%' => is_code(&bytes[at..]),
                Allow::Reserved => b":/?@!$'()*,;=".contains(&byte),
                Allow::Cookie => byte.is_ascii_graphic() && !b"\",;\\%".contains(&byte),
            },
        };
        if stays {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// Whether the text begins with `%XX`.
fn is_code(bytes: &[u8]) -> bool {
    matches!(bytes, [b'%', first, second, ..] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
}

/// Appends a part of a template of a path: what a uri cannot hold is percent-encoded, the rest stays.
#[cfg(feature = "client")]
pub(crate) fn encode_literal(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let stays = match byte {
            b'%' => is_code(&bytes[at..]),
            byte => byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte),
        };
        if stays {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}
