//! Reads operators of an expression by precedence, as the CEL specification defines it.

use super::ast::{BinaryOp, Expr, ExprKind};
use super::lexer::{self, Token, TokenKind};
use super::place::Place;
use crate::diag::Diagnostic;
use crate::source::{Span, Spanned};

/// Longest text of an expression, in bytes.
const MAX_BYTES: usize = 10_000;
/// How deep an expression may be nested; every later stage walks it by recursion.
const MAX_DEPTH: u32 = 100;

pub(super) type Parsed<T> = Result<T, Diagnostic>;

/// Reads an expression. `place` says where its text stands in the composition file.
pub fn parse(text: &str, place: Place) -> (Option<Expr>, Vec<Diagnostic>) {
    read(text, place, |parser| parser.expression())
}

/// Reads a text that is an expression, or has some; all of it must be used up.
pub(super) fn read<T>(
    text: &str,
    place: Place,
    rule: impl FnOnce(&mut Parser) -> Parsed<T>,
) -> (Option<T>, Vec<Diagnostic>) {
    let result = Parser::new(text, place).and_then(|mut parser| {
        let value = rule(&mut parser)?;
        parser.finish()?;
        Ok(value)
    });
    match result {
        Ok(value) => (Some(value), Vec::new()),
        Err(found) => (None, vec![found]),
    }
}

/// An expression with the height of its tree.
pub(super) struct Tall {
    pub(super) expr: Expr,
    pub(super) height: u32,
}

pub(super) struct Parser<'a> {
    pub(super) place: Place<'a>,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    nesting: u32,
}

impl<'a> Parser<'a> {
    fn new(text: &str, place: Place<'a>) -> Parsed<Parser<'a>> {
        if text.len() > MAX_BYTES {
            let message = format!("this expression has {} bytes; {MAX_BYTES} are the most", text.len());
            return Err(Diagnostic::error("BFF0336", message, place.span(0, text.len()))
                .help("Move the logic to a hook: a hook is Rust code of your own."));
        }
        let tokens = lexer::tokens(text, place)?;
        if tokens.len() == 1 {
            return Err(Diagnostic::error("BFF0333", "an expression is missing", place.span(0, text.len()))
                .help("An empty text is written `\"''\"`, or `{$text: \"\"}` in a shape."));
        }
        Ok(Parser { place, tokens, at: 0, nesting: 0 })
    }

    /// An expression, down to `?:`.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        Ok(self.ternary()?.expr)
    }

    pub(super) fn ternary(&mut self) -> Parsed<Tall> {
        self.nesting += 1;
        if self.nesting > MAX_DEPTH {
            return Err(self.too_deep(self.here()));
        }
        let condition = self.binary(1)?;
        let result = if self.eat("?") {
            let then = self.binary(1)?;
            if self.peek_mark("?") {
                let message = "a `? :` between `?` and `:` needs parentheses";
                return Err(Diagnostic::error("BFF0333", message, self.here()).help("Write `a ? (b ? c : d) : e`."));
            }
            self.expect(":", "a condition is written `test ? this : that`")?;
            let otherwise = self.ternary()?;
            let height = condition.height.max(then.height).max(otherwise.height);
            let span = condition.expr.span.to(otherwise.expr.span);
            let (condition, then, otherwise) =
                (Box::new(condition.expr), Box::new(then.expr), Box::new(otherwise.expr));
            self.grown(ExprKind::Ternary { condition, then, otherwise }, span, height)?
        } else {
            condition
        };
        self.nesting -= 1;
        Ok(result)
    }

    /// Operators of at least this precedence; all associate to the left.
    fn binary(&mut self, least: u8) -> Parsed<Tall> {
        let mut left = self.unary()?;
        while let Some((op, precedence)) = self.operator()? {
            if precedence < least {
                break;
            }
            let op = Spanned::new(op, self.here());
            self.at += 1;
            let right = self.binary(precedence + 1)?;
            let height = left.height.max(right.height);
            let span = left.expr.span.to(right.expr.span);
            let kind = ExprKind::Binary { op, left: Box::new(left.expr), right: Box::new(right.expr) };
            left = self.grown(kind, span, height)?;
        }
        Ok(left)
    }

    /// The operator that comes next, with its precedence.
    fn operator(&self) -> Parsed<Option<(BinaryOp, u8)>> {
        Ok(Some(match &self.token().kind {
            TokenKind::Ident(word) if word == "in" => (BinaryOp::In, 3),
            TokenKind::Ident(word) => match word.as_str() {
                "and" | "AND" => return Err(self.misspelt("&&")),
                "or" | "OR" => return Err(self.misspelt("||")),
                "is" | "eq" => return Err(self.misspelt("==")),
                "mod" => return Err(self.misspelt("%")),
                _ => return Ok(None),
            },
            TokenKind::Mark(mark) => match *mark {
                "||" => (BinaryOp::Or, 1),
                "&&" => (BinaryOp::And, 2),
                "==" => (BinaryOp::Eq, 3),
                "!=" => (BinaryOp::Ne, 3),
                "<" => (BinaryOp::Lt, 3),
                "<=" => (BinaryOp::Le, 3),
                ">" => (BinaryOp::Gt, 3),
                ">=" => (BinaryOp::Ge, 3),
                "+" => (BinaryOp::Add, 4),
                "-" => (BinaryOp::Sub, 4),
                "*" => (BinaryOp::Mul, 5),
                "/" => (BinaryOp::Div, 5),
                "%" => (BinaryOp::Rem, 5),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }

    /// `!x`, `-x`; CEL repeats one of them but does not mix them.
    fn unary(&mut self) -> Parsed<Tall> {
        let first = self.token().clone();
        let mark = match first.kind {
            TokenKind::Mark(mark @ ("!" | "-")) => mark,
            TokenKind::Ident(word) if word == "not" && self.starts_operand(self.at + 1) => {
                return Err(self.misspelt("!"));
            }
            _ => return self.member(),
        };
        let mut starts = Vec::new();
        while self.peek_mark(mark) {
            starts.push(self.here());
            self.at += 1;
        }
        if self.peek_mark("-") || self.peek_mark("!") {
            let message = "`!` and `-` in a row need parentheses";
            return Err(Diagnostic::error("BFF0333", message, self.here()).help("Write `!(-x)` or `-(!x)`."));
        }
        // The minus before a number is part of it: the smallest integer has no positive counterpart.
        if mark == "-" && matches!(self.token().kind, TokenKind::Int(_) | TokenKind::Double(_)) {
            self.at -= 1;
            starts.pop();
        }
        let mut operand = self.member()?;
        for start in starts.into_iter().rev() {
            let span = start.to(operand.expr.span);
            let inner = Box::new(operand.expr);
            let kind = if mark == "!" { ExprKind::Not(inner) } else { ExprKind::Negate(inner) };
            operand = self.grown(kind, span, operand.height)?;
        }
        Ok(operand)
    }

    /// A node above others of that height.
    pub(super) fn grown(&self, kind: ExprKind, span: Span, height: u32) -> Parsed<Tall> {
        if height >= MAX_DEPTH {
            return Err(self.too_deep(span));
        }
        Ok(Tall { expr: Expr { span, kind }, height: height + 1 })
    }

    fn too_deep(&self, span: Span) -> Diagnostic {
        Diagnostic::error("BFF0336", format!("this expression is nested deeper than {MAX_DEPTH} levels"), span)
            .help("Split it, or move the logic to a hook: a hook is Rust code of your own.")
    }

    /// An operator that is written as a word.
    fn misspelt(&self, right: &'static str) -> Diagnostic {
        let word = self.describe();
        let found = Diagnostic::error("BFF0335", format!("{word} is no operator here"), self.here())
            .help(format!("Write `{right}`."));
        if self.place.is_exact() { found.fix(format!("write `{right}`"), self.here(), right).safe() } else { found }
    }
}
