//! What passes against a document: what becomes of it, where it is noted, and that each can be refused.

use bff_runtime::json::{
    Clause, Decode, DecodeFailure, DecodeOptions, Field, Leniencies, Leniency, Raw, Reader, Rule, Slot, Str, decode,
};

/// Violations and what passed leniently.
fn violations(rule: &Rule, json: &str, options: &DecodeOptions) -> Vec<String> {
    let found = match decode::<Raw>(json.as_bytes(), rule, options) {
        Ok(decoded) => decoded.reported,
        Err(DecodeFailure::Invalid(found)) => found,
        Err(failure) => panic!("{json}: {failure}"),
    };
    [crate::lines(&found), crate::passed(&found)].concat()
}

static CARD: Rule = Rule::object(&[
    Field::required("kind", &Rule::string().one_of(&["\"card\""]).closed_enum()),
    Field::optional("state", &Rule::string().one_of(&["\"on\"", "\"off\""])),
])
.closed();
static CASH: Rule = Rule::object(&[
    Field::required("kind", &Rule::string().one_of(&["\"cash\""]).closed_enum()),
    Field::optional("coins", &Rule::integer()),
])
.closed();
static NAMED: Rule = Rule::object(&[Field::optional("name", &Rule::string())]);
static AGED: Rule = Rule::object(&[Field::optional("age", &Rule::integer()), Field::optional("name", &Rule::string())]);
static ORDER: Rule = Rule::object(&[
    Field::required("id", &Rule::integer().minimum("1")),
    Field::optional("count", &Rule::integer()),
    Field::optional("state", &Rule::string().one_of(&["\"on\"", "\"off\""])),
    Field::optional("note", &Rule::string().min_length(1)),
    Field::optional("motto", &Rule::string().nullable()),
    Field::optional("tags", &Rule::array(&Rule::string())),
    Field::optional("paid", &Rule::one_of_rules(&[&CARD, &CASH])),
    Field::optional("who", &Rule::one_of_rules(&[&NAMED, &AGED])),
])
.closed();

fn out(json: &str, options: &DecodeOptions) -> Option<String> {
    decode::<Raw>(json.as_bytes(), &ORDER, options).ok().map(|decoded| decoded.value.as_json().to_owned())
}

/// What comes, what goes out, what is noted where leniency is granted, and what where it is refused.
const CASES: &[(&str, &str, &str, &str)] = &[
    (r#"{"id":1}"#, r#"{"id":1}"#, "", ""),
    (r#"{"id":300.0}"#, r#"{"id":300}"#, "/id (integral_floats)", "/id type"),
    (
        r#"{"id":3e2,"count":-0.00}"#,
        r#"{"id":3e2,"count":-0}"#,
        "/id (integral_floats),/count (integral_floats)",
        "/id type,/count type",
    ),
    (r#"{"id":0.0}"#, "", "/id minimum,/id (integral_floats)", "/id type"),
    (r#"{"id":12345678901234567890123}"#, r#"{"id":12345678901234567890123}"#, "", ""),
    (r#"{"id":1.5}"#, "", "/id type", "/id type"),
    (r#"{"id":1,"state":"new"}"#, r#"{"id":1,"state":"new"}"#, "/state (unknown_enum_members)", "/state enum"),
    (
        r#"{"x":{"y":1},"id":1,"z":0}"#,
        r#"{"id":1}"#,
        "/x (extra_fields),/z (extra_fields)",
        "/x additionalProperties,/z additionalProperties",
    ),
    (r#"{"note":null,"id":1}"#, r#"{"id":1}"#, "/note (null_for_absent)", "/note type"),
    (
        r#"{"id":1,"tags":null,"paid":null,"motto":null}"#,
        r#"{"id":1,"motto":null}"#,
        "/tags (null_for_absent),/paid (null_for_absent)",
        "/tags type,/paid oneOf",
    ),
    // What is required, or an item, is not absent.
    (r#"{"id":null}"#, "", "/id type", "/id type"),
    (r#"{"id":1,"tags":[null]}"#, "", "/tags/0 type", "/tags/0 type"),
    (
        r#"{"id":1,"note":null,"note":null}"#,
        "",
        "/note duplicate,/note (null_for_absent)",
        "/note type,/note duplicate",
    ),
    // Members are told apart by the letter first, and leniently if none fits.
    (
        r#"{"id":1,"paid":{"kind":"card","state":"new","x":1}}"#,
        r#"{"id":1,"paid":{"kind":"card","state":"new"}}"#,
        "/paid/state (unknown_enum_members),/paid/x (extra_fields)",
        "/paid oneOf",
    ),
    (
        r#"{"id":1,"paid":{"kind":"cash","coins":null}}"#,
        r#"{"id":1,"paid":{"kind":"cash"}}"#,
        "/paid/coins (null_for_absent)",
        "/paid oneOf",
    ),
    (
        r#"{"id":1,"paid":{"kind":"cash","coins":2.0}}"#,
        r#"{"id":1,"paid":{"kind":"cash","coins":2}}"#,
        "/paid/coins (integral_floats)",
        "/paid oneOf",
    ),
    (r#"{"id":1,"paid":{"kind":"new"}}"#, "", "/paid oneOf", "/paid oneOf"),
    // Of several that fit, the one that keeps most.
    (r#"{"id":1,"who":{"name":"a"}}"#, r#"{"id":1,"who":{"name":"a"}}"#, "/who (several_one_of)", "/who oneOf"),
    (
        r#"{"id":1,"who":{"name":"a","age":3}}"#,
        r#"{"id":1,"who":{"name":"a","age":3}}"#,
        "/who (several_one_of)",
        "/who oneOf",
    ),
    (
        r#"{"id":1,"who":{"age":3.0}}"#,
        r#"{"id":1,"who":{"age":3}}"#,
        "/who/age (integral_floats),/who (several_one_of)",
        "",
    ),
];

#[test]
fn what_passes_leniently_is_mended_and_noted() {
    let response = DecodeOptions::response();
    let strict = DecodeOptions { lenient: Leniencies::NONE, ..response };
    for (json, goes_out, noted, refused) in CASES {
        assert_eq!(out(json, &response).unwrap_or_default(), *goes_out, "{json}");
        assert_eq!(violations(&ORDER, json, &response).join(","), *noted, "{json}");
        assert_eq!(violations(&ORDER, json, &strict).join(","), *refused, "{json}");
        let full = DecodeOptions { full: true, ..response };
        assert_eq!(
            (out(json, &full).unwrap_or_default(), violations(&ORDER, json, &full).join(",")),
            (goes_out.to_string(), noted.to_string()),
            "{json}"
        );
    }
}

#[test]
fn each_leniency_is_a_switch_of_its_own() {
    let json = r#"{"id":1.0,"state":"new","x":1,"note":null,"who":{}}"#;
    let all = violations(&ORDER, json, &DecodeOptions::response());
    for leniency in Leniency::ALL {
        let options = DecodeOptions { lenient: Leniencies::ALL.without(leniency), ..DecodeOptions::response() };
        let found = violations(&ORDER, json, &options);
        let (passed, broken): (Vec<_>, Vec<_>) = found.into_iter().partition(|line| line.ends_with(')'));
        assert_eq!((passed.len(), broken.len()), (all.len() - 1, 1), "{}: {passed:?} {broken:?}", leniency.name());
        assert!(!passed.iter().any(|line| line.contains(leniency.name())), "{passed:?}");
    }
}

struct Order<'a> {
    raw: Option<Raw<'a>>,
    id: i64,
    note: Option<Str<'a>>,
}

impl<'a> Decode<'a> for Order<'a> {
    fn decode(r: &mut Reader<'a>, rule: &Rule) -> Option<Self> {
        let (mut id, mut note) = (Slot::default(), Slot::default());
        let mut raw = None;
        if std::ptr::eq(rule, &ORDER) {
            raw = Some(r.object_with_raw(rule, |r, key, rule| match key {
                "id" => id.read(r, rule),
                "note" => note.read_optional(r, rule),
                _ => {}
            })?);
        } else {
            static NOTE: Rule = Rule::string().min_length(1);
            r.object(|r, key| match key {
                "id" => id.read(r, &Rule::ANY),
                "note" => note.read_optional(r, &NOTE),
                _ => r.skip(),
            })?;
        }
        Some(Order { raw, id: id.required(r, "id")?, note: note.optional() })
    }
}

#[test]
fn what_is_read_is_mended_too_and_counted_once() {
    let json = br#"{"id":7.00,"note":null}"#;
    for (rule, whole) in [(&ORDER, Some(r#"{"id":7}"#)), (&Rule::ANY, None)] {
        let Ok(read) = decode::<Order>(json, rule, &DecodeOptions::response()) else { panic!("{rule:?}") };
        assert_eq!((read.value.id, read.value.note.is_none()), (7, true));
        assert_eq!(read.value.raw.as_ref().map(Raw::as_json), whole);
        assert!(read.reported.is_empty());
        let counts = Leniency::ALL.map(|leniency| read.reported.lenient_count(leniency));
        assert_eq!(counts, [1, 0, 0, 1, 0]);
        let strict = DecodeOptions { lenient: Leniencies::NONE, ..DecodeOptions::response() };
        assert!(decode::<Order>(json, rule, &strict).is_err());
    }
    let twice = br#"{"id":7,"note":null,"note":"a"}"#;
    assert!(decode::<Order>(twice, &Rule::ANY, &DecodeOptions::response()).is_err());
    // More than are kept: counted, and what was noted before them stays.
    let many: Vec<String> = (0..40).map(|n| format!(r#"{{"id":"x","note":null,"x":{n}}}"#)).collect();
    static LIST: Rule = Rule::array(&ORDER);
    let Err(DecodeFailure::Invalid(found)) =
        decode::<Raw>(format!("[{}]", many.join(",")).as_bytes(), &LIST, &DecodeOptions::response())
    else {
        panic!("accepted")
    };
    assert_eq!((found.total(), found.lenient().len()), (40, 16));
    assert_eq!(Leniency::ALL.map(|leniency| found.lenient_count(leniency)), [0, 0, 40, 40, 0]);
}

/// An alternative that fits with a leniency is one, also where its clauses ask for nothing but names.
#[test]
fn an_alternative_whose_clauses_need_a_leniency_fits() {
    const ONE_OF_TWO: Clause = Clause::OneOf(&[&[Clause::Required(&["mail"])], &[Clause::Required(&["phone"])]]);
    static PERSON: Rule =
        Rule::object(&[Field::optional("mail", &Rule::string()), Field::optional("phone", &Rule::string())]).open();
    static BY_NAMES: Rule = PERSON.also(&[ONE_OF_TWO]);
    static BY_MORE: Rule = PERSON.also(&[ONE_OF_TWO, Clause::MinProperties(0)]);
    static AMONG: [Rule; 2] = [Rule::any_of(&[&BY_NAMES]), Rule::any_of(&[&BY_MORE])];
    for rule in [AMONG[0], AMONG[1], BY_NAMES, BY_MORE] {
        let json = r#"{"mail":"a@example.com","phone":"1"}"#;
        assert_eq!(violations(&rule, json, &DecodeOptions::response()), [" (several_one_of)"], "{rule:?}");
        assert_eq!(violations(&rule, json, &DecodeOptions::input()).len(), 1, "{rule:?}");
        assert_eq!(violations(&rule, r#"{"mail":"a@example.com"}"#, &DecodeOptions::response()), [""; 0], "{rule:?}");
        assert_eq!(violations(&rule, r#"{"name":"a"}"#, &DecodeOptions::response()).len(), 1, "{rule:?}");
    }
}
