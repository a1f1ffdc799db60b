//! What the web app gets.

use serde::Serialize;

use crate::types::{OrderStatus, Product, Recommendation, Review};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    pub user: User,
    pub recent_orders: Vec<OrderCard>,
    pub unread_notifications: Vec<Unread>,
    pub warnings: Vec<String>,
}

#[derive(Serialize)]
pub struct User {
    pub name: String,
    pub email: String,
    pub avatar: Option<String>,
}

#[derive(Serialize)]
pub struct OrderCard {
    pub id: String,
    pub total: f64,
    pub status: OrderStatus,
    pub date: String,
}

#[derive(Serialize)]
pub struct Unread {
    pub id: String,
    pub title: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductPage {
    #[serde(flatten)]
    pub product: Product,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_stock: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock_level: Option<String>,
    pub breadcrumbs: Vec<Breadcrumb>,
    pub reviews: Reviews,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related: Option<Vec<Recommendation>>,
    pub warnings: Vec<String>,
}

#[derive(Serialize)]
pub struct Breadcrumb {
    pub name: String,
    pub url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reviews {
    pub items: Vec<Review>,
    pub total_count: i64,
    pub average_rating: Option<f64>,
    pub distribution: Distribution,
}

#[derive(Serialize)]
pub struct Distribution {
    #[serde(rename = "5")]
    pub five: usize,
    #[serde(rename = "4")]
    pub four: usize,
    #[serde(rename = "3")]
    pub three: usize,
    #[serde(rename = "2")]
    pub two: usize,
    #[serde(rename = "1")]
    pub one: usize,
}
