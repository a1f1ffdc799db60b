//! Strings that borrow from the body, and what the expressions need of any text.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::json::escape::unescape;

/// A string that borrows: from a body (decoded only when asked for) or from anywhere else.
#[derive(Clone, Copy)]
pub struct Str<'a> {
    text: &'a str,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Stands in JSON exactly like this.
    Wire,
    /// The inside of a JSON string, with escapes.
    Escaped,
    /// Plain text that may need escapes in JSON.
    Plain,
}

impl<'a> Str<'a> {
    /// Any text.
    pub const fn plain(text: &'a str) -> Str<'a> {
        Str { text, form: Form::Plain }
    }

    /// The inside of a JSON string, known to be right.
    pub(crate) fn from_json(text: &'a str, escaped: bool) -> Str<'a> {
        Str { text, form: if escaped { Form::Escaped } else { Form::Wire } }
    }

    /// The text it stands for; borrowed unless there are escapes to decode.
    pub fn as_str(&self) -> Cow<'a, str> {
        match self.form {
            Form::Wire | Form::Plain => Cow::Borrowed(self.text),
            Form::Escaped => Cow::Owned(unescape(self.text)),
        }
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The inside of a JSON string, if it is at hand and has no escapes.
    pub(crate) fn plain_wire(&self) -> Option<&'a str> {
        (self.form == Form::Wire).then_some(self.text)
    }

    /// The inside of a JSON string, if it is at hand.
    pub(crate) fn wire(&self) -> Option<&'a str> {
        (self.form != Form::Plain).then_some(self.text)
    }

    fn is(&self, other: &str) -> bool {
        match self.form {
            Form::Wire | Form::Plain => self.text == other,
            Form::Escaped => unescape(self.text) == other,
        }
    }
}

impl fmt::Display for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.as_str())
    }
}

impl fmt::Debug for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_str(), f)
    }
}

impl Hash for Str<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq for Str<'_> {
    fn eq(&self, other: &Str<'_>) -> bool {
        if other.form == Form::Escaped { self.is(&other.as_str()) } else { self.is(other.text) }
    }
}

impl Eq for Str<'_> {}

impl PartialOrd for Str<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The order of UTF-8 bytes is the order of code points.
        self.as_str().cmp(&other.as_str())
    }
}

impl<'a> From<&'a str> for Str<'a> {
    fn from(text: &'a str) -> Self {
        Str::plain(text)
    }
}

macro_rules! compare_with {
    ($($other:ty),*) => {$(
        impl PartialEq<$other> for Str<'_> {
            fn eq(&self, other: &$other) -> bool {
                self.is(other)
            }
        }

        impl PartialEq<Str<'_>> for $other {
            fn eq(&self, other: &Str<'_>) -> bool {
                other.is(self)
            }
        }

        impl PartialOrd<$other> for Str<'_> {
            fn partial_cmp(&self, other: &$other) -> Option<Ordering> {
                let other: &str = other;
                Some((*self.as_str()).cmp(other))
            }
        }

        impl PartialOrd<Str<'_>> for $other {
            fn partial_cmp(&self, other: &Str<'_>) -> Option<Ordering> {
                let this: &str = self;
                Some(this.cmp(&other.as_str()))
            }
        }
    )*};
}

compare_with!(str, &str, String, Cow<'_, str>);

/// Anything that is a text for the expressions.
pub trait Text {
    /// The text; borrowed where it can be.
    fn text(&self) -> Cow<'_, str>;
}

impl Text for str {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Text for String {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Text for Cow<'_, str> {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Text for Str<'_> {
    fn text(&self) -> Cow<'_, str> {
        self.as_str()
    }
}

impl<T: Text + ?Sized> Text for &T {
    fn text(&self) -> Cow<'_, str> {
        (**self).text()
    }
}
