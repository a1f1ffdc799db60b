//! JSON: a reader that decodes and checks in one pass, and a writer into one buffer.
//!
//! Nothing builds a tree. What is read borrows from the body; what goes out whole is carried as text ([`Raw`]),
//! checked by a table ([`Rule`]) and cut to its declared members. JSON Pointers are only made for violations.

mod argument;
mod automaton;
mod block;
mod canonical;
mod check;
mod check_number;
mod check_object;
mod clause;
mod decimal;
mod decode;
mod escape;
mod examine;
mod field;
mod format;
mod format_more;
mod holds;
mod holds_members;
mod key;
mod lane;
mod lenient;
mod multiple;
mod names;
mod number;
mod order;
mod parameter;
mod pattern;
mod pointer;
mod raw;
mod raw_made;
mod reader;
mod rule;
mod rule_written;
mod run;
mod scan;
mod seek;
mod text;
mod union;
mod value;
mod violation;
mod write;
mod write_values;

pub use crate::nullable::Nullable;
pub(crate) use argument::text_violations;
pub use check::check;
pub use clause::{Clause, Clauses};
pub use decode::{Decode, Decoded, Slot, decode, decode_text};
pub(crate) use escape::escape_into;
pub(crate) use examine::examine;
pub use field::Field;
pub use key::Key;
pub use lenient::{Leniencies, Leniency};
pub use number::Number;
pub(crate) use parameter::{member_rule, members_of, value_as_json, wanted};
pub use parameter::{parameter_as_json, parameters_as_json};
pub use pattern::{Format, Pattern};
pub use raw::Raw;
pub use raw_made::RawObject;
pub use reader::{DecodeOptions, JsonType, Reader};
pub use rule::Rule;
pub use text::{Str, Text};
pub use value::Map;
pub use violation::{DecodeFailure, Violation, Violations};
pub use write::{ArrayWriter, JsonBuffer, ObjectWriter, Place, WriteJson};
