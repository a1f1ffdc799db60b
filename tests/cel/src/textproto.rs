//! Reads the text form of protocol buffers, without types: enough for CEL's conformance tests.

/// A message: fields in order, names may repeat.
#[derive(Clone, Debug, Default)]
pub struct Message {
    fields: Vec<(String, Value)>,
}

/// The value of a field.
#[derive(Clone, Debug)]
pub enum Value {
    /// A number, `true`, or the name of an enum.
    Word(String),
    /// A string or bytes.
    Text(Vec<u8>),
    /// A message.
    Message(Message),
}

impl Message {
    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        self.fields.iter().filter(move |field| field.0 == name).map(|field| &field.1)
    }

    /// Every message of a field.
    pub fn messages<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Message> {
        self.all(name).filter_map(|value| match value {
            Value::Message(message) => Some(message),
            _ => None,
        })
    }

    /// The first message of a field.
    pub fn message(&self, name: &str) -> Option<&Message> {
        self.fields.iter().find_map(|field| match &field.1 {
            Value::Message(message) if field.0 == name => Some(message),
            _ => None,
        })
    }

    /// The text of a field; empty if there is none.
    pub fn text(&self, name: &str) -> String {
        let found = self.all(name).find_map(|value| match value {
            Value::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            Value::Word(word) => Some(word.clone()),
            Value::Message(_) => None,
        });
        found.unwrap_or_default()
    }

    /// Whether there is such a field.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.0 == name)
    }

    /// The only field: name and value.
    pub fn only(&self) -> Option<(&str, &Value)> {
        self.fields.first().map(|field| (field.0.as_str(), &field.1))
    }
}

/// Reads a whole file.
pub fn read(text: &str) -> Message {
    let mut reader = Reader { text: text.as_bytes(), at: 0 };
    let message = reader.message(None);
    assert_eq!(reader.at, text.len(), "something stands behind the end");
    message
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn skip(&mut self) {
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'#' => {
                    let rest = &self.text[self.at..];
                    self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                }
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b';' => self.at += 1,
                _ => return,
            }
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip();
        self.text.get(self.at).copied()
    }

    fn message(&mut self, close: Option<u8>) -> Message {
        let mut message = Message::default();
        loop {
            match self.peek() {
                None => return message,
                Some(byte) if Some(byte) == close => {
                    self.at += 1;
                    return message;
                }
                Some(_) => {}
            }
            let name = self.name();
            if self.peek() == Some(b':') {
                self.at += 1;
            }
            if self.peek() == Some(b'[') {
                self.at += 1;
                while self.peek() != Some(b']') {
                    let value = self.value();
                    message.fields.push((name.clone(), value));
                }
                self.at += 1;
                continue;
            }
            let value = self.value();
            message.fields.push((name, value));
        }
    }

    /// A name, or the type of an `Any` in brackets.
    fn name(&mut self) -> String {
        let start = self.at;
        if self.text[start] == b'[' {
            self.at += self.text[start..].iter().position(|byte| *byte == b']').expect("a bracket that closes") + 1;
        } else {
            self.word();
        }
        assert!(self.at > start, "no name at {}", String::from_utf8_lossy(&self.text[start..][..20]));
        String::from_utf8_lossy(&self.text[start..self.at]).into_owned()
    }

    fn word(&mut self) {
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.+-".contains(byte);
        self.at += self.text[self.at..].iter().take_while(|byte| part(byte)).count();
    }

    fn value(&mut self) -> Value {
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                Value::Message(self.message(Some(b'}')))
            }
            Some(b'<') => {
                self.at += 1;
                Value::Message(self.message(Some(b'>')))
            }
            Some(b'"' | b'\'') => {
                let mut bytes = Vec::new();
                // Texts in a row are one.
                while let Some(quote @ (b'"' | b'\'')) = self.peek() {
                    self.at += 1;
                    self.quoted(quote, &mut bytes);
                }
                Value::Text(bytes)
            }
            _ => {
                let start = self.at;
                self.word();
                assert!(self.at > start, "no value");
                Value::Word(String::from_utf8_lossy(&self.text[start..self.at]).into_owned())
            }
        }
    }

    fn quoted(&mut self, quote: u8, out: &mut Vec<u8>) {
        loop {
            let byte = self.text[self.at];
            self.at += 1;
            match byte {
                b'\\' => self.escape(out),
                byte if byte == quote => return,
                byte => out.push(byte),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) {
        let byte = self.text[self.at];
        self.at += 1;
        let simple = match byte {
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'x' => return out.push(self.digits(16, 2) as u8),
            b'u' | b'U' => {
                let code = self.digits(16, if byte == b'u' { 4 } else { 8 });
                let c = char::from_u32(code).expect("a character");
                return out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            b'0'..=b'7' => {
                self.at -= 1;
                return out.push(self.digits(8, 3) as u8);
            }
            other => other,
        };
        out.push(simple);
    }

    fn digits(&mut self, radix: u32, most: usize) -> u32 {
        let mut value = 0;
        for _ in 0..most {
            let Some(digit) = self.text.get(self.at).and_then(|byte| char::from(*byte).to_digit(radix)) else { break };
            value = value * radix + digit;
            self.at += 1;
        }
        value
    }
}
