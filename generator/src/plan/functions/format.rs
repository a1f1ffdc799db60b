//! `text.format([a, b])`: a text with places for values, as a sum of texts.

use super::{arity, made, plain};
use crate::diag::Diagnostic;
use crate::expr::ast::{BinaryOp, Expr, ExprKind};
use crate::plan::expr::{check as check_expr, coerce};
use crate::plan::ir::{Function, Native, TExpr, TKind};
use crate::plan::scope::{Env, Scope};
use crate::plan::ty::{Ty, TyKind};
use crate::source::{Span, Spanned};

/// A part of the text: as it is, or a place for a value.
enum Part {
    Text(String),
    Value(char, Option<i64>),
}

/// Checks it: the text and the list are written out, so that the types are known.
pub fn check(
    env: &mut Env,
    scope: &mut Scope,
    span: Span,
    target: &Expr,
    function: &Spanned<String>,
    args: &[Expr],
) -> TExpr {
    let (ExprKind::Str(text), [Expr { kind: ExprKind::List(items), .. }]) = (&target.kind, args) else {
        return arity(env, function, "`'text with %s'.format([value])`, the text and the list written out", span);
    };
    let parts = match parts(text) {
        Ok(parts) => parts,
        Err(wrong) => return reject(env, target.span, &wrong),
    };
    let wanted = parts.iter().filter(|part| matches!(part, Part::Value(..))).count();
    if wanted != items.len() {
        let message = format!("the text has {wanted} places, the list {} values", items.len());
        return reject(env, span, &message);
    }
    let mut items = items.iter();
    let mut sum: Option<TExpr> = None;
    for part in parts {
        let next = match part {
            Part::Text(text) => TExpr { ty: Ty::string(), kind: TKind::Str(text), span: target.span },
            Part::Value(verb, decimals) => {
                let Some((item, _)) = items.next() else { continue };
                let value = check_expr(env, scope, item);
                shown(env, value, verb, decimals, function)
            }
        };
        if next.ty.is_error() {
            return TExpr::error(span);
        }
        sum = Some(match sum {
            None => next,
            Some(before) => {
                let kind = TKind::Binary { op: BinaryOp::Add, left: Box::new(before), right: Box::new(next) };
                TExpr { ty: Ty::string(), kind, span }
            }
        });
    }
    sum.unwrap_or(TExpr { ty: Ty::string(), kind: TKind::Str(String::new()), span })
}

fn reject(env: &mut Env, span: Span, message: &str) -> TExpr {
    let help = "places are `%s` (anything), `%d` (an integer), `%f` and `%.2f` (a number), and `%%` is a percent sign";
    env.diags.push(Diagnostic::error("BFF0430", message, span).help(help));
    TExpr::error(span)
}

fn shown(env: &mut Env, value: TExpr, verb: char, decimals: Option<i64>, function: &Spanned<String>) -> TExpr {
    if value.ty.is_error() {
        return value;
    }
    let span = value.span;
    match verb {
        'd' => {
            let value = coerce(env, value, &Ty::int(), "`%d`");
            made(Ty::string(), Function::TextOfShown, vec![value], span)
        }
        'f' => {
            let value = coerce(env, value, &Ty::double(), "`%f`");
            let decimals = TExpr { ty: Ty::int(), kind: TKind::Int(decimals.unwrap_or(6)), span };
            let native = Native { path: "text::fixed", fails: false };
            made(Ty::string(), Function::Native(native), vec![value, decimals], span)
        }
        _ if matches!(value.ty.kind, TyKind::Str) => value,
        _ => plain::function(env, span, "string", function, vec![value]),
    }
}

fn parts(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            plain.push(c);
            continue;
        }
        let mut decimals = None;
        let mut verb = chars.next();
        if verb == Some('.') {
            let mut digits = String::new();
            verb = chars.next();
            while let Some(digit) = verb.filter(char::is_ascii_digit) {
                digits.push(digit);
                verb = chars.next();
            }
            decimals = digits.parse::<i64>().ok().filter(|count| *count <= 100);
            if decimals.is_none() || verb != Some('f') {
                return Err("only `%.2f`, with another number for the 2, has decimals".into());
            }
        }
        match verb {
            Some('%') => plain.push('%'),
            Some(verb @ ('s' | 'd' | 'f')) => {
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(Part::Value(verb, decimals));
            }
            Some(other) => return Err(format!("`%{other}` is no place for a value")),
            None => return Err("a `%` stands at the end".into()),
        }
    }
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}
