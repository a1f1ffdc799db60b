//! The items of all pages of a call: one page after another, to the end or to a number of items.

use super::content::Content;
use super::decode::{Payload, unusable};
use super::error::CallError;
use super::meta::Meta;
use super::pages::{Kind, Page, Pages};
use super::request::{Answered, Means, Request};
use crate::cx::Cx;
use crate::failure::Failure;
use std::marker::PhantomData;

impl<K> Pages<K> {
    /// The call of a page.
    pub fn gather<'a, B, F>(self, call: F) -> Gather<K, impl Fn(K::At) -> Called<'a, B>, NoNext<B>, B>
    where
        K: Kind<'a>,
        F: Fn(K::At) -> Request<'a, B>,
    {
        Gather { pages: self, call: move |at| Ok(call(at)), next: no_next, body: PhantomData }
    }

    /// The same where an argument may have no value.
    pub fn try_gather<'a, B, F>(self, call: F) -> Gather<K, F, NoNext<B>, B>
    where
        K: Kind<'a>,
        F: Fn(K::At) -> Result<Request<'a, B>, Failure>,
    {
        Gather { pages: self, call, next: no_next, body: PhantomData }
    }
}

/// The request of a page, where its arguments have values.
type Called<'a, B> = Result<Request<'a, B>, Failure>;

type NoNext<B> = fn(&B, &Meta) -> Result<Content, Failure>;

fn no_next<B>(_: &B, _: &Meta) -> Result<Content, Failure> {
    Ok(Content::none())
}

/// A call page by page.
#[must_use = "nothing is asked until it is sent"]
pub struct Gather<K, F, N, B> {
    pages: Pages<K>,
    call: F,
    next: N,
    body: PhantomData<fn() -> B>,
}

/// A call page by page, with where its items are.
#[must_use = "nothing is asked until it is sent"]
pub struct Gathered<K, F, N, I, B, L> {
    gather: Gather<K, F, N, B>,
    items: I,
    list: PhantomData<fn() -> L>,
}

impl<K, F, N, B> Gather<K, F, N, B> {
    /// Where the cursor of the next page is: in the body of a page, or in what is known of its call.
    pub fn next<M>(self, next: M) -> Gather<K, F, M, B>
    where
        M: Fn(&B, &Meta) -> Result<Content, Failure>,
    {
        Gather { pages: self.pages, call: self.call, next, body: PhantomData }
    }

    /// Where the items of a page are.
    pub fn items<I, L>(self, items: I) -> Gathered<K, F, N, I, B, L>
    where
        I: Fn(B) -> L,
    {
        Gathered { gather: self, items, list: PhantomData }
    }
}

/// The items of a page: a list, which may be absent.
pub trait Items {
    /// An item.
    type Item;
    #[doc(hidden)]
    fn into_items(self) -> Vec<Self::Item>;
}

impl<T> Items for Vec<T> {
    type Item = T;

    fn into_items(self) -> Vec<T> {
        self
    }
}

impl<T> Items for Option<Vec<T>> {
    type Item = T;

    fn into_items(self) -> Vec<T> {
        self.unwrap_or_default()
    }
}

/// Why there are no items: a page failed, or what it says of the next one cannot be used.
struct Failed<'a> {
    cx: &'a Cx,
    error: CallError,
    means: Means,
}

impl<'a, K, F, N, I, B, L> Gathered<K, F, N, I, B, L>
where
    K: Kind<'a>,
    B: Payload<'a>,
    F: Fn(K::At) -> Result<Request<'a, B>, Failure>,
    N: Fn(&B, &Meta) -> Result<Content, Failure>,
    I: Fn(B) -> L,
    L: Items,
{
    /// Asks for the pages. A page that fails fails the answer.
    pub async fn send(self) -> Result<Vec<L::Item>, Failure> {
        self.collect().await?.map_err(|failed| failed.means.failure(failed.error))
    }

    /// Asks for the pages. After one that fails, the answer goes on without all of them, and with a warning.
    pub async fn send_or_absent(self) -> Result<Option<Vec<L::Item>>, Failure> {
        Ok(match self.collect().await? {
            Ok(items) => Some(items),
            Err(failed) => {
                failed.cx.warn(failed.means.warning(&failed.error));
                None
            }
        })
    }

    /// The same with an empty list.
    pub async fn send_or_empty(self) -> Result<Vec<L::Item>, Failure> {
        self.send_or_absent().await.map(Option::unwrap_or_default)
    }

    async fn collect(self) -> Result<Result<Vec<L::Item>, Failed<'a>>, Failure> {
        let Gathered { gather: Gather { pages, call, next, .. }, items: items_of, .. } = self;
        let mut items = Vec::new();
        let mut asked = vec![pages.kind.first()];
        let mut at = pages.kind.first();
        loop {
            let mut request = call(at)?;
            if let Some(query) = pages.kind.query(at) {
                ask_for(query, &mut request.parts.target);
            }
            let (cx, operation, means) = (request.cx, request.parts.operation, request.parts.means());
            let meta = request.meta.take();
            let path = request.parts.target.split('?').next().unwrap_or_default().to_owned();
            let (result, answered) = request.ask(true).await;
            let status = answered.as_ref().map(|answered| answered.status);
            let failed = |error: CallError| {
                if let Some(meta) = meta {
                    meta.failed(error.status().or(status), means.warning(&error));
                }
                Ok(Err(Failed { cx, error, means }))
            };
            let body = match result {
                Ok(body) => body,
                Err(error) => return failed(error),
            };
            let Answered { status, headers } = answered.unwrap_or_default();
            let known = Meta::new();
            known.answered(status, headers.clone());
            let cursor = next(&body, &known)?;
            let page = items_of(body).into_items();
            let count = page.len();
            let room = pages.most.saturating_sub(items.len());
            items.extend(page.into_iter().take(room));
            let page = Page {
                count: i64::try_from(count).unwrap_or(i64::MAX),
                size: pages.size,
                cursor,
                headers: &headers,
                path: &path,
                prefix: cx.runtime.origin(operation.upstream).map_or("", |origin| &origin.address.path),
            };
            let next = match pages.kind.next(cx, at, &page) {
                Ok(Some(next)) if asked.contains(&next) => Err("a page that did not come before"),
                next => next,
            };
            let next = match next {
                Ok(next) => next,
                Err(expected) => return failed(unusable(cx, operation, "nextPage", expected)),
            };
            let is_end = next.is_none() && count <= room;
            match next.filter(|_| items.len() < pages.most && asked.len() < pages.requests) {
                Some(next) => {
                    asked.push(next);
                    at = next;
                }
                None => {
                    if let Some(meta) = meta {
                        meta.gathered(status, headers, is_end);
                    }
                    return Ok(Ok(items));
                }
            }
        }
    }
}

/// Puts a query in the place of a target's own.
fn ask_for(query: &str, target: &mut String) {
    target.truncate(target.find('?').unwrap_or(target.len()));
    target.push('?');
    target.push_str(query);
}
