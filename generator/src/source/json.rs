//! A fast JSON reader (RFC 8259) that knows where every value stands.

use super::{MAX_DEPTH, Member, Node, SourceId, Span, Text, Value, duplicates};
use crate::diag::Diagnostic;

/// Whether a text without byte order mark starts as JSON objects and arrays do. A flow mapping of YAML
/// whose first key has no quotes does not.
pub(super) fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '\t', '\r', '\n']);
    if let Some(rest) = text.strip_prefix('{') {
        return rest.trim_start().starts_with(['"', '}']);
    }
    let Some(rest) = text.strip_prefix('[') else { return false };
    rest.trim_start().starts_with(['"', '{', '[', ']', '-'])
        || rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// Reads `text` from the byte `start` on.
pub(super) fn parse(text: &str, start: usize, source: SourceId) -> (Option<Node>, Vec<Diagnostic>) {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: start, source, found: Vec::new() };
    let node = reader.document();
    match node {
        Ok(node) => (Some(node), reader.found),
        Err(error) => {
            reader.found.push(*error);
            (None, reader.found)
        }
    }
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    source: SourceId,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Node> {
        let node = self.value(0)?;
        self.blank();
        if self.at < self.bytes.len() {
            return Err(self.error("there is more text behind the end of the document"));
        }
        Ok(node)
    }

    fn span(&self, start: usize) -> Span {
        Span { source: self.source, start: start as u32, end: self.at as u32 }
    }

    fn error(&self, message: &str) -> Box<Diagnostic> {
        let mut end = (self.at + 1).min(self.bytes.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        let span = Span { source: self.source, start: self.at as u32, end: end as u32 };
        let message = format!("this is not valid JSON: {message}");
        Box::new(Diagnostic::error("BFF0104", message, span).help("The file starts like JSON, so it is read as JSON."))
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// One value; recursion is bounded by [`MAX_DEPTH`].
    fn value(&mut self, depth: usize) -> Result<Node> {
        self.blank();
        let start = self.at;
        let value = match self.bytes.get(self.at) {
            Some(b'"') => Value::String(self.string()?),
            Some(b'{' | b'[') if depth >= MAX_DEPTH => {
                let message = format!("arrays and objects are nested more than {MAX_DEPTH} deep");
                let span = Span { source: self.source, start: start as u32, end: start as u32 + 1 };
                return Err(Box::new(
                    Diagnostic::error("BFF0108", message, span).help("Nothing real is nested so deep."),
                ));
            }
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => return Err(self.error("a value is expected here")),
            None => return Err(self.error("the file ends where a value is expected")),
        };
        Ok(Node { span: self.span(start), value })
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.error("a value is expected here (texts stand in double quotes)"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value> {
        self.at += 1;
        let mut members = Vec::new();
        self.blank();
        if self.bytes.get(self.at) == Some(&b'}') {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            self.blank();
            let start = self.at;
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(self.error("a key in double quotes is expected here"));
            }
            let key = self.string()?.value;
            let key_span = self.span(start);
            self.blank();
            if self.bytes.get(self.at) != Some(&b':') {
                return Err(self.error("`:` is expected here"));
            }
            self.at += 1;
            members.push(Member { key, key_span, value: self.value(depth + 1)? });
            if self.ends(b'}')? {
                duplicates::settle(&mut members, &mut self.found);
                return Ok(Value::Object(members));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value> {
        self.at += 1;
        let mut items = Vec::new();
        self.blank();
        if self.bytes.get(self.at) == Some(&b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.ends(b']')? {
                return Ok(Value::Array(items));
            }
        }
    }

    /// Behind an element: whether the array or object ends here rather than going on with a comma.
    fn ends(&mut self, close: u8) -> Result<bool> {
        self.blank();
        match self.bytes.get(self.at) {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if *byte == close => {
                self.at += 1;
                Ok(true)
            }
            Some(_) => Err(self.error(&format!("`,` or `{}` is expected here", char::from(close)))),
            None => Err(self.error(&format!("the file ends where `,` or `{}` is expected", char::from(close)))),
        }
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.at;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.error("a digit is expected here")),
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(Value::Number(self.text[start..self.at].into()))
    }

    fn some_digits(&mut self) -> Result<()> {
        if !self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            return Err(self.error("a digit is expected here"));
        }
        self.digits();
        Ok(())
    }

    fn digits(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    /// A string with its quotes; most have no escapes and are copied in one go.
    fn string(&mut self) -> Result<Text> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    let value = self.text[start..self.at].into();
                    self.at += 1;
                    return Ok(Text { value, verbatim_at: Some(start as u32), pieces: None });
                }
                Some(b'\\') => return self.escaped(start),
                Some(0..=0x1f) => return Err(self.error("a line break or control character stands in a text")),
                Some(_) => self.at += 1,
                None => return Err(self.error("the file ends within a text")),
            }
        }
    }

    fn escaped(&mut self, start: usize) -> Result<Text> {
        let mut value = String::from(&self.text[start..self.at]);
        let mut copied = self.at;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    value.push_str(&self.text[copied..self.at]);
                    self.at += 1;
                    return Ok(Text { value: value.into(), verbatim_at: None, pieces: None });
                }
                Some(b'\\') => {
                    value.push_str(&self.text[copied..self.at]);
                    value.push(self.escape()?);
                    copied = self.at;
                }
                Some(0..=0x1f) => return Err(self.error("a line break or control character stands in a text")),
                Some(_) => self.at += 1,
                None => return Err(self.error("the file ends within a text")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let plain = match self.bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.error("`\\` must be followed by one of `\"\\/bfnrtu`")),
        };
        self.at += 2;
        Ok(plain)
    }

    /// `\uXXXX`, two of them for characters outside the basic plane. A half pair becomes U+FFFD: real
    /// documents have them in examples, and nothing can be done with them.
    fn unicode(&mut self) -> Result<char> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or('\u{fffd}'));
        }
        if !self.bytes[self.at..].starts_with(b"\\u") {
            return Ok('\u{fffd}');
        }
        let back = self.at;
        let low = self.hex()?;
        if !(0xdc00..0xe000).contains(&low) {
            self.at = back;
            return Ok('\u{fffd}');
        }
        Ok(char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).unwrap_or('\u{fffd}'))
    }

    fn hex(&mut self) -> Result<u32> {
        let digits = self.bytes.get(self.at + 2..self.at + 6).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let number = digits.and_then(|d| std::str::from_utf8(d).ok()).and_then(|d| u32::from_str_radix(d, 16).ok());
        let Some(number) = number else { return Err(self.error("`\\u` must be followed by four hexadecimal digits")) };
        self.at += 6;
        Ok(number)
    }
}
