//! Reads what stands between operators: literals, names, fields, indexes, calls, lists and maps.

use super::ast::{Expr, ExprKind};
use super::lexer::{self, Token, TokenKind};
use super::parser::{Parsed, Parser, Tall};
use crate::diag::Diagnostic;
use crate::source::{Span, Spanned};

/// Words that CEL keeps for languages it is translated to.
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
    "while",
];

/// Whether a name may not be used for a variable.
pub(crate) fn is_reserved(name: &str) -> bool {
    reserved().any(|word| word == name)
}

/// Words that are no names.
pub(crate) fn reserved() -> impl Iterator<Item = &'static str> {
    RESERVED.into_iter().chain(["true", "false", "null", "in"])
}

impl Parser<'_> {
    /// A value and what hangs on it: `.field`, `.function()`, `[index]`.
    pub(super) fn member(&mut self) -> Parsed<Tall> {
        let mut base = self.primary()?;
        loop {
            if self.eat(".") {
                let optional = self.eat("?");
                base = self.selection(base, optional)?;
            } else if self.peek_mark("[") {
                self.at += 1;
                let optional = self.eat("?");
                let index = self.ternary()?;
                let close = self.here();
                self.expect("]", "an index is written `list[0]` or `x[\"name\"]`")?;
                let (span, height) = (base.expr.span.to(close), base.height.max(index.height));
                let kind = ExprKind::Index { base: Box::new(base.expr), index: Box::new(index.expr), optional };
                base = self.grown(kind, span, height)?;
            } else if self.peek_mark("{") && is_type_name(&base.expr) {
                let message = "making messages (`Type{...}`) is not part of this language";
                return Err(Diagnostic::error("BFF0337", message, self.here())
                    .help("Make objects with a shape, or a map: `{\"a\": 1}`."));
            } else {
                return Ok(base);
            }
        }
    }

    fn selection(&mut self, base: Tall, optional: bool) -> Parsed<Tall> {
        let token = self.token().clone();
        let span = self.here();
        let name = match token.kind {
            TokenKind::Ident(word) if matches!(word.as_str(), "true" | "false" | "null" | "in") => {
                let found = Diagnostic::error("BFF0334", format!("`{word}` cannot be a field after a dot"), span);
                return Err(found.help(format!("Write it as an index: `x[\"{word}\"]`.")));
            }
            TokenKind::Ident(word) | TokenKind::Quoted(word) => word,
            TokenKind::Int(_) => {
                return Err(Diagnostic::error("BFF0333", "a position is not written after a dot", span)
                    .help("Write `list[0]`."));
            }
            _ => {
                let message = format!("after the dot, the name of a field is missing; this is {}", self.describe());
                return Err(Diagnostic::error("BFF0333", message, span).help(
                    "Write `x.name`, or `x[\"odd-name\"]` (`x[?\"odd-name\"]`) for a name with other characters.",
                ));
            }
        };
        self.at += 1;
        let field = Spanned::new(name, span);
        if self.peek_mark("(") && !optional {
            let (args, close, height) = self.arguments()?;
            let span = base.expr.span.to(close);
            let kind = ExprKind::Call { target: Some(Box::new(base.expr)), function: field, args };
            return self.grown(kind, span, base.height.max(height));
        }
        let span = base.expr.span.to(field.span);
        self.grown(ExprKind::Select { base: Box::new(base.expr), field, optional }, span, base.height)
    }

    /// `(a, b)`: the arguments, the place of the closing parenthesis, and the height of the tallest.
    pub(super) fn arguments(&mut self) -> Parsed<(Vec<Expr>, Span, u32)> {
        self.expect("(", "arguments stand in parentheses")?;
        let (mut args, mut height) = (Vec::new(), 0);
        while !self.peek_mark(")") {
            let arg = self.ternary()?;
            height = height.max(arg.height);
            args.push(arg.expr);
            if !self.eat(",") {
                break;
            }
            if self.peek_mark(")") {
                return Err(Diagnostic::error("BFF0333", "an argument is missing after the comma", self.here()));
            }
        }
        let close = self.here();
        self.expect(")", "this closes the arguments")?;
        Ok((args, close, height))
    }

    fn primary(&mut self) -> Parsed<Tall> {
        let token = self.token().clone();
        let span = self.here();
        let leaf = |kind| Ok(Tall { expr: Expr { span, kind }, height: 1 });
        match token.kind {
            TokenKind::Mark("(") => return self.group(),
            TokenKind::Mark("[") => return self.list(),
            TokenKind::Mark("{") => return self.map(),
            TokenKind::Mark("-") => {
                self.at += 1;
                return self.negative(span);
            }
            TokenKind::Mark(".") => {
                return Err(Diagnostic::error("BFF0333", "an expression does not begin with a dot", span)
                    .help("Write what the field is read from: `profile.name`."));
            }
            TokenKind::Mark(_) | TokenKind::End | TokenKind::Quoted(_) => return Err(self.missing_value()),
            _ => self.at += 1,
        }
        match token.kind {
            TokenKind::Int(value) => match i64::try_from(value) {
                Ok(value) => leaf(ExprKind::Int(value)),
                Err(_) => Err(lexer::too_large(span)),
            },
            TokenKind::Double(value) => leaf(ExprKind::Double(value)),
            TokenKind::Str(value) => leaf(ExprKind::Str(value)),
            TokenKind::Bytes(value) => leaf(ExprKind::Bytes(value)),
            TokenKind::Ident(name) => match name.as_str() {
                "null" => leaf(ExprKind::Null),
                "true" => leaf(ExprKind::Bool(true)),
                "false" => leaf(ExprKind::Bool(false)),
                _ => self.name(name, span),
            },
            TokenKind::Mark(_) | TokenKind::End | TokenKind::Quoted(_) => Err(self.missing_value()),
        }
    }

    /// The number behind a minus that belongs to it.
    fn negative(&mut self, minus: Span) -> Parsed<Tall> {
        let span = minus.to(self.here());
        let kind = match self.token().kind {
            // `value` is at most 2^63, the lexer sees to it.
            TokenKind::Int(value) => ExprKind::Int((value as i64).wrapping_neg()),
            TokenKind::Double(value) => ExprKind::Double(-value),
            _ => return Err(self.missing_value()),
        };
        self.at += 1;
        Ok(Tall { expr: Expr { span, kind }, height: 1 })
    }

    fn name(&mut self, name: String, span: Span) -> Parsed<Tall> {
        if is_reserved(&name) {
            let found = if name == "in" {
                Diagnostic::error("BFF0333", "before `in`, a value is missing", span).help("Write `x in list`.")
            } else {
                Diagnostic::error("BFF0334", format!("`{name}` is a reserved word and cannot be a name"), span)
            };
            return Err(match name.as_str() {
                "if" | "else" => found.help("A condition is written `test ? this : that`."),
                "for" | "while" | "loop" => {
                    found.help("Go over a list with `list.map(x, ...)` or `list.filter(x, ...)`.")
                }
                "in" => found,
                _ => found.help(format!("CEL keeps this word for itself; after a dot it is fine: `x.{name}`.")),
            });
        }
        if !self.peek_mark("(") {
            return Ok(Tall { expr: Expr { span, kind: ExprKind::Ident(name) }, height: 1 });
        }
        let (args, close, height) = self.arguments()?;
        let kind = ExprKind::Call { target: None, function: Spanned::new(name, span), args };
        self.grown(kind, span.to(close), height)
    }

    /// `(x)`: the parentheses leave no trace but in the place.
    fn group(&mut self) -> Parsed<Tall> {
        let open = self.here();
        self.at += 1;
        let mut inner = self.ternary()?;
        let close = self.here();
        if self.token().kind == TokenKind::End {
            let message = "this parenthesis is not closed";
            return Err(Diagnostic::error("BFF0333", message, open).help("Add `)`."));
        }
        self.expect(")", "this closes the parenthesis")?;
        inner.expr.span = open.to(close);
        Ok(inner)
    }

    fn list(&mut self) -> Parsed<Tall> {
        let open = self.here();
        self.at += 1;
        let (mut items, mut height) = (Vec::new(), 0);
        while !self.peek_mark("]") {
            let optional = self.eat("?");
            let item = self.ternary()?;
            height = height.max(item.height);
            items.push((item.expr, optional));
            if !self.eat(",") {
                break;
            }
        }
        let close = self.here();
        self.expect("]", "a list is written `[a, b]`")?;
        self.grown(ExprKind::List(items), open.to(close), height)
    }

    fn map(&mut self) -> Parsed<Tall> {
        let open = self.here();
        self.at += 1;
        let (mut entries, mut height) = (Vec::new(), 0);
        while !self.peek_mark("}") {
            let optional = self.eat("?");
            let key = self.ternary()?;
            self.expect(":", "a map is written `{\"key\": value}`")?;
            let value = self.ternary()?;
            height = height.max(key.height).max(value.height);
            entries.push((key.expr, value.expr, optional));
            if !self.eat(",") {
                break;
            }
        }
        let close = self.here();
        self.expect("}", "a map is written `{\"key\": value}`")?;
        self.grown(ExprKind::Map(entries), open.to(close), height)
    }

    pub(super) fn token(&self) -> &Token {
        // The last token is the end, and nothing steps over it.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    /// The place of the next token.
    pub(super) fn here(&self) -> Span {
        let token = self.token();
        self.place.span(token.start, token.end)
    }

    pub(super) fn peek_mark(&self, mark: &str) -> bool {
        matches!(self.token().kind, TokenKind::Mark(found) if found == mark)
    }

    pub(super) fn eat(&mut self, mark: &str) -> bool {
        let found = self.peek_mark(mark);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, mark: &str, help: &str) -> Parsed<()> {
        if self.eat(mark) {
            return Ok(());
        }
        let message = format!("here, `{mark}` is missing; this is {}", self.describe());
        Err(Diagnostic::error("BFF0333", message, self.here()).help(format!("Note: {help}.")))
    }

    /// Nothing may follow.
    pub(super) fn finish(&mut self) -> Parsed<()> {
        if self.token().kind == TokenKind::End {
            return Ok(());
        }
        let found = Diagnostic::error("BFF0333", format!("{} is too much here", self.describe()), self.here());
        Err(match self.token().kind {
            TokenKind::Ident(_) | TokenKind::Str(_) | TokenKind::Int(_) | TokenKind::Double(_) => {
                found.help("Between two values, an operator is missing; a text stands in quotes: `\"'hello'\"`.")
            }
            TokenKind::Mark(")" | "]" | "}") => found.help("It closes nothing that was opened."),
            _ => found.help("The expression is complete before this."),
        })
    }

    /// Whether a value begins at this token.
    pub(super) fn starts_operand(&self, at: usize) -> bool {
        match self.tokens.get(at).map(|token| &token.kind) {
            Some(TokenKind::Ident(word)) => word != "in",
            Some(TokenKind::Mark(mark)) => matches!(*mark, "(" | "!"),
            Some(TokenKind::End) | None => false,
            Some(_) => true,
        }
    }

    fn missing_value(&self) -> Diagnostic {
        let message = format!("here, a value is missing; this is {}", self.describe());
        Diagnostic::error("BFF0333", message, self.here())
            .help("A value is a name, a number, a text in quotes, a list, a map or a call.")
    }

    /// The next token, for people.
    pub(super) fn describe(&self) -> String {
        match &self.token().kind {
            TokenKind::Ident(name) | TokenKind::Quoted(name) => format!("`{name}`"),
            TokenKind::Int(_) | TokenKind::Double(_) => "a number".to_owned(),
            TokenKind::Str(_) | TokenKind::Bytes(_) => "a text".to_owned(),
            TokenKind::Mark(mark) => format!("`{mark}`"),
            TokenKind::End => "the end".to_owned(),
        }
    }
}

/// `Type` or `pkg.Type`: what CEL would read as the name of a message before `{`.
fn is_type_name(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Ident(_) => true,
        ExprKind::Select { base, optional: false, .. } => is_type_name(base),
        _ => false,
    }
}
