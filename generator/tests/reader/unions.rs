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

/// What values of a base are: the components that are made of it, told apart by its `discriminator`.
#[test]
fn bases_are_one_of_their_heirs() {
    let heir = |name: &str, more: &str| {
        format!("    {name}: {{ allOf: [ {{ $ref: '#/components/schemas/X' }}, {{ type: object {more} }} ] }}\n")
    };
    let kind = |says: &str| format!(", properties: {{ kind: {says} }}");
    let base = |kind: &str, more: &str| {
        format!(
            "{{ type: object, required: [kind], properties: {{ kind: {kind} }}, discriminator: {{ propertyName: kind {more} }} }}"
        )
    };
    let mapping = ", mapping: { c: '#/components/schemas/C', 'd': D, dd: D, other: X, u: User }";
    let (text, cd) = ("{ type: string }", heir("C", "") + &heir("D", ""));
    let cases = [
        (base(text, ""), cd.clone(), "C | D | X base: by kind [(\"C\", 0), (\"D\", 1)] else 2", ""),
        (
            base(text, mapping),
            cd.clone(),
            "C | D | X base: by kind [(\"c\", 0), (\"d\", 1), (\"dd\", 1)] else 2",
            "BFF0206",
        ),
        // every value that it may have is of an heir
        (base("{ enum: [C, D] }", ""), cd.clone(), "C | D: by kind [(\"C\", 0), (\"D\", 1)]", ""),
        (base("{ enum: [C, D, E] }", ""), cd.clone(), "C | D | X base: by kind [(\"C\", 0), (\"D\", 1)] else 2", ""),
        // an heir that narrows the property, one that adds nothing, one whose name cannot be, and one of an heir
        (base(text, ""), heir("C", &kind("{ const: c }")), "C | X base: by kind [(\"c\", 0)] else 1", ""),
        (
            base(text, ""),
            "    C: { allOf: [ { $ref: '#/components/schemas/X' } ] }\n".to_owned(),
            "C | X base: by kind [(\"C\", 0)] else 1",
            "",
        ),
        (base("{ enum: [C, c] }", ""), cd.clone(), "C | X base: by kind [(\"C\", 0)] else 1", ""),
        (
            base(text, ""),
            cd.clone() + "    E: { allOf: [ { $ref: '#/components/schemas/D' }, { required: [e] } ] }\n",
            "C | D | E | X base: by kind [(\"C\", 0), (\"D\", 1), (\"E\", 2)] else 3",
            "",
        ),
        (
            base(text, ""),
            "    C: { allOf: [ { $ref: '#/components/schemas/E' } ] }\n    E: { allOf: [ { $ref: '#/components/schemas/C' } ] }\n"
                .to_owned(),
            "none",
            "",
        ),
        // nothing tells them apart, or nothing is made of it: it stays the object that it is
        (base(text, ""), heir("C", &kind("{ const: c }")) + &heir("D", &kind("{ const: c }")), "none", "BFF0206"),
        (base(text, ""), String::new(), "none", ""),
        (base(text, ", mapping: { u: User }"), String::new(), "none", "BFF0206"),
    ];
    for (schema, heirs, expected, codes) in cases {
        for version in ["3.0.4", "3.1.1"] {
            let text = format!(
                "openapi: {version}\npaths: {{}}\ncomponents:\n  schemas:\n    X: {schema}\n{heirs}{COMPONENTS}"
            );
            let (mut specs, doc, _, _) = open(vec![("a.yaml", text)]);
            let (id, found) = specs.schema_at(doc, "/components/schemas/X").expect("X is there");
            let Kind::Object(rules) = &specs.schemas.get(id).kind else { panic!("{schema} is an object: {found:?}") };
            let found: Vec<_> = found.iter().map(|d| d.code).filter(|code| *code != "BFF0209").collect();
            let said = rules.heirs.as_ref().map(|heirs| {
                let names: Vec<&str> = heirs.members.iter().map(|id| specs.schemas.get(*id).name.as_str()).collect();
                format!("{}: {}", names.join(" | "), told(&heirs.tell))
            });
            assert_eq!((said.as_deref().unwrap_or("none"), &*found.join(" ")), (expected, codes), "{version} {schema}");
            // an heir is an object of its own, with the members of the base
            if let Ok((heir, _)) = specs.schema_at(doc, "/components/schemas/C")
                && let Kind::Object(rules) = &specs.schemas.get(heir).kind
            {
                assert!(rules.heirs.is_none() && rules.properties.iter().any(|p| p.name == "kind" && p.required));
            }
        }
    }
}

fn told(tell: &Tell) -> String {
    let texts = |values: &[Vec<bffgen::schema::Json>]| {
        let one = |values: &Vec<_>| serde_json::Value::from(values.clone()).to_string().replace(',', ", ");
        values.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    match tell {
        Tell::Discriminator { property, mapping, otherwise: None } => format!("by {property} {mapping:?}"),
        Tell::Discriminator { property, mapping, otherwise: Some(at) } => {
            format!("by {property} {mapping:?} else {at}")
        }
        Tell::ConstProperty { property, values } => format!("{property} = [{}]", texts(values)),
        Tell::Required { marks, otherwise } => format!("has {marks:?} else {otherwise}"),
        Tell::JsonType { types, objects: None } => format!("type {types:?}"),
        Tell::JsonType { types, objects: Some(objects) } => format!("type {types:?} of objects {}", told(objects)),
        Tell::None { reason } => format!("none: {reason}"),
    }
}
