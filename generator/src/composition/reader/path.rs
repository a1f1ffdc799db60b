//! Paths of files that other files name.

use crate::paths;
pub use crate::paths::normalise;

/// The path that `path`, written in the file `from`, means: relative to that file, normalised.
pub fn resolve(from: &str, path: &str) -> String {
    paths::join(&paths::folder(from), path)
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
