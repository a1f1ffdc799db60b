//! JSON and YAML: values, places, and what is broken.

use super::*;

#[test]
fn texts_become_values() {
    let cases = [
        (r#"{"a": [1, -0.5e3, true, null, "x\n\u00e9\ud83d\ude00"]}"#, r#"{"a":[1,-500.0,true,null,"x\né😀"]}"#),
        ("\u{feff}{\"a\": 1.10}\r\n", r#"{"a":1.1}"#),
        ("[]", "[]"),
        ("{\"a\": 1,}", r#"{"a":1}"#),
        ("{a: 1, b: [x, y]}", r#"{"a":1,"b":["x","y"]}"#),
        (
            "a: yes\nb: ~\nc: 0x1F\nd: 0o17\ne: +.5\nf: 007\ng: 1_0\nh: TRUE",
            r#"{"a":"yes","b":null,"c":31,"d":15,"e":0.5,"f":7,"g":"1_0","h":true}"#,
        ),
        ("200: {ok: '200'}\ntrue: 1\n? plain\n: 2", r#"{"200":{"ok":"200"},"true":1,"plain":2}"#),
        ("a: !!str 1\nb: !!int '2'\nc: 2020-01-01\nd: 1e3", r#"{"a":"1","b":2,"c":"2020-01-01","d":1000.0}"#),
        ("\u{feff}a: 1\r\nb: |\r\n  x\r\n  y\r\n", r#"{"a":1,"b":"x\ny\n"}"#),
        (
            "base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\n  z: 4",
            r#"{"base":{"x":1,"y":2},"mine":{"x":1,"y":3,"z":4}}"#,
        ),
        (
            "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], \"<<\": q}",
            r#"{"a":{"x":1},"b":{"x":2,"y":2},"c":{"x":1,"y":2,"<<":"q"}}"#,
        ),
        ("a: &x [1]\nb: *x\n*x : c", ""),
        ("- - a\n  - b\n-", r#"[["a","b"],null]"#),
    ];
    for (text, json) in cases {
        let (node, found, _) = read(text);
        assert_eq!(node.map_or(String::new(), |node| to_json(&node).to_string()), json, "{text}: {found:?}");
    }
}

#[test]
fn every_value_knows_where_it_stands() {
    // what each scalar's span covers, and what its verbatim text is
    let text = "# é ü 😀\nk: plain é text  # no\n'q k': \"double\"\ns: 'it''s'\nf: >\n  fo\n  ld\nl: [ a , \"b\" ]\nm:\n  n: 1\n\n";
    let bom = format!("\u{feff}{text}");
    for text in [text.to_owned(), text.replace('\n', "\r\n"), bom] {
        let (node, found, sources) = read(&text);
        let node = node.expect("it is valid");
        assert!(found.is_empty(), "{found:?}");
        let covered = |path: &[&str]| {
            path.iter().fold(&node, |node, key| node.get(key).expect("the key is there")).span.text(&sources)
        };
        assert_eq!(covered(&["k"]), "plain é text");
        assert_eq!(covered(&["q k"]), "\"double\"");
        assert_eq!(covered(&["s"]), "'it''s'");
        assert_eq!(covered(&["l"]), "[ a , \"b\" ]");
        assert_eq!(covered(&["m"]), "n: 1");
        assert_eq!(node.member("q k").map(|m| m.key_span.text(&sources)), Some("'q k'"));
        let Some(Value::String(plain)) = node.get("k").map(|n| &n.value) else { panic!("a text") };
        let at = plain.verbatim_at.expect("it stands byte for byte") as usize;
        assert!(text[at..].starts_with("plain é text"));
        let Some(Value::String(doubled)) = node.get("s").map(|n| &n.value) else { panic!("a text") };
        assert_eq!(doubled.verbatim_at, None);
        let span = node.get("q k").expect("the key is there").span;
        assert_eq!(span.place(&sources), Place { line: 3, column: 8 });
    }
    let (node, _, sources) = read("{\n  \"é\": {\"b\": \"x\\ty\", \"c\": [12]}}");
    let inner = node.as_ref().and_then(|n| n.get("é")).expect("the key is there");
    assert_eq!(inner.span.text(&sources), "{\"b\": \"x\\ty\", \"c\": [12]}");
    assert_eq!(inner.get("c").map(|n| n.span.place(&sources)), Some(Place { line: 2, column: 27 }));
}

#[test]
fn broken_texts_are_reported() {
    let deep_json = "[".repeat(100_000);
    let deep_yaml = "- ".repeat(100_000);
    let bomb = {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..9 {
            let list = vec![format!("*a{}", i - 1); 10].join(", ");
            text.push_str(&format!("a{i}: &a{i} [{list}]\n"));
        }
        text
    };
    let cases: [(&str, &[&str]); 15] = [
        ("", &["BFF0109 1:1"]),
        ("\u{feff} \n ", &["BFF0109 1:1"]),
        ("{\"a\": 1 \"b\": 2}", &["BFF0104 1:9"]),
        ("{\"a\": \"x", &["BFF0104 1:9"]),
        ("{\"a\": 01}", &["BFF0104 1:8"]),
        ("{\"a\": 1} x", &["BFF0104 1:10"]),
        ("{\"a\": 1, \"a\": 2, \"a\": 3}", &["BFF0106 1:10", "BFF0106 1:18"]),
        ("a: 1\nb: 2\na: 3", &["BFF0106 3:1"]),
        ("a: b: c", &["BFF0105 1:5"]),
        ("a: 1\n---\nb: 2", &["BFF0105 2:1"]),
        ("[x]: 1", &["BFF0105 1:1"]),
        ("a: &a [*a]", &["BFF0107 1:8"]),
        (&bomb, &["BFF0107 6:45"]),
        (&deep_json, &["BFF0108 1:257"]),
        (&deep_yaml, &["BFF0108 1:513"]),
    ];
    for (text, codes) in cases {
        let (_, found, sources) = read(text);
        assert_eq!(findings(&found, &sources), codes, "{} {found:?}", &text[..text.len().min(60)]);
    }
    let mut sources = Sources::default();
    let code = |result: Result<_, Diagnostic>| result.err().map(|d| d.code);
    assert_eq!(code(add_bytes(&mut sources, "x", vec![b'a', 0xff])), Some("BFF0102"));
    assert_eq!(code(add_bytes(&mut sources, "x", vec![b' '; MAX_BYTES + 1])), Some("BFF0103"));
}
