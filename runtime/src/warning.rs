//! What an answer says about parts that are missing.

use crate::json::{JsonBuffer, WriteJson};

/// A call failed, and the answer goes without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The name of the call.
    pub call: &'static str,
    /// The stable code of what happened, such as `upstream_timeout`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: &'static str,
}

impl WriteJson for Warning {
    fn write_json(&self, out: &mut JsonBuffer) {
        let mut object = out.object();
        object.field("call", self.call);
        object.field("code", self.code);
        object.field("message", self.message);
        object.end();
    }
}

/// A call failed, and parts of the answer go without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partial {
    /// The name of the call.
    pub call: &'static str,
    /// The stable code of what happened, such as `upstream_timeout`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: &'static str,
    /// JSON Pointers (RFC 6901) of the fields of the answer that read the call.
    pub parts: &'static [&'static str],
}

impl WriteJson for Partial {
    fn write_json(&self, out: &mut JsonBuffer) {
        let mut object = out.object();
        object.field("call", self.call);
        object.field("code", self.code);
        object.field("message", self.message);
        object.field("parts", self.parts);
        object.end();
    }
}
