//! From the text of a JSONPath to a query. Names behind a dot may have dashes, as in `$.info.x-logo`.

use serde_json::Value as Json;

use super::filter::{Operand, Operator, Path, Test};
use super::{Query, Segment, Selector};

/// Filters and parentheses inside each other, at most.
const MAX_DEPTH: usize = 32;

type Result<T> = std::result::Result<T, String>;

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

pub(super) fn query(text: &str) -> Result<Query> {
    let mut parser = Parser { rest: text.trim(), depth: 0 };
    if !parser.eat("$") {
        return Err("it does not begin with `$`".to_owned());
    }
    let segments = parser.segments()?;
    match parser.rest.chars().next() {
        None => Ok(Query { segments }),
        Some(_) => Err(format!("`{}` is not understood", parser.rest)),
    }
}

impl Parser<'_> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn want(&mut self, text: &str) -> Result<()> {
        self.blank();
        if self.eat(text) { Ok(()) } else { Err(format!("`{text}` is expected before `{}`", self.rest)) }
    }

    fn segments(&mut self) -> Result<Vec<Segment>> {
        let mut segments = Vec::new();
        loop {
            let before = self.rest;
            self.blank();
            let descendant = self.eat("..");
            if self.eat("[") {
                segments.push(Segment { descendant, selectors: self.selectors()? });
            } else if descendant || self.eat(".") {
                let selector = if self.eat("*") { Selector::Wildcard } else { Selector::Name(self.name()?) };
                segments.push(Segment { descendant, selectors: vec![selector] });
            } else {
                self.rest = before;
                return Ok(segments);
            }
        }
    }

    fn name(&mut self) -> Result<String> {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-') || !c.is_ascii();
        let end = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        if end == 0 {
            return Err(format!("a name is expected before `{}`", self.rest));
        }
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(name.to_owned())
    }

    /// Behind `[`.
    fn selectors(&mut self) -> Result<Vec<Selector>> {
        let mut all = Vec::new();
        loop {
            self.blank();
            all.push(self.selector()?);
            self.blank();
            if self.eat("]") {
                return Ok(all);
            }
            self.want(",")?;
        }
    }

    fn selector(&mut self) -> Result<Selector> {
        if self.eat("*") {
            return Ok(Selector::Wildcard);
        }
        if self.eat("?") {
            return Ok(Selector::Filter(self.or()?));
        }
        if self.rest.starts_with(['\'', '"']) {
            return Ok(Selector::Name(self.quoted()?));
        }
        let start = self.integer()?;
        self.blank();
        if !self.eat(":") {
            return start.map(Selector::Index).ok_or_else(|| format!("a selector is expected before `{}`", self.rest));
        }
        self.blank();
        let end = self.integer()?;
        self.blank();
        let step = if self.eat(":") {
            self.blank();
            self.integer()?.unwrap_or(1)
        } else {
            1
        };
        Ok(Selector::Slice { start, end, step })
    }

    fn integer(&mut self) -> Result<Option<i64>> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        if digits.is_empty() {
            return Ok(None);
        }
        self.rest = rest;
        digits.parse().map(Some).map_err(|_| format!("`{digits}` is no index"))
    }

    /// A text in single or double quotes, escapes as in JSON.
    fn quoted(&mut self) -> Result<String> {
        let mut chars = self.rest.char_indices();
        let quote = chars.next().map_or('\'', |(_, c)| c);
        let mut json = String::from("\"");
        let mut escaped = false;
        for (at, c) in chars {
            match c {
                _ if escaped => {
                    // `\'` is of JSONPath only
                    if c != '\'' {
                        json.push('\\');
                    }
                    json.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                c if c == quote => {
                    json.push('"');
                    self.rest = &self.rest[at + c.len_utf8()..];
                    return serde_json::from_str(&json).map_err(|_| format!("{json} is no text"));
                }
                '"' => json.push_str("\\\""),
                c => json.push(c),
            }
        }
        Err("a text does not end".to_owned())
    }

    fn or(&mut self) -> Result<Test> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("filters are nested more than {MAX_DEPTH} deep"));
        }
        let mut tests = vec![self.and()?];
        loop {
            self.blank();
            if !self.eat("||") {
                break;
            }
            tests.push(self.and()?);
        }
        self.depth -= 1;
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::Or(tests) })
    }

    fn and(&mut self) -> Result<Test> {
        let mut tests = vec![self.basic()?];
        loop {
            self.blank();
            if !self.eat("&&") {
                break;
            }
            tests.push(self.basic()?);
        }
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::And(tests) })
    }

    fn basic(&mut self) -> Result<Test> {
        let mut negated = false;
        self.blank();
        while self.eat("!") {
            negated = !negated;
            self.blank();
        }
        let test = if self.eat("(") {
            let inner = self.or()?;
            self.want(")")?;
            inner
        } else {
            let left = self.operand()?;
            match (self.operator(), left) {
                (Some(operator), left) => {
                    self.blank();
                    Test::Compare(left, operator, self.operand()?)
                }
                (None, Operand::Path(path)) => Test::Exists(path),
                (None, Operand::Literal(_)) => return Err("a value alone is no condition".to_owned()),
            }
        };
        Ok(if negated { Test::Not(Box::new(test)) } else { test })
    }

    fn operator(&mut self) -> Option<Operator> {
        self.blank();
        const ALL: [(&str, Operator); 6] = [
            ("==", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        ALL.into_iter().find(|(text, _)| self.eat(text)).map(|(_, operator)| operator)
    }

    fn operand(&mut self) -> Result<Operand> {
        for (mark, absolute) in [("@", false), ("$", true)] {
            if self.eat(mark) {
                return Ok(Operand::Path(Path { absolute, segments: self.segments()? }));
            }
        }
        if self.rest.starts_with(['\'', '"']) {
            return Ok(Operand::Literal(Json::String(self.quoted()?)));
        }
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
        let end = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        if rest.starts_with('(') {
            return Err(format!("functions in filters are not supported, and `{word}` is one"));
        }
        let value = serde_json::from_str(word).map_err(|_| format!("a value is expected before `{}`", self.rest))?;
        self.rest = rest;
        Ok(Operand::Literal(value))
    }
}
