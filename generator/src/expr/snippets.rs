//! Reads texts of the composition that hold expressions: `x in list`, `key desc`, `Shape(x)`.

use super::ast::{Expr, ExprKind};
use super::lexer::TokenKind;
use super::parser::{Parser, read};
use super::place::Place;
use super::primary::is_reserved;
use crate::diag::Diagnostic;
use crate::source::Spanned;

/// Variable and list of `x in list`.
pub type EachParts = (Spanned<String>, Expr);
/// Key of `x.date desc`, and whether it descends.
pub type SortParts = (Expr, bool);
/// Value of `order.payment as p`, and the name it gets.
pub type MatchParts = (Expr, Option<Spanned<String>>);
/// Name and arguments of `OrderCard(o)`.
pub type UseParts = (Spanned<String>, Vec<Expr>);

/// Reads `x in list` of `$each` and `each`.
pub fn parse_each(text: &str, place: Place) -> (Option<EachParts>, Vec<Diagnostic>) {
    let wrong = move || {
        Diagnostic::error("BFF0338", "this is not of the form `x in list`", place.span(0, text.len()))
            .help("Name the element, then say where it comes from: `o in orders.items`.")
    };
    let (parts, found) = read(text, place, |parser| {
        let variable = parser.ident().ok_or_else(wrong)?;
        if !matches!(&parser.token().kind, TokenKind::Ident(word) if word == "in") {
            return Err(wrong());
        }
        if is_reserved(&variable.value) {
            let message = format!("`{}` is a reserved word and cannot be a name", variable.value);
            return Err(Diagnostic::error("BFF0334", message, variable.span).help("Choose another name."));
        }
        parser.at += 1;
        Ok((variable, parser.expression()?))
    });
    let start = text.len() - text.trim_start().len();
    let name = text[start..].split_whitespace().next().unwrap_or_default();
    let rest = text[start + name.len()..].trim_start().strip_prefix("in ");
    // What the name stands for is known, where only the list cannot be read.
    let known =
        parts.is_none() && rest.is_some() && found.iter().all(|diag| !matches!(diag.code, "BFF0334" | "BFF0338"));
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !known || !plain || is_reserved(name) {
        return (parts, found);
    }
    let variable = Spanned::new(name.to_string(), place.span(start, name.len()));
    (Some((variable, broken(text, place))), found.into_iter().map(Diagnostic::local).collect())
}

/// An expression that could not be read.
fn broken(text: &str, place: Place) -> Expr {
    Expr { span: place.span(0, text.len()), kind: ExprKind::Broken }
}

/// Reads an entry of `$sort`: a key, with `asc` (the default) or `desc` behind it.
pub fn parse_sort(text: &str, place: Place) -> (Option<SortParts>, Vec<Diagnostic>) {
    let (parts, found) = read(text, place, |parser| {
        let key = parser.expression()?;
        let Some(word) = parser.ident() else { return Ok((key, false)) };
        match word.value.as_str() {
            "asc" => Ok((key, false)),
            "desc" => Ok((key, true)),
            other => Err(Diagnostic::error("BFF0338", format!("`{other}` is not a direction"), word.span)
                .help("Behind the key stands `asc` (small to large, the default) or `desc`.")),
        }
    });
    let parts = parts.unwrap_or_else(|| (broken(text, place), false));
    (Some(parts), found.into_iter().map(Diagnostic::local).collect())
}

/// Reads `$match: order.payment`, with `as` and a name behind it or not.
pub fn parse_match(text: &str, place: Place) -> (Option<MatchParts>, Vec<Diagnostic>) {
    read(text, place, |parser| {
        let value = parser.expression()?;
        let Some(word) = parser.ident() else { return Ok((value, None)) };
        match (word.value.as_str(), parser.ident()) {
            ("as", Some(name)) => Ok((value, Some(name))),
            _ => Err(Diagnostic::error("BFF0338", "this is not of the form `value as name`", word.span)
                .help("Behind the value may stand `as` and a name for it in the cases: `order.payment as p`.")),
        }
    })
}

/// Reads `$use: OrderCard(o)`.
pub fn parse_use(text: &str, place: Place) -> (Option<UseParts>, Vec<Diagnostic>) {
    let wrong = move || {
        Diagnostic::error("BFF0338", "this is not of the form `Shape(value)`", place.span(0, text.len()))
            .help("Name a shape of `shapes:` and what it is made from: `OrderCard(o)`.")
    };
    read(text, place, |parser| {
        let name = parser.ident().ok_or_else(wrong)?;
        if parser.token().kind == TokenKind::End {
            return Ok((name, Vec::new()));
        }
        if !parser.peek_mark("(") {
            return Err(wrong());
        }
        let (args, _, _) = parser.arguments()?;
        Ok((name, args))
    })
}

impl Parser<'_> {
    /// The name that comes next, if one does.
    fn ident(&mut self) -> Option<Spanned<String>> {
        let TokenKind::Ident(name) = &self.token().kind else { return None };
        let name = Spanned::new(name.clone(), self.here());
        self.at += 1;
        Some(name)
    }
}
