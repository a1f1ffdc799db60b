//! The expression language, a subset of CEL: syntax tree, lexer and parser.

pub mod ast;
