//! The expression language, a subset of CEL: syntax tree, lexer and parser.

pub mod ast;
mod escape;
pub mod lexer;
mod parser;
mod place;
pub(crate) mod primary;
mod snippets;

pub use parser::parse;
pub use place::Place;
pub use snippets::{EachParts, MatchParts, SortParts, UseParts, parse_each, parse_match, parse_sort, parse_use};
