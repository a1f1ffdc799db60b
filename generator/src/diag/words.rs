//! Words that several messages need.

/// `1 argument`, `2 arguments`.
pub fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
