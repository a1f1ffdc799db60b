//! Clauses: where their violations stand, what options change, and that nothing makes them slow. What they mean is
//! tested by JSON Schema's own suite in `tests/json-schema`.

use bff_runtime::json::{Clause, DecodeFailure, DecodeOptions, Decoded, Format, Pattern, Raw, Rule, Str, decode};

use crate::{lines, violations};

static WORD: Pattern = Pattern::new("^[a-z]+$");
static SLOW: Pattern = Pattern::new("(a+)+$");
static TREE: &[Clause] = &[
    Clause::Type(&["object"]),
    Clause::Required(&["id"]),
    Clause::Properties(&[("id", &[Clause::Not(&[Clause::Type(&["null"])])]), ("child", &[Clause::Ref(&TREE)])]),
];
static ALL: &[Clause] = &[
    Clause::PropertyNames(&[Clause::Pattern(&WORD)]),
    Clause::DependentRequired(&[("card", &["holder", "number"])]),
    Clause::If {
        condition: &[Clause::Required(&["a"])],
        then: &[Clause::Properties(&[("a", &[Clause::MultipleOf("0.01")])])],
        otherwise: &[Clause::MinProperties(1)],
    },
    Clause::AnyOf(&[&[Clause::MaxProperties(2)], &[Clause::Required(&["many"])]]),
    Clause::UnevaluatedProperties(&[Clause::Type(&["string", "integer"])]),
];
static ITEMS: &[Clause] = &[
    Clause::PrefixItems(&[&[Clause::Type(&["string"])]]),
    Clause::Items(1, &[Clause::Minimum("1e2"), Clause::ExclusiveMaximum("100.50")]),
    Clause::Contains { item: &[Clause::Enum(&["100"])], min: 1, max: 1 },
    Clause::UniqueItems,
];

/// Clauses with values, each with the violations it has (`pointer keyword`, separated by commas).
type Case = (&'static [Clause], &'static [(&'static str, &'static str)]);

#[test]
fn violations_say_where_and_which() {
    let cases: &[Case] = &[
        (
            ALL,
            &[
                (r#"{"a":0.29,"b":"x"}"#, ""),
                (r#"{"a":0.295}"#, "/a multipleOf"),
                ("{}", " minProperties"),
                (r#"{"B":1}"#, "/B pattern"),
                (r#"{"card":1,"holder":1}"#, "/number dependentRequired"),
                (r#"{"b":null}"#, "/b type"),
                (r#"{"b":1,"c":2,"d":3}"#, " anyOf"),
                (r#"{"b":1,"c":2,"many":3}"#, ""),
                ("[]", ""),
                (r#"{"b":"#, "syntax"),
            ],
        ),
        (
            ITEMS,
            &[
                (r#"["a",100,100.49]"#, ""),
                (r#"["a",100,1e2]"#, " uniqueItems, maxContains"),
                (r#"["a",99.99]"#, "/1 minimum, contains"),
                (r#"[1,100.50,100.0]"#, "/0 type,/1 exclusiveMaximum"),
                (r#"{"a":[1]}"#, ""),
            ],
        ),
        (
            TREE,
            &[
                (r#"{"id":1,"child":{"id":2,"child":{"id":3}}}"#, ""),
                (r#"{"id":1,"child":{"id":null,"child":{}}}"#, "/child/id not,/child/child/id required"),
                ("7", " type"),
            ],
        ),
        (
            &[Clause::OneOf(&[&[Clause::Type(&["number"])], &[Clause::Type(&["integer"])]])],
            &[("1.5", ""), ("1.0", " oneOf"), ("\"\"", " oneOf")],
        ),
        (
            &[
                Clause::DependentRequired(&[("gift", &["message"])]),
                Clause::Not(&[Clause::Required(&["discount", "gift"])]),
            ],
            &[
                (r#"{"name":"x","message":"y","gift":true}"#, ""),
                (r#"{"name":"x","gift":true}"#, "/message dependentRequired"),
                (r#"{"gift":true,"message":"y","discount":1}"#, " not"),
            ],
        ),
        (
            &[Clause::Format(Format::Ipv4), Clause::MaxLength(9)],
            &[("\"10.0.0.1\"", ""), ("\"\\u0031\"", " format"), ("7", "")],
        ),
    ];
    for (clauses, values) in cases {
        let rule: &'static Rule = Box::leak(Box::new(Rule::ANY.also(clauses)));
        for (json, expected) in *values {
            let found = violations(rule, json, &DecodeOptions::input());
            let wanted: Vec<&str> = expected.split(',').filter(|one| !one.is_empty()).collect();
            assert_eq!(found, wanted, "{json}");
        }
    }
}

#[test]
fn what_is_read_by_a_type_is_held_to_its_clauses() {
    static SHORT: &[Clause] = &[Clause::Not(&[Clause::Enum(&["\"no\""])])];
    static TEXT: Rule = Rule::string().also(SHORT);
    let read = |json: &'static str| decode::<Str>(json.as_bytes(), &TEXT, &DecodeOptions::response());
    assert!(read("\"yes\"").is_ok());
    assert!(matches!(read("\"no\""), Err(DecodeFailure::Invalid(found)) if lines(&found) == [" not"]));
    let off = DecodeOptions { rules: false, ..DecodeOptions::response() };
    assert!(decode::<Str>(b"\"no\"", &TEXT, &off).is_ok());
    let report = DecodeOptions { report_invalid: true, ..DecodeOptions::response() };
    let Ok(Decoded { value, reported }) = decode::<Str>(b"\"no\"", &TEXT, &report) else { panic!("it is let pass") };
    assert_eq!((value.as_str().as_ref(), lines(&reported)), ("no", vec![" not".to_owned()]));
}

#[test]
fn implied_types_and_formats_are_switches() {
    static BOUND: Rule = Rule::number().minimum("5").implied();
    static DAY: Rule = Rule::string().format(Format::Date);
    let letter = DecodeOptions { implied_types: false, formats: false, ..DecodeOptions::input() };
    for (rule, json, strict, loose) in
        [(&BOUND, "\"x\"", " type", ""), (&BOUND, "4", " minimum", " minimum"), (&DAY, "\"2024-02-30\"", " format", "")]
    {
        let wanted = |found: &str| if found.is_empty() { vec![] } else { vec![found.to_owned()] };
        assert_eq!(violations(rule, json, &DecodeOptions::input()), wanted(strict), "{json}");
        assert_eq!(violations(rule, json, &letter), wanted(loose), "{json}");
    }
}

#[test]
fn all_violations_are_told_and_then_counted() {
    static LIST: Rule = Rule::ANY.also(&[Clause::Items(0, &[Clause::MaxLength(1)])]);
    let body = format!("[{}\"ok\"]", "\"secret\",".repeat(40));
    let Err(DecodeFailure::Invalid(found)) = decode::<Raw>(body.as_bytes(), &LIST, &DecodeOptions::input()) else {
        panic!("it is refused")
    };
    assert_eq!((found.iter().count(), found.more(), found.total()), (16, 25, 41));
    assert!(!found.to_string().contains("secret"));
}

#[test]
fn what_is_made_to_be_slow_is_quick_or_refused() {
    static UNIQUE: Rule = Rule::ANY.also(&[Clause::UniqueItems]);
    static MATCH: Rule = Rule::ANY.also(&[Clause::Pattern(&SLOW), Clause::MaxLength(20_000_000)]);
    static EITHER: &[Clause] = &[Clause::AnyOf(&[
        &[Clause::Required(&["l"]), Clause::Properties(&[("c", &[Clause::Ref(&EITHER)])])],
        &[Clause::Required(&["r"]), Clause::Properties(&[("c", &[Clause::Ref(&EITHER)])])],
        &[Clause::Type(&["boolean"])],
    ])];
    static UNION: Rule = Rule::ANY.also(EITHER);
    static DEEP: Rule = Rule::ANY.also(TREE);
    let options = DecodeOptions::input();
    let items = |last: u32| format!("[{}{last}]", (0..100_000).map(|item| format!("{item},")).collect::<String>());
    assert!(decode::<Raw>(items(100_000).as_bytes(), &UNIQUE, &options).is_ok());
    assert_eq!(violations(&UNIQUE, &items(7), &options), [" uniqueItems"]);
    let long = format!("\"{}b\"", "a".repeat(10_000_000));
    assert_eq!(violations(&MATCH, &long, &options), [" pattern"]);
    let tree = |depth: usize| format!("{}{{\"id\":1}}{}", "{\"id\":1,\"child\":".repeat(depth), "}".repeat(depth));
    assert!(decode::<Raw>(tree(63).as_bytes(), &DEEP, &options).is_ok());
    assert_eq!(violations(&DEEP, &tree(64), &options), ["syntax"]);
    // Each level tries two ways: without a bound, that doubles with each.
    let union = |depth: usize| format!("{}true{}", "{\"c\":".repeat(depth), ",\"r\":1}".repeat(depth));
    assert!(decode::<Raw>(union(4).as_bytes(), &UNION, &options).is_ok());
    assert_eq!(violations(&UNION, &union(60), &options), ["syntax"]);
}
