//! The keys that each mapping may have, for the schema of the format.

use super::keys::Allowed;
use super::{batch, call, endpoint, hook, input, lenient, on_error, paginate, shape, stream, top, upstream};

const TABLES: &[&Allowed] = &[
    &top::TOP,
    &top::RUNTIME,
    &super::INCLUDED,
    &upstream::ALLOWED,
    &endpoint::ALLOWED,
    &input::ALLOWED,
    &call::ALLOWED,
    &batch::ALLOWED,
    &stream::ALLOWED,
    &paginate::ALLOWED,
    &on_error::ALLOWED,
    &lenient::ALLOWED,
    &hook::ALLOWED,
    &shape::LANGUAGE,
    &shape::SPREAD,
];

/// What each mapping is called ("an endpoint"), and its keys.
pub(in crate::composition) fn tables() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    TABLES.iter().map(|table| (table.what, table.keys.iter().flat_map(|group| group.iter().copied()).collect()))
}
