//! Checks what is to be sent, where the types of its parts do not say that it fits.

use super::content::Content;
use super::param::Param;
use super::request::Request;
use crate::json::{DecodeOptions, JsonBuffer, Rule, Violations, examine, text_violations, value_as_json};
use crate::style::ParamValue;

/// A request body that is checked by the schema of its operation before it is sent.
pub trait Sendable {
    /// What is wrong with it. Of a body that is not there: nothing.
    fn violations(&self, rule: &'static Rule, options: &DecodeOptions) -> Violations;
}

impl Sendable for JsonBuffer {
    fn violations(&self, rule: &'static Rule, options: &DecodeOptions) -> Violations {
        if self.is_empty() { Violations::default() } else { examine(self.as_bytes(), rule, options) }
    }
}

impl Sendable for Content {
    fn violations(&self, rule: &'static Rule, options: &DecodeOptions) -> Violations {
        self.text().map_or_else(Violations::default, |text| text_violations(rule, text, options))
    }
}

impl<T> Request<'_, T> {
    /// Checks the body by the rule of the operation's request body. One that breaks it is not sent: the call fails with
    /// `invalid_argument`, and the log says where.
    pub fn check_body(self, body: &impl Sendable, rule: &'static Rule) -> Self {
        let found = body.violations(rule, &self.sent());
        self.with_body(&found)
    }

    pub(super) fn with_body(mut self, found: &Violations) -> Self {
        if !found.is_empty() {
            self.parts.broken = true;
            self.cx.runtime.log().unsendable_body(self.cx.request_id(), self.parts.operation, found);
        }
        self
    }

    /// Checks an argument by the rule of its parameter; one that is absent has none. One that breaks it is not sent: the
    /// call fails with `invalid_argument`, and the log says which parameter.
    pub fn check_param(self, name: &str, value: &(impl Param + ?Sized), rule: &'static Rule) -> Self {
        let options = self.sent();
        if is_surely_valid(value, rule, &options) {
            return self;
        }
        let found = match value.value() {
            ParamValue::Absent => Violations::default(),
            value => examine(value_as_json(rule, &value).as_bytes(), rule, &options),
        };
        self.with_param(name, &found)
    }

    /// The same of a parameter that is JSON (`content: application/json`).
    pub fn check_json_param(self, name: &str, value: &ParamValue<'_>, rule: &'static Rule) -> Self {
        let found = match value {
            ParamValue::Text(json) => examine(json.as_bytes(), rule, &self.sent()),
            _ => Violations::default(),
        };
        self.with_param(name, &found)
    }

    fn with_param(mut self, name: &str, found: &Violations) -> Self {
        if !found.is_empty() {
            self.parts.broken = true;
            self.cx.runtime.log().unsendable_param(self.cx.request_id(), self.parts.operation, name, found);
        }
        self
    }

    /// How what is sent is checked: by the letter.
    pub(super) fn sent(&self) -> DecodeOptions {
        DecodeOptions { depth: self.cx.runtime.settings().limits.json_depth, ..DecodeOptions::input() }
    }
}

/// Whether each text of a value is valid, seen without building anything. Of what has no text, this does not tell.
fn is_surely_valid(value: &(impl Param + ?Sized), rule: &'static Rule, options: &DecodeOptions) -> bool {
    let (each, least, most) = rule.list().unwrap_or((rule, 0, 1));
    let (mut fits, mut count) = (true, 0);
    value.each_text(&mut |text| {
        count += 1;
        fits = fits && each.surely_takes(text, options);
    });
    fits && count > 0 && (least..=most).contains(&count)
}
