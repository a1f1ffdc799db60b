//! The members that a table declares.

use crate::json::key::Key;
use crate::json::rule::Rule;

/// A declared member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(crate) key: Key,
    pub(crate) rule: &'static Rule,
    pub(crate) required: bool,
}

impl Field {
    /// A member that must be there.
    pub const fn required(name: &'static str, rule: &'static Rule) -> Field {
        Field { key: Key::new(name), rule, required: true }
    }

    /// A member that may be absent.
    pub const fn optional(name: &'static str, rule: &'static Rule) -> Field {
        Field { key: Key::new(name), rule, required: false }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.key.name
    }
}

impl AsRef<Key> for Field {
    fn as_ref(&self) -> &Key {
        &self.key
    }
}
