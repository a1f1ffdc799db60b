//! Writing a member of a union together with the tag that tells it.

use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Writes an object with a member `name` of the text `tag`, unless the object has one of that name itself.
pub fn tagged<S: Serializer>(
    serializer: S,
    name: &str,
    tag: &str,
    value: &(impl Serialize + ?Sized),
) -> Result<S::Ok, S::Error> {
    let mut value = serde_json::to_value(value).map_err(S::Error::custom)?;
    if let Value::Object(members) = &mut value {
        members.entry(name).or_insert_with(|| Value::from(tag));
    }
    value.serialize(serializer)
}
