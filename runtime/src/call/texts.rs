//! Texts that are made as the keys of a call, and must live as long as its results.

use crate::json::Str;
use std::sync::OnceLock;

/// The texts of the keys of a call; empty until they are known.
#[derive(Debug, Default)]
pub struct Texts {
    kept: OnceLock<Vec<String>>,
}

impl Texts {
    /// No texts yet.
    pub const fn new() -> Texts {
        Texts { kept: OnceLock::new() }
    }

    /// Keeps the texts, and gives the keys that borrow them. Those that are kept first stay.
    pub fn keep(&self, texts: impl IntoIterator<Item = String>) -> Vec<Str<'_>> {
        let kept = self.kept.get_or_init(|| texts.into_iter().collect());
        kept.iter().map(|text| Str::plain(text)).collect()
    }
}
