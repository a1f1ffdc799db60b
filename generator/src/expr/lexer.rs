//! Cuts the text of an expression into tokens.

use super::escape::{self, Form};
use super::place::Place;
use crate::diag::Diagnostic;

/// A piece of an expression and the bytes of the text it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
}

/// Kinds of tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    /// A name; keywords and reserved words too.
    Ident(String),
    /// A name in backticks, after a dot only.
    Quoted(String),
    /// An integer, without sign.
    Int(u64),
    /// A decimal number.
    Double(f64),
    /// A string.
    Str(String),
    /// A byte string.
    Bytes(Vec<u8>),
    /// An operator or punctuation mark.
    Mark(&'static str),
    /// Behind the last token.
    End,
}

/// Longest first, so that `==` is not read as two `=`.
const MARKS: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",", "(", ")", "[", "]",
    "{", "}",
];

/// All tokens of a text, with an [`TokenKind::End`] at the end, or the first thing that is none.
pub fn tokens(text: &str, place: Place) -> Result<Vec<Token>, Diagnostic> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(start) = skip_blanks(text, at) {
        let (kind, end) = token(text, start, place)?;
        all.push(Token { kind, start, end });
        at = end;
    }
    all.push(Token { kind: TokenKind::End, start: text.len(), end: text.len() });
    Ok(all)
}

/// The offset of the next byte that is neither white space nor comment.
fn skip_blanks(text: &str, mut at: usize) -> Option<usize> {
    loop {
        let rest = &text[at..];
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        at += rest.len() - trimmed.len();
        if trimmed.is_empty() {
            return None;
        }
        if !trimmed.starts_with("//") {
            return Some(at);
        }
        at += trimmed.find('\n').unwrap_or(trimmed.len());
    }
}

fn token(text: &str, start: usize, place: Place) -> Result<(TokenKind, usize), Diagnostic> {
    let rest = &text[start..];
    if let Some((form, prefix)) = Form::detect(rest) {
        return escape::literal(text, start, form, prefix, place);
    }
    let first = rest.chars().next().unwrap_or(' ');
    let second = rest.as_bytes().get(1).copied().unwrap_or(b' ');
    if first.is_ascii_alphabetic() || first == '_' {
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        return Ok((TokenKind::Ident(rest[..length].to_owned()), start + length));
    }
    if first.is_ascii_digit() || (first == '.' && second.is_ascii_digit()) {
        return number(text, start, place);
    }
    if first == '`' {
        return quoted_name(rest, start, place);
    }
    if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
        return Ok((TokenKind::Mark(mark), start + mark.len()));
    }
    Err(stray(first, start, place))
}

/// A name in backticks: `` headers.`x-request-id` ``.
fn quoted_name(rest: &str, start: usize, place: Place) -> Result<(TokenKind, usize), Diagnostic> {
    let Some(length) = rest[1..].find('`') else {
        return Err(Diagnostic::error("BFF0331", "this name in backticks has no end", place.span(start, start + 1))
            .help("Close it with another backtick."));
    };
    let name = &rest[1..1 + length];
    let end = start + length + 2;
    if name.is_empty() || name.contains(|c: char| !c.is_ascii_alphanumeric() && !"_./- ".contains(c)) {
        let message = "a name in backticks is made of letters, digits, `_`, `.`, `-`, `/` and spaces";
        return Err(Diagnostic::error("BFF0330", message, place.span(start, end))
            .help("Write any other name as an index: `x[\"name\"]`."));
    }
    Ok((TokenKind::Quoted(name.to_owned()), end))
}

/// A character that begins no token, with what was likely meant.
fn stray(c: char, start: usize, place: Place) -> Diagnostic {
    let span = place.span(start, start + c.len_utf8());
    let meant = match c {
        '=' => Some(("==", "`=` does not compare", "Write `==` to compare two values; an expression assigns nothing.")),
        '&' => Some(("&&", "a single `&` is no operator here", "Write `&&` for \"and\".")),
        '|' => Some(("||", "a single `|` is no operator here", "Write `||` for \"or\".")),
        '\u{201c}' | '\u{201d}' | '\u{201e}' => Some((
            "\"",
            "this is a typographic quote",
            "Write the straight quote `\"`; word processors and chats change it.",
        )),
        '\u{2018}' | '\u{2019}' => Some((
            "'",
            "this is a typographic quote",
            "Write the straight quote `'`; word processors and chats change it.",
        )),
        _ => None,
    };
    if let Some((right, message, help)) = meant {
        let code = if right.len() == 2 { "BFF0335" } else { "BFF0330" };
        let found = Diagnostic::error(code, message, span).help(help);
        return if place.is_exact() { found.fix(format!("write `{right}`"), span, right).safe() } else { found };
    }
    let found = Diagnostic::error("BFF0330", format!("`{}` means nothing here", c.escape_debug()), span);
    match c {
        '$' => found.help("Names have no `$` in front: write `query.limit`, not `$query.limit`."),
        '#' => found.help("A comment in an expression begins with `//`; in YAML, put a space in front of `#`."),
        ';' => found.help("An expression is one value: it has no end mark."),
        _ if c.is_alphabetic() => {
            found.help("Names have only the letters a to z, digits and `_`; write any other as `x[\"name\"]`.")
        }
        _ => found,
    }
}

fn number(text: &str, start: usize, place: Place) -> Result<(TokenKind, usize), Diagnostic> {
    let bytes = text.as_bytes();
    let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let hex = bytes[start] == b'0' && matches!(bytes.get(start + 1), Some(b'x' | b'X'));
    let mut decimal = false;
    let mut end = if hex {
        start + 2 + bytes[start + 2..].iter().take_while(|b| b.is_ascii_hexdigit()).count()
    } else {
        digits(start)
    };
    if !hex {
        if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            decimal = true;
            end = digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let behind = digits(end + 1 + sign);
            if behind > end + 1 + sign {
                decimal = true;
                end = behind;
            }
        }
    }
    let tail = text[end..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(text.len(), |n| end + n);
    if matches!(&text[end..tail], "u" | "U") {
        let message = "unsigned integers are not part of this language";
        return Err(Diagnostic::error("BFF0337", message, place.span(start, tail)).help("Write it without the `u`."));
    }
    let span = place.span(start, tail);
    if tail > end || (hex && end == start + 2) {
        let message = format!("`{}` is not a number", &text[start..tail]);
        let help = "A name cannot begin with a digit; a number is written like 42, 4.2, 1e3 or 0x2a.";
        return Err(Diagnostic::error("BFF0332", message, span).help(help));
    }
    let digits = &text[start..end];
    if decimal {
        return match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok((TokenKind::Double(value), end)),
            _ => Err(Diagnostic::error("BFF0332", "this number is too large", span)
                .help("The largest decimal number is about 1.8e308.")),
        };
    }
    let parsed = if hex { u64::from_str_radix(&digits[2..], 16) } else { digits.parse() };
    // One more than the largest: the number behind the minus of the smallest.
    match parsed {
        Ok(value) if value <= i64::MAX as u64 + 1 => Ok((TokenKind::Int(value), end)),
        _ => Err(too_large(span)),
    }
}

/// An integer that does not fit.
pub(super) fn too_large(span: crate::source::Span) -> Diagnostic {
    Diagnostic::error("BFF0332", "this integer is too large", span).help(
        "Integers go from -9223372036854775808 to 9223372036854775807; write `.0` behind it for a decimal number.",
    )
}
