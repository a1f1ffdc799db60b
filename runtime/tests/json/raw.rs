//! What goes out of values that are carried whole.

use std::fmt::Write;

use bff_runtime::json::{DecodeOptions, Field, Nullable, Raw, Rule, decode};

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
static INNER_LIST: Rule = Rule::array(&INNER);

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
        for item in 0..next(4) {
            let mut keys = vec!["a", "b", "x", "y", "zz"];
            let comma = if item > 0 { "," } else { "" };
            write!(json, "{comma}{{").unwrap();
            for member in 0..next(6).min(keys.len() as u64) {
                let key = keys.remove(next(keys.len() as u64) as usize);
                let value = ["1", "\"t\"", "{\"x\":[{}]}", "[]", "null"][next(5) as usize];
                let space = ["", " ", "\n  "][next(3) as usize];
                write!(json, "{}{space}\"{key}\":{space}{value}{space}", if member > 0 { "," } else { "" }).unwrap();
            }
            json.push('}');
        }
        json.push(']');
        let mut tree: serde_json::Value = serde_json::from_str(&json).unwrap();
        for item in tree.as_array_mut().unwrap() {
            item.as_object_mut().unwrap().retain(|key, _| matches!(key.as_str(), "a" | "b"));
        }
        let cut = raw(&INNER_LIST, &json);
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
