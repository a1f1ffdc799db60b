//! From text to values, by style and `explode`. The rule says what is wanted; types of texts are read later.
//!
//! A separator is data if it is percent-encoded and others are not. If all are, as many clients send them, they
//! separate: `3%2C4` is two items, `a%2Cb,c` is two items, too.

use super::{ParamValue, Style};
use std::borrow::Cow;

/// What a rule takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    List,
    Object,
}

/// A text that has not the form of its style: what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Misread(pub(crate) &'static str);

type Read<T> = Result<T, Misread>;

/// Undoes the encoding of a text; `None` if it is none.
pub(crate) type Decoder = fn(&str) -> Option<Cow<'_, str>>;

pub(crate) const ENCODING: Misread = Misread("percent-encoded UTF-8");
/// The decoder of texts that have no encoding.
pub(crate) fn as_it_is(text: &str) -> Option<Cow<'_, str>> {
    Some(Cow::Borrowed(text))
}

const PAIRS: Misread = Misread("names and values in turn, as the style of the parameter says");
const LABEL: Misread = Misread("a text that begins with `.`");
const MATRIX: Misread = Misread("a text such as `;name=value`");

/// A value whose items have a separator between them. `pairs`: members of objects are `name=value`.
pub(crate) fn delimited(
    raw: &str,
    separator: char,
    wanted: Wanted,
    pairs: bool,
    decoder: Decoder,
) -> Read<ParamValue<'static>> {
    let decode = |text: &str| decoder(text).map(Cow::into_owned).ok_or(ENCODING);
    if wanted == Wanted::Text {
        return decode(raw).map(text);
    }
    if !raw.contains(separator) {
        let whole = decoder(raw).ok_or(ENCODING)?;
        if whole.contains(separator) {
            return delimited(&whole, separator, wanted, pairs, as_it_is);
        }
    }
    let pieces = || raw.split(separator).filter(|_| !raw.is_empty());
    if wanted == Wanted::List {
        return pieces().map(|piece| decode(piece).map(text)).collect::<Read<_>>().map(ParamValue::List);
    }
    let members: Read<Vec<_>> = if pairs {
        let member = |piece: &str| {
            let (name, value) = piece.split_once('=').ok_or(PAIRS)?;
            Ok((Cow::Owned(decode(name)?), text(decode(value)?)))
        };
        pieces().map(member).collect()
    } else {
        let pieces: Vec<&str> = pieces().collect();
        let (members, []) = pieces.as_chunks::<2>() else { return Err(PAIRS) };
        members.iter().map(|[name, value]| Ok((Cow::Owned(decode(name)?), text(decode(value)?)))).collect()
    };
    members.map(ParamValue::Object)
}

/// A path parameter, from its segment as it came.
pub(crate) fn path(
    raw: &str,
    name: &str,
    style: Style,
    explode: bool,
    wanted: Wanted,
    decoder: Decoder,
) -> Read<ParamValue<'static>> {
    match style {
        Style::Label => {
            let raw = raw.strip_prefix('.').ok_or(LABEL)?;
            delimited(raw, if explode { '.' } else { ',' }, wanted, explode, decoder)
        }
        Style::Matrix => {
            let raw = raw.strip_prefix(';').ok_or(MATRIX)?;
            if explode && wanted == Wanted::Object {
                return delimited(raw, ';', wanted, true, decoder);
            }
            let own = |piece| -> Read<&str> {
                let (key, value) = str::split_once(piece, '=').unwrap_or((piece, ""));
                if decoder(key).ok_or(ENCODING)? == name { Ok(value) } else { Err(MATRIX) }
            };
            if explode && wanted == Wanted::List {
                let item = |piece| decoder(own(piece)?).map(|item| text(item.into_owned())).ok_or(ENCODING);
                return raw.split(';').map(item).collect::<Read<_>>().map(ParamValue::List);
            }
            delimited(own(raw)?, ',', wanted, false, decoder)
        }
        _ => delimited(raw, ',', wanted, explode, decoder),
    }
}

fn text(text: String) -> ParamValue<'static> {
    ParamValue::Text(Cow::Owned(text))
}
