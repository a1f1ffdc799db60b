//! Reads `stream` of a call: `true`, or its limits.

use super::keys::{Allowed, members, wrong_kind};
use super::values;
use crate::composition::ast::Stream;
use crate::diag::Diagnostic;
use crate::source::{Member, Spanned, Value};

const ALLOWED: Allowed = Allowed { what: "`stream`", keys: &[&["idle", "max_bytes"]], later: &[], elsewhere: &[] };

/// The stream, unless it is `false`.
pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Stream> {
    let span = member.key_span.to(member.value.span);
    let mut stream = Stream { idle: None, max_bytes: None, span };
    match &member.value.value {
        Value::Bool(wanted) => return wanted.then_some(stream),
        Value::Object(_) => {}
        _ => {
            let wants = "`true`, or its limits: `{ idle: 60s, max_bytes: 1000000 }`";
            out.push(wrong_kind(&member.value, &member.key, wants));
            return None;
        }
    }
    for entry in members(&member.value, &ALLOWED, out) {
        match &*entry.key {
            "idle" => stream.idle = values::duration(entry, out),
            _ => stream.max_bytes = bytes(entry, out),
        }
    }
    Some(stream)
}

/// A number of bytes.
fn bytes(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Spanned<u64>> {
    let node = &member.value;
    let Value::Number(text) = &node.value else {
        out.push(wrong_kind(node, &member.key, "a number of bytes"));
        return None;
    };
    match text.parse::<u64>() {
        Ok(value @ 1..) => Some(Spanned::new(value, node.span)),
        _ => {
            let message = format!("`{}` wants a number of bytes from 1 on, this is {text}", member.key);
            out.push(Diagnostic::error("BFF0307", message, node.span));
            None
        }
    }
}
