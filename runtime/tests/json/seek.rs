//! What is found of the members that are read, against `serde_json`, and what is refused of those that are not.

use bff_runtime::json::{Decode, DecodeFailure, DecodeOptions, Key, Reader, Rule, decode};

use crate::picked::{NAMES, expected, judge, picked};
use crate::tabled;

/// How many documents are tried: few under Miri, which is some thousand times slower.
const fn tries(usual: usize) -> usize {
    if cfg!(miri) { usual / 100 } else { usual }
}

/// Documents that are hard to step over: texts full of quotes, brackets and backslashes, keys that are nearly those that
/// are read, some written with escapes, with and without white space.
struct Documents {
    seed: u64,
    spaces: bool,
}

impl Documents {
    fn below(&mut self, below: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed >> 16) as usize % below
    }

    fn next(&mut self) -> String {
        self.spaces = self.below(3) == 0;
        let mut out = String::new();
        self.object(&mut out, 0);
        out
    }

    fn object(&mut self, out: &mut String, depth: usize) {
        out.push('{');
        for member in 0..self.below(if depth == 0 { 24 } else { 5 }) {
            if member > 0 {
                out.push(',');
            }
            self.space(out);
            self.key(out);
            self.space(out);
            out.push(':');
            self.space(out);
            self.value(out, depth + 1);
            self.space(out);
        }
        out.push('}');
    }

    fn space(&mut self, out: &mut String) {
        if self.spaces {
            for _ in 0..self.below(12) {
                out.push(*[' ', ' ', '\n', '\t', '\r'].get(self.below(5)).unwrap_or(&' '));
            }
        }
    }

    fn key(&mut self, out: &mut String) {
        let name = NAMES[self.below(NAMES.len())];
        let name = match self.below(4) {
            0 => name.to_owned(),
            1 => format!("{name}s"),
            2 => name.chars().take(self.below(name.len())).collect(),
            _ => format!("{}{name}", ["x", "\\", "", "\""][self.below(4)]),
        };
        let escaped = self.below(5) == 0;
        out.push('"');
        for letter in name.chars() {
            match letter {
                '"' | '\\' => out.extend(['\\', letter]),
                letter if escaped && self.below(3) == 0 => out.push_str(&format!("\\u{:04x}", letter as u32)),
                letter => out.push(letter),
            }
        }
        out.push('"');
    }

    fn text(&mut self, out: &mut String) {
        out.push('"');
        for _ in 0..self.below(14) {
            let piece = ["\\\\", "\\\"", ",\\\"id\\\":", "[", "]}", "{", "a", "}", "plain text", "\\u005c", "ä", "_y"];
            let piece = piece[self.below(piece.len())];
            for _ in 0..=self.below(3) {
                out.push_str(piece);
            }
        }
        out.push('"');
    }

    fn value(&mut self, out: &mut String, depth: usize) {
        match self.below(if depth > 4 { 4 } else { 6 }) {
            0 => out.push_str(["true", "false", "null"][self.below(3)]),
            1 => out.push_str(["0", "-1.5e3", "12345678901234567890"][self.below(3)]),
            2 | 3 => self.text(out),
            4 => self.object(out, depth),
            _ => {
                out.push('[');
                for item in 0..self.below(5) {
                    if item > 0 {
                        out.push(',');
                    }
                    self.space(out);
                    self.value(out, depth + 1);
                    self.space(out);
                }
                out.push(']');
            }
        }
    }
}

#[test]
fn members_are_found_as_serde_json_finds_them() {
    let mut documents = Documents { seed: 0x2545_f491_4f6c_dd1d, spaces: false };
    let mut found = 0;
    for _ in 0..tries(4_000) {
        let json = documents.next();
        let expected = expected(&json).expect("JSON");
        found += expected.len();
        assert_eq!(picked(&json).expect("JSON"), expected, "{json}");
    }
    assert!(found > tries(4_000), "only {found} members to find");
}

#[test]
fn what_is_cut_off_is_refused_wherever_it_ends() {
    let mut documents = Documents { seed: 0x9e37_79b9_7f4a_7c15, spaces: false };
    for _ in 0..tries(100) {
        let json = documents.next();
        for end in (0..json.len()).filter(|end| json.is_char_boundary(*end)) {
            let failure = picked(&json[..end]).expect_err(&json[..end]);
            assert!(matches!(failure, DecodeFailure::Syntax { .. }), "{}", &json[..end]);
        }
    }
}

/// Whatever is wrong: what is found is JSON, and nobody panics. What is JSON is found as before.
#[test]
fn broken_documents_give_whole_values_or_none() {
    let mut documents = Documents { seed: 0xd1b5_4a32_d192_ed03, spaces: false };
    for _ in 0..tries(2_000) {
        let mut json = documents.next();
        for _ in 0..=documents.below(3) {
            let places: Vec<usize> = json.char_indices().map(|(place, _)| place).collect();
            let place = places[documents.below(places.len())];
            let end = place + json[place..].chars().next().map_or(0, char::len_utf8);
            let with = ["", "\"", "\\", "{", "}", "[", "]", ",", ":", "y", "\u{1}"][documents.below(11)];
            json.replace_range(place..end, with);
        }
        judge(&json);
    }
}

/// The same of a document that a table speaks of, at every place.
#[test]
fn what_a_table_takes_is_json_however_it_is_written() {
    tabled::judge(tabled::DOCUMENT);
    let pieces = [
        "",
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "0",
        ".",
        "e1",
        "-",
        " ",
        "n",
        "\u{1}",
        "\\u0041",
        "null",
        "\"id\":1,",
    ];
    for (place, character) in tabled::DOCUMENT.char_indices() {
        for piece in pieces {
            for end in [place, place + character.len_utf8()] {
                let mut json = tabled::DOCUMENT.to_owned();
                json.replace_range(place..end, piece);
                tabled::judge(&json);
            }
        }
        tabled::judge(&tabled::DOCUMENT[..place]);
    }
}

/// What nobody reads is looked at for its structure only.
#[test]
fn structure_is_checked_where_nobody_reads() {
    let pad = ",\"pad\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"";
    let deep = |levels: usize| format!("{{\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    let cases = [
        ("{\"x\":[1,2}", Some(9)),
        ("{\"x\":{\"y\":1]}", Some(11)),
        ("{\"x\":1]", Some(6)),
        ("{\"x\":1,}", Some(7)),
        ("{\"x\":1,\"y\":2", Some(12)),
        ("{\"x\":\"text}", Some(11)),
        ("{\"x\":_,\"id\":1}", Some(5)),
        ("{\"x\":1,2}", Some(7)),
        ("{\"x\":1}}", Some(7)),
        ("{\"x\":nil,\"id\":1}", None),
        (&deep(63), None),
        (&deep(64), Some(68)),
    ];
    for (json, offset) in cases {
        for json in [json.to_owned(), json.replacen("{\"x\"", &format!("{{{},\"x\"", &pad[1..]), 1)] {
            let offset = offset.map(|offset| offset + json.find("\"x\"").unwrap_or(0) - 1);
            match (picked(&json), offset) {
                (Ok(_), None) => {}
                (Err(DecodeFailure::Syntax { offset: ours, .. }), Some(offset)) => assert_eq!(ours, offset, "{json}"),
                (result, _) => panic!("{json}: {result:?}"),
            }
        }
    }
}

/// What is wrong is told where it stands, whatever was stepped over before it.
#[test]
fn places_are_right_behind_what_is_no_json() {
    #[derive(Debug)]
    struct Id;
    impl<'a> Decode<'a> for Id {
        fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
            static ID: [Key; 1] = Key::all(["id"]);
            r.object_of(&ID, |r, _| drop(String::decode(r, &Rule::string())))?;
            Some(Id)
        }
    }
    for unread in ["nil", "1 2", "[nil, 1 2]", "\"text\"", "{\"id\" 3}"] {
        let json = format!("{{\"x\":{unread},\"y\":1,\"id\":7}}");
        match decode::<Id>(json.as_bytes(), &Rule::ANY, &DecodeOptions::response()) {
            Err(DecodeFailure::Invalid(found)) => assert_eq!(crate::lines(&found), ["/id type"], "{json}"),
            other => panic!("{json}: {other:?}"),
        }
    }
}
