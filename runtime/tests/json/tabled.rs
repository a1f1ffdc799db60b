//! A document checked by a table, as it is and with blanks between its tokens, beside `serde_json`: for the tests here and for
//! the fuzzer.

use bff_runtime::json::{Clause, DecodeFailure, DecodeOptions, Field, Format, Pattern, Raw, Rule, decode};
use serde_json::Value;
use serde_json::value::RawValue;

static CODE: Pattern = Pattern::new("^[a-z]+-[0-9]{1,4}$");
static FIELDS: [Field; 9] = [
    Field::required("id", &Rule::integer().minimum("-5").maximum("1000000")),
    Field::required("status", &Rule::string().one_of(&["\"open\"", "\"closed\""]).nullable()),
    Field::optional("code", &Rule::string().pattern(&CODE)),
    Field::optional("createdAt", &Rule::string().format(Format::DateTime)),
    Field::optional("price", &Rule::number().minimum("0").multiple_of("0.01")),
    Field::optional("aNameThatIsLongerThanSixteen", &Rule::array(&Rule::number()).unique_items().max_items(9)),
    Field::optional("tags", &Rule::array(&Rule::string().min_length(1).max_length(20)).unique_items()),
    Field::optional("paid", &Rule::boolean()),
    Field::optional("parts", &Rule::array(&TABLE)),
];
static TABLE: Rule = Rule::object(&FIELDS)
    .also(&[Clause::DependentRequired(&[("paid", &["price"])]), Clause::Not(&[Clause::Required(&["paid", "unpaid"])])]);

/// A document that is as the table says.
pub const DOCUMENT: &str = r#"{"id":17,"status":"open","code":"order-18","createdAt":"2026-03-01T10:00:00Z","price":12.90,"aNameThatIsLongerThanSixteen":[1,2.5],"tags":["new","sale","a tag of some length"],"paid":true,"parts":[{"id":-5,"status":null,"extra":[{"id":1}],"parts":[]}],"end":"behind it stands more"}"#;

/// Whatever the document is: what is taken is JSON, the verdict is the same with blanks, and so is what goes out.
///
/// # Panics
/// Where that is not so.
pub fn judge(json: &str) {
    let whole = serde_json::from_str::<&RawValue>(json).is_ok();
    let spaced = spaced(json);
    let [read, again] = [json, &spaced].map(|json| decode::<Raw>(json.as_bytes(), &TABLE, &DecodeOptions::response()));
    match (read, again) {
        (Ok(read), Ok(again)) => {
            assert!(whole, "{json}");
            let [out, other] = [read.value.as_json(), again.value.as_json()]
                .map(|out| serde_json::from_str::<&RawValue>(out).expect("JSON"));
            // Numbers beyond doubles are no `Value`.
            if let (Ok(out), Ok(other)) =
                (serde_json::from_str::<Value>(out.get()), serde_json::from_str::<Value>(other.get()))
            {
                assert_eq!(out, other, "{json}");
            }
        }
        (Err(DecodeFailure::Invalid(found)), Err(DecodeFailure::Invalid(other))) => {
            assert!(whole, "{json}");
            assert_eq!(found.to_string(), other.to_string(), "{json}");
        }
        (Err(DecodeFailure::Syntax { problem, .. }), Err(DecodeFailure::Syntax { .. })) => {
            let stricter = ["surrogate", "levels", "byte order mark"].iter().any(|why| problem.contains(why));
            assert!(!whole || stricter, "{json}: {problem}");
        }
        (read, again) => panic!("{read:?}, with blanks {again:?}: {json}"),
    }
}

/// The same JSON with a blank on both sides of whatever stands outside of strings and is no part of a word or a number.
fn spaced(json: &str) -> String {
    let (mut out, mut inside, mut escaped) = (String::with_capacity(2 * json.len()), false, false);
    for character in json.chars() {
        match character {
            '{' | '}' | '[' | ']' | ',' | ':' if !inside => out.extend([' ', character, ' ']),
            _ => out.push(character),
        }
        inside ^= character == '"' && !escaped;
        escaped = inside && character == '\\' && !escaped;
    }
    out
}
