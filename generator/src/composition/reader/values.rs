//! Reads single values: texts, flags, numbers, durations, words, expressions, names.

use super::keys::{kind_of, wrong_kind};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::expr::ast::{Expr, ExprKind};
use crate::expr::{Place, parse, primary};
use crate::source::{Member, Node, Spanned, Value};

/// A text. A number is one too: `version: 1.0`.
pub(super) fn text(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    match &member.value.value {
        Value::String(text) => Some(Spanned::new(text.value.to_string(), member.value.span)),
        Value::Number(text) => Some(Spanned::new(text.to_string(), member.value.span)),
        _ => {
            out.push(wrong_kind(&member.value, &member.key, "a text"));
            None
        }
    }
}

/// A text without its place.
pub(super) fn plain_text(member: &Member, out: &mut Vec<Diagnostic>) -> Option<String> {
    text(member, out).map(|text| text.value)
}

/// `true` or `false`.
pub(super) fn flag(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<bool>> {
    let flag = member.value.as_bool();
    if flag.is_none() {
        out.push(wrong_kind(&member.value, &member.key, "`true` or `false`"));
    }
    flag.map(|flag| Spanned::new(flag, member.value.span))
}

/// A whole number from `least` to `most`.
pub(super) fn number(member: &Member, least: u32, most: u32, out: &mut Vec<Diagnostic>) -> Option<Spanned<u32>> {
    let node = &member.value;
    let Value::Number(text) = &node.value else {
        out.push(wrong_kind(node, &member.key, &format!("a number from {least} to {most}")));
        return None;
    };
    match text.parse::<u32>() {
        Ok(value) if (least..=most).contains(&value) => Some(Spanned::new(value, node.span)),
        _ => {
            let message = format!("`{}` wants a whole number from {least} to {most}, this is {text}", member.key);
            out.push(Diagnostic::error("BFF0307", message, node.span));
            None
        }
    }
}

/// The longest duration: an hour.
const MAX_MILLISECONDS: u64 = 3_600_000;

/// A duration in milliseconds: `800ms`, `2s`, `1m`.
pub(super) fn duration(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<u64>> {
    let node = &member.value;
    let text = match &node.value {
        Value::String(text) => &*text.value,
        Value::Number(number) => {
            let message = format!("`{}` wants a duration with its unit, like {number}ms or 2s", member.key);
            out.push(Diagnostic::error("BFF0307", message, node.span).help("Units are `ms`, `s` and `m`."));
            return None;
        }
        _ => {
            out.push(wrong_kind(node, &member.key, "a duration like 800ms"));
            return None;
        }
    };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit = match &text[digits..] {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        _ => None,
    };
    let value = unit.and_then(|unit| text[..digits].parse::<u64>().ok()?.checked_mul(unit));
    match value {
        Some(value) if (1..=MAX_MILLISECONDS).contains(&value) => Some(Spanned::new(value, node.span)),
        _ => {
            let message = format!("`{}` wants a duration like 800ms, this is `{text}`", member.key);
            out.push(
                Diagnostic::error("BFF0307", message, node.span)
                    .help("A duration is a whole number with `ms`, `s` or `m` behind it, from 1ms to 60m."),
            );
            None
        }
    }
}

/// A share of all, of a million: `1%`, `0.1%`.
pub(super) fn share(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<u32>> {
    let node = &member.value;
    let text = match &node.value {
        Value::String(text) => &*text.value,
        Value::Number(number) => &**number,
        _ => {
            out.push(wrong_kind(node, &member.key, "a share like 1%"));
            return None;
        }
    };
    let percent = text.strip_suffix('%').unwrap_or_default();
    let (whole, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if digits(whole, 3)
        && digits(fraction, 4)
        && let (Ok(whole), Ok(fraction)) = (whole.parse::<u32>(), format!("{fraction:0<4}").parse::<u32>())
        && whole * 10_000 + fraction <= 1_000_000
    {
        return Some(Spanned::new(whole * 10_000 + fraction, node.span));
    }
    let message = format!("`{}` wants a share like 1%, this is `{text}`", member.key);
    let help = "A share is a number from 0 to 100 with `%` behind it: `1%`, `0.05%`.";
    out.push(Diagnostic::error("BFF0307", message, node.span).help(help));
    None
}

/// One of some words. `later` are those that are not supported yet.
pub(super) fn word<T: Copy>(
    member: &Member,
    words: &[(&str, T)],
    later: &[&str],
    out: &mut Vec<Diagnostic>,
) -> Option<Spanned<T>> {
    let node = &member.value;
    let all = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let text = match &node.value {
        Value::String(text) => &*text.value,
        // YAML 1.1 readers take `off` for a flag.
        Value::Bool(false) => "off",
        _ => {
            out.push(wrong_kind(node, &member.key, &format!("one of {all}")));
            return None;
        }
    };
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Some(Spanned::new(*value, node.span));
    }
    out.push(if later.contains(&text) {
        Diagnostic::error("BFF0306", format!("`{}: {text}` is not supported yet", member.key), node.span)
            .help(format!("Possible now: {all}."))
    } else {
        let found = Diagnostic::error("BFF0307", format!("`{text}` is not a value of `{}`", member.key), node.span);
        let found = match did_you_mean(text, words.iter().map(|(word, _)| *word)) {
            Some(near) => found.help(format!("Did you mean `{near}`?")).write(near, node.span),
            None => found,
        };
        found.help(format!("Possible: {all}."))
    });
    None
}

/// An expression: a text, or a number or flag that stands for itself. One that cannot be read stays in its place.
pub(super) fn expression(node: &Node, key: &str, out: &mut Vec<Diagnostic>) -> Option<Expr> {
    let read = |(value, found): Outcome<Expr>, out: &mut Vec<Diagnostic>| {
        let broken = value.is_none();
        out.extend(found.into_iter().map(|diag| if broken { diag.local() } else { diag }));
        value.unwrap_or(Expr { span: node.span, kind: ExprKind::Broken })
    };
    match &node.value {
        Value::String(text) => Some(read(parse(&text.value, Place::of(node)), out)),
        Value::Number(text) => Some(read(parse(text, Place::whole(node.span)), out)),
        Value::Bool(flag) => Some(Expr { span: node.span, kind: ExprKind::Bool(*flag) }),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            out.push(wrong_kind(node, key, "an expression"));
            None
        }
    }
}

/// A value, if there is one, and findings.
type Outcome<T> = (Option<T>, Vec<Diagnostic>);

/// A text that a reader of snippets reads: `x in list`.
pub(super) fn snippet<T>(
    node: &Node,
    key: &str,
    wants: &str,
    reader: fn(&str, Place) -> Outcome<T>,
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    match node.as_str() {
        Some(text) => collect(reader(text, Place::of(node)), out),
        None => {
            out.push(wrong_kind(node, key, wants));
            None
        }
    }
}

/// Puts the findings of a stage to the others.
pub(super) fn collect<T>((value, found): Outcome<T>, out: &mut Vec<Diagnostic>) -> Option<T> {
    out.extend(found);
    value
}

/// Names that mean something in every expression of an endpoint.
pub(in crate::composition) const TAKEN: [&str; 9] =
    ["path", "query", "header", "cookie", "body", "warnings", "partial", "meta", "session"];

/// Checks the name of a value in expressions; `what` is "a call".
pub(super) fn variable(name: &Spanned<String>, what: &str, out: &mut Vec<Diagnostic>) -> bool {
    if TAKEN.contains(&name.value.as_str()) {
        let message =
            format!("`{}` already means a part of the request or answer; {what} needs another name", name.value);
        out.push(Diagnostic::error("BFF0308", message, name.span).help("Choose another name."));
        return false;
    }
    self::name(name, what, out)
}

/// Checks a name that stands where values cannot; `what` is "an upstream".
pub(super) fn name(name: &Spanned<String>, what: &str, out: &mut Vec<Diagnostic>) -> bool {
    let text = name.value.as_str();
    let problem = if !is_identifier(text) {
        format!("`{text}` cannot be the name of {what}")
    } else if primary::is_reserved(text) {
        format!("`{text}` is a reserved word and cannot be the name of {what}")
    } else {
        return true;
    };
    let found = Diagnostic::error("BFF0308", problem, name.span);
    out.push(found.help("Names are made of letters, digits and `_`, and begin with a letter: `orders`, `listItems`."));
    false
}

/// A letter, then letters, digits and `_`.
pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A list of texts; one text is a list of one.
pub(super) fn texts(member: &Member, out: &mut Vec<Diagnostic>) -> Vec<Spanned<String>> {
    let items = match &member.value.value {
        Value::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(&member.value),
    };
    let mut all: Vec<Spanned<String>> = Vec::new();
    for item in items {
        match item.as_str() {
            Some(text) => all.push(Spanned::new(text.to_owned(), item.span)),
            None => {
                let message = format!("`{}` wants a list of texts, this is {}", member.key, kind_of(item));
                out.push(Diagnostic::error("BFF0304", message, item.span));
            }
        }
    }
    all
}

/// Key and place of a member.
pub(super) fn key(member: &Member) -> Spanned<String> {
    Spanned::new(member.key.to_string(), member.key_span)
}

/// The members of a mapping of names; anything else is reported. `wants` is "upstreams by name".
pub(super) fn entries<'n>(member: &'n Member, wants: &str, out: &mut Vec<Diagnostic>) -> &'n [Member] {
    match member.value.as_object() {
        Some(all) => all,
        None => {
            out.push(wrong_kind(&member.value, &member.key, &format!("a mapping of {wants}")));
            &[]
        }
    }
}
