//! The members that a table declares.

use crate::json::key::Key;
use crate::json::rule::Rule;

/// A declared member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(crate) key: Key,
    pub(crate) rule: &'static Rule,
    pub(crate) required: bool,
    /// In which direction it is not required after all.
    free: Option<Direction>,
}

/// Which way a body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From a client, or to an upstream.
    Request,
    /// From an upstream.
    Response,
}

impl Field {
    /// A member that must be there.
    pub const fn required(name: &'static str, rule: &'static Rule) -> Field {
        Field { key: Key::new(name), rule, required: true, free: None }
    }

    /// A member that may be absent.
    pub const fn optional(name: &'static str, rule: &'static Rule) -> Field {
        Field { key: Key::new(name), rule, required: false, free: None }
    }

    /// `readOnly`: required in responses only (OpenAPI 3.0, Schema Object).
    pub const fn read_only(mut self) -> Field {
        self.free = Some(Direction::Request);
        self
    }

    /// `writeOnly`: required in requests only.
    pub const fn write_only(mut self) -> Field {
        self.free = Some(Direction::Response);
        self
    }

    pub(crate) fn is_required(&self, direction: Option<Direction>) -> bool {
        self.required && (self.free.is_none() || self.free != direction)
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
