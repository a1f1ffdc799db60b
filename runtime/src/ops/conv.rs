//! Conversions between types.

use super::EvalError;
use crate::json::Text;

/// `int("42")`
pub fn int_of_text(text: &(impl Text + ?Sized)) -> Result<i64, EvalError> {
    text.text().parse().map_err(|_| EvalError::CONVERSION)
}

/// `double("4.2")`
pub fn double_of_text(text: &(impl Text + ?Sized)) -> Result<f64, EvalError> {
    text.text().parse().map_err(|_| EvalError::CONVERSION)
}

/// `int(4.2)`: towards zero. As in CEL, the ends of the range are errors: a double there may stand for more.
pub fn int_of_double(value: f64) -> Result<i64, EvalError> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if value > -LIMIT && value < LIMIT { Ok(value as i64) } else { Err(EvalError::CONVERSION) }
}

/// `string(4.2)`: the shortest text that reads back as the same number.
pub fn string_of_double(value: f64) -> String {
    value.to_string()
}

/// `bool("true")`: the texts that CEL takes.
pub fn bool_of_text(text: &(impl Text + ?Sized)) -> Result<bool, EvalError> {
    match &*text.text() {
        "1" | "t" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(EvalError::CONVERSION),
    }
}
