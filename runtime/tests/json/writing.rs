//! What the writer writes.

use std::borrow::Cow;

use bff_runtime::json::{DecodeOptions, JsonBuffer, Map, Nullable, Number, Raw, Rule, Str, WriteJson, decode_text};

fn written(value: &(impl WriteJson + ?Sized)) -> String {
    let mut json = JsonBuffer::new();
    json.value(value);
    String::from_utf8(json.into_bytes()).unwrap()
}

#[test]
fn values_have_their_json_form() {
    assert_eq!(written(&true), "true");
    assert_eq!(written(&i64::MIN), "-9223372036854775808");
    assert_eq!(written(&Nullable::<i64>::Null), "null");
    assert_eq!(written(&vec![Some("x")].into_iter().flatten().collect::<Vec<_>>()), "[\"x\"]");
    assert_eq!(written(&Cow::Borrowed("a")), "\"a\"");
    assert_eq!(written(&Box::new([1i64, 2])), "[1,2]");
    assert_eq!(written(&[f64::NAN, f64::INFINITY, 0.1, 1.0, -0.0]), "[null,null,0.1,1,-0]");
    for text in ["1.10", "1e400"] {
        assert_eq!(written(&decode_text::<Number>(text, &Rule::ANY, &DecodeOptions::response()).unwrap().value), text);
    }
    let map =
        decode_text::<Map<i64>>("{ \"\\u0061\" : 1, \"b\" : 2e0 }", &Rule::ANY, &DecodeOptions::response()).unwrap();
    assert_eq!(written(&map.value), "{\"\\u0061\":1,\"b\":2}");
}

#[test]
fn doubles_read_back_as_themselves() {
    for value in [1e300, 5e-324, f64::MAX, 1.5e-7, 123_456_789.123, 1e15, 1e16, 1e21, -2.5] {
        let text = written(&value);
        assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
        assert!(text.len() < 25 && serde_json::from_str::<f64>(&text).is_ok(), "{text}");
    }
}

#[test]
fn texts_are_escaped_as_serde_json_does() {
    let mut all: String = (0..=0x7fu8).map(char::from).collect();
    all.push_str("äöü€😀\u{2028}");
    for text in [all.as_str(), "", "\"", "plain text of more than eight bytes", "1234567\n", "12345678\\9"] {
        let expected = serde_json::to_string(text).unwrap();
        assert_eq!(written(text), expected);
        assert_eq!(written(&Str::plain(text)), expected);
        let read = decode_text::<Str>(&expected, &Rule::ANY, &DecodeOptions::response()).unwrap().value;
        assert_eq!(read, text);
        assert_eq!(written(&read), expected);
        assert_eq!(read, Str::plain(text));
    }
}

#[test]
fn objects_lists_and_spreads() {
    let raw = |text| decode_text::<Raw>(text, &Rule::ANY, &DecodeOptions::response()).unwrap().value;
    let mut json = JsonBuffer::with_capacity(16);
    let mut root = json.object();
    root.field("a", &1i64);
    root.optional("none", &None::<i64>);
    root.optional("some", &Some("x"));
    let mut list = root.array("list");
    list.value(&1i64);
    list.object().end();
    let mut inner = list.array();
    inner.value(&false);
    inner.end();
    list.end();
    root.object("empty").end();
    root.spread(&raw("{ }"), &[]);
    root.spread(&raw("null"), &["x"]);
    root.spread(&raw("{\"p\":1, \"q\":{\"r\":2}}"), &[]);
    root.spread(&raw("{\"k\":1,\"l\":2,\"\\u006d\":3,\"n\":4}"), &["l"]);
    root.spread_only(&raw("{\"t\":1,\"u\":[2],\"v\":3}"), &["u", "v", "w"]);
    root.end();
    let text = String::from_utf8(json.into_bytes()).unwrap();
    assert_eq!(
        text,
        "{\"a\":1,\"some\":\"x\",\"list\":[1,{},[false]],\"empty\":{},\"p\":1, \"q\":{\"r\":2},\
         \"k\":1,\"\\u006d\":3,\"n\":4,\"u\":[2],\"v\":3}"
    );
}
