//! Conversions between types.

use std::borrow::Cow;

use super::EvalError;
use crate::json::Text;
use bytes::Bytes;

/// What is made of a value that stands nowhere; it may borrow from that.
pub fn with<'v, T: ?Sized, U>(value: &'v T, make: impl FnOnce(&'v T) -> U) -> U {
    make(value)
}

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

/// `string(4.2)`: the shortest text that reads back as the same number, with an exponent where it is very large or
/// small, and `NaN`, `+Inf` and `-Inf`.
pub fn string_of_double(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() }
    } else if size == 0.0 || (1e-6..1e21).contains(&size) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// `bool("true")`: the texts that CEL takes.
pub fn bool_of_text(text: &(impl Text + ?Sized)) -> Result<bool, EvalError> {
    match &*text.text() {
        "1" | "t" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(EvalError::CONVERSION),
    }
}

/// `b"..."`
pub fn bytes(literal: &'static [u8]) -> Bytes {
    Bytes::from_static(literal)
}

/// `size(bytes)`
pub fn size_of_bytes(bytes: &Bytes) -> i64 {
    bytes.len() as i64
}

/// `bytes("text")`: its UTF-8.
pub fn bytes_of_text(text: &(impl Text + ?Sized)) -> Bytes {
    match text.text() {
        Cow::Borrowed(text) => Bytes::copy_from_slice(text.as_bytes()),
        Cow::Owned(text) => Bytes::from(text),
    }
}

/// `string(b"text")`: an error if it is not UTF-8.
pub fn text_of_bytes(bytes: &Bytes) -> Result<String, EvalError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| EvalError::CONVERSION)
}

/// `a + b`
pub fn concat_bytes(a: &Bytes, b: &Bytes) -> Bytes {
    Bytes::from([a.as_ref(), b.as_ref()].concat())
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `base64.encode(bytes)`: RFC 4648 section 4, padded.
pub fn base64_encode(bytes: &Bytes) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            out.push(if place <= chunk.len() { char::from(ALPHABET[digit as usize]) } else { '=' });
        }
    }
    out
}

/// `base64.decode(text)`: RFC 4648 section 4, with padding or without.
pub fn base64_decode(text: &(impl Text + ?Sized)) -> Result<Bytes, EvalError> {
    let text = text.text();
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    let digits = &text.as_bytes()[..text.len() - padding];
    if padding > 2 || padding > 0 && !text.len().is_multiple_of(4) || digits.len() % 4 == 1 {
        return Err(EvalError::CONVERSION);
    }
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    for chunk in digits.chunks(4) {
        let mut bits = 0u32;
        for byte in chunk {
            let digit = ALPHABET.iter().position(|known| known == byte).ok_or(EvalError::CONVERSION)?;
            bits = bits << 6 | digit as u32;
        }
        bits <<= 6 * (4 - chunk.len());
        let [_, a, b, c] = bits.to_be_bytes();
        out.extend_from_slice(&[a, b, c][..chunk.len() - 1]);
    }
    Ok(Bytes::from(out))
}
