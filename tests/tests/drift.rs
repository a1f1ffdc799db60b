//! A generated crate over a service that leaves its document: the page for its team says where the rules stand.

use axum::http::header::CONTENT_TYPE;
use bff_runtime::{Runtime, Settings};
use bffgen_tests::client::ask;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A product with a price below zero, a category of an odd name above it, an image of no width, a new status, and a number for
/// a text.
const PRODUCT: &str = r#"{"id": "prd_abcdef", "sku": "s", "name": "n", "slug": "s", "price": -1, "currency": "EUR",
  "category": {"id": "cat_1", "name": "c", "slug": "c", "ancestors": [{"id": "UP", "name": "u", "slug": "u"}]},
  "images": [{"url": "https://example.org/1.png", "width": 0, "height": 1}], "status": "archived",
  "variants": [{"sku": "v", "options": {"colour": 7}, "price": 1}], "createdAt": "2026-01-01T00:00:00Z"}"#;

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    (listener, address)
}

#[tokio::test]
async fn the_page_says_where_rules_stand_in_the_document() {
    let (catalog, url) = listener().await;
    let product = || async { ([(CONTENT_TYPE, "application/json")], PRODUCT) };
    let app = axum::Router::new().fallback(product);
    tokio::spawn(async move { axum::serve(catalog, app).await });
    let names = ["users", "orders", "notifications", "catalog", "reviews", "recommendations", "inventory"];
    let settings =
        names.iter().fold(Settings::default(), |settings, name| settings.upstream_url(name, &format!("http://{url}")));
    let runtime = Runtime::new(settings, web_bff::UPSTREAMS).expect("a runtime");
    let ((bff, address), (management, page)) = (listener().await, listener().await);
    tokio::spawn(bff_runtime::serve_management(management, runtime.clone()));
    let router = web_bff::router(runtime.clone(), web_bff::hooks::AppHooks);
    tokio::spawn(bff_runtime::serve(bff, router, runtime, std::future::pending()));

    let answer = ask(&address, "GET", "/api/catalog/prd_abcdef", &[], None).await;
    assert_eq!((answer.status, answer.json()["code"].clone()), (502, json!("upstream_contract")));
    assert!(!answer.text.contains("catalog.yaml"), "{}", answer.text);
    let page = ask(&page, "GET", "/drift", &[], None).await.json();
    let mut found: Vec<[&str; 3]> = page["drift"].as_array().expect("rows").iter().map(row).collect();
    found.sort_unstable();
    let product = |rest: &str| format!("catalog.yaml#/components/schemas/{rest}");
    let expected = [
        ("/category/ancestors/*/id", "pattern", product("CategoryRef/properties/id")),
        ("/images/*/width", "minimum", product("Image/properties/width")),
        ("/price", "minimum", product("Product/properties/price")),
        ("/status", "enum", product("Product/properties/status")),
        ("/variants/*/options/*", "type", product("Variant/properties/options/additionalProperties")),
    ];
    assert_eq!(found, expected.each_ref().map(|(pointer, rule, place)| [*pointer, *rule, place.as_str()]), "{page:#}");
}

fn row(row: &Value) -> [&str; 3] {
    ["pointer", "rule", "place"].map(|name| row[name].as_str().unwrap_or_default())
}
