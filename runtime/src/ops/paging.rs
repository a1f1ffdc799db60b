//! Tokens of pages that are passed through: from the client's to the upstream's parameter, and to the next one.

use crate::call::{self, AsContent};
use crate::inputs::parse_query;

/// The number in a token that was checked to be one.
pub fn number(token: &(impl AsContent + ?Sized)) -> Option<i64> {
    text(token)?.parse().ok()
}

/// The token of the page behind the one that `token` names. `size`: how many items a whole page has, 0 where that is
/// not known.
pub fn next_page(token: &(impl AsContent + ?Sized), first: i64, size: i64, count: i64) -> Option<String> {
    let page = number(token).unwrap_or(first);
    is_whole(size, count).then(|| page.saturating_add(1).to_string())
}

/// The same by position.
pub fn next_offset(token: &(impl AsContent + ?Sized), size: i64, count: i64) -> Option<String> {
    let offset = number(token).unwrap_or(0);
    is_whole(size, count).then(|| offset.saturating_add(count).to_string())
}

/// The cursor of the next page, if there is one: not absent, null or empty.
pub fn cursor(next: &(impl AsContent + ?Sized)) -> Option<String> {
    text(next).filter(|next| !next.is_empty())
}

/// A parameter of the next link (RFC 8288) in a field `Link`.
pub fn next_link(field: &(impl AsContent + ?Sized), parameter: &str) -> Option<String> {
    let field = text(field)?;
    let target = call::next_link(&field)?;
    let query = target.split('#').next()?.split_once('?')?.1;
    let mut pairs = parse_query(query).ok()?.into_iter();
    pairs.find(|(name, _)| name == parameter).map(|(_, value)| value.into_owned())
}

/// Whether a page has all the items that it can have, so that another may follow.
fn is_whole(size: i64, count: i64) -> bool {
    count > 0 && count >= size
}

fn text(value: &(impl AsContent + ?Sized)) -> Option<String> {
    String::from_utf8(value.as_content()?.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::{cursor, next_link, next_offset, next_page};

    #[test]
    fn tokens_lead_to_the_next_page() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(next_page(&None::<&str>, 1, 2, 2), some("2"));
        assert_eq!(next_page(&Some("7"), 1, 2, 1), None, "the last page");
        assert_eq!(next_page(&None::<&str>, 0, 0, 1), some("1"), "of no known size");
        assert_eq!(next_page(&"7", 1, 0, 0), None, "an empty page");
        assert_eq!(next_offset(&Some("20"), 10, 10), some("30"));
        assert_eq!(next_offset(&None::<&str>, 10, 9), None);
        assert_eq!([cursor(&Some("")), cursor(&None::<&str>), cursor(&4)], [None, None, some("4")]);
        let link = "<https://x/o?page=1>; rel=prev, </o?size=2&page=a%2Bb+c#f>; rel=\"last next\"";
        assert_eq!(next_link(&link, "page"), some("a+b c"));
        assert_eq!(next_link(&link, "cursor"), None);
    }
}
