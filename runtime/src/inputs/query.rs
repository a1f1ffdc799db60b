//! Query strings: pairs of names and values, decoded strictly.

use std::borrow::Cow;

/// A name and its value.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The pairs of a query, in order (`application/x-www-form-urlencoded`: `+` is a space).
/// `Err`: the name of the first pair that is not percent-encoded UTF-8.
pub(crate) fn parse(query: &str) -> Result<Vec<Pair<'_>>, String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let decoded = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (form_decode(name), form_decode(value)) {
            (Some(name), Some(value)) => Ok((name, value)),
            _ => Err(name.chars().filter(|c| c.is_ascii_graphic()).take(64).collect()),
        }
    });
    decoded.collect()
}

pub(crate) fn form_decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('+') {
        return percent_decode(text);
    }
    let spaced = text.replace('+', " ");
    percent_decode(&spaced).map(|decoded| Cow::Owned(decoded.into_owned()))
}

/// Decodes `%XX`. `None`: a `%` without two digits, or not UTF-8.
pub(crate) fn percent_decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                (digit(rest.next())? * 16 + digit(rest.next())?) as u8
            }
            byte => byte,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_strictly() {
        let pairs = |query| parse(query).map(|pairs| pairs.iter().map(|(n, v)| format!("{n}:{v}")).collect::<Vec<_>>());
        assert_eq!(pairs("a=1&b=&c&&a=2"), Ok(vec!["a:1".into(), "b:".into(), "c:".into(), "a:2".into()]));
        assert_eq!(pairs("q=a+b%2Bc%C3%A9=d"), Ok(vec!["q:a b+cé=d".into()]));
        for broken in ["q=%", "q=%4", "q=%zz", "q=%ff"] {
            assert_eq!(pairs(broken), Err("q".to_owned()), "{broken}");
        }
    }
}
