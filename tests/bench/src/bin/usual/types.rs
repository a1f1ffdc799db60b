//! The services' bodies as somebody writes them down who reads the documents: whole and owned.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    pub id: String,
    pub full_name: String,
    pub email: String,
    pub created_at: String,
    pub display_name: Option<String>,
    pub email_verified: bool,
    pub phone: Option<String>,
    pub avatar_url: Option<String>,
    pub locale: String,
    pub time_zone: Option<String>,
    pub birth_date: Option<String>,
    pub loyalty_tier: String,
    pub loyalty_points: Option<i64>,
    pub marketing_consent: Option<bool>,
    pub default_address: Option<Address>,
    pub updated_at: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    pub id: Option<String>,
    pub recipient: String,
    pub street: String,
    pub street2: Option<String>,
    pub postal_code: String,
    pub city: String,
    pub region: Option<String>,
    pub country: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderPage {
    pub items: Vec<Order>,
    pub next_cursor: Option<String>,
    pub total_count: Option<i64>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub id: String,
    pub number: String,
    pub status: OrderStatus,
    pub currency: String,
    pub subtotal: Option<f64>,
    pub shipping_cost: Option<f64>,
    pub discount: Option<f64>,
    pub total: f64,
    pub lines: Vec<OrderLine>,
    pub payment: Payment,
    pub shipping_address: Address,
    pub billing_address: Option<Address>,
    pub shipment: Option<Shipment>,
    pub note: Option<String>,
    pub created_at: String,
    pub updated_at: Option<String>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    Pending,
    Paid,
    Packed,
    Shipped,
    Delivered,
    Cancelled,
    Returned,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderLine {
    pub line_id: i64,
    pub product_id: String,
    pub sku: Option<String>,
    pub quantity: i64,
    pub unit_price: f64,
    pub line_total: f64,
    #[serde(default)]
    pub options: HashMap<String, String>,
}

#[derive(Deserialize, Serialize)]
#[serde(tag = "method", rename_all = "lowercase")]
pub enum Payment {
    Card {
        brand: String,
        last4: String,
        expires: Option<String>,
    },
    Wallet {
        provider: String,
    },
    Invoice {
        #[serde(rename = "dueDate")]
        due_date: String,
    },
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shipment {
    pub carrier: String,
    pub tracking_number: Option<String>,
    pub tracking_url: Option<String>,
    pub estimated_delivery: Option<String>,
    pub delivered_at: Option<String>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationPage {
    pub items: Vec<Notification>,
    pub next_cursor: Option<String>,
    pub unread_count: Option<i64>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    pub id: String,
    pub kind: String,
    pub title: String,
    pub body: Option<String>,
    pub read: bool,
    pub read_at: Option<String>,
    pub priority: Option<String>,
    pub channel: Option<String>,
    pub link: Option<String>,
    pub image_url: Option<String>,
    pub created_at: String,
    pub expires_at: Option<String>,
    #[serde(default)]
    pub data: HashMap<String, String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    pub id: String,
    pub sku: String,
    pub name: String,
    pub slug: String,
    pub description: Option<String>,
    pub price: f64,
    pub currency: String,
    pub compare_at_price: Option<f64>,
    pub brand: Option<Brand>,
    pub category: Category,
    pub images: Vec<Image>,
    #[serde(default)]
    pub variants: Vec<Variant>,
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub weight_grams: Option<i64>,
    pub dimensions: Option<Dimensions>,
    pub status: String,
    pub created_at: String,
    pub updated_at: Option<String>,
}

#[derive(Deserialize, Serialize)]
pub struct Brand {
    pub id: String,
    pub name: String,
    pub url: Option<String>,
}

#[derive(Deserialize, Serialize)]
pub struct Category {
    pub id: String,
    pub name: String,
    pub slug: String,
    pub ancestors: Vec<CategoryRef>,
}

#[derive(Deserialize, Serialize)]
pub struct CategoryRef {
    pub id: String,
    pub name: String,
    pub slug: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    pub url: String,
    pub thumb_url: Option<String>,
    pub alt: Option<String>,
    pub width: i64,
    pub height: i64,
}

#[derive(Deserialize, Serialize)]
pub struct Variant {
    pub sku: String,
    pub options: HashMap<String, String>,
    pub price: f64,
    pub gtin: Option<String>,
}

#[derive(Deserialize, Serialize)]
pub struct Attribute {
    pub name: String,
    pub value: String,
    pub unit: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dimensions {
    pub width_mm: i64,
    pub height_mm: i64,
    pub depth_mm: i64,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewPage {
    pub items: Vec<Review>,
    pub next_cursor: Option<String>,
    pub total_count: i64,
    pub average_rating: Option<f64>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    pub id: String,
    pub product_id: String,
    pub rating: u8,
    pub title: Option<String>,
    pub body: Option<String>,
    pub author: Author,
    pub verified_purchase: bool,
    pub helpful_count: Option<i64>,
    pub not_helpful_count: Option<i64>,
    pub language: Option<String>,
    #[serde(default)]
    pub photos: Vec<Photo>,
    pub created_at: String,
    pub edited_at: Option<String>,
    pub reply: Option<Reply>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Author {
    pub id: String,
    pub display_name: String,
    pub avatar_url: Option<String>,
    #[serde(default)]
    pub badges: Vec<String>,
}

#[derive(Deserialize, Serialize)]
pub struct Photo {
    pub url: String,
    pub caption: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    pub text: String,
    pub author: Option<String>,
    pub created_at: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RelatedList {
    pub strategy: Option<String>,
    pub model_version: Option<String>,
    pub items: Vec<Recommendation>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recommendation {
    pub product_id: String,
    pub name: String,
    pub slug: Option<String>,
    pub price: f64,
    pub currency: String,
    pub image_url: Option<String>,
    pub category: Option<String>,
    pub rating: Option<f64>,
    pub review_count: Option<i64>,
    pub reason: String,
    pub score: f64,
    pub badge: Option<String>,
    pub sponsored: Option<bool>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stock {
    pub product_id: String,
    pub sku: Option<String>,
    pub available: i64,
    pub on_hand: Option<i64>,
    pub reserved: Option<i64>,
    pub incoming: Option<i64>,
    pub level: String,
    pub backorderable: Option<bool>,
    pub restock_date: Option<String>,
    pub lead_time_days: Option<i64>,
    pub max_per_order: Option<i64>,
    #[serde(default)]
    pub warehouses: Vec<StockPlace>,
    pub updated_at: String,
    pub version: Option<i64>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StockPlace {
    pub code: String,
    pub on_hand: i64,
    pub aisle: Option<String>,
    pub last_count: Option<String>,
}
