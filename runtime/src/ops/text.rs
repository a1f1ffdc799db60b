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

/// `a.matches(pattern)`: anywhere in the text.
pub fn matches(a: &(impl Text + ?Sized), pattern: &'static Pattern) -> bool {
    pattern.is_match(&a.text())
}
