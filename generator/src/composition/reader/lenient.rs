//! Reads `lenient`: `true` or `false` for all leniencies, or a mapping that says it of each by name.

use super::keys::{Allowed, members, wrong_kind};
use super::values;
use crate::composition::ast::{Leniency, Lenient};
use crate::diag::Diagnostic;
use crate::source::{Member, Value};

pub(super) const ALLOWED: Allowed = Allowed {
    what: "`lenient`",
    keys: &[&["integral_floats", "unknown_enum_members", "extra_fields", "null_for_absent", "several_one_of"]],
    later: &[],
    elsewhere: &[],
};

pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Lenient> {
    let node = &member.value;
    let said = match &node.value {
        Value::Bool(all) => Leniency::ALL.iter().map(|leniency| (*leniency, *all)).collect(),
        Value::Object(_) => {
            let each = members(node, &ALLOWED, out);
            let each = each.into_iter().filter_map(|entry| {
                let leniency = Leniency::ALL.iter().find(|leniency| leniency.name() == &*entry.key)?;
                Some((*leniency, values::flag(entry, out)?.value))
            });
            each.collect()
        }
        _ => {
            let help = "Write `lenient: false`, or a mapping such as `{extra_fields: false}`.";
            out.push(wrong_kind(node, "lenient", "`true`, `false` or a mapping").help(help));
            return None;
        }
    };
    Some(Lenient { said, span: node.span })
}
