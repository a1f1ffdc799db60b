//! The bodies that the upstream serves. They conform to the documents in `specs/`, hold every field those declare
//! there, and are the same in every run.

use serde_json::{Value, json};

use crate::words::Source;

/// Id of the product that [`product`] describes.
pub const PRODUCT_ID: &str = "prd_bench0001";

/// `GET /me` of users: about 1.3 KB.
pub fn profile() -> Value {
    let mut source = Source::new(1);
    json!({
        "id": source.uuid(),
        "fullName": "Ada \"Countess\" Lovelace",
        "email": "ada.lovelace@mail.example",
        "createdAt": source.time(),
        "displayName": "Ada",
        "emailVerified": true,
        "phone": "+442071234567",
        "avatarUrl": format!("https://img.shop.example/avatars/{}.jpg?v={}", source.uuid(), source.code(420)),
        "locale": "en-GB",
        "timeZone": "Europe/London",
        "birthDate": "1990-12-10",
        "loyaltyTier": "gold",
        "loyaltyPoints": 12840,
        "marketingConsent": true,
        "defaultAddress": {
            "id": "adr_81b2",
            "recipient": "Ada Lovelace",
            "street": "12 St James's Square",
            "street2": source.title(120),
            "postalCode": "SW1Y 4JH",
            "city": "London",
            "region": null,
            "country": "GB",
        },
        "updatedAt": source.time(),
    })
}

/// `GET /orders` of orders: 20 of them, about 20 KB.
pub fn orders() -> Value {
    let mut source = Source::new(2);
    let states = ["paid", "shipped", "delivered", "delivered", "cancelled"];
    let items: Vec<Value> = (0..20).map(|number| order(&mut source, number, states[number % states.len()])).collect();
    json!({ "items": items, "nextCursor": source.code(40), "totalCount": 113 })
}

fn order(source: &mut Source, number: usize, status: &str) -> Value {
    let lines: Vec<Value> = (1..=2)
        .map(|line| {
            json!({
                "lineId": line,
                "productId": format!("prd_{}", source.code(8)),
                "sku": format!("SKU-{}", source.code(8)),
                "quantity": 1 + source.below(4),
                "unitPrice": source.amount(90),
                "lineTotal": source.amount(300),
                "options": { "colour": "black", "size": "XL" },
            })
        })
        .collect();
    json!({
        "id": format!("ord_{}", source.code(8)),
        "number": format!("SO-2025-{:06}", 4711 - number),
        "status": status,
        "currency": "EUR",
        "subtotal": source.amount(500),
        "shippingCost": 4.95,
        "discount": source.amount(10),
        "total": source.amount(500),
        "lines": lines,
        "payment": { "method": "card", "brand": "visa", "last4": "4242", "expires": "2027-09" },
        "shippingAddress": {
            "recipient": "Ada Lovelace", "street": "12 St James's Square", "street2": null,
            "postalCode": "SW1Y 4JH", "city": "London", "country": "GB",
        },
        "billingAddress": null,
        "shipment": {
            "carrier": "dhl", "trackingNumber": "JD014600003828", "trackingUrl": null,
            "estimatedDelivery": "2025-05-22", "deliveredAt": null,
        },
        "note": source.text(60),
        "createdAt": source.time(),
        "updatedAt": source.time(),
    })
}

/// `GET /notifications` of notifications: 14 of them, two unread, about 6.5 KB.
pub fn notifications() -> Value {
    let mut source = Source::new(3);
    let items: Vec<Value> = (0..14)
        .map(|number| {
            let read = number >= 2;
            json!({
                "id": format!("ntf_{}", source.code(10).to_uppercase()),
                "kind": "order",
                "title": source.title(30),
                "body": source.text(190),
                "read": read,
                "readAt": if read { json!(source.time()) } else { Value::Null },
                "priority": "normal",
                "channel": "inbox",
                "link": format!("/orders/ord_{}", source.code(8)),
                "imageUrl": null,
                "createdAt": source.time(),
                "expiresAt": null,
                "data": { "orderId": format!("ord_{}", source.code(8)) },
            })
        })
        .collect();
    json!({ "items": items, "nextCursor": null, "unreadCount": 2 })
}

/// `GET /products/{id}` of catalog: about 10 KB.
pub fn product(id: &str) -> Value {
    let mut source = Source::new(4);
    let images: Vec<Value> = (1..=8)
        .map(|number| {
            let base = format!("https://img.shop.example/p/{}/{number}", source.code(12));
            json!({
                "url": format!("{base}.jpg"), "thumbUrl": format!("{base}-thumb.jpg"),
                "alt": source.title(50), "width": 1600, "height": 1200,
            })
        })
        .collect();
    let variants: Vec<Value> = (0..12)
        .map(|number| {
            json!({
                "sku": format!("KTL-17-{number:02}"),
                "options": { "colour": source.title(8), "size": format!("{number}") },
                "price": source.amount(120),
                "gtin": format!("40063813{:05}", source.below(100_000)),
            })
        })
        .collect();
    let attributes: Vec<Value> =
        (0..24).map(|_| json!({ "name": source.title(14), "value": source.title(20), "unit": null })).collect();
    json!({
        "id": id,
        "sku": "KTL-17",
        "name": "Gooseneck Kettle 1.7 l",
        "slug": "gooseneck-kettle-1-7-l",
        "description": source.text(4600),
        "price": 89.95,
        "currency": "EUR",
        "compareAtPrice": 109.5,
        "brand": { "id": "brd_12", "name": "Wasserkocher & Sohn", "url": "https://wasserkocher.example" },
        "category": {
            "id": "cat_kettles", "name": "Kettles", "slug": "kettles",
            "ancestors": [
                { "id": "cat_home", "name": "Home", "slug": "home" },
                { "id": "cat_kitchen", "name": "Kitchen & Bath", "slug": "kitchen" },
            ],
        },
        "images": images,
        "variants": variants,
        "attributes": attributes,
        "tags": ["kitchen", "coffee", "bestseller", "küche"],
        "weightGrams": 1240,
        "dimensions": { "widthMm": 180, "heightMm": 260, "depthMm": 290 },
        "status": "active",
        "createdAt": source.time(),
        "updatedAt": source.time(),
    })
}

/// `GET /products/{productId}/reviews` of reviews: 20 of them, about 18 KB.
pub fn reviews(product: &str) -> Value {
    let mut source = Source::new(5);
    let items: Vec<Value> = (0..20)
        .map(|number| {
            json!({
                "id": source.uuid(),
                "productId": product,
                "rating": 1 + source.below(5),
                "title": source.title(30),
                "body": source.text(500),
                "author": {
                    "id": format!("usr_{number}"), "displayName": "Grace H.",
                    "avatarUrl": null, "badges": ["top-reviewer"],
                },
                "verifiedPurchase": true,
                "helpfulCount": source.below(50),
                "notHelpfulCount": source.below(5),
                "language": "en",
                "photos": [{ "url": "https://img.shop.example/r/1.jpg", "caption": "The lid" }],
                "createdAt": source.time(),
                "editedAt": null,
                "reply": null,
            })
        })
        .collect();
    json!({ "items": items, "nextCursor": source.code(40), "totalCount": 412, "averageRating": 4.25 })
}

/// `GET /products/{productId}/related` of recommendations: 8 of them, about 3.3 KB.
pub fn related() -> Value {
    let mut source = Source::new(6);
    let items: Vec<Value> = (0..8)
        .map(|_| {
            json!({
                "productId": format!("prd_{}", source.code(8)),
                "name": source.title(40),
                "slug": format!("mug-{}", source.code(12)),
                "price": source.amount(60),
                "currency": "EUR",
                "imageUrl": format!("https://img.shop.example/p/{}/{}.jpg", source.code(12), source.code(60)),
                "category": "Home",
                "rating": 4.5,
                "reviewCount": source.below(300),
                "reason": "bought_together",
                "score": source.below(98) as f64 / 100.0 + 0.015,
                "badge": null,
                "sponsored": false,
            })
        })
        .collect();
    json!({ "strategy": "bought_together", "modelVersion": "2025-05-01", "items": items })
}

/// `GET /stock/{productId}` of inventory: about 1 KB.
pub fn stock(product: &str) -> Value {
    let mut source = Source::new(7);
    let warehouses: Vec<Value> = (0..8)
        .map(|number| {
            json!({ "code": format!("BER{number}"), "onHand": source.below(90), "aisle": "C-14", "lastCount": "2025-04-30" })
        })
        .collect();
    json!({
        "productId": product,
        "sku": "KTL-17",
        "available": 14,
        "onHand": 17,
        "reserved": 3,
        "incoming": 200,
        "level": "medium",
        "backorderable": true,
        "restockDate": "2025-06-01",
        "leadTimeDays": 2,
        "maxPerOrder": null,
        "warehouses": warehouses,
        "updatedAt": source.time(),
        "version": 5521,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes that the figures are said to be for: 28 KB, 33 KB and 10 KB.
    #[test]
    fn bodies_have_the_sizes_the_figures_name() {
        let size = |values: &[Value]| values.iter().map(|value| value.to_string().len()).sum::<usize>() / 100;
        let dashboard = size(&[profile(), orders(), notifications()]);
        let page = size(&[product(PRODUCT_ID), reviews(PRODUCT_ID), related(), stock(PRODUCT_ID)]);
        let passthrough = size(&[product(PRODUCT_ID)]);
        assert!((275..=290).contains(&dashboard), "dashboard: {dashboard} x 100 bytes");
        assert!((325..=340).contains(&page), "product: {page} x 100 bytes");
        assert!((98..=105).contains(&passthrough), "passthrough: {passthrough} x 100 bytes");
    }
}
