//! Rules and what breaks them.

use bff_runtime::json::{DecodeOptions, Field, Format, Pattern, Rule};

use crate::violations;

/// A rule with values, each with the violations it has (`pointer keyword`, separated by commas).
type Case = (&'static Rule, &'static [(&'static str, &'static str)]);

static CODE: Pattern = Pattern::new("^[A-Z]{3}$");
static CARD: Rule = Rule::object(&[
    Field::required("type", &Rule::string().one_of(&["\"card\""])),
    Field::required("number", &Rule::string().min_length(4)),
]);
static IBAN: Rule = Rule::object(&[
    Field::required("type", &Rule::string().one_of(&["\"iban\""])),
    Field::required("iban", &Rule::string()),
]);
static TAGGED: Rule = Rule::tagged("type", &[("card", &CARD), ("iban", &IBAN)]);
static BASE: Rule = Rule::tagged("type", &[("card", &CARD)]).otherwise(&SWITCH);
static SWITCH: Rule = Rule::object(&[Field::required("state", &Rule::string().one_of(&["\"on\"", "\"off\""]))]);
static NODE: Rule = Rule::object(&[Field::required("id", &Rule::integer()), Field::optional("child", &NODE)]);

static CASES: &[Case] = &[
    (&Rule::string(), &[("\"a\"", ""), ("1", " type"), ("null", " type"), ("[]", " type"), ("\"", "syntax")]),
    (&Rule::string().nullable(), &[("null", ""), ("nul", "syntax"), ("\"\"", "")]),
    (
        &TAGGED,
        &[
            (r#"{"number":"1234","type":"card"}"#, ""),
            (r#"{"type":"card","number":"1"}"#, "/number minLength"),
            (r#"{"type":"iban","number":"1234"}"#, "/iban required"),
            (r#"{"type":"cash"}"#, " discriminator"),
            (r#"{"iban":"x"}"#, " discriminator"),
            ("[]", " type"),
        ],
    ),
    (
        &BASE,
        &[
            (r#"{"type":"card","number":"1234"}"#, ""),
            (r#"{"type":"cash","state":"on"}"#, ""),
            (r#"{"state":"on"}"#, ""),
            (r#"{"type":7}"#, "/state required"),
        ],
    ),
    (&Rule::boolean(), &[("true", ""), ("false", ""), ("\"true\"", " type"), ("tru", "syntax"), ("truex", "syntax")]),
    (&Rule::null(), &[("null", ""), ("0", " type")]),
    (&Rule::never(), &[("null", " never"), ("{\"a\":1}", " never")]),
    (
        &Rule::integer(),
        &[
            ("300.0", ""),
            ("3e2", ""),
            ("3.5", " type"),
            ("1e-1", " type"),
            ("-0", ""),
            ("0.0", ""),
            ("123456789012345678901234567890", ""),
            ("1e400", ""),
            ("01", "syntax"),
            ("+1", "syntax"),
            ("1.", "syntax"),
            (".5", "syntax"),
            ("-", "syntax"),
            ("1e", "syntax"),
            ("\"1\"", " type"),
        ],
    ),
    (
        &Rule::integer().minimum("1").maximum("100"),
        &[
            ("1", ""),
            ("100", ""),
            ("0", " minimum"),
            ("101", " maximum"),
            ("1e2", ""),
            ("100.0", ""),
            ("1e3", " maximum"),
            ("-99999999999999999999", " minimum"),
            ("99999999999999999999", " maximum"),
        ],
    ),
    (
        &Rule::number().exclusive_minimum("0.1").exclusive_maximum("9007199254740993"),
        &[
            ("0.1", " exclusiveMinimum"),
            ("0.10", " exclusiveMinimum"),
            ("0.1000000000000000000001", ""),
            ("9007199254740992", ""),
            ("9007199254740992.9", ""),
            ("9007199254740993", " exclusiveMaximum"),
            ("9007199254740993.0", " exclusiveMaximum"),
            ("-1", " exclusiveMinimum"),
        ],
    ),
    (
        &Rule::number().multiple_of("0.01"),
        &[
            ("19.99", ""),
            ("0.07", ""),
            ("1", ""),
            ("1e300", ""),
            ("0.001", " multipleOf"),
            ("19.995", " multipleOf"),
            ("0", ""),
        ],
    ),
    (
        &Rule::integer().multiple_of("3"),
        &[("9", ""), ("10", " multipleOf"), ("999999999999999999999", ""), ("1e20", " multipleOf")],
    ),
    (&Rule::number().multiple_of("1e-8"), &[("12391239123", ""), ("1.5e-9", " multipleOf")]),
    (&Rule::integer().format(Format::Int32), &[("2147483647", ""), ("2147483648", " format"), ("-2147483648", "")]),
    (
        &Rule::integer().format(Format::Int64),
        &[("9223372036854775807", ""), ("9223372036854775808", " format"), ("-9223372036854775808", "")],
    ),
    (
        &Rule::string().min_length(2).max_length(3),
        &[
            ("\"ab\"", ""),
            ("\"äöü\"", ""),
            ("\"a\"", " minLength"),
            ("\"ä\"", " minLength"),
            ("\"abcd\"", " maxLength"),
            ("\"\\ud83d\\ude00\"", " minLength"),
            ("\"\\u00e4b\"", ""),
            ("\"😀😀😀\"", ""),
            ("\"😀😀😀😀\"", " maxLength"),
        ],
    ),
    (&Rule::string().pattern(&CODE), &[("\"EUR\"", ""), ("\"EU\\u0052\"", ""), ("\"eur\"", " pattern")]),
    (
        &Rule::array(&Rule::integer()).min_items(1).max_items(2).unique_items(),
        &[
            ("[1]", ""),
            ("[ 1 , 2 ]", ""),
            ("[]", " minItems"),
            ("[1,2,3]", " maxItems"),
            ("[1,1.0]", " uniqueItems"),
            ("[1,\"a\"]", "/1 type"),
            ("[1,]", "syntax"),
            ("[1", "syntax"),
            ("[1}", "syntax"),
            ("{}", " type"),
        ],
    ),
    (
        &Rule::array(&Rule::ANY).unique_items(),
        &[
            ("[1,\"1\",true,null,[],{}]", ""),
            ("[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1e0}]", " uniqueItems"),
            ("[\"a\",\"\\u0061\"]", " uniqueItems"),
            ("[\"ab\",\"cd\",\"e\",\"ab\"]", " uniqueItems"),
            ("[\"ab\",\"cd\",\"e\",\"ba\"]", ""),
            ("[[1,2],[2,1]]", ""),
            ("[1e2,100]", " uniqueItems"),
            ("[0,-0]", " uniqueItems"),
        ],
    ),
    (
        &CARD,
        &[
            ("{\"type\":\"card\",\"number\":\"1234\"}", ""),
            ("{}", "/type required,/number required"),
            ("{\"number\":\"1\",\"type\":\"card\"}", "/number minLength"),
            ("{\"type\":\"card\",\"number\":\"1234\",\"type\":\"card\"}", "/type duplicate"),
            ("{\"type\":\"card\",\"number\":\"1234\",\"x\":1,\"x\":2}", ""),
            ("{\"type\":\"x\",\"number\":\"1234\"}", "/type enum"),
            ("{\"type\":1,\"number\":[]}", "/type type,/number type"),
            ("{\"type\":\"card\",}", "syntax"),
            ("{\"type\" \"card\"}", "syntax"),
        ],
    ),
    (
        &Rule::object(&[Field::required("a/b~c", &Rule::array(&NODE)), Field::optional("a\"b\n", &Rule::boolean())])
            .closed(),
        &[
            ("{\"a/b~c\":[{\"id\":1},{\"id\":2,\"child\":{\"id\":\"x\"}}]}", "/a~1b~0c/1/child/id type"),
            ("{\"a\\/b~c\":[],\"a\\\"b\\u000a\":1}", "/a\"b\n type"),
            ("{\"a/b~c\":[],\"other\":1}", "/other additionalProperties"),
        ],
    ),
    (
        &Rule::object(&[Field::optional("name", &Rule::string())])
            .values(&Rule::integer())
            .min_properties(1)
            .max_properties(2),
        &[
            ("{\"name\":\"a\",\"x\":1}", ""),
            ("{\"x\":\"a\"}", "/x type"),
            ("{}", " minProperties"),
            ("{\"a\":1,\"b\":2,\"c\":3}", " maxProperties"),
        ],
    ),
    (
        &Rule::any_of(&[&CARD, &IBAN]),
        &[
            ("{\"type\":\"iban\",\"iban\":\"x\"}", ""),
            ("{\"type\":\"iban\",\"number\":\"1234\"}", " anyOf"),
            ("{\"type\":\"paypal\",\"iban\":\"x\"}", " anyOf"),
            ("1", " anyOf"),
            ("{\"type\":", "syntax"),
        ],
    ),
    (
        &Rule::any_of(&[&SWITCH, &CARD]),
        &[("{\"state\":\"on\"}", ""), ("{\"state\":\"new\"}", " anyOf"), ("{\"state\":1}", " anyOf")],
    ),
    (
        &Rule::one_of_rules(&[&Rule::integer().multiple_of("3"), &Rule::integer().multiple_of("5")]),
        &[("3", ""), ("5", ""), ("15", " oneOf"), ("7", " oneOf")],
    ),
    (
        &Rule::ANY.one_of(&["1", "\"a\"", "[1,{\"a\":\"\\u00e4\"}]"]),
        &[("1.0", ""), ("\"\\u0061\"", ""), ("[1.0, {\"a\": \"ä\"}]", ""), ("2", " enum"), ("null", " enum")],
    ),
];

#[test]
fn each_value_breaks_the_rules_it_should() {
    for (rule, values) in CASES {
        for (json, expected) in *values {
            let found = violations(rule, json, &DecodeOptions::input()).join(",");
            assert_eq!(found, *expected, "{json} against {rule:?}");
        }
    }
}

#[test]
fn white_space_changes_nothing() {
    let spaced = " \n\t{ \r\n  \"type\"         :   \"iban\" \n,\n                    \"iban\" : 1 } \n";
    assert_eq!(violations(&IBAN, spaced, &DecodeOptions::response()), ["/iban type"]);
}

#[test]
fn what_passes_depends_on_the_options() {
    static RULE: Rule = Rule::object(&[
        Field::optional("state", &Rule::string().one_of(&["\"on\""])),
        Field::optional("fixed", &Rule::string().one_of(&["\"on\""]).closed_enum()),
        Field::optional("count", &Rule::integer().maximum("5")),
    ]);
    let passes = |json: &str, options: DecodeOptions| {
        bff_runtime::json::decode::<bff_runtime::json::Raw>(json.as_bytes(), &RULE, &options)
            .map(|decoded| [crate::lines(&decoded.reported), crate::passed(&decoded.reported)].concat().join(","))
            .ok()
    };
    let response = DecodeOptions::response();
    let off = DecodeOptions { rules: false, ..response };
    let report = DecodeOptions { report_invalid: true, ..response };
    let (state, fixed, count, wrong) =
        ("{\"state\":\"new\"}", "{\"fixed\":\"new\"}", "{\"count\":6}", "{\"count\":\"6\"}");
    assert_eq!(passes(state, response).as_deref(), Some("/state (unknown_enum_members)"));
    assert_eq!(passes(state, DecodeOptions::input()), None);
    assert_eq!(passes(fixed, response), None);
    assert_eq!(passes(fixed, report).as_deref(), Some("/fixed enum"));
    assert_eq!(passes(count, response), None);
    assert_eq!(passes(count, report).as_deref(), Some("/count maximum"));
    assert_eq!(passes(count, off).as_deref(), Some(""));
    assert_eq!(passes(wrong, report), None);
    assert_eq!(passes(wrong, off), None);
}

#[test]
fn sixteen_violations_are_kept_and_the_others_counted() {
    static RULE: Rule = Rule::array(&Rule::string());
    let json = format!("[{}1]", "1,".repeat(99));
    match bff_runtime::json::decode::<bff_runtime::json::Raw>(json.as_bytes(), &RULE, &DecodeOptions::response()) {
        Err(bff_runtime::json::DecodeFailure::Invalid(violations)) => {
            assert_eq!((violations.iter().count(), violations.more(), violations.total()), (16, 84, 100));
        }
        other => panic!("{other:?}"),
    }
}
