//! Which JSON types a schema is about, and whether null is one of them.

use super::Json;
use super::flatten::Flat;
use super::key::Type;
use super::reader::Reader;
use crate::openapi::{self, At};
use crate::source::{Node, Span, Value};

/// What the type keywords say together.
pub(super) enum Shape {
    /// One or several.
    Types(Vec<Type>),
    /// Nothing.
    Any,
    /// They contradict each other, or cannot be read.
    Never(String, Span),
}

/// Null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Null {
    /// Not allowed, or nothing is said.
    No,
    /// Allowed beside something else.
    Also,
    /// Nothing else is allowed.
    Only,
}

impl Type {
    /// By its name in JSON Schema. `any` and `file` are of older dialects.
    fn parse(name: &str) -> Option<Type> {
        Some(match name {
            "boolean" => Type::Boolean,
            "integer" => Type::Integer,
            "number" => Type::Number,
            "string" => Type::String,
            "array" => Type::Array,
            "object" => Type::Object,
            _ => return None,
        })
    }

    fn of(value: &Json) -> Option<Type> {
        Some(match value {
            Json::Null => return None,
            Json::Bool(_) => Type::Boolean,
            Json::Number(n) if n.is_f64() => Type::Number,
            Json::Number(_) => Type::Integer,
            Json::String(_) => Type::String,
            Json::Array(_) => Type::Array,
            Json::Object(_) => Type::Object,
        })
    }
}

/// `{type: null}`, also as a list, `enum` or `const` of null only.
pub(super) fn is_null_schema(node: &Node) -> bool {
    let null = |node: &Node| matches!(node.value, Value::Null);
    let typed = |node: &Node| null(node) || node.as_str() == Some("null");
    let only = |node: &Node, test: &dyn Fn(&Node) -> bool| matches!(node.as_array(), Some([one]) if test(one));
    node.get("type").is_some_and(|t| typed(t) || only(t, &typed))
        || (node.get("type").is_none() && node.get("enum").is_some_and(|values| only(values, &null)))
        || (node.get("type").is_none() && node.get("const").is_some_and(null))
}

/// `nullable: true` beside a reference or a wrapper of one member: old, widespread, and meant.
pub(super) fn nullable_beside(node: &Node) -> bool {
    openapi::nullable(node)
}

/// The one type that a node says or implies, null aside.
pub(super) fn implied(node: &Node) -> Option<&'static str> {
    let said = openapi::types(node);
    let said: Option<Vec<&str>> = said.map(|types| types.into_iter().filter(|t| *t != "null").collect());
    match said.as_deref() {
        Some([one]) => Type::parse(one).map(type_name),
        Some(_) => None,
        None => guess(&[node]).map(type_name),
    }
}

/// Its name in JSON Schema.
pub(super) fn type_name(one: Type) -> &'static str {
    match one {
        Type::Boolean => "boolean",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::String => "string",
        Type::Array => "array",
        Type::Object => "object",
    }
}

/// Whether null is allowed: every part that speaks of types or values must allow it.
pub(super) fn allows_null(flat: &Flat<'_>) -> Null {
    let types_of = || flat.owns.iter().filter_map(|at| openapi::types(at.node));
    let is_null = |types: &Vec<&str>| types.iter().all(|one| *one == "null") && !types.is_empty();
    // `allOf: [{type: string}, {type: 'null'}]` allows nothing; that either is allowed is meant
    if types_of().any(|types| is_null(&types)) && types_of().any(|types| !is_null(&types)) {
        return Null::Also;
    }
    let (mut said, mut refused, mut others) = (false, false, !flat.unions.is_empty());
    for (i, at) in flat.owns.iter().enumerate() {
        let old_nullable = openapi::nullable(at.node);
        let types = openapi::types(at.node);
        if let Some(types) = &types {
            let null = types.contains(&"null");
            said |= null;
            refused |= !null;
            others |= types.iter().any(|t| *t != "null");
        } else if old_nullable {
            said = true;
        }
        // `nullable` on the outermost part of an `allOf` is meant for the whole
        if old_nullable && (i == 0 || types.is_none()) {
            return if others_said(flat) { Null::Also } else { Null::No };
        }
        if let Some(values) = at.node.get("enum").and_then(Node::as_array) {
            let null = values.iter().any(|v| matches!(v.value, Value::Null));
            said |= null && types.is_none();
            refused |= !null && !old_nullable;
            others |= values.iter().any(|v| !matches!(v.value, Value::Null));
        }
        if let Some(value) = at.node.get("const") {
            let null = matches!(value.value, Value::Null);
            said |= null && types.is_none();
            refused |= !null;
            others |= !null;
        }
    }
    match (flat.null || (said && !refused), others || others_said(flat)) {
        (true, true) => Null::Also,
        (true, false) if flat.null => Null::No,
        (true, false) => Null::Only,
        (false, _) => Null::No,
    }
}

/// Whether anything is said of values other than null.
fn others_said(flat: &Flat<'_>) -> bool {
    let nodes: Vec<&Node> = flat.owns.iter().map(|at| at.node).collect();
    let typed = |node: &&Node| {
        let types = openapi::types(node).unwrap_or_default();
        types.iter().any(|t| *t != "null")
    };
    !flat.unions.is_empty() || nodes.iter().any(typed) || guess(&nodes).is_some() || flat.all("enum").next().is_some()
}

/// The types that all parts allow.
pub(super) fn shape(reader: &mut Reader<'_, '_>, flat: &Flat<'_>, allowed: Option<&[Json]>) -> Shape {
    let mut common: Option<Vec<Type>> = None;
    let mut only_null = None;
    for (at, node) in flat.all("type") {
        let names = openapi::types(at.node).unwrap_or_default();
        let mut types: Vec<Type> = Vec::new();
        for name in names.iter().filter(|name| **name != "null") {
            match Type::parse(name) {
                Some(one) if !types.contains(&one) => types.push(one),
                Some(_) => {}
                None => {
                    let message = format!("there is no type `{name}` in JSON Schema");
                    reader.lint(
                        "BFF0205",
                        message,
                        node.span,
                        "Use boolean, integer, number, string, array, object or null.",
                    );
                    return Shape::Never(format!("`type: {name}`"), node.span);
                }
            }
        }
        if names.is_empty() {
            reader.found.push(openapi::malformed(node, "`type`", "string", true));
            return Shape::Never("a `type` that is not a text".to_owned(), node.span);
        }
        if types.is_empty() {
            only_null = Some(node.span);
            continue;
        }
        let before = common.take();
        let both = match before {
            None => types,
            Some(before) => {
                let both = intersect(&before, &types);
                if both.is_empty() {
                    reader.lint(
                        "BFF0206",
                        "the parts of this `allOf` are of different types",
                        flat.span,
                        "No value can be of both types. Mend the document.",
                    );
                    return Shape::Never("`allOf` of different types".to_owned(), flat.span);
                }
                both
            }
        };
        common = Some(both);
    }
    if let Some(span) = only_null {
        if common.is_none() {
            return Shape::Any;
        }
        let message =
            "no value is null and of another type, as this `allOf` wants it; it is taken as one that may be null";
        reader.lint("BFF0206", message, span, "Write `oneOf` or a list of types: `type: [string, 'null']`.");
    }
    if let Some(mut types) = common {
        if types.contains(&Type::Number) {
            types.retain(|t| *t != Type::Integer);
        }
        if types.len() > 1
            && let Some(values) = allowed
        {
            // `enum` decides which of the types can occur at all
            let occurs = |one: &Type| {
                values.iter().filter_map(Type::of).any(|of| of == *one || (of, *one) == (Type::Integer, Type::Number))
            };
            let occurring: Vec<Type> = types.iter().copied().filter(occurs).collect();
            if !occurring.is_empty() {
                types = occurring;
            }
        }
        return Shape::Types(types);
    }
    let nodes: Vec<&Node> = flat.owns.iter().map(|at| at.node).collect();
    if let Some(one) = guess(&nodes) {
        return Shape::Types(vec![one]);
    }
    let mut types: Vec<Type> = Vec::new();
    for value in allowed.unwrap_or_default() {
        types.extend(Type::of(value).filter(|one| !types.contains(one)).as_slice());
    }
    match types[..] {
        [one] => Shape::Types(vec![one]),
        [Type::Integer, Type::Number] | [Type::Number, Type::Integer] => Shape::Types(vec![Type::Number]),
        _ => Shape::Any,
    }
}

/// Integers are numbers.
fn intersect(a: &[Type], b: &[Type]) -> Vec<Type> {
    let mut both = Vec::new();
    for one in a {
        if b.contains(one) {
            both.push(*one);
        } else if (*one == Type::Number && b.contains(&Type::Integer))
            || (*one == Type::Integer && b.contains(&Type::Number))
        {
            both.push(Type::Integer);
        }
    }
    both.dedup();
    both
}

/// Untyped schemas: keywords that are about one type say which is meant.
fn guess(nodes: &[&Node]) -> Option<Type> {
    const HINTS: [(Type, &[&str]); 4] = [
        (
            Type::Object,
            &[
                "properties",
                "additionalProperties",
                "required",
                "patternProperties",
                "propertyNames",
                "minProperties",
                "maxProperties",
                "dependentRequired",
                "dependentSchemas",
                "unevaluatedProperties",
            ],
        ),
        (Type::Array, &["items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"]),
        (Type::String, &["pattern", "minLength", "maxLength", "contentEncoding", "contentMediaType", "contentSchema"]),
        (Type::Number, &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ];
    let says = |key: &&str| nodes.iter().any(|node| node.get(key).is_some());
    let hinted = HINTS.iter().find(|(_, keys)| keys.iter().any(says)).map(|(one, _)| *one);
    hinted.or_else(|| {
        let format = nodes.iter().find_map(|node| node.get("format")?.as_str())?;
        Some(match format {
            "int32" | "int64" => Type::Integer,
            "float" | "double" => Type::Number,
            "date" | "date-time" | "time" | "uuid" | "email" | "uri" | "hostname" | "ipv4" | "ipv6" | "byte"
            | "binary" => Type::String,
            _ => return None,
        })
    })
}

/// Whether a node says or implies a type.
pub(super) fn is_typed(at: At<'_>) -> bool {
    openapi::types(at.node).is_some() || guess(&[at.node]).is_some()
}
