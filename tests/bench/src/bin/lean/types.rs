//! The services' bodies, cut to what is read and borrowed from them; what goes out unchanged stays text.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile<'a> {
    #[serde(borrow)]
    pub full_name: Cow<'a, str>,
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    #[serde(borrow)]
    pub avatar_url: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub struct OrderPage<'a> {
    #[serde(borrow)]
    pub items: Vec<Order<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow)]
    pub total: &'a RawValue,
    #[serde(borrow)]
    pub status: Cow<'a, str>,
    #[serde(borrow)]
    pub created_at: Cow<'a, str>,
}

#[derive(Deserialize)]
pub struct NotificationPage<'a> {
    #[serde(borrow)]
    pub items: Vec<Notification<'a>>,
}

#[derive(Deserialize)]
pub struct Notification<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow)]
    pub title: Cow<'a, str>,
    pub read: bool,
}

/// Only what the breadcrumbs are made of; the product itself goes out as it came.
#[derive(Deserialize)]
pub struct Product<'a> {
    #[serde(borrow)]
    pub category: Category<'a>,
}

#[derive(Deserialize)]
pub struct Category<'a> {
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub slug: Cow<'a, str>,
    #[serde(borrow)]
    pub ancestors: Vec<CategoryRef<'a>>,
}

#[derive(Deserialize)]
pub struct CategoryRef<'a> {
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub slug: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewPage<'a> {
    #[serde(borrow)]
    pub items: &'a RawValue,
    #[serde(borrow)]
    pub total_count: &'a RawValue,
    #[serde(borrow)]
    pub average_rating: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub struct Rated {
    pub rating: u8,
}

#[derive(Deserialize)]
pub struct RelatedList<'a> {
    #[serde(borrow)]
    pub items: &'a RawValue,
}

#[derive(Deserialize)]
pub struct Stock<'a> {
    pub available: i64,
    #[serde(borrow)]
    pub level: Cow<'a, str>,
}
