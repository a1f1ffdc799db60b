//! Where the interpreter of the `cel` crate departs from CEL's specification, with the specification's words.

use bffgen_cel::Answer;
use serde_json::Value;

/// A departure: what CEL says, and where it shows.
struct Deviation {
    /// The specification's words.
    specification: &'static str,
    /// Whether a difference is of this kind: the expression, its values, what the interpreter gives, and what is compiled.
    applies: fn(&str, &Value, &Answer, &Answer) -> bool,
}

/// Parts of a timestamp that depend on the time zone.
const PARTS: &[&str] = &[
    ".getFullYear()",
    ".getMonth()",
    ".getDate()",
    ".getDayOfMonth()",
    ".getDayOfWeek()",
    ".getDayOfYear()",
    ".getHours()",
    ".getMinutes()",
];

const DEVIATIONS: &[Deviation] = &[
    Deviation {
        specification: "`getMilliseconds` of a duration: \"Obtain the milliseconds component of the duration. Note, \
            this is not the same as converting the duration to milliseconds\" (conformance tests, timestamps, \
            duration_converters). The interpreter converts.",
        applies: |expression, _, _, _| expression.contains(".getMilliseconds()"),
    },
    Deviation {
        specification: "`orValue` of a value that is there does not evaluate its argument: it is lazy in cel-go, which \
            defines the optional types. The interpreter evaluates it, and fails where it does.",
        applies: |expression, _, interpreted, compiled| {
            expression.contains(".orValue(") && matches!((interpreted, compiled), (Answer::Failed(_), Answer::Value(_)))
        },
    },
    Deviation {
        specification: "Doubles are those of IEEE 754 (language definition): with NaN, all comparisons but `!=` are false. \
            The interpreter fails.",
        applies: |_, _, interpreted, _| match interpreted {
            Answer::Failed(why) => {
                why.contains("can not be compared") || why.contains("no matching overload") && why.contains("double)")
            }
            Answer::Value(_) => false,
        },
    },
    Deviation {
        specification: "Parts of a timestamp are \"in UTC\" without a time zone (language definition, List of Standard \
            Definitions: getHours and its like). The interpreter takes the offset that the text has.",
        applies: |expression, values, interpreted, _| {
            let part = PARTS.iter().any(|part| expression.contains(part));
            part && values.to_string().contains("+02:00") && matches!(interpreted, Answer::Value(_))
        },
    },
];

/// What the specification says of a difference, where it is one of those.
pub fn known(expression: &str, values: &Value, interpreted: &Answer, compiled: &Answer) -> Option<&'static str> {
    let found = DEVIATIONS.iter().find(|known| (known.applies)(expression, values, interpreted, compiled));
    found.map(|known| known.specification)
}
