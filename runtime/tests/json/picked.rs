//! The members that are read of a document, by our reader and by `serde_json`: for the tests here and for the fuzzer.

use std::fmt;

use bff_runtime::json::{Decode, DecodeFailure, DecodeOptions, Key, Raw, Reader, Rule, decode};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The keys that are read.
pub const NAMES: [&str; 6] =
    ["id", "status", "createdAt", "aNameThatIsLongerThanSixteen", "with \"quotes\" in it", "tschüß"];
static KEYS: [Key; 6] = Key::all(NAMES);

/// The members with one of the keys, as they stand.
struct Picked<'a>(Vec<(&'static str, Raw<'a>)>);

impl<'a> Decode<'a> for Picked<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let mut picked = Vec::new();
        r.object_of(&KEYS, |r, key| picked.extend(Raw::decode(r, &Rule::ANY).map(|value| (key, value))))?;
        Some(Picked(picked))
    }
}

/// The members that our reader finds, as they stand.
///
/// # Errors
/// What it says of a document that it refuses.
pub fn picked(json: &str) -> Result<Vec<(String, String)>, DecodeFailure> {
    let decoded = decode::<Picked>(json.as_bytes(), &Rule::ANY, &DecodeOptions::response())?;
    Ok(decoded.value.0.into_iter().map(|(key, value)| (key.to_owned(), value.as_json().to_owned())).collect())
}

/// The same by `serde_json`.
///
/// # Panics
/// Where it refuses the document.
pub fn expected(json: &str) -> Vec<(String, String)> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, String)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all = Vec::new();
            while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                all.push((key, value.get().to_owned()));
            }
            Ok(all)
        }
    }
    let mut members = serde_json::Deserializer::from_str(json).deserialize_map(Members).expect("JSON");
    members.retain(|(key, _)| NAMES.contains(&key.as_str()));
    members
}

/// Whatever the document is: what is found is JSON; and if it is JSON, the same is found as by `serde_json`.
///
/// # Panics
/// Where that is not so.
pub fn judge(json: &str) {
    let whole = serde_json::from_str::<&RawValue>(json).is_ok_and(|raw| raw.get().starts_with('{'));
    match picked(json) {
        Ok(found) if whole => assert_eq!(found, expected(json), "{json}"),
        Ok(found) => {
            let json = |(_, value): &(String, String)| serde_json::from_str::<&RawValue>(value).is_ok();
            assert!(found.iter().all(json), "{found:?}");
        }
        // What it steps over, `serde_json` does not look at for halves of surrogate pairs, and it knows no depth.
        Err(DecodeFailure::Syntax { problem, .. }) => {
            let stricter = problem.contains("surrogate") || problem.contains("levels");
            assert!(!whole || stricter, "{json}: {problem}");
        }
        Err(DecodeFailure::Invalid(_)) => assert!(!whole, "{json}"),
    }
}
