//! "Did you mean": the nearest of some names.

/// A candidate that is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near<'a> {
    /// The candidate.
    pub name: &'a str,
    /// Whether no other is as near.
    pub clear: bool,
}

impl std::fmt::Display for Near<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl From<Near<'_>> for String {
    fn from(near: Near<'_>) -> String {
        near.name.to_owned()
    }
}

/// The candidate nearest to a word, if one is near enough: about a third of the letters may differ.
/// A letter left out, added, changed, or swapped with its neighbour counts one; case counts nothing.
pub fn did_you_mean<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<Near<'a>> {
    let letters: Vec<char> = word.chars().take(MAX_LETTERS).flat_map(char::to_lowercase).collect();
    let limit = match letters.len() {
        0 => return None,
        1..=2 => 1,
        n => n.div_ceil(3).min(4),
    };
    let mut best: Option<(usize, Near)> = None;
    for candidate in candidates {
        // What is written is not what could be meant.
        if candidate == word {
            return None;
        }
        let other: Vec<char> = candidate.chars().take(MAX_LETTERS).flat_map(char::to_lowercase).collect();
        if other.len().abs_diff(letters.len()) > limit {
            continue;
        }
        let Some(distance) = distance(&letters, &other, limit) else { continue };
        // With one or two letters, another name of which nothing is the same is no suggestion.
        if distance >= letters.len().max(other.len()) {
            continue;
        }
        match &mut best {
            Some((least, near)) if distance == *least => near.clear &= near.name == candidate,
            Some((least, _)) if distance > *least => {}
            _ => best = Some((distance, Near { name: candidate, clear: true })),
        }
    }
    best.map(|(_, near)| near)
}

/// Names are compared up to this length: the time grows with the square.
const MAX_LETTERS: usize = 100;

/// The Damerau-Levenshtein distance (optimal string alignment), if it is not above the limit. Most names are
/// told to be too far after a few letters: a document may have thousands.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut now = vec![0; b.len() + 1];
    let mut was_near = true;
    for i in 1..=a.len() {
        now[0] = i;
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            now[j] = changed.min(last[j] + 1).min(now[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                now[j] = now[j].min(before[j - 2] + 1);
            }
        }
        // a swap reaches two rows back
        let near = now.iter().any(|distance| *distance <= limit);
        if !near && !was_near {
            return None;
        }
        was_near = near;
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut now);
    }
    Some(last[b.len()]).filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn nearest_name() {
        let names = ["timeout", "operation", "on_error", "id", "ok", "getUser"];
        let cases = [
            ("timout", Some("timeout")),
            ("tiemout", Some("timeout")),
            ("operations", Some("operation")),
            ("onError", Some("on_error")),
            ("getuser", Some("getUser")),
            ("di", Some("id")),
            ("oeprtaion", Some("operation")),
            ("operation id of all", None),
            ("timeout", None),
            ("xy", None),
            ("colour", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(did_you_mean(word, names.into_iter()).map(|near| near.name), expected, "{word}");
        }
    }

    #[test]
    fn of_two_that_are_as_near_none_is_clear() {
        let clear = |word, names: &[&'static str]| did_you_mean(word, names.iter().copied()).map(|near| near.clear);
        assert_eq!(clear("nam", &["name", "named", "id"]), Some(true));
        assert_eq!(clear("itemz", &["item", "items", "itemx"]), Some(false));
        assert_eq!(clear("itemz", &["items", "items"]), Some(true), "one name that stands twice is one name");
    }
}
