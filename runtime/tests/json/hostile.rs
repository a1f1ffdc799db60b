//! Text that is broken, deep or made to be slow: always an answer, never a panic.

use bff_runtime::json::{DecodeFailure, DecodeOptions, Field, Leniencies, Map, Raw, Rule, Str, decode};
use serde_json::Value;

static PERSON: Rule = Rule::object(&[
    Field::required("name", &Rule::string().min_length(1)),
    Field::optional("tags", &Rule::array(&Rule::string()).unique_items()),
    Field::optional("size", &Rule::any_of(&[&Rule::number().minimum("0"), &Rule::boolean()])),
    Field::optional("friend", &PERSON),
]);
const SAMPLE: &str = r#"{"name":"Zoë \ud83d\ude00 \"q\"","x":[{"y":[true,null]}],"tags":["a","\u00e4"],"size":-1.5e+3,"friend":{"name":"n","size":true}}"#;

fn syntax_error(body: &[u8], rule: &Rule) -> Option<usize> {
    match decode::<Raw>(body, rule, &DecodeOptions::response()) {
        Err(DecodeFailure::Syntax { offset, .. }) => Some(offset),
        _ => None,
    }
}

#[test]
fn a_truncated_document_is_a_syntax_error_at_its_end() {
    for end in 0..SAMPLE.len() {
        for rule in [&PERSON, &Rule::ANY] {
            let offset = syntax_error(&SAMPLE.as_bytes()[..end], rule);
            assert!(offset.is_some_and(|offset| offset <= end), "cut at {end}");
        }
        let map = decode::<Map<Raw>>(&SAMPLE.as_bytes()[..end], &Rule::ANY, &DecodeOptions::response());
        assert!(matches!(map, Err(DecodeFailure::Syntax { .. })));
    }
}

/// Every byte replaced by each of a few: what we take for JSON, serde_json does too, and the other way round.
#[test]
fn what_is_json_is_what_serde_json_takes() {
    for index in 0..SAMPLE.len() {
        for byte in *b"\"\\{}[],:0-.eEtu \n\x01\x7f\x80\xff/" {
            let mut body = SAMPLE.as_bytes().to_vec();
            body[index] = byte;
            let ours = syntax_error(&body, &Rule::ANY).is_none();
            let theirs = serde_json::from_slice::<Value>(&body).is_ok();
            assert_eq!(ours, theirs, "{}", String::from_utf8_lossy(&body));
            assert_eq!(syntax_error(&body, &PERSON).is_none(), ours, "by table: {}", String::from_utf8_lossy(&body));
        }
    }
}

#[test]
fn what_is_read_is_what_serde_json_reads() {
    for json in [
        SAMPLE,
        "\"\\b\\f\\n\\r\\t\\/\\\\\\\"\\u0000\\uFFFF\"",
        "\"\u{7f}\u{80}\u{10ffff}\"",
        "[[],{},[{}],\"\",0,-0.0]",
    ] {
        let raw = decode::<Raw>(json.as_bytes(), &Rule::ANY, &DecodeOptions::response()).unwrap().value;
        assert_eq!(raw.as_json(), json);
        if let Value::String(text) = serde_json::from_str(json).unwrap() {
            let ours = decode::<Str>(json.as_bytes(), &Rule::ANY, &DecodeOptions::response()).unwrap().value;
            assert_eq!(ours, text);
        }
    }
}

#[test]
fn errors_say_where() {
    let cases: &[(&[u8], usize)] = &[
        (b"", 0),
        (b"  ", 2),
        (b"{\"a\":\"\\ud800\"}", 6),
        (b"\"\\udc00\"", 1),
        (b"\"\\ud800\\u0041\"", 1),
        (b"\"\\x\"", 2),
        (b"\"a\nb\"", 2),
        (b"[1 2]", 3),
        (b"[1]x", 3),
        (b"\"\xff\"", 1),
        (b"\"\\u12g4\"", 1),
        (b"{\"a\":1,}", 7),
        (b"{a:1}", 1),
        (b"NaN", 0),
        (b"[1]\0", 3),
    ];
    for (body, expected) in cases {
        assert_eq!(syntax_error(body, &Rule::ANY), Some(*expected), "{}", String::from_utf8_lossy(body));
    }
}

/// Whatever a member or an item should be, what is no JSON is refused as that: `serde_json` knows which is which.
#[test]
fn broken_scalars_are_refused_where_tables_expect_them() {
    static NUMBER: Rule = Rule::number().minimum("-5");
    static INTEGER: Rule = Rule::integer().maximum("100");
    static KIND: Rule = Rule::string().one_of(&["\"a\"", "\"b\""]);
    static TAGS: Rule = Rule::array(&Rule::string());
    static SIZES: Rule = Rule::array(&NUMBER);
    static VALUES: [&Rule; 7] =
        [&NUMBER, &INTEGER, &Rule::string().max_length(40), &Rule::boolean(), &KIND, &TAGS, &SIZES];
    let scalars = [
        "0",
        "-0",
        "01",
        "-01",
        "00",
        "1.",
        "1.e5",
        ".5",
        "-",
        "-a",
        "+1",
        "1e",
        "1e+",
        "1E5",
        "1.5e-3",
        "0x1",
        "1_0",
        "1..2",
        "1.2.3",
        "--1",
        "1-1",
        "12345678901234567890",
        "1.23456789012345678901",
        "tru",
        "true",
        "truex",
        "True",
        "nul",
        "null",
        "false",
        "fals",
        "\"a\"",
        "\"a",
        "a\"",
        "\"a\u{1}\"",
        "\"a\nb\"",
        r#""a\q""#,
        r#""a\n""#,
        r#""\ud800""#,
        r#""\ud83d\ude00""#,
        "\"\u{7f}\"",
        "\"a text that is longer than a register\"",
        "\"a text that is longer \u{2} a register\"",
        "'a'",
        "",
        " ",
        "NaN",
        "[]",
        "[",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,01]",
        "[1.,2]",
        "[\"a\",\"b]",
        "[\"a\",\"a\"]]",
        "[1,2}",
    ];
    for scalar in scalars {
        let member = format!("{{\"value\":{scalar},\"padding\":\"behind it stands more text\"}}");
        let item = format!("[{scalar},{scalar}]                    ");
        for value in VALUES {
            let fields = Box::leak(Box::new([Field::required("value", value)]));
            for (body, rule) in [(&member, Rule::object(fields)), (&item, Rule::array(value))] {
                let refused = serde_json::from_str::<Value>(body).is_err();
                assert_eq!(syntax_error(body.as_bytes(), &rule).is_some(), refused, "{rule:?}: {body}");
            }
        }
    }
}

/// A table may have names that JSON must write with escapes: only those are they.
#[test]
fn what_is_no_key_is_none_of_any_name() {
    let names = ["a\"b", "a\"bcd", "\\", "a\nbcdefgh", "\u{1}bcdefghijkl", "a\"bcdefghijklmnopqrstuvwxyz"];
    static TEXT: Rule = Rule::string();
    for name in names {
        let rule = Rule::object(Box::leak(Box::new([Field::optional(name, &TEXT)])));
        let key = serde_json::to_string(name).expect("a text");
        for value in ["\"a\"", "1"] {
            let found = crate::violations(&rule, &format!("{{{key}:{value},\"other\":1}}"), &DecodeOptions::input());
            assert_eq!(found.is_empty(), value != "1", "{name:?}: {found:?}");
        }
        for byte in ["\0", "\u{1}", " ", "a", "\u{7f}"] {
            for count in 1..32 {
                let body = format!("{{{}\"a text\",\"other\":\"of more than a few bytes\"}}", byte.repeat(count));
                assert!(syntax_error(body.as_bytes(), &rule).is_some(), "{name:?}: {body:?}");
            }
        }
    }
}

#[test]
fn a_member_twice_is_refused_in_every_order() {
    static THREE: Rule = Rule::object(&[
        Field::optional("a", &Rule::integer()),
        Field::optional("b", &Rule::integer()),
        Field::optional("c", &Rule::integer()),
    ]);
    let names = ["a", "b", "c", "other"];
    for order in 0..names.len().pow(4) {
        let keys: Vec<&str> = (0..4).map(|place| names[order / names.len().pow(place) % names.len()]).collect();
        let members: Vec<String> = keys.iter().map(|key| format!("\"{key}\":1")).collect();
        let twice = names[..3].iter().any(|name| keys.iter().filter(|key| key == &name).count() > 1);
        for body in [format!("{{{}}}", members.join(",")), format!("{{ {} }}", members.join(" , "))] {
            let found = crate::violations(&THREE, &body, &DecodeOptions::response());
            assert_eq!(found.iter().any(|found| found.ends_with(" duplicate")), twice, "{body}: {found:?}");
        }
    }
}

/// RFC 8259, 8.1: nobody may send one, and in front it is no part of a text.
#[test]
fn a_byte_order_mark_is_refused_whatever_is_expected() {
    static TEXT: Rule = Rule::string();
    static LIST: Rule = Rule::array(&Rule::ANY);
    static EITHER: Rule = Rule::any_of(&[&TEXT, &LIST, &PERSON]);
    for json in ["", "1", "null", "\"\u{feff}\"", "[]", "{\"name\":\"a\"}", "\u{feff}1"] {
        for rule in [&Rule::ANY, &TEXT, &LIST, &PERSON, &EITHER] {
            for full in [false, true] {
                let options = DecodeOptions { full, ..DecodeOptions::response() };
                let marked = format!("\u{feff}{json}");
                let Err(DecodeFailure::Syntax { offset, problem }) = decode::<Raw>(marked.as_bytes(), rule, &options)
                else {
                    panic!("taken: {json}");
                };
                assert!(offset == 0 && problem.contains("byte order mark"), "{json}: {offset} {problem}");
            }
        }
    }
    assert_eq!(syntax_error("\"\u{feff}\"".as_bytes(), &TEXT), None);
}

#[test]
fn depth_is_limited() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    static LIST: Rule = Rule::array(&Rule::ANY);
    for rule in [&Rule::ANY, &LIST] {
        assert_eq!(syntax_error(nested(64).as_bytes(), rule), None);
        assert_eq!(syntax_error(nested(65).as_bytes(), rule), Some(64));
        assert!(syntax_error("[{\"a\":".repeat(100_000).as_bytes(), rule).is_some());
    }
    let wide = format!("[{}[]]", "[[]],".repeat(1000));
    assert_eq!(syntax_error(wide.as_bytes(), &LIST), None);
    // Members and items of tables, however they are written.
    static TEXTS: Rule = Rule::array(&Rule::string());
    static LISTS: Rule = Rule::array(&TEXTS);
    static TAGGED: Rule = Rule::object(&[Field::required("tags", &TEXTS)]);
    static NESTED: Rule = Rule::object(&[Field::required("inner", &TAGGED)]);
    let bodies: [(&Rule, &str, u32); 6] = [
        (&TAGGED, r#"{"tags":["a","b","a text of many characters"],"other":1}"#, 2),
        (&TAGGED, r#"{"tags":[],"other":1}"#, 2),
        (&TAGGED, r#"{ "tags" : [ "a" ] }"#, 2),
        (&NESTED, r#"{"inner":{"tags":["a","b","a text of many characters"]}}"#, 3),
        (&LISTS, r#"[["a","b","a text of many characters"],[]]"#, 2),
        (&LISTS, r#"[ ["a"] ]"#, 2),
    ];
    for (rule, body, levels) in bodies {
        for depth in 0..5 {
            let options = DecodeOptions { depth, ..DecodeOptions::response() };
            let refused = matches!(decode::<Raw>(body.as_bytes(), rule, &options), Err(DecodeFailure::Syntax { .. }));
            assert_eq!(refused, depth < levels, "{depth} levels: {body}");
        }
    }
}

#[test]
fn unions_within_unions_end() {
    static LEFT: Rule = Rule::object(&[Field::optional("child", &EITHER), Field::required("left", &Rule::boolean())]);
    static RIGHT: Rule = Rule::object(&[Field::optional("child", &EITHER), Field::required("right", &Rule::boolean())]);
    static EITHER: Rule = Rule::any_of(&[&LEFT, &RIGHT]);
    let nested =
        |depth: usize| format!("{}{{\"right\":true}}{}", "{\"child\":".repeat(depth), ",\"right\":true}".repeat(depth));
    assert_eq!(syntax_error(nested(5).as_bytes(), &EITHER), None);
    assert!(syntax_error(nested(60).as_bytes(), &EITHER).is_some());
}

#[test]
fn unique_items_of_a_long_list_take_no_square() {
    static LIST: Rule = Rule::array(&Rule::ANY).unique_items();
    let body = format!("[{}0]", (1..100_000).map(|item| format!("{item},")).collect::<String>());
    assert!(decode::<Raw>(body.as_bytes(), &LIST, &DecodeOptions::response()).is_ok());
}

#[test]
fn a_long_name_is_told_in_short() {
    static CLOSED: Rule = Rule::object(&[]).closed();
    let options = DecodeOptions { lenient: Leniencies::NONE, ..DecodeOptions::response() };
    let name = "~ä".repeat(500_000);
    let Err(DecodeFailure::Invalid(found)) = decode::<Raw>(format!("{{\"{name}\":1}}").as_bytes(), &CLOSED, &options)
    else {
        panic!("refused")
    };
    let pointers: Vec<&str> = found.iter().map(|violation| violation.pointer.as_str()).collect();
    assert_eq!(pointers, [format!("/{}...", "~0ä".repeat(50))]);
}
