//! OpenAPI 3.0 in the words of 3.1: what the older dialect says differently is answered here, keyword by
//! keyword and only for the parts that are read, so that everything behind sees one shape.

use crate::source::{Node, Value};

/// Which rules a document follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// OpenAPI 3.0: an extended subset of JSON Schema Wright-00.
    V30,
    /// OpenAPI 3.1: JSON Schema 2020-12.
    V31,
}

/// `type` as a list. `nullable: true` beside a `type` adds `null` (3.0.3, section 4.7.24.1).
pub(crate) fn types(schema: &Node) -> Option<Vec<&str>> {
    let mut types: Vec<&str> = match &schema.get("type")?.value {
        Value::String(text) => vec![&text.value],
        Value::Array(items) => items.iter().filter_map(Node::as_str).collect(),
        // `type: null` without quotes is YAML's null, and can only mean the type
        Value::Null => vec!["null"],
        _ => return None,
    };
    if nullable(schema) && !types.contains(&"null") {
        types.push("null");
    }
    Some(types)
}

/// `nullable: true`.
pub(crate) fn nullable(schema: &Node) -> bool {
    schema.get("nullable").and_then(Node::as_bool) == Some(true)
}

/// A lower or upper bound as (inclusive, exclusive) JSON texts. In 3.0 `exclusiveMinimum: true` makes
/// `minimum` exclusive; in 3.1 it is a number of its own.
pub(crate) fn bound<'a>(schema: &'a Node, inclusive: &str, exclusive: &str) -> (Option<&'a str>, Option<&'a str>) {
    let limit = schema.get(inclusive).and_then(number);
    match schema.get(exclusive) {
        Some(node) if node.as_bool() == Some(true) => (None, limit),
        Some(node) => (limit, number(node)),
        None => (limit, None),
    }
}

/// Keywords of the other version that a schema uses: they are understood, and worth a note. Each with what it
/// should be, once a kind.
pub(crate) fn mixed(schema: &Node, dialect: Dialect) -> Vec<(&'static str, &Node, &'static str)> {
    let found = |key: &'static str, wrong: &dyn Fn(&Node) -> bool, right: &'static str| {
        schema.get(key).filter(|node| wrong(node)).map(|node| (key, node, right))
    };
    let flag = |node: &Node| node.as_bool().is_some();
    let number = |node: &Node| number(node).is_some();
    let all = match dialect {
        Dialect::V31 => vec![
            found("nullable", &flag, "In 3.1, add `'null'` to the `type`."),
            found("exclusiveMinimum", &flag, "In 3.1, it is a number that stands instead of `minimum`."),
            found("exclusiveMaximum", &flag, "In 3.1, it is a number that stands instead of `maximum`."),
        ],
        Dialect::V30 => vec![
            found("type", &|node| node.as_array().is_some(), "In 3.0, `type` is one text; use `anyOf` or `nullable`."),
            found("type", &|node| node.as_str() == Some("null"), "In 3.0, write `nullable: true`."),
            found("const", &|_| true, "In 3.0, write an `enum` of one value."),
            found("exclusiveMinimum", &number, "In 3.0, it is a flag beside `minimum`."),
            found("exclusiveMaximum", &number, "In 3.0, it is a flag beside `maximum`."),
        ],
    };
    all.into_iter().flatten().collect()
}

/// The digits of a number.
pub(crate) fn number(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Number(text) => Some(text),
        _ => None,
    }
}

/// `example` and `examples` of a schema, as one list.
pub(crate) fn examples(schema: &Node) -> Vec<&Node> {
    let listed = schema.get("examples").and_then(Node::as_array).unwrap_or_default();
    schema.get("example").into_iter().chain(listed).collect()
}

/// Whether keywords beside `$ref` count. In 3.0 they are ignored (3.0.3, section 4.7.23), yet descriptions
/// and `nullable` beside it are so common, and so clearly meant, that annotations are taken in.
pub(crate) fn ref_siblings_assert(dialect: Dialect) -> bool {
    dialect == Dialect::V31
}
