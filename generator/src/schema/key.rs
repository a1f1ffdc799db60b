//! What makes a schema the same schema: the places of the parts that it is made of.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::canonical::Wrapper;
use super::{ClausesId, SchemaId, heirs};
use crate::openapi::{At, Base};
use crate::source::Span;

/// Which keywords of a node a part stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum View {
    /// All.
    Whole,
    /// All, for the object itself and none of its heirs.
    Plain,
    /// All but `$ref`, `allOf`, `oneOf` and `anyOf`.
    Own,
    /// `oneOf` only.
    OneOf,
    /// `anyOf` only.
    AnyOf,
    /// Annotations only, on what the node refers to.
    Notes,
}

/// A node, or some of its keywords.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    pub(super) at: At<'a>,
    pub(super) view: View,
}

/// JSON types, integers apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Type {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// Identity of a schema: what must hold together, perhaps of one type only, perhaps without null.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    parts: Vec<(Span, View)>,
    only: Option<Type>,
    not_null: bool,
}

impl Key {
    pub(super) fn new(parts: &[Part<'_>], only: Option<Type>, not_null: bool) -> Self {
        Key { parts: parts.iter().map(|part| (part.at.node.span, part.view)).collect(), only, not_null }
    }
}

/// Every schema read so far, by identity.
#[derive(Default)]
pub(crate) struct Interned {
    pub(super) ids: HashMap<Key, SchemaId>,
    /// Which components are heirs of which.
    pub(super) heirs: heirs::Index,
    /// Schemas that are `allOf` of themselves, and were told.
    pub(super) circles: HashSet<Span>,
    /// Schemas that say something of their own about others.
    pub(super) wrappers: HashMap<SchemaId, Wrapper>,
    /// What the members of a union stand for, by the place of its keyword.
    pub(super) ends: HashMap<Span, Rc<HashSet<Span>>>,
    /// Lists of clauses, by the place of their schema, and whether they only say what is spoken of.
    pub(super) clauses: HashMap<(Span, bool), ClausesId>,
    /// Keywords of another version that were spoken of, by document.
    pub(super) mixed: HashSet<(Base, &'static str)>,
}
