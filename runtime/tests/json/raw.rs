//! What goes out of values that are carried whole.

use std::fmt::Write;

use bff_runtime::json::{
    Decode, DecodeFailure, DecodeOptions, Field, Map, Nullable, Raw, Reader, Rule, Slot, Str, decode,
};

use crate::raw;

static INNER: Rule = Rule::object(&[Field::optional("a", &Rule::ANY), Field::optional("b", &Rule::ANY)]);
static OUTER: Rule = Rule::object(&[
    Field::optional("inner", &INNER),
    Field::optional("list", &Rule::array(&INNER)),
    Field::optional("aNameOfTwelve", &Rule::integer()),
    Field::optional("aNameThatIsLongerThanSixteen", &Rule::integer()),
]);
static CARD: Rule =
    Rule::object(&[Field::required("type", &Rule::string().one_of(&["\"card\""])), Field::optional("n", &Rule::ANY)]);
static CASH: Rule =
    Rule::object(&[Field::required("type", &Rule::string().one_of(&["\"cash\""])), Field::optional("m", &Rule::ANY)]);
static TAGGED: Rule = Rule::tagged("type", &[("card", &CARD), ("cash", &CASH)]).otherwise(&INNER);
static MIXED: Rule = Rule::object(&[
    Field::optional("pay", &Rule::one_of_rules(&[&CARD, &CASH])),
    Field::optional("z", &Rule::any_of(&[&INNER, &OUTER])),
]);

static CASES: &[(&Rule, &str, &str)] = &[
    (&INNER, "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2}"),
    (&INNER, "{\"x\":0,\"a\":1}", "{\"a\":1}"),
    (&INNER, "{\"a\":1,\"x\":0}", "{\"a\":1}"),
    (&INNER, "{\"a\":1,\"x\":0,\"b\":2}", "{\"a\":1,\"b\":2}"),
    (&INNER, "{\"x\":0,\"y\":[1,{\"a\":2}],\"a\":1,\"z\":0,\"zz\":0}", "{\"a\":1}"),
    (&INNER, "{\"x\":0,\"y\":0}", "{}"),
    (&INNER, "{\"x\":0}", "{}"),
    (&INNER, "{}", "{}"),
    (&INNER, " { \"x\" : 0 , \"a\" : 1 } ", "{\"a\" : 1 }"),
    (&OUTER, "{\"x\":1,\"inner\":{\"x\":1,\"a\":{\"x\":1}},\"y\":1}", "{\"inner\":{\"a\":{\"x\":1}}}"),
    (
        &OUTER,
        "{\"x\":1,\"list\":[{\"x\":1},{\"a\":1,\"x\":1},{}],\"inner\":{\"b\":1}}",
        "{\"list\":[{},{\"a\":1},{}],\"inner\":{\"b\":1}}",
    ),
    (&OUTER, "{\"aNameOfTwelvf\":1,\"aNameOfTwelve\":2,\"aNameOfTwelveX\":3}", "{\"aNameOfTwelve\":2}"),
    (
        &OUTER,
        "{\"aNameThatIsLongexThanSixteen\":1,\"aNameThatIsLongerThanSixteen\":2}",
        "{\"aNameThatIsLongerThanSixteen\":2}",
    ),
    (&OUTER, "{\"\\u0069nner\":{\"\\u0061\":1,\"\\u0078\":1}}", "{\"\\u0069nner\":{\"\\u0061\":1}}"),
    // told by the tag, though the other has more of these members
    (&TAGGED, "{\"m\":1,\"n\":2,\"type\":\"cash\"}", "{\"m\":1,\"type\":\"cash\"}"),
    (&TAGGED, "{\"a\":1,\"b\":2,\"n\":3,\"type\":\"new\"}", "{\"a\":1,\"b\":2}"),
    (&MIXED, "{\"x\":1,\"pay\":{\"m\":1,\"n\":2,\"type\":\"cash\"},\"y\":1}", "{\"pay\":{\"m\":1,\"type\":\"cash\"}}"),
    (&MIXED, "{\"pay\":{\"m\":1,\"n\":2,\"type\":\"card\"}}", "{\"pay\":{\"n\":2,\"type\":\"card\"}}"),
    (&MIXED, "{\"z\":{\"inner\":{\"a\":1,\"x\":1},\"x\":1}}", "{\"z\":{\"inner\":{\"a\":1}}}"),
    (
        &Rule::object(&[Field::optional("a", &INNER)]).open(),
        "{\"q\":1,\"a\":{\"x\":1},\"r\":2}",
        "{\"q\":1,\"a\":{},\"r\":2}",
    ),
    (&Rule::map(&INNER), "{\"q\":{\"x\":1,\"a\":1},\"r\":{}}", "{\"q\":{\"a\":1},\"r\":{}}"),
    (&INNER.nullable(), "null", "null"),
    (&Rule::ANY, " [1.10, 1e400, \"\\/\"] ", "[1.10, 1e400, \"\\/\"]"),
];

#[test]
fn only_declared_members_go_out() {
    for (rule, json, expected) in CASES {
        assert_eq!(raw(rule, json), *expected, "{json}");
        assert!(serde_json::from_str::<&serde_json::value::RawValue>(expected).is_ok());
    }
}

#[test]
fn several_raw_values_of_one_body_are_cut_each() {
    let body = b"[{\"x\":1,\"a\":1},{\"a\":2},null]";
    static RULE: Rule = Rule::array(&INNER);
    let found = decode::<Vec<Nullable<Raw>>>(body, &RULE, &DecodeOptions::response()).unwrap().value;
    let texts: Vec<_> = found.iter().map(|raw| raw.as_option().map(|raw| raw.as_json())).collect();
    assert_eq!(texts, [Some("{\"a\":1}"), Some("{\"a\":2}"), None]);
}

static FIVE: Rule = Rule::object(&[
    Field::optional("dd", &Rule::ANY),
    Field::optional("a", &Rule::ANY),
    Field::optional("aNameOfTwelve", &Rule::ANY),
    Field::optional("b", &Rule::ANY),
    Field::optional("c", &Rule::ANY),
]);
static FIVE_LIST: Rule = Rule::array(&FIVE);

/// Members of any order and any mix of declared and undeclared, against what serde_json makes of them.
#[test]
fn cutting_agrees_with_a_tree() {
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut next = |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    for _ in 0..2000 {
        let mut json = String::from("[");
        let mut before = Vec::new();
        for item in 0..next(5) {
            // Mostly in the order of the object before.
            let mut keys = vec!["a", "b", "c", "dd", "aNameOfTwelve", "x", "y", "zz"];
            if next(3) > 0 {
                keys = std::mem::take(&mut before).into_iter().chain(keys).collect();
                let mut seen = Vec::new();
                keys.retain(|key| {
                    !seen.contains(key) && {
                        seen.push(*key);
                        true
                    }
                });
            }
            let comma = if item > 0 { "," } else { "" };
            write!(json, "{comma}{{").unwrap();
            for member in 0..next(8) {
                let other = if next(4) == 0 { next(keys.len() as u64) as usize } else { 0 };
                let key = keys.remove(other);
                before.push(key);
                let value = ["1", "\"t\"", "{\"x\":[{}]}", "[]", "null"][next(5) as usize];
                let space = ["", " ", "\n  "][next(3) as usize];
                write!(json, "{}{space}\"{key}\":{space}{value}{space}", if member > 0 { "," } else { "" }).unwrap();
            }
            json.push('}');
        }
        json.push(']');
        let mut tree: serde_json::Value = serde_json::from_str(&json).unwrap();
        for item in tree.as_array_mut().unwrap() {
            item.as_object_mut().unwrap().retain(|key, _| !matches!(key.as_str(), "x" | "y" | "zz"));
        }
        let cut = raw(&FIVE_LIST, &json);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&cut).unwrap_or_default(), tree, "{json} became {cut}");
    }
}

#[test]
fn a_table_of_many_fields_works_as_a_small_one() {
    static ANY: Rule = Rule::ANY;
    let fields: Vec<Field> = (0..150)
        .map(|index| {
            let name: &'static str = format!("field{index}").leak();
            if index % 3 == 0 { Field::required(name, &ANY) } else { Field::optional(name, &ANY) }
        })
        .collect();
    let rule = Rule::object(fields.leak());
    let member = |index: usize| format!("\"field{index}\":{index}");
    let all = format!("{{{}}}", (0..150).map(member).collect::<Vec<_>>().join(","));
    assert_eq!(raw(&rule, &all), all);
    let some = format!("{{{}}}", (0..150).rev().filter(|index| *index != 99).map(member).collect::<Vec<_>>().join(","));
    assert_eq!(crate::violations(&rule, &some, &DecodeOptions::response()), ["/field99 required"]);
    let twice = all.replace('}', ",\"field149\":0}");
    assert_eq!(crate::violations(&rule, &twice, &DecodeOptions::response()), ["/field149 duplicate"]);
}

/// A page that goes out whole, and of which `size`, `items` and `more` are read; its items do both too.
#[derive(Debug)]
struct Page<'a> {
    raw: Raw<'a>,
    size: i64,
    items: Vec<Item<'a>>,
    more: Option<Nullable<Map<'a, Raw<'a>>>>,
}

#[derive(Debug)]
struct Item<'a> {
    raw: Raw<'a>,
    id: Str<'a>,
}

static TAG: Rule = Rule::string().max_length(3);
static ITEM: Rule = Rule::object(&[Field::required("id", &Rule::string()), Field::optional("tag", &TAG)]);
static MORE: Rule = Rule::map(&INNER);
static PAGE: Rule = Rule::object(&[
    Field::required("size", &Rule::integer().minimum("1")),
    Field::required("items", &Rule::array(&ITEM)),
    Field::optional("more", &Rule::nullable_of(&MORE)),
    Field::optional("note", &TAG),
]);

impl<'a> Decode<'a> for Page<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let (mut size, mut items, mut more) = (Slot::default(), Slot::default(), Slot::default());
        let raw = r.object_with_raw(&PAGE, |r, key, rule| match key {
            "size" => size.read(r, rule),
            "items" => items.read(r, rule),
            "more" => more.read(r, rule),
            _ => {}
        })?;
        let (size, items) = (size.required(r, "size"), items.required(r, "items"));
        Some(Page { raw, size: size?, items: items?, more: more.optional() })
    }
}

impl<'a> Decode<'a> for Item<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let mut id = Slot::default();
        let raw = r.object_with_raw(&ITEM, |r, key, rule| {
            if key == "id" {
                id.read(r, rule)
            }
        })?;
        Some(Item { raw, id: id.required(r, "id")? })
    }
}

#[test]
fn what_goes_out_and_is_read_is_cut_once_at_every_level() {
    let json = r#"{"x":0,"more":{"k":{"x":1,"a":2}},"i\u0074ems":[{"x":1,"id":"a"},{"id":"b","x":[{}]}],"y":1,"size":2,"z":0}"#;
    let read = |options: &DecodeOptions| {
        let page = decode::<Page>(json.as_bytes(), &Rule::ANY, options).unwrap().value;
        let ids: Vec<String> = page.items.iter().map(|item| item.id.to_string()).collect();
        assert_eq!((page.size, ids.join(" ").as_str()), (2, "a b"));
        let more = page.more.and_then(Nullable::into_option).and_then(|more| Some(more.get("k")?.as_json().to_owned()));
        let items: Vec<String> = page.items.iter().map(|item| item.raw.as_json().to_owned()).collect();
        (page.raw.as_json().to_owned(), items, more)
    };
    let (whole, items, more) = read(&DecodeOptions::response());
    assert_eq!(whole, r#"{"more":{"k":{"a":2}},"i\u0074ems":[{"id":"a"},{"id":"b"}],"size":2}"#);
    assert_eq!(items, [r#"{"id":"a"}"#, r#"{"id":"b"}"#]);
    assert_eq!(more.as_deref(), Some(r#"{"a":2}"#));
    let (whole, items, _) = read(&DecodeOptions { keep_undeclared: true, ..DecodeOptions::response() });
    assert_eq!((whole.as_str(), items[0].as_str()), (json, r#"{"x":1,"id":"a"}"#));
}

#[test]
fn what_goes_out_and_is_read_is_checked_whole() {
    let report = DecodeOptions { report_invalid: true, ..DecodeOptions::response() };
    let found = |json: &str, options: &DecodeOptions| match decode::<Page>(json.as_bytes(), &Rule::ANY, options) {
        Ok(decoded) => (true, crate::lines(&decoded.reported)),
        Err(DecodeFailure::Invalid(violations)) => (false, crate::lines(&violations)),
        Err(failure) => panic!("{json}: {failure}"),
    };
    let cases: &[(&str, bool, &[&str])] = &[
        (r#"{"size":1,"items":[],"more":null,"note":"long"}"#, true, &["/note maxLength"]),
        (r#"{"size":0,"items":[{"id":"a","tag":"long"}]}"#, true, &["/size minimum", "/items/0/tag maxLength"]),
        (r#"{"size":1,"items":[],"size":2}"#, false, &["/size duplicate"]),
        (r#"{"items":[{"tag":"a"}]}"#, false, &["/items/0/id required", "/size required"]),
        (r#"{"size":1e30,"items":[]}"#, false, &["/size type"]),
        (r#"{"size":"1","items":{}}"#, false, &["/size type", "/items type"]),
        (r#"[]"#, false, &[" type"]),
    ];
    for (json, passes_where_reported, expected) in cases {
        assert_eq!(
            found(json, &DecodeOptions::response()),
            (false, expected.iter().map(|e| e.to_string()).collect()),
            "{json}"
        );
        assert_eq!(found(json, &report).0, *passes_where_reported, "{json}");
    }
}
