//! How the pages of a call are told apart, and what leads from one to the next.

use super::content::Content;
use super::link::{next_link, query_of};
use crate::cx::Cx;
use crate::json::Str;
use bytes::Bytes;
use http::HeaderMap;
use http::header::LINK;

/// How pages are told apart, and how far they are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Pages<K> {
    pub(super) kind: K,
    pub(super) size: Option<i64>,
    pub(super) most: usize,
    pub(super) requests: usize,
}

/// Pages by their number.
#[derive(Clone, Copy, Debug)]
pub struct Numbered {
    first: i64,
}

/// Pages by the position of their first item.
#[derive(Clone, Copy, Debug)]
pub struct Offset;

/// Pages by a text that the page before gives.
#[derive(Clone, Copy, Debug)]
pub struct Cursor;

/// Pages by a number that the page before gives.
#[derive(Clone, Copy, Debug)]
pub struct NumericCursor;

/// Pages by the link of the page before (RFC 8288).
#[derive(Clone, Copy, Debug)]
pub struct Link;

macro_rules! kinds {
    ($($name:ident($($first:ident)?) -> $kind:ident, $doc:literal;)*) => {$(
        impl Pages<$kind> {
            #[doc = $doc]
            pub const fn $name($($first: i64)?) -> Pages<$kind> {
                Pages { kind: $kind $({ $first })?, size: None, most: usize::MAX, requests: 1 }
            }
        }
    )*};
}
kinds! {
    numbered(first) -> Numbered, "By their number, from the first one's.";
    offset() -> Offset, "By the position of their first item, from 0.";
    cursor() -> Cursor, "By a text that the page before gives.";
    numeric_cursor() -> NumericCursor, "By a number that the page before gives.";
    link() -> Link, "By the `Link` of the page before: its query, for the same path.";
}

impl<K> Pages<K> {
    /// How many items a whole page has: a shorter one is the last. `None`: an empty one is.
    #[must_use]
    pub fn size(mut self, items: impl Into<Option<i64>>) -> Pages<K> {
        self.size = items.into();
        self
    }

    /// At most so many items, of at most so many pages.
    #[must_use]
    pub const fn at_most(mut self, items: usize, pages: usize) -> Pages<K> {
        (self.most, self.requests) = (items, pages);
        self
    }
}

/// What is known of a page where the next one is looked for.
#[doc(hidden)]
pub struct Page<'p> {
    /// How many items it had, and how many a whole one has.
    pub(super) count: i64,
    pub(super) size: Option<i64>,
    pub(super) cursor: Content,
    pub(super) headers: &'p HeaderMap,
    /// The path of the request, and what of it the service's url puts before.
    pub(super) path: &'p str,
    pub(super) prefix: &'p str,
}

impl Page<'_> {
    fn is_whole(&self) -> bool {
        self.count > 0 && self.size.is_none_or(|size| self.count >= size)
    }
}

/// A way to tell pages apart.
pub trait Kind<'a>: Copy {
    /// What names a page.
    type At: Copy + PartialEq;
    #[doc(hidden)]
    fn first(self) -> Self::At;
    /// What names the next page, if there is one; `Err`: what was expected.
    #[doc(hidden)]
    fn next(self, cx: &'a Cx, at: Self::At, page: &Page<'_>) -> Result<Option<Self::At>, &'static str>;
    /// The query that asks for the page, where it is not made of parameters.
    #[doc(hidden)]
    fn query(self, _: Self::At) -> Option<&'a str> {
        None
    }
}

impl<'a> Kind<'a> for Numbered {
    type At = i64;

    fn first(self) -> i64 {
        self.first
    }

    fn next(self, _: &'a Cx, at: i64, page: &Page<'_>) -> Result<Option<i64>, &'static str> {
        Ok(page.is_whole().then(|| at.saturating_add(1)))
    }
}

impl<'a> Kind<'a> for Offset {
    type At = i64;

    fn first(self) -> i64 {
        0
    }

    fn next(self, _: &'a Cx, at: i64, page: &Page<'_>) -> Result<Option<i64>, &'static str> {
        Ok(page.is_whole().then(|| at.saturating_add(page.count)))
    }
}

impl<'a> Kind<'a> for Cursor {
    type At = Option<Str<'a>>;

    fn first(self) -> Self::At {
        None
    }

    fn next(self, cx: &'a Cx, _: Self::At, page: &Page<'_>) -> Result<Option<Self::At>, &'static str> {
        Ok(kept(cx, page.cursor.text())?.map(|cursor| Some(Str::plain(cursor))))
    }
}

impl<'a> Kind<'a> for NumericCursor {
    type At = Option<i64>;

    fn first(self) -> Self::At {
        None
    }

    fn next(self, _: &'a Cx, _: Self::At, page: &Page<'_>) -> Result<Option<Self::At>, &'static str> {
        match page.cursor.text() {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(|number| Some(Some(number))).map_err(|_| "a cursor that is a number"),
        }
    }
}

impl<'a> Kind<'a> for Link {
    type At = Option<&'a str>;

    fn first(self) -> Self::At {
        None
    }

    fn next(self, cx: &'a Cx, _: Self::At, page: &Page<'_>) -> Result<Option<Self::At>, &'static str> {
        let fields = page.headers.get_all(LINK).iter().filter_map(|field| field.to_str().ok());
        let Some(target) = fields.into_iter().find_map(next_link) else { return Ok(None) };
        match query_of(target, page.path, page.prefix) {
            Some(query) => Ok(kept(cx, Some(query))?.map(Some)),
            None => Err("a next link with a query, to the same path"),
        }
    }

    fn query(self, at: Self::At) -> Option<&'a str> {
        at
    }
}

/// A text that lives as long as the request; none where it is empty.
fn kept<'a>(cx: &'a Cx, text: Option<&str>) -> Result<Option<&'a str>, &'static str> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let bytes = cx.keep(Bytes::copy_from_slice(text.as_bytes())).map_err(|_| "a cursor")?;
    Ok(str::from_utf8(bytes).ok())
}
