//! Texts for a `pattern`: the expression is parsed, and a text is made by walking it.

use fancy_regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::random::Random;
use crate::schema::pattern::{Part, parts};

/// Repetitions beyond the smallest number that a walk may add.
const MORE: u32 = 6;

/// A `pattern` that can be searched and walked.
pub struct Pattern {
    /// As the BFF searches: what must be found, and what must not. Empty where it cannot.
    exact: Vec<(bool, regex::Regex)>,
    /// What is searched else.
    regex: Regex,
    hir: Hir,
}

impl Pattern {
    /// Reads an ECMA-262 expression; none where it uses what cannot be read.
    pub fn parse(source: &str) -> Option<Pattern> {
        let plain = translate(source);
        let read = |text: &str| {
            // Only the walk goes without look-arounds: it proposes, the search decides.
            let walked = regex_syntax::parse(text).ok();
            let hir = walked.or_else(|| regex_syntax::parse(&without_lookaround(text)).ok())?;
            Some(Pattern { exact: exact(source), regex: Regex::new(text).ok()?, hir })
        };
        read(&plain).or_else(|| read(&without_large_counts(&plain)))
    }

    /// Whether a text holds a match.
    pub fn matches(&self, text: &str) -> bool {
        if !self.exact.is_empty() {
            return self.exact.iter().all(|(found, part)| part.is_match(text) == *found);
        }
        // An error means that the search took too long.
        self.regex.is_match(text).unwrap_or(false)
    }

    /// A text that follows the expression, with up to `extra` more repetitions than usual.
    pub fn make(&self, random: &mut Random, extra: u32) -> String {
        let mut text = String::new();
        walk(&self.hir, random, extra, &mut text);
        text
    }
}

fn exact(source: &str) -> Vec<(bool, regex::Regex)> {
    let part = |part: Part| match part {
        Part::Found(text) => Some((true, regex::Regex::new(&text).ok()?)),
        Part::NotFound(text) => Some((false, regex::Regex::new(&text).ok()?)),
    };
    parts(source).ok().and_then(|parts| parts.into_iter().map(part).collect()).unwrap_or_default()
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
    // Characters beyond the BMP, as the documents of AWS and as JavaScript write them.
    let source = source
        .replace(r"\uD800\uDBFF-\uDC00\uDFFF", r"\u{10000}-\u{10FFFF}")
        .replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\u{10000}-\u{10FFFF}");
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

/// The expression with `{1,}` for `{1,2097152}`, which would take too much memory. Lengths that matter are said by
/// `maxLength` too.
fn without_large_counts(source: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while let Some((before, count)) = rest.split_once('{') {
        out.push_str(before);
        out.push('{');
        rest = count;
        if let Some((range, behind)) = count.split_once('}')
            && let Some((low, high)) = range.split_once(',')
            && high.len() > 3
            && high.bytes().all(|byte| byte.is_ascii_digit())
        {
            out.push_str(&format!("{low},}}"));
            rest = behind;
        }
    }
    out + rest
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
        for (source, not) in [(r"^(?!admin\))[a-z]{4}$", "admin)"), (r"^(?!ab)[ab]{2}$", "ab"), ("^.{1,2097152}$", "")]
        {
            let pattern = Pattern::parse(source).expect(source);
            assert!((0..50).any(|seed| pattern.matches(&pattern.make(&mut Random::new(seed), 0))), "{source}");
            assert!(!pattern.matches(not), "{source}");
        }
        assert!(Pattern::parse(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDBFF-\uDC00\uDFFF\r\n\t]*").is_some());
        assert!(Pattern::parse("(").is_none());
    }
}
