//! From places in a text to JSON Pointers: one walk for all of them, and only when somebody asks.

use crate::json::scan::{Cursor, MAX_DEPTH};
use crate::pointer::push;

/// Of the name of a member, so many characters are told.
const LONGEST: usize = 100;

/// A JSON Pointer (RFC 6901), and the same with `*` for every place in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pointer {
    pub exact: String,
    pub form: String,
}

impl Pointer {
    /// Goes on to a member. A name that is too long for a log and a label is cut.
    pub(crate) fn push(&mut self, segment: &str) {
        let long = segment.char_indices().nth(LONGEST).map(|(end, _)| &segment[..end]);
        for text in [&mut self.exact, &mut self.form] {
            push(text, long.unwrap_or(segment));
            text.push_str(if long.is_some() { "..." } else { "" });
        }
    }

    fn push_index(&mut self, index: usize) {
        self.exact.push_str(&format!("/{index}"));
        self.form.push_str("/*");
    }

    fn truncate(&mut self, (exact, form): (usize, usize)) {
        self.exact.truncate(exact);
        self.form.truncate(form);
    }
}

/// The pointers of the values that begin at `offsets`, in their order.
pub(crate) fn pointers(text: &str, offsets: &[usize]) -> Vec<Pointer> {
    let mut targets: Vec<(usize, usize)> =
        offsets.iter().copied().enumerate().map(|(at, offset)| (offset, at)).collect();
    targets.sort_unstable();
    let mut cursor = Cursor::new(text, MAX_DEPTH);
    cursor.space();
    let mut out = vec![Pointer::default(); offsets.len()];
    walk(cursor, &targets, &mut Pointer::default(), &mut out);
    out
}

/// Goes through the value that comes next as far as it holds targets, which are sorted. All begin in it.
fn walk(mut cursor: Cursor<'_>, targets: &[(usize, usize)], here: &mut Pointer, out: &mut [Pointer]) -> Option<()> {
    let inside = targets.partition_point(|(offset, _)| *offset <= cursor.pos);
    for (_, at) in &targets[..inside] {
        out[*at].clone_from(here);
    }
    let mut targets = &targets[inside..];
    let close = match cursor.peek() {
        b'{' => b'}',
        b'[' => b']',
        _ => return None,
    };
    let mut more = !targets.is_empty() && cursor.open(close)?;
    let mut index = 0usize;
    while more && !targets.is_empty() {
        let key = if close == b'}' { Some(cursor.key()?) } else { None };
        let mut behind = cursor.clone();
        // Where the text is broken, so far is as far as it goes.
        let end = if behind.pass_anything().is_some() { behind.pos } else { usize::MAX };
        let count = targets.partition_point(|(offset, _)| *offset < end);
        if count > 0 {
            let length = (here.exact.len(), here.form.len());
            match key {
                Some(key) => here.push(&cursor.string_text(key)),
                None => here.push_index(index),
            }
            walk(cursor, &targets[..count], here, out);
            here.truncate(length);
            targets = &targets[count..];
        }
        cursor = behind;
        index += 1;
        more = cursor.next(close)?;
    }
    Some(())
}
