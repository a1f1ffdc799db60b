//! Finds the characters of a decoded scalar in its file: where escapes, folds and indentation stand between.

/// Pieces that stand in the file byte for byte: the offset in the text at which each begins, and its offset in the
/// file, both ascending.
pub type Pieces = Box<[(u32, u32)]>;

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Written {
    /// Plain or a block: nothing is escaped.
    Bare,
    /// `'...'`, in which `''` is one quote.
    Single,
    /// `"..."` with escapes of a backslash.
    Double,
}

/// Aligns `text` with `raw`, the bytes of the file it was read from, whose first stands at `base`. None where they do
/// not go together: then only the place of the whole is known.
pub(super) fn align(text: &str, raw: &str, base: usize, written: Written) -> Option<Pieces> {
    let (text, raw) = (text.as_bytes(), raw.as_bytes());
    let mut pieces: Vec<(u32, u32)> = Vec::new();
    let (mut to, mut from) = (0, 0);
    while to < text.len() {
        let (here, file) = (to as u32, (base + from) as u32);
        if pieces.last().is_none_or(|(t, f)| here - t != file - f) {
            pieces.push((here, file));
        }
        let Some(byte) = raw.get(from) else {
            // The last line's end, which is not of the scalar's span.
            return (run(&text[to..]) == text.len() - to).then(|| pieces.into());
        };
        match *byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                let (gap, blank) = (run(&raw[from..]), run(&text[to..]));
                // Blanks within a line stand as they are; a line's end takes the indentation with it.
                let lines = raw[from..from + gap].contains(&b'\n');
                to += if lines { blank } else { blank.min(gap) };
                from += gap;
            }
            b'\'' if written == Written::Single && raw.get(from + 1) == Some(&b'\'') => {
                (to, from) = (to + 1, from + 2);
            }
            b'\\' if written == Written::Double => {
                let (length, gives) = escape(&raw[from..], &text[to..])?;
                (to, from) = (to + gives, from + length);
            }
            byte if byte == text[to] => (to, from) = (to + 1, from + 1),
            _ => return None,
        }
    }
    Some(pieces.into())
}

fn run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// Bytes of an escape, and of what it means: one character, or nothing for an escaped end of line.
fn escape(raw: &[u8], text: &[u8]) -> Option<(usize, usize)> {
    let length = match raw.get(1)? {
        b'\r' | b'\n' => return Some((1 + run(&raw[1..]), 0)),
        b'x' => 4,
        b'u' => 6,
        b'U' => 10,
        _ => 2,
    };
    let gives = match text.first()? {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    Some((length, gives))
}

/// The offset in the file of an offset in the text.
pub fn locate(pieces: &[(u32, u32)], at: usize) -> Option<u32> {
    let next = pieces.partition_point(|(text, _)| *text as usize <= at);
    let (text, file) = pieces.get(next.checked_sub(1)?)?;
    Some(file + (at as u32 - text))
}
