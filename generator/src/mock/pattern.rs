//! Texts for a `pattern`: the expression is parsed, and a text is made by walking it.

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::random::Random;

/// Repetitions beyond the smallest number that a walk may add.
const MORE: u32 = 6;

/// A `pattern` that can be searched and walked.
pub struct Pattern {
    regex: Regex,
    hir: Hir,
    /// Whether look-arounds were left out, so that [`Pattern::matches`] says yes too often.
    pub inexact: bool,
}

impl Pattern {
    /// Reads an ECMA-262 expression; none where it uses what cannot be read.
    pub fn parse(source: &str) -> Option<Pattern> {
        let plain = translate(source);
        let read = |text: &str, inexact| {
            let regex = Regex::new(text).ok()?;
            let hir = regex_syntax::parse(text).ok()?;
            Some(Pattern { regex, hir, inexact })
        };
        read(&plain, false).or_else(|| read(&without_lookaround(&plain), true))
    }

    /// Whether a text holds a match.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// A text that follows the expression, with up to `extra` more repetitions than usual.
    pub fn make(&self, random: &mut Random, extra: u32) -> String {
        let mut text = String::new();
        walk(&self.hir, random, extra, &mut text);
        text
    }
}

fn walk(hir: &Hir, random: &mut Random, extra: u32, text: &mut String) {
    // Counted repetitions may be nested; nobody needs more than this of a text.
    if text.len() > 10_000 {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(pick(class, random)),
        HirKind::Repetition(repetition) => {
            let low = repetition.min;
            let high = repetition.max.unwrap_or(u32::MAX).min(low.saturating_add(MORE).saturating_add(extra));
            for _ in 0..random.between(i128::from(low), i128::from(high)) {
                walk(&repetition.sub, random, extra, text);
            }
        }
        HirKind::Capture(capture) => walk(&capture.sub, random, extra, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| walk(part, random, extra, text)),
        HirKind::Alternation(parts) => walk(&parts[random.below(parts.len())], random, extra, text),
    }
}

/// A character of the class: letters and digits first, then printable ASCII, then whatever there is.
fn pick(class: &Class, random: &mut Random) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let has = |c: char| class.iter().any(|range| range.start() <= c && c <= range.end());
    let all: Vec<char> = ('!'..='~').filter(|c| has(*c)).collect();
    let plain: Vec<char> = all.iter().copied().filter(char::is_ascii_alphanumeric).collect();
    for choice in [plain, all] {
        if !choice.is_empty() {
            return Some(choice[random.below(choice.len())]);
        }
    }
    class.iter().next().map(|range| range.start())
}

/// ECMA-262 to the `regex` crate: inside `[...]` the latter gives a meaning to `[`, `&&`, `--` and `~~`,
/// and takes `-` behind `\w` for a range.
fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let (mut chars, mut in_class, mut behind_set) = (source.chars().peekable(), false, false);
    while let Some(c) = chars.next() {
        let was_behind_set = std::mem::take(&mut behind_set);
        match c {
            '\\' => {
                out.push(c);
                if let Some(next) = chars.next() {
                    behind_set = in_class && "wWdDsS".contains(next);
                    out.push(next);
                }
            }
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push(c);
            }
            ']' => {
                in_class = false;
                out.push(c);
            }
            '&' | '~' if in_class => out.extend(['\\', c]),
            '-' if in_class && (was_behind_set || chars.peek() == Some(&'-')) => out.push_str("\\-"),
            _ => out.push(c),
        }
    }
    out
}

/// The expression without `(?=...)`, `(?!...)`, `(?<=...)` and `(?<!...)`.
fn without_lookaround(source: &str) -> String {
    let (mut out, mut rest) = (String::new(), source);
    while let Some(c) = rest.chars().next() {
        let group = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| rest.starts_with(start));
        let length = if group {
            group_length(rest)
        } else if c == '\\' {
            1 + second_length(rest)
        } else {
            c.len_utf8()
        };
        if !group {
            out.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    out
}

fn second_length(text: &str) -> usize {
    text.chars().nth(1).map_or(0, char::len_utf8)
}

/// Bytes up to and with the parenthesis that closes the one at the beginning.
fn group_length(text: &str) -> usize {
    let (mut depth, mut escaped, mut in_class) = (0usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_pattern() {
        let sources = [
            "^[A-Z]{3}$",
            r"^\d{4}-\d{2}$",
            r"^[\w-.]+@[\w-]+\.[a-z]{2,}$",
            "^(cat|dog)s?$",
            r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
            r"^\/items\/[^/]+$",
            "[[&~]",
            "^$",
            ".{2,}",
            r"^\+?[1-9]\d{1,14}$",
        ];
        for source in sources {
            let pattern = Pattern::parse(source).expect(source);
            let hits = (0..50).filter(|seed| pattern.matches(&pattern.make(&mut Random::new(*seed), 0))).count();
            assert!(hits >= 25, "{source}: {hits} of 50");
        }
        let strange = Pattern::parse(r"^(?!admin\))[a-z]{4}$").expect("look-arounds are left out");
        assert!(strange.inexact && strange.matches(&strange.make(&mut Random::new(1), 0)));
        assert!(Pattern::parse("(").is_none());
    }
}
