//! Paths of files that other files name.

/// The path that `path`, written in the file `from`, means: relative to that file, normalised.
pub fn resolve(from: &str, path: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| if folder.is_empty() { "/" } else { folder });
    if path.starts_with('/') || folder.is_empty() { normalise(path) } else { normalise(&format!("{folder}/{path}")) }
}

/// Without `.`, empty segments and `a/..`: `x/../b/./c` is `b/c`.
pub fn normalise(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            _ => parts.push(part),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths() {
        let cases = [
            ("examples/shop/web.bff.yaml", "../../specs/users.yaml", "specs/users.yaml"),
            ("web.bff.yaml", "./specs//users.yaml", "specs/users.yaml"),
            ("../a/web.yaml", "../../b.yaml", "../../b.yaml"),
            ("/a/web.yaml", "../../b.yaml", "/b.yaml"),
            ("/web.yaml", "b.yaml", "/b.yaml"),
            ("a/web.yaml", "/x/b.yaml", "/x/b.yaml"),
        ];
        for (from, path, expected) in cases {
            assert_eq!(super::resolve(from, path), expected, "{path} in {from}");
        }
    }
}
