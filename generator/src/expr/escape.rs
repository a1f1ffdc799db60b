//! String and byte literals: quotes, prefixes and escapes.

use super::lexer::TokenKind;
use super::place::Place;
use crate::diag::Diagnostic;

/// How a literal is written.
#[derive(Clone, Copy)]
pub(super) struct Form {
    bytes: bool,
    raw: bool,
    quote: &'static str,
}

impl Form {
    /// The form of the literal a text begins with, and the length of its prefix with the quote.
    pub(super) fn detect(rest: &str) -> Option<(Form, usize)> {
        let mut form = Form { bytes: false, raw: false, quote: "" };
        let mut at = 0;
        if rest.starts_with(['b', 'B']) {
            form.bytes = true;
            at += 1;
        }
        if rest[at..].starts_with(['r', 'R']) {
            form.raw = true;
            at += 1;
        }
        form.quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest[at..].starts_with(quote))?;
        Some((form, at + form.quote.len()))
    }
}

/// Reads the literal at `start`; `prefix` bytes stand before its content.
pub(super) fn literal(
    text: &str,
    start: usize,
    form: Form,
    prefix: usize,
    place: Place,
) -> Result<(TokenKind, usize), Diagnostic> {
    let mut out = Vec::new();
    let mut at = start + prefix;
    loop {
        let rest = &text[at..];
        if rest.starts_with(form.quote) {
            at += form.quote.len();
            break;
        }
        match rest.chars().next() {
            None => return Err(unterminated(start, at, form, place)),
            Some('\n' | '\r') if form.quote.len() == 1 => return Err(unterminated(start, at, form, place)),
            Some('\\') if !form.raw => at += escape(rest, form, &mut out).map_err(|(length, why)| {
                Diagnostic::error("BFF0331", why, place.span(at, at + length))
                    .help("Escapes are \\n \\r \\t \\a \\b \\f \\v \\\\ \\' \\\" \\` \\? \\xHH \\uHHHH \\UHHHHHHHH and octal \\NNN; \
                           write `\\\\` for a backslash, or put an `r` before the quote.")
            })?,
            Some(c) => {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                at += c.len_utf8();
            }
        }
    }
    if form.bytes {
        return Ok((TokenKind::Bytes(out), at));
    }
    // Escapes write whole characters, so this is UTF-8.
    Ok((TokenKind::Str(String::from_utf8_lossy(&out).into_owned()), at))
}

fn unterminated(start: usize, end: usize, form: Form, place: Place) -> Diagnostic {
    Diagnostic::error("BFF0331", "this text has no closing quote", place.span(start, end))
        .help(format!("Close it with `{}`. A text over several lines stands in three quotes.", form.quote))
}

/// Reads an escape, appends what it means and returns its length, or says what is wrong with how
/// many bytes.
fn escape(rest: &str, form: Form, out: &mut Vec<u8>) -> Result<usize, (usize, String)> {
    let Some(c) = rest[1..].chars().next() else { return Err((1, "this escape is cut off".to_owned())) };
    let simple = match c {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' | '?' | '"' | '\'' | '`' => c as u8,
        'x' | 'X' => return numeric(rest, 2, 2, 16, form, out),
        'u' | 'U' if form.bytes => return Err((2, format!("`\\{c}` is not possible in a byte text"))),
        'u' => return numeric(rest, 2, 4, 16, form, out),
        'U' => return numeric(rest, 2, 8, 16, form, out),
        '0'..='3' => return numeric(rest, 1, 3, 8, form, out),
        _ => return Err((1 + c.len_utf8(), format!("`\\{}` is not an escape", c.escape_debug()))),
    };
    out.push(simple);
    Ok(2)
}

/// An escape of `length` digits that begin at `at`.
fn numeric(
    rest: &str,
    at: usize,
    length: usize,
    radix: u32,
    form: Form,
    out: &mut Vec<u8>,
) -> Result<usize, (usize, String)> {
    let wrong = || (at, format!("`{}` wants {length} digits", &rest[..at]));
    let digits = rest.get(at..at + length).ok_or_else(wrong)?;
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(wrong());
    }
    let value = u32::from_str_radix(digits, radix).map_err(|_| wrong())?;
    if form.bytes {
        // Two hex digits or three octal ones from 000 to 377: always one byte.
        out.push(value as u8);
    } else {
        let c = char::from_u32(value).ok_or_else(|| (at + length, format!("U+{digits} is not a character")))?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(at + length)
}
