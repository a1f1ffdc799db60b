//! Patterns: ECMA-262, as JSON Schema has them, in the syntax of the linear-time `regex` crate.

use std::cell::RefCell;
use std::collections::HashMap;

/// What `\s` is in ECMA-262 (section 22.2.2.9): white space and line terminators.
const SPACE: &str = r"\t\n\x0B\x0C\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";

/// What a pattern may become when it is compiled, in bytes: less than the runtime takes.
const MAX_COMPILED: usize = 8 << 20;

/// What a pattern asks of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// That it is found, in the `regex` crate's syntax.
    Found(String),
    /// That it is not.
    NotFound(String),
}

/// A pattern as parts, all of which must hold, or why it has none: look-aheads that stand at the very beginning are
/// patterns of their own (`^(?!admin$)[a-z]+$`).
pub fn parts(pattern: &str) -> Result<Vec<Part>, String> {
    let why = match translate(pattern) {
        Ok(whole) => return Ok(vec![Part::Found(whole)]),
        Err(why) => why,
    };
    let (anchored, mut rest) = match pattern.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let mut parts = Vec::new();
    while let Some((negated, inner, behind)) = look_ahead(rest) {
        let part = translate(&format!("^(?:{inner})"))?;
        parts.push(if negated { Part::NotFound(part) } else { Part::Found(part) });
        rest = behind;
    }
    // Beside another alternative it is of the first one only, and without an anchor of any place.
    if parts.is_empty() || alternatives(rest) || !(anchored || rest.starts_with('^')) {
        return Err(why);
    }
    parts.push(Part::Found(translate(&format!("^{}", rest.trim_start_matches('^')))?));
    Ok(parts)
}

/// A look-ahead that a pattern begins with: whether it is negated, its inside, and what follows.
fn look_ahead(pattern: &str) -> Option<(bool, &str, &str)> {
    let (negated, inner) = match pattern.strip_prefix("(?!") {
        Some(inner) => (true, inner),
        None => (false, pattern.strip_prefix("(?=")?),
    };
    let end = walk(inner).find(|(_, c, depth)| *c == ')' && *depth == 0)?.0;
    Some((negated, &inner[..end], &inner[end + 1..]))
}

/// Whether there is a `|` outside of groups.
fn alternatives(pattern: &str) -> bool {
    walk(pattern).any(|(_, c, depth)| c == '|' && depth == 0)
}

/// The characters that are no part of a class or an escape, with their place and how many groups are open there.
fn walk(pattern: &str) -> impl Iterator<Item = (usize, char, usize)> {
    let (mut escaped, mut class, mut depth) = (false, false, 0usize);
    pattern.char_indices().filter_map(move |(at, c)| {
        let (was_escaped, was_class) = (std::mem::take(&mut escaped), class);
        match c {
            _ if was_escaped => return None,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            _ if was_class => {}
            '(' => {
                depth += 1;
                return Some((at, c, depth - 1));
            }
            ')' => {
                let before = depth;
                depth = depth.saturating_sub(1);
                return Some((at, c, before));
            }
            _ => return Some((at, c, depth)),
        }
        None
    })
}

/// Patterns that are remembered at once.
const REMEMBERED: usize = 1024;

thread_local! {
    /// What became of patterns: a large one takes long to compile, and several stages ask for the same.
    static KNOWN: RefCell<HashMap<String, Result<String, String>>> = RefCell::default();
}

/// The pattern in the `regex` crate's syntax, or why it has none.
pub fn translate(pattern: &str) -> Result<String, String> {
    if let Some(known) = KNOWN.with_borrow(|known| known.get(pattern).cloned()) {
        return known;
    }
    let made = compiled(pattern);
    KNOWN.with_borrow_mut(|known| {
        if known.len() == REMEMBERED {
            known.clear();
        }
        known.insert(pattern.to_owned(), made.clone());
    });
    made
}

fn compiled(pattern: &str) -> Result<String, String> {
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
                // No character, and any.
                if let Some(rest) = chars.get(at + 1..at + 3).filter(|rest| *rest == ['^', ']']) {
                    out.push_str(r"[\x00-\u{10FFFF}]");
                    at += 1 + rest.len();
                    continue;
                }
                if chars.get(at + 1) == Some(&']') {
                    out.push_str(r"[^\x00-\u{10FFFF}]");
                    at += 2;
                    continue;
                }
                in_class = true;
                at += 1;
                out.push('[');
                if chars.get(at) == Some(&'^') {
                    out.push('^');
                    at += 1;
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
    match regex::RegexBuilder::new(&out).size_limit(MAX_COMPILED).build() {
        Ok(_) => Ok(out),
        Err(regex::Error::CompiledTooBig(_)) => Err("what is larger than a pattern may become".into()),
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
        // Two halves of one character.
        'u' if let Some(both) = surrogates(rest) => {
            out.push_str(&format!("\\u{{{both:X}}}"));
            return Ok(12);
        }
        'u' => {
            let digits: String = rest.iter().skip(2).take(4).collect();
            return hex(&digits, 4, out).map(|()| 6);
        }
        'p' | 'P' => {
            let name: String = rest.iter().skip(2).take_while(|c| **c != '}').collect();
            if !name.starts_with('{') || rest.get(2 + name.chars().count()) != Some(&'}') {
                return Err("a class of characters without a name".into());
            }
            out.push_str(&format!("\\{c}{name}}}"));
            return Ok(3 + name.chars().count());
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

/// The character of an escaped pair of surrogates: `\uD83D\uDC32`.
fn surrogates(rest: &[char]) -> Option<u32> {
    let unit = |at: usize| {
        let escape: String = rest.get(at..at + 6)?.iter().collect();
        u32::from_str_radix(escape.strip_prefix("\\u")?, 16).ok()
    };
    match (unit(0)?, unit(6)?) {
        (high @ 0xD800..0xDC00, low @ 0xDC00..0xE000) => Some(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)),
        _ => None,
    }
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
    use super::{Part, parts, translate};

    #[test]
    fn says_the_same_in_the_other_syntax_or_why_not() {
        for (ecma, wanted) in [
            (r"^[A-Z]{3}$", Ok(r"^[A-Z]{3}$")),
            (r"^\d+$", Ok(r"^[0-9]+$")),
            (r"[\w-]", Ok(r"[0-9A-Za-z_-]")),
            (r"\p{L}\P{Script=Greek}", Ok(r"\p{L}\P{Script=Greek}")),
            (r"a\/b", Ok(r"a\/b")),
            (r"[[]", Ok(r"[\[]")),
            (r"{a}", Ok(r"\{a\}")),
            ("\\u00e4", Ok(r"\u{00e4}")),
            (r"a[^]b[]", Ok(r"a[\x00-\u{10FFFF}]b[^\x00-\u{10FFFF}]")),
            (r"^\uD83D\uDC32*$", Ok(r"^\u{1F432}*$")),
            (r"(x{1000}){1000}", Err("what is larger than a pattern may become")),
            (r"(?=a)", Err("a look-ahead")),
            (r"(a)\1", Err("a back-reference")),
        ] {
            assert_eq!(translate(ecma).as_deref().map_err(String::as_str), wanted, "{ecma}");
        }
    }

    #[test]
    fn look_aheads_at_the_beginning_are_patterns_of_their_own() {
        let found = |text: &str| Part::Found(text.to_owned());
        let not = |text: &str| Part::NotFound(text.to_owned());
        for (ecma, wanted) in [
            (r"a|b", Ok(vec![found("a|b")])),
            (r"^(?!\s*$)[^|)]{1,9}$", Ok(vec![not(&format!("^(?:[{}]*$)", super::SPACE)), found("^[^|)]{1,9}$")])),
            (
                r"^(?=.*\d)(?!x(a|b))y",
                Ok(vec![found(r"^(?:[^\n\r\u{2028}\u{2029}]*[0-9])"), not("^(?:x(a|b))"), found("^y")]),
            ),
            (r"(?!\))^a", Ok(vec![not(r"^(?:\))"), found("^a")])),
            (r"(?!a)b", Err("a look-ahead")),
            (r"^(?!a)b|c", Err("a look-ahead")),
            (r"^a(?!b)", Err("a look-ahead")),
            (r"^(?!a(?!b))", Err("a look-ahead")),
        ] {
            assert_eq!(parts(ecma).map_err(|why| why.to_string()), wanted.map_err(str::to_owned), "{ecma}");
        }
    }
}
