//! Types that read themselves, as generated code has them.

use bff_runtime::json::{
    Decode, DecodeFailure, DecodeOptions, Field, JsonType, Map, Nullable, Number, Reader, Rule, Slot, Str, decode,
    decode_text, parameter_as_json,
};

use crate::lines;

#[derive(Debug)]
struct Page<'a> {
    items: Vec<Order<'a>>,
    next: Option<Nullable<Str<'a>>>,
    counts: Option<Map<'a, i64>>,
}

#[derive(Debug)]
struct Order<'a> {
    id: Str<'a>,
    total: Number<'a>,
    paid: Option<bool>,
    parent: Option<Box<Order<'a>>>,
}

static ORDERS: Rule = Rule::array(&Rule::ANY).max_items(3);
static CURSOR: Rule = Rule::string().max_length(4).nullable();
static COUNTS: Rule = Rule::map(&Rule::integer().minimum("0"));
static ID: Rule = Rule::string().min_length(1);
static TOTAL: Rule = Rule::number().minimum("0");
static PAGE: Rule =
    Rule::object(&[Field::optional("unread", &Rule::boolean()), Field::required("items", &ORDERS)]).open();

impl<'a> Decode<'a> for Page<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let (mut items, mut next, mut counts) = (Slot::default(), Slot::default(), Slot::default());
        r.object(|r, key| match key {
            "items" => items.read(r, &ORDERS),
            "next" => next.read(r, &CURSOR),
            "counts" => counts.read(r, &COUNTS),
            _ => r.skip(),
        })?;
        Some(Page { items: items.required(r, "items")?, next: next.optional(), counts: counts.optional() })
    }
}

impl<'a> Decode<'a> for Order<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let (mut id, mut total) = (Slot::default(), Slot::default());
        let (mut paid, mut parent) = (Slot::default(), Slot::default());
        r.object(|r, key| match key {
            "id" => id.read(r, &ID),
            "total" => total.read(r, &TOTAL),
            "paid" => paid.read(r, &Rule::ANY),
            "parent" => parent.read(r, &Rule::ANY),
            _ => {}
        })?;
        let (id, total) = (id.required(r, "id"), total.required(r, "total"));
        Some(Order { id: id?, total: total?, paid: paid.optional(), parent: parent.optional() })
    }
}

#[test]
fn a_page_is_read_and_borrows() {
    let body = br#"{"unread":{"x":[1]},"items":[{"id":"a\u0041","total":1.10,"x":null,"parent":{"total":2,"id":"p"}}],
        "next":null,"counts":{"a":1,"\u0062":300.0}}"#;
    let page = decode::<Page>(body, &Rule::ANY, &DecodeOptions::response()).unwrap();
    assert!(page.reported.is_empty());
    let page = page.value;
    let order = &page.items[0];
    assert_eq!(order.id, "aA");
    assert_eq!("aA".to_string(), order.id);
    assert_eq!(order.total.to_string(), "1.10");
    assert!((order.total.get() - 1.1).abs() < f64::EPSILON);
    assert_eq!(order.paid, None);
    assert_eq!(order.parent.as_ref().map(|parent| parent.id.as_str().into_owned()).as_deref(), Some("p"));
    assert_eq!(page.next, Some(Nullable::Null));
    let counts = page.counts.unwrap();
    assert_eq!((counts.get("b"), counts.get("c"), counts.len()), (Some(&300), None, 2));
}

#[test]
fn all_violations_of_a_page_are_found() {
    let cases: &[(&str, &str)] = &[
        ("{}", "/items required"),
        ("[]", " type"),
        (
            r#"{"items":[{"id":"","total":-1},{"total":"x"},3,{"id":"b","total":1,"parent":{}}],"next":"12345"}"#,
            "/items/0/id minLength,/items/0/total minimum,/items/1/total type,/items/1/id required,/items/2 type,\
          /items/3/parent/id required,/items/3/parent/total required,/items maxItems,/next maxLength",
        ),
        (r#"{"items":[],"items":[]}"#, "/items duplicate"),
        (
            r#"{"items":[],"next":7,"counts":{"a":1.5,"b":-1,"c":99999999999999999999}}"#,
            "/next type,/counts/a type,/counts/b minimum,/counts/c type",
        ),
        (r#"{"items":[],"counts":{"a":1,"\u0061":2}}"#, "/counts/a duplicate"),
        (r#"{"items":[{"id":"a","total":1,"paid":null}]}"#, "/items/0/paid type"),
    ];
    for (json, expected) in cases {
        match decode::<Page>(json.as_bytes(), &Rule::ANY, &DecodeOptions::response()) {
            Err(DecodeFailure::Invalid(violations)) => assert_eq!(lines(&violations).join(","), *expected, "{json}"),
            other => panic!("{json}: {other:?}"),
        }
    }
}

#[test]
fn a_whole_body_is_checked_where_that_is_asked_for() {
    let body = br#"{"items":[{"id":"a","total":1}],"unread":3}"#;
    let full = DecodeOptions { full: true, ..DecodeOptions::response() };
    assert!(decode::<Page>(body, &PAGE, &DecodeOptions::response()).is_ok());
    match decode::<Page>(body, &PAGE, &full) {
        Err(DecodeFailure::Invalid(violations)) => assert_eq!(lines(&violations), ["/unread type"]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn scalars_whose_rule_is_a_union_are_checked_by_it() {
    static RULE: Rule = Rule::any_of(&[&Rule::string().max_length(1), &Rule::string().min_length(3)]);
    let read = |json: &'static str| {
        decode_text::<Str>(json, &RULE, &DecodeOptions::response()).map(|decoded| decoded.value.to_string()).ok()
    };
    assert_eq!((read("\"a\"").as_deref(), read("\"ab\""), read("\"abc\"").as_deref()), (Some("a"), None, Some("abc")));
}

#[test]
fn integers_are_integers_by_value() {
    let cases: &[(&str, Option<i64>)] = &[
        ("300.0", Some(300)),
        ("3e2", Some(300)),
        ("-1.5e1", Some(-15)),
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("1e-2", None),
        ("0e999999999999999999999", Some(0)),
        ("1e999999999999999999999", None),
        ("1e-999999999999999999999", None),
        ("0.5", None),
        ("100e-2", Some(1)),
        ("0.001e3", Some(1)),
    ];
    for (json, expected) in cases {
        let read = decode_text::<i64>(json, &Rule::ANY, &DecodeOptions::response()).map(|decoded| decoded.value).ok();
        assert_eq!(read, *expected, "{json}");
    }
}

#[test]
fn numbers_compare_by_value_and_exactly() {
    let read = |json| decode_text::<Number>(json, &Rule::ANY, &DecodeOptions::response()).unwrap().value;
    assert_eq!(read("1.10"), read("11e-1"));
    assert_eq!(read("-0"), read("0.00"));
    let ascending = [
        "-1e3",
        "-999.9",
        "-0.1",
        "0",
        "1e-300",
        "0.09",
        "0.1",
        "9007199254740992",
        "9007199254740993",
        "1e400",
        "1e401",
    ];
    assert!(ascending.windows(2).all(|pair| read(pair[0]) < read(pair[1])));
}

#[test]
fn members_of_unions_are_told_apart_ahead() {
    let reader = Reader::new(r#" {"a":{"type":"no"},"typ\u0065":"y\u0065s"}"#, &DecodeOptions::response());
    assert_eq!(reader.peek(), Some(JsonType::Object));
    assert!(reader.peek_text("type").is_some_and(|text| text == "yes"));
    assert!(reader.peek_text("a").is_none());
}

#[test]
fn parameters_become_the_json_their_rule_wants() {
    static UNION: Rule = Rule::any_of(&[&Rule::integer(), &Rule::string()]);
    let cases: &[(&Rule, &str, &str)] = &[
        (&Rule::integer(), "20", "20"),
        (&Rule::integer(), "20 ", "\"20 \""),
        (&Rule::integer(), "", "\"\""),
        (&Rule::integer(), "1\n", "\"1\\n\""),
        (&Rule::string(), "20", "\"20\""),
        (&Rule::boolean(), "true", "true"),
        (&Rule::boolean(), "yes", "\"yes\""),
        (&UNION, "7", "7"),
        (&UNION, "a\"b", "\"a\\\"b\""),
    ];
    for (rule, text, expected) in cases {
        assert_eq!(parameter_as_json(rule, text), *expected);
    }
}
