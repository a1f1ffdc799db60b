//! From values to text, by style and `explode`.

use super::percent::{Allow, encode};
use super::{ParamValue, Style};
use std::borrow::Cow;

/// A value that has no form in a style: why, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoForm(pub(crate) &'static str);

const NESTED: NoForm = NoForm("a list or an object inside a list or an object has no form in this style");
const NO_TEXT: NoForm = NoForm("only a list or an object has a form in this style");
const NO_OBJECT: NoForm = NoForm("an object has no form in this style with `explode`");
const PLACE: NoForm = NoForm("this style cannot be used in this place");

/// How named values stand beside each other.
struct Pairs {
    /// Before each pair that has one before it.
    between: &'static str,
    /// Before the first pair.
    first: &'static str,
    /// Whether an empty value has its `=`.
    equals: bool,
    allow: Allow,
}

/// The text of a path parameter. `None`: the value is absent.
pub(crate) fn path(name: &str, value: &ParamValue<'_>, style: Style, explode: bool) -> Result<Option<String>, NoForm> {
    let mut out = String::new();
    if *value == ParamValue::Absent {
        return Ok(None);
    }
    match style {
        Style::Simple => joined(&mut out, value, explode, ",", Allow::Unreserved)?,
        Style::Label => {
            out.push('.');
            joined(&mut out, value, explode, if explode { "." } else { "," }, Allow::Unreserved)?;
        }
        Style::Matrix => {
            let how = Pairs { between: ";", first: ";", equals: false, allow: Allow::Unreserved };
            named(&mut out, name, value, explode, ",", &how)?;
        }
        _ => return Err(PLACE),
    }
    Ok(Some(out))
}

/// Appends a query parameter to a query without its `?`.
pub(crate) fn query(
    out: &mut String,
    name: &str,
    value: &ParamValue<'_>,
    style: Style,
    explode: bool,
    allow: Allow,
) -> Result<(), NoForm> {
    let how = Pairs { between: "&", first: "", equals: true, allow };
    let separator = match style {
        Style::Form => ",",
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        Style::DeepObject => {
            let mut key = String::new();
            encode(name, Allow::Unreserved, &mut key);
            return match value {
                ParamValue::Text(_) => Err(NO_TEXT),
                value => deep(out, &key, value, allow),
            };
        }
        _ => return Err(PLACE),
    };
    match value {
        ParamValue::Text(_) if style != Style::Form => Err(NO_TEXT),
        ParamValue::Object(_) if style != Style::Form && explode => Err(NO_OBJECT),
        value => named(out, name, value, explode, separator, &how),
    }
}

/// The value of a header (`simple`). `None`: the value is absent.
pub(crate) fn header(value: &ParamValue<'_>, explode: bool) -> Result<Option<String>, NoForm> {
    let mut out = String::new();
    if *value == ParamValue::Absent {
        return Ok(None);
    }
    joined(&mut out, value, explode, ",", Allow::All)?;
    Ok(Some(out))
}

/// Appends a cookie to the value of the header `cookie` (`form`; several pairs as OpenAPI 3.2's `cookie`).
pub(crate) fn cookie(out: &mut String, name: &str, value: &ParamValue<'_>, explode: bool) -> Result<(), NoForm> {
    named(out, name, value, explode, ",", &Pairs { between: "; ", first: "", equals: true, allow: Allow::Cookie })
}

/// The text of a value inside a list or an object. `None`: it is left out.
fn inner<'v>(value: &'v ParamValue<'_>) -> Result<Option<&'v str>, NoForm> {
    match value {
        ParamValue::Absent => Ok(None),
        ParamValue::Text(text) => Ok(Some(text)),
        ParamValue::List(_) | ParamValue::Object(_) => Err(NESTED),
    }
}

/// Appends the texts of a value with separators between them.
fn joined(
    out: &mut String,
    value: &ParamValue<'_>,
    explode: bool,
    separator: &str,
    allow: Allow,
) -> Result<(), NoForm> {
    let mut first = true;
    let mut separate = |out: &mut String| {
        if !std::mem::take(&mut first) {
            out.push_str(separator);
        }
    };
    match value {
        ParamValue::Absent => {}
        ParamValue::Text(text) => encode(text, allow, out),
        ParamValue::List(items) => {
            for item in items {
                let Some(text) = inner(item)? else { continue };
                separate(out);
                encode(text, allow, out);
            }
        }
        ParamValue::Object(members) => {
            for (key, member) in members {
                let Some(text) = inner(member)? else { continue };
                separate(out);
                encode(key, allow, out);
                out.push_str(if explode { "=" } else { separator });
                encode(text, allow, out);
            }
        }
    }
    Ok(())
}

/// Appends a value as one pair, or as one for each item or member.
fn named(
    out: &mut String,
    name: &str,
    value: &ParamValue<'_>,
    explode: bool,
    separator: &str,
    how: &Pairs,
) -> Result<(), NoForm> {
    match value {
        ParamValue::Absent => {}
        ParamValue::List(items) if explode => {
            for item in items {
                if let Some(text) = inner(item)? {
                    pair(out, name, text, how);
                }
            }
        }
        ParamValue::Object(members) if explode => {
            for (key, member) in members {
                if let Some(text) = inner(member)? {
                    pair(out, key, text, how);
                }
            }
        }
        value => {
            let mut text = String::new();
            joined(&mut text, value, false, separator, how.allow)?;
            begin(out, name, text.is_empty(), how);
            out.push_str(&text);
        }
    }
    Ok(())
}

fn pair(out: &mut String, name: &str, text: &str, how: &Pairs) {
    begin(out, name, text.is_empty(), how);
    encode(text, how.allow, out);
}

/// Appends all of a pair that comes before its value.
fn begin(out: &mut String, name: &str, empty: bool, how: &Pairs) {
    out.push_str(if out.is_empty() { how.first } else { how.between });
    // A cookie's name is a token, which percent-encoding leaves as it is.
    encode(name, Allow::Unreserved, out);
    if how.equals || !empty {
        out.push('=');
    }
}

/// Appends `name[key]=text`, as deep as the value goes. Items of lists are numbered.
fn deep(out: &mut String, key: &str, value: &ParamValue<'_>, allow: Allow) -> Result<(), NoForm> {
    let below = |name: &str| {
        let mut key = format!("{key}%5B");
        encode(name, Allow::Unreserved, &mut key);
        key.push_str("%5D");
        key
    };
    match value {
        ParamValue::Absent => {}
        ParamValue::Text(text) => {
            if !out.is_empty() {
                out.push('&');
            }
            out.push_str(key);
            out.push('=');
            encode(text, allow, out);
        }
        ParamValue::List(items) => {
            for (at, item) in items.iter().enumerate() {
                deep(out, &below(&at.to_string()), item, allow)?;
            }
        }
        ParamValue::Object(members) => {
            for (name, member) in members {
                deep(out, &below(name), member, allow)?;
            }
        }
    }
    Ok(())
}

impl<'a> From<&'a str> for ParamValue<'a> {
    fn from(text: &'a str) -> ParamValue<'a> {
        ParamValue::Text(Cow::Borrowed(text))
    }
}
