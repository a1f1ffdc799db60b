//! Paths as text, with `/`: joined, normalised and made relative without asking the file system.

/// The folder of a file; empty for the current one.
pub fn folder(path: &str) -> String {
    path.rfind('/').map_or_else(String::new, |at| path[..at.max(1)].to_string())
}

/// The last part of a path.
pub fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_string()
}

/// A path relative to a folder, normalised; an absolute one stays what it is.
pub fn join(folder: &str, path: &str) -> String {
    if path.starts_with('/') || folder.is_empty() { normalise(path) } else { normalise(&format!("{folder}/{path}")) }
}

/// Without `.`, double slashes and `a/..`.
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
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".into(),
        (false, false) => joined,
    }
}

/// The path as seen from a folder. Where one is absolute and the other is not, it stays what it is.
pub fn relative(folder: &str, path: &str) -> String {
    let (folder, path) = (normalise(folder), normalise(path));
    if folder.starts_with('/') != path.starts_with('/') {
        return path;
    }
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let to: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; from.len() - common];
    parts.extend(&to[common..]);
    if parts.is_empty() { ".".into() } else { parts.join("/") }
}

/// The path as seen from a folder, where one of them may be absolute: `here` is the absolute folder that the other
/// is relative to, if it is known.
pub(crate) fn seen_from(folder: &str, path: &str, here: Option<&str>) -> String {
    match here {
        Some(here) if folder.starts_with('/') && !path.starts_with('/') => relative(folder, &join(here, path)),
        _ => relative(folder, path),
    }
}

#[cfg(test)]
mod tests {
    use super::{join, relative, seen_from};

    #[test]
    fn paths_are_seen_from_elsewhere() {
        assert_eq!(relative("examples/shop/web-bff", "runtime"), "../../../runtime");
        assert_eq!(relative("web-bff", "../../runtime"), "../../../runtime");
        assert_eq!(relative("../shop/web-bff", "../../runtime"), "../../../runtime");
        assert_eq!(relative("/a/b", "/a/c"), "../c");
        assert_eq!(seen_from("/tmp/new", "../runtime", Some("/home/me/work")), "../../home/me/runtime");
        assert_eq!(seen_from("new", "/lib/runtime", Some("/home/me/work")), "/lib/runtime");
        assert_eq!(join("examples/shop", "../../specs/users.yaml"), "specs/users.yaml");
    }
}
