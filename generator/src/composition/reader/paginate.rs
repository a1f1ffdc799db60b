//! Reads `paginate` of a call: how its pages are told apart, and whether all are gathered or one is passed through.

use super::keys::{Allowed, clash, members, wrong_kind};
use super::values;
use crate::composition::ast::{Pages, PagesOf, Paginate};
use crate::diag::Diagnostic;
use crate::expr::ast::Expr;
use crate::source::{Member, Spanned, Value};

const ALLOWED: Allowed = Allowed {
    what: "`paginate`",
    keys: &[&["page", "offset", "cursor", "link", "first", "size", "next", "items", "max", "pages", "token"]],
    later: &[],
    elsewhere: &[],
};

/// The keys that say which kind it is.
const KINDS: [&str; 4] = ["page", "offset", "cursor", "link"];

pub(super) fn read(member: &Member, out: &mut Vec<Diagnostic>) -> Option<Paginate> {
    let known = members(&member.value, &ALLOWED, out);
    member.value.as_object()?;
    let find = |key: &str| known.iter().copied().find(|entry| &*entry.key == key);
    let wanted = pages_of(member, &find, out);
    let kinds: Vec<&Member> = known.iter().copied().filter(|entry| KINDS.contains(&&*entry.key)).collect();
    let kind = match kinds[..] {
        [kind] => self::kind(kind, &find, wanted.as_ref(), out),
        [] => {
            let message = "`paginate` does not say how pages are told apart";
            out.push(Diagnostic::error("BFF0305", message, member.key_span).help(
                "Write one of `page: page`, `offset: offset`, `cursor: after` (parameters of the operation) or `link: true`.",
            ));
            None
        }
        [first, second, ..] => {
            let message = format!("`{}` stands beside `{}`: pages are told apart in one way", second.key, first.key);
            out.push(clash(message, second).label(first.key_span, "the other"));
            None
        }
    };
    for (key, with, why) in [
        ("first", &["page"][..], "It is the number of the first page."),
        ("next", &["cursor"][..], "It says where the next cursor is."),
    ] {
        if let (Some(lone), [kind]) = (find(key), &kinds[..])
            && !with.contains(&&*kind.key)
        {
            out.push(clash(format!("`{key}` does not go with `{}`", kind.key), lone).help(why));
        }
    }
    let size = find("size").and_then(|entry| values::text(entry, out));
    let items = find("items").and_then(|entry| values::expression(&entry.value, "items", out));
    let by_count = kinds.iter().any(|kind| matches!(&*kind.key, "page" | "offset"));
    if let (Some(PagesOf::Token(_)), false) = (&wanted, by_count) {
        for lone in ["size", "items"].into_iter().filter_map(&find) {
            out.push(
                clash(format!("`{}` says nothing beside `token` here", lone.key), lone)
                    .help("The upstream tells itself whether there is a next page. Take it out."),
            );
        }
    }
    let span = member.key_span.to(member.value.span);
    Some(Paginate { pages: kind?, size, items, of: wanted?, span })
}

/// All pages, up to a number of items; or the one that the client asks for.
fn pages_of<'m>(
    member: &Member,
    find: &impl Fn(&str) -> Option<&'m Member>,
    out: &mut Vec<Diagnostic>,
) -> Option<PagesOf> {
    match (find("max"), find("token")) {
        (Some(max), None) => {
            let pages = find("pages").and_then(|entry| values::number(entry, 1, 1_000, out));
            Some(PagesOf::Gathered { max: values::number(max, 1, 100_000, out)?, pages })
        }
        (None, Some(token)) => {
            if let Some(lone) = find("pages") {
                out.push(clash("`pages` stands without `max`", lone).help("With `token`, one page is asked for."));
            }
            Some(PagesOf::Token(values::expression(&token.value, "token", out)?))
        }
        (Some(max), Some(token)) => {
            let message = "`token` stands beside `max`: pages are gathered, or one is passed through";
            out.push(clash(message, token).label(max.key_span, "the other"));
            None
        }
        (None, None) => {
            let message = "`paginate` does not say how many items are wanted";
            out.push(Diagnostic::error("BFF0305", message, member.key_span).help(
                "Write `max: 500` to have the items of all pages up to so many, or `token: query.after` to pass the client's page through.",
            ));
            None
        }
    }
}

fn kind<'m>(
    kind: &Member,
    find: &impl Fn(&str) -> Option<&'m Member>,
    wanted: Option<&PagesOf>,
    out: &mut Vec<Diagnostic>,
) -> Option<Pages> {
    match &*kind.key {
        "page" => {
            let first = find("first").and_then(|entry| values::number(entry, 0, 1, out));
            Some(Pages::Page { param: values::text(kind, out)?, first: first.map_or(1, |first| first.value) })
        }
        "offset" => Some(Pages::Offset { param: values::text(kind, out)? }),
        "cursor" => Some(Pages::Cursor { param: values::text(kind, out)?, next: next(kind, find, out)? }),
        _ => link(kind, wanted, out),
    }
}

fn next<'m>(kind: &Member, find: &impl Fn(&str) -> Option<&'m Member>, out: &mut Vec<Diagnostic>) -> Option<Expr> {
    let Some(next) = find("next") else {
        let message = "`cursor` stands without `next`";
        out.push(Diagnostic::error("BFF0305", message, kind.key_span).help(
            "Say where the next cursor is in an answer: `next: body.paging.next`, or `next: 'meta.headers[\"x-next\"]'`.",
        ));
        return None;
    };
    values::expression(&next.value, "next", out)
}

/// `link: true` follows the link; with `token`, its parameter is passed through: `link: page`.
fn link(kind: &Member, wanted: Option<&PagesOf>, out: &mut Vec<Diagnostic>) -> Option<Pages> {
    match (&kind.value.value, wanted) {
        (Value::Bool(true), Some(PagesOf::Token(_))) => {
            let message = "`link: true` stands beside `token`";
            out.push(Diagnostic::error("BFF0315", message, kind.key_span).help(
                "Name the parameter that the next link changes: `link: page`. It alone is passed through, so that a client cannot send others.",
            ));
            None
        }
        (Value::Bool(true), _) => Some(Pages::Link { param: None }),
        (Value::String(name), Some(PagesOf::Token(_)) | None) => {
            Some(Pages::Link { param: Some(Spanned::new(name.value.to_string(), kind.value.span)) })
        }
        (_, Some(PagesOf::Gathered { .. })) => {
            out.push(wrong_kind(&kind.value, "link", "`true`"));
            None
        }
        _ => {
            out.push(wrong_kind(&kind.value, "link", "the parameter that the next link changes"));
            None
        }
    }
}
