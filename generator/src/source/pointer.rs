//! Names in JSON Pointers (RFC 6901, sections 3 and 4).

use std::borrow::Cow;

/// Adds a segment: a slash and the name, escaped.
pub fn push(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&escaped(name));
}

/// The pointer of names that lead from the root on.
pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut pointer = String::new();
    names.into_iter().for_each(|name| push(&mut pointer, name));
    pointer
}

/// A name as it stands between slashes.
pub fn escaped(name: &str) -> Cow<'_, str> {
    match name.contains(['~', '/']) {
        true => Cow::Owned(name.replace('~', "~0").replace('/', "~1")),
        false => Cow::Borrowed(name),
    }
}

/// The names of a pointer, from the root on.
pub fn names(pointer: &str) -> impl Iterator<Item = String> {
    // The other way round, `~01` would become a slash.
    pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::{names, of};

    #[test]
    fn names_come_back_as_they_were() {
        for (all, pointer) in [
            (&[][..], ""),
            (&[""], "/"),
            (&["a/b", "m~n", "~1", "~01"], "/a~1b/m~0n/~01/~001"),
            (&["/", "", "~~", "é %"], "/~1//~0~0/é %"),
        ] {
            assert_eq!(of(all.iter().copied()), pointer);
            assert_eq!(names(pointer).collect::<Vec<_>>(), all, "{pointer}");
        }
    }
}
