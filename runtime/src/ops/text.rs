//! Functions on texts. Positions and sizes count code points.

use super::EvalError;
use crate::json::{Pattern, Text};

/// `a.contains(b)`
pub fn contains(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized)) -> bool {
    a.text().contains(&*b.text())
}

/// `a.startsWith(b)`
pub fn starts_with(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized)) -> bool {
    a.text().starts_with(&*b.text())
}

/// `a.endsWith(b)`
pub fn ends_with(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized)) -> bool {
    a.text().ends_with(&*b.text())
}

/// `a.size()`
pub fn size(a: &(impl Text + ?Sized)) -> i64 {
    a.text().chars().count() as i64
}

/// `a.lowerAscii()`
pub fn lower(a: &(impl Text + ?Sized)) -> String {
    a.text().to_ascii_lowercase()
}

/// `a.upperAscii()`
pub fn upper(a: &(impl Text + ?Sized)) -> String {
    a.text().to_ascii_uppercase()
}

/// `a.trim()`: without white space (as Unicode says) at both ends.
pub fn trim(a: &(impl Text + ?Sized)) -> String {
    a.text().trim().to_owned()
}

/// `a.replace(b, c)`: all places.
pub fn replace(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized), c: &(impl Text + ?Sized)) -> String {
    a.text().replace(&*b.text(), &c.text())
}

/// `a.replace(b, c, count)`: the first so many places; all of them where the number is negative.
pub fn replace_first(
    a: &(impl Text + ?Sized),
    b: &(impl Text + ?Sized),
    c: &(impl Text + ?Sized),
    count: i64,
) -> String {
    match usize::try_from(count) {
        Ok(count) => a.text().replacen(&*b.text(), &c.text(), count),
        Err(_) => replace(a, b, c),
    }
}

/// `a.split(b, count)`: at most so many pieces, the last with the rest; all of them where the number is negative.
pub fn split_at_most(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized), count: i64) -> Vec<String> {
    let mut pieces = split(a, b);
    let Ok(count) = usize::try_from(count) else { return pieces };
    if pieces.len() > count {
        let rest = pieces.split_off(count.saturating_sub(1));
        if count > 0 {
            pieces.push(rest.join(&*b.text()));
        }
    }
    pieces
}

/// `a.reverse()`
pub fn reverse(a: &(impl Text + ?Sized)) -> String {
    a.text().chars().rev().collect()
}

/// `a.charAt(index)`: empty at the end, an error beyond.
pub fn char_at(a: &(impl Text + ?Sized), index: i64) -> Result<String, EvalError> {
    let a = a.text();
    let at = position(&a, index)?;
    Ok(a[at..].chars().take(1).collect())
}

/// `strings.quote(a)`: in quotes, with escapes for what is special in CEL.
pub fn quote(a: &(impl Text + ?Sized)) -> String {
    let mut out = String::from("\"");
    for c in a.text().chars() {
        match c {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number with so many decimals, as `format` writes it.
pub fn fixed(value: f64, decimals: i64) -> String {
    let decimals = usize::try_from(decimals).unwrap_or(0);
    match value.is_infinite() {
        true if value > 0.0 => "Infinity".to_owned(),
        true => "-Infinity".to_owned(),
        false => format!("{value:.decimals$}"),
    }
}

/// `a.split(b)`; an empty separator gives the characters.
pub fn split(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized)) -> Vec<String> {
    let (a, b) = (a.text(), b.text());
    if b.is_empty() { a.chars().map(String::from).collect() } else { a.split(&*b).map(str::to_owned).collect() }
}

/// `list.join(separator)`
pub fn join<T: Text>(list: impl IntoIterator<Item = T>, separator: &(impl Text + ?Sized)) -> String {
    let separator = separator.text();
    let mut out = String::new();
    for (index, item) in list.into_iter().enumerate() {
        if index > 0 {
            out.push_str(&separator);
        }
        out.push_str(&item.text());
    }
    out
}

/// `a.substring(start)`, `a.substring(start, end)`; an error if there are no such positions.
pub fn substring(a: &(impl Text + ?Sized), start: i64, end: Option<i64>) -> Result<String, EvalError> {
    let a = a.text();
    let from = position(&a, start)?;
    let to = end.map_or(Ok(a.len()), |end| position(&a, end))?;
    a.get(from..to).map(str::to_owned).ok_or(EvalError::INDEX)
}

/// The byte where a code point begins, or the end.
fn position(text: &str, index: i64) -> Result<usize, EvalError> {
    let index = usize::try_from(index).map_err(|_| EvalError::INDEX)?;
    let ends = std::iter::once(text.len());
    text.char_indices().map(|(at, _)| at).chain(ends).nth(index).ok_or(EvalError::INDEX)
}

/// `a.indexOf(b)`: -1 if it is not there.
pub fn index_of(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized)) -> i64 {
    let a = a.text();
    a.find(&*b.text()).map_or(-1, |at| a[..at].chars().count() as i64)
}

/// `a.indexOf(b, from)`: an error if there is no such position.
pub fn index_of_from(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized), from: i64) -> Result<i64, EvalError> {
    let a = a.text();
    let from = position(&a, from)?;
    Ok(a[from..].find(&*b.text()).map_or(-1, |at| a[..from + at].chars().count() as i64))
}

/// `a.lastIndexOf(b)`: -1 if it is not there.
pub fn last_index_of(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized)) -> i64 {
    let a = a.text();
    a.rfind(&*b.text()).map_or(-1, |at| a[..at].chars().count() as i64)
}

/// `a.lastIndexOf(b, from)`: the last that begins there or before; an error if there is no such position.
pub fn last_index_of_from(a: &(impl Text + ?Sized), b: &(impl Text + ?Sized), from: i64) -> Result<i64, EvalError> {
    let (a, b) = (a.text(), b.text());
    let from = position(&a, from)?;
    let end = a.floor_char_boundary(from + b.len());
    Ok(a[..end].rfind(&*b).map_or(-1, |at| a[..at].chars().count() as i64))
}

/// `a.matches(pattern)`: anywhere in the text.
pub fn matches(a: &(impl Text + ?Sized), pattern: &'static Pattern) -> bool {
    pattern.is_match(&a.text())
}
