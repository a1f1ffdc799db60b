//! The shop's generated crates on real sockets, over stand-ins made from the services' documents.

use bffgen_tests::bff::{Bff, serve};
use bffgen_tests::project;
use bffgen_tests::stand_ins::StandIns;
use serde_json::{Value, json};

const SERVICES: &[(&str, &str)] = &[
    ("users", "users.yaml"),
    ("orders", "orders.yaml"),
    ("notifications", "notifications.json"),
    ("catalog", "catalog.yaml"),
    ("reviews", "reviews.yaml"),
    ("recommendations", "recommendations.json"),
    ("inventory", "inventory.yaml"),
];

/// Sends a request and reads the answer: status, head, body as JSON.
async fn ask(address: &str, method: &str, target: &str, body: Option<&Value>) -> (u16, String, Value) {
    let answer = bffgen_tests::client::ask(address, method, target, &[], body).await;
    (answer.status, answer.head.clone(), answer.json())
}

/// Stand-ins for every service; those in `down` answer 503.
async fn stand_ins(down: &[&str]) -> StandIns {
    let services: Vec<_> = SERVICES.iter().map(|(name, file)| (*name, project(&format!("specs/{file}")))).collect();
    let stand_ins = StandIns::start(&services, 0).await;
    stand_ins.fail(down);
    stand_ins
}

async fn web(stand_ins: &StandIns) -> Bff {
    serve(|runtime| web_bff::router(runtime, web_bff::hooks::AppHooks), web_bff::UPSTREAMS, stand_ins).await
}

async fn mobile(stand_ins: &StandIns) -> Bff {
    serve(mobile_bff::router, mobile_bff::UPSTREAMS, stand_ins).await
}

#[tokio::test]
async fn the_dashboard_gathers_three_services() {
    let stand_ins = stand_ins(&[]).await;
    let bff = web(&stand_ins).await;
    let (status, head, body) = ask(&bff.address, "GET", "/api/dashboard?limit=3", None).await;
    assert_eq!(status, 200, "{body}");
    assert!(head.contains("server-timing: ") && head.contains("x-request-id: "), "{head}");
    assert!(body["user"]["name"].is_string() && body["user"]["email"].is_string(), "{body}");
    let orders = body["recentOrders"].as_array().expect("a list");
    assert!(!orders.is_empty());
    for order in orders {
        let keys: Vec<&String> = order.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["id", "total", "status", "date"]);
    }
    assert_eq!(body["warnings"], json!([]));
}

#[tokio::test]
async fn a_soft_call_that_fails_leaves_a_warning() {
    let stand_ins = stand_ins(&["notifications"]).await;
    let bff = web(&stand_ins).await;
    let (status, _, body) = ask(&bff.address, "GET", "/api/dashboard", None).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["unreadNotifications"], json!([]));
    assert_eq!(body["warnings"], json!(["Notifications are temporarily unavailable."]));
}

#[tokio::test]
async fn a_hard_call_that_fails_fails_the_answer() {
    let stand_ins = stand_ins(&["users"]).await;
    let bff = web(&stand_ins).await;
    let (status, head, body) = ask(&bff.address, "GET", "/api/dashboard", None).await;
    assert_eq!(status, 502, "{body}");
    assert!(head.contains("application/problem+json"), "{head}");
}

#[tokio::test]
async fn every_violation_of_the_inputs_is_named() {
    let stand_ins = stand_ins(&[]).await;
    let bff = web(&stand_ins).await;
    let (status, _, body) = ask(&bff.address, "GET", "/api/dashboard?limit=3000&page=1", None).await;
    assert_eq!(status, 400);
    let mut rules: Vec<(&str, &str)> = Vec::new();
    for error in body["errors"].as_array().expect("a list") {
        rules.push((error["name"].as_str().unwrap_or(""), error["rule"].as_str().unwrap_or("")));
    }
    rules.sort_unstable();
    assert_eq!(rules, [("limit", "maximum"), ("page", "unknown")]);
    assert!(stand_ins.seen().is_empty(), "nothing is called for a request that is refused");
}

#[tokio::test]
async fn the_product_page_is_the_whole_product_and_more() {
    let stand_ins = stand_ins(&["recommendations"]).await;
    let bff = web(&stand_ins).await;
    let (status, _, body) = ask(&bff.address, "GET", "/api/products/prd_abc1234", None).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["id"], "prd_abc1234");
    assert!(body["inStock"].is_boolean() && body["stockLevel"].is_string(), "{body}");
    assert!(!body["breadcrumbs"].as_array().expect("the hook's list").is_empty());
    let items = body["reviews"]["items"].as_array().expect("a list");
    let counted: u64 = ["1", "2", "3", "4", "5"]
        .iter()
        .map(|stars| body["reviews"]["distribution"][stars].as_u64().expect("a count"))
        .sum();
    assert_eq!(counted, items.len() as u64);
    assert!(body.get("related").is_none(), "absent, not null: {body}");
    let (plain, _, alone) = ask(&bff.address, "GET", "/api/catalog/prd_abc1234", None).await;
    assert_eq!(plain, 200);
    for (name, value) in alone.as_object().expect("an object") {
        assert_eq!(&body[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_products_of_the_orders_are_fetched_in_one_call() {
    let stand_ins = stand_ins(&[]).await;
    let bff = mobile(&stand_ins).await;
    let (status, _, body) = ask(&bff.address, "GET", "/orders", None).await;
    assert_eq!(status, 200, "{body}");
    let mut wanted: Vec<&str> = Vec::new();
    for order in body["orders"].as_array().expect("a list") {
        for line in order["lines"].as_array().expect("a list") {
            assert!(line["name"].is_string(), "{line}");
            let id = line["productId"].as_str().expect("an id");
            if !wanted.contains(&id) {
                wanted.push(id);
            }
        }
    }
    let mut asked = stand_ins.seen();
    asked.retain(|line| line.starts_with("catalog"));
    assert_eq!(asked, [format!("catalog GET /products?ids={}", wanted.join("&ids="))]);
}

#[tokio::test]
async fn an_order_is_checked_before_it_is_placed() {
    let stand_ins = stand_ins(&[]).await;
    let bff = mobile(&stand_ins).await;
    let (status, _, body) = ask(&bff.address, "POST", "/orders", Some(&json!({ "lines": 7 }))).await;
    assert_eq!(status, 400, "{body}");
    let errors = body["errors"].as_array().expect("a list");
    assert!(errors.iter().any(|e| e["pointer"] == "/lines" && e["rule"] == "type"), "{body}");
    assert!(stand_ins.seen().is_empty());
}
