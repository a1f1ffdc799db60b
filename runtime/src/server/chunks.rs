//! Follows a chunked body (RFC 9112, 7.1) to its end, and no further.

use memchr::memchr3;

/// Where in a chunked body the bytes stand.
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    step: Step,
    /// Of the current chunk: its size as far as it is known, then what is left of it.
    size: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Step {
    #[default]
    FirstDigit,
    Digits,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    TrailerStart,
    Trailer,
    TrailerLf,
    LastLf,
    End,
}

impl Chunks {
    /// Whether the body is whole.
    pub(crate) fn is_end(&self) -> bool {
        self.step == Step::End
    }

    /// How many of the bytes belong to the body. `None` if they are not chunks: stricter than hyper, never laxer, so
    /// that both see the same end.
    pub(crate) fn follow(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() && self.step != Step::End {
            match self.step {
                Step::Data => {
                    let count = usize::try_from(self.size).unwrap_or(usize::MAX).min(bytes.len() - at);
                    self.size -= count as u64;
                    at += count;
                    if self.size == 0 {
                        self.step = Step::DataCr;
                    }
                }
                Step::Extension | Step::Trailer => match memchr3(b'\r', b'\n', 0, &bytes[at..]) {
                    None => at = bytes.len(),
                    Some(found) if bytes[at + found] == b'\r' => {
                        at += found + 1;
                        self.step = if self.step == Step::Trailer { Step::TrailerLf } else { Step::SizeLf };
                    }
                    Some(_) => return None,
                },
                _ => {
                    self.step = self.byte(bytes[at])?;
                    at += 1;
                }
            }
        }
        Some(at)
    }

    fn byte(&mut self, byte: u8) -> Option<Step> {
        Some(match (self.step, byte) {
            (Step::FirstDigit | Step::Digits, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                let digit = u64::from(char::from(byte).to_digit(16)?);
                self.size = self.size.checked_mul(16)?.checked_add(digit)?;
                Step::Digits
            }
            (Step::Digits, b' ' | b'\t' | b';') => Step::Extension,
            (Step::Digits, b'\r') => Step::SizeLf,
            (Step::SizeLf, b'\n') if self.size == 0 => Step::TrailerStart,
            (Step::SizeLf, b'\n') => Step::Data,
            (Step::DataCr, b'\r') => Step::DataLf,
            (Step::DataLf, b'\n') => Step::FirstDigit,
            (Step::TrailerStart, b'\r') => Step::LastLf,
            (Step::TrailerStart, b'\n' | 0) => return None,
            (Step::TrailerStart, _) => Step::Trailer,
            (Step::TrailerLf, b'\n') => Step::TrailerStart,
            (Step::LastLf, b'\n') => Step::End,
            _ => return None,
        })
    }
}
