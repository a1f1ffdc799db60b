//! How members of unions are told apart.

use super::*;

/// What tells the members of a union apart.
#[test]
fn members_of_unions_are_told_apart() {
    let object = |text: &str| format!("{{ type: object, {text} }}");
    let kind = |value: &str| object(&format!("required: [k], properties: {{ k: {{ const: {value} }}, n: {{}} }}"));
    let one_of = |members: &[String]| format!("{{ oneOf: [ {} ] }}", members.join(", "));
    let ab = [object("required: [a], properties: { a: {}, n: {} }"), object("required: [n], properties: { n: {} }")];
    let loose = object("properties: { k: { enum: [z] } }");
    let heirs = "{ oneOf: [ { $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' } ] }".to_owned();
    let cases = [
        ("{ type: [string, integer, number, array] }".to_owned(), "type [[String], [Number], [Array]]"),
        (one_of(&["{ type: integer }".to_owned(), "{ type: number }".to_owned()]), "type [[Integer], [Number]]"),
        (one_of(&[kind("x"), kind("y")]), "k = [[\"x\"], [\"y\"]]"),
        (one_of(&ab), "has [(\"a\", 0)] else 1"),
        (
            one_of(&[kind("x"), "{ type: string }".to_owned(), kind("y")]),
            "type [[Object], [String], [Object]] of objects k = [[\"x\"], [], [\"y\"]]",
        ),
        (one_of(&[one_of(&[kind("x"), kind("z")]), kind("y")]), "k = [[\"x\", \"z\"], [\"y\"]]"),
        (heirs, "by kind [(\"Cat\", 0), (\"Dog\", 1)]"),
        (
            format!(
                "{{ discriminator: {{ propertyName: k, mapping: {{ x: '#/components/schemas/User' }} }}, \
                 oneOf: [ {{ $ref: '#/components/schemas/User' }}, {} ] }}",
                kind("y")
            ),
            "by k [(\"x\", 0), (\"y\", 1)]",
        ),
        (one_of(&[kind("x"), loose]), "none: `k` would tell the members apart, and `X option 2` does not require it"),
        (
            one_of(&["{ type: string, format: uuid }".to_owned(), "{ type: string, format: email }".to_owned()]),
            "none: both `X string` and `X string` can be texts",
        ),
        (one_of(&[kind("x"), "{}".to_owned()]), "none: `X option 2` allows any value, so every value could be one"),
    ];
    for (schema, expected) in cases {
        let text = format!("openapi: 3.1.0\npaths: {{}}\ncomponents:\n  schemas:\n    X: {schema}\n{COMPONENTS}");
        let (mut specs, doc, _, _) = open(vec![("a.yaml", text)]);
        let (id, found) = specs.schema_at(doc, "/components/schemas/X").expect("X is there");
        let Kind::Union(union) = &specs.schemas.get(id).kind else { panic!("{schema} is a union: {found:?}") };
        assert_eq!(told(&union.tell), expected, "{schema}");
    }
}

fn told(tell: &Tell) -> String {
    let texts = |values: &[Vec<bffgen::schema::Json>]| {
        let one = |values: &Vec<_>| serde_json::Value::from(values.clone()).to_string().replace(',', ", ");
        values.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    match tell {
        Tell::Discriminator { property, mapping } => format!("by {property} {mapping:?}"),
        Tell::ConstProperty { property, values } => format!("{property} = [{}]", texts(values)),
        Tell::Required { marks, otherwise } => format!("has {marks:?} else {otherwise}"),
        Tell::JsonType { types, objects: None } => format!("type {types:?}"),
        Tell::JsonType { types, objects: Some(objects) } => format!("type {types:?} of objects {}", told(objects)),
        Tell::None { reason } => format!("none: {reason}"),
    }
}
