//! Checks what is to be sent, where the types of its parts do not say that it fits.

use super::request::Request;
use crate::json::{DecodeOptions, JsonBuffer, Rule, examine};

impl<T> Request<'_, T> {
    /// Checks a JSON body by the rule of the operation's request body; nothing written is no body. One that breaks it is
    /// not sent: the call fails with `invalid_argument`, and the log says where.
    pub fn checked(mut self, body: &JsonBuffer, rule: &Rule) -> Self {
        if body.is_empty() {
            return self;
        }
        let options = DecodeOptions { depth: self.cx.runtime.settings().limits.json_depth, ..DecodeOptions::input() };
        let found = examine(body.as_bytes(), rule, &options);
        if !found.is_empty() {
            self.parts.broken = true;
            self.cx.runtime.log().unsendable(self.cx.request_id(), self.parts.operation, &found);
        }
        self
    }
}
