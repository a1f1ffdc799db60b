//! Properties of a node of YAML, its anchor and its tag: they stand before it and are no part of it (YAML 1.2, section 6.9).

/// Where the node begins that the scanner reports at `start..end`: behind its anchor and tag, and the white space
/// and comments between them and it.
pub(super) fn behind(text: &str, start: usize, end: usize) -> usize {
    let mut rest = text.get(start..end).unwrap_or_default();
    while rest.starts_with(['&', '!']) {
        let inside = |c: char| !c.is_whitespace() && !matches!(c, ',' | '[' | ']' | '{' | '}');
        rest = match rest.strip_prefix("!<").and_then(|uri| uri.split_once('>')) {
            Some((_, behind)) => behind,
            None => rest.trim_start_matches(inside),
        }
        .trim_start();
        while let Some(comment) = rest.strip_prefix('#') {
            rest = comment.split_once('\n').map_or("", |(_, behind)| behind).trim_start();
        }
    }
    end.max(start) - rest.len()
}
