//! The checks behind `format`, by hand on bytes.

/// The number in `count` digits at `start`.
fn digits(bytes: &[u8], start: usize, count: usize) -> Option<u32> {
    let mut value = 0;
    for byte in bytes.get(start..start + count)? {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(byte - b'0');
    }
    Some(value)
}

/// RFC 3339 `full-date`, and that the day exists.
pub(crate) fn date(bytes: &[u8]) -> bool {
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (digits(bytes, 0, 4), digits(bytes, 5, 2), digits(bytes, 8, 2)) else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// RFC 3339 `full-time`; a second 60 only where a leap second can be: at 23:59 UTC.
pub(crate) fn time(bytes: &[u8]) -> bool {
    if bytes.len() < 9 || bytes[2] != b':' || bytes[5] != b':' {
        return false;
    }
    let (Some(hour), Some(minute), Some(second)) = (digits(bytes, 0, 2), digits(bytes, 3, 2), digits(bytes, 6, 2))
    else {
        return false;
    };
    let mut rest = &bytes[8..];
    if rest[0] == b'.' {
        let count = rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return false;
        }
        rest = &rest[1 + count..];
    }
    let offset = match rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (Some(hours @ 0..24), Some(minutes @ 0..60)) = (digits(rest, 1, 2), digits(rest, 4, 2)) else {
                return false;
            };
            let minutes = (hours * 60 + minutes) as i32;
            if *sign == b'+' { minutes } else { -minutes }
        }
        _ => return false,
    };
    let utc = ((hour * 60 + minute) as i32 - offset).rem_euclid(24 * 60);
    hour < 24 && minute < 60 && (second < 60 || (second == 60 && utc == 24 * 60 - 1))
}

/// RFC 3339 `date-time`.
pub(crate) fn date_time(bytes: &[u8]) -> bool {
    bytes.len() > 11 && matches!(bytes[10], b'T' | b't') && date(&bytes[..10]) && time(&bytes[11..])
}

/// RFC 3339 appendix A: weeks alone, or days and times with their units in order and none left out between.
pub(crate) fn duration(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"P") else { return false };
    let split = rest.iter().position(|byte| *byte == b'T');
    let (days, time) = match split {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    if time.is_none() && units(days, b"W") {
        return true;
    }
    match time {
        None => units(days, b"YMD"),
        Some(time) => (days.is_empty() || units(days, b"YMD")) && units(time, b"HMS"),
    }
}

/// One or more numbers, each with its unit: neighbours in `order`.
fn units(mut bytes: &[u8], order: &[u8]) -> bool {
    let mut last = None;
    while !bytes.is_empty() {
        let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let Some(unit) = bytes.get(count).and_then(|unit| order.iter().position(|known| known == unit)) else {
            return false;
        };
        if count == 0 || last.is_some_and(|last| unit != last + 1) {
            return false;
        }
        last = Some(unit);
        bytes = &bytes[count + 1..];
    }
    last.is_some()
}

/// RFC 9562.
pub(crate) fn uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && [8, 13, 18, 23].iter().all(|at| bytes[*at] == b'-')
        && [0..8, 9..13, 14..18, 19..23, 24..36]
            .into_iter()
            // Every byte is looked at: shorter than stopping at the first.
            .all(|part| bytes[part].iter().fold(true, |fits, byte| fits & byte.is_ascii_hexdigit()))
}

/// Four numbers up to 255 without leading zeros.
pub(crate) fn ipv4(bytes: &[u8]) -> bool {
    let mut count = 0;
    bytes.split(|byte| *byte == b'.').all(|part| {
        count += 1;
        let value = if part.len() <= 3 { digits(part, 0, part.len()) } else { None };
        !part.is_empty() && (part.len() == 1 || part[0] != b'0') && value.is_some_and(|value| value < 256)
    }) && count == 4
}

/// RFC 1123: labels of letters, digits and inner hyphens.
pub(crate) fn hostname(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes.len() <= 253
        && bytes.split(|byte| *byte == b'.').all(|label| {
            (1..=63).contains(&label.len())
                && label[0] != b'-'
                && label[label.len() - 1] != b'-'
                && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        })
}

/// An address people have; see `Format::check`.
pub(crate) fn email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let atom = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let local_fits = local.len() <= 64 && local.split('.').all(|part| !part.is_empty() && part.bytes().all(atom));
    let host_fits = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => match address.strip_prefix("IPv6:") {
            Some(six) => six.parse::<std::net::Ipv6Addr>().is_ok(),
            None => ipv4(address.as_bytes()),
        },
        // Host names beyond ASCII are read as they are shown: their form in the DNS is another matter.
        None if host.is_ascii() => hostname(host.as_bytes()),
        None => {
            host.len() <= 253 && host.split('.').all(|label| !label.is_empty() && !label.contains(char::is_whitespace))
        }
    };
    local_fits && host_fits
}

/// RFC 3986 with a scheme.
pub(crate) fn uri(bytes: &[u8]) -> bool {
    let Some(colon) = bytes.iter().position(|byte| *byte == b':') else { return false };
    let scheme = &bytes[..colon];
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
        && hierarchy(&bytes[colon + 1..])
}

/// RFC 3986 with or without a scheme.
pub(crate) fn uri_reference(bytes: &[u8]) -> bool {
    if uri(bytes) {
        return true;
    }
    // The first segment of a relative reference holds no colon: it would be a scheme.
    let first = bytes.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(bytes.len());
    !bytes[..first].contains(&b':') && hierarchy(bytes)
}

/// What follows the scheme: authority, path, query, fragment.
pub(crate) fn hierarchy(bytes: &[u8]) -> bool {
    let path = match bytes.strip_prefix(b"//") {
        Some(rest) => match behind(rest, PLAIN) {
            // Mostly a host and nothing else.
            path if path.first().is_none_or(|byte| b"/?#".contains(byte)) => path,
            _ => {
                let end = rest.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(rest.len());
                if !authority(&rest[..end]) {
                    return false;
                }
                &rest[end..]
            }
        },
        None => bytes,
    };
    let mut rest = behind(path, PLAIN | COLON_AT | SLASH);
    for mark in [b'?', b'#'] {
        if rest.first() == Some(&mark) {
            rest = behind(&rest[1..], PLAIN | COLON_AT | SLASH | QUESTION);
        }
    }
    rest.is_empty()
}

fn authority(bytes: &[u8]) -> bool {
    let host = match bytes.iter().rposition(|byte| *byte == b'@') {
        Some(at) if !made_of(&bytes[..at], PLAIN | COLON) => return false,
        Some(at) => &bytes[at + 1..],
        None => bytes,
    };
    let (host_fits, port) = if host.first() == Some(&b'[') {
        let Some(end) = host.iter().position(|byte| *byte == b']') else { return false };
        let address = std::str::from_utf8(&host[1..end]).unwrap_or_default();
        let future = address.starts_with(['v', 'V']) && made_of(address.as_bytes(), PLAIN | COLON);
        (future || address.parse::<std::net::Ipv6Addr>().is_ok(), &host[end + 1..])
    } else {
        let end = host.iter().position(|byte| *byte == b':').unwrap_or(host.len());
        (made_of(&host[..end], PLAIN), &host[end..])
    };
    let port_fits = match port.split_first() {
        None => true,
        Some((b':', digits)) => digits.iter().all(u8::is_ascii_digit),
        Some(_) => false,
    };
    host_fits && port_fits
}

/// Kinds of characters in a URI: unreserved ones and sub-delimiters, and others that stand where they may.
const PLAIN: u8 = 1;
const COLON: u8 = 2;
const AT: u8 = 4;
const COLON_AT: u8 = COLON | AT;
const SLASH: u8 = 8;
const QUESTION: u8 = 16;

/// The kind of each byte; 0 for what stands in a URI only percent-encoded, or as a mark between its parts.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => PLAIN,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' => PLAIN,
            b':' => COLON,
            b'@' => AT,
            b'/' => SLASH,
            b'?' => QUESTION,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// Whether all are characters of these kinds or percent-encoded bytes.
fn made_of(bytes: &[u8], kinds: u8) -> bool {
    behind(bytes, kinds).is_empty()
}

/// What follows the characters of these kinds and percent-encoded bytes.
fn behind(bytes: &[u8], kinds: u8) -> &[u8] {
    let mut rest = bytes;
    loop {
        let count = rest.iter().take_while(|byte| KINDS[usize::from(**byte)] & kinds != 0).count();
        rest = &rest[count..];
        match rest {
            [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest = &rest[3..],
            _ => return rest,
        }
    }
}

/// RFC 4648 section 4, padded.
pub(crate) fn base64(bytes: &[u8]) -> bool {
    let padding = bytes.iter().rev().take_while(|byte| **byte == b'=').count();
    bytes.len().is_multiple_of(4)
        && padding <= 2
        && bytes[..bytes.len() - padding]
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'+' || *byte == b'/')
}
