//! Patterns: ECMA-262, as JSON Schema has them, in the syntax of the linear-time `regex` crate.

/// What `\s` is in ECMA-262 (section 22.2.2.9): white space and line terminators.
const SPACE: &str = r"\t\n\x0B\x0C\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";

/// The pattern in the `regex` crate's syntax, or why it has none.
pub fn translate(pattern: &str) -> Result<String, String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut at = 0;
    let mut in_class = false;
    while at < chars.len() {
        let c = chars[at];
        match c {
            '\\' => at += escape(&chars[at..], in_class, &mut out)?,
            '[' if in_class => {
                // A bracket in a class is a plain character there, and would nest here.
                out.push_str("\\[");
                at += 1;
            }
            '[' => {
                in_class = true;
                at += 1;
                out.push('[');
                if chars.get(at) == Some(&'^') {
                    out.push('^');
                    at += 1;
                }
                if chars.get(at) == Some(&']') {
                    return Err("an empty character class".into());
                }
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
                at += 1;
            }
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
                at += 1;
            }
            '-' if in_class && chars.get(at + 1) == Some(&'-') => {
                out.push_str("\\-");
                at += 1;
            }
            '(' if !in_class && chars.get(at + 1) == Some(&'?') => {
                match chars.get(at + 2) {
                    Some(':') => out.push_str("(?:"),
                    Some('=' | '!') => return Err("a look-ahead".into()),
                    Some('<') if matches!(chars.get(at + 3), Some('=' | '!')) => return Err("a look-behind".into()),
                    Some('<') => out.push_str("(?<"),
                    _ => return Err("a group of an unknown kind".into()),
                }
                at += 3;
            }
            '{' if !in_class && !is_repetition(&chars[at..]) => {
                out.push_str("\\{");
                at += 1;
            }
            '}' if !in_class && !closes_repetition(&chars[..at]) => {
                out.push_str("\\}");
                at += 1;
            }
            ']' => {
                out.push_str("\\]");
                at += 1;
            }
            '.' if !in_class => {
                out.push_str(r"[^\n\r\u{2028}\u{2029}]");
                at += 1;
            }
            other => {
                out.push(other);
                at += 1;
            }
        }
    }
    match regex_syntax::parse(&out) {
        Ok(_) => Ok(out),
        Err(error) => {
            let text = error.to_string();
            Err(text.lines().last().unwrap_or("it does not parse").trim_start_matches("error: ").to_string())
        }
    }
}

fn escape(rest: &[char], in_class: bool, out: &mut String) -> Result<usize, String> {
    let class = |out: &mut String, negated: bool, members: &str| match (in_class, negated) {
        (true, false) => out.push_str(members),
        (_, true) => {
            out.push_str("[^");
            out.push_str(members);
            out.push(']');
        }
        (false, false) => {
            out.push('[');
            out.push_str(members);
            out.push(']');
        }
    };
    let Some(&c) = rest.get(1) else { return Err("a backslash at the end".into()) };
    match c {
        'd' => class(out, false, "0-9"),
        'D' => class(out, true, "0-9"),
        'w' => class(out, false, "0-9A-Za-z_"),
        'W' => class(out, true, "0-9A-Za-z_"),
        's' => class(out, false, SPACE),
        'S' => class(out, true, SPACE),
        'b' | 'B' if !in_class => {
            // Word boundaries of ECMA-262 know ASCII only.
            out.push_str(if c == 'b' { r"(?-u:\b)" } else { r"(?-u:\B)" });
        }
        'b' => out.push_str(r"\x08"),
        't' | 'n' | 'r' | 'f' | 'v' => {
            out.push('\\');
            out.push(c);
        }
        '0' => out.push_str(r"\x00"),
        '1'..='9' | 'k' => return Err("a back-reference".into()),
        'c' => match rest.get(2) {
            Some(letter) if letter.is_ascii_alphabetic() => {
                out.push_str(&format!("\\x{:02X}", (*letter as u8) % 32));
                return Ok(3);
            }
            _ => return Err("`\\c` without a letter".into()),
        },
        'x' => {
            let digits: String = rest.iter().skip(2).take(2).collect();
            return hex(&digits, 2, out).map(|()| 4);
        }
        'u' if rest.get(2) == Some(&'{') => {
            let digits: String = rest.iter().skip(3).take_while(|c| **c != '}').collect();
            let len = digits.chars().count();
            return hex(&digits, len, out).map(|()| 4 + len);
        }
        'u' => {
            let digits: String = rest.iter().skip(2).take(4).collect();
            return hex(&digits, 4, out).map(|()| 6);
        }
        'p' | 'P' => {
            out.push('\\');
            out.push(c);
        }
        other if other.is_ascii_punctuation() => {
            out.push('\\');
            out.push(other);
        }
        other => out.push(other),
    }
    Ok(2)
}

fn hex(digits: &str, len: usize, out: &mut String) -> Result<(), String> {
    let valid = digits.len() == len && len > 0 && digits.chars().all(|c| c.is_ascii_hexdigit());
    if !valid {
        return Err("an escape with too few hexadecimal digits".into());
    }
    out.push_str(&format!("\\u{{{digits}}}"));
    Ok(())
}

/// Whether `{` begins `{2}`, `{2,}` or `{2,3}`.
fn is_repetition(rest: &[char]) -> bool {
    let inner: String = rest.iter().skip(1).take_while(|c| **c != '}').collect();
    let closed = rest.get(inner.chars().count() + 1) == Some(&'}');
    let (min, max) = inner.split_once(',').unwrap_or((&inner, ""));
    closed && !min.is_empty() && min.chars().all(|c| c.is_ascii_digit()) && max.chars().all(|c| c.is_ascii_digit())
}

fn closes_repetition(before: &[char]) -> bool {
    before.iter().rposition(|c| *c == '{').is_some_and(|open| {
        let mut whole: Vec<char> = before[open..].to_vec();
        whole.push('}');
        is_repetition(&whole)
    })
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn says_the_same_in_the_other_syntax_or_why_not() {
        for (ecma, wanted) in [
            (r"^[A-Z]{3}$", Ok(r"^[A-Z]{3}$")),
            (r"^\d+$", Ok(r"^[0-9]+$")),
            (r"[\w-]", Ok(r"[0-9A-Za-z_-]")),
            (r"a\/b", Ok(r"a\/b")),
            (r"[[]", Ok(r"[\[]")),
            (r"{a}", Ok(r"\{a\}")),
            ("\\u00e4", Ok(r"\u{00e4}")),
            (r"(?=a)", Err("a look-ahead")),
            (r"(a)\1", Err("a back-reference")),
        ] {
            assert_eq!(translate(ecma).as_deref().map_err(String::as_str), wanted, "{ecma}");
        }
    }
}
