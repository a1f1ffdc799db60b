//! Schemas in all their spellings, as what they mean.

use super::*;

#[test]
fn schemas_are_normalised() {
    // 3.1
    let cases: &[(&str, &str)] = &[
        ("{}", "any"),
        ("true", "any"),
        ("false", "never"),
        ("{ type: 'null' }", "null"),
        ("{ type: [string, 'null'], minLength: 1 }", "str >=1?"),
        ("{ type: [string, integer], maximum: 3 }", "(str | int <=3)"),
        ("{ type: [string, integer], enum: [a, b] }", "str in [\"a\",\"b\"]"),
        ("{ type: [integer, number] }", "num"),
        ("{ type: integer, minimum: 1, exclusiveMaximum: 1.50, multipleOf: 0.1 }", "int >=1 <1.50 *0.1"),
        ("{ properties: { a: true } }", "{a?: any}"),
        ("{ items: { type: string }, maxItems: 3 }", "[str] <=3"),
        ("{ type: array }", "[any]"),
        ("{ enum: [1, 2.5] }", "num in [1,2.5]"),
        ("{ enum: [a, null] }", "str in [\"a\"]?"),
        ("{ const: a }", "str in [\"a\"]"),
        ("{ type: string, enum: [1, a, true] }", "str in [\"1\",\"a\",\"true\"]"),
        ("{ type: array, items: { type: string }, enum: [a] }", "[str] +enum"),
        ("{ type: object, required: [b, a], properties: { a: { type: string } } }", "{a: str, b: any}"),
        ("{ type: object, additionalProperties: { type: integer } }", "{*: int}"),
        ("{ type: object, additionalProperties: false }", "{!}"),
        ("{ type: object, additionalProperties: {} }", "{..}"),
        ("{ $ref: '#/components/schemas/Alias' }", "{id: int, boss?: User}"),
        ("{ $ref: '#/components/schemas/Alias', description: text }", "{id: int, boss?: User}"),
        ("{ $ref: '#/components/schemas/User', required: [boss] }", "{id: int, boss: User}"),
        ("{ type: array, items: { $ref: '#/components/schemas/Alias' } }", "[User]"),
        ("{ type: array, items: { $ref: '#/components/schemas/User', description: x } }", "[User]"),
        ("{ oneOf: [ { $ref: '#/components/schemas/User' }, { type: 'null' } ] }", "{id: int, boss?: User}?"),
        (
            "{ type: object, allOf: [ { $ref: '#/components/schemas/User' } ], description: x }",
            "{id: int, boss?: User}",
        ),
        ("{ type: array, items: { oneOf: [ { $ref: '#/components/schemas/User' } ] } }", "[User]"),
        ("{ $ref: '#/components/schemas/a%20b~1c~0' }", "str"),
        ("{ $ref: '#/components/schemas/User/properties/id' }", "int"),
        ("{ $ref: '#/components/schemas/Alias/properties/boss/properties/id' }", "int"),
        ("{ $ref: '#/components/schemas/Tree' }", "[Tree?]?"),
        ("{ allOf: [ { minimum: 1, maximum: 9 }, { type: integer, minimum: 3 } ] }", "int >=3 <=9"),
        ("{ allOf: [ { type: string }, { type: integer } ] }", "unsupported `allOf` of different types"),
        (
            "{ allOf: [ { $ref: '#/components/schemas/User' }, { properties: { id: { maximum: 5 } } } ] }",
            "{id: int <=5, boss?: User}",
        ),
        ("{ anyOf: [ { type: string, enum: [a] }, { type: string } ] }", "str"),
        ("{ anyOf: [ { type: string }, { type: [integer, 'null'] } ] }", "(str | int)?"),
        ("{ oneOf: [ { $ref: '#/components/schemas/User' }, { type: string } ] }", "(User ^ str)"),
        (
            "{ type: object, oneOf: [ { $ref: '#/components/schemas/User' }, { properties: { a: {} } } ] }",
            "(User ^ {a?: any}) &Type",
        ),
        ("{ properties: { a: {} }, oneOf: [ { required: [a] }, { required: [b] } ] }", "{a?: any} &OneOf"),
        (
            "{ properties: { t: { type: string } }, oneOf: [ { properties: { a: {} } }, { properties: { b: {} } } ] }",
            "({t?: str, a?: any} ^ {t?: str, b?: any})",
        ),
        ("{ $ref: '#/components/schemas/Cat' }", "{kind: str, purrs?: bool}"),
        (
            "{ oneOf: [ { $ref: '#/components/schemas/User' }, { $ref: '#/components/schemas/Dog' } ], discriminator: { propertyName: k, mapping: { u: User, d: '#/components/schemas/Dog', x: Cat } } }",
            "(User ^ Dog) by k [(\"u\", 0), (\"d\", 1)]",
        ),
        ("{ not: { type: string } }", "any &Not"),
        ("{ if: { required: [a] }, then: { required: [b] } }", "any &If"),
        ("{ type: string, not: { const: a } }", "str &Not"),
        (
            "{ type: array, prefixItems: [ { type: string } ], items: { type: integer } }",
            "[str, int ..] &PrefixItems &Items",
        ),
        (
            "{ patternProperties: { '^a': {} }, additionalProperties: false, propertyNames: { maxLength: 3 } }",
            "{/^a/: any, name: str <=3, !} &PatternProperties &AdditionalProperties &PropertyNames",
        ),
        ("{ type: file }", "unsupported `type: file`"),
        (
            "{ $ref: '#/components/schemas/Loop' }",
            "unsupported the circle of references through `#/components/schemas/Pool`",
        ),
        ("{ $ref: '#/components/schemas/Usr' }", "unsupported the reference `#/components/schemas/Usr` to nothing"),
        ("{ $ref: 'https://example.com/x' }", "unsupported the reference `https://example.com/x` to nothing"),
        (
            "{ type: object, properties: { a: { $ref: '#/components/schemas/Nope' } } }",
            "{a?: unsupported the reference `#/components/schemas/Nope` to nothing}",
        ),
        ("{ allOf: [ { $ref: '#/components/schemas/X' }, { type: string } ] }", "str"),
        ("12", "unsupported a schema that is not an object"),
    ];
    let old: &[(&str, &str)] = &[
        ("{ type: string, nullable: true }", "str?"),
        ("{ $ref: '#/components/schemas/Old' }", "str in [\"a\",\"b\"]?"),
        ("{ nullable: true, allOf: [ { $ref: '#/components/schemas/User' } ] }", "{id: int, boss?: User}?"),
        ("{ allOf: [ { $ref: '#/components/schemas/User' }, { nullable: true } ] }", "{id: int, boss?: User}?"),
        ("{ $ref: '#/components/schemas/User', nullable: true }", "{id: int, boss?: User}?"),
        ("{ $ref: '#/components/schemas/User', required: [boss] }", "{id: int, boss?: User}"),
        ("{ nullable: true }", "any"),
        ("{ nullable: true, properties: { a: {} } }", "{a?: any}?"),
        ("{ nullable: true, enum: [a] }", "str in [\"a\"]?"),
        ("{ nullable: true, oneOf: [ { type: string }, { type: boolean } ] }", "(str ^ bool)?"),
        ("{ type: integer, minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false }", "int <=5 >1"),
    ];
    let mut wrong = Vec::new();
    for (version, cases) in [("3.1.0", cases), ("3.0.3", old)] {
        for (schema, expected) in cases {
            let (got, found) = case(version, schema);
            if got != *expected {
                wrong.push(format!("{schema}\n  expected {expected}\n  got      {got} {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
