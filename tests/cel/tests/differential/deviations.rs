//! Where the interpreter of the `cel` crate departs from CEL's specification, with the specification's words.

use bffgen_cel::Answer;

/// A departure: what CEL says, and where it shows.
struct Deviation {
    /// The specification's words.
    specification: &'static str,
    /// Whether a difference is of this kind: the expression, what the interpreter gives, and what is compiled.
    applies: fn(&str, &Answer, &Answer) -> bool,
}

const DEVIATIONS: &[Deviation] = &[
    Deviation {
        specification: "`getMilliseconds` of a duration: \"Obtain the milliseconds component of the duration. Note, \
            this is not the same as converting the duration to milliseconds\" (conformance tests, timestamps, \
            duration_converters). The interpreter converts.",
        applies: |expression, _, _| expression.contains(".getMilliseconds()"),
    },
    Deviation {
        specification: "`orValue` of a value that is there does not evaluate its argument (cel-go, optional types: \
            \"short-circuiting\"). The interpreter does, and fails where the argument does.",
        applies: |expression, interpreted, compiled| {
            expression.contains(".orValue(") && matches!((interpreted, compiled), (Answer::Failed(_), Answer::Value(_)))
        },
    },
    Deviation {
        specification: "Comparisons of doubles are those of IEEE 754 (language definition, Numeric Values): with NaN, \
            all but `!=` are false. The interpreter fails.",
        applies: |_, interpreted, _| matches!(interpreted, Answer::Failed(why) if why.contains("can not be compared")),
    },
];

/// What the specification says of a difference, where it is one of those.
pub fn known(expression: &str, interpreted: &Answer, compiled: &Answer) -> Option<&'static str> {
    let found = DEVIATIONS.iter().find(|known| (known.applies)(expression, interpreted, compiled));
    found.map(|known| known.specification)
}
